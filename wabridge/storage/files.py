"""Files that appear whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from wabridge.errors import StorageUnavailable


def write_private(path: Path, content: bytes) -> None:
    """Put a file for nobody else's eyes in place of what was there; raises StorageUnavailable.

    When this returns, the file survives a power cut.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with create_private(fresh) as file:
            file.write(content)
        fresh.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageUnavailable(f"the file {path.name} cannot be written: {error.strerror}") from error


def make_folder(path: Path) -> None:
    """Make sure that a folder is there, a new one closed to others; raises StorageUnavailable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(f"the folder {path} cannot be made: {error.strerror}") from error


@contextmanager
def create_private(path: Path) -> Iterator[BinaryIO]:
    """Yield a new file for nobody else's eyes; after the block it survives a power cut, but for its name."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make sure that a file's content survives a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
