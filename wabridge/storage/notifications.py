"""What staff should know, until somebody says they have seen it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId, StaffId
from wabridge.model.staff import Actor
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("notifications")


class Notification(NamedTuple):
    """One thing nobody has seen yet."""

    id: int
    kind: str
    conversation_id: ConversationId | None
    message_id: MessageId | None
    event_id: EventId | None
    created_at: datetime


class Unseen(NamedTuple):
    """How many of a kind nobody has seen, since when, and in which conversation one of them is."""

    number: int
    since: datetime | None
    conversation_id: ConversationId | None


class OwnUnseen(NamedTuple):
    """How many of a person's own messages failed unseen, since when, and where and to whom one of them went."""

    number: int
    since: datetime | None
    conversation_id: ConversationId | None
    contact_id: ContactId | None


def add(
    tx: Transaction,
    kind: str,
    *,
    conversation_id: ConversationId | None = None,
    message_id: MessageId | None = None,
    event_id: EventId | None = None,
    now: datetime,
) -> None:
    """Store something staff should know; of a failure its author is told as well."""
    tx.run(
        _sql["add"],
        {
            "kind": kind,
            "conversation_id": conversation_id,
            "message_id": message_id,
            "event_id": event_id,
            "now": to_micros(now),
        },
    )
    if kind == "failed":
        tx.run(_sql["add_for_author"], {"message_id": message_id, "now": to_micros(now)})


def add_messages(tx: Transaction, new: Iterable[tuple[ConversationId, MessageId]], *, now: datetime) -> None:
    """Store that messages have come."""
    at = to_micros(now)
    binds = [{"conversation_id": thread, "message_id": message, "now": at} for thread, message in new]
    tx.run_many(_sql["add_messages"], binds)


def add_for(tx: Transaction, kind: str, staff_id: StaffId, *, conversation_id: ConversationId, now: datetime) -> None:
    """Store something one person should know, unless they have not seen yet that they were told of it."""
    binds = {"kind": kind, "staff_id": staff_id, "conversation_id": conversation_id, "now": to_micros(now)}
    tx.run(_sql["add_for"], binds)


def count_for(tx: Transaction, kind: str, staff_id: StaffId) -> Unseen:
    """Return how many of a kind one person was told and has not seen."""
    row = tx.one(_sql["count_for"], {"kind": kind, "staff_id": staff_id})
    assert row is not None, "an aggregate has a row"
    return Unseen(row["open"], maybe_from_micros(row["since"]), row["conversation_id"])


def set_seen_for(tx: Transaction, kind: str, staff_id: StaffId, *, now: datetime) -> int:
    """Close what one person was told of a kind, and return how much was open."""
    return tx.run(_sql["set_seen_for"], {"kind": kind, "staff_id": staff_id, "now": to_micros(now)})


def count_open(tx: Transaction, kind: str, *, viewer: StaffId | None = None) -> Unseen:
    """Return how many of a kind nobody has seen. viewer: without what this person is told as its author."""
    row = tx.one(_sql["count_open"], {"kind": kind, "staff_id": viewer})
    assert row is not None, "an aggregate has a row"
    return Unseen(row["open"], maybe_from_micros(row["since"]), row["conversation_id"])


def count_own(tx: Transaction, staff_id: StaffId) -> OwnUnseen:
    """Return how many failures of a person's own messages they have not seen."""
    row = tx.one(_sql["count_own"], {"staff_id": staff_id})
    assert row is not None, "an aggregate has a row"
    return OwnUnseen(row["open"], maybe_from_micros(row["since"]), row["conversation_id"], row["contact_id"])


def list_open(tx: Transaction, kind: str, *, limit: int) -> list[Notification]:
    """Return the oldest ones of a kind that nobody has seen."""
    return [
        Notification(
            id=row["id"],
            kind=row["kind"],
            conversation_id=row["conversation_id"],
            message_id=row["message_id"],
            event_id=row["event_id"],
            created_at=from_micros(row["created_at"]),
        )
        for row in tx.all(_sql["list_open"], {"kind": kind, "limit": limit})
    ]


def set_seen(tx: Transaction, kind: str, *, staff_id: StaffId | None, now: datetime) -> int:
    """Close all of a kind, and return how many were open."""
    return tx.run(_sql["set_seen"], {"kind": kind, "staff_id": staff_id, "now": to_micros(now)})


def set_seen_own(tx: Transaction, staff_id: StaffId, *, now: datetime) -> int:
    """Close what a person was told as an author, and return how much was open."""
    return tx.run(_sql["set_seen_own"], {"staff_id": staff_id, "now": to_micros(now)})


def set_decided(tx: Transaction, message_id: MessageId, *, actor: Actor, now: datetime) -> int:
    """Close every remark about a message, because somebody decided what to do; return how many were open."""
    staff_id = actor.id if actor.kind == "staff" else None
    return tx.run(_sql["set_decided"], {"message_id": message_id, "staff_id": staff_id, "now": to_micros(now)})


def set_seen_of(tx: Transaction, kind: str, message_id: MessageId, *, now: datetime) -> int:
    """Close those of a kind about a message, unseen, because their cause is gone; return how many were open."""
    return tx.run(_sql["set_seen_of"], {"kind": kind, "message_id": message_id, "now": to_micros(now)})


def is_open_in(tx: Transaction, conversation_id: ConversationId) -> bool:
    """Say whether nobody has seen a new message of a conversation yet."""
    return tx.one(_sql["is_open_in"], {"conversation_id": conversation_id}) is not None


def set_seen_in(tx: Transaction, conversation_id: ConversationId, *, staff_id: StaffId | None, now: datetime) -> int:
    """Close the new messages of a conversation, and return how many were open."""
    binds = {"conversation_id": conversation_id, "staff_id": staff_id, "now": to_micros(now)}
    return tx.run(_sql["set_seen_in"], binds)
