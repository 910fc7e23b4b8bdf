"""Handing a file to Meta: a form of three parts, of which the last is the file, piece by piece.

Rule 1: nothing is collected here: the form's length is known before its first byte, and the file passes through. Rule
2: a slow upload is no dead one: what ends it is that nothing moves, never how long it takes. Rule 3: it never raises
for network trouble.

Source: Meta, "media" (as of June 2026).
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import quote

import aiohttp

from wabridge.model.outcome import NotSent, Unknown
from wabridge.model.upload import UploadExchange
from wabridge.whatsapp import faults
from wabridge.whatsapp.cloud_api import USER_AGENT, is_usable

log = logging.getLogger(__name__)

AT_ONCE = 16
"""So many files are on their way at the same time, on connections of their own."""
SILENCE_SECONDS = 60.0
"""So long nothing may move: neither a piece be taken nor, after the last one, an answer come."""

_ANSWER_BYTES = 64 * 1024


class Form(NamedTuple):
    """A form around a file: what stands before its first byte and behind its last one. length: of the whole."""

    head: bytes
    tail: bytes
    boundary: str
    length: int


def build_form(*, mime_type: str, file_name: str, size: int) -> Form:
    """Return the form that uploads a file of so many bytes. file_name: shown to nobody, but some type must fit it."""
    boundary = secrets.token_hex(16)
    head = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n'
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="type"\r\n\r\n{mime_type}\r\n'
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{_quoted(file_name)}"\r\n'
        f"Content-Type: {mime_type}\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    return Form(head, tail, boundary, len(head) + size + len(tail))


def open_session(*, connect_seconds: float = 10) -> aiohttp.ClientSession:
    """Return a session that is fit for uploads; close it in the end."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=AT_ONCE + 1),
        timeout=aiohttp.ClientTimeout(total=None, connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": USER_AGENT},
        trust_env=False,
    )


class UploadApi:
    """Meta's files as the sender sees them. session: from open_session. silence_seconds: see SILENCE_SECONDS."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        api_url: str,
        api_version: str,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._session = session
        self._root = f"{api_url.rstrip('/')}/{api_version.strip('/')}"
        self._silence_seconds = silence_seconds

    def url(self, phone_number_id: str) -> str:
        """Return where files of this number are handed over."""
        return f"{self._root}/{quote(phone_number_id, safe='')}/media"

    async def upload(self, url: str, form: Form, pieces: AsyncIterator[bytes], *, access_token: str) -> UploadExchange:
        """Hand a file over and return what came of it. Whatever `pieces` raises ends it, and is raised here."""
        if not is_usable(access_token):
            return UploadExchange(NotSent("token"))
        headers = {
            "Authorization": f"Bearer {access_token}",
            "Content-Type": f"multipart/form-data; boundary={form.boundary}",
            "Content-Length": str(form.length),
        }
        body = _Body(form, pieces)
        try:
            async with asyncio.timeout(self._silence_seconds) as patience:
                sent = body.send(patience, self._silence_seconds)
                async with self._session.post(url, data=sent, headers=headers, allow_redirects=False) as response:
                    return await _read(response)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            return UploadExchange(NotSent("url"))
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            if body.trouble is not None:
                raise body.trouble from None
            word = _word(trouble)
            log.warning("an upload did not complete", extra={"trouble": word, "fault": type(trouble).__name__})
            return UploadExchange(NotSent(word) if word in ("dns", "connect") else Unknown(word))


class _Body:
    """A form on its way. trouble: what the file's pieces raised."""

    def __init__(self, form: Form, pieces: AsyncIterator[bytes]) -> None:
        self.trouble: Exception | None = None
        self._form = form
        self._pieces = pieces

    async def send(self, patience: asyncio.Timeout, seconds: float) -> AsyncIterator[bytes]:
        """Yield the form; each piece that was taken buys the next one its time."""
        loop = asyncio.get_running_loop()
        yield self._form.head
        try:
            async for piece in self._pieces:
                patience.reschedule(loop.time() + seconds)
                yield piece
        except Exception as trouble:
            self.trouble = trouble
            raise
        patience.reschedule(loop.time() + seconds)
        yield self._form.tail


async def _read(response: aiohttp.ClientResponse) -> UploadExchange:
    body = bytearray()
    while len(body) <= _ANSWER_BYTES and (chunk := await response.content.read(_ANSWER_BYTES)):
        body += chunk
    answer = bytes(body[:_ANSWER_BYTES])
    is_plain = response.headers.get("Content-Encoding", "identity").lower() == "identity"
    outcome = faults.judge_upload(response.status, answer) if is_plain else Unknown("unreadable")
    if len(body) > _ANSWER_BYTES:
        response.close()  # the rest is not wanted
        outcome = Unknown("oversize")
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
    return UploadExchange(outcome, response.status, headers, answer)


def _quoted(name: str) -> str:
    """Return a name as it stands in a form (HTML, "multipart/form-data"): in UTF-8, without what would end it."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _word(trouble: Exception) -> str:
    if isinstance(trouble, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(trouble, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return "connect"
    return "timeout" if isinstance(trouble, TimeoutError) else "disconnect"
