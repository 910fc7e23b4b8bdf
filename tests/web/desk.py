"""A signed-in person at a desk: real server, real sign-in, no browser."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from aiohttp import web

from tests.arrivals import arrive, text_message
from tests.web.parsed import Tree
from wabridge.core import staff
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.door import Door
from wabridge.model.event import InboundMessage
from wabridge.model.staff import Actor, Role, StaffMember
from wabridge.storage.dedupe import BodyCache
from wabridge.storage.journal import Journal
from wabridge.web import server

OPERATOR = Actor(kind="operator", id=0, name="test", role="owner")


@dataclass(frozen=True)
class Answer:
    """What the server said. location: where it leads, "" if nowhere."""

    status: int
    location: str
    text: str

    @property
    def tree(self) -> Tree:
        """The page as a tree."""
        return Tree(self.text)


@dataclass(frozen=True)
class Desk:
    """One person's browser without a browser."""

    url: str
    office: Office
    me: StaffMember
    http: aiohttp.ClientSession

    async def get(self, path: str, **headers: str) -> Answer:
        """Open an address, follow nothing."""
        async with self.http.get(self.url + path, headers=headers, allow_redirects=False) as response:
            return Answer(response.status, response.headers.get("Location", ""), await response.text())

    async def show(self, path: str, **headers: str) -> Tree:
        """Open a page that must be there."""
        answer = await self.get(path, **headers)
        assert answer.status == 200, answer
        return answer.tree

    async def post(self, path: str, *, csrf: str | None = None, **fields: str) -> Answer:
        """Press a button of ours, follow nothing. csrf: the token if it is known already."""
        token = {"csrf": await self.csrf() if csrf is None else csrf}
        async with self.http.post(
            self.url + path, data={**token, **fields}, headers={"Origin": self.url}, allow_redirects=False
        ) as response:
            return Answer(response.status, response.headers.get("Location", ""), await response.text())

    async def csrf(self) -> str:
        """Return the token that proves that a form is ours."""
        return (await self.show("/account")).all("input", name="csrf")[0].get("value", "")

    async def form_token(self, path: str) -> str:
        """Return the token of the reply form on a page."""
        return (await self.show(path)).one("input", name="form_token").get("value", "")


@contextmanager
def open_app(office: Office) -> Iterator[web.Application]:
    """Yield the whole application; its door has a cache of its own."""
    with closing(BodyCache(office.settings.folder / "door", bytes(32), "epoch")) as bodies:
        door = Door(
            journal=Journal(office.database, office.clock),
            bodies=bodies,
            app_secrets=["secret"],
            verify_token="verify",
            broker=office.broker,
            clock=office.clock,
        )
        yield server.build(office=office, door=door)


@asynccontextmanager
async def open_desk(office: Office, *, role: Role = "owner") -> AsyncIterator[Desk]:
    """Serve the application on loopback and sign somebody in by a one-time link."""
    with open_app(office) as app:
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                yield Desk(url, office, await _sign_in(office, url, http, role), http)
        finally:
            office.broker.close()
            office.broker.hang_up()
            await runner.cleanup()


async def _sign_in(office: Office, url: str, http: aiohttp.ClientSession, role: Role) -> StaffMember:
    me = await staff.ensure_owner(office)
    if role != "owner":
        me = await staff.add(office, me.actor, login="sari", name="Sari", role=role)
    link = f"{url}/signin/{await staff.make_signin_link(office, OPERATOR, me.id)}"
    async with http.get(link) as response:
        page = Tree(await response.text())
    hidden = {field.get("name", ""): field.get("value", "") for field in page.all("input", type="hidden")}
    async with http.post(link, data=hidden, headers={"Origin": url}, allow_redirects=False) as response:
        assert response.status == 303, await response.text()
    return me


async def receive(office: Office, *messages: InboundMessage | str, at: datetime | None = None) -> None:
    """Let people write, and file what they wrote."""
    now = at or office.clock.now()
    items = [text_message(m, sent_at=now) if isinstance(m, str) else m for m in messages]
    await arrive(office.database, *items, at=now)
    inbound = Inbound(office)
    while await inbound.look():
        pass
