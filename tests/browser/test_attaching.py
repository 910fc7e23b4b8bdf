"""Attaching files in a real browser, on a phone, with script and without."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.arrivals import column
from tests.browser.test_files import at_the_desk
from tests.documents import PDF, VOICE
from tests.pictures import moving, picture
from tests.web.desk import Desk, receive

CHAT = "/conversations/1"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three files on the phone: a PDF, a picture, and a moving picture that WhatsApp does not take."""
    made = {"Surat Kuasa Khusus.pdf": PDF, "foto KTP.jpg": picture(), "kucing.gif": moving("GIF")}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in made]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_files_are_attached_and_sent_from_a_phone(
    browser: Browser, desk: Desk, files: list[Path], script: bool
) -> None:
    """A refused file is named, the others stay ticked in the box, and go with the next press."""
    await receive(desk.office, "Halo")
    async with at_the_desk(browser, desk, script=script) as page:
        await page.goto(desk.url + CHAT)
        await page.locator("#text").fill("Mohon ditandatangani")
        await page.get_by_label("Lampirkan berkas").set_input_files(files)
        if script:
            assert await page.locator("#chosen li").count() == 3
        await page.get_by_role("button", name="Kirim", exact=True).click()
        refusal = page.locator("#refusal")
        await refusal.wait_for()
        assert (await refusal.inner_text()).startswith("kucing.gif: WhatsApp hanya menerima")
        assert await page.locator("input[name=enclosure]:checked").count() == 2
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await page.locator(".message.outbound").nth(1).wait_for()
    kinds = await column(desk.office.database, "SELECT kind FROM message WHERE direction = 'outbound' ORDER BY id")
    assert kinds == ["document", "image"]


async def test_a_file_that_is_too_large_is_said_before_it_is_sent(browser: Browser, desk: Desk, tmp_path: Path) -> None:
    """What WhatsApp never takes is not even sent off."""
    await receive(desk.office, "Halo")
    large = tmp_path / "berkas.pdf"
    with large.open("wb") as file:
        file.truncate(100 * 2**20 + 1)
    async with at_the_desk(browser, desk) as page:
        await page.goto(desk.url + CHAT)
        field = page.get_by_label("Lampirkan berkas")
        await field.set_input_files(large)
        assert "lebih besar dari 100 MB" in await field.evaluate("field => field.validationMessage")
        await page.get_by_role("button", name="Kirim", exact=True).click()
        assert await page.evaluate("location.pathname") == CHAT


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_recording_brings_its_choice_with_it(
    browser: Browser, desk: Desk, files: list[Path], tmp_path: Path, script: bool
) -> None:
    """With script the box is there once a recording is chosen, and goes with it; without, it is always there."""
    await receive(desk.office, "Halo")
    recording = tmp_path / "Catatan.ogg"
    recording.write_bytes(VOICE)
    async with at_the_desk(browser, desk, script=script) as page:
        await page.goto(desk.url + CHAT)
        field, box = page.get_by_label("Lampirkan berkas"), page.get_by_label("Kirim rekaman sebagai berkas audio")
        assert await box.is_visible() is not script
        await field.set_input_files(files[:1])
        assert await box.is_visible() is not script
        await field.set_input_files(recording)
        assert await box.is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await box.check()
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await page.locator(".message.outbound").first.wait_for()
    query = "SELECT json_extract(content, '$.body.is_voice') FROM message WHERE direction = 'outbound'"
    assert await column(desk.office.database, query) == [0]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_document_goes_above_a_question_from_a_phone(
    browser: Browser, desk: Desk, files: list[Path], script: bool
) -> None:
    """The fold opens, the file is chosen, and the conversation shows it above the buttons."""
    await receive(desk.office, "Halo")
    async with at_the_desk(browser, desk, script=script) as page:
        await page.goto(f"{desk.url}{CHAT}/send/buttons")
        await page.get_by_label("Teks", exact=True).fill("Surat kuasa ini sudah benar?")
        await page.get_by_label("Tombol 1").fill("Ya")
        await page.get_by_text("Judul, berkas, dan catatan di bawah teks").click()
        await page.get_by_label("Berkas di atas teks").set_input_files(files[0])
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await page.get_by_role("button", name="Kirim", exact=True).click()
        await page.locator(".message.outbound").first.wait_for()
        assert "Surat Kuasa Khusus.pdf" in await page.locator(".message.outbound").first.inner_text()
    query = "SELECT json_extract(content, '$.body.header.kind') FROM message WHERE direction = 'outbound'"
    assert await column(desk.office.database, query) == ["document"]
