"""Sessions: how long they hold, and what they prove."""

from pathlib import Path

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.storage.disks import locked
from wabridge.core import sessions, signin, staff
from wabridge.core.office import Office
from wabridge.model.staff import Actor

OPERATOR = Actor(kind="operator", id=0, name="command line", role="owner")
DAY = 24 * 3600


@pytest.fixture
async def secret(office: Office) -> str:
    """The secret of an open session."""
    owner = await staff.ensure_owner(office)
    link = await staff.make_signin_link(office, OPERATOR, owner.id)
    return (await signin.redeem_link(office, link)).secret


async def test_use_keeps_a_session_alive(office: Office, secret: str, fake_clock: FakeClock) -> None:
    """Used once a week it holds for ever; two weeks unused it is over."""
    for _ in range(10):
        fake_clock.advance(7 * DAY)
        assert await sessions.find(office, secret) is not None
    fake_clock.advance(14 * DAY)
    assert await sessions.find(office, secret) is None


async def test_an_open_page_alone_keeps_nothing_alive(office: Office, secret: str, fake_clock: FakeClock) -> None:
    """Looking whether a session holds is no use of it."""
    fake_clock.advance(13 * DAY)
    assert await sessions.is_open(office, secret)
    fake_clock.advance(1 * DAY)
    assert not await sessions.is_open(office, secret)


async def test_use_is_written_down_once_a_minute(office: Office, secret: str, fake_clock: FakeClock) -> None:
    """A page costs no write unless a minute has passed since the last."""
    (first,) = await column(office.database, "SELECT used_at FROM session")
    fake_clock.advance(59)
    await sessions.find(office, secret)
    assert await column(office.database, "SELECT used_at FROM session") == [first]
    fake_clock.advance(1)
    await sessions.find(office, secret)
    assert await column(office.database, "SELECT used_at FROM session") != [first]


async def test_a_full_disk_signs_nobody_out(
    office: Office, secret: str, fake_clock: FakeClock, data_folder: Path
) -> None:
    """While nothing can be written the session is still found."""
    fake_clock.advance(3600)
    with locked(data_folder / "wabridge.db"):
        assert await sessions.find(office, secret) is not None


async def test_an_ended_session_is_over(office: Office, secret: str) -> None:
    """After signing out the same secret opens nothing."""
    found = await sessions.find(office, secret)
    assert found is not None
    await sessions.end(office, found.session_id)
    assert await sessions.find(office, secret) is None


async def test_an_invented_secret_is_nobody(office: Office, secret: str) -> None:
    """Neither a guess nor half a character opens anything or breaks anything."""
    for guess in ("", "a" * 43, secret[:-1], "\udc80"):
        assert await sessions.find(office, guess) is None


async def test_a_form_proves_the_session_it_was_drawn_for(office: Office, secret: str) -> None:
    """The proof of one session is none for another, and it is not the secret."""
    token = sessions.csrf_token(office, secret)
    assert sessions.check_csrf(office, secret, token)
    assert secret not in token
    for wrong in ("", token[:-1], token + "0", "é", "\udc80"):
        assert not sessions.check_csrf(office, secret, wrong)
    assert not sessions.check_csrf(office, "another", token)
