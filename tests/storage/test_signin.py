"""Sign-in links and failed tries, as they are kept."""

from datetime import timedelta

from tests.arrivals import column
from wabridge.clock import Clock
from wabridge.model.ids import StaffId
from wabridge.storage import sessions, signin, staff
from wabridge.storage.database import Database, Transaction

ADA, BEN = b"a" * 32, b"b" * 32


async def test_the_nth_last_failure_is_found_per_account_and_in_all(database: Database, clock: Clock) -> None:
    """Limits look at the nth last failure: it tells when the next try is allowed."""
    now = clock.now()

    def work(tx: Transaction) -> None:
        for minute, account in ((0, ADA), (1, BEN), (2, ADA)):
            signin.add_failure(tx, account, now=now + timedelta(minutes=minute))
        assert signin.find_nth_failure(tx, ADA, n=2, since=now - timedelta(1)) == now
        assert signin.find_nth_failure(tx, ADA, n=2, since=now) is None
        assert signin.find_nth_failure(tx, None, n=2, since=now - timedelta(1)) == now + timedelta(minutes=1)
        assert signin.find_nth_failure(tx, None, n=4, since=now - timedelta(1)) is None
        signin.forget_failures(tx, ADA)
        assert signin.find_nth_failure(tx, None, n=1, since=now) == now + timedelta(minutes=1)
        signin.forget_old_failures(tx, before=now + timedelta(minutes=1))

    await database.write(work)
    assert await column(database, "SELECT count(*) FROM signin_failure") == [0]


async def test_sessions_that_nobody_uses_are_forgotten(database: Database, clock: Clock) -> None:
    """Old rows do not pile up; those in use stay."""
    now = clock.now()

    def work(tx: Transaction) -> StaffId:
        siti = staff.add(tx, "siti", name="Siti", role="lawyer", language="id", now=now)
        assert siti is not None
        sessions.add(tx, siti, secret_hash=ADA, now=now)
        sessions.add(tx, siti, secret_hash=BEN, now=now + timedelta(1))
        sessions.forget(tx, before=now)
        return siti

    await database.write(work)
    assert await column(database, "SELECT secret_hash FROM session") == [BEN]
