"""In a real browser, with and without script: answering a certain message, reacting, sending a long text in parts."""

import msgspec
import pytest
from playwright.async_api import Browser, Page, expect

from tests.arrivals import ADA, text_message
from tests.browser.test_live import sign_in
from tests.web.desk import Desk, receive

PAGE = "/conversations/1"


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
async def page(request: pytest.FixtureRequest, browser: Browser, desk: Desk) -> Page:
    """A phone on the conversation of somebody who has written twice."""
    await receive(desk.office, "Kapan sidang saya?", "Dan di mana?")
    opened = await (await sign_in(browser, desk, script=request.param)).new_page()
    await opened.goto(desk.url + PAGE)
    return opened


async def test_a_certain_message_is_answered(page: Page) -> None:
    """The message stands above the box, can be let go, and stands above the answer once it is sent."""
    first = page.locator("li.message.inbound").first
    await first.get_by_role("button", name="Balas", exact=True).click()
    await expect(page.locator("#quoting")).to_contain_text("Kapan sidang saya?")
    await page.get_by_role("button", name="Batal membalas pesan ini").click()
    await expect(page.locator("#quoting .quoted")).to_have_count(0)
    await first.get_by_role("button", name="Balas", exact=True).click()
    await expect(page.locator("#quoting")).to_contain_text("Kapan sidang saya?")
    await page.fill("#text", "Hari Senin.")
    await page.click("form.reply button.primary")
    await expect(page.locator("li.message.outbound .quoted")).to_contain_text("Kapan sidang saya?")


async def test_a_reaction_is_put_changed_and_taken_off(page: Page) -> None:
    """An emoji stands under the message with the office's name until it is changed or taken off."""
    first = page.locator("li.message.inbound").first
    for emoji in ("👍", "🙏"):
        await first.locator("summary", has_text="Reaksi").first.click()
        await first.get_by_role("button", name=f"Beri reaksi {emoji}").click()
        await expect(first.locator(".reaction")).to_contain_text(emoji)
    await expect(first.locator(".reaction")).to_have_count(1)
    if not await first.locator(".react").evaluate("one => one.open"):
        await first.locator("summary", has_text="Reaksi").first.click()
    await first.get_by_role("button", name="Cabut").click()
    await expect(first.locator(".reaction")).to_have_count(0)


async def test_a_long_text_goes_in_parts_after_a_question(page: Page) -> None:
    """A text of more than one message comes back with the question, and goes in parts when that is pressed."""
    await page.fill("#text", "\n\n".join("Pasal ini panjang. " * 110 for _ in range(3)))
    await page.click("form.reply button.primary")
    await expect(page.locator("#refusal")).to_contain_text("melebihi isi satu pesan WhatsApp")
    await page.get_by_role("button", name="Kirim sebagai 3 pesan").click()
    await expect(page.locator("li.message.outbound")).to_have_count(3)
    await expect(page.locator("li.message.outbound").last).to_contain_text("Lanjutan teks yang terlalu panjang")


async def test_what_is_written_stays_when_a_message_is_chosen(page: Page) -> None:
    """The text in the box survives the choice of what it answers, and its undoing, with script and without."""
    await page.fill("#text", "Hari Senin.")
    await page.locator("li.message.inbound").first.get_by_role("button", name="Balas", exact=True).click()
    await expect(page.locator("#quoting")).to_contain_text("Kapan sidang saya?")
    await expect(page.locator("#text")).to_have_value("Hari Senin.")
    await page.get_by_role("button", name="Batal membalas pesan ini").click()
    await expect(page.locator("#quoting .quoted")).to_have_count(0)
    await expect(page.locator("#text")).to_have_value("Hari Senin.")


async def test_enter_in_a_note_presses_no_button(page: Page, desk: Desk) -> None:
    """Whoever notes how they made sure, and presses Enter, has chosen no message to answer and taken nothing back."""
    other = msgspec.structs.replace(ADA, user_id="ID.99887766554433221100", profile_name="Orang Lain")
    await receive(desk.office, text_message(sender=other, sent_at=desk.office.clock.now()))
    await page.goto(desk.url + PAGE)
    await page.fill("#text", "Hari Senin.")
    await page.fill("form.reply input[name=note]", "lewat telepon")
    await page.press("form.reply input[name=note]", "Enter")
    await page.fill("#text", "Hari Selasa.")
    await page.select_option("form.reply select[name=clearance]", "call")
    await expect(page.locator("#quoting .quoted")).to_have_count(0)
    await expect(page.locator("li.message.outbound")).to_have_count(0)
