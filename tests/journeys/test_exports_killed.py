"""A program killed while it makes a bundle: no half is offered, nothing lies about, and the next start makes it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.house import House, free_port
from tests import authority, exporting
from tests.arrivals import column
from tests.journeys.site import SITI, eventually
from tests.journeys.test_replay_command import open_data
from tests.storage.disks import holds
from wabridge import settings as configuration
from wabridge.broker import Broker
from wabridge.clock import system_clock
from wabridge.core import exports
from wabridge.core.office import Office
from wabridge.model.export import Export, Scope
from wabridge.model.ids import ConversationId, ExportId
from wabridge.model.staff import Actor
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

_OWNER = Actor(kind="staff", id=1, name="Pemilik", role="owner")
_CANARY = "Kenari rahasia 8841"
_MESSAGES = 40
_SCOPE = Scope(kind="conversation", conversation_id=ConversationId(1))


class Desk:
    """An authority that can hold its answers back."""

    def __init__(self) -> None:
        self.authority = authority.found(datetime.now(UTC))
        self.seals_asked = 0
        self.opens = asyncio.Event()
        self.opens.set()

    async def answer(self, request: web.Request) -> web.Response:
        """Take a question, and answer it while the desk is open."""
        question = await request.read()
        self.seals_asked += 1
        await self.opens.wait()
        return web.Response(body=authority.answer(self.authority, question, now=datetime.now(UTC)))


class Handout:
    """A wabridge of its own process, with a conversation that can be exported."""

    def __init__(self, house: House, office: Office, desk: Desk) -> None:
        self.house, self.office, self.desk = house, office, desk
        self.bundles = house.folder / "data/bundles"

    async def ask(self) -> ExportId:
        """Ask for the conversation's bundle beside the program, which finds it by itself."""
        return await exports.request(self.office, _OWNER, _SCOPE, reason="Lampiran gugatan")

    async def get(self, export_id: ExportId) -> Export:
        """Return an export as it is now."""
        return await exports.get(self.office, _OWNER, export_id)

    async def has_state(self, export_id: ExportId, state: str) -> bool:
        """Say whether an export is in a state now."""
        return (await self.get(export_id)).state == state

    async def until(self, export_id: ExportId, state: str) -> Export:
        """Wait until an export is in a state."""
        await eventually(partial(self.has_state, export_id, state), seconds=60)
        return await self.get(export_id)

    def workers(self) -> list[int]:
        """Return the processes that the program has started, and those that they have."""
        assert self.house.process is not None
        return _descendants(self.house.process.pid)

    def lying(self, *, whole: bool) -> list[Path]:
        """Return the bundles that lie on the disk: whole ones, or begun ones with something in them."""
        found = [path for path in self.bundles.glob("*") if (path.suffix != ".part") == whole]
        return [path for path in found if whole or path.stat().st_size > 8]


@pytest.fixture
async def handout(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[Handout]:
    """A program that runs, with a conversation of one person, and an authority for its seals."""
    desk, app = Desk(), web.Application()
    app.router.add_post("/tsr", desk.answer)
    async with TestServer(app) as server:
        house = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
        (house.folder / "root.pem").write_bytes(desk.authority.root_pem)
        with (house.folder / "config.toml").open("a") as config:
            config.write(f'[anchors]\ntimestamp_urls = ["{server.make_url("/tsr")}"]\ntimestamp_roots = ["root.pem"]\n')
        meta.callback_url = f"{house.url}/webhook"
        await house.start()
        try:
            async with _beside(house) as office:
                for number in range(_MESSAGES):
                    meta.client_writes(SITI, "Siti Rahayu", f"{_CANARY} {number}")

                async def is_filed() -> bool:
                    return await column(office.database, "SELECT count(*) FROM message") == [_MESSAGES]

                async def is_anchored() -> bool:
                    return await column(office.database, "SELECT DISTINCT state FROM anchor") == ["made"]

                await eventually(is_filed, seconds=30)
                await eventually(is_anchored, seconds=30)
                desk.seals_asked = 0
                yield Handout(house, office, desk)
        finally:
            desk.opens.set()
            await house.kill()


_MOMENTS: dict[str, Callable[[Handout, ExportId], Awaitable[bool]]] = {
    "gathering": lambda handout, export_id: handout.has_state(export_id, "running"),
    "pressing": lambda handout, export_id: _is(bool(handout.workers())),
    "writing": lambda handout, export_id: _is(bool(handout.lying(whole=False))),
    "sealing": lambda handout, export_id: _is(handout.desk.seals_asked > 0),
    "kept": lambda handout, export_id: _is(bool(handout.lying(whole=True))),
    "done": lambda handout, export_id: handout.has_state(export_id, "done"),
}


@pytest.mark.parametrize("moment", _MOMENTS)
async def test_killed_at_any_moment_of_its_making_a_bundle_is_made_at_the_next_start(
    handout: Handout, tmp_path: Path, moment: str
) -> None:
    """Gathered, set, sealed, written, kept or done when it is killed: the next start has made the same export once."""
    if moment == "sealing":
        handout.desk.opens.clear()
    export_id = await handout.ask()
    await eventually(partial(_MOMENTS[moment], handout, export_id), seconds=60)
    workers = handout.workers()
    assert [file for pid in workers for file in _written_files(pid)] == []
    await handout.house.kill()
    handout.desk.opens.set()
    left = await handout.get(export_id)
    assert (left.kept is None) == (left.state != "done")
    await eventually(partial(_have_ended, workers), seconds=30)
    assert holds(handout.house.folder, _CANARY.encode()) == []
    await handout.house.start()
    made = await handout.until(export_id, "done")
    assert made.kept is not None
    assert [path.name for path in handout.bundles.iterdir()] == [made.kept.name]
    _, pieces = await exports.fetch(handout.office, _OWNER, export_id)
    await exporting.require_sound(b"".join([piece async for piece in pieces]), tmp_path)
    assert await handout.house.stop() == 0
    leaves = "SELECT count(*) FROM leaf WHERE kind = 'export'"
    assert await column(handout.office.database, leaves) == [1]
    assert "OK    ledger" in await handout.house.command("verify")


async def test_a_workshop_that_is_killed_ends_its_export_and_nothing_else(handout: Handout) -> None:
    """Killed by the machine while it seals, it costs one export, which says so; nothing of it is left."""
    handout.desk.opens.clear()
    export_id = await handout.ask()
    await eventually(lambda: _is(handout.desk.seals_asked > 0), seconds=60)
    os.kill(handout.workers()[0], signal.SIGKILL)
    assert (await handout.until(export_id, "failed")).failure == "fault"
    assert list(handout.bundles.glob("*")) == []
    handout.desk.opens.set()
    await handout.until(await handout.ask(), "done")


@asynccontextmanager
async def _beside(house: House) -> AsyncIterator[Office]:
    """Open the office's work beside the program, as another hand at the same database."""
    keyring = Keyring.open(house.folder / "data/keyring", house.master_key())
    said = configuration.load(house.folder / "config.toml")
    async with open_data(house) as database:
        vault, bundles = (Vault(house.folder / "data" / name, keyring) for name in ("vault", "bundles"))
        yield Office(
            said, database, Broker(), system_clock(), bytes(32), is_sandbox=False, vault=vault, bundles=bundles
        )


async def _is(fact: bool) -> bool:
    """Return what is known at once as what has to be asked."""
    return fact


def _descendants(pid: int) -> list[int]:
    children: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(stat.parent.name))
    return [*children, *(each for child in children for each in _descendants(child))]


async def _have_ended(pids: list[int]) -> bool:
    return not any(map(_lives, pids))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _written_files(pid: int) -> list[str]:
    """Return the files on a disk that a process has open for writing."""
    found: list[str] = []
    with suppress(OSError):
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                target = str(fd.readlink())
                flags = int(Path(f"/proc/{pid}/fdinfo/{fd.name}").read_text().split("flags:")[1].split()[0], 8)
                if target.startswith("/") and not target.startswith("/dev/") and flags & os.O_ACCMODE:
                    found.append(target)
    return found
