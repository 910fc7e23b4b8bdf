"""The people of the office: who may sign in, as what, and how they get in the first time."""

import builtins
import secrets
from datetime import timedelta

from wabridge.core import logins, passwords, signin
from wabridge.core.office import Office
from wabridge.core.sessions import SessionId
from wabridge.errors import Conflict, NotAllowed, NotFound, Unprocessable
from wabridge.model.ids import StaffId
from wabridge.model.staff import Actor, Role, StaffMember
from wabridge.storage import acts, sessions, staff
from wabridge.storage import signin as links
from wabridge.storage.database import Transaction

LINK_LIFETIME = timedelta(minutes=15)
LANGUAGES = ("id", "en")

_LONGEST_NAME = 100
_FIRST_START = Actor(kind="rule", id=0, name="first start", role="owner")
_OWNERS = {"id": ("pemilik", "Pemilik"), "en": ("owner", "Owner")}
"""Login and name of the first member, by the office's language."""


async def ensure_owner(office: Office) -> StaffMember:
    """Return a member who is owner; made, without a password, if nobody is there yet."""

    def work(tx: Transaction) -> StaffMember:
        owners = _owners(tx)
        if owners:
            return owners[0]
        login, name = _OWNERS[office.settings.office.language]
        return _add(tx, office, _FIRST_START, login=login, name=name, role="owner")

    return await office.database.write(work)


async def add(office: Office, actor: Actor, *, login: str, name: str, role: Role) -> StaffMember:
    """Add a member without a password; raises NotAllowed, Unprocessable or Conflict."""
    _require_right(actor)
    login, name = logins.check(login), _checked_name(name)
    return await office.database.write(lambda tx: _add(tx, office, actor, login=login, name=name, role=role))


# The name is the same in every room; inside this module the built-in is called by its full name.
async def list(office: Office, actor: Actor) -> tuple[StaffMember, ...]:  # noqa: A001
    """Return all members, disabled ones too; raises NotAllowed."""
    _require_right(actor)
    return tuple(await office.database.read(staff.list_all))


async def get_by_login(office: Office, login: str) -> StaffMember:
    """Return the member who types this to sign in; raises NotFound."""
    found = await office.database.read(lambda tx: staff.find_by_login(tx, logins.normalize(login)))
    if found is None:
        raise NotFound("no staff member has this login")
    return found


async def disable(office: Office, actor: Actor, staff_id: StaffId) -> None:
    """End a member's access at once; raises NotAllowed, NotFound, or Conflict for the last owner."""
    _require_right(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> None:
        member = staff.get(tx, staff_id)
        if [owner.id for owner in _owners(tx)] == [staff_id]:
            raise Conflict("the last owner cannot be disabled")
        if staff.disable(tx, member.id, now=now):
            _shut_out(tx, office, staff_id)
            acts.add(tx, actor, "disabled", subject_kind="staff", subject_id=staff_id, now=now)

    await office.database.write(work)


async def reset(office: Office, actor: Actor, staff_id: StaffId) -> str:
    """Forget a member's password, end their sessions, return the secret of a sign-in link.

    Raises NotAllowed, NotFound, or Conflict if they are disabled.
    """
    _require_right(actor)

    def work(tx: Transaction) -> str:
        _require_active(staff.get(tx, staff_id))
        staff.set_password_hash(tx, staff_id, None)
        _shut_out(tx, office, staff_id)
        acts.add(tx, actor, "password_reset", subject_kind="staff", subject_id=staff_id, now=office.clock.now())
        return _add_link(tx, office, actor, staff_id)

    return await office.database.write(work)


async def make_signin_link(office: Office, actor: Actor, staff_id: StaffId) -> str:
    """Return the secret of a link that signs a member in once within 15 minutes; earlier ones stop working.

    Raises NotAllowed, NotFound, or Conflict if they are disabled.
    """
    _require_right(actor)

    def work(tx: Transaction) -> str:
        _require_active(staff.get(tx, staff_id))
        return _add_link(tx, office, actor, staff_id)

    return await office.database.write(work)


async def set_password(
    office: Office, actor: Actor, password: str, *, current: str = "", session_id: SessionId | None = None
) -> None:
    """Set one's own password and end one's other sessions: all of them, or all but session_id.

    current: asked for if there is one. Raises NotAllowed (it is wrong), TooManyTries, PasswordTooShort, Unprocessable.
    """
    passwords.check_new(password)
    member = await office.database.read(lambda tx: staff.get(tx, _own_id(actor)))
    stored = await office.database.read(lambda tx: staff.find_password_hash(tx, member.id))
    if stored is not None:
        await signin.count_try(office, member.login)
        if not await passwords.matches(office, current, stored):
            raise NotAllowed("the present password is wrong")
    password_hash, now = await passwords.hash_new(office, password), office.clock.now()

    def work(tx: Transaction) -> None:
        if staff.get(tx, member.id).disabled_at or staff.find_password_hash(tx, member.id) != stored:
            raise NotAllowed("the password was changed in the meantime")
        staff.set_password_hash(tx, member.id, password_hash)
        links.forget_failures(tx, office.fingerprint("account", member.login))
        links.end_links(tx, member.id, now=now)
        sessions.end_all(tx, member.id, besides=session_id, now=now)
        acts.add(tx, actor, "password_set", subject_kind="staff", subject_id=member.id, now=now)

    await office.database.write(work)


async def set_language(office: Office, actor: Actor, language: str) -> None:
    """Set the language of one's own pages; raises NotAllowed or Unprocessable."""
    staff_id, now = _own_id(actor), office.clock.now()
    if language not in LANGUAGES:
        raise Unprocessable("no such language")

    def work(tx: Transaction) -> None:
        staff.set_language(tx, staff_id, language)
        acts.add(tx, actor, "language_set", subject_kind="staff", subject_id=staff_id, now=now, detail=language)

    await office.database.write(work)


def _add(tx: Transaction, office: Office, actor: Actor, *, login: str, name: str, role: Role) -> StaffMember:
    now = office.clock.now()
    staff_id = staff.add(tx, login, name=name, role=role, language=office.settings.office.language, now=now)
    if staff_id is None:
        raise Conflict("this login is taken")
    acts.add(tx, actor, "added", subject_kind="staff", subject_id=staff_id, now=now, detail=role)
    return staff.get(tx, staff_id)


def _add_link(tx: Transaction, office: Office, actor: Actor, staff_id: StaffId) -> str:
    secret, now = secrets.token_urlsafe(32), office.clock.now()
    secret_hash = office.fingerprint(signin.LINK_PURPOSE, secret)
    links.end_links(tx, staff_id, now=now)
    links.add_link(tx, staff_id, secret_hash=secret_hash, expires_at=now + LINK_LIFETIME, now=now)
    acts.add(tx, actor, "link_made", subject_kind="staff", subject_id=staff_id, now=now)
    return secret


def _shut_out(tx: Transaction, office: Office, staff_id: StaffId) -> None:
    now = office.clock.now()
    sessions.end_all(tx, staff_id, now=now)
    links.end_links(tx, staff_id, now=now)


def _owners(tx: Transaction) -> builtins.list[StaffMember]:
    return [member for member in staff.list_all(tx) if member.role == "owner" and member.disabled_at is None]


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise Unprocessable(f"a name has 1 to {_LONGEST_NAME} visible characters")
    return name


def _own_id(actor: Actor) -> StaffId:
    if actor.kind != "staff":
        raise NotAllowed("only a staff member has a page of their own")
    return StaffId(actor.id)


def _require_active(member: StaffMember) -> None:
    if member.disabled_at is not None:
        raise Conflict("this staff member is disabled")


def _require_right(actor: Actor) -> None:
    if not actor.may("manage_staff"):
        raise NotAllowed("managing staff is not among this actor's rights")
