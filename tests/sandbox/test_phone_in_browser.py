import shutil
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox.faults import Fault
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
    await page.click("#switch-is_on")
    await page.click("#kinds > summary")
    await page.click("#kind-location")
    await expect(page.locator(".mine .kind")).to_have_text("Lokasi (tempat)")
    await page.click("#faults > summary")
    await page.click("#faults-reports > summary")
    await page.click("#switch-no_status")
    await expect(page.locator("#switch-no_status")).to_have_attribute("aria-checked", "true")
    await expect(page.locator("#switch-no_status")).to_be_visible()


async def test_what_is_unfolded_stays_so_while_things_happen(page: Page, meta: PretendMeta, office: Office) -> None:
    """Menus, a bubble's menu and the words being changed in it outlast news; quoting ends with the answer."""
    bubble = meta.talk.write(meta.handset(PHONE), "Halo")
    await page.click(f"#actions-{bubble.key} summary")
    await page.fill(f"#words-{bubble.key}", "Halo Bu")
    await page.click("#faults > summary")
    await page.click("#faults-webhooks > summary")
    await page.click("#switch-extra_keys")
    await expect(page.locator("#switch-extra_keys")).to_have_attribute("aria-checked", "true")
    await expect(page.locator("#switch-extra_keys")).to_be_focused()
    await office.send(text_body(text="Selamat siang"))
    await expect(page.locator(".theirs")).to_have_count(1)
    await expect(page.locator(f"#words-{bubble.key}")).to_have_value("Halo Bu")
    await page.click(f"#actions-{bubble.key} button[name=emoji] >> nth=0")
    await expect(page.locator(".mine .reaction")).to_have_count(1)
    await page.click(f"#actions-{bubble.key} a")
    await expect(page.locator("#quote")).to_contain_text("Halo")
    await page.fill("#text", "Maksud saya")
    await page.press("#text", "Enter")
    await expect(page.locator(".mine blockquote")).to_have_text("Halo")
    await expect(page.locator("#quote")).not_to_contain_text("Halo")


async def test_a_file_can_be_sent_in_a_browser(page: Page, meta: PretendMeta) -> None:
    """The file form works with a chosen file and its caption."""
    await page.click("#kinds > summary")
    await page.set_input_files("#file", {"name": "akta.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"})
    await page.fill("#caption", "Akta lama")
    await page.click(".file button")
    await expect(page.locator(".mine p")).to_have_text("Akta lama")
    assert meta.handset(PHONE).bubbles[-1].parts["document"]["filename"] == "akta.pdf"


@pytest.mark.parametrize("width", [390, 1280])
async def test_everyone_can_use_it(browser: Browser, phone: PhonePage, meta: PretendMeta, width: int) -> None:
    """Axe finds nothing to complain about and nothing is wider than the screen."""
    bubble = meta.talk.write(meta.handset(PHONE), "Halo")
    meta.talk.react(meta.handset(PHONE), bubble, "👍")
    meta.faults.add(Fault.EXTRA_KEYS)
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
