"""Where the access token goes, and what Meta's answers about files mean."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from wabridge.errors import NotFetched
from wabridge.whatsapp import media
from wabridge.whatsapp.media import MediaApi, parse_digest

TOKEN = "access-token"
Asked = list[tuple[str, str | None]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Nowhere(AbstractResolver):
    """Knows no name, so that no request leaves the machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        """Raise that there is no such name."""
        del host, port, family
        raise OSError("no names here")

    async def close(self) -> None:
        """Close nothing."""


@pytest.fixture
def asked() -> Asked:
    """Every request that was about to be made: its address, and the token it carried."""
    return []


@pytest.fixture
async def outside(asked: Asked) -> AsyncIterator[MediaApi]:
    """The real Meta's API, from a machine that reaches nobody."""

    async def note(_: aiohttp.ClientSession, __: SimpleNamespace, start: aiohttp.TraceRequestStartParams) -> None:
        asked.append((str(start.url), start.headers.get("Authorization")))

    tracing = aiohttp.TraceConfig()
    tracing.on_request_start.append(note)
    connector = aiohttp.TCPConnector(resolver=Nowhere())
    async with aiohttp.ClientSession(connector=connector, trace_configs=[tracing]) as session:
        yield MediaApi(session, api_url="https://graph.facebook.com", api_version="v25.0")


async def reason_of(api: MediaApi, url: str) -> str:
    """Return why nothing came from an address."""
    with pytest.raises(NotFetched) as raised:
        async with api.open(url, access_token=TOKEN) as download:
            _ = [piece async for piece in download.pieces()]
    return str(raised.value.reason)


@pytest.mark.parametrize(
    "url",
    [
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=A%2Fb",
        "https://graph.facebook.com/v25.0/1",
        "https://LOOKASIDE.FBSBX.COM/x",
    ],
)
async def test_meta_s_hosts_are_shown_the_token(outside: MediaApi, asked: Asked, url: str) -> None:
    """The address goes out exactly as it was written: it is signed."""
    assert await reason_of(outside, url) == "unreachable"
    ((went_to, token),) = asked
    assert went_to.lower() == url.lower()
    assert token == f"Bearer {TOKEN}"


@pytest.mark.parametrize("url", ["https://scontent.fbcdn.net/x?oh=1", "https://mmg.whatsapp.net/x"])
async def test_meta_s_stores_are_asked_without_the_token(outside: MediaApi, asked: Asked, url: str) -> None:
    """What gives out signed addresses needs no token, so it gets none."""
    assert await reason_of(outside, url) == "unreachable"
    assert asked == [(url, None)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x",
        "https://fbsbx.com.example.com/x",
        "https://evilfbsbx.com/x",
        "https://lookaside.fbsbx.com@example.com/x",
        "https://user:word@lookaside.fbsbx.com/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:8443/x",
        "http://127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "//lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com/x\r\nX: y",
        "https://lookaside.fbsbx.com/ä",
        "https://[lookaside.fbsbx.com/x",
        "https://xn--facebook-.com/",
        "https://xn--",
        "https://lookaside.fbsbx.com:99999/x",
        "https://lookaside.fbsbx.com:-1/x",
        "https://lookaside.fbsbx.com: 443/x",
        "https://<[fe80::1%25eth0]%2f@",
        "https://;:-1https",
        "https://example.com%2f.facebook.com/",
        "https://@facebook.com/",
        "lookaside",
        "",
    ],
)
async def test_nobody_else_is_even_asked(outside: MediaApi, asked: Asked, url: str) -> None:
    """Neither another host, nor another port or scheme, nor an address that only looks like Meta's."""
    assert await reason_of(outside, url) == "elsewhere"
    assert asked == []


async def test_an_id_leads_to_no_other_place(outside: MediaApi, asked: Asked) -> None:
    """Whatever came as an id stands in one part of the path."""
    with pytest.raises(NotFetched):
        await outside.find("../me?fields=name#", access_token=TOKEN)
    assert [url for url, _ in asked] == ["https://graph.facebook.com/v25.0/..%2Fme%3Ffields%3Dname%23"]


async def test_a_token_that_fits_in_no_header_stays_here(outside: MediaApi, asked: Asked) -> None:
    """A second line in the token's file is token trouble, and no request."""
    with pytest.raises(NotFetched, match="token"):
        await outside.find("1", access_token="one\ntwo")
    assert asked == []


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[tuple[MediaApi, str]]]]:
    """Run a server that answers everything as it is told, as the configured API; returns it and its address."""
    runners: list[web.AppRunner] = []
    async with media.open_session(silence_seconds=0.5) as session:

        async def start(handler: Handler) -> tuple[MediaApi, str]:
            application = web.Application()
            application.router.add_route("*", "/{tail:.*}", handler)
            runner = web.AppRunner(application, shutdown_timeout=0.1)
            runners.append(runner)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            return MediaApi(session, api_url=url, api_version="v25.0"), url

        yield start
    for runner in runners:
        await runner.cleanup()


Serve = Callable[[Handler], Awaitable[tuple[MediaApi, str]]]


def _error(code: int) -> bytes:
    return json.dumps({"error": {"message": "(#1) x", "type": "OAuthException", "code": code}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b"", "token"),
        (400, _error(190), "token"),
        (403, _error(200), "token"),
        (400, _error(10), "token"),
        (400, _error(100), "gone"),
        (404, b"", "gone"),
        (410, b"<html>", "gone"),
        (403, b"", "gone"),
        (429, b"", "throttled"),
        (400, _error(80007), "throttled"),
        (400, _error(4), "throttled"),
        (500, _error(131000), "server"),
        (400, _error(2), "server"),
        (503, b"<html>", "server"),
        (204, b"", "server"),
        (302, b"", "server"),
    ],
)
async def test_each_refusal_has_its_reason(serve: Serve, status: int, body: bytes, reason: str) -> None:
    """The code decides where there is one, else the status."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    api, url = await serve(answer)
    assert await reason_of(api, f"{url}/file") == reason


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"url": 7}', b"<html>", b'{"url": ""}', b"\xff"])
async def test_a_look_up_that_says_nothing_is_meta_s_disturbance(serve: Serve, body: bytes) -> None:
    """Whatever comes in place of an address, the next try asks again."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body)

    api, _ = await serve(answer)
    with pytest.raises(NotFetched, match="server"):
        await api.find("1", access_token=TOKEN)


async def test_a_redirect_on_the_same_host_is_followed_and_a_circle_is_not(serve: Serve) -> None:
    """A few steps lead on; endless ones end."""

    async def answer(request: web.Request) -> web.Response:
        steps = int(request.query.get("steps", "9"))
        if steps == 0:
            return web.Response(body=b"here")
        return web.Response(status=302, headers={"Location": f"?steps={steps - 1}"})

    api, url = await serve(answer)
    async with api.open(f"{url}/file?steps=2", access_token=TOKEN) as download:
        assert [piece async for piece in download.pieces()] == [b"here"]
    assert await reason_of(api, f"{url}/file?steps=9") == "server"


async def test_silence_in_the_middle_is_a_broken_connection(serve: Serve) -> None:
    """A file that stops coming does not hold its lane for ever."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 100
        await response.prepare(request)
        await response.write(b"half")
        await asyncio.Event().wait()
        return response

    api, url = await serve(answer)
    assert await reason_of(api, f"{url}/file") == "cut_off"


async def test_what_comes_packed_is_not_taken_for_the_file(serve: Serve) -> None:
    """Packed bytes were not asked for; their hash would be another."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    api, url = await serve(answer)
    assert await reason_of(api, f"{url}/file") == "changed"


def test_a_digest_is_read_in_both_spellings() -> None:
    """Hexadecimal in either case, or base64; anything else is no claim."""
    digest = hashlib.sha256(b"x")
    for said in (digest.hexdigest(), digest.hexdigest().upper(), base64.b64encode(digest.digest()).decode()):
        assert parse_digest(said) == digest.hexdigest()
    for none in (None, "", "x", "=", digest.hexdigest()[:-1], base64.b64encode(b"short").decode(), "ä" * 44):
        assert parse_digest(none) is None
