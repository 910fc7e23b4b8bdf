"""Times for the seal of a report, from the authorities that the office has named for its ledger.

The process that seals reaches no network: its questions are carried out from here, and each answer is checked before it
is handed in. They are bounded: a certificate waits seconds for an authority, never for long.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from cryptography.hazmat.primitives.serialization import Encoding

from wabridge.connectors import timestamps
from wabridge.core import anchoring
from wabridge.core.anchoring import Trust
from wabridge.core.office import Office
from wabridge.errors import NotAnchored

log = logging.getLogger(__name__)

SECONDS = 12.0
"""So long a question may take, all authorities together; a seal has three, and without the first none follows."""


class Authorities:
    """The timestamp authorities of an office. roots: DER, what their certificates must lead to."""

    def __init__(
        self, session: aiohttp.ClientSession, urls: Sequence[str], trust: Trust, *, seconds: float = SECONDS
    ) -> None:
        self._session = session
        self._urls = list(urls)
        self._trust = trust
        self._seconds = seconds
        self.roots = tuple(root.public_bytes(Encoding.DER) for root in trust.roots)

    async def stamp(self, request: bytes) -> bytes | None:
        """Return an answer to a request (RFC 3161, DER), or None if there is none in time."""
        for url in tuple(self._urls):
            try:
                async with asyncio.timeout(self._seconds / len(self._urls)):
                    answer = await self._exchange(url, request)
            except (NotAnchored, TimeoutError) as fault:
                reason = fault.reason if isinstance(fault, NotAnchored) else "slow"
                log.warning("an authority gave no time for a seal", extra={"reason": reason})
            else:
                # The next question of the same seal goes to the same: room was left for a token of its size.
                self._urls.remove(url)
                self._urls.insert(0, url)
                return answer
        return None

    async def _exchange(self, url: str, request: bytes) -> bytes:
        return await timestamps.exchange(
            self._session, url, request, roots=self._trust.roots, is_strict=self._trust.is_strict
        )


@asynccontextmanager
async def open_authorities(office: Office) -> AsyncIterator[Authorities | None]:
    """Yield the office's authorities, None if it has named none; raises SettingsError if a root cannot be read."""
    urls = [place.address for place in anchoring.places(office) if place.kind == "timestamp"]
    if not urls:
        yield None
        return
    async with timestamps.open_session() as session:
        yield Authorities(session, urls, anchoring.read_trust(office.settings))
