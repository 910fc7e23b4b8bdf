"""Every page in a real browser: readable for everyone, on every screen, without breaking its own rules."""

from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.async_api import Browser, Page

from tests.browser.gallery import cases

pytestmark = pytest.mark.asyncio(loop_scope="module")

Scheme = Literal["light", "dark"]
VIEWS: tuple[tuple[str, int, Scheme], ...] = (("id", 390, "light"), ("en", 1280, "dark"))


async def open_page(browser: Browser, address: str, *, width: int, scheme: Scheme, script: bool = True) -> Page:
    """Open an address with a screen of that width and return the page."""
    context = await browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=script
    )
    page = await context.new_page()
    await page.goto(address)
    return page


@pytest.mark.parametrize("name", sorted(cases()))
async def test_everyone_can_read_it(shared_browser: Browser, gallery: str, name: str) -> None:
    """Axe finds nothing on any page, in either language, light and dark; nothing sticks out, not even at 320 pixels."""
    for spoken, width, scheme in VIEWS:
        page = await open_page(shared_browser, f"{gallery}/{spoken}/{name}", width=width, scheme=scheme)
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        for narrower in (width, 320):
            await page.set_viewport_size({"width": narrower, "height": 844})
            assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), narrower
        await page.context.close()


async def test_the_pages_break_no_rule_of_their_policy(shared_browser: Browser, gallery: str) -> None:
    """A strict security policy costs nothing: no script or style is refused."""
    said: list[str] = []
    context = await shared_browser.new_context()
    page = await context.new_page()
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in ("inbox", "conversation", "account"):
        await page.goto(f"{gallery}/id/{name}")
    assert said == []


async def test_paper_shows_the_record_and_no_buttons(shared_browser: Browser, gallery: str) -> None:
    """A printed conversation has its messages and what the words mean, fits on the paper, and has nothing to press."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation", width=1280, scheme="dark")
    await page.emulate_media(media="print")
    assert await page.locator(".message").first.is_visible()
    assert await page.locator(".explained dd").first.is_visible()
    await page.set_viewport_size({"width": 794, "height": 1123})
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the paper"
    assert await page.locator("button:visible, .button:visible, textarea:visible, nav:visible").count() == 0


async def test_paper_says_of_when_it_is_and_unfolds_the_reports(shared_browser: Browser, gallery: str) -> None:
    """A printed page names the moment it shows, with its time zone, and Meta's reports, unfolded."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation", width=1280, scheme="light")
    report = page.locator(".reports td").first
    assert await page.locator(".paper:visible").count() == 0
    assert not await report.is_visible()
    await page.emulate_media(media="print")
    assert await page.locator("#paper").inner_text() == "Keadaan per Senin, 23 November 2026, 11.05.00 WIB"
    assert await report.is_visible()


async def test_paper_shows_what_was_written_before(shared_browser: Browser, gallery: str) -> None:
    """What a client changed or deleted is on paper with its original, although it is folded on the screen."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation-kinds", width=1280, scheme="light")
    original = page.get_by_text("Sidang hari Senin pukul 10.")
    assert not await original.is_visible()
    await page.emulate_media(media="print")
    assert await original.is_visible()


async def test_paper_shows_pictures_and_names_of_files(shared_browser: Browser, gallery: str) -> None:
    """A printed conversation has its pictures, and name and size of everything else; nothing that plays."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation-files", width=1280, scheme="light")
    await page.emulate_media(media="print")
    assert await page.locator(".picture img").first.is_visible()
    for name in ("rekaman rapat.mp3", "Akta Jual Beli.pdf"):
        assert await page.locator(".called", has_text=name).is_visible()
    assert await page.locator("audio:visible, video:visible, .save:visible, .attachment button:visible").count() == 0


async def test_what_is_to_be_pressed_is_large_enough_for_a_thumb(shared_browser: Browser, gallery: str) -> None:
    """On a phone no button, no fold and no way to another page is lower than 44 pixels."""
    for name in ("conversation", "inbox-alarmed", "notice-answered", "quarantined"):
        page = await open_page(shared_browser, f"{gallery}/id/{name}", width=390, scheme="light")
        pressed = page.locator("button:visible, summary:visible, nav a:visible, .bar a:visible, .as-it-came:visible")
        heights = await pressed.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert heights
        assert min(heights) >= 44, (name, sorted(heights)[:3])


@pytest.mark.parametrize("spoken", ["id", "en"])
async def test_all_ways_stand_in_one_line_on_a_phone(shared_browser: Browser, gallery: str, spoken: str) -> None:
    """The six pages of the heading fit beside one another on a phone of 390 pixels, whatever a person is called."""
    page = await open_page(shared_browser, f"{gallery}/{spoken}/inbox", width=390, scheme="light")
    tops = await page.locator("nav a").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 6
    assert len(set(tops)) == 1


async def test_the_counter_counts_characters_as_whatsapp_does(shared_browser: Browser, gallery: str) -> None:
    """The hint under the field counts an emoji once, and turns red beyond the limit."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation", width=390, scheme="light")
    await page.fill("#text", "halo 😀")
    assert await page.text_content("#limit") == "6 / 4096"
    await page.fill("#text", "x" * 4097)
    assert "over" in (await page.get_attribute("#limit", "class") or "")


async def test_without_script_the_page_is_whole(shared_browser: Browser, gallery: str) -> None:
    """With JavaScript switched off the reply form and every message are there."""
    page = await open_page(shared_browser, f"{gallery}/id/conversation#latest", width=390, scheme="light", script=False)
    assert await page.locator("#text").is_visible()
    assert await page.locator("li.message").count() == 16
