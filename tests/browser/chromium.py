"""The system's Chromium, headless."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """Start the browser that the system has, and end it afterwards."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, "the tests of pages need Chromium: install the system's package"
    async with async_playwright() as playwright:
        # Containers have no user namespaces; nothing but our own pages is opened.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()
