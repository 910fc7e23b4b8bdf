"""Whether a database's files are where they were.

A database that was lost is never taken for one that was not made yet, and files without a name are not written to:
that would succeed, and be gone at the next start.
"""

import os
from pathlib import Path

from wabridge.errors import StartError, StorageUnavailable
from wabridge.storage import files

Identities = tuple[tuple[int, int] | None, tuple[int, int] | None]


def leave_mark(path: Path) -> None:
    """Note beside a database that it was made; raises StorageUnavailable. Several processes may do so at once."""
    if _mark_of(path).exists():
        return
    try:
        _mark_of(path).touch(mode=0o600)
        files.sync_folder(path.parent)
    except OSError as error:
        raise StorageUnavailable(f"the data folder cannot be written to: {error.strerror}") from error


def require_if_made(path: Path) -> None:
    """Raise StartError if there was a database here and it is gone."""
    if _mark_of(path).exists() and not (path.exists() and path.stat().st_size):
        raise StartError(f"{path} is missing or empty, and was not before; put it back, or restore a backup")


def identify(path: Path) -> Identities:
    """Return which files the names of a database and its log lead to."""
    return _identity(str(path)), _identity(f"{path}-wal")


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-made")


def _identity(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 - before every write: a Path takes five times as long
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
