"""One installation for each journey."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.journeys.site import Site, make_settings, open_meta, open_site
from wabridge.sandbox.meta import PretendMeta


@pytest.fixture
async def meta() -> AsyncIterator[PretendMeta]:
    """A pretend Meta whose clients receive at once and never read by themselves."""
    async with open_meta() as opened:
        yield opened


@pytest.fixture
async def site(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[Site]:
    """A running wabridge pointed at it, with somebody signed in."""
    async with open_site(make_settings(tmp_path, meta), meta) as opened:
        yield opened


@pytest.fixture
def time() -> FakeClock:
    """The time of office and Meta in `timed`; it stands still until it is told to go on."""
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def timed(tmp_path: Path, time: FakeClock) -> AsyncIterator[Site]:
    """A site in which pauses, half hours and days pass when the test says so."""
    async with (
        open_meta(now=lambda: time.now) as meta,
        open_site(make_settings(tmp_path, meta), meta, clock=time.clock) as opened,
    ):
        yield opened
