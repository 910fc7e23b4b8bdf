"""Fetching a file that somebody sent: where it is to be had at Meta, and its bytes as they come.

Rule 1: the access token goes to the hosts that are Meta's by name, and to the configured API itself; nowhere else, and
nowhere else is even asked, wherever an address or a redirect points. Rule 2: nothing is collected here: a file passes
through piece by piece.

Source: Meta, "media" (as of June 2026): addresses are good for five minutes and need the token, ids for seven days.
"""

import base64
import binascii
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote, urljoin

import aiohttp
import msgspec
from yarl import URL

from wabridge.errors import NotFetched
from wabridge.model.media import Reason
from wabridge.whatsapp import decoding, reading
from wabridge.whatsapp.cloud_api import USER_AGENT, is_usable
from wabridge.whatsapp.people import Json

HOSTS = {"facebook.com": True, "fbsbx.com": True, "fbcdn.net": False, "whatsapp.net": False}
"""Meta's domains, and whether a host there is shown the access token; the others give out signed addresses."""

_ANSWER_BYTES = 64 * 1024
_REDIRECTS = 3
_ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?#][!-~]*)?", re.IGNORECASE)
"""What an address may look like: a plain host and nothing before it. Whatever else a stranger writes there is read in
one way by one program and otherwise by another, or breaks it."""
_HEX_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_DIGEST_BYTES = 32

_TOKEN_CODES = frozenset({0, 3, 10, 104, 190, *range(200, 300)})
_THROTTLE_CODES = frozenset({4, 17, 613, 80007, 130429, 131056})
_SERVER_CODES = frozenset({1, 2, 131000, 131016, 131057, 133004, 2494100})
"""Meta, "error codes": authorization, throttling, and what passes by itself."""
_NO_TOKEN = 0
_WHOLE_TOKEN_CODES = frozenset({_NO_TOKEN, 104, 190})
"""Those of the first that mean the token itself. The others may mean one file: another app's, or another number's."""

_PAGES = frozenset({"text/html", "application/xhtml+xml", "application/json", "text/javascript"})
"""What a server says when it has something to say instead of a file."""


class Found(msgspec.Struct, frozen=True):
    """Where a file is to be had for the next five minutes, and what Meta says of it."""

    url: str
    sha256: str | None = None
    size: int | None = None


class Download:
    """A file that begins to come. length, mime_type: what it says it is; length is None if it does not say."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.length = response.content_length
        self.mime_type = response.content_type
        self._response = response

    def may_be_a_page(self, claimed: str | None) -> bool:
        """Say whether what comes may be a server's words instead of a file that is claimed to be something else."""
        return self.mime_type in _PAGES and (claimed or "").partition(";")[0].strip().lower() != self.mime_type

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they come; raises NotFetched if they end too early."""
        try:
            async for piece in self._response.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            raise NotFetched("cut_off") from trouble


def open_session(
    *, connect_seconds: float = 10, silence_seconds: float = 60, total_seconds: float = 3600
) -> aiohttp.ClientSession:
    """Return a session that is fit for files; close it in the end. silence_seconds: how long nothing may come."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds, sock_read=silence_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        # Some of Meta's hosts answer no one who does not name a program.
        headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": USER_AGENT},
        trust_env=False,
    )


class MediaApi:
    """Meta's files as the fetcher sees them. session: from open_session. Everything raises NotFetched."""

    def __init__(self, session: aiohttp.ClientSession, *, api_url: str, api_version: str) -> None:
        self._session = session
        self._api = URL(api_url).origin()
        self._root = f"{api_url.rstrip('/')}/{api_version.strip('/')}"

    async def find(self, file_id: str, *, access_token: str) -> Found:
        """Ask where a file is to be had.

        The number is not named: Meta takes that as a mistake for files that people sent.
        """
        # Ids are digits; whatever else came must not lead to another node.
        url = f"{self._root}/{quote(file_id, safe='')}"
        async with self._get(url, access_token) as response:
            try:
                said = _json(await _read(response))
            except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
                raise NotFetched("unreachable") from trouble
        address = reading.text(said.get("url"))
        if address is None:
            raise NotFetched("server")
        return Found(address, reading.text(said.get("sha256")), reading.code(said.get("file_size")))

    @asynccontextmanager
    async def open(self, url: str, *, access_token: str) -> AsyncIterator[Download]:
        """Yield a file as it begins to come from an address."""
        async with self._get(url, access_token) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise NotFetched("changed")
            yield Download(response)

    @asynccontextmanager
    async def _get(self, url: str, access_token: str) -> AsyncIterator[aiohttp.ClientResponse]:
        """Yield a good answer, by way of redirects among hosts that may be visited."""
        if not is_usable(access_token):
            raise NotFetched("token", code=_NO_TOKEN)
        address = _parse(url)
        for _ in range(_REDIRECTS + 1):
            headers = {"Authorization": f"Bearer {access_token}"} if self._is_shown_token(address) else {}
            response = await self._ask(address, headers)
            async with response:
                if response.status not in (301, 302, 303, 307, 308):
                    await _require_good(response)
                    yield response
                    return
                address = _join(address, response.headers.get("Location", ""))
        raise NotFetched("server")

    async def _ask(self, address: URL, headers: dict[str, str]) -> aiohttp.ClientResponse:
        try:
            return await self._session.get(address, headers=headers, allow_redirects=False)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError) as trouble:
            raise NotFetched("elsewhere") from trouble
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            raise NotFetched("unreachable") from trouble

    def _is_shown_token(self, address: URL) -> bool:
        """Say whether the token may go to an address; raises NotFetched if not even a request may."""
        if address.origin() == self._api:
            return True
        host = (address.raw_host or "").lower()
        named = next((domain for domain in HOSTS if host == domain or host.endswith(f".{domain}")), None)
        if named is None or address.scheme != "https" or address.port != 443:
            raise NotFetched("elsewhere")
        return HOSTS[named]


def concerns_all(trouble: NotFetched) -> bool:
    """Say whether the access token itself was refused, so that no other file can be had either."""
    return trouble.reason == "token" and trouble.code in _WHOLE_TOKEN_CODES


def parse_digest(said: str | None) -> str | None:
    """Return a claimed SHA-256 in small hexadecimal digits; it comes so or in base64. None if it is neither."""
    if said is None or _HEX_DIGEST.fullmatch(said):
        return said.lower() if said else None
    try:
        digest = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest.hex() if len(digest) == _DIGEST_BYTES else None


async def _require_good(response: aiohttp.ClientResponse) -> None:
    if response.status == 200:
        return
    try:
        error = reading.mapping(_json(await _read(response)).get("error"))
    except (aiohttp.ClientError, OSError, TimeoutError, NotFetched):
        error = {}
    code = reading.code(error.get("code"))
    raise NotFetched(_reason(response.status, code), code=code)


def _reason(status: int, code: int | None) -> Reason:
    """Return why there is no file, by the code if there is one: the HTTP status is no contract."""
    if code in _TOKEN_CODES or (code is None and status == 401):
        return "token"
    if code in _THROTTLE_CODES or status == 429:
        return "throttled"
    if code in _SERVER_CODES or status >= 500 or status < 400:
        return "server"
    return "gone"


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    while len(body) <= _ANSWER_BYTES and (piece := await response.content.read(_ANSWER_BYTES)):
        body += piece
    return bytes(body)


def _json(body: bytes) -> Json:
    try:
        decoded = decoding.decode(body)
    except decoding.NotJson as trouble:
        raise NotFetched("server") from trouble
    return reading.mapping(decoded.value if decoded.is_sound else decoding.mend(decoded.value))


def _parse(url: str) -> URL:
    """Return an address exactly as it is written: it is signed."""
    if _ADDRESS.fullmatch(url) is None:
        raise NotFetched("elsewhere")
    try:
        address = URL(url, encoded=True)
        _ = address.origin(), address.port
    except ValueError as trouble:
        raise NotFetched("elsewhere") from trouble
    return address


def _join(address: URL, location: str) -> URL:
    if not location:
        raise NotFetched("server")
    try:
        return _parse(urljoin(str(address), location))
    except ValueError as trouble:
        raise NotFetched("elsewhere") from trouble
