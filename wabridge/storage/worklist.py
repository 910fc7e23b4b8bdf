"""What waits for a person, found through indexes that hold nothing else."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import ContactId, ConversationId, MessageId, NumberId
from wabridge.model.worklist import TaskKind
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("worklist")

_QUERIES: dict[TaskKind, tuple[str, str]] = {
    "unknown": ("list__unknown", "count__unknown"),
    "failed": ("list__failed", "count__failed"),
    "held": ("list__held", "count__held"),
    "overdue": ("list__overdue", "count__overdue"),
    "undelivered": ("list__undelivered", "count__undelivered"),
    "identity_changed": ("list__identity_changed", "count__identity_changed"),
}


class Limits(NamedTuple):
    """What is too old: a send without an answer, one that waits, one that Meta took."""

    asked_before: datetime
    late_before: datetime
    taken_before: datetime


class Waiting(NamedTuple):
    """One thing that waits for a person: a message in its conversation, or a contact that is doubtful."""

    message_id: MessageId | None
    conversation_id: ConversationId | None
    contact_id: ContactId | None
    since: datetime


def list_kind(tx: Transaction, kind: TaskKind, limits: Limits, *, limit: int) -> list[Waiting]:
    """Return the oldest of what waits for one reason."""
    rows = tx.all(_sql[_QUERIES[kind][0]], {**_binds(limits), "limit": limit})
    return [
        Waiting(row["message_id"], row["conversation_id"], row["contact_id"], from_micros(row["since"])) for row in rows
    ]


def count(tx: Transaction, kind: TaskKind, limits: Limits) -> int:
    """Return how much waits for one reason."""
    row = tx.one(_sql[_QUERIES[kind][1]], _binds(limits))
    assert row is not None, "an aggregate has a row"
    return int(row["number"])


def count_waiting(tx: Transaction, number_id: NumberId) -> int:
    """Return how many messages wait to be sent from a number."""
    row = tx.one(_sql["count_waiting"], {"number_id": number_id})
    assert row is not None, "an aggregate has a row"
    return int(row["number"])


def _binds(limits: Limits) -> dict[str, object]:
    return {name: to_micros(at) for name, at in limits._asdict().items()}
