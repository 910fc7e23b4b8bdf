"""A whole wabridge against a whole pretend Meta, over real HTTP, in one process."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp

from tests.journeys import recorded
from tests.web.parsed import Tree, text_of
from wabridge import app
from wabridge.cli.commands import OPERATOR
from wabridge.clock import Clock, system_clock
from wabridge.core import staff, tokens
from wabridge.core.office import Office
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta
from wabridge.settings import ServerSettings, Settings, StorageSettings, WhatsAppSettings

PATIENCE_SECONDS = 10.0
SITI = "6281234567890"
BUDI = "6281298765432"
_LAST = "6281211112222"


@dataclass
class Site:
    """One running installation. page: a signed-in browser without JavaScript; api: a program with a token."""

    url: str
    office: Office
    meta: PretendMeta
    page: aiohttp.ClientSession
    api: aiohttp.ClientSession
    stop: asyncio.Event
    running: asyncio.Task[None]

    async def get(self, path: str) -> str:
        """Return a page as the lawyer sees it."""
        async with self.page.get(self.url + path) as response:
            assert response.status == 200, response.status
            return await response.text()

    async def show(self, path: str) -> Tree:
        """Return a page to ask for its elements."""
        return Tree(await self.get(path))

    async def banners(self) -> list[str]:
        """Return what stands on top of the inbox."""
        return (await self.show("/inbox")).texts("div", "banner")

    async def until_banner(self, words: str) -> None:
        """Return once a banner says this."""

        async def is_said() -> bool:
            return any(words in banner for banner in await self.banners())

        await eventually(is_said)

    async def unread(self) -> list[str]:
        """Return the unread counts of the inbox, one for each conversation that has one."""
        return [count.split()[0] for count in (await self.show("/inbox")).texts("span", "count")]

    async def conversation(self, person: str = SITI) -> str:
        """Return the address of the conversation with a person."""
        return f"/conversations/{(await self.messages(person))[0]['conversation_id']}"

    async def bubble(self, message_id: int, person: str = SITI) -> ET.Element:
        """Return a message as the conversation's page shows it."""
        return (await self.show(await self.conversation(person))).one("li", id=f"m{message_id}")

    async def delivery(self, message_id: int, person: str = SITI) -> str:
        """Return what the page says of a message's delivery."""
        bubble = await self.bubble(message_id, person)
        (line,) = [each for each in bubble.iter("p") if each.get("class") == "delivery"]
        return text_of(line)

    async def press(self, path: str, form: dict[str, str]) -> int:
        """Submit a form with its CSRF field, follow nothing, return the status."""
        async with self.page.post(
            self.url + path, data=form, allow_redirects=False, headers={"Origin": self.url}
        ) as response:
            return response.status

    async def form(self, page: str, path: str) -> dict[str, str]:
        """Return the hidden fields of the form on a page that leads to a path."""
        form = (await self.show(page)).one("form", action=path)
        return {each.get("name", ""): each.get("value", "") for each in form.iter("input")}

    async def submit(self, page: str, path: str, **fields: str) -> int:
        """Press a button that stands on a page, follow nothing, return the status."""
        return await self.press(path, {**await self.form(page, path), **fields})

    async def knock(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Post a webhook with these headers and nothing else; returns status and body."""
        async with self.api.post(f"{self.url}/webhook", data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.read()

    async def call(self, method: str, path: str, **request: Any) -> tuple[int, Any]:
        """Use the API; returns status and decoded body."""
        async with self.api.request(method, f"{self.url}/api/v1{path}", **request) as response:
            return response.status, await response.json(content_type=None)

    async def contacts(self) -> list[dict[str, Any]]:
        """Return everybody who has ever written, as the API gives them."""
        status, page = await self.call("GET", "/contacts")
        assert status == 200, page
        return list(page["items"])

    async def messages(self, person: str = SITI) -> list[dict[str, Any]]:
        """Return all messages of one person, oldest first, as the API gives them. person: a number or a user id."""
        for contact in await self.contacts():
            if any(identity["value"] == person for identity in contact["identities"]):
                _, page = await self.call("GET", f"/contacts/{contact['id']}/messages", params={"limit": "100"})
                return sorted(page["items"], key=lambda message: int(message["id"]))
        return []

    async def texts(self, person: str = SITI) -> list[str | None]:
        """Return what a person and the office have written to each other, oldest first."""
        return [message["text"] for message in await self.messages(person)]

    async def catch_up(self) -> None:
        """Return once everything that was answered 200 so far is filed: items are filed in the order they came."""
        await self.write(f"penutup {len(await self.texts(_LAST))}", phone=_LAST, name="Penutup")

    async def write(self, text: str, *, phone: str = SITI, name: str = "Siti Rahayu") -> str:
        """Let a person write and return once it is in the office; returns the wamid."""
        wamid = self.meta.client_writes(phone, name, text)
        await self.until_filed(text, phone)
        return wamid

    async def until_filed(self, text: str, person: str = SITI) -> None:
        """Return once a person's text is in the office."""

        async def is_there() -> bool:
            return text in await self.texts(person)

        await eventually(is_there)

    async def reply(self, text: str, *, phone: str = SITI) -> int:
        """Queue a reply by the API; returns its id."""
        status, message = await self.call("POST", "/messages", json={"to": "+" + phone, "text": text})
        assert status == 202, message
        return int(message["id"])

    async def message(self, message_id: int) -> dict[str, Any]:
        """Return one message as the API gives it."""
        status, message = await self.call("GET", f"/messages/{message_id}")
        assert status == 200, message
        return dict(message)

    async def status_of(self, message_id: int) -> str:
        """Return the status word of a message."""
        return str((await self.message(message_id))["status"])

    async def until_tried(self, message_id: int) -> None:
        """Return once a message waits for its second try."""

        async def has_failed_once() -> bool:
            return bool((await self.message(message_id))["tries"] == 1)

        await eventually(has_failed_once)

    async def until_reports(self, message_id: int, *words: str) -> None:
        """Return once all these status events are kept with a message."""

        async def are_kept() -> bool:
            return set(words) <= {event["status"] for event in (await self.message(message_id))["events"]}

        await eventually(are_kept)

    async def until_status(self, message_id: int, *words: str) -> None:
        """Return once a message has one of these statuses."""

        async def reached() -> bool:
            return await self.status_of(message_id) in words

        await eventually(reached)


async def eventually(holds: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as it holds; fails after the patience is over."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - it looks from outside, where there is no event to wait for
            await asyncio.sleep(0.01)


def make_settings(
    folder: Path,
    meta: PretendMeta,
    *,
    settling_seconds: int = 120,
    late_after_minutes: int = 30,
    undo_seconds: int = 0,
) -> Settings:
    """Write the secrets of a pretend Meta's account into a folder and return settings for it."""
    account = meta.account
    words = {
        "access_token": account.access_token,
        "app_secret": account.app_secret,
        "verify_token": account.verify_token,
    }
    (folder / "secrets").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, word in words.items():
        path = folder / "secrets" / name
        path.touch(mode=0o600)
        path.write_text(word)
    plain = Settings(folder=folder)
    return replace(
        plain,
        server=ServerSettings(port=0),
        office=replace(
            plain.office,
            late_after_minutes=late_after_minutes,
            undo_seconds=undo_seconds,
            read_receipts=False,  # so that what Meta gets are messages and nothing else
        ),
        storage=StorageSettings(),
        whatsapp=WhatsAppSettings(
            phone_number_id=account.phone_number_id,
            business_account_id=account.business_account_id,
            api_url=meta.base_url,
            settling_seconds=settling_seconds,
        ),
    )


@asynccontextmanager
async def open_meta(
    behaviour: Behaviour | None = None, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[PretendMeta]:
    """Run a pretend Meta that reports at once."""
    meta = PretendMeta(Account.invented(), behaviour=behaviour or Behaviour.instant(), now=now)
    await meta.start()
    try:
        yield meta
    finally:
        await meta.stop()


@asynccontextmanager
async def open_site(settings: Settings, meta: PretendMeta, *, clock: Clock | None = None) -> AsyncIterator[Site]:
    """Run wabridge on these settings, signed in and with an API token; then it stops cleanly, all recorded."""
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()

    async def note(running: app.Running) -> None:
        ready.set_result(running)

    task = asyncio.create_task(app.run(settings, clock=clock or system_clock(), stop=stop, ready=note))
    await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    running: app.Running = ready.result()
    meta.callback_url = f"{running.url}/webhook"
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(cookie_jar=jar) as page,
        aiohttp.ClientSession(headers=await _bearer(running.office)) as api,
    ):
        site = Site(running.url, running.office, meta, page, api, stop, task)
        await _sign_in(site)
        try:
            yield site
        finally:
            stop.set()
            await task
    await recorded.require_all(settings, clock or system_clock())


async def _bearer(office: Office) -> dict[str, str]:
    known = [token.name for token in await tokens.list(office, OPERATOR)]
    secret = await tokens.add(office, OPERATOR, f"journey {len(known)}")
    return {"Authorization": f"Bearer {secret}"}


async def _sign_in(site: Site) -> None:
    owner = await staff.ensure_owner(site.office)
    link = f"/signin/{await staff.make_signin_link(site.office, OPERATOR, owner.id)}"
    hidden = (await site.show(link)).all("input", type="hidden")
    assert await site.press(link, {each.get("name", ""): each.get("value", "") for each in hidden}) == 303
