"""A lawyer's open conversation: signed in, listening to live changes, fetching the page anew as a browser does."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bench.house import House

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Desk:
    """One signed-in browser without a browser."""

    session: aiohttp.ClientSession
    url: str

    async def read(self, path: str) -> str:
        """Return a page."""
        async with self.session.get(self.url + path) as response:
            return await response.text()

    async def find_conversation(self) -> str:
        """Return the address of the only conversation, once there is one."""
        while True:
            found = re.search(r"/conversations/[0-9]+", await self.read("/inbox"))
            if found:
                return found[0]
            await asyncio.sleep(0.05)

    async def until_shown(self, path: str, words: str) -> None:
        """Return once an open page shows these words: it is fetched anew whenever it is told of a change."""
        number = path.rpartition("/")[2].encode()
        async with self.session.get(f"{self.url}/events", timeout=aiohttp.ClientTimeout(total=60)) as events:
            if words in await self.read(path):
                return
            async for line in events.content:
                is_told = line.startswith(b"data:") and b'"conversation":' + number + b"}" in line
                if is_told and words in await self.read(path):
                    return


@asynccontextmanager
async def sign_in(house: House) -> AsyncIterator[Desk]:
    """Sign a new staff member in by a one-time link."""
    link = (await house.command("staff", "add", "bench")).split()[-1]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(link) as response:
            hidden = dict(_HIDDEN.findall(await response.text()))
        async with session.post(link, data=hidden, headers={"Origin": house.url}) as response:
            response.raise_for_status()
        yield Desk(session, house.url)
