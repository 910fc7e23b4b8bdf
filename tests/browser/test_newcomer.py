"""What the README promises a newcomer, done in a real browser against the real program in its sandbox."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, Page, expect

_PROGRAM = "import sys; from wabridge.cli import main; sys.exit(main())"
_START_SECONDS = 30


class Trial(NamedTuple):
    """What the program prints at its start: where to sign in once, and the pretend phone."""

    signin: str
    phone: str


@asynccontextmanager
async def _run_sandbox(folder: Path) -> AsyncIterator[Trial]:
    """Start the program without a number, as `python3 run.py` does; on the way out it must end with 0."""
    (folder / "config.toml").write_text("[server]\nport = 0\n")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, "--config", str(folder / "config.toml"), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(_START_SECONDS):
        while "Ctrl-C" not in said:
            said += (await process.stderr.readline()).decode()
    signin, phone = re.search(r"http\S+/signin/\S+", said), re.search(r"Pretend phone: (\S+)", said)
    assert signin is not None, said
    assert phone is not None, said
    try:
        yield Trial(signin[0], phone[1])
    finally:
        process.terminate()
        await process.communicate()
    assert process.returncode == 0


async def _sign_in(browser: Browser, link: str) -> Page:
    page = await browser.new_page(viewport={"width": 390, "height": 800})
    await page.goto(link)
    await page.locator("form button.primary").click()
    await page.wait_for_url("**/inbox")
    return page


async def test_the_readme_tells_the_truth(browser: Browser, tmp_path: Path) -> None:
    """A lead appears without reloading; the answer's status arrives in words, up to displayed; both books agree."""
    async with _run_sandbox(tmp_path) as trial:
        inbox = await _sign_in(browser, trial.signin)
        phone = await browser.new_page(viewport={"width": 390, "height": 800})
        await phone.goto(trial.phone)
        await phone.fill("#text", "Halo")
        await phone.click(".send")
        lead = inbox.get_by_text("Halo", exact=True)
        await expect(lead).to_be_visible(timeout=5000)
        await lead.click()
        await inbox.wait_for_url("**/conversations/*")
        await inbox.locator("textarea").fill("Selamat siang, ada yang bisa kami bantu?")
        await inbox.locator("form.reply button.primary").click()
        answer = inbox.locator("li.message", has_text="Selamat siang, ada yang bisa kami bantu?")
        for words in (
            "Diterima sistem WhatsApp",
            "Sampai di perangkat (belum tentu dibaca)",
            "Ditampilkan di WhatsApp klien",
        ):
            await expect(answer).to_contain_text(words, timeout=30000)  # ten seconds are for second thoughts
        await expect(phone.get_by_text("Selamat siang, ada yang bisa kami bantu?")).to_be_visible()
