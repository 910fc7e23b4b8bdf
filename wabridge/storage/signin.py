"""One-time sign-in links, and the tries to sign in that failed. Of secrets and logins only keyed hashes are kept."""

from datetime import datetime

from wabridge.model.ids import StaffId
from wabridge.model.staff import StaffMember
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import maybe_from_micros, to_micros
from wabridge.storage.staff import member_of

_sql = queries.load("signin")


def add_link(tx: Transaction, staff_id: StaffId, *, secret_hash: bytes, expires_at: datetime, now: datetime) -> None:
    """Add a link that signs a member in once."""
    binds = {"staff_id": staff_id, "secret_hash": secret_hash, "expires_at": to_micros(expires_at)}
    tx.run(_sql["add_link"], {**binds, "now": to_micros(now)})


def find_link(tx: Transaction, secret_hash: bytes, *, now: datetime) -> StaffMember | None:
    """Return whom a link would sign in now."""
    row = tx.one(_sql["find_link"], {"secret_hash": secret_hash, "now": to_micros(now)})
    return None if row is None else member_of(row)


def use_link(tx: Transaction, secret_hash: bytes, *, now: datetime) -> bool:
    """Use a link up; says whether it was still good."""
    return tx.run(_sql["use_link"], {"secret_hash": secret_hash, "now": to_micros(now)}) > 0


def end_links(tx: Transaction, staff_id: StaffId, *, now: datetime) -> None:
    """Delete a member's links, and everybody's that are over."""
    tx.run(_sql["end_links"], {"staff_id": staff_id, "now": to_micros(now)})


def add_failure(tx: Transaction, account_hash: bytes, *, now: datetime) -> None:
    """Count a failed try."""
    tx.run(_sql["add_failure"], {"account_hash": account_hash, "now": to_micros(now)})


def find_nth_failure(tx: Transaction, account_hash: bytes | None, *, n: int, since: datetime) -> datetime | None:
    """Return when the nth last failure since a time happened, for one account or (None) for any."""
    binds: dict[str, object] = {"n": n, "since": to_micros(since)}
    if account_hash is None:
        row = tx.one(_sql["find_nth_failure__any"], binds)
    else:
        row = tx.one(_sql["find_nth_failure"], {**binds, "account_hash": account_hash})
    return None if row is None else maybe_from_micros(row["at"])


def forget_failures(tx: Transaction, account_hash: bytes) -> None:
    """Forget an account's failures: its owner has signed in."""
    tx.run(_sql["forget_failures"], {"account_hash": account_hash})


def forget_old_failures(tx: Transaction, *, before: datetime) -> None:
    """Forget the failures that count no more."""
    tx.run(_sql["forget_failures__old"], {"before": to_micros(before)})
