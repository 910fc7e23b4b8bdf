"""How fetching the list of templates stands: when it was good last, what went wrong since, when it is due."""

from datetime import datetime

from wabridge.model.template_sync import SyncState
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import maybe_from_micros, to_micros

_sql = queries.load("template_syncs")


def get(tx: Transaction, account_id: str) -> SyncState:
    """Return how it stands; an account that was never asked about has a state as well."""
    row = tx.one(_sql["get"], {"account_id": account_id})
    if row is None:
        return SyncState()
    return SyncState(
        asked_at=maybe_from_micros(row["asked_at"]),
        begun_at=maybe_from_micros(row["begun_at"]),
        good_at=maybe_from_micros(row["good_at"]),
        unreadable=row["unreadable"],
        failed_at=maybe_from_micros(row["failed_at"]),
        failures=row["failures"],
        reason=row["reason"],
        code=row["code"],
        said=row["said"],
        next_at=maybe_from_micros(row["next_at"]),
    )


def ask(tx: Transaction, account_id: str, *, now: datetime) -> None:
    """Have the list fetched soon; it is on the disk that it is wanted."""
    tx.run(_sql["ask"], {"account_id": account_id, "now": to_micros(now)})


def set_good(tx: Transaction, account_id: str, *, begun_at: datetime, unreadable: int, next_at: datetime) -> None:
    """Note that a list that was asked for at begun_at has come whole; what was wanted since then is still wanted."""
    binds = {
        "account_id": account_id,
        "begun_at": to_micros(begun_at),
        "unreadable": unreadable,
        "next_at": to_micros(next_at),
    }
    tx.run(_sql["set_good"], binds)


def set_failed(tx: Transaction, account_id: str, state: SyncState, *, now: datetime) -> None:
    """Note that it could not be had; the state says why, and when it is tried again."""
    assert state.begun_at is not None, "a failed try has begun"
    assert state.next_at is not None, "a failed try is followed by another"
    binds = {
        "account_id": account_id,
        "begun_at": to_micros(state.begun_at),
        "now": to_micros(now),
        "failures": state.failures,
        "reason": state.reason,
        "code": state.code,
        "said": state.said,
        "next_at": to_micros(state.next_at),
    }
    tx.run(_sql["set_failed"], binds)
