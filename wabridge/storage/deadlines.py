"""Messages that have passed their time without having gone, or without anybody knowing whether they have.

Staff are told once about each; what waits for them is the worklist's, counted anew until somebody has decided.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("deadlines")

Kind = Literal["overdue", "unknown"]


class Passed(NamedTuple):
    """A message that has passed its time, of which nobody was told yet."""

    kind: Kind
    message_id: MessageId
    conversation_id: ConversationId


def list_overdue(tx: Transaction, number_id: NumberId, *, waiting_since: datetime, limit: int) -> list[Passed]:
    """Return what waits since before that time, as far as nobody was told."""
    binds = {"number_id": number_id, "waiting_since": to_micros(waiting_since), "limit": limit}
    return [_passed("overdue", row) for row in tx.all(_sql["list_overdue"], binds)]


def list_undecided(
    tx: Transaction, number_id: NumberId, *, asked_before: datetime, now: datetime, limit: int
) -> list[Passed]:
    """Return what is unknown since before that time, as far as nobody was told; not what has a second try to come."""
    binds = {
        "number_id": number_id,
        "asked_before": to_micros(asked_before),
        "now": to_micros(now),
        "limit": limit,
    }
    return [_passed("unknown", row) for row in tx.all(_sql["list_undecided"], binds)]


def add_told(tx: Transaction, passed: Iterable[Passed], *, now: datetime) -> None:
    """Tell staff about each, once."""
    at = to_micros(now)
    tx.run_many(
        _sql["add_told"],
        [
            {"kind": each.kind, "conversation_id": each.conversation_id, "message_id": each.message_id, "now": at}
            for each in passed
        ],
    )


def _passed(kind: Kind, row: Row) -> Passed:
    return Passed(kind, MessageId(row["id"]), ConversationId(row["conversation_id"]))
