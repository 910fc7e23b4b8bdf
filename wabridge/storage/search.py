"""Finding people, groups and messages again by words."""

import json
from collections.abc import Sequence

from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.storage import queries
from wabridge.storage.database import Transaction

_sql = queries.load("search")

NEWEST = 2**62
"""The cursor before the message that came last."""


def find_people(tx: Transaction, words: Sequence[str], *, limit: int) -> list[ContactId]:
    """Return whose names, numbers, ids or usernames hold all of these words, the newest contact first.

    words: small letters. Whoever was joined to another contact is found as that one.
    """
    return [ContactId(row["id"]) for row in tx.all(_sql["find_people"], {"words": json.dumps(words), "limit": limit})]


def find_groups(tx: Transaction, words: Sequence[str], *, limit: int) -> list[ConversationId]:
    """Return the threads of groups whose names hold all of these words, the liveliest first. words: small letters."""
    rows = tx.all(_sql["find_groups"], {"words": json.dumps(words), "limit": limit})
    return [ConversationId(row["id"]) for row in rows]


def find_messages(
    tx: Transaction, words: Sequence[str], *, before: int = NEWEST, limit: int
) -> dict[MessageId, ConversationId]:
    """Return messages that hold words with all of these beginnings, the last that came first, with their threads."""
    query = " ".join(f'"{quoted}"*' for quoted in (word.replace('"', '""') for word in words))
    rows = tx.all(_sql["find_messages"], {"query": query, "before": before, "limit": limit})
    return {MessageId(row["id"]): ConversationId(row["conversation_id"]) for row in rows}
