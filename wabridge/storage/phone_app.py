"""What the phone app hands over beside messages: its address book, and how far it is with its history.

An entry of the address book is kept whether the person has ever written or not: `contacts` looks names up here.
"""

from datetime import datetime

from wabridge.model.contact import IdentityKind
from wabridge.model.event import ReportedError
from wabridge.model.history import HistoryState
from wabridge.model.ids import EventId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("phone_app")


def set_name(tx: Transaction, kind: IdentityKind, value: str, *, name: str | None, said_at: datetime) -> bool:
    """Keep what the address book says of an identity (None: no more), and say whether that is its newest word."""
    binds = {"kind": kind, "value": value, "name": name, "said_at": to_micros(said_at)}
    return tx.run(_sql["set_name"], binds) > 0


def add_report(
    tx: Transaction,
    event_id: EventId,
    *,
    number_id: NumberId | None,
    phase: int | None,
    progress: int | None,
    declined: ReportedError | None,
    arrived_at: datetime,
) -> None:
    """Keep one report of how far the history is, or that it does not come; the same event counts once."""
    tx.run(
        _sql["add_report"],
        {
            "event_id": event_id,
            "number_id": number_id,
            "phase": phase,
            "progress": progress,
            "declined_code": declined.code if declined else None,
            "declined_title": (declined.title or declined.details or "") if declined else None,
            "arrived_at": to_micros(arrived_at),
        },
    )


def find_history(tx: Transaction) -> HistoryState | None:
    """Return how far the history is, None if nothing was ever told of it."""
    row = tx.one(_sql["find_history"])
    if row is None or row["reports"] == 0:
        return None
    declined = tx.one(_sql["find_history__declined"])
    return HistoryState(
        phase=row["phase"],
        progress=row["progress"],
        at=maybe_from_micros(row["at"]),
        declined_at=from_micros(declined["arrived_at"]) if declined else None,
        declined_code=(declined["declined_code"] or None) if declined else None,
        declined_title=declined["declined_title"] or "" if declined else "",
    )
