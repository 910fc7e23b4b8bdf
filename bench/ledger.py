"""The price of the ledger: what a leaf costs beside what it speaks of, in time of the processor.

Messages are filed as the worker does it, 64 at a time, each leaving its leaf; then leaves alone are written, 200 at a
time. Printed are microseconds of the processor, so that other programs on the machine change little.
"""

import argparse
import asyncio
import hashlib
import statistics
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from wabridge.clock import system_clock
from wabridge.core.filing import Filing
from wabridge.model.event import InboundMessage, Person, encode
from wabridge.storage import events, ledger, numbers
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent, StoredEvent
from wabridge.storage.journal import Journal, StoredBody
from wabridge.storage.ledger import Entry, Subject

_BATCH, _LEAVES = 64, 200
_CEILING_MS = 20.0
"""A worker's transaction holds the writer no longer."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the knobs."""
    parser.add_argument("--messages", type=int, default=8000, help="how many messages are filed")


async def measure(options: argparse.Namespace) -> int:
    """Print what it costs; returns 1 if 200 leaves take longer than a transaction may."""
    count = 1200 if options.small else options.messages
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "data" / "bench.db", bytes(32))
        try:
            await _fill(database, count)
            filing = await _file_all(database)
            leaves = [await database.write(partial(_append, first=n)) for n in range(1, count - _LEAVES, _LEAVES)]
        finally:
            await database.close()
    median_ms = statistics.median(leaves) * 1000
    per_leaf, per_message = median_ms * 1000 / _LEAVES, sum(filing) * 1_000_000 / count
    print(f"filing a message, its leaf included: {per_message:.0f} us; a leaf alone: {per_leaf:.0f} us")
    print(f"filing beside the same without leaves, about: {per_message / (per_message - per_leaf):.2f}")
    print(f"{_LEAVES} leaves at once: {median_ms:.1f} ms, slowest {max(leaves) * 1000:.1f} ms")
    return int(median_ms > _CEILING_MS)


async def _fill(database: Database, count: int) -> None:
    """Let messages of 300 people wait to be filed."""
    clock = system_clock()
    journal = Journal(database, clock)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(journal.run())
        body = b" " * 900
        stored = StoredBody(body, (), hashlib.sha256(body).digest(), "", "", clock.instant())
        webhook_id = await journal.add(stored)
        running.cancel()
    now = datetime.now(UTC)
    rows = [
        NewEvent(
            webhook_id=webhook_id,
            pointer=f"/entry/0/changes/0/value/messages/{n}",
            kind="message",
            key=n.to_bytes(20, "big"),
            state="new",
            arrived_at=now,
            payload=encode(_message(n, now)),
            item_digest=bytes(32),
        )
        for n in range(count)
    ]
    await database.write(lambda tx: numbers.ensure(tx, "1"))
    await database.write(lambda tx: events.add_many(tx, rows))


def _message(n: int, now: datetime) -> InboundMessage:
    person = Person(phone=f"62812{n % 300:08d}", profile_name=f"Orang {n % 300}")
    text = f"Selamat pagi, saya ingin bertanya tentang perkara ini, {n}"
    return InboundMessage("1", f"wamid.{n:08d}", person, "text", sent_at=int(now.timestamp()), text=text)


async def _file_all(database: Database) -> list[float]:
    """File everything, and return what each batch took."""
    took = []
    while waiting := await database.read(lambda tx: events.list_new(tx, "message", limit=_BATCH)):
        begun = time.process_time()
        await database.write(partial(_file, waiting=waiting))
        took.append(time.process_time() - begun)
    return took


def _file(tx: Transaction, waiting: list[StoredEvent]) -> None:
    filing = Filing(tx, datetime.now(UTC))
    for stored in waiting:
        filing.file(stored)
    filing.finish()


def _append(tx: Transaction, first: int) -> float:
    """Write one more leaf for each of some messages, and return what it took."""
    entries = [Entry("bench", Subject("message", n), revises=True) for n in range(first, first + _LEAVES)]
    begun = time.process_time()
    ledger.append_now(tx, entries)
    return time.process_time() - begun
