"""Open pages follow what happens, and leave alone what a person is doing."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.gateway.test_statuses import apply, hand_over, status
from tests.web.desk import Desk, receive
from wabridge.broker import Change
from wabridge.model.outcome import Unknown
from wabridge.storage import notifications

PAGE = "/conversations/1"


async def sign_in(browser: Browser, desk: Desk, *, script: bool = True) -> BrowserContext:
    """Return a browser window that has the session of the desk."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
    await context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": desk.url} for cookie in desk.http.cookie_jar]
    )
    return context


@pytest.fixture
async def page(browser: Browser, desk: Desk) -> Page:
    """A signed-in phone that shows nothing yet."""
    return await (await sign_in(browser, desk)).new_page()


async def open_live(page: Page, address: str) -> None:
    """Open a page and return once it hears of changes."""
    async with page.expect_response("**/events"):
        await page.goto(address)


async def test_a_new_message_appears_in_an_open_inbox(page: Page, desk: Desk) -> None:
    """Without a reload the line appears, and the title counts it."""
    await open_live(page, desk.url + "/inbox")
    await receive(desk.office, "Selamat siang")
    await expect(page.locator("#c1")).to_contain_text("Selamat siang")
    await expect(page).to_have_title("(1) Percakapan · Kantor Hukum")


async def test_what_is_being_written_stays(page: Page, desk: Desk) -> None:
    """A message that arrives while somebody writes takes neither text nor focus nor cursor."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.locator("#text").press_sequentially("Sedang men")
    await receive(desk.office, "Satu lagi")
    await expect(page.locator("li.message")).to_have_count(2)
    await page.keyboard.type("ulis")
    assert await page.input_value("#text") == "Sedang menulis"


async def test_a_page_at_its_end_stays_at_its_end(page: Page, desk: Desk) -> None:
    """Who reads the newest message sees the next one; who reads further up is left there."""
    await receive(desk.office, *(f"pesan {n}" for n in range(40)))
    await open_live(page, desk.url + PAGE + "#latest")
    await receive(desk.office, "terbaru")
    await expect(page.get_by_text("terbaru")).to_be_in_viewport()
    await page.evaluate("window.scrollTo(0, 0)")
    await receive(desk.office, "lebih baru")
    await expect(page.get_by_text("lebih baru")).to_have_count(1)
    assert await page.evaluate("window.scrollY") == 0


async def test_opened_details_stay_open(page: Page, desk: Desk) -> None:
    """What somebody has unfolded is not folded by a change elsewhere."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.click(".explained summary")
    await receive(desk.office, "Satu lagi")
    await expect(page.locator("li.message")).to_have_count(2)
    await expect(page.locator(".explained dl")).to_be_visible()


async def test_opened_notices_stay_open_when_one_more_comes(page: Page, desk: Desk) -> None:
    """Whoever reads the folded notices goes on reading them when another one joins."""
    for kind in ("failed", "media_expiring"):
        await remark(desk, kind)
    await open_live(page, desk.url + "/inbox")
    await page.click("#more-banners summary")
    await remark(desk, "media_failed")
    await expect(page.locator("#more-banners .banner")).to_have_count(2)
    await expect(page.locator("#more-banners .banner").first).to_be_visible()


async def remark(desk: Desk, kind: str) -> None:
    """Let there be one more notice on every page."""
    now = desk.office.clock.now()
    await desk.office.database.write(lambda tx: notifications.add(tx, kind, now=now))
    desk.office.broker.announce(Change("notice", None))


async def test_a_note_that_is_being_written_at_a_message_stays(page: Page, desk: Desk, fake_clock: FakeClock) -> None:
    """A status that arrives while somebody writes what they know takes neither text nor cursor; it shows afterwards."""
    message_id, _, token = await hand_over(desk.office, Unknown("timeout"))
    fake_clock.advance(61)
    await open_live(page, desk.url + PAGE)
    bubble, note = page.locator(f"#m{message_id}"), page.locator(f"#note{message_id}")
    await bubble.locator("summary", has_text="catatan").click()
    await note.press_sequentially("Dikabari lewat tele")
    await apply(desk.office, status("delivered", token=token))
    await receive(desk.office, "Sudah masuk, Pak.")
    await expect(page.locator("li.message.inbound")).to_have_count(2)
    await page.keyboard.type("pon")
    assert await note.input_value() == "Dikabari lewat telepon"
    await note.fill("")
    await receive(desk.office, "Terima kasih.")
    await expect(bubble).to_contain_text("Sampai di perangkat")


async def test_a_double_press_sends_once(page: Page, desk: Desk) -> None:
    """Two quick presses of the button are one message."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.fill("#text", "Sekali saja")
    await page.dblclick("button.primary")
    await expect(page.locator("li.outbound")).to_have_count(1)
    assert await column(desk.office.database, "SELECT text FROM message WHERE direction = 'outbound'") == [
        "Sekali saja"
    ]


async def test_ctrl_enter_sends(page: Page, desk: Desk) -> None:
    """The keyboard alone is enough to answer."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.locator("#text").press_sequentially("Dengan papan ketik")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("li.outbound .text")).to_have_text("Dengan papan ketik")
    await expect(page.locator("li.outbound .delivery")).to_have_text("Menunggu dikirim")


async def test_a_window_that_closes_keeps_the_draft(page: Page, desk: Desk, fake_clock: FakeClock) -> None:
    """If the 24 hours end while somebody writes, the page says so and the text stays, even when it is sent."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.fill("#text", "Hampir selesai")
    fake_clock.advance(24 * 3600)
    desk.office.broker.announce(Change("conversation", 1))
    await expect(page.locator("#composer-note")).to_contain_text("24 jam")
    assert await page.input_value("#text") == "Hampir selesai"
    await page.click("button.primary")
    await expect(page.locator("#refusal")).to_be_visible()
    assert await page.input_value("#text") == "Hampir selesai"


async def test_the_form_comes_back_when_the_person_writes(page: Page, desk: Desk, fake_clock: FakeClock) -> None:
    """A closed conversation can be answered as soon as the person has written again, without a reload."""
    await receive(desk.office, "Halo")
    fake_clock.advance(24 * 3600)
    await open_live(page, desk.url + PAGE)
    await expect(page.locator("#text")).to_have_count(0)
    await receive(desk.office, "Masih di sana?")
    await expect(page.locator("#text")).to_be_visible()


async def test_a_refused_text_can_be_sent_when_the_person_writes(page: Page, desk: Desk, fake_clock: FakeClock) -> None:
    """The page of a refused answer stays live: the new message appears, and with it the form with the text in it."""
    await receive(desk.office, "Halo")
    await open_live(page, desk.url + PAGE)
    await page.fill("#text", "Hampir selesai")
    fake_clock.advance(24 * 3600)
    async with page.expect_response("**/events"):
        await page.click("button.primary")
        await expect(page.locator("#refusal")).to_be_visible()
    await receive(desk.office, "Masih di sana?")
    await expect(page.locator("li.inbound .text").last).to_have_text("Masih di sana?")
    await expect(page.locator("form.reply #text")).to_have_value("Hampir selesai")
    await page.click("button.primary")
    await expect(page.locator("li.outbound .text")).to_have_text("Hampir selesai")


async def test_a_lost_connection_is_said_and_made_up_for(page: Page, desk: Desk) -> None:
    """Without a connection the page says so; when it is back, the page shows what was missed."""
    await open_live(page, desk.url + "/inbox")
    await page.context.set_offline(True)
    desk.office.broker.hang_up()
    await expect(page.locator("#connection")).to_contain_text("Sambungan terputus")
    await receive(desk.office, "Terlewat")
    await page.context.set_offline(False)
    await expect(page.locator("#c1")).to_contain_text("Terlewat", timeout=15_000)
    await expect(page.locator("#connection")).to_be_empty()


async def test_without_script_a_conversation_works(browser: Browser, desk: Desk) -> None:
    """From inbox to answer with nothing but links and forms."""
    await receive(desk.office, "Halo")
    page = await (await sign_in(browser, desk, script=False)).new_page()
    await page.goto(desk.url + "/inbox")
    await page.click("#c1 a")
    await page.fill("#text", "Tanpa skrip")
    await page.click("button.primary")
    await expect(page.locator("li.outbound .text")).to_have_text("Tanpa skrip")
    await page.click("text=Batalkan pengiriman")
    await expect(page.locator("li.outbound .delivery")).to_have_text("Dibatalkan sebelum diserahkan")
