"""Files of messages in a real browser: seen, heard, sought in, and never run."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Request

from tests.pictures import moving, picture
from tests.stored import send_file, store
from tests.web.desk import Desk, receive
from wabridge.core.appearances import Appearances
from wabridge.model.media import MediaFile

ATTACK = "document.title = 'taken'; fetch('/taken')"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{ATTACK}\"><script>{ATTACK}</script></svg>".encode()
HTML = f"<!doctype html><html><body><script>{ATTACK}</script></body></html>".encode()
XML = f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>{ATTACK}</script></html>'.encode()
GIF_SCRIPT = b"GIF89a/*" + moving("GIF")[8:] + b"*/=1;" + ATTACK.encode() + b"//" + HTML
JPEG_PAGE = picture("JPEG") + HTML
PDF_SCRIPT = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
SECONDS = 600
SILENCE = (b"\xff\xfb\x90\x64" + bytes(413)) * (SECONDS * 44100 // 1152)
"""Ten minutes of MP3, 9.6 MB: more than a browser loads before it is asked to."""


@asynccontextmanager
async def at_the_desk(browser: Browser, desk: Desk, *, script: bool = True) -> AsyncIterator[Page]:
    """Yield a page of a browser that is signed in."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
    cookies = [{"name": jar.key, "value": jar.value, "url": desk.url} for jar in desk.http.cookie_jar]
    await context.add_cookies(cookies)  # type: ignore[arg-type]  # each is a cookie as playwright describes it
    page = await context.new_page()
    yield page
    await context.close()


async def look(desk: Desk) -> None:
    """Find out what the stored files are."""
    while await Appearances(desk.office).look():
        pass


async def test_a_picture_is_seen_small_and_whole(browser: Browser, desk: Desk) -> None:
    """The conversation shows the small picture in its reserved place; pressing it opens the picture itself."""
    file = await store(desk.office, picture("PNG", size=(1200, 800)), caption="KTP")
    await look(desk)
    async with at_the_desk(browser, desk) as page:
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        small = page.get_by_role("img", name="Gambar: KTP")
        await small.scroll_into_view_if_needed()
        await page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
        assert await small.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [480, 320]
        async with page.expect_popup() as opened:
            await small.click()
        whole = await opened.value
        await whole.wait_for_load_state()
        assert await whole.evaluate("document.images[0].naturalWidth") == 1200


async def test_the_place_of_a_picture_is_kept_free(browser: Browser, desk: Desk) -> None:
    """What stands below a picture does not jump when it arrives."""
    file = await store(desk.office, picture("PNG", size=(1200, 800)))
    await look(desk)
    async with at_the_desk(browser, desk) as page:
        await page.route("**/thumbnail", lambda route: None)  # it never comes
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        box = await page.locator(".picture img").bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.02)
        assert box["width"] > 250


async def test_seeking_in_a_recording_asks_for_a_part(browser: Browser, desk: Desk) -> None:
    """Whoever jumps to the last minute does not wait for the nine before: the browser asks for a range and gets it."""
    file = await store(desk.office, SILENCE, "audio", mime_type="audio/mpeg")
    await look(desk)
    parts: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(f"/media/{file.id}"):
            parts.append(request.headers.get("range", ""))

    async with at_the_desk(browser, desk) as page:
        page.on("request", note)
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        player = page.locator("audio")
        await player.evaluate("one => new Promise(done => one.readyState ? done() : one.onloadedmetadata = done)")
        assert await player.evaluate("one => one.duration") == pytest.approx(SECONDS, rel=0.02)
        await player.evaluate("one => new Promise(done => { one.onseeked = done; one.currentTime = 560; })")
        assert await player.evaluate("one => one.error") is None
    starts = [int(part.removeprefix("bytes=").partition("-")[0]) for part in parts if part]
    assert max(starts) > len(SILENCE) / 2, parts


@pytest.mark.parametrize(
    ("held", "is_shown"),
    [(SVG, False), (HTML, False), (XML, False), (PDF_SCRIPT, False), (GIF_SCRIPT, True), (JPEG_PAGE, True)],
    ids=["svg", "html", "xhtml", "pdf", "gif that is a script", "jpeg that is a page"],
)
async def test_nothing_that_was_sent_runs(browser: Browser, desk: Desk, held: bytes, is_shown: bool) -> None:
    """Opened, or loaded as script or style, a client's file does nothing in our origin, whatever it is called."""
    file = await store(desk.office, held, mime_type="image/jpeg", file_name="foto.jpg")
    await look(desk)
    asked: list[str] = []
    async with at_the_desk(browser, desk) as page:
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        title = await page.title()
        assert await _load(page, file, "script", "src") == "error"
        assert await _load(page, file, "link", "href") == "error"
        assert await page.title() == title
        if is_shown:
            await page.goto(f"{desk.url}/media/{file.id}")
            assert await page.evaluate("document.images.length") == 1
            assert await page.evaluate("window.origin") == "null"
        else:
            async with page.expect_download() as saved:
                await page.evaluate(f"location.href = '/media/{file.id}'")
            assert (await saved.value).suggested_filename == "foto.jpg"
        assert await page.title() != "taken"
    assert [url for url in asked if "taken" in url] == []


async def _load(page: Page, file: MediaFile, tag: str, attribute: str) -> str:
    """Put the file into our own page as a script or a style sheet, and say what comes of it."""
    return str(
        await page.evaluate(
            """([tag, attribute, address]) => new Promise(done => {
                const one = document.createElement(tag);
                one.rel = "stylesheet";
                one.onload = () => done("load");
                one.onerror = () => done("error");
                one[attribute] = address;
                document.head.append(one);
            })""",
            [tag, attribute, f"/media/{file.id}"],
        )
    )


async def test_a_file_appears_without_a_reload(browser: Browser, desk: Desk) -> None:
    """While it is fetched the page says so; once it is here it shows, and nobody pressed anything."""
    file = await send_file(desk.office)
    async with at_the_desk(browser, desk) as page:
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        await page.get_by_text("Sedang diunduh…").wait_for()
        await store(desk.office, picture(), known=file)
        await look(desk)
        await page.locator(".picture img").wait_for()
        assert await page.get_by_text("Sedang diunduh…").count() == 0


async def test_what_is_being_heard_is_not_interrupted(browser: Browser, desk: Desk) -> None:
    """While a recording plays, new messages come onto the page and the recording plays on, whatever happens to it."""
    file = await store(desk.office, SILENCE, "audio")
    await look(desk)
    async with at_the_desk(browser, desk) as page:
        async with page.expect_response("**/events"):
            await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        await page.locator("audio").evaluate("one => { one.muted = true; return one.play(); }")
        await page.locator("audio").evaluate("one => { one.dataset.mark = 'same'; one.closest('li').title = 'other'; }")
        await receive(desk.office, "Sudah didengar?")
        await page.get_by_text("Sudah didengar?").wait_for()
        player = page.locator("audio[data-mark=same]")
        assert await player.evaluate("one => !one.paused")
        await player.evaluate("one => one.pause()")
        await receive(desk.office, "Halo?")
        await page.get_by_text("Halo?").wait_for()
        assert await player.count() == 0


async def test_without_script_files_are_whole(browser: Browser, desk: Desk) -> None:
    """With JavaScript switched off, pictures, players and links are there."""
    await store(desk.office, picture())
    await store(desk.office, SILENCE[:41700], "audio")
    file = await store(desk.office, b"%PDF-1.4", "document")
    await look(desk)
    async with at_the_desk(browser, desk, script=False) as page:
        await page.goto(f"{desk.url}/conversations/{file.conversation_id}")
        assert await page.locator(".picture img").is_visible()
        assert await page.locator("audio[controls]").is_visible()
        assert await page.get_by_role("link", name="Dokumen").is_visible()
