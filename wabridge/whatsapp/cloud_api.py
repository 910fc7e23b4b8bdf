"""The one HTTP call to Meta that sends something.

Rule 1: it never raises for network trouble; it says whether anything may have left this machine. Rule 2: nothing is
repeated here and no redirect is followed: a second POST would be a second message.

Whether the request has begun to leave is asked of aiohttp's tracing, not guessed from the class of the exception: the
same ClientOSError can mean a refused connection or one that broke after the last byte.
"""

import logging
import zlib
from types import SimpleNamespace
from urllib.parse import quote

import aiohttp
from aiohttp.abc import AbstractResolver

from wabridge import __version__
from wabridge.model.outcome import Exchange, NotSent, Outcome, Unknown
from wabridge.whatsapp import faults

log = logging.getLogger(__name__)

ANSWER_BYTES = 1024 * 1024
"""The most that is read of an answer; Meta's are a few hundred bytes."""

_KEEPALIVE_SECONDS = 5
"""A connection that has idled longer may be closed at the far end while the request is under way, and the outcome would
be unknown."""


def is_usable(access_token: str) -> bool:
    """Say whether an access token can stand in a header; a byte-order mark or a second line cannot."""
    return bool(access_token) and access_token.isascii() and access_token.isprintable()


USER_AGENT = f"wabridge/{__version__}"
"""How we are called; Meta asks for a name with a version of three numbers."""
CONNECTIONS = 512
"""How many sends may be under way at once, those that hang included."""


def open_session(
    *, total_seconds: float = 30, connect_seconds: float = 10, resolver: AbstractResolver | None = None
) -> aiohttp.ClientSession:
    """Return a session that is fit for sending; close it in the end."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS + 1, keepalive_timeout=_KEEPALIVE_SECONDS, resolver=resolver),
        timeout=aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds),
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[_departure()],
        # The record keeps the answer's bytes as they came; `judge` gets them inflated.
        auto_decompress=False,
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": USER_AGENT},
        trust_env=False,
    )


class CloudApi:
    """Meta's Cloud API as the sender sees it. session: from open_session."""

    def __init__(self, session: aiohttp.ClientSession, *, api_url: str, api_version: str) -> None:
        self._session = session
        self._root = f"{api_url.rstrip('/')}/{api_version.strip('/')}"

    def messages_url(self, phone_number_id: str) -> str:
        """Return where messages of this number are handed over."""
        return f"{self._root}/{quote(phone_number_id, safe='')}/messages"

    async def send(self, phone_number_id: str, body: bytes, *, access_token: str) -> Exchange:
        """Hand one message over and return what came of it.

        A cancelled call passes the cancellation on: whether the message has left is then unknown.
        """
        if not is_usable(access_token):
            # Token trouble must never stop the program.
            return Exchange(NotSent("token"))
        departure = SimpleNamespace(is_under_way=True)
        headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        try:
            async with self._session.post(
                self.messages_url(phone_number_id),
                data=body,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=departure,
            ) as response:
                return await _read(response)
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
            # Said before tracing begins; without redirects there is no other address that could be meant.
            return Exchange(NotSent("url"))
        except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
            return Exchange(_outcome(trouble, is_under_way=departure.is_under_way))


def _departure() -> aiohttp.TraceConfig:
    """Note for each request whether its first byte may have left.

    A request counts as under way until tracing says that it has only begun: without tracing nothing is ever called not
    sent.
    """

    async def start(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestStartParams) -> None:
        context.trace_request_ctx.is_under_way = False

    # aiohttp says this just before it writes the first byte.
    async def depart(
        _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        context.trace_request_ctx.is_under_way = True

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(start)
    tracing.on_request_headers_sent.append(depart)
    return tracing


async def _read(response: aiohttp.ClientResponse) -> Exchange:
    """Read the answer; whatever breaks from here on leaves what has already come."""
    body = bytearray()
    outcome: Outcome
    try:
        while chunk := await response.content.read(ANSWER_BYTES + 1 - len(body)):
            body += chunk
    except (aiohttp.ClientError, OSError, TimeoutError) as trouble:
        outcome = _outcome(trouble, is_under_way=True)
    else:
        outcome = _judge(response, bytes(body))
    return Exchange(
        outcome=outcome,
        response_status=response.status,
        response_headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers
        ),
        response_body=bytes(body[:ANSWER_BYTES]),
        retry_after_seconds=_seconds(response.headers.get("Retry-After", "")),
    )


def _seconds(said: str) -> int:
    """Return how long a header asks us to wait; a date instead of seconds asks for nothing."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 6 else 0


def _judge(response: aiohttp.ClientResponse, body: bytes) -> Outcome:
    if len(body) > ANSWER_BYTES:
        response.close()  # the rest is not wanted, so the connection is of no more use
        return Unknown("oversize")
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding == "identity":
        return faults.judge(response.status, body)
    plain = _inflate(body) if encoding == "gzip" else None
    return Unknown("unreadable") if plain is None else faults.judge(response.status, plain)


def _inflate(body: bytes) -> bytes | None:
    """Return a gzip body inflated, None if it is damaged or too large."""
    inflating = zlib.decompressobj(wbits=31)
    try:
        plain = inflating.decompress(body, ANSWER_BYTES)
    except zlib.error:
        return None
    return plain if inflating.eof else None


def _outcome(trouble: Exception, *, is_under_way: bool) -> Outcome:
    word = _word(trouble)
    # The class and nothing else: the text of an exception may carry the URL and whatever the far end has said.
    log.warning("a send did not complete", extra={"trouble": word, "fault": type(trouble).__name__})
    return Unknown(word) if is_under_way else NotSent(word)


def _word(trouble: Exception) -> str:
    """Return one word for the log and the record; nothing is decided by it."""
    if isinstance(trouble, TimeoutError):
        return "timeout"
    if isinstance(trouble, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(trouble, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(trouble, aiohttp.ClientConnectorError):
        return "refused" if isinstance(trouble.os_error, ConnectionRefusedError) else "connect"
    return "disconnect"
