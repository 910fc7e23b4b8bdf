"""What our messages offered people to tap, by what comes back when they do."""

import json
from collections.abc import Iterable

from wabridge.model.choice import Offered
from wabridge.model.ids import ConversationId, MessageId
from wabridge.storage import queries
from wabridge.storage.database import Transaction

_sql = queries.load("offered_choices")


def add(tx: Transaction, message_id: MessageId, choices: Iterable[tuple[str, str]]) -> None:
    """Remember what a message offers: id and title of each button, in order."""
    binds = [
        {"choice_id": choice_id, "message_id": message_id, "position": position, "title": title}
        for position, (choice_id, title) in enumerate(choices, 1)
    ]
    tx.run_many(_sql["add"], binds)


def find_many(tx: Transaction, choice_ids: Iterable[str]) -> dict[str, Offered]:
    """Return which message offered these, by id; what nobody knows is left out."""
    rows = tx.all(_sql["find_many"], {"choice_ids": json.dumps(list(choice_ids))})
    return {
        row["choice_id"]: Offered(
            MessageId(row["message_id"]), ConversationId(row["conversation_id"]), row["position"], row["title"]
        )
        for row in rows
    }
