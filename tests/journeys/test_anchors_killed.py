"""A program that is killed while an authority has its question: asked again, anchored once, nothing held up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.house import House, free_port
from tests import authority
from tests.journeys.site import SITI, eventually
from tests.journeys.test_replay_command import open_data
from wabridge.evidence import timestamp
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import anchors
from wabridge.storage.anchors import Kept


class Desk:
    """An authority that holds its answers back until it is told to give them."""

    def __init__(self) -> None:
        self.authority = authority.found(datetime.now(UTC))
        self.asked = 0
        self.opens = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Take a question, and answer it once the desk opens."""
        question = await request.read()
        self.asked += 1
        await self.opens.wait()
        return web.Response(body=authority.answer(self.authority, question, now=datetime.now(UTC)))


@pytest.fixture
async def desk() -> Desk:
    """An authority that is not open yet."""
    return Desk()


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta, desk: Desk) -> AsyncIterator[House]:
    """A wabridge of its own process that anchors at the authority."""
    app = web.Application()
    app.router.add_post("/tsr", desk.answer)
    async with TestServer(app) as server:
        made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
        (made.folder / "root.pem").write_bytes(desk.authority.root_pem)
        with (made.folder / "config.toml").open("a") as config:
            config.write(f'[anchors]\ntimestamp_urls = ["{server.make_url("/tsr")}"]\ntimestamp_roots = ["root.pem"]\n')
        meta.callback_url = f"{made.url}/webhook"
        await made.start()
        yield made
        desk.opens.set()
        await made.kill()


async def test_killed_with_a_question_under_way_it_is_anchored_once(
    house: House, desk: Desk, meta: PretendMeta
) -> None:
    """The question that was under way is forgotten, the next start asks anew, and one token lies in the record."""

    async def was_asked() -> bool:
        return desk.asked > 0

    async def is_kept() -> bool:
        return bool(await _kept(house))

    await eventually(was_asked)
    meta.client_writes(SITI, "Siti", "Halo")
    await house.kill()
    desk.opens.set()
    await house.start()
    await eventually(is_kept)
    assert await house.stop() == 0
    (kept,) = await _kept(house)
    token = timestamp.check(kept.answer, kept.note, roots=[desk.authority.root])
    assert (token.authority, token.is_trusted) == ("Pretend Time", True)
    assert "OK    anchors: 1, each of its checkpoint" in await house.command("verify")


async def _kept(house: House) -> list[Kept]:
    async with open_data(house) as database:
        return await database.read(lambda tx: anchors.list_kept(tx, limit=100))
