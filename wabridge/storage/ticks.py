"""Wishes to tell Meta that somebody of the office has read, or writes. Taken before they are passed on: never twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("ticks")


class Tick(NamedTuple):
    """One wish. wamid: the newest message that was read; all before it count as read with it."""

    conversation_id: ConversationId
    number_id: NumberId
    wamid: str
    wanted_at: datetime
    is_typing: bool


def find_newest(tx: Transaction, parts: Iterable[ConversationId], *, since: datetime) -> MessageId | None:
    """Return the newest message of a person since then that Meta can be told about."""
    found = []
    for part in parts:
        row = tx.one(_sql["find_newest"], {"conversation_id": part, "since": to_micros(since)})
        if row is not None:
            found.append((row["written_at"], MessageId(row["id"])))
    return max(found)[1] if found else None


def want(
    tx: Transaction, conversation_id: ConversationId, message_id: MessageId, *, is_typing: bool, now: datetime
) -> None:
    """Note that Meta is to be told; a wish that still stands is brought up to date."""
    binds = {"conversation_id": conversation_id, "message_id": message_id, "now": to_micros(now)}
    tx.run(_sql["want"], {**binds, "is_typing": is_typing})


def is_any(tx: Transaction) -> bool:
    """Say whether there is a wish."""
    return tx.one(_sql["is_any"]) is not None


def take_all(tx: Transaction) -> tuple[Tick, ...]:
    """Return every wish and forget it, the oldest first."""
    rows = tx.all(_sql["list_all"])
    tx.run(_sql["delete_all"])
    return tuple(
        Tick(
            ConversationId(row["conversation_id"]),
            NumberId(row["number_id"]),
            row["wamid"],
            from_micros(row["wanted_at"]),
            bool(row["is_typing"]),
        )
        for row in rows
    )
