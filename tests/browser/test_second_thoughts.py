"""In a real browser: the pause in which an answer can be taken back, and a person who writes while somebody writes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_live import open_live, sign_in
from tests.clocks import FakeClock
from tests.web.desk import Desk, open_desk, receive
from wabridge.core.office import Office

PAGE = "/conversations/1"


@pytest.fixture
async def pausing(office: Office, fake_clock: FakeClock) -> AsyncIterator[Desk]:
    """A desk in an office that leaves half a minute for second thoughts."""
    fake_clock.now = datetime.now(UTC)
    settings = replace(office.settings, office=replace(office.settings.office, undo_seconds=30))
    async with open_desk(replace(office, settings=settings)) as desk:
        await receive(desk.office, "Kapan sidang saya?")
        yield desk


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
async def page(request: pytest.FixtureRequest, browser: Browser, pausing: Desk) -> Page:
    """A signed-in phone, with and without JavaScript."""
    return await (await sign_in(browser, pausing, script=request.param)).new_page()


async def test_an_answer_comes_back_into_its_box(page: Page, pausing: Desk) -> None:
    """Sent, thought better of, taken back: the text is in the box again, together with what was written meanwhile."""
    await page.goto(pausing.url + PAGE)
    await page.fill("#text", "Kamis pukul 10.")
    await page.click("form.reply button.primary")
    await expect(page.locator(".undoing")).to_contain_text("masih dapat ditarik sampai")
    await page.fill("#text", "Oh ya,")
    await page.get_by_role("button", name="Urungkan").click()
    await expect(page.locator("#text")).to_have_value("Kamis pukul 10.\n\nOh ya,")
    await expect(page.locator("li.message.outbound")).to_contain_text("Dibatalkan sebelum diserahkan")


async def test_the_seconds_are_counted(browser: Browser, pausing: Desk) -> None:
    """The page counts down by the server's clock, and so it does for the window."""
    page = await (await sign_in(browser, pausing)).new_page()
    await open_live(page, pausing.url + PAGE)
    await expect(page.locator("#composer-note .left")).to_have_text("23 jam 58 menit lagi")
    await page.fill("#text", "Kamis pukul 10.")
    await page.click("form.reply button.primary")
    await expect(page.locator(".undoing .left")).to_contain_text("detik lagi")
    first = await page.locator(".undoing .left").inner_text()
    await expect(page.locator(".undoing .left")).not_to_have_text(first)


async def test_what_is_on_the_page_before_somebody_writes_asks_nothing(browser: Browser, pausing: Desk) -> None:
    """A message that came into the open page before the first letter was typed was seen; a later one was not."""
    page = await (await sign_in(browser, pausing)).new_page()
    await open_live(page, pausing.url + PAGE)
    await receive(pausing.office, "Halo?")
    await expect(page.locator("li.message.inbound")).to_have_count(2)
    await page.fill("#text", "Kamis pukul 10.")
    await page.click("form.reply button.primary")
    await expect(page.locator("li.message.outbound")).to_have_count(1)
    await page.fill("#text", "Bawa KTP.")
    await receive(pausing.office, "Jangan dibalas dulu")
    await expect(page.locator("li.message.inbound")).to_have_count(3)
    await page.click("form.reply button.primary")
    await expect(page.locator("#refusal")).to_contain_text("menulis lagi ketika Anda sedang menulis")
    await expect(page.locator(".newer")).to_contain_text("Jangan dibalas dulu")
    await expect(page.locator("#text")).to_have_value("Bawa KTP.")
    await page.click("form.reply button.primary")
    await expect(page.locator("li.message.outbound")).to_have_count(2)
