"""Items that could not be understood or applied: set aside, shown, and put back to their workers after a fix.

Rule 1: an item leaves quarantine only to be applied again, or because another row stands for it. Rule 2: whoever takes
it out names the state it must still have, so that two who do it at once do it once.
"""

from datetime import datetime
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model.event import EventKind
from wabridge.model.ids import EventId, WebhookId
from wabridge.model.quarantine import QuarantinedLine
from wabridge.storage import events, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.notifications import Unseen

_sql = queries.load("quarantine")

_NEWEST = EventId(2**62)


class Choice(NamedTuple):
    """Which items are meant: all, one, or those whose reason holds these words."""

    event_id: EventId | None = None
    reason: str | None = None


class SetAside(NamedTuple):
    """An item in quarantine, as it is applied again."""

    id: EventId
    webhook_id: WebhookId
    pointer: str
    kind: EventKind
    key: bytes
    reason: str
    arrived_at: datetime
    payload: bytes


def set_aside(tx: Transaction, event_id: EventId, *, reason: str, now: datetime) -> bool:
    """Quarantine an item and say whether that is news: not if it was put back and failed for the same reason."""
    before = tx.one(_sql["set_aside__reason"], {"event_id": event_id})
    events.settle(tx, event_id, "quarantined", reason=reason, now=now)
    return before is None or before["reason"] != reason


def count(tx: Transaction) -> int:
    """Return how many items are in quarantine."""
    row = tx.one(_sql["count"])
    return int(row["items"]) if row else 0


def count_unseen(tx: Transaction) -> Unseen:
    """Return how many items are in quarantine of which nobody has taken note."""
    row = tx.one(_sql["count_unseen"])
    assert row is not None, "an aggregate has a row"
    return Unseen(row["open"], maybe_from_micros(row["since"]), row["conversation_id"])


def list_page(tx: Transaction, *, before: EventId | None = None, limit: int) -> list[QuarantinedLine]:
    """Return items in quarantine, the newest first."""
    return [_line(row) for row in tx.all(_sql["list_page"], {"before": before or _NEWEST, "limit": limit})]


def get(tx: Transaction, event_id: EventId) -> QuarantinedLine:
    """Return an item in quarantine; raises NotFound."""
    row = tx.one(_sql["find"], {"event_id": event_id})
    if row is None:
        raise NotFound(f"event {event_id} is not in quarantine")
    return _line(row)


def newest(tx: Transaction) -> EventId:
    """Return the newest item in quarantine, 0 if there is none."""
    row = tx.one(_sql["newest"])
    return EventId(row["newest"] or 0) if row else EventId(0)


def list_chosen(tx: Transaction, choice: Choice, *, after: EventId, newest: EventId, limit: int) -> list[SetAside]:
    """Return the items that are meant and lie behind one of them, the oldest first."""
    binds = {"after": after, "newest": newest, "event_id": choice.event_id, "reason": choice.reason, "limit": limit}
    return [
        SetAside(
            id=EventId(row["id"]),
            webhook_id=WebhookId(row["webhook_id"]),
            pointer=row["pointer"],
            kind=row["kind"],
            key=bytes(row["key"]),
            reason=row["reason"] or "",
            arrived_at=from_micros(row["arrived_at"]),
            payload=bytes(row["payload"]),
        )
        for row in tx.all(_sql["list_chosen"], binds)
    ]


def put_back(tx: Transaction, event_id: EventId, read_anew: NewEvent, *, now: datetime) -> bool:
    """Let an item wait for its worker as it is read today; False if it has left, or its key is another item's."""
    binds = {
        "event_id": event_id,
        "kind": read_anew.kind,
        "key": read_anew.key,
        "state": read_anew.state,
        "payload": read_anew.payload,
        "is_backlog": read_anew.is_backlog,
        "now": to_micros(now),
    }
    return tx.run(_sql["put_back"], binds) > 0


def find_other(tx: Transaction, event_id: EventId, key: bytes) -> EventId | None:
    """Return the other item that has a key."""
    row = tx.one(_sql["find_other"], {"event_id": event_id, "key": key})
    return None if row is None else EventId(row["id"])


def close(tx: Transaction, event_id: EventId, *, reason: str, now: datetime) -> bool:
    """End an item for which other rows stand now; False if it is not in quarantine."""
    return tx.run(_sql["close"], {"event_id": event_id, "reason": reason, "now": to_micros(now)}) > 0


def _line(row: Row) -> QuarantinedLine:
    return QuarantinedLine(
        id=EventId(row["id"]),
        webhook_id=WebhookId(row["webhook_id"]),
        pointer=row["pointer"],
        kind=row["kind"],
        reason=row["reason"] or "",
        arrived_at=from_micros(row["arrived_at"]),
        last_arrived_at=from_micros(row["last_arrived_at"]),
        set_aside_at=from_micros(row["settled_at"]),
        repeats=row["repeats"],
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
    )
