"""Who is signed in where. Of a session's secret only a keyed hash is kept."""

from datetime import datetime
from typing import NamedTuple, NewType

from wabridge.model.ids import StaffId
from wabridge.model.staff import StaffMember
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros
from wabridge.storage.staff import member_of

SessionId = NewType("SessionId", int)

_sql = queries.load("sessions")


class StoredSession(NamedTuple):
    """An open session of a member who may still sign in."""

    id: SessionId
    used_at: datetime
    staff: StaffMember


def add(tx: Transaction, staff_id: StaffId, *, secret_hash: bytes, now: datetime) -> SessionId:
    """Open a session."""
    row = tx.one(_sql["add"], {"staff_id": staff_id, "secret_hash": secret_hash, "now": to_micros(now)})
    assert row is not None, "an insert returns its row"
    return SessionId(row["id"])


def find(tx: Transaction, secret_hash: bytes, *, since: datetime) -> StoredSession | None:
    """Return the open session of a secret, if it was used since a time."""
    row = tx.one(_sql["find"], {"secret_hash": secret_hash, "since": to_micros(since)})
    return None if row is None else StoredSession(row["session_id"], from_micros(row["used_at"]), member_of(row))


def touch(tx: Transaction, session_id: SessionId, *, now: datetime) -> None:
    """Remember that a session is in use."""
    tx.run(_sql["touch"], {"session_id": session_id, "now": to_micros(now)})


def end(tx: Transaction, session_id: SessionId, *, now: datetime) -> None:
    """End a session."""
    tx.run(_sql["end"], {"session_id": session_id, "now": to_micros(now)})


def end_all(tx: Transaction, staff_id: StaffId, *, besides: SessionId | None = None, now: datetime) -> None:
    """End every session of a member, or every other one."""
    tx.run(_sql["end_all"], {"staff_id": staff_id, "besides": besides, "now": to_micros(now)})


def forget(tx: Transaction, *, before: datetime) -> None:
    """Delete the sessions that nobody has used since."""
    tx.run(_sql["forget"], {"before": to_micros(before)})
