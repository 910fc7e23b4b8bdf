"""The items of webhooks, and how far each has come: `new -> done | quarantined | foreign`.

Rule 1: an item is the same item when its key is; the UNIQUE key here is the truth about duplicates.
Rule 2: an event leaves its final state only by way of `quarantine`, which puts it back to new as it is read then.
Rule 3: what is backlog waits while anything live does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from wabridge.model.event import EventKind, EventState
from wabridge.model.ids import EventId, WebhookId
from wabridge.model.lane import Lane
from wabridge.storage import facts, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("events")

_WATERMARK = "intake_watermark"


class NewEvent(NamedTuple):
    """One item as it is first stored. key: 4 bytes of time, then an HMAC; state: new or foreign.

    is_backlog: it tells of the past, or came in a very large webhook. item_digest: see model.event.Item.
    """

    webhook_id: WebhookId
    pointer: str
    kind: EventKind
    key: bytes
    state: EventState
    arrived_at: datetime
    payload: bytes
    is_backlog: bool = False
    item_digest: bytes | None = None


class StoredEvent(NamedTuple):
    """An item that waits for its worker. is_put_back: it was in quarantine before. is_backlog: see NewEvent."""

    id: EventId
    payload: bytes
    arrived_at: datetime
    is_put_back: bool = False
    is_backlog: bool = False


def add_many(tx: Transaction, rows: Iterable[NewEvent]) -> None:
    """Store items; one that is known already is counted as a repeat."""
    tx.run_many(_sql["add_many"], [_bind(row) for row in rows])


def list_new(tx: Transaction, kind: EventKind, *, limit: int) -> list[StoredEvent]:
    """Return the items of a kind that wait: the live ones, oldest first, and then what is backlog."""
    found = list_lane(tx, "live", (kind,), limit=limit)
    return found if len(found) == limit else found + list_lane(tx, "backlog", (kind,), limit=limit - len(found))


def list_lane(tx: Transaction, lane: Lane, kinds: Iterable[EventKind], *, limit: int) -> list[StoredEvent]:
    """Return the items of these kinds that wait in one lane, oldest first."""
    is_backlog = lane == "backlog"
    binds = ({"kind": kind, "is_backlog": is_backlog, "limit": limit} for kind in kinds)
    found = [_stored(row) for each in binds for row in tx.all(_sql["list_lane"], each)]
    return sorted(found, key=lambda event: event.id)[:limit]


def list_first(
    tx: Transaction, lanes: Iterable[Lane], kinds: Iterable[EventKind], limits: Mapping[Lane, int]
) -> list[StoredEvent]:
    """Return what waits in the first of these lanes that holds anything of these kinds."""
    kinds = tuple(kinds)
    waiting = (list_lane(tx, lane, kinds, limit=limits[lane]) for lane in lanes)
    return next((found for found in waiting if found), [])


def find(tx: Transaction, event_id: EventId) -> StoredEvent | None:
    """Return one item, in whatever state it is."""
    row = tx.one(_sql["get"], {"event_id": event_id})
    return None if row is None else _stored(row)


def settle(tx: Transaction, event_id: EventId, state: EventState, *, reason: str | None = None, now: datetime) -> None:
    """Give an item its final state. reason: a few words without anything private."""
    tx.run(_sql["settle"], {"event_id": event_id, "state": state, "reason": reason, "now": to_micros(now)})


def settle_many(tx: Transaction, event_ids: Iterable[EventId], state: EventState, *, now: datetime) -> None:
    """Give many items the same final state."""
    at = to_micros(now)
    tx.run_many(_sql["settle"], [{"event_id": i, "state": state, "reason": None, "now": at} for i in event_ids])


def find_oldest_new(tx: Transaction) -> datetime | None:
    """Return since when the oldest live webhook or item waits: its arrival, or when it was put back."""
    row = tx.one(_sql["find_oldest_new"], {"watermark": watermark(tx)})
    return None if row is None else maybe_from_micros(row["waits_since"])


def find_oldest_backlog(tx: Transaction) -> datetime | None:
    """Return since when the oldest webhook or item waits that may wait for live ones."""
    row = tx.one(_sql["find_oldest_backlog"])
    return None if row is None else maybe_from_micros(row["waits_since"])


def watermark(tx: Transaction) -> WebhookId:
    """Return the webhook up to which everything has been split into items."""
    return WebhookId(int(facts.find(tx, _WATERMARK) or 0))


def set_watermark(tx: Transaction, webhook_id: WebhookId) -> None:
    """Say that everything up to this webhook has been split into items."""
    facts.set_(tx, _WATERMARK, str(webhook_id))


def _bind(row: NewEvent) -> dict[str, object]:
    arrived_at = to_micros(row.arrived_at)
    return {
        "webhook_id": row.webhook_id,
        "pointer": row.pointer,
        "kind": row.kind,
        "key": row.key,
        "state": row.state,
        "arrived_at": arrived_at,
        "settled_at": None if row.state == "new" else arrived_at,
        "payload": row.payload,
        "is_backlog": row.is_backlog,
        "item_digest": row.item_digest,
    }


def _stored(row: Row) -> StoredEvent:
    is_put_back = row["settled_at"] is not None and row["state"] == "new"
    arrived_at, is_backlog = from_micros(row["arrived_at"]), bool(row["is_backlog"])
    return StoredEvent(EventId(row["id"]), row["payload"], arrived_at, is_put_back, is_backlog)
