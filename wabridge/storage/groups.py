"""What is known of groups: what they are called, and who writes in them."""

import json
from collections.abc import Iterable
from datetime import datetime

from wabridge.model.conversation import Group
from wabridge.model.ids import ConversationId, EventId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("groups")

_MESSAGES = 50
_PEOPLE = 3
"""Among how many of its newest messages it is looked who writes in a group without a name, and how many are named."""


def set_subject(
    tx: Transaction, number_id: NumberId, group_id: str, subject: str, *, said_at: datetime, event_id: EventId
) -> None:
    """Keep what a group is called, unless something newer is known already."""
    binds = {
        "number_id": number_id,
        "group_id": group_id,
        "subject": subject,
        "said_at": to_micros(said_at),
        "event_id": event_id,
    }
    tx.run(_sql["set_subject"], binds)


def find_many(tx: Transaction, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, Group]:
    """Return what is known of the groups whose threads these are; what is no group is left out."""
    rows = tx.all(_sql["find_many"], {"conversation_ids": json.dumps(list(conversation_ids))})
    return {
        ConversationId(row["id"]): Group(
            id=row["group_id"],
            subject=row["subject"],
            people=() if row["subject"] else _people(tx, ConversationId(row["id"])),
        )
        for row in rows
    }


def _people(tx: Transaction, conversation_id: ConversationId) -> tuple[str, ...]:
    binds = {"conversation_id": conversation_id, "messages": _MESSAGES, "people": _PEOPLE}
    return tuple(row["author_name"] for row in tx.all(_sql["find_many__people"], binds))
