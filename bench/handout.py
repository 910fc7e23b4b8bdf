"""Handing evidence out of a real database: how long it takes, what it costs the door and the pages meanwhile.

One person writes so many messages through the door of a running wabridge; then their conversation is exported, while
others go on writing and somebody looks at a list, first without and then beside the export. The bundle is checked by
the program inside it. Gathering is measured alone as well, with the server stopped.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.house import House, account, free_port
from wabridge import settings
from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.core import dossiers, exports
from wabridge.core.office import Office
from wabridge.gateway import cutouts
from wabridge.model.export import Scope
from wabridge.model.ids import ConversationId
from wabridge.sandbox import payloads
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import checkpoints
from wabridge.storage import exports as rows
from wabridge.storage.keyring import Keyring

_WRITER, _OTHER = "6281300000001", "6281300000002"
_AT_ONCE = 16
_EVERY_SECONDS = 0.05
_PATIENCE_SECONDS = 300.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--messages", type=int, nargs="+", default=[1000, 5000])


async def measure(options: argparse.Namespace) -> int:
    """Print two lines a size; returns 1 if a bundle does not check."""
    results = [await _turn(count) for count in ([40] if options.small else options.messages)]
    return max(results)


async def _turn(count: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        meta = PretendMeta(account(), behaviour=Behaviour.instant())
        await meta.start()
        house = House.make(Path(folder) / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
        meta.callback_url = f"{house.url}/webhook"
        await house.start()
        try:
            headers = {"Authorization": f"Bearer {await house.token()}"}
            async with aiohttp.ClientSession(headers=headers) as session:
                await _fill(house, meta, session, count)
                code = await _hand_out(house, meta, session, Path(folder) / "bundle.zip", count)
            await house.stop()
            loaded = settings.load(house.folder / "config.toml")
            seconds = await asyncio.to_thread(commands.with_office_and_keys, loaded, _gather)
            print(f"{count:>6} messages gathered alone in {seconds:.2f} s", flush=True)
            return code
        finally:
            await meta.stop()
            await house.kill()


async def _fill(house: House, meta: PretendMeta, session: aiohttp.ClientSession, count: int) -> None:
    """Let one person write so many messages, each in a webhook of its own, until all of them are filed."""
    for start in range(0, count, _AT_ONCE):
        await asyncio.gather(*(_write(meta, _WRITER, n) for n in range(start, min(count, start + _AT_ONCE))))
    newest, known = f"{house.url}/api/v1/contacts/1/messages", 0
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while known < count:
            async with session.get(newest, params={"limit": "1"}) as response:
                page = await response.json() if response.status == 200 else {"items": []}
            known = max((int(item["id"]) for item in page["items"]), default=0)
            await asyncio.sleep(0.2)


async def _write(meta: PretendMeta, phone: str, number: int) -> None:
    person = meta.handset(phone).person
    text = payloads.text(person, f"Pesan ke-{number}: mohon kabar tentang perkara saya", at=datetime.now(UTC))
    value = payloads.value(meta.account, contacts=[payloads.contact(person)], messages=[text])
    if await meta.courier.post(payloads.encode(payloads.batch(meta.account, value))) != 200:
        raise SystemExit("the door refused a webhook")


async def _hand_out(house: House, meta: PretendMeta, session: aiohttp.ClientSession, target: Path, count: int) -> int:
    """Export while others go on; print what it took, and return what the bundle's own check says."""

    async def knock() -> None:
        await _write(meta, _OTHER, 0)

    async def look() -> None:
        async with session.get(f"{house.url}/api/v1/contacts") as response:
            await response.read()

    alone = asyncio.create_task(asyncio.sleep(2.0))
    quiet = [await each for each in [asyncio.create_task(_watch(work, alone)) for work in (knock, look)]]
    words = ("export", "conversation", "1", "--reason", "bench", "--to", str(target))
    begun = time.perf_counter()
    making = asyncio.create_task(house.command(*words))
    busy = [await each for each in [asyncio.create_task(_watch(work, making)) for work in (knock, look)]]
    await making
    seconds = time.perf_counter() - begun
    size = (await asyncio.to_thread(target.stat)).st_size
    worst = "   ".join(
        f"{name} {max(before):.0f} ms, meanwhile {max(after):.0f} ms (p95 {_p95(before):.0f}, {_p95(after):.0f})"
        for name, before, after in zip(("door", "list"), quiet, busy, strict=True)
    )
    print(f"{count:>6} messages in {seconds:.1f} s, {size / 1e6:.1f} MB; worst: {worst}", flush=True)
    program = target.with_name("verify.py")
    program.write_bytes(zipfile.ZipFile(target).read("verify.py"))
    command = [sys.executable, "-I", str(program), str(target)]
    return (await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)).returncode


async def _watch(work: Callable[[], Awaitable[None]], until: "asyncio.Task[object]") -> list[float]:
    """Do something again and again until a task has ended, and return how many milliseconds each took."""
    took: list[float] = []
    while not until.done() or not took:
        begun = time.perf_counter()
        await work()
        took.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(_EVERY_SECONDS)
    return took


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


async def _gather(office: Office, keyring: Keyring) -> float:
    """Gather the conversation once more, and return how long it took."""
    scope = Scope(kind="conversation", conversation_id=ConversationId(1))
    await exports.request(office, OPERATOR, scope, reason="bench")
    requested = await office.database.read(rows.find_next)
    assert requested is not None, "it was just asked for"
    head = await office.database.write(lambda tx: checkpoints.add(tx, keyring.get(checkpoints.KEY)))
    begun = time.perf_counter()
    await dossiers.gather(office, requested, head, cutouts.read)
    return time.perf_counter() - begun
