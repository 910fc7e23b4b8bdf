"""Templates on the whole road: outside the window, withdrawn at the last moment, held, listed again, killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.house import House, free_port
from tests.clocks import FakeClock
from tests.journeys.site import SITI, Site, eventually
from tests.journeys.test_replay_command import open_data
from tests.web.parsed import text_of
from wabridge.model.ids import NumberId
from wabridge.sandbox import answers
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import PAUSED_TEMPLATE
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import standstills

STRANGER = "6281299990000"
NOTICE = {"body.nama": "Ibu Siti", "body.perihal": "jadwal sidang", "body.isi": "Sidang ditunda ke Senin."}
FIELDS = {f"slot.{key}": value for key, value in NOTICE.items()}
_OURS = NumberId(1)


async def find(site: Site, name: str) -> dict[str, Any]:
    """Return an Indonesian template as programs see it, once it is listed."""
    found: list[dict[str, Any]] = []

    async def is_listed() -> bool:
        nonlocal found
        items = (await site.call("GET", "/templates?language=id"))[1]["items"]
        found = [each for each in items if each["name"] == name]
        return bool(found)

    await eventually(is_listed)
    return found[0]


async def queue(site: Site, name: str = "pemberitahuan_hukum", **more: Any) -> int:
    """Queue a template by the API; returns the message's id."""
    template = {"name": name, "language": "id", "values": NOTICE if name == "pemberitahuan_hukum" else {}}
    status, said = await site.call("POST", "/messages", json={"to": "+" + SITI, "template": template, **more})
    assert status == 202, said
    return int(said["id"])


async def until_template(site: Site, name: str, **wanted: Any) -> None:
    """Return once a template is known to be so."""

    async def is_so() -> bool:
        return wanted.items() <= (await find(site, name)).items()

    await eventually(is_so)


async def test_outside_the_window_a_template_opens_it_again(timed: Site, time: FakeClock) -> None:
    """Two days later a template is chosen, filled in, delivered; the client presses a button, and the box is back."""
    await timed.write("Halo, saya mau bertanya")
    conversation = await timed.conversation()
    template = await find(timed, "pemberitahuan_hukum")
    time.advance(timedelta(days=2).total_seconds())
    assert (await timed.show(conversation)).all("textarea", id="text") == []
    address = f"{conversation}/templates/{template['id']}"
    assert await timed.submit(address, address, **FIELDS, do="send") == 303
    message = (await timed.messages())[-1]
    await timed.until_status(message["id"], "delivered")
    handset = timed.meta.handset(SITI)
    bubble = handset.bubbles[-1]
    assert bubble.text.startswith("Yth. Ibu Siti,")
    assert [choice.title for choice in bubble.choices] == ["Sudah saya baca", "Ada pertanyaan", "Bukan saya"]
    timed.meta.talk.choose(handset, bubble, bubble.choices[1])

    async def is_answered() -> bool:
        return bool((await timed.messages())[-1]["kind"] == "button")

    await eventually(is_answered)
    page = await timed.show(conversation)
    assert len(page.all("textarea", id="text")) == 1
    answer = (await timed.messages())[-1]
    assert "Tombol ke-2 pada pesan kantor" in text_of(page.one("li", id=f"m{answer['id']}"))
    assert timed.meta.violations == []


async def test_the_button_is_known_although_meta_leaves_out_what_was_answered(site: Site) -> None:
    """Without a context the id that came back leads to the message and the button."""
    await find(site, "pemberitahuan_hukum")
    sent = await queue(site)
    await site.until_status(sent, "delivered")
    handset = site.meta.handset(SITI)
    site.meta.faults.add(Fault.NO_CONTEXT)
    site.meta.talk.choose(handset, handset.bubbles[-1], handset.bubbles[-1].choices[2])

    async def is_answered() -> bool:
        return bool((await site.messages())[-1]["kind"] == "button")

    await eventually(is_answered)
    answer = (await site.messages())[-1]
    assert answer["quoted_id"] is None
    bubble = (await site.show(await site.conversation())).one("li", id=f"m{answer['id']}")
    assert "Tombol ke-3" in text_of(bubble)
    assert [each.get("href") for each in bubble.iter("a") if each.get("href") == f"#m{sent}"] != []


async def test_the_first_word_may_be_a_template(site: Site) -> None:
    """To somebody who has never written: a lead, a conversation, delivered, and no window."""
    await find(site, "ada_kabar")
    template = {"name": "ada_kabar", "language": "id"}
    status, said = await site.call("POST", "/messages", json={"to": f"+{STRANGER}", "template": template})
    assert status == 202
    await site.until_status(said["id"], "delivered")
    (contact,) = await site.contacts()
    assert contact["standing"] == "lead"
    status, refused = await site.call("POST", "/messages", json={"to": f"+{STRANGER}", "text": "Halo"})
    assert (status, refused["reason"]) == (409, "window_closed")


async def test_a_template_paused_between_queueing_and_sending_stays_here(site: Site) -> None:
    """Meta's webhook comes while the message waits to be undone: it fails with a sentence, and nothing is sent."""
    await find(site, "pemberitahuan_hukum")
    waiting = await queue(site, undo_seconds=2)
    site.meta.templates.set_status("pemberitahuan_hukum", "id", "PAUSED")
    await until_template(site, "pemberitahuan_hukum", status="paused")
    await site.until_status(waiting, "failed")
    assert (await site.message(waiting))["delivery"]["failure"]["code"] == -3
    assert site.meta.requests == []
    assert "Meta tidak lagi mengizinkan templat ini dikirim" in text_of(await site.bubble(waiting))


async def test_a_template_reworded_between_queueing_and_sending_stays_here(site: Site) -> None:
    """The webhook tells of another wording, the list brings it, and what was filled in for the old one is not sent."""
    await find(site, "pemberitahuan_hukum")
    waiting = await queue(site, undo_seconds=30)
    site.meta.templates.reword("pemberitahuan_hukum", "id", "Lain {{nama}} {{perihal}} {{isi}} ya.")
    await until_template(site, "pemberitahuan_hukum", version=2)
    assert (await site.call("GET", f"/messages/{waiting}"))[1]["status"] == "pending"
    status, _ = await site.call(
        "POST", "/messages", json={"to": "+" + SITI, "template": {"name": "ada_kabar", "language": "id"}}
    )
    assert status == 202
    assert all("Yth. Ibu Siti" not in message.text for message in site.meta.accepted)


async def test_what_meta_holds_is_shown_as_held_until_it_is_sent_or_dropped(site: Site) -> None:
    """Held, then sent: the words change by themselves. Held, then dropped: failed, and the template is paused here."""
    await find(site, "pemberitahuan_hukum")
    site.meta.answers.append(answers.hold())
    held = await queue(site)
    await site.until_status(held, "sent")
    assert (await site.message(held))["delivery"]["held_by_meta"] is True
    assert "Ditahan Meta" in await site.delivery(held)
    site.meta.emit_status(site.meta.accepted[0].wamid, "sent")
    await site.until_reports(held, "sent")
    assert (await site.message(held))["delivery"]["held_by_meta"] is False
    assert "Ditahan Meta" not in await site.delivery(held)
    site.meta.answers.append(answers.hold_then_fail(PAUSED_TEMPLATE))
    dropped = await queue(site)
    await site.until_status(dropped, "failed")
    await eventually(lambda: _was_listed_again(site))


async def _was_listed_again(site: Site) -> bool:
    return site.meta.templates.lists > 1


async def test_a_failing_list_is_told_and_disturbs_no_message(site: Site) -> None:
    """The page says what went wrong and how old the list is; templates and answers go out as ever."""
    await find(site, "pemberitahuan_hukum")
    site.meta.faults.add(Fault.TEMPLATE_LIST_FAILS)
    await eventually(lambda: _refresh(site))

    async def is_told() -> bool:
        return "Meta tidak dapat menjawab" in text_of((await site.show("/templates")).one("div", "sync"))

    await eventually(is_told, seconds=20)
    assert "Sesuai daftar Meta" in text_of((await site.show("/templates")).one("div", "sync"))
    await site.until_status(await queue(site), "delivered")
    assert await site.banners() == []


async def _refresh(site: Site) -> bool:
    return await site.submit("/templates", "/templates/refresh") == 303


@asynccontextmanager
async def _open_program(house: House, secret: str = "") -> AsyncIterator[aiohttp.ClientSession]:
    """Yield a program's connection; with the same secret it is the same program, whose keys are its own."""
    headers = {"Authorization": f"Bearer {secret or await house.token()}"}
    async with aiohttp.ClientSession(f"{house.url}/api/v1/", headers=headers) as session:
        yield session


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[House]:
    """A wabridge of its own process."""
    made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    meta.callback_url = f"{made.url}/webhook"
    await made.start()
    yield made
    await made.kill()


async def _sendable(session: aiohttp.ClientSession) -> int:
    async with session.get("templates", params={"sendable": "true"}) as response:
        return len((await response.json())["items"])


async def test_killed_while_the_list_is_fetched(house: House, meta: PretendMeta) -> None:
    """Killed after its first page, the next start fetches the list once more, whole."""
    async with _open_program(house) as session:

        async def is_listed() -> bool:
            return await _sendable(session) >= 10

        await eventually(is_listed)
        before = await _sendable(session)
    await house.kill()
    meta.templates.add({**meta.templates.get("ada_kabar", "id"), "name": "kabar_baru", "id": "99"})
    meta.templates.largest_page = 1
    await house.start()
    async with _open_program(house) as session, session.post("templates/refresh") as response:
        assert response.status == 202
        lists = meta.templates.lists

        async def is_under_way() -> bool:
            return meta.templates.lists > lists

        await eventually(is_under_way, seconds=20)
    await house.kill()
    meta.templates.largest_page = 100
    await house.start()
    async with _open_program(house) as session:

        async def is_whole() -> bool:
            return await _sendable(session) == before + 1

        await eventually(is_whole, seconds=20)


async def test_killed_between_queueing_and_sending(house: House, meta: PretendMeta) -> None:
    """What was queued as the first word to somebody is on the disk whole: after the next start it goes, once."""
    secret = await house.token()
    async with _open_program(house, secret) as session, open_data(house) as database:

        async def is_listed() -> bool:
            return await _sendable(session) > 0

        await eventually(is_listed)
        await database.write(lambda tx: standstills.begin(tx, _OURS, by="Sari", reason="", now=datetime.now(UTC)))
        template = {"name": "pemberitahuan_hukum", "language": "id", "values": NOTICE}
        json = {"to": f"+{STRANGER}", "template": template}
        async with session.post("messages", json=json, headers={"Idempotency-Key": "satu"}) as response:
            assert response.status == 202
            message = (await response.json())["id"]
        await house.kill()
        assert meta.requests == []
        await house.start()
        await database.write(lambda tx: standstills.end(tx, _OURS, by="Sari", now=datetime.now(UTC)))
    async with _open_program(house, secret) as session:

        async def is_delivered() -> bool:
            async with session.get(f"messages/{message}") as response:
                return bool((await response.json())["status"] == "delivered")

        await eventually(is_delivered)
        async with session.post("messages", json=json, headers={"Idempotency-Key": "satu"}) as response:
            assert (await response.json())["id"] == message
    assert len(meta.accepted) == 1
    assert meta.violations == []
