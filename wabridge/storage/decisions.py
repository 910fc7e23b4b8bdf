"""What people decided about messages that may have gone out, or did not. Append-only."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.decision import Decision, DecisionKind, Likeness
from wabridge.model.delivery import Status
from wabridge.model.ids import MessageId
from wabridge.model.staff import Actor, ActorKind
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("decisions")


class Newest(NamedTuple):
    """The last decision about a message, and whose it is."""

    decision: Decision
    actor_kind: ActorKind
    actor_id: int


def resend(tx: Transaction, actor: Actor, message_id: MessageId, *, status: Status, now: datetime) -> None:
    """Write down that a message goes again; it waits from now on, once its level is computed."""
    decision_id = _add(tx, "resend", actor, message_id, status=status, note="", now=now)
    tx.run(_sql["set_resend"], {"decision_id": decision_id, "message_id": message_id, "now": to_micros(now)})


def close(tx: Transaction, actor: Actor, message_id: MessageId, *, status: Status, note: str, now: datetime) -> None:
    """Write down that nothing more is done about a message; its status stays what it is."""
    decision_id = _add(tx, "close", actor, message_id, status=status, note=note, now=now)
    tx.run(_sql["set_closed"], {"decision_id": decision_id, "message_id": message_id, "status": status})


def find_newest(tx: Transaction, message_id: MessageId) -> Newest | None:
    """Return the last decision about a message."""
    row = tx.one(_sql["find_newest"], {"message_id": message_id})
    return None if row is None else Newest(_decision(row), row["actor_kind"], row["actor_id"])


def list_for(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, tuple[Decision, ...]]:
    """Return every decision about these messages, oldest first."""
    found: dict[MessageId, tuple[Decision, ...]] = defaultdict(tuple)
    for row in tx.all(_sql["list_for"], {"message_ids": json.dumps(list(message_ids))}):
        found[MessageId(row["message_id"])] += (_decision(row),)
    return found


def list_likenesses(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, tuple[Likeness, ...]]:
    """Return the failures nobody could place that may be about these messages."""
    found: dict[MessageId, tuple[Likeness, ...]] = defaultdict(tuple)
    for row in tx.all(_sql["list_likenesses"], {"message_ids": json.dumps(list(message_ids))}):
        likeness = Likeness(
            reported_at=maybe_from_micros(row["reported_at"]),
            arrived_at=from_micros(row["arrived_at"]),
            code=row["code"],
            title=row["title"] or "",
        )
        found[MessageId(row["message_id"])] += (likeness,)
    return found


def _add(
    tx: Transaction,
    kind: DecisionKind,
    actor: Actor,
    message_id: MessageId,
    *,
    status: Status,
    note: str,
    now: datetime,
) -> int:
    row = tx.one(
        _sql["add"],
        {
            "message_id": message_id,
            "kind": kind,
            "now": to_micros(now),
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "status": status,
            "note": note,
        },
    )
    assert row is not None, "an insert returns its row"
    ledger.append(tx, Entry("decision", Subject("decision", row["id"])))
    return int(row["id"])


def _decision(row: Row) -> Decision:
    return Decision(
        kind=row["kind"],
        at=from_micros(row["at"]),
        actor_kind=row["actor_kind"],
        actor_name=row["actor_name"],
        status=row["status"],
        after_attempts=row["after_attempts"],
        note=row["note"],
    )
