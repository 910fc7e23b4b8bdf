"""How long a bundle takes from the dossier to the last byte, and how much memory, by number of messages.

Each is made in a process of its own, as the program does. The bundle is thrown away; its maker's processor time is
printed beside the time that passed, because other work on the machine shows only in the latter.
"""

import argparse
import asyncio
import json
import resource
import time
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.dossiers.invented import LEDGER_SEED, invent
from wabridge.evidence import authority, workshop
from wabridge.evidence.bundle import Keys

SECONDS = {1000: 5.0, 5000: 20.0}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--messages", type=int, nargs="+", default=[1000, 5000])


async def measure(options: argparse.Namespace) -> int:
    """Measure each size; returns 1 if one took longer than it may."""
    slow = 0
    print(f"{'messages':>9} {'seconds':>8} {'cpu':>6} {'MB':>5} {'bundle MB':>10}")
    for count in [60] if options.small else options.messages:
        seconds, cpu, memory, size = await _make(count)
        print(f"{count:>9} {seconds:>8.1f} {cpu:>6.1f} {memory:>5.0f} {size / 1e6:>10.1f}", flush=True)
        slow += seconds > SECONDS.get(count, 20.0)
    return min(slow, 1)


async def _make(count: int) -> tuple[float, float, float, int]:
    now = datetime.now(UTC)
    root = authority.found_root("Kantor", b"-", now=now)
    keys = Keys(LEDGER_SEED, authority.issue_seal(root, b"-", "Kantor", now=now))
    invented = invent(count)
    files = ((file.path, [invented.files[file.path]]) for file in invented.dossier.files)
    pieces = workshop.orders(workshop.Order(dossier=invented.dossier, keys=keys), files)
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    size = await _run(pieces)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, cpu, after.ru_maxrss / 1024, size


async def _run(pieces: Iterator[bytes]) -> int:
    """Return the size of the bundle that a workshop makes."""
    maker = await asyncio.create_subprocess_exec(
        *workshop.COMMAND, stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, cwd=workshop.FOLDER
    )
    given, made, told = maker.stdin, maker.stdout, maker.stderr
    assert given is not None  # a pipe was asked for
    assert made is not None
    assert told is not None

    async def feed() -> None:
        for piece in pieces:
            given.write(piece)
            await given.drain()
        given.close()

    async def count() -> int:
        size = 0
        while piece := await made.read(1 << 20):
            size += len(piece)
        return size

    _, size, said = await asyncio.gather(feed(), count(), told.read())
    if await maker.wait():
        raise SystemExit(json.loads(said.splitlines()[-1])["failed"])
    return size
