"""Whoever looks at the phone page without JavaScript, and what the page says to them."""

import re
from html.parser import HTMLParser

import aiohttp

from wabridge.sandbox.phone import PhonePage


class Visitor:
    """A browser without JavaScript."""

    def __init__(self, phone: PhonePage, session: aiohttp.ClientSession) -> None:
        self.origin = phone.url.rstrip("/")
        self.session = session

    async def see(self, path: str = "/phones/1", **headers: str) -> tuple[int, str]:
        async with self.session.get(self.origin + path, headers=headers) as response:
            return response.status, await response.text()

    async def post(self, path: str, **fields: str) -> tuple[int, str]:
        async with self.session.post(
            f"{self.origin}/phones/1/{path}", data=fields, headers={"Origin": self.origin}
        ) as response:
            return response.status, await response.text()


class Words(HTMLParser):
    """Collects what a page says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def __contains__(self, sentence: str) -> bool:
        return sentence in re.sub(r"\s+", " ", " ".join(self.said))
