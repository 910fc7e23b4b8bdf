"""Live changes, as an open page hears them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.web.served import OPERATOR, Served
from wabridge.broker import Change
from wabridge.core import staff
from wabridge.web import events, keys


@asynccontextmanager
async def listening(served: Served) -> AsyncIterator[aiohttp.StreamReader]:
    """Open the stream and yield it when it has begun to listen."""
    async with served.http.get(served.url + "/events") as response, asyncio.timeout(10):
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        await response.content.readuntil(b"retry: 2000\n\n")
        await response.content.readuntil(b": \n\n")
        yield response.content


async def test_a_change_reaches_an_open_page(served: Served) -> None:
    """An announcement arrives as one event that carries ids and nothing else."""
    await served.sign_in()
    async with listening(served) as stream:
        served.office.broker.announce(Change("conversation", 7))
        said = await stream.readuntil(b"\n\n")
        assert said.startswith(b"event: change\ndata: ")
        assert json.loads(said.removeprefix(b"event: change\ndata: ")) == {"topic": "conversation", "conversation": 7}


async def test_nobody_hears_nothing(served: Served) -> None:
    """Without a session there is no stream and no redirection, which a stream could not follow."""
    answer = await served.get("/events")
    assert (answer.status, answer.body) == (401, b"")


async def test_the_stream_ends_when_the_program_stops(served: Served) -> None:
    """An open page does not keep the program from stopping."""
    await served.sign_in()
    async with listening(served) as stream:
        served.office.broker.hang_up()
        assert await stream.read() == b""


async def test_an_open_page_gets_signs_of_life(served: Served) -> None:
    """A comment now and then keeps proxies from hanging up, and changes still arrive after it."""
    served.app[keys.STREAMS].beat_seconds = 0.05
    await served.sign_in()
    async with listening(served) as stream:
        assert await stream.readuntil(b"\n\n") == b": \n\n"
        served.office.broker.announce(Change("notice", None))
        while (said := await stream.readuntil(b"\n\n")) == b": \n\n":
            pass
        assert b'"topic":"notice"' in said


async def test_the_stream_ends_with_the_session(served: Served) -> None:
    """Whoever was signed out elsewhere hears nothing more after the next sign of life."""
    served.app[keys.STREAMS].beat_seconds = 0.05
    await served.sign_in()
    async with listening(served) as stream:
        owner = await staff.ensure_owner(served.office)
        await staff.reset(served.office, OPERATOR, owner.id)
        while said := await stream.readline():
            assert said in (b": \n", b"\n")


async def test_too_many_pages_are_told_to_come_again(served: Served) -> None:
    """Beyond the limit a stream is refused; one that ended makes room."""
    await served.sign_in()
    served.app[keys.STREAMS].open = events.MOST_STREAMS - 1
    async with listening(served) as stream:
        answer = await served.get("/events")
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        served.office.broker.hang_up()
        await stream.read()
    async with listening(served):
        assert served.app[keys.STREAMS].open == events.MOST_STREAMS
