"""Asking timestamp authorities (RFC 3161 over HTTP) for tokens.

The authority learns a digest, the time and our address. Redirects are not followed, and no more is read than a token
with its certificates can be long.
"""

import ssl
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import aiohttp
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from wabridge.errors import NotAnchored
from wabridge.evidence import timestamp
from wabridge.evidence.timestamp import Token

TIMEOUT_SECONDS = 30.0
_ANSWER_BYTES = 64 * 1024
_BUSY = frozenset({408, 425, 429, *range(500, 600)})


class Stamped(NamedTuple):
    """A good token with the bytes that were exchanged for it."""

    request: bytes
    answer: bytes
    token: Token


def open_session(timeout_seconds: float = TIMEOUT_SECONDS) -> aiohttp.ClientSession:
    """Return the connections to authorities; each is used once."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=aiohttp.ClientTimeout(total=timeout_seconds),
        headers={"User-Agent": "wabridge"},
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def machine_roots() -> list[x509.Certificate]:
    """Return the roots that this machine trusts; those it cannot name are left out."""
    roots = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for der in ssl.create_default_context().get_ca_certs(binary_form=True):
            # An old root that is not as it should be: no token will ever lead to it.
            with suppress(ValueError, CryptographyDeprecationWarning):
                roots.append(x509.load_der_x509_certificate(der))
    return roots


async def fetch(
    session: aiohttp.ClientSession, url: str, note: bytes, *, roots: Sequence[x509.Certificate], is_strict: bool = True
) -> Stamped:
    """Return a token over a checkpoint's note, checked; raises NotAnchored. For roots and is_strict see `timestamp`."""
    question = timestamp.ask(note)
    answer = await _post(session, url, question.request)
    token = timestamp.check(answer, note, roots=roots, nonce=question.nonce, is_strict=is_strict)
    return Stamped(question.request, answer, token)


async def exchange(
    session: aiohttp.ClientSession, url: str, request: bytes, *, roots: Sequence[x509.Certificate], is_strict: bool
) -> bytes:
    """Return the answer to a request that somebody else made, checked; raises NotAnchored."""
    answer = await _post(session, url, request)
    timestamp.check_request(answer, request, roots=roots, is_strict=is_strict)
    return answer


async def _post(session: aiohttp.ClientSession, url: str, request: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        async with session.post(url, data=request, headers=headers, allow_redirects=False) as response:
            if response.status in _BUSY:
                raise NotAnchored("busy")
            if response.status != 200:
                raise NotAnchored("refused")
            answer = await response.content.read(_ANSWER_BYTES + 1)
            while len(answer) <= _ANSWER_BYTES and (more := await response.content.read(_ANSWER_BYTES)):
                answer += more
    except TimeoutError as fault:
        raise NotAnchored("slow") from fault
    except aiohttp.ClientSSLError as fault:
        raise NotAnchored("tls") from fault
    except aiohttp.ClientConnectorError as fault:
        raise NotAnchored("unreachable") from fault
    except (aiohttp.InvalidURL, ValueError) as fault:
        raise NotAnchored("settings") from fault
    except (aiohttp.ClientError, OSError) as fault:
        raise NotAnchored("cut_off") from fault
    if len(answer) > _ANSWER_BYTES:
        raise NotAnchored("too_large")
    return answer
