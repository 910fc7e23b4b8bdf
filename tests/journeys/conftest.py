"""One installation for each journey."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

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
