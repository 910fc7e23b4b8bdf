"""The whole application behind a real socket, with a door that stores, and callers that are nobody yet."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.web.parsed import Tree
from wabridge.core import staff, tokens
from wabridge.core.office import Office
from wabridge.gateway.door import Door
from wabridge.model.staff import Actor
from wabridge.storage.dedupe import BodyCache
from wabridge.storage.journal import Journal
from wabridge.web import server

OPERATOR = Actor(kind="operator", id=0, name="test", role="owner")
APP_SECRET = "test_app_secret"
VERIFY_TOKEN = "halo-meta"
PASSWORD = "lima kata yang mudah diingat"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def location(self) -> str:
        """Where it leads, "" if nowhere."""
        return str(self.headers.get("Location", ""))

    @property
    def tree(self) -> Tree:
        """The page as a tree."""
        return Tree(self.body.decode())


@dataclass(frozen=True)
class Served:
    """A running server and one caller with a cookie jar. app: to set limits and to see whether they are kept."""

    url: str
    office: Office
    app: web.Application
    http: aiohttp.ClientSession

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rsplit(":", 1)[1])

    async def call(self, method: str, path: str, **request: Any) -> Answer:
        """Ask for something and follow nothing."""
        async with self.http.request(method, self.url + path, allow_redirects=False, **request) as response:
            return Answer(response.status, response.headers, await response.read())

    async def get(self, path: str, **headers: str) -> Answer:
        """Open an address."""
        return await self.call("GET", path, headers=headers)

    async def submit(self, path: str, *, form: str | None = None, **fields: str) -> Answer:
        """Fill in the form that a page shows and send it to an address. form: the page, if another one."""
        page = (await self.get(form or path)).tree
        hidden = {field.get("name", ""): field.get("value", "") for field in page.all("input", type="hidden")}
        return await self.call("POST", path, data=hidden | fields, headers={"Origin": self.url})

    async def deliver(self, body: bytes, *, signature: str | None = None, **headers: str) -> Answer:
        """Deliver a webhook as Meta does."""
        sent = {"X-Hub-Signature-256": signature or sign(body), "Content-Type": "application/json", **headers}
        return await self.call("POST", "/webhook", data=body, headers=sent)

    async def sign_in(self) -> None:
        """Sign the owner in by a link."""
        owner = await staff.ensure_owner(self.office)
        answer = await self.submit(f"/signin/{await staff.make_signin_link(self.office, OPERATOR, owner.id)}")
        assert answer.status == 303

    async def hire(self, login: str = "siti", password: str = PASSWORD) -> Actor:
        """Add a lawyer who has a password."""
        member = await staff.add(self.office, OPERATOR, login=login, name=login.title(), role="lawyer")
        await staff.set_password(self.office, member.actor, password)
        return member.actor

    async def bearer(self, name: str = "calendar") -> dict[str, str]:
        """Make a token and return it as a header."""
        return {"Authorization": f"Bearer {await tokens.add(self.office, OPERATOR, name)}"}


@asynccontextmanager
async def serve(office: Office, *more_routes: web.RouteDef) -> AsyncIterator[Served]:
    """Serve the application on loopback as `app` does."""
    journal = Journal(office.database, office.clock)
    with closing(BodyCache(office.settings.folder / "cache", bytes(32), "epoch")) as bodies:
        door = Door(
            journal=journal,
            bodies=bodies,
            app_secrets=[APP_SECRET],
            verify_token=VERIFY_TOKEN,
            broker=office.broker,
            clock=office.clock,
        )
        app = server.build(office=office, door=door)
        app.router.add_routes(more_routes)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False, handle_signals=False, shutdown_timeout=2)
        running = asyncio.create_task(journal.run())
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                yield Served(url, office, app, http)
        finally:
            office.broker.hang_up()
            office.broker.close()
            await runner.cleanup()
            running.cancel()
            await asyncio.wait([running])


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    """Return the signature Meta would send."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
