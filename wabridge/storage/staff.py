"""The people of the office who sign in. A member is disabled, never deleted: what they did keeps their name."""

from datetime import datetime

from wabridge.errors import NotFound
from wabridge.model.ids import StaffId
from wabridge.model.staff import Role, StaffMember
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import maybe_from_micros, to_micros

_sql = queries.load("staff")


def add(tx: Transaction, login: str, *, name: str, role: Role, language: str, now: datetime) -> StaffId | None:
    """Add a member without a password; None if the login is taken."""
    binds = {"login": login, "name": name, "role": role, "language": language, "now": to_micros(now)}
    row = tx.one(_sql["add"], binds)
    return None if row is None else StaffId(row["id"])


def get(tx: Transaction, staff_id: StaffId) -> StaffMember:
    """Return a member; raises NotFound."""
    row = tx.one(_sql["find"], {"staff_id": staff_id})
    if row is None:
        raise NotFound("no such staff member")
    return member_of(row)


def find_by_login(tx: Transaction, login: str) -> StaffMember | None:
    """Return the member who types this to sign in."""
    row = tx.one(_sql["find_by_login"], {"login": login})
    return None if row is None else member_of(row)


def list_all(tx: Transaction) -> list[StaffMember]:
    """Return all members, disabled ones too, in the order they came."""
    return [member_of(row) for row in tx.all(_sql["list_all"])]


def find_password_hash(tx: Transaction, staff_id: StaffId) -> str | None:
    """Return what a password is checked against, None for nobody's or a disabled member's."""
    row = tx.one(_sql["find_password_hash"], {"staff_id": staff_id})
    return None if row is None else row["password_hash"]


def set_password_hash(tx: Transaction, staff_id: StaffId, password_hash: str | None) -> None:
    """Set what a password is checked against; None leaves only sign-in links."""
    tx.run(_sql["set_password_hash"], {"staff_id": staff_id, "password_hash": password_hash})


def set_language(tx: Transaction, staff_id: StaffId, language: str) -> None:
    """Set the language of a member's pages."""
    tx.run(_sql["set_language"], {"staff_id": staff_id, "language": language})


def disable(tx: Transaction, staff_id: StaffId, *, now: datetime) -> bool:
    """Close a member's access and forget the password; says whether it was open."""
    return tx.run(_sql["disable"], {"staff_id": staff_id, "now": to_micros(now)}) > 0


def member_of(row: Row) -> StaffMember:
    """Return the member of a row that has a member's columns."""
    return StaffMember(
        id=StaffId(row["id"]),
        login=row["login"],
        name=row["name"],
        role=row["role"],
        language=row["language"],
        has_password=bool(row["has_password"]),
        disabled_at=maybe_from_micros(row["disabled_at"]),
    )
