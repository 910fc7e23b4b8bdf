"""Keeps the ledger going: a leaf at each start, each hour and each jump of the clock, signed checkpoints, the backfill.

What is recorded of messages and acts leaves its leaf where it is written (`storage/ledger`); here is what nobody
else would write.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

from wabridge import __version__
from wabridge.broker import STEP_BACK_SECONDS, Topic
from wabridge.clock import Clock, Instant
from wabridge.core.office import Office
from wabridge.errors import StorageError
from wabridge.evidence import checkpoint
from wabridge.evidence.commitment import Fact
from wabridge.storage import backfill, checkpoints, facts, journal, known_head, leaves, ledger, pulse, trees
from wabridge.storage.checkpoints import Head
from wabridge.storage.database import Transaction
from wabridge.storage.ledger import Entry

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
STEP = timedelta(seconds=1)
"""A wall clock that differs so much from what the machine's own clock says was set."""

_BACKFILL_ROWS = 100
_EPOCH = "ledger_epoch"
_MICROSECOND = timedelta(microseconds=1)


def begin(tx: Transaction, *, seed: bytes, known: str | None, clock: Clock) -> bool:
    """Let the ledger say that the program starts, before anybody else writes.

    known: the newest checkpoint that is known beside the database. Returns whether the ledger goes on from there; a
    leaf says so if it does not, and if the database was restored.
    """
    note = _clock_note(clock, tx.instant, pulse.find_last(tx))
    epoch, before = facts.find(tx, "epoch"), facts.find(tx, _EPOCH)
    history = _compare(tx, known)
    facts.set_(tx, _EPOCH, epoch or "")
    if before is not None and before != epoch:
        ledger.append_now(tx, [Entry("restore", note=history)])
    elif not history["continues"]:
        ledger.append_now(tx, [Entry("history.broken", note=history)])
    ledger.append_now(tx, [Entry("start", note={"version": __version__, **note, "webhook": journal.newest(tx)})])
    checkpoints.ensure_key(tx, seed)
    return bool(history["continues"])


class Bookkeeper:
    """The worker for the ledger. seed: the keyring's key named "ledger"."""

    def __init__(self, office: Office, seed: bytes) -> None:
        self._office = office
        self._seed = seed
        self._seen = office.clock.instant()
        self._beat_ns = self._seen.monotonic_ns
        self._is_new = True

    async def run(self) -> None:
        """Keep the ledger going until the broker closes; its end is a leaf as well."""
        await self._office.broker.patrol(Topic.LEDGER, self.look)
        with suppress(StorageError):
            await self._office.database.write(lambda tx: ledger.append(tx, Entry("stop")))
            await self.sign()

    async def look(self) -> bool:
        """Do what is due, and say whether there is more."""
        instant = self._office.clock.instant()
        has_jumped, self._seen = abs(_step(self._seen, instant) or timedelta()) > STEP, instant
        is_due = instant.monotonic_ns - self._beat_ns >= EVERY // _MICROSECOND * 1000
        if has_jumped or is_due:
            await self._office.database.write(lambda tx: _beat(tx, self._office.clock))
            self._beat_ns = instant.monotonic_ns
        if self._is_new or is_due or await self._office.database.read(checkpoints.is_wanted):
            await self.sign()
            self._is_new = False
        return await self._fill()

    async def sign(self) -> Head:
        """Make a checkpoint of the ledger as it is now, and keep it beside the database as well."""
        head = await self._office.database.write(lambda tx: checkpoints.add(tx, self._seed))
        await asyncio.to_thread(known_head.keep, self._office.settings.data_folder, head.note)
        return head

    async def _fill(self) -> bool:
        """Give some rows from before the ledger their leaves, when nobody else has anything to write."""
        if (await self._office.database.read(backfill.progress)).is_finished:
            return False
        if not self._office.database.is_calm:
            await self._office.broker.wait(Topic.LEDGER, seconds=STEP_BACK_SECONDS)
        return await self._office.database.write(lambda tx: backfill.take_step(tx, limit=_BACKFILL_ROWS), patient=True)


def _beat(tx: Transaction, clock: Clock) -> None:
    """Write down the hour: what the clock did, what came, what was refused."""
    found = [leaf for kind in ("start", "heartbeat") if (leaf := leaves.find_newest(tx, kind)) is not None]
    last = max(found, key=lambda leaf: leaf.position, default=None)
    since = tx.instant.at if last is None else last.at
    newest = journal.newest(tx)
    before = 0 if last is None else last.note.get("webhook")
    note = {
        **_clock_note(clock, tx.instant, pulse.find_last(tx)),
        "elapsed_us": (tx.instant.at - since) // _MICROSECOND,
        "refused": pulse.count_refusals(tx, since=since, until=tx.instant.at),
        "webhooks": newest - before if isinstance(before, int) else newest,
        "webhook": newest,
    }
    ledger.append_now(tx, [Entry("heartbeat", note=note)])


def _clock_note(clock: Clock, instant: Instant, last: Instant | None) -> dict[str, Fact]:
    """Return what is known of the clock, in whole microseconds."""
    discipline = clock.discipline()
    step = None if last is None else _step(last, instant)
    note: dict[str, Fact] = {
        "ntp": "unknown" if discipline is None else "yes" if discipline.is_synchronised else "no",
        "offset_us": None if discipline is None else discipline.offset_us,
        "error_us": None if discipline is None else discipline.largest_error_us,
        "silent_us": None if last is None else (instant.at - last.at) // _MICROSECOND,
        "step_us": None if step is None else step // _MICROSECOND,
    }
    if step is not None and abs(step) > STEP:
        note["clock_was_set"] = True
    return note


def _step(last: Instant, instant: Instant) -> timedelta | None:
    """Return by how much the wall clock was set between two moments; None over a restart of the machine."""
    if last.boot_id != instant.boot_id:
        return None
    return (instant.at - last.at) - timedelta(microseconds=(instant.monotonic_ns - last.monotonic_ns) // 1000)


def _compare(tx: Transaction, known: str | None) -> dict[str, Fact]:
    """Say whether this history goes on from a checkpoint that was known before."""
    size = ledger.size(tx)
    if known is None:
        return {"continues": True, "size": size}
    head = checkpoint.parse(known)
    is_ours = head.origin == checkpoints.origin(tx) and head.size <= size
    continues = is_ours and trees.root(tx, head.size) == head.root
    return {"continues": continues, "size": size, "known_size": head.size, "known_root": head.root.hex()}
