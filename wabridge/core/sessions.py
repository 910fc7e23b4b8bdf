"""Who is signed in: sessions that end after two weeks without use, and the proof that a form came from our page."""

import hmac
import logging
import secrets
from datetime import timedelta

import msgspec

from wabridge.core.office import Office
from wabridge.errors import StorageUnavailable
from wabridge.model.ids import StaffId
from wabridge.model.staff import StaffMember
from wabridge.storage import sessions
from wabridge.storage.database import Transaction
from wabridge.storage.sessions import SessionId

__all__ = ["IDLE", "SessionId", "SignedIn", "check_csrf", "csrf_token", "end", "find", "is_open", "open_in"]

log = logging.getLogger(__name__)

IDLE = timedelta(days=14)
"""So long may a session lie unused."""

_NOTED_EVERY = timedelta(minutes=1)
_PURPOSE = "session"


class SignedIn(msgspec.Struct, frozen=True):
    """A staff member at one browser."""

    session_id: SessionId
    staff: StaffMember


async def find(office: Office, secret: str) -> SignedIn | None:
    """Return who is signed in with a secret, and keep the session alive; raises StorageUnavailable."""
    now = office.clock.now()
    secret_hash = office.fingerprint(_PURPOSE, secret)
    found = await office.database.read(lambda tx: sessions.find(tx, secret_hash, since=now - IDLE))
    if found is None:
        return None
    if now - found.used_at >= _NOTED_EVERY:
        try:
            await office.database.write(lambda tx: sessions.touch(tx, found.id, now=now))
        except StorageUnavailable:  # pages can be read while nothing can be written
            log.warning("the use of a session was not noted")
    return SignedIn(found.id, found.staff)


async def is_open(office: Office, secret: str) -> bool:
    """Say whether a session still holds, without keeping it alive; raises StorageUnavailable."""
    since = office.clock.now() - IDLE
    secret_hash = office.fingerprint(_PURPOSE, secret)
    return await office.database.read(lambda tx: sessions.find(tx, secret_hash, since=since)) is not None


async def end(office: Office, session_id: SessionId) -> None:
    """End a session."""
    now = office.clock.now()
    await office.database.write(lambda tx: sessions.end(tx, session_id, now=now))


def open_in(tx: Transaction, office: Office, staff_id: StaffId) -> str:
    """Open a session inside a transaction and return its secret; only the browser keeps it."""
    secret, now = secrets.token_urlsafe(32), office.clock.now()
    sessions.forget(tx, before=now - IDLE)
    sessions.add(tx, staff_id, secret_hash=office.fingerprint(_PURPOSE, secret), now=now)
    return secret


def csrf_token(office: Office, secret: str) -> str:
    """Return what a form of this browser must carry. secret: the session's, or the sign-in form's own."""
    return office.fingerprint("csrf", secret).hex()


def check_csrf(office: Office, secret: str, token: str) -> bool:
    """Say whether a form was written by us for this browser."""
    expected = csrf_token(office, secret).encode("ascii")
    return hmac.compare_digest(expected, token.encode("utf-8", "surrogatepass"))
