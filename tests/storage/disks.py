"""Disks in trouble: real limits and real locks, taken away again at the end of a block."""

import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.conftest import DATABASE_KEY
from wabridge.storage.cipher import WRITER, connect


@contextmanager
def full_disk(largest_bytes: int) -> Iterator[None]:
    """No file of this process may grow beyond a size: writing on fails as it does on a full disk, for root as well."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another connection holds the database's write lock."""
    with closing(connect(path, DATABASE_KEY, WRITER)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def holds(folder: Path, needle: bytes) -> list[str]:
    """Return the names of the files in a folder that contain something readable."""
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]
