"""Live changes, clients who hide their number, and the end of a run."""

import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp

from tests.journeys.site import SITI, Site, eventually, make_settings, open_site
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta


async def test_an_open_page_hears_of_a_message_within_a_second(site: Site) -> None:
    """The stream of an open page names the conversation within a second, and says nothing about what was written."""
    async with site.page.get(f"{site.url}/events") as stream:
        assert (stream.status, stream.content_type) == (200, "text/event-stream")
        await stream.content.readuntil(b": \n\n")  # from here on it listens
        site.meta.client_writes(SITI, "Siti Rahayu", "Rahasia")
        async with asyncio.timeout(1):
            change = await _next_change(stream)
    assert change["topic"] == "conversation"
    assert f"/conversations/{change['conversation']}" == await site.conversation()
    assert set(change) == {"topic", "conversation"}


async def test_an_open_page_hears_of_a_delivery(site: Site) -> None:
    """Each step of a reply rings the open page: queued, handed over, reported."""
    await site.write("Halo")
    async with site.page.get(f"{site.url}/events") as stream:
        await stream.content.readuntil(b": \n\n")
        message = await site.reply("Balasan")
        await site.until_status(message, "delivered")
        async with asyncio.timeout(5):
            changes = [await _next_change(stream) for _ in range(3)]
    assert {change["topic"] for change in changes} == {"conversation"}


async def test_only_people_who_are_signed_in_hear_anything(site: Site) -> None:
    """Without a session there is no stream."""
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(f"{site.url}/events", allow_redirects=False) as answer,
    ):
        assert answer.status == 401


async def test_somebody_who_hides_the_number_is_a_person_like_any_other(site: Site) -> None:
    """Known by the business-scoped user id alone: contact, conversation, and the answer goes to `recipient`."""
    handset = site.meta.handset(SITI, "Siti")
    handset.person = replace(handset.person, hides_phone=True)
    user_id = handset.person.user_id
    site.meta.client_writes(SITI, "Siti", "Nomor saya tersembunyi")
    await site.until_filed("Nomor saya tersembunyi", user_id)
    inbox = await site.show("/inbox")
    assert inbox.texts("span", "name") == ["Siti"]
    (contact,) = await site.contacts()
    assert [identity["kind"] for identity in contact["identities"]] == ["user_id"]
    path = await site.conversation(user_id)
    page = "".join((await site.show(path)).root.itertext())
    assert "Siti" in page
    assert user_id not in page
    assert await site.submit(path, f"{path}/reply", text="Baik, Bu.") == 303
    reply = (await site.messages(user_id))[-1]["id"]
    await site.until_status(reply, "delivered")
    status, queued = await site.call("POST", "/messages", json={"contact_id": contact["id"], "text": "Lagi"})
    assert status == 202
    await site.until_status(queued["id"], "delivered")
    assert [request.body["recipient"] for request in site.meta.requests] == [user_id, user_id]
    assert all("to" not in request.body for request in site.meta.requests)
    assert site.meta.violations == []


async def test_somebody_who_shows_the_number_later_stays_one_person(site: Site) -> None:
    """The user id alone first, with the number afterwards: one contact with both, one conversation."""
    handset = site.meta.handset(SITI, "Siti")
    shown, handset.person = handset.person, replace(handset.person, hides_phone=True)
    site.meta.client_writes(SITI, "Siti", "Tanpa nomor")
    await site.until_filed("Tanpa nomor", shown.user_id)
    handset.person = shown
    await site.write("Dengan nomor", name="Siti")
    assert await site.texts(SITI) == ["Tanpa nomor", "Dengan nomor"]
    (contact,) = await site.contacts()
    assert {identity["kind"] for identity in contact["identities"]} == {"phone", "user_id"}


async def test_after_the_stop_nothing_of_ours_is_left(tmp_path: Path, meta: PretendMeta) -> None:
    """A stop in the middle of everything ends all tasks and threads, and a new start finds all that was stored."""
    settings = make_settings(tmp_path, meta)
    threads, tasks = _threads(), asyncio.all_tasks()
    async with open_site(settings, meta) as site:
        await site.write("Sebelum berhenti")
        meta.answers.append(answers.slow(0.2))
        message = await site.reply("Sedang di jalan")
        await meta.wait_until(lambda: len(meta.accepted) == 1)
        stream = await site.page.get(f"{site.url}/events")
    stream.close()
    assert site.running.done()
    assert site.running.exception() is None

    async def are_gone() -> bool:
        return _threads() == threads  # a thread of the database says goodbye just before it is gone

    await eventually(are_gone)
    assert _of_ours(asyncio.all_tasks() - tasks) == set()
    async with open_site(settings, meta) as again:
        assert await again.texts() == ["Sebelum berhenti", "Sedang di jalan"]
        await again.until_status(message, "sent", "delivered")
        await again.write("Sesudah mulai lagi")


def _threads() -> set[threading.Thread]:
    """Return all threads but those of the event loop's own pool, which ends with the loop."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


def _of_ours(tasks: set[asyncio.Task[Any]]) -> set[str]:
    names = {str(task.get_coro()) for task in tasks}
    return {name for name in names if not any(stand_in in name for stand_in in ("sandbox", "Receipts", "Courier"))}


async def _next_change(stream: aiohttp.ClientResponse) -> dict[str, Any]:
    while True:
        line = await stream.content.readline()
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            change: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return change
