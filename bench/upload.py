"""A file of 100 MB to one person: what it costs the others and the memory, and whether a kill in the middle loses it.

Messages are queued for other people in turns: alone, and while the file comes in and goes out again. The delay is from
the API's 202 to the pretend Meta's receipt. Then the same file is sent once more, wabridge is killed while it is on its
way, and started again: it must arrive once, whole.
"""

import argparse
import asyncio
import hashlib
import io
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench import books
from bench.house import House, account, free_port
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.traffic import AcceptedMessage

_RECEIVER = "6281399999903"
_PEOPLE = [f"62812{n:08d}" for n in range(40)]
_PER_SECOND = 20
_QUIET_SECONDS = 300.0
_GROWTH_BYTES = 48 * 1024 * 1024
"""So much more memory than before may be in use at the worst moment."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--megabytes", type=int, default=100, help="size of the file")


async def measure(options: argparse.Namespace) -> int:
    """Print a line a turn; returns 1 if a file did not arrive once and whole, or took too much memory."""
    megabytes = 8 if options.small else options.megabytes
    file = b"%PDF-1.7\n" + bytes(range(256)) * (megabytes * 4096 - 1)
    with tempfile.TemporaryDirectory() as folder:
        meta = PretendMeta(account(), behaviour=Behaviour.instant())
        await meta.start()
        house = House.make(Path(folder) / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
        meta.callback_url = f"{house.url}/webhook"
        await house.start()
        try:
            headers = {"Authorization": f"Bearer {await house.token()}"}
            async with aiohttp.ClientSession(headers=headers) as session:
                return await _turns(session, house, meta, file, seconds=2 if options.small else 8)
        finally:
            await meta.stop()
            await house.kill()


async def _turns(session: aiohttp.ClientSession, house: House, meta: PretendMeta, file: bytes, *, seconds: int) -> int:
    for phone in (*_PEOPLE, _RECEIVER):
        meta.client_writes(phone, f"Person {phone[-3:]}", "Halo")
    await meta.drain(_QUIET_SECONDS)
    await books.until_known(house, session, len(_PEOPLE) + 1)
    await _others(session, house, meta, "alone", seconds)
    before = _memory(house)
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(_send(session, house, meta, file))
        tasks.create_task(_others(session, house, meta, f"beside {len(file) >> 20} MB", seconds))
    growth = _memory(house) - before
    print(f"{'in and out again':24} {sending.result():5.1f} s   memory at most {growth / 2**20:+.1f} MB", flush=True)
    is_whole = await _kill_in_the_middle(session, house, meta, file)
    print(f"{'killed in the middle':24} {'once and whole' if is_whole else 'LOST OR TWICE'}", flush=True)
    return 0 if is_whole and growth < _GROWTH_BYTES else 1


async def _send(session: aiohttp.ClientSession, house: House, meta: PretendMeta, file: bytes) -> float:
    """Hand the file in, send it, and return how long it took until Meta had its message."""
    begun, known = time.perf_counter(), len(_received(meta))
    await _queue_file(session, house, file)
    await meta.wait_until(lambda: len(_received(meta)) > known, _QUIET_SECONDS)
    return time.perf_counter() - begun


async def _kill_in_the_middle(session: aiohttp.ClientSession, house: House, meta: PretendMeta, file: bytes) -> bool:
    """Kill wabridge while Meta keeps it waiting for the answer to an upload; say whether all came right afterwards."""
    known, uploads = len(_received(meta)), len(meta.uploads)
    meta.faults.add(Fault.UPLOAD_HANGS)
    await _queue_file(session, house, file)
    await meta.wait_until(lambda: len(meta.uploads) > uploads, _QUIET_SECONDS)
    await house.kill()
    meta.faults.clear()
    await house.start()
    await meta.wait_until(lambda: len(_received(meta)) > known, _QUIET_SECONDS)
    await meta.drain(_QUIET_SECONDS)
    (message,) = _received(meta)[known:]
    sent = message.bubble.file
    return sent is not None and hashlib.sha256(sent.content).digest() == hashlib.sha256(file).digest()


async def _queue_file(session: aiohttp.ClientSession, house: House, file: bytes) -> None:
    form = aiohttp.FormData()
    form.add_field("to", "+" + _RECEIVER)
    form.add_field("file", io.BytesIO(file), filename="berkas perkara.pdf")
    async with session.post(f"{house.url}/api/v1/files", data=form) as response:
        response.raise_for_status()
        file_id = (await response.json())["id"]
    body = {"to": "+" + _RECEIVER, "file_id": file_id}
    async with session.post(f"{house.url}/api/v1/messages", json=body) as response:
        response.raise_for_status()


async def _others(session: aiohttp.ClientSession, house: House, meta: PretendMeta, name: str, seconds: int) -> None:
    """Queue messages to other people evenly, and print how long each took to Meta."""
    queued: dict[str, datetime] = {}
    begun = time.perf_counter()
    for number in range(_PER_SECOND * seconds):
        await asyncio.sleep(max(begun + number / _PER_SECOND - time.perf_counter(), 0))
        text = f"{name} {number:05d}"
        body = {"to": "+" + _PEOPLE[number % len(_PEOPLE)], "text": text}
        async with session.post(f"{house.url}/api/v1/messages", json=body) as response:
            response.raise_for_status()
        queued[text] = datetime.now(UTC)
    await meta.wait_until(lambda: sum(m.text in queued for m in meta.accepted) >= len(queued), _QUIET_SECONDS)
    taken = {message.text: message.accepted_at for message in meta.accepted if message.text in queued}
    delays = sorted((taken[text] - at).total_seconds() for text, at in queued.items())
    p50, p99 = delays[len(delays) // 2] * 1e3, delays[int(len(delays) * 0.99)] * 1e3
    print(f"{name:24} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms", flush=True)


def _received(meta: PretendMeta) -> list[AcceptedMessage]:
    return [message for message in meta.accepted if message.bubble.file is not None]


def _memory(house: House) -> int:
    """Return the most memory that wabridge has had in use, in bytes."""
    assert house.process is not None, "it runs"
    said = Path(f"/proc/{house.process.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in said.splitlines() if line.startswith("VmHWM"))
