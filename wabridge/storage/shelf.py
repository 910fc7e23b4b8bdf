"""A folder of small numbers under keys of bytes, kept by diskcache. Nothing is unpickled or taken as a file name.

A row that somebody else put there could name a file to read or delete, or hold a pickle; the Disk below knows
neither.
"""

import sqlite3
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import diskcache  # type: ignore[import-untyped]  # ships no types
from diskcache.core import MODE_RAW, UNKNOWN  # type: ignore[import-untyped]  # ships no types

_LIFE_SECONDS = 8 * 24 * 3600
"""Meta repeats a webhook for seven days."""
_BATCH = 500
_LOCKED = (5, 6)
_SETTINGS = {
    "eviction_policy": "none",
    "cull_limit": 0,
    "timeout": 0.02,
    "disk_min_file_size": 1024,
    "sqlite_auto_vacuum": 0,
    "sqlite_cache_size": 1024,
    # No shared memory and no mapped file: one that is cut short by somebody else would kill the process.
    "sqlite_journal_mode": "truncate",
    "sqlite_mmap_size": 0,
    # What a power cut damages here is set aside.
    "sqlite_synchronous": 0,
}


class Shelf:
    """One open folder. May be used from several threads; each must close it. Raises what diskcache raises."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = directory / "cache.db"
        self._cache = _Cache(str(directory), disk=_PlainDisk, **_SETTINGS)
        self._identity = self._look()

    def find(self, name: bytes) -> int | None:
        """Return the number under a key; None also while the folder is being written to."""
        try:
            number: int | None = self._cache.get(name)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in _LOCKED:
                return None
            raise
        return number

    def visit(self, act: Callable[[bytes], None]) -> None:
        """Do something with every key."""
        for name in self._cache.iterkeys():
            act(name)

    def put(self, numbers: Mapping[bytes, int]) -> None:
        """Write numbers, some hundred a transaction, so that readers seldom meet a lock."""
        left = iter(numbers.items())
        while part := list(islice(left, _BATCH)):
            with self._cache.transact():
                for name, number in part:
                    self._cache.set(name, number, expire=_LIFE_SECONDS)

    def cull(self) -> None:
        """Remove what is past its time."""
        self._cache.expire()

    def is_in_place(self) -> bool:
        """Say whether the folder still holds the file that is open."""
        return self._look() == self._identity

    def close(self) -> None:
        """Close the calling thread's connection."""
        self._cache.close()

    def _look(self) -> tuple[int, int] | None:
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino


class _PlainDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Bytes in, whole numbers out."""

    def put(self, key: Any) -> tuple[memoryview, bool]:
        if type(key) is not bytes:
            raise TypeError("a key is bytes")
        return memoryview(key), True

    def get(self, key: Any, raw: Any) -> bytes:
        del raw
        return bytes(key)

    def store(self, value: Any, read: Any, key: Any = UNKNOWN) -> tuple[int, int, None, int]:
        del read, key
        if type(value) is not int:
            raise TypeError("a value is a whole number")
        return 0, MODE_RAW, None, value

    def fetch(self, mode: int, filename: str | None, value: Any, read: Any) -> int:
        del read
        if mode != MODE_RAW or filename is not None or type(value) is not int:
            raise ValueError("a row that was not written here")
        return value

    def remove(self, file_path: str) -> None:
        """Remove nothing: no entry has a file."""


class _Cache(diskcache.Cache):  # type: ignore[misc]  # diskcache has no types
    """A cache that leaves no connection behind when it cannot be opened."""

    def __init__(self, directory: str, **settings: Any) -> None:
        try:
            super().__init__(directory, **settings)
        except BaseException:
            self.close()
            raise
