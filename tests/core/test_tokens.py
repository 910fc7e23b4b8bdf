"""The programs that may use the API."""

import re
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.storage.disks import locked
from wabridge.core import tokens
from wabridge.core.office import Office
from wabridge.errors import Conflict, NotAllowed, NotFound, Unprocessable
from wabridge.model.staff import Actor
from wabridge.storage import acts

OPERATOR = Actor(kind="operator", id=0, name="command line", role="owner")
LAWYER = Actor(kind="staff", id=1, name="Rina", role="lawyer")


async def test_a_token_opens_the_api_under_its_name(office: Office) -> None:
    """The secret is long, recognisable and kept only as a hash; whoever shows it acts as the token."""
    secret = await tokens.add(office, OPERATOR, "calendar")
    assert re.fullmatch(r"wab_[A-Za-z0-9_-]{43}", secret)
    assert await tokens.find(office, secret) == Actor(kind="token", id=1, name="calendar", role="token")
    assert secret.encode() not in await column(office.database, "SELECT secret_hash FROM api_token")


async def test_anything_else_opens_nothing(office: Office) -> None:
    """A guess, a piece and half a character are nobody."""
    secret = await tokens.add(office, OPERATOR, "calendar")
    for wrong in ("", "wab_", secret[:-1], secret.removeprefix("wab_"), "wab_\udc80"):
        assert await tokens.find(office, wrong) is None


async def test_a_revoked_token_opens_nothing_and_keeps_its_name(office: Office) -> None:
    """Revoking twice changes nothing; the name stays with what it did."""
    secret = await tokens.add(office, OPERATOR, "calendar")
    await tokens.revoke(office, OPERATOR, "calendar")
    await tokens.revoke(office, OPERATOR, "calendar")
    assert await tokens.find(office, secret) is None
    (token,) = await tokens.list(office, OPERATOR)
    assert token.revoked_at == office.clock.now()
    with pytest.raises(Conflict):
        await tokens.add(office, OPERATOR, "calendar")
    with pytest.raises(NotFound):
        await tokens.revoke(office, OPERATOR, "other")
    traces = await office.database.read(lambda tx: acts.list_for(tx, "token", token.id))
    assert [act.verb for act in traces] == ["added", "revoked"]


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b"])
async def test_a_name_of_another_shape_is_refused(office: Office, name: str) -> None:
    """A token's name can be read in a list."""
    with pytest.raises(Unprocessable):
        await tokens.add(office, OPERATOR, name)


async def test_only_who_may_manages_tokens(office: Office) -> None:
    """A lawyer neither makes nor lists nor revokes tokens."""
    for attempt in (tokens.add(office, LAWYER, "x"), tokens.list(office, LAWYER), tokens.revoke(office, LAWYER, "x")):
        with pytest.raises(NotAllowed):
            await attempt


async def test_use_is_written_down_once_a_minute(office: Office, fake_clock: FakeClock, data_folder: Path) -> None:
    """The last use is known to the minute, and a failing disk does not keep a program from reading."""
    secret = await tokens.add(office, OPERATOR, "calendar")
    first = office.clock.now()
    await tokens.find(office, secret)
    fake_clock.advance(59)
    await tokens.find(office, secret)
    assert [token.used_at for token in await tokens.list(office, OPERATOR)] == [first]
    fake_clock.advance(1)
    with locked(data_folder / "wabridge.db"):
        assert await tokens.find(office, secret) is not None
    await tokens.find(office, secret)
    assert [token.used_at for token in await tokens.list(office, OPERATOR)] == [office.clock.now()]
