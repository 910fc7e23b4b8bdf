"""A connection with a thread of its own, in which a function runs whole, with no await in between.

Measured: every await on a connection costs a change of threads, 0.1 to 0.2 ms. So a transaction is one await.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import aiosqlite

from wabridge.clock import Instant
from wabridge.errors import StorageUnavailable
from wabridge.storage.cipher import (
    PATIENCE_MS,
    READER,
    READONLY,
    WRITER,
    Raw,
    Transaction,
    code_of,
    connect,
    transact,
    translating,
)

T = TypeVar("T")

_HURRY_MS = 100
"""How long a locked database is waited for while it is known to fail, so that a queue of writers does not add up."""

_OUTLIVES_ITS_CAUSE = (READONLY, 10, 14)
"""SQLite result codes (sqlite.org/rescode.html). A file opened read-only stays so for its connection; after
an I/O error a fresh connection is safer."""


class Connection(aiosqlite.Connection):
    """An encrypted connection with a thread of its own, in which a function runs whole, with no await in between."""

    def __init__(self, path: Path, key: bytes, *, is_reader: bool = False) -> None:
        super().__init__(lambda: connect(path, key, READER if is_reader else WRITER), iter_chunk_size=64)
        self._is_failing = False
        self._is_stale = False

    @classmethod
    async def open(cls, path: Path, key: bytes, *, is_reader: bool = False) -> "Connection":
        """Open a connection; it must be closed, or its thread keeps the process alive."""
        connection = cls(path, key, is_reader=is_reader)
        try:
            await connection
        except BaseException:
            # Else its thread's last word may meet a closed event loop, and prints a traceback.
            await asyncio.to_thread(connection._thread.join)
            raise
        return connection

    async def transact(self, work: Callable[[Transaction], T], instant: Callable[[], Instant]) -> T:
        """Run a function between BEGIN IMMEDIATE and COMMIT. instant: tells when it begins.

        If the waiting task is cancelled the function still runs as a whole or not at all.
        """
        return await self._in_thread(lambda: self._transact(work, instant))

    async def look(self, work: Callable[[Transaction], T]) -> T:
        """Run a function that only reads on one snapshot."""
        return await self._in_thread(lambda: self._look(work))

    async def call(self, work: Callable[[Raw], T]) -> T:
        """Run a function with the bare connection, outside any transaction."""
        return await self._in_thread(lambda: self._call(work))

    async def _in_thread(self, errand: Callable[[], T]) -> T:
        # aiosqlite prints at DEBUG what it is handed; a lambda's name tells nothing about the work's arguments
        done: T = await self._execute(errand)  # type: ignore[no-untyped-call]  # aiosqlite leaves it untyped
        return done

    def _transact(self, work: Callable[[Transaction], T], instant: Callable[[], Instant]) -> T:
        with self._watched() as raw:
            if self._is_failing:
                raw.execute(f"PRAGMA busy_timeout = {_HURRY_MS}")
            result = transact(raw, work, instant=instant)
            if self._is_failing:
                raw.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
                self._is_failing = False
            return result

    def _call(self, work: Callable[[Raw], T]) -> T:
        with self._watched() as raw, translating():
            return work(raw)

    def _look(self, work: Callable[[Transaction], T]) -> T:
        try:
            return transact(self._conn, work, begin="BEGIN")
        except StorageUnavailable as error:
            if code_of(error.__cause__) == READONLY:
                raise RuntimeError("work that was to read only tried to write") from error
            raise

    @contextmanager
    def _watched(self) -> Iterator[Raw]:
        """Yield the connection; after a failure that may outlive its cause in the connection itself, another one."""
        if self._is_stale:
            fresh = self._connector()
            self._connection, stale = fresh, self._conn
            stale.close()
            self._is_stale = False
        try:
            yield self._conn
        except StorageUnavailable as error:
            self._is_failing = True
            self._is_stale = code_of(error.__cause__) in _OUTLIVES_ITS_CAUSE
            raise
