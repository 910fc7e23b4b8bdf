"""Messages that have passed their time without having gone, or without anybody knowing whether they have.

Staff are told once about each; what stands on every page is counted anew, until somebody has decided.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import maybe_from_micros, to_micros

_sql = queries.load("deadlines")

Kind = Literal["overdue", "unknown"]


class Passed(NamedTuple):
    """A message that has passed its time, of which nobody was told yet."""

    kind: Kind
    message_id: MessageId
    conversation_id: ConversationId


class Standing(NamedTuple):
    """How many there are at present, since when, and in which conversation one of them is."""

    number: int
    since: datetime | None
    conversation_id: ConversationId | None


def list_overdue(tx: Transaction, number_id: NumberId, *, waiting_since: datetime, limit: int) -> list[Passed]:
    """Return what waits since before that time, as far as nobody was told."""
    binds = {"number_id": number_id, "waiting_since": to_micros(waiting_since), "limit": limit}
    return [_passed("overdue", row) for row in tx.all(_sql["list_overdue"], binds)]


def list_undecided(
    tx: Transaction, number_id: NumberId, *, settled_before: datetime, now: datetime, limit: int
) -> list[Passed]:
    """Return what is unknown since before that time, as far as nobody was told; not what has a second try to come."""
    binds = {
        "number_id": number_id,
        "settled_before": to_micros(settled_before),
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


def count_overdue(tx: Transaction, *, waiting_since: datetime) -> Standing:
    """Return what waits since before that time and is not held."""
    return _standing(tx.one(_sql["count_overdue"], {"waiting_since": to_micros(waiting_since)}))


def count_undecided(tx: Transaction, *, settled_before: datetime, now: datetime) -> Standing:
    """Return what is unknown since before that time and waits for a person."""
    binds = {"settled_before": to_micros(settled_before), "now": to_micros(now)}
    return _standing(tx.one(_sql["count_undecided"], binds))


def _passed(kind: Kind, row: Row) -> Passed:
    return Passed(kind, MessageId(row["id"]), ConversationId(row["conversation_id"]))


def _standing(row: Row | None) -> Standing:
    assert row is not None, "an aggregate has a row"
    return Standing(row["number"], maybe_from_micros(row["since"]), row["conversation_id"])
