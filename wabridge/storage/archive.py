"""A tar that is written file by file: each is in it whole, or not at all.

Rule: what cannot be read costs nothing but itself; what cannot be written ends the whole, for then the disk is full.
"""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from wabridge.storage import files


class Unreadable(OSError):
    """A file could not be read to its end; the archive is as if it had never been begun."""


class Archive:
    """A tar in the making."""

    def __init__(self, file: BinaryIO, tar: tarfile.TarFile) -> None:
        self._file = file
        self._tar = tar

    @classmethod
    @contextmanager
    def create(cls, path: Path) -> Iterator["Archive"]:
        """Yield a new archive for nobody else's eyes; after the block it survives a power cut, but for its name."""
        with files.create_private(path) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            yield cls(file, tar)

    def add(self, path: Path, name: str) -> None:
        """Take a file in; raises FileNotFoundError, Unreadable, or OSError if the archive cannot be written."""
        try:
            content = path.open("rb")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Unreadable(error.errno, error.strerror) from error
        with content:
            self.put(content, name)

    def put(self, content: BinaryIO, name: str) -> None:
        """Take in what an open file holds; raises as `add` does."""
        before = self._file.tell()
        try:
            member = self._tar.gettarinfo(arcname=name, fileobj=content)
            self._tar.addfile(_anonymous(member), _Whole(content))  # type: ignore[arg-type]  # it reads, which is all
        except _CannotRead as error:
            self._file.seek(before)
            self._file.truncate()
            self._tar.offset = before
            raise Unreadable(0, error.why) from error


class _CannotRead(Exception):
    """Told apart from what goes wrong with writing, which is an OSError."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Whole(NamedTuple):
    """A file of which no byte may be missing."""

    content: BinaryIO

    def read(self, size: int) -> bytes:
        """Return so many bytes."""
        try:
            piece = self.content.read(size)
        except OSError as error:
            raise _CannotRead(error.strerror or "it cannot be read") from error
        if len(piece) < size:
            raise _CannotRead("it ends too early")
        return piece


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who wrote it and when."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    member.mtime = 0
    return member
