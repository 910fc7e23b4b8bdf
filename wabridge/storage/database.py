"""The encrypted database: one connection that writes, a few that read, and one that tidies up behind the writer.

A transaction is a plain function that runs whole in the connection's own thread: no await can happen inside it, and no
cancellation can leave it half done. Such a function gets a Transaction, `now` and ids, and returns values; it touches
nothing of asyncio.

Workers write in turn, so at most one of their transactions is ever ahead of an urgent one.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Never, TypeVar

from wabridge.clock import Clock, system_clock
from wabridge.errors import NewerSchema, OlderSchema, PlaintextDatabase, StorageDamaged, StorageUnavailable, WrongKey
from wabridge.storage import facts, migrations, presence
from wabridge.storage.cipher import Params, Raw, Row, Transaction, statements
from wabridge.storage.connection import Connection
from wabridge.storage.instants import to_micros

__all__ = ["Database", "Params", "Row", "Transaction"]

T = TypeVar("T")
log = logging.getLogger(__name__)

_PLAINTEXT = b"SQLite format 3\0"
_PAGE_BYTES = 4096
_LOOK_SECONDS = 0.5
_BUSY_PAGES = 4 * 1024 * 1024 // _PAGE_BYTES
"""So much is copied from the log into the database even while writing goes on; less waits for a quiet moment."""
_HUGE_PAGES = 64 * 1024 * 1024 // _PAGE_BYTES
"""So long may the log become before writing waits a moment for it to be emptied."""

_PRESSED_SECONDS = 0.3
_REST = 8.0
_LONGEST_REST_SECONDS = 0.3
"""While the door was pressed this lately, workers rest so many times as long as they have just worked."""
_CALM_SECONDS = 0.25
"""As long as writes follow each other so closely, a message is on its way from the door to its page."""


class Database:
    """The disk's one database."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        open_files: AsyncExitStack,
        *,
        writer: Connection,
        keeper: Connection,
        readers: list[Connection],
    ) -> None:
        self._path = path
        self._clock = clock
        self._writer = writer
        self._keeper = keeper
        self._open_files = open_files
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._turn = asyncio.Lock()
        self._pressed_at = -_PRESSED_SECONDS
        self._busy_at = -_CALM_SECONDS
        self._rest_seconds = 0.0
        self._failing_since: datetime | None = None
        self._pages_seen = 0
        self._files = presence.identify(path)

    @classmethod
    async def open(
        cls, path: Path, key: bytes, *, readers: int = 2, clock: Clock | None = None, migrates: bool = True
    ) -> "Database":
        """Open the database, made or brought up to date if need be.

        migrates: without it an older schema raises OlderSchema, for those who come beside a running server. Raises
        PlaintextDatabase, WrongKey, NewerSchema or StorageUnavailable, and StartError if there was a database and it is
        gone. key: 32 bytes.
        """
        clock = clock or system_clock()
        _prepare(path)
        async with AsyncExitStack() as stack:
            try:
                writer = await Connection.open(path, key)
            except StorageDamaged as error:
                raise WrongKey("the key does not open the database, or its file is damaged") from error
            stack.push_async_callback(writer.close)
            await writer.call(migrate if migrates else require_newest)
            await writer.transact(lambda tx: _introduce(tx, clock.now()), clock.instant)
            presence.leave_mark(path)
            keeper = await Connection.open(path, key)
            stack.push_async_callback(keeper.close)
            others = []
            for _ in range(readers):
                others.append(await Connection.open(path, key, is_reader=True))
                stack.push_async_callback(others[-1].close)
            return cls(path, clock, stack.pop_all(), writer=writer, keeper=keeper, readers=others)

    async def write(
        self, work: Callable[[Transaction], T], *, urgent: bool = False, pressed: bool = False, patient: bool = False
    ) -> T:
        """Run a function in a transaction; when this returns, what it did is on the disk.

        urgent: goes ahead of the workers that wait for their turn. pressed: so many wait for it that the workers leave
        it most of the time for a moment. patient: it works off the backlog, see `is_calm`. Raises StorageUnavailable,
        StorageDamaged, ConstraintViolated or what the function raised; then nothing of it remains. After a cancellation
        it has happened as a whole or not at all.
        """
        if not patient:
            self._busy_at = time.monotonic()
        if urgent:
            self._pressed_at = time.monotonic() if pressed else self._pressed_at
            return await self._write(work)
        async with self._turn:
            await self._give_way()
            begun = time.monotonic()
            try:
                return await self._write(work)
            finally:
                self._rest_seconds = min((time.monotonic() - begun) * _REST, _LONGEST_REST_SECONDS)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run a function that only reads, all of it on one snapshot."""
        reader = await self._idle.get()
        try:
            return await reader.look(work)
        finally:
            self._idle.put_nowait(reader)

    @property
    def is_calm(self) -> bool:
        """Whether nobody but the backlog has written lately: then it may go on."""
        return time.monotonic() - self._busy_at > _CALM_SECONDS

    @property
    def failing_since(self) -> datetime | None:
        """When the first write failed that no good one has followed."""
        return self._failing_since

    async def probe(self) -> None:
        """Write something small; raises StorageUnavailable if that is not possible."""
        now = str(to_micros(self._clock.now()))
        await self.write(lambda tx: facts.set_(tx, "probed_at", now))

    async def checkpoint(self) -> None:
        """Copy the log into the database file if it is long, or if nothing was written since the last call."""
        pages, copied = await self._keeper.call(_log_pages)
        is_quiet = pages == self._pages_seen
        self._pages_seen = pages
        if copied < pages and (is_quiet or pages - copied > _BUSY_PAGES):
            await self._keeper.call(_copy_log)
        if pages > _HUGE_PAGES:
            async with self._turn:
                await self._writer.call(_empty_log)

    async def run(self) -> Never:
        """Keep the log short for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.checkpoint()
            except StorageUnavailable:
                log.warning("storage is failing, the log stays long")

    async def close(self) -> None:
        """Close every connection; what was handed in before is finished first."""
        await self._open_files.aclose()

    async def _give_way(self) -> None:
        """Rest after the last worker's transaction while the door has its hands full; what waits is on the disk."""
        if time.monotonic() - self._pressed_at < _PRESSED_SECONDS:
            await asyncio.sleep(self._rest_seconds)

    async def _write(self, work: Callable[[Transaction], T]) -> T:
        try:
            if presence.identify(self._path) != self._files:
                raise StorageUnavailable("the database file is no longer in its place")
            result = await self._writer.transact(work, self._clock.instant)
        except (StorageUnavailable, StorageDamaged):
            self._failing_since = self._failing_since or self._clock.now()
            raise
        self._failing_since = None
        return result


def migrate(raw: Raw) -> None:
    """Bring the schema up to date, each step in a transaction; raises NewerSchema."""
    steps = migrations.list_all()
    version = _schema(raw)
    if version > len(steps):
        raise NewerSchema(f"the database has schema {version}, this wabridge knows schemas up to {len(steps)}")
    for step in steps[version:]:
        raw.execute("BEGIN IMMEDIATE")
        try:
            if _schema(raw) < step.number:  # else another process took this step at the same moment
                for statement in statements(step.script):
                    raw.execute(statement)
                raw.execute(f"PRAGMA user_version = {step.number}")
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise


def require_newest(raw: Raw) -> None:
    """Raise OlderSchema if a step is missing: it would be taken under the feet of a server that does not know it."""
    if _schema(raw) < len(migrations.list_all()):
        raise OlderSchema("the server that runs is older than this command; restart it first")


def _schema(raw: Raw) -> int:
    (version,) = raw.execute("PRAGMA user_version").fetchone()
    return int(version)


def new_epoch() -> str:
    """Return a random name for this history of the database; a restore begins another one."""
    return secrets.token_hex(16)


def _prepare(path: Path) -> None:
    """Make folder and file for nobody else's eyes; refuse a file that is not encrypted, and to begin a second time."""
    presence.require_if_made(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("rb") as file:
            start = file.read(len(_PLAINTEXT))
    except OSError as error:
        raise StorageUnavailable(f"the database file cannot be opened: {error.strerror}") from error
    if start == _PLAINTEXT:
        raise PlaintextDatabase("the database file is not encrypted; wabridge does not open it")


def _introduce(tx: Transaction, now: datetime) -> None:
    if facts.find(tx, "epoch") is None:
        facts.set_(tx, "epoch", new_epoch())
        facts.set_(tx, "created_at", now.isoformat())


def _log_pages(raw: Raw) -> tuple[int, int]:
    """Return how many pages the log holds, and how many of them are in the database file already."""
    _, pages, copied = raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return pages, copied


def _copy_log(raw: Raw) -> None:
    raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def _empty_log(raw: Raw) -> None:
    """Empty the log; gives up at once if a reader still needs it."""
    raw.execute("PRAGMA busy_timeout = 50")
    try:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute("PRAGMA busy_timeout = 1000")
