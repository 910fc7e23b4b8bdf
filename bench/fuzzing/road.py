"""A whole wabridge in this process, with the door at hand: webhooks go in with and without a socket."""

import asyncio
import hashlib
import hmac
import io
import logging
import re
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import aiohttp

from bench.fuzzing.grammar import OURS
from bench.house import House
from wabridge import app, settings
from wabridge.clock import system_clock
from wabridge.core import staff, tokens
from wabridge.core.office import Office
from wabridge.gateway.door import Door
from wabridge.model.staff import Actor
from wabridge.sandbox.account import Account
from wabridge.storage import events, journal
from wabridge.storage.database import Transaction

_OPERATOR = Actor(kind="operator", id=0, name="operator", role="owner")
_IDLE_SECONDS = 600.0
_FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


class Caught(logging.Handler):
    """Counts what the workers say of items that they set aside because of a fault of ours."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.faults: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line that names a fault; that nobody is at the other end of a call is none."""
        if hasattr(record, "fault") and not record.name.endswith("cloud_api"):
            self.faults[f"{record.getMessage()}: {record.fault}"] += 1


@dataclass
class Road:
    """One running installation. statuses: how often the socket gave each answer."""

    office: Office
    door: Door
    url: str
    secret: bytes
    running: asyncio.Task[None]
    api: aiohttp.ClientSession
    pages: aiohttp.ClientSession
    statuses: Counter[int] = field(default_factory=Counter)

    async def hand_in(self, bodies: Sequence[bytes]) -> list[BaseException]:
        """Hand bodies to the door at once, as concurrent requests would; returns what it raised."""
        came = (self.door.accept(body, self._headers(body), "127.0.0.1") for body in bodies)
        results = await asyncio.gather(*came, return_exceptions=True)
        return [result for result in results if isinstance(result, BaseException)]

    async def post(self, body: bytes) -> int:
        """Post a body over the socket and return the answer."""
        async with self.api.post(
            f"{self.url}/webhook", data=io.BytesIO(body), headers=dict(self._headers(body))
        ) as answer:
            self.statuses[answer.status] += 1
            return answer.status

    async def settle(self) -> None:
        """Return when every item has left `new`; raises what a worker raised, or TimeoutError."""
        async with asyncio.timeout(_IDLE_SECONDS):
            # It looks from outside, where there is no event to wait for.
            while not self.running.done() and not await self.office.database.read(_is_worked_off):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        if self.running.done():
            await self.running
            raise RuntimeError("the program ended")

    async def visit(self, path: str) -> int:
        """Look at a page or a list as a person or a program would, and return the answer."""
        session = self.api if path.startswith("/api/") else self.pages
        async with session.get(self.url + path) as answer:
            await answer.read()
            self.statuses[answer.status] += 1
            return answer.status

    def _headers(self, body: bytes) -> tuple[tuple[str, str], ...]:
        digest = hmac.digest(self.secret, body, hashlib.sha256).hex()
        return (("Content-Type", "application/json"), ("X-Hub-Signature-256", f"sha256={digest}"))


@asynccontextmanager
async def open_road() -> AsyncIterator[Road]:
    """Run wabridge in a folder of its own, signed in; on the way out it must stop cleanly."""
    account = Account.invented()
    with tempfile.TemporaryDirectory() as folder:
        house = House.make(Path(folder) / "house", port=0, api_url="http://127.0.0.1:9", account=account)
        config = house.folder / "config.toml"
        said = config.read_text()
        for invented, ours in zip((account.phone_number_id, account.business_account_id), OURS, strict=True):
            said = said.replace(invented, ours)
        config.write_text(said)
        stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()

        async def note(running: app.Running) -> None:
            ready.set_result(running)

        task = asyncio.create_task(app.run(settings.load(config), clock=system_clock(), stop=stop, ready=note))
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task
        running: app.Running = ready.result()
        jar = aiohttp.CookieJar(unsafe=True)
        token = await tokens.add(running.office, _OPERATOR, "fuzz")
        async with (
            aiohttp.ClientSession(cookie_jar=jar) as pages,
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as api,
        ):
            await _sign_in(running, pages)
            try:
                secret = account.app_secret.encode()
                yield Road(running.office, running.door, running.url, secret, task, api, pages)
            finally:
                stop.set()
                await asyncio.wait([task])


async def _sign_in(running: app.Running, pages: aiohttp.ClientSession) -> None:
    owner = await staff.ensure_owner(running.office)
    link = f"{running.url}/signin/{await staff.make_signin_link(running.office, _OPERATOR, owner.id)}"
    async with pages.get(link) as page:
        hidden = {name: unescape(value) for name, value in _FIELD.findall(await page.text())}
    async with pages.post(link, data=hidden, headers={"Origin": running.url}) as answer:
        answer.raise_for_status()


def _is_worked_off(tx: Transaction) -> bool:
    is_cut = events.watermark(tx) == journal.newest(tx)
    return is_cut and events.find_oldest_new(tx) is None and events.find_oldest_backlog(tx) is None
