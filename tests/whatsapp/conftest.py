"""Servers on loopback that answer, or fail to, in a scripted way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from wabridge.whatsapp import cloud_api
from wabridge.whatsapp.cloud_api import CloudApi

Script = Callable[["Server", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A server that plays its script on each connection. requests: head and body of each that was read."""

    url: str = ""
    requests: list[tuple[bytes, bytes]] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Read one request to its end."""
        head = await reader.readuntil(b"\r\n\r\n")
        lines = (line.partition(b":") for line in head.split(b"\r\n"))
        length = next(int(value) for name, _, value in lines if name.lower() == b"content-length")
        self.requests.append((head, await reader.readexactly(length)))
        self.arrived.set()


Serve = Callable[[Script], AbstractAsyncContextManager[Server]]


@asynccontextmanager
async def _serve(script: Script) -> AsyncIterator[Server]:
    server = Server()
    connections: set[asyncio.Task[None]] = set()

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            # The far end may go away whenever it likes.
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await script(server, reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(play, "127.0.0.1", 0, limit=1024 * 1024)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


@pytest.fixture
def serve() -> Serve:
    """A way to run a server for the length of a block; it plays the script on each connection."""
    return _serve


Open = Callable[..., AbstractAsyncContextManager[CloudApi]]


@asynccontextmanager
async def _open_api(url: str, **options: float) -> AsyncIterator[CloudApi]:
    async with cloud_api.open_session(**options) as session:  # type: ignore[arg-type]  # times, as the tests name them
        yield CloudApi(session, api_url=url, api_version="v25.0")


@pytest.fixture
def open_api() -> Open:
    """A way to have the Cloud API of a URL for the length of a block, with the time limits of `open_session`."""
    return _open_api
