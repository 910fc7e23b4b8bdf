"""Asking timestamp authorities: what is sent, what is taken, and every way it goes wrong by its name."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from asn1crypto import tsp  # type: ignore[import-untyped]  # the package has no types

from tests import authority
from wabridge.connectors import timestamps
from wabridge.errors import NotAnchored

NOTE = b"kantor.example/ledger\n12\nAAAA\n\n"
NOW = datetime.now(UTC).replace(microsecond=0)
GOOD = authority.found(NOW)
OTHER = authority.found(NOW, name="Other Time")

Answering = Callable[[bytes], bytes | web.Response | Awaitable[web.Response]]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections that wait no longer than half a second."""
    async with timestamps.open_session(0.5) as opened:
        yield opened


class Desk:
    """An authority on loopback. asked: what it was sent, with its headers."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self.asked: list[tuple[bytes, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as it was told."""
        body = await request.read()
        self.asked.append((body, dict(request.headers)))
        said = self._answering(body)
        if isinstance(said, bytes):
            return web.Response(body=said, content_type="application/timestamp-reply")
        return said if isinstance(said, web.Response) else await said


async def ask(session: aiohttp.ClientSession, answering: Answering) -> tuple[Desk, timestamps.Stamped]:
    """Ask an authority that answers so."""
    desk = Desk(answering)
    app = web.Application()
    app.router.add_post("/tsr", desk.answer)
    async with TestServer(app) as server:
        return desk, await timestamps.fetch(session, str(server.make_url("/tsr")), NOTE, roots=[GOOD.root])


async def why(session: aiohttp.ClientSession, answering: Answering) -> str:
    """Return why nothing came of asking."""
    with pytest.raises(NotAnchored) as refused:
        await ask(session, answering)
    return refused.value.reason


async def test_only_a_digest_leaves(session: aiohttp.ClientSession) -> None:
    """What is sent is the SHA-256 of the checkpoint with a nonce, certificates wanted; the answer is kept whole."""
    desk, stamped = await ask(session, lambda asked: authority.answer(GOOD, asked, now=NOW))
    ((sent, headers),) = desk.asked
    question = tsp.TimeStampReq.load(sent)
    assert question["message_imprint"]["hashed_message"].native == hashlib.sha256(NOTE).digest()
    assert question["cert_req"].native
    assert headers["Content-Type"] == "application/timestamp-query"
    assert NOTE not in sent
    assert stamped.request == sent
    assert (stamped.token.at, stamped.token.is_trusted) == (NOW, True)


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        (lambda asked: authority.answer(GOOD, asked, now=NOW, imprint=bytes(32)), "wrong_imprint"),
        (lambda asked: authority.answer(GOOD, asked, now=NOW, nonce=1), "wrong_nonce"),
        (lambda asked: authority.answer(GOOD, asked, now=NOW, spoil_signature=True), "bad_signature"),
        (lambda asked: authority.answer(GOOD, asked, now=NOW + timedelta(days=900)), "expired"),
        (lambda asked: authority.answer(OTHER, asked, now=NOW), "untrusted"),
        (lambda _: authority.refuse(), "refused"),
        (lambda _: b"<html>it works!</html>", "not_a_token"),
        (lambda _: bytes(70_000), "too_large"),
        (lambda _: web.Response(status=503), "busy"),
        (lambda _: web.Response(status=404), "refused"),
        (lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "refused"),
    ],
)
async def test_what_an_authority_may_answer(session: aiohttp.ClientSession, answering: Answering, reason: str) -> None:
    """Whatever is not a good token over this checkpoint has a name."""
    assert await why(session, answering) == reason


async def test_a_slow_authority_is_not_waited_for(session: aiohttp.ClientSession) -> None:
    """Beyond its time an authority is called slow."""
    waits = asyncio.Event()

    async def hang() -> web.Response:
        await waits.wait()
        return web.Response()

    try:
        assert await why(session, lambda _: hang()) == "slow"
    finally:
        waits.set()


async def test_a_broken_connection_has_its_name(session: aiohttp.ClientSession) -> None:
    """Nobody there, a connection that breaks, one that is not what it should be, an address that is none."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.transport.abort()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    expected = {f"http://127.0.0.1:{port}/": "cut_off", f"https://127.0.0.1:{port}/": "cut_off"}
    async with server:
        for url, reason in expected.items():
            with pytest.raises(NotAnchored, match=f"{reason}|tls|unreachable"):
                await timestamps.fetch(session, url, NOTE, roots=[GOOD.root])
    for url, reason in {"http://127.0.0.1:1/": "unreachable", "http://": "settings"}.items():
        with pytest.raises(NotAnchored, match=reason):
            await timestamps.fetch(session, url, NOTE, roots=[GOOD.root])


def test_the_machine_has_roots() -> None:
    """Without roots of one's own, those of the machine count, and each of them can be read."""
    assert all(each.issuer for each in timestamps.machine_roots())
