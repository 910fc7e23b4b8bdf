"""What a fault looks like from outside and in the log."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import web

from tests.storage.disks import full_disk, locked
from tests.web.served import Served, serve
from wabridge.core.office import Office
from wabridge.web import bodies

CANARY = "Ibu Siti punya rahasia"


async def _break(request: web.Request) -> web.Response:
    raise ValueError(CANARY)


async def _read_slowly(request: web.Request) -> web.Response:
    return web.Response(body=await bodies.read(request, max_bytes=100, seconds=0.05))


BROKEN = [web.get(path, _break) for path in ("/broken", "/api/v1/broken")]


async def test_a_fault_tells_nobody_what_it_says(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Page, problem and log name the fault's class and place, never its words."""
    caplog.set_level(logging.DEBUG)
    async with serve(office, *BROKEN) as served:
        answers = [await served.get(path) for path in ("/broken", "/api/v1/broken")]
    assert [answer.status for answer in answers] == [500, 500]
    assert answers[0].headers["Content-Type"].startswith("text/html")
    assert answers[1].headers["Content-Type"] == "application/problem+json"
    failures = [vars(record)["failure"] for record in caplog.records if record.msg == "a request failed"]
    assert all(said.startswith("error=ValueError at test_errors.py:") for said in failures)
    assert len(failures) == 2
    assert CANARY not in str([vars(record) for record in caplog.records]) + str(answers)


async def test_a_failing_disk_is_a_page_in_words(served: Served, data_folder: Path) -> None:
    """Signing in while nothing can be written is refused with a page that says so, and works afterwards."""
    await served.hire("siti")
    with locked(data_folder / "wabridge.db"):
        answer = await served.submit("/login", login="siti", password="something else")
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert answer.tree.all("section", id="error")
    assert (await served.submit("/login", login="siti", password="something else")).status == 401


async def test_pages_can_be_read_while_the_disk_is_full(served: Served, data_folder: Path) -> None:
    """A full disk shuts nobody out of what is stored."""
    await served.sign_in()
    with full_disk((data_folder / "wabridge.db").stat().st_size):
        assert (await served.get("/inbox")).status == 200
        assert (await served.get("/health")).status == 503


async def test_a_body_that_never_ends_is_given_up(office: Office) -> None:
    """A caller who stops in the middle of a body is told 408 and cut off."""
    async with serve(office, web.post("/api/slow", _read_slowly)) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(b"POST /api/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
        async with asyncio.timeout(10):
            assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
        writer.close()
        await writer.wait_closed()
