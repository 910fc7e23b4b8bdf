"""What the tests of the web share: a signed-in person at a running server."""

from collections.abc import AsyncIterator

import pytest

from tests.web.desk import Desk, open_desk
from tests.web.served import Served, serve
from wabridge.core.office import Office


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner at a desk, signed in."""
    async with open_desk(office) as opened:
        yield opened


@pytest.fixture
async def served(office: Office) -> AsyncIterator[Served]:
    """The running server as somebody meets it who is not signed in."""
    async with serve(office) as opened:
        yield opened
