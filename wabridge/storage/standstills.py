"""Times in which nothing was sent because a person said so. Meta's own refusals are kept in `numbers`."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import NumberId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("standstills")


class Standstill(NamedTuple):
    """Who stopped all sending, when and why. reason: in their words, may be empty."""

    begun_at: datetime
    begun_by: str
    reason: str


def begin(tx: Transaction, number_id: NumberId, *, by: str, reason: str, now: datetime) -> bool:
    """Stop sending from a number, and say whether it went on before."""
    binds = {"number_id": number_id, "by": by, "reason": reason, "now": to_micros(now)}
    return tx.run(_sql["begin"], binds) > 0


def end(tx: Transaction, number_id: NumberId, *, by: str, now: datetime) -> bool:
    """Let sending go on, and say whether it was stopped."""
    return tx.run(_sql["end"], {"number_id": number_id, "by": by, "now": to_micros(now)}) > 0


def find(tx: Transaction, number_id: NumberId) -> Standstill | None:
    """Return why nothing is sent from a number, None if no person stopped it."""
    row = tx.one(_sql["find"], {"number_id": number_id})
    return None if row is None else Standstill(from_micros(row["begun_at"]), row["begun_by"], row["reason"])
