"""The office's books as the API shows them: every message of every contact."""

import asyncio
from typing import Any

import aiohttp

from bench.house import House


async def all_messages(house: House, session: aiohttp.ClientSession) -> list[dict[str, Any]]:
    """Return every message of every contact."""
    contacts = await _pages(session, f"{house.url}/api/v1/contacts")
    found = [await _pages(session, f"{house.url}/api/v1/contacts/{contact['id']}/messages") for contact in contacts]
    return [message for page in found for message in page]


async def until_known(house: House, session: aiohttp.ClientSession, messages: int) -> None:
    """Return when so many messages are in the books: another process tells by being asked."""
    known = 0
    async with asyncio.timeout(60):
        while known < messages:
            known = len(await all_messages(house, session))
            await asyncio.sleep(0.1)


async def _pages(session: aiohttp.ClientSession, url: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        async with session.get(url, params={"cursor": cursor} if cursor else {}) as response:
            response.raise_for_status()
            page = await response.json()
        items += page["items"]
        cursor = page["next"]
    return items
