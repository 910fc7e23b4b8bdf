"""The one HTTP call to Meta, against real sockets."""

import asyncio
import contextlib
import gzip
import json
import logging
import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.whatsapp.conftest import Open, Script, Serve, Server
from wabridge.model.outcome import Accepted, Exchange, NotSent, Refused, Unknown
from wabridge.whatsapp import cloud_api
from wabridge.whatsapp.cloud_api import CloudApi

NUMBER = "106540352242922"
BODY = b'{"messaging_product":"whatsapp"}'
TOKEN = "EAAG-secret"
ANSWER = json.dumps({"messages": [{"id": "wamid.OUT9"}]}).encode()
HANG = 0.3
"""Seconds after which a send is given up in these tests."""


def _http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _answering(answer: bytes) -> Script:
    """A server that gives the same answer to every request."""

    async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.read(reader)
            writer.write(answer)
            await writer.drain()

    return script


def _reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection the hard way."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    writer.transport.abort()


async def _send(api: CloudApi) -> Exchange:
    return await api.send(NUMBER, BODY, access_token=TOKEN)


async def test_a_send_that_works(serve: Serve, open_api: Open) -> None:
    """The exact bytes go out with the token, and the exact answer comes back with its headers."""
    async with (
        serve(_answering(_http(ANSWER, "200 OK", "x-fb-trace-id: AbC", "Set-Cookie: a=1"))) as server,
        open_api(server.url + "/") as api,
    ):
        exchange = await _send(api)
        await _send(api)
    (head, body), (second_head, _) = server.requests
    assert head.startswith(f"POST /v25.0/{NUMBER}/messages HTTP/1.1\r\n".encode())
    assert f"Authorization: Bearer {TOKEN}\r\n".encode() in head
    assert b"Content-Type: application/json\r\n" in head
    assert body == BODY
    assert b"cookie" not in second_head.lower()
    assert exchange.outcome == Accepted("wamid.OUT9")
    assert (exchange.response_status, exchange.response_body) == (200, ANSWER)
    assert ("x-fb-trace-id", "AbC") in exchange.response_headers


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_http(b'{"error":{"code":190,"message":"expired"}}', "401 Unauthorized"), Refused(190, "pause", "expired")),
        (_http(b"<html>Bad Gateway</html>", "502 Bad Gateway", "Content-Type: text/html"), Unknown("unreadable")),
        (_http(b"<html>Hello</html>"), Unknown("unreadable")),
        (_http(b""), Unknown("empty")),
        (_http(b"", "503 Service Unavailable"), Unknown("empty")),
        (_http(gzip.compress(ANSWER), "200 OK", "Content-Encoding: gzip"), Accepted("wamid.OUT9")),
        (_http(gzip.compress(ANSWER)[:-9], "200 OK", "Content-Encoding: gzip"), Unknown("unreadable")),
        (_http(b"not gzip", "200 OK", "Content-Encoding: gzip"), Unknown("unreadable")),
        (_http(gzip.compress(b" " * 20_000_000), "200 OK", "Content-Encoding: gzip"), Unknown("unreadable")),
        (_http(ANSWER, "200 OK", "Content-Encoding: br"), Unknown("unreadable")),
        (_http(b"x" * cloud_api.ANSWER_BYTES), Unknown("unreadable")),
    ],
)
async def test_every_answer_has_its_outcome(serve: Serve, open_api: Open, answer: bytes, outcome: object) -> None:
    """Refusals, error pages, compressed and odd answers are judged, and kept byte for byte."""
    async with serve(_answering(answer)) as server, open_api(server.url) as api:
        exchange = await _send(api)
    assert exchange.outcome == outcome
    assert exchange.response_body == answer.partition(b"\r\n\r\n")[2]


async def test_a_redirect_is_not_followed(serve: Serve, open_api: Open) -> None:
    """A redirect would post the message a second time; it is unknown instead."""
    async with serve(_answering(_http(ANSWER))) as other:
        answer = _http(b"", "307 Temporary Redirect", f"Location: {other.url}/v25.0/x/messages")
        async with serve(_answering(answer)) as server, open_api(server.url) as api:
            exchange = await _send(api)
    assert exchange.outcome == Unknown("redirect")
    assert exchange.response_status == 307
    assert (len(server.requests), len(other.requests)) == (1, 0)


async def test_a_huge_answer_is_cut_off(serve: Serve, open_api: Open) -> None:
    """An answer without end costs a megabyte, not the machine, and its connection is not used again."""

    async def flood(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()

    async with serve(flood) as server, open_api(server.url) as api:
        exchange = await _send(api)
        assert (await _send(api)).outcome == Unknown("oversize")
    assert exchange.outcome == Unknown("oversize")
    assert exchange.response_body == b"x" * cloud_api.ANSWER_BYTES
    assert server.connections == 2


async def test_a_refused_connection_is_not_sent(open_api: Open) -> None:
    """Where nobody listens nothing has left."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    async with open_api(f"http://127.0.0.1:{port}") as api:
        assert await _send(api) == Exchange(NotSent("refused"))


class _NoNames(AbstractResolver):
    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        raise OSError(None, f"no address for {host}")

    async def close(self) -> None:
        pass


async def test_a_name_without_address_is_not_sent() -> None:
    """Where the name cannot be resolved nothing has left."""
    async with cloud_api.open_session(resolver=_NoNames()) as session:
        api = CloudApi(session, api_url="https://graph.example.invalid", api_version="v25.0")
        assert await _send(api) == Exchange(NotSent("dns"))


@pytest.mark.parametrize("url", ["", "graph.facebook.com", "ftp://127.0.0.1", "http://", "http://[::1"])
async def test_an_address_that_is_none_is_not_sent(open_api: Open, url: str) -> None:
    """A wrong setting sends nothing and raises nothing."""
    async with open_api(url) as api:
        assert await _send(api) == Exchange(NotSent("url"))


@pytest.mark.parametrize("token", ["line\nbreak", "null\0", "kunci–akses"])
async def test_a_token_that_is_none_is_not_sent(serve: Serve, open_api: Open, token: str) -> None:
    """A token that cannot stand in a header sends nothing and raises nothing."""
    async with serve(_answering(_http(ANSWER))) as server, open_api(server.url) as api:
        assert await api.send(NUMBER, BODY, access_token=token) == Exchange(NotSent("token"))
    assert server.connections == 0


async def test_a_failed_handshake_is_not_sent(serve: Serve, open_api: Open) -> None:
    """Where the far end speaks no TLS nothing of the message has left."""

    async def no_tls(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with serve(no_tls) as server, open_api(server.url.replace("http:", "https:")) as api:
        assert isinstance((await _send(api)).outcome, NotSent)


async def test_a_handshake_that_hangs_is_not_sent(serve: Serve, open_api: Open) -> None:
    """A far end that never finishes its TLS handshake has not got the message."""

    async def silence(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serve(silence) as server, open_api(server.url.replace("http:", "https:"), connect_seconds=HANG) as api:
        assert await _send(api) == Exchange(NotSent("timeout"))


async def _reset_at_once(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(1)
    _reset(writer)


async def _reset_after_reading(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.read(reader)
    _reset(writer)


async def _close_after_reading(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.read(reader)


async def _nonsense(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await server.read(reader)
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("script", [_reset_at_once, _reset_after_reading, _close_after_reading, _nonsense])
async def test_what_breaks_after_the_first_byte_is_unknown(serve: Serve, open_api: Open, script: Script) -> None:
    """A connection that breaks before the answer may have delivered the message."""
    async with serve(script) as server, open_api(server.url) as api:
        exchange = await _send(api)
    assert exchange == Exchange(Unknown("disconnect"))
    assert server.connections == 1


async def test_a_far_end_that_hangs_is_unknown(serve: Serve, open_api: Open) -> None:
    """A message that was taken and never answered is unknown after the time limit."""

    async def hang(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        await reader.read()

    async with serve(hang) as server, open_api(server.url, total_seconds=HANG) as api:
        assert await _send(api) == Exchange(Unknown("timeout"))
    assert len(server.requests) == 1


@pytest.mark.parametrize(("has_end", "reason"), [(True, "disconnect"), (False, "timeout")])
async def test_an_answer_that_breaks_off_is_unknown(
    serve: Serve, open_api: Open, *, has_end: bool, reason: str
) -> None:
    """Half an answer names no message; what has come of it is kept."""

    async def half(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        writer.write(_http(ANSWER)[:-5])
        await writer.drain()
        if not has_end:
            await reader.read()

    async with serve(half) as server, open_api(server.url, total_seconds=HANG) as api:
        exchange = await _send(api)
    assert exchange.outcome == Unknown(reason)
    assert (exchange.response_status, exchange.response_body) == (200, ANSWER[:-5])


async def test_a_dropped_connection_never_makes_a_second_post(serve: Serve, open_api: Open) -> None:
    """A kept connection that dies under the second send leaves it unknown: no library repeats it."""

    async def answer_once(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        writer.write(_http(ANSWER))
        await server.read(reader)

    async with serve(answer_once) as server, open_api(server.url) as api:
        first, second = await _send(api), await _send(api)
    assert first.outcome == Accepted("wamid.OUT9")
    assert second.outcome == Unknown("disconnect")
    assert (len(server.requests), server.connections) == (2, 1)


async def test_a_connection_closed_while_idle_is_not_used(serve: Serve, open_api: Open) -> None:
    """A far end that says it closes gets the next message on a new connection."""
    answer = _http(ANSWER, "200 OK", "Connection: close")
    async with serve(_answering(answer)) as server, open_api(server.url) as api:
        outcomes = [(await _send(api)).outcome for _ in range(2)]
    assert outcomes == [Accepted("wamid.OUT9")] * 2
    assert (len(server.requests), server.connections) == (2, 2)


async def test_a_cancelled_send_is_cancelled(serve: Serve, open_api: Open) -> None:
    """A stop of the program passes through: whoever called knows that the outcome is open."""

    async def hang(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        await reader.read()

    async with serve(hang) as server, open_api(server.url) as api:
        sending = asyncio.ensure_future(_send(api))
        await server.arrived.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_without_tracing_nothing_is_called_not_sent() -> None:
    """A session that cannot say whether the request has left leaves the outcome unknown."""
    async with aiohttp.ClientSession() as plain:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
        api = CloudApi(plain, api_url=f"http://127.0.0.1:{port}", api_version="v25.0")
        assert (await _send(api)).outcome == Unknown("refused")


async def test_the_log_says_nothing_private(serve: Serve, open_api: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the token, nor the address, nor the number, nor the message gets into the log."""
    caplog.set_level(logging.DEBUG)
    async with serve(_reset_after_reading) as server, open_api(server.url) as api:
        with contextlib.suppress(Exception):
            await _send(api)
    said = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("wabridge"))
    assert "a send did not complete" in said
    assert not any(word in said for word in (TOKEN, NUMBER, "127.0.0.1", "messaging_product"))
