"""A real browser, and every page with long, empty and odd content on a real server."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import open_chromium
from tests.browser.gallery import serve_gallery
from tests.web.desk import Desk, open_desk
from wabridge.core.office import Office


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser of its own for each test."""
    async with open_chromium() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_browser() -> AsyncIterator[Browser]:
    """One browser for all tests of a module that run in the module's loop; each opens a context of its own."""
    async with open_chromium() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gallery() -> AsyncIterator[str]:
    """The address of a server that shows the drawn pages under /id/NAME and /en/NAME."""
    async with serve_gallery() as address:
        yield address


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner at a running server, signed in."""
    async with open_desk(office) as opened:
        yield opened
