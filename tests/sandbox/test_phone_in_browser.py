import shutil
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.phone import PhonePage


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Return the system's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, phone: PhonePage) -> Page:
    """Return the phone page at the width of a phone, failing on any complaint of the browser."""
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    page.on("console", lambda message: pytest.fail(message.text))
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    await page.goto(phone.url)
    return page


async def test_a_talk_goes_on_without_reloading(page: Page, meta: PretendMeta, office: Office) -> None:
    """What is written, arrives, is answered and is switched shows at once while the text in hand stays."""
    await page.fill("#text", "Halo")
    await page.press("#text", "Enter")
    await expect(page.locator(".mine .tick-2")).to_have_count(1)
    await expect(page.locator("#text")).to_have_value("")
    await page.fill("#text", "Belum selesai")
    await office.send(text_body(text="Selamat siang"))
    await expect(page.locator(".theirs p")).to_have_text("Selamat siang")
    await meta.wait_until(lambda: "read" in office.words(meta.accepted[0].wamid))
    await expect(page.locator("#text")).to_have_value("Belum selesai")
    await page.click("#switch-is_on")
    await expect(page.locator("#text")).to_be_disabled()
    await expect(page.locator("#switch-is_on")).to_be_focused()
    await office.send({"messaging_product": "whatsapp", "status": "read", "message_id": _last_from_client(meta)})
    await expect(page.locator(".mine .tick-3")).to_have_count(1)


async def test_it_works_without_javascript(browser: Browser, phone: PhonePage, meta: PretendMeta) -> None:
    """Writing and switching work by forms alone."""
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(phone.url)
    await page.fill("#text", "Halo")
    await page.click(".send")
    await expect(page.locator(".mine p")).to_have_text("Halo")
    await page.click("#switch-is_on")
    await expect(page.locator("#switch-is_on")).to_have_attribute("aria-checked", "false")
    assert not meta.handset(PHONE).is_on


@pytest.mark.parametrize("width", [390, 1280])
async def test_everyone_can_use_it(browser: Browser, phone: PhonePage, meta: PretendMeta, width: int) -> None:
    """Axe finds nothing to complain about and nothing is wider than the screen."""
    meta.client_writes(PHONE, "Sri Wahyuni", "Halo")
    # The policy forbids foreign scripts, and axe is one.
    context = await browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    await page.goto(phone.url)
    for folded in await page.locator("summary").all():
        await folded.click()
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth") <= width


def _last_from_client(meta: PretendMeta) -> str:
    return next(bubble.wamid for bubble in reversed(meta.handset(PHONE).bubbles) if not bubble.is_from_office)
