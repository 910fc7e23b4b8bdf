"""Legal notices played whole: drafted on the page, sent through Meta, answered with the real buttons on the phone."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clocks import FakeClock
from tests.journeys.site import BUDI, SITI, Site, eventually, make_settings, open_meta, open_site
from tests.web.parsed import text_of
from wabridge.sandbox.handset import Bubble, Handset
from wabridge.settings import NoticeSettings

TEXT = "Sidang perkara Anda dijadwalkan pada Senin, 7 Desember 2026 pukul 09.00 WIB."


@pytest.fixture
async def office(tmp_path: Path, time: FakeClock) -> AsyncIterator[Site]:
    """A site whose time the test sets, and that reminds after two hours."""
    async with open_meta(now=lambda: time.now) as meta:
        settings = make_settings(tmp_path, meta)
        settings = replace(settings, notices=NoticeSettings(reminders_after_hours=(2,), warn_before_hours=0))
        async with open_site(settings, meta, clock=time.clock) as opened:
            yield opened


async def know(site: Site, number: int = 1) -> dict[str, Any]:
    """Return a notice as programs see it."""
    status, said = await site.call("GET", f"/notices/{number}")
    assert status == 200, said
    return dict(said)


async def until(site: Site, holds: Callable[[dict[str, Any]], bool], number: int = 1) -> dict[str, Any]:
    """Return the notice once something holds of it."""
    said: dict[str, Any] = {}

    async def does_hold() -> bool:
        said.clear()
        said.update(await know(site, number))
        return holds(said)

    await eventually(does_hold)
    return said


async def until_level(site: Site, level: str, number: int = 1) -> dict[str, Any]:
    """Return the notice once it is on a rung."""
    return await until(site, lambda said: said["level"] == level, number)


async def draft(site: Site, time: FakeClock, *, hours: float = 72, wanted: str = "confirmed") -> str:
    """Let Siti write and a lawyer draft a notice to her on the page; return its address."""
    if not await site.texts():
        await site.write("Selamat siang, Pak")
    deadline = (time.now + timedelta(hours=7 + hours)).strftime("%Y-%m-%dT%H:%M")
    place = f"{await site.conversation()}/notices"
    form = await site.form(f"{place}/new", place)
    typed = {"title": "Jadwal sidang", "matter": "12/Pdt.G", "text": TEXT, "wanted": wanted, "language": "id"}
    before = len((await site.call("GET", "/notices"))[1]["items"])
    assert await site.press(place, {**form, **typed, "deadline": deadline}) == 303
    return f"/notices/{before + 1}"


async def send(site: Site, path: str) -> dict[str, Any]:
    """Approve and send it with the buttons on its page, and return it once it is on Siti's phone."""
    assert await site.submit(path, f"{path}/approve") == 303
    assert await site.submit(path, f"{path}/send") == 303
    return await until_level(site, "delivered", int(path.rsplit("/", 1)[1]))


def bubble(site: Site, text: str = TEXT) -> Bubble:
    """Return the newest message on Siti's phone that says this."""
    return next(each for each in reversed(site.meta.handset(SITI).bubbles) if text in each.text)


def tap(site: Site, title: str, *, under: Bubble | None = None, phone: Handset | None = None) -> None:
    """Press a button under a message, as whoever holds the phone does."""
    shown = under or bubble(site)
    choice = next(each for each in shown.choices if each.title == title)
    site.meta.talk.choose(phone or site.meta.handset(SITI), shown, choice)


async def receipts(site: Site) -> list[str]:
    """Return the receipts that came to Siti's phone."""
    return [each.text for each in site.meta.handset(SITI).bubbles if each.text.startswith("Tanda terima")]


async def test_the_right_button_confirms_and_is_thanked_for_once(office: Site, time: FakeClock) -> None:
    """Read on the phone and pressed twice: one confirmation with Meta's time, one receipt, and both on the pages."""
    path = await draft(office, time)
    said = await send(office, path)
    (request,) = [each for each in office.meta.requests if b"Sudah saya baca" in each.raw]
    assert re.fullmatch("a:[0-9a-f]{32};c:[0-9a-f]{64}", request.body["biz_opaque_callback_data"])
    time.advance(600)
    tap(office, "Sudah saya baca")
    tap(office, "Sudah saya baca")
    said = await until(office, lambda now: len([e for e in now["events"] if e["kind"] == "answered"]) == 2)
    assert [e["word"] for e in said["events"] if e["kind"] == "answered"] == ["confirmed", "repeated"]

    async def is_thanked() -> bool:
        return bool(await receipts(office))

    await eventually(is_thanked)
    (receipt,) = await receipts(office)
    assert "NH-" in receipt
    assert "Sidik isi (SHA-256): " in receipt
    page = await office.show(path)
    assert "Akun penerima menekan tombol" in text_of(page.one("ol", class_="timeline"))
    assert "Selesai 1" in text_of((await office.show("/notices")).one("p", id="places"))
    assert office.meta.violations == []


@pytest.mark.parametrize(("title", "level"), [("Bukan saya", "not_me"), ("Ada pertanyaan", "question")])
async def test_the_other_buttons_confirm_nothing(office: Site, time: FakeClock, title: str, level: str) -> None:
    """A "not me" and a question stand on the worklist with the next step, and bring no receipt."""
    await send(office, await draft(office, time))
    tap(office, title)
    said = await until_level(office, level)
    assert said["place"] == "disputed"
    assert (await office.show("/worklist")).one("li", id="t-notice-1") is not None
    assert await receipts(office) == []


async def test_after_not_me_the_next_notice_is_not_approved(office: Site, time: FakeClock) -> None:
    """The contact's page, the banner and the next notice say that it is not certain who the person is."""
    path = await draft(office, time)
    await send(office, path)
    tap(office, "Bukan saya")
    await until_level(office, "not_me")
    shown = text_of((await office.show("/contacts/1")).one("section", id="alert"))
    assert "bukan orang yang dituju" in shown
    assert "akunnya menyatakan bukan orang yang dituju" in text_of((await office.show("/inbox")).one("body"))
    following = await office.show(await draft(office, time))
    assert "Tidak ada yang disetujui atau dikirim" in text_of(following.one("section", id="acts"))


async def test_another_phone_does_not_confirm(office: Site, time: FakeClock) -> None:
    """The same button pressed in somebody else's account is recorded with the reason, and confirms nothing."""
    await send(office, await draft(office, time))
    await office.write("Halo", phone=BUDI, name="Budi")
    tap(office, "Sudah saya baca", phone=office.meta.handset(BUDI))
    said = await until_level(office, "unclear")
    assert [e["objection"] for e in said["events"] if e["kind"] == "answered"] == ["other_identity"]


async def test_a_button_under_another_message_does_not_confirm(office: Site, time: FakeClock) -> None:
    """The button of one notice under the message of another is of the wrong context."""
    await send(office, await draft(office, time))
    first = bubble(office)
    await send(office, await draft(office, time))
    second = bubble(office)
    choice = next(each for each in first.choices if each.title == "Sudah saya baca")
    office.meta.talk.choose(office.meta.handset(SITI), second, choice)
    said = await until_level(office, "unclear", 1)
    assert [e["objection"] for e in said["events"] if e["kind"] == "answered"] == ["wrong_context"]
    assert (await know(office, 2))["level"] == "delivered"


async def test_a_quoting_reply_is_a_response_until_a_person_says_more(office: Site, time: FakeClock) -> None:
    """Written words confirm when somebody of the office records that they do."""
    path = await draft(office, time)
    await send(office, path)
    office.meta.client_writes(SITI, "Siti Rahayu", "Sudah, Pak", quoted_wamid=bubble(office).wamid)
    await until_level(office, "responded")
    when = (time.now + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")
    typed = {"outcome": "confirmed", "means": "reply", "happened": when, "note": "Jelas"}
    assert await office.submit(path, f"{path}/record", **typed) == 303
    assert (await know(office))["level"] == "confirmed"


async def test_silence_is_reminded_of_and_then_recorded(office: Site, time: FakeClock) -> None:
    """After two hours one reminder with the buttons, at the deadline silence; pressed after that it is late."""
    await send(office, await draft(office, time, hours=5))
    time.advance(2 * 3600)

    async def is_reminded() -> bool:
        return any(each.text.startswith("Pengingat") for each in office.meta.handset(SITI).bubbles)

    await eventually(is_reminded)
    time.advance(4 * 3600)
    await until_level(office, "overdue")
    tap(office, "Sudah saya baca", under=bubble(office, "Pengingat"))
    said = await until_level(office, "confirmed_late")
    assert said["is_overdue"] is True
    assert [e["kind"] for e in said["events"] if e["kind"] in ("reminded", "overdue")] == ["reminded", "overdue"]


async def test_with_what_the_office_asked_for_nobody_is_reminded(office: Site, time: FakeClock) -> None:
    """Asked to arrive on a device and reported so, it is done without a reminder or silence, and never called read."""
    path = await draft(office, time, hours=5, wanted="delivered")
    await send(office, path)

    async def is_done() -> bool:
        return "Selesai 1" in text_of((await office.show("/notices")).one("p", id="places"))

    await eventually(is_done)
    said = text_of((await office.show(path)).one("section", id="standing"))
    assert "belum tentu dibaca" in said
    assert "Tidak ada lagi yang ditunggu" in said
    time.advance(6 * 3600)
    await send(office, await draft(office, time))  # the follow-up has looked at everything that was due before
    assert [e["kind"] for e in (await know(office))["events"]] == ["drafted", "approved", "queued"]


async def test_a_change_after_the_approval_needs_another_one(office: Site, time: FakeClock) -> None:
    """What was approved and changed cannot be sent until it is approved anew."""
    path = await draft(office, time)
    assert await office.submit(path, f"{path}/approve") == 303
    version = (await office.form(path, f"{path}/send"))["version"]
    form = await office.form(f"{path}/edit", f"{path}/edit")
    typed = {"title": "Jadwal sidang", "text": "Lain.", "wanted": "confirmed", "language": "id", "deadline": ""}
    assert await office.press(f"{path}/edit", {**form, **typed}) == 303
    csrf = form["csrf"]
    assert await office.press(f"{path}/send", {"csrf": csrf, "version": version}) == 409
    assert (await know(office))["level"] == "draft"
    assert await office.submit(path, f"{path}/approve") == 303
    assert await office.submit(path, f"{path}/send") == 303
    await until_level(office, "delivered")
    assert bubble(office, "Lain.").choices


async def test_outside_the_window_it_goes_as_a_template(office: Site, time: FakeClock) -> None:
    """A day after Siti last wrote it goes in the approved template; its quick reply confirms like a button."""
    path = await draft(office, time)
    await _until_templates(office)
    time.advance(25 * 3600)
    said = await send(office, path)
    assert said["messages"][0]["purpose"] == "notice"
    shown = bubble(office)
    assert "Jadwal sidang (NH-" in shown.text
    assert [choice.title for choice in shown.choices] == ["Sudah saya baca", "Ada pertanyaan", "Bukan saya"]
    tap(office, "Sudah saya baca")
    said = await until_level(office, "confirmed")
    assert [e["objection"] for e in said["events"] if e["kind"] == "answered"] == [None]
    assert office.meta.violations == []


async def _until_templates(site: Site) -> None:
    """Return once the office's templates were fetched from Meta."""

    async def are_there() -> bool:
        return "pemberitahuan_hukum" in await site.get("/templates")

    await eventually(are_there)
