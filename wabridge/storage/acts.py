"""Who did what: every change made by a person, a token, or the program on its own account. Append-only."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.staff import Actor
from wabridge.storage import ledger, queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("acts")


class Act(NamedTuple):
    """One thing somebody did. actor_name: as it was then."""

    at: datetime
    actor_kind: str
    actor_id: int
    actor_name: str
    verb: str
    detail: str


def add(
    tx: Transaction, actor: Actor, verb: str, *, subject_kind: str, subject_id: int, now: datetime, detail: str = ""
) -> None:
    """Write down that somebody did something; verb in the past tense: "replied"."""
    binds = {
        "now": to_micros(now),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "detail": detail,
    }
    row = tx.one(_sql["add"], binds)
    assert row is not None, "an insert returns its row"
    ledger.append(tx, Entry("act", Subject("act", row["id"])))


def list_for(tx: Transaction, subject_kind: str, subject_id: int) -> list[Act]:
    """Return everything done to one thing, oldest first."""
    rows = tx.all(_sql["list_for"], {"subject_kind": subject_kind, "subject_id": subject_id})
    return [
        Act(
            at=from_micros(row["at"]),
            actor_kind=row["actor_kind"],
            actor_id=row["actor_id"],
            actor_name=row["actor_name"],
            verb=row["verb"],
            detail=row["detail"],
        )
        for row in rows
    ]
