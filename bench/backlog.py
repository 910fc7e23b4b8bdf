"""Live messages beside the past: how long until a new message is on an open page while 3 MB of history are worked off.

First without, then with a history webhook of the largest size in flight, with the machine's cores kept busy by others.
Printed are milliseconds from the start of the POST until the fetched page shows the message, and their ratio.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.desk import Desk, sign_in
from bench.house import House, account, free_port
from wabridge.sandbox import backlog, payloads
from wabridge.sandbox.courier import signature
from wabridge.sandbox.payloads import Json, Person

_SITI = Person(phone="6281234567890", name="Siti", user_id="ID.100000000000001")
_OLD = Person(phone="6281298765432", name="Budi", user_id="ID.100000000000002")
_FLOOR_SECONDS = 1.0
_PATIENCE_SECONDS = 900.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--size", type=int, default=backlog.LARGEST_BYTES, help="bytes of the history webhook")
    parser.add_argument("--every", type=float, default=0.15, help="seconds between live messages")
    parser.add_argument("--quiet", type=int, default=60, help="live messages before the history comes")
    parser.add_argument("--busy", type=int, default=os.cpu_count() or 1, help="processes that only burn time beside it")


async def measure(options: argparse.Namespace) -> int:
    """Print both distributions and their ratios; returns 1 if a message took longer than it may."""
    if options.small:
        options.size, options.every, options.quiet, options.busy = 60_000, 0.02, 5, 0
    with tempfile.TemporaryDirectory() as folder:
        house = House.make(Path(folder) / "house", port=free_port(), api_url="http://127.0.0.1:9", account=account())
        await house.start()
        try:
            async with _busy(options.busy), sign_in(house) as desk, asyncio.timeout(_PATIENCE_SECONDS):
                return await _compare(house, desk, options)
        finally:
            await house.kill()


async def _compare(house: House, desk: Desk, options: argparse.Namespace) -> int:
    live = _Live(house, desk)
    await live.post(live.message("Pembuka"))
    live.page = await desk.find_conversation()
    before = [await live.time_one(options.every) for _ in range(options.quiet)]
    old = backlog.large_chunk(house.account, _OLD, datetime.now(UTC), size_bytes=options.size)
    messages = old["history"][0]["threads"][0]["messages"]
    last = messages[-1]["text"]["body"]
    begun = time.perf_counter()
    answered = await live.post(payloads.batch(house.account, old, field="history"))
    done = asyncio.create_task(_until_filed(house, last))
    during = []
    while not done.done():
        during.append(await live.time_one(options.every))
    took = time.perf_counter() - begun
    await done
    print(f"history of {options.size / 1e6:.1f} MB, {len(messages)} messages: answered in {answered * 1e3:.0f} ms,")
    print(f"worked off in {took:.1f} s ({len(messages) / took:.0f} a second) beside {len(during)} live messages")
    _print("without history", before)
    _print("during history", during)
    ratios = (_quantile(during, part) / _quantile(before, part) for part in (0.5, 0.99))
    print("ratio p50 {:.1f}, p99 {:.1f}; slowest live message {:.0f} ms".format(*ratios, max(during) * 1e3), end="")
    print(f"   (floor {_FLOOR_SECONDS * 1e3:.0f} ms more than without)")
    return int(not options.small and max(during) - statistics.median(before) > _FLOOR_SECONDS)


class _Live:
    """A person who writes again and again, and the page on which that is seen."""

    def __init__(self, house: House, desk: Desk) -> None:
        self.page = ""
        self._house = house
        self._desk = desk
        self._count = 0

    def message(self, words: str) -> Json:
        """Compose the webhook of one message."""
        text = payloads.text(_SITI, words, at=datetime.now(UTC))
        return payloads.message_webhook(self._house.account, _SITI, text)

    async def post(self, webhook: Json) -> float:
        """Post a webhook and return how long the answer took."""
        body = payloads.encode(webhook)
        proof = {"X-Hub-Signature-256": signature(self._house.account.app_secret, body)}
        begun = time.perf_counter()
        url = f"{self._house.url}/webhook"
        async with self._desk.session.post(url, data=body, headers=proof) as response:
            response.raise_for_status()
        return time.perf_counter() - begun

    async def time_one(self, rest: float) -> float:
        """Return how long a new message takes until the page shows it; rest a moment afterwards."""
        self._count += 1
        words = f"Pesan langsung {self._count:06}"
        webhook = self.message(words)
        seen = asyncio.create_task(self._desk.until_shown(self.page, words))
        await asyncio.sleep(rest)  # so that the page is open and listening
        begun = time.perf_counter()
        await self.post(webhook)
        await seen
        return time.perf_counter() - begun


async def _until_filed(house: House, words: str) -> None:
    """Return once the last of the old messages is in the office."""
    headers = {"Authorization": f"Bearer {await house.token()}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        while True:
            for contact in await _items(session, f"{house.url}/api/v1/contacts"):
                newest = await _items(session, f"{house.url}/api/v1/contacts/{contact['id']}/messages?limit=1")
                if newest and newest[0]["text"] == words:
                    return
            await asyncio.sleep(0.5)


async def _items(session: aiohttp.ClientSession, url: str) -> list[Json]:
    async with session.get(url) as response:
        return list((await response.json())["items"])


@asynccontextmanager
async def _busy(processes: int) -> AsyncIterator[None]:
    """Keep the cores busy for the length of a block."""
    burning = [await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass") for _ in range(processes)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            await process.wait()


def _print(name: str, seconds: Sequence[float]) -> None:
    figures = (_quantile(seconds, 0.5), _quantile(seconds, 0.99), max(seconds))
    print("{:16} p50 {:6.1f} ms   p99 {:6.1f} ms   max {:6.1f} ms".format(name, *(each * 1e3 for each in figures)))


def _quantile(seconds: Sequence[float], part: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]
