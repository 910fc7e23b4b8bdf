"""Every delivery status Meta reported, for ever.

A status belongs to an attempt, or to a message that was written in the office's name elsewhere. One that nobody knows
waits without either until a wamid is stored that it names, and what nobody adopts is somebody else's: other programs
may send from the same account.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import AttemptId, EventId, MessageId, NumberId
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("statuses")


class NewStatus(NamedTuple):
    """One status object. recipient: phone digits or user id; attempt_id: None while nobody knows whose it is.

    message_id: the echo it is about, in place of an attempt.
    """

    event_id: EventId
    attempt_id: AttemptId | None
    number_id: NumberId
    wamid: str
    token: str | None
    recipient: str | None
    status: str
    reported_at: datetime | None
    arrived_at: datetime
    code: int | None
    title: str | None
    details: str | None
    message_id: MessageId | None = None


def add_many(tx: Transaction, rows: Iterable[NewStatus]) -> None:
    """Keep status objects; those already kept stay as they are."""
    binds = [_bind(row) for row in rows]
    tx.run_many(_sql["add_many"], binds)
    for row in tx.all(_sql["list_unrecorded"], {"event_ids": json.dumps([bind["event_id"] for bind in binds])}):
        ledger.append(tx, Entry("wa.status", Subject("status", row["id"])))


def adopt(tx: Transaction, attempt_id: AttemptId, *, number_id: NumberId, wamid: str) -> int:
    """Give the waiting statuses of a wamid to its attempt, and return how many."""
    return _record(tx, tx.all(_sql["adopt"], {"attempt_id": attempt_id, "number_id": number_id, "wamid": wamid}))


def adopt_for_echo(tx: Transaction, message_id: MessageId, *, number_id: NumberId, wamid: str) -> int:
    """Give the waiting statuses of a wamid to a message that was written elsewhere, and return how many."""
    binds = {"message_id": message_id, "number_id": number_id, "wamid": wamid}
    return _record(tx, tx.all(_sql["adopt_for_echo"], binds))


def adopt_from_echo(tx: Transaction, attempt_id: AttemptId, echo_id: MessageId) -> int:
    """Give the statuses of what seemed to be written elsewhere to its attempt as well, and return how many."""
    return _record(tx, tx.all(_sql["adopt_from_echo"], {"attempt_id": attempt_id, "echo_id": echo_id}))


def count_waiting(tx: Transaction) -> int:
    """Return how many statuses nobody knows."""
    row = tx.one(_sql["count_waiting"])
    return int(row["waiting"]) if row else 0


def prune(tx: Transaction, *, before: datetime, limit: int) -> list[EventId]:
    """Forget statuses that nobody has known since then, and return their events; their leaves say nothing any more."""
    rows = tx.all(_sql["prune"], {"before": to_micros(before), "limit": limit})
    ledger.forget(tx, "status", [row["id"] for row in rows])
    return [EventId(row["event_id"]) for row in rows]


def _record(tx: Transaction, adopted: Sequence[Row]) -> int:
    """Let the ledger count statuses in the conversation that they turned out to belong to, and return how many."""
    for row in adopted:
        ledger.append(tx, Entry("wa.adopted", Subject("status", row["id"]), revises=True))
    return len(adopted)


def _bind(row: NewStatus) -> dict[str, object]:
    times = {"reported_at": maybe_to_micros(row.reported_at), "arrived_at": to_micros(row.arrived_at)}
    return {**row._asdict(), **times}
