"""Legal notices with a document, played whole: from the form to the phone, and back onto the page."""

import hashlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from tests.clocks import FakeClock
from tests.documents import PDF
from tests.journeys.site import Site, eventually, make_settings, open_meta, open_site
from tests.journeys.test_notices import TEXT, bubble, receipts, tap, until_level
from tests.pictures import picture
from tests.web.parsed import text_of

SHA256 = hashlib.sha256(PDF).hexdigest()
SHORT = f"{SHA256[:8]}…{SHA256[-8:]}"


@pytest.fixture
async def office(tmp_path: Path, time: FakeClock) -> AsyncIterator[Site]:
    """A site whose time the test sets."""
    async with (
        open_meta(now=lambda: time.now) as meta,
        open_site(make_settings(tmp_path, meta), meta, clock=time.clock) as opened,
    ):
        yield opened


async def press(site: Site, page: str, path: str, file: tuple[str, bytes], **typed: str) -> tuple[int, str]:
    """Send a form with a file as a browser does: words first."""
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    for name, value in {**await site.form(page, path), **typed}.items():
        if name != "file":
            form.add_field(name, value)
    form.add_field("file", file[1], filename=file[0], content_type="application/octet-stream")
    async with site.page.post(
        site.url + path, data=form, headers={"Origin": site.url}, allow_redirects=False
    ) as response:
        return response.status, await response.text()


async def draft(site: Site, time: FakeClock) -> str:
    """Let Siti write, draft a notice with a document to her on the page, approve it; return its address."""
    await site.write("Selamat siang, Pak")
    place = f"{await site.conversation()}/notices"
    deadline = (time.now + timedelta(hours=7 + 72)).strftime("%Y-%m-%dT%H:%M")
    typed = {"title": "Panggilan sidang", "text": TEXT, "wanted": "confirmed", "language": "id", "deadline": deadline}
    status, said = await press(site, f"{place}/new", place, ("Panggilan.pdf", PDF), **typed)
    assert status == 303, said
    assert await site.submit("/notices/1", "/notices/1/approve") == 303
    return "/notices/1"


async def fetch(site: Site, path: str) -> tuple[int, bytes]:
    """Return what an address of the page gives out."""
    async with site.page.get(site.url + path) as response:
        return response.status, await response.read()


async def test_the_document_stands_above_the_buttons_on_the_phone(office: Site, time: FakeClock) -> None:
    """The client gets the very bytes that were approved; the receipt for the confirmation names their checksum."""
    path = await draft(office, time)
    assert await office.submit(path, f"{path}/send") == 303
    await until_level(office, "delivered")
    shown = bubble(office)
    assert shown.file is not None
    assert shown.file.content == PDF
    assert [choice.title for choice in shown.choices] == ["Sudah saya baca", "Ada pertanyaan", "Bukan saya"]
    tap(office, "Sudah saya baca")
    await until_level(office, "confirmed")

    async def is_thanked() -> bool:
        return bool(await receipts(office))

    await eventually(is_thanked)
    assert f"Sidik dokumen (SHA-256): {SHORT}" in (await receipts(office))[0]
    page = await office.show(path)
    content = text_of(page.one("section", id="content"))
    assert "Panggilan.pdf" in content
    assert SHA256 in content
    assert await fetch(office, f"{path}/files/1") == (200, PDF)
    assert office.meta.violations == []


async def test_outside_the_window_the_template_carries_the_document(office: Site, time: FakeClock) -> None:
    """A day after Siti last wrote the document goes above the approved template's text."""
    path = await draft(office, time)

    async def are_there() -> bool:
        return "pemberitahuan_hukum_berkas" in await office.get("/templates")

    await eventually(are_there)
    time.advance(25 * 3600)
    assert await office.submit(path, f"{path}/send") == 303
    await until_level(office, "delivered")
    shown = bubble(office)
    assert shown.file is not None
    assert shown.file.content == PDF
    tap(office, "Sudah saya baca")
    await until_level(office, "confirmed")
    assert office.meta.violations == []


async def test_a_registered_letter_is_recorded_with_its_scan(office: Site, time: FakeClock) -> None:
    """The signed receipt stands in the timeline with its checksum, and can be had from there."""
    path = await draft(office, time)
    assert await office.submit(path, f"{path}/send") == 303
    await until_level(office, "delivered")
    when = (time.now + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M")
    typed = {"outcome": "confirmed", "means": "letter", "happened": when, "reference": "RR123456789ID"}
    status, said = await press(office, path, f"{path}/record", ("resi.jpg", picture()), **typed)
    assert status == 303, said
    timeline = text_of((await office.show(path)).one("ol", class_="timeline"))
    assert "resi.jpg" in timeline
    assert hashlib.sha256(picture()).hexdigest() in timeline
    address = re.search(rf"{path}/files/[2-9]", await office.get(path))
    assert address is not None
    assert await fetch(office, address[0]) == (200, picture())
