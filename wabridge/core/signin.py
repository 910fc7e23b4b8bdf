"""Signing in: with a password, counted and slowed down, or with a one-time link.

A try is written down as failed before the password is looked at, and taken back when it was right. So a thousand
guesses at once are no more than five, and a crash in between gives nothing away.
"""

import math
from datetime import datetime, timedelta

import msgspec

from wabridge.core import logins, passwords, sessions
from wabridge.core.office import Office
from wabridge.errors import NotFound, NotSignedIn, TooManyTries
from wabridge.model.staff import StaffMember
from wabridge.storage import acts, signin, staff
from wabridge.storage.database import Transaction

TRIES_WITHIN = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_IN_ALL = 50
"""A small office mistypes less; whoever guesses at many accounts meets this one. A sign-in link is never blocked."""

LINK_PURPOSE = "signin link"


class NewSession(msgspec.Struct, frozen=True):
    """A session that was just opened. secret: for the browser's cookie, kept nowhere else."""

    secret: str
    staff: StaffMember


async def sign_in(office: Office, login: str, password: str) -> NewSession:
    """Open a session; raises NotSignedIn without saying which of the two was wrong, or TooManyTries."""
    login = logins.normalize(login)
    await count_try(office, login)
    member, stored = await office.database.read(lambda tx: _find(tx, login))
    is_right = await passwords.matches(office, password, stored)
    if member is None or not is_right:
        raise NotSignedIn("login or password is wrong")
    account = office.fingerprint("account", login)

    def work(tx: Transaction) -> NewSession:
        # Looked at again: disabled, or another password set, while this one was being checked.
        if staff.find_password_hash(tx, member.id) != stored:
            raise NotSignedIn("login or password is wrong")
        signin.forget_failures(tx, account)
        return _open(tx, office, member, "signed_in")

    return await office.database.write(work)


async def count_try(office: Office, login: str) -> None:
    """Count a try as failed until `forget_tries` takes it back; raises TooManyTries."""
    now = office.clock.now()
    account = office.fingerprint("account", login)

    def work(tx: Transaction) -> None:
        since = now - TRIES_WITHIN
        limits = ((account, TRIES_PER_ACCOUNT), (None, TRIES_IN_ALL))
        failures = [signin.find_nth_failure(tx, who, n=n, since=since) for who, n in limits]
        if any(failures):
            raise _too_many(max(at for at in failures if at is not None), now)
        signin.forget_old_failures(tx, before=since)
        signin.add_failure(tx, account, now=now)

    await office.database.write(work)


async def peek_link(office: Office, secret: str) -> StaffMember | None:
    """Return whom a sign-in link would sign in, and use up nothing."""
    now, secret_hash = office.clock.now(), office.fingerprint(LINK_PURPOSE, secret)
    return await office.database.read(lambda tx: signin.find_link(tx, secret_hash, now=now))


async def redeem_link(office: Office, secret: str) -> NewSession:
    """Use a sign-in link up and open a session; raises NotFound if it is not good any more."""
    now, secret_hash = office.clock.now(), office.fingerprint(LINK_PURPOSE, secret)

    def work(tx: Transaction) -> NewSession:
        member = signin.find_link(tx, secret_hash, now=now)
        if member is None or not signin.use_link(tx, secret_hash, now=now):
            raise NotFound("this sign-in link cannot be used any more")
        return _open(tx, office, member, "signed_in_by_link")

    return await office.database.write(work)


def _find(tx: Transaction, login: str) -> tuple[StaffMember | None, str | None]:
    member = staff.find_by_login(tx, login)
    return member, None if member is None else staff.find_password_hash(tx, member.id)


def _too_many(oldest_that_counts: datetime, now: datetime) -> TooManyTries:
    wait = oldest_that_counts + TRIES_WITHIN - now
    return TooManyTries("too many failed tries", retry_after_seconds=max(1, math.ceil(wait.total_seconds())))


def _open(tx: Transaction, office: Office, member: StaffMember, verb: str) -> NewSession:
    acts.add(tx, member.actor, verb, subject_kind="staff", subject_id=member.id, now=office.clock.now())
    return NewSession(sessions.open_in(tx, office, member.id), member)
