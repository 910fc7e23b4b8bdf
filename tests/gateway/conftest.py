"""What the gateway's tests share: a journal that runs, and signed bodies."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest

from tests.gateway.dispatch import access_token, api, busy_office, meta, sending, upload_api
from tests.gateway.downloads import fetching, media_api_of_meta
from wabridge.clock import Clock
from wabridge.storage.database import Database
from wabridge.storage.journal import Journal

__all__ = [
    "access_token",
    "api",
    "busy_office",
    "fetching",
    "journal",
    "media_api_of_meta",
    "meta",
    "sending",
    "signed",
    "upload_api",
]

APP_SECRET = "test_app_secret"


@pytest.fixture
async def journal(database: Database, clock: Clock) -> AsyncIterator[Journal]:
    """A journal that stores what it is given."""
    journal = Journal(database, clock)
    running = asyncio.create_task(journal.run())
    yield journal
    running.cancel()
    await asyncio.wait([running])


def signed(body: bytes, *, secret: str = APP_SECRET, header: str = "X-Hub-Signature-256") -> list[tuple[str, str]]:
    """Return the headers Meta would send with a body."""
    digest = hmac.digest(secret.encode(), body, hashlib.sha256).hex()
    return [("Content-Type", "application/json"), (header, f"sha256={digest}")]
