"""Whole copies of a database: made beside a running server, checked, changed before use. Encrypted at every moment."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from wabridge.errors import StorageUnavailable
from wabridge.storage.cipher import READER, SCRATCH, WRITER, Raw, Transaction, connect, copy, transact, translating


def make(source: Path, target: Path, key: bytes) -> None:
    """Copy a database as it is at this moment, under the same key; raises StorageUnavailable or StorageDamaged.

    In one step and from a connection of its own: a copy page by page would begin again at every write of the server.
    """
    if not source.exists():
        raise StorageUnavailable("there is no database to copy")
    target.touch(mode=0o600)
    with closing(connect(source, key, READER)) as original, closing(connect(target, key, SCRATCH)) as fresh:
        copy(original, fresh)


def list_faults(path: Path, key: bytes) -> list[str]:
    """Return what is wrong with a database; raises StorageDamaged if it cannot be read at all."""
    with translating(), closing(connect(path, key, READER)) as raw:
        return list(_faults(raw))


def look(path: Path, key: bytes, work: Callable[[Transaction], None]) -> None:
    """Read a database that nobody else has open."""
    with closing(connect(path, key, READER)) as raw:
        transact(raw, work, begin="BEGIN")


def change(path: Path, key: bytes, work: Callable[[Raw], None]) -> None:
    """Change a database that nobody else has open; afterwards it is one file again, without a log."""
    with translating(), closing(connect(path, key, WRITER)) as raw:
        work(raw)
    if path.with_name(f"{path.name}-wal").exists():
        raise StorageUnavailable("the log of the copy could not be written back")


def _faults(raw: Raw) -> Iterator[str]:
    altered = [str(fault) for (fault,) in raw.execute("PRAGMA cipher_integrity_check")]
    if altered:  # such pages cannot be read, so there is nothing more to find out
        yield from altered
        return
    for (fault,) in raw.execute("PRAGMA integrity_check"):
        if fault != "ok":
            yield fault
    for table, _, parent, _ in raw.execute("PRAGMA foreign_key_check"):
        yield f"a row of {table} points to a row of {parent} that is not there"
