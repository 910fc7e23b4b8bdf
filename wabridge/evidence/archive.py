"""Writing a bundle as a ZIP file in one pass, without compression and with nothing in it that could be otherwise.

No date, no comment, no extra field: every byte is either a file's content or follows from name, size and checksum. So
whoever checks a bundle can tell a change of any byte. What is small is buffered; of a large file, size and checksum
follow its content. Source: PKWARE, APPNOTE.TXT 6.3.10.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable
from typing import Protocol

from wabridge import errors

_BUFFERED_BYTES = 4 * 1024 * 1024
_MOST_BYTES = 0xFFFF_FFFE
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_VERSION, _NO_DATE = 20, 33  # the first of January 1980
_LATE = 8
_UNIX_FILE = 0x81A40000  # -rw-r--r--


class Sink(Protocol):
    """Anything that bytes are written to."""

    def write(self, piece: bytes, /) -> object:
        """Take a piece."""


class Archive:
    """A ZIP file that grows file by file. digests: of the content, by path."""

    def __init__(self, sink: Sink) -> None:
        self.digests: dict[str, str] = {}
        self._sink = sink
        self._offset = 0
        self._listed: list[bytes] = []

    def add(self, path: str, pieces: Iterable[bytes]) -> str:
        """Write a file, and return the SHA-256 of its content in hexadecimal. Raises CertificateNotMade."""
        if path in self.digests or not _PATH.fullmatch(path):
            raise errors.CertificateNotMade("a file of the bundle has a name that is taken or not allowed")
        name, begin, coming = path.encode("ascii"), self._offset, iter(pieces)
        buffered = bytearray()
        for piece in coming:
            buffered += piece
            if len(buffered) > _BUFFERED_BYTES:
                break
        else:
            coming = iter(())
        flags = _LATE if len(buffered) > _BUFFERED_BYTES else 0
        hashed, checksum, size = hashlib.sha256(buffered), zlib.crc32(buffered), len(buffered)
        known = (0, 0, 0) if flags else (checksum, size, size)
        self._write(_head(name, flags, *known))
        self._write(bytes(buffered))
        for piece in coming:
            hashed.update(piece)
            checksum, size = zlib.crc32(piece, checksum), size + len(piece)
            self._write(piece)
        if flags:
            self._write(struct.pack("<4s3L", b"PK\7\x08", checksum, size, size))
        self._listed.append(_line(name, flags, checksum, size, begin))
        self.digests[path] = hashed.hexdigest()
        return self.digests[path]

    def finish(self) -> None:
        """Write the list of files; nothing can be added afterwards."""
        count, start = len(self._listed), self._offset
        for line in self._listed:
            self._write(line)
        length = self._offset - start
        if count >= 0xFFFF:  # the 64-bit ending; offsets and sizes stay below 4 GiB
            wide = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 0x32D, 45, 0, 0, count, count, length, start)
            self._write(wide + struct.pack("<4sLQL", b"PK\6\7", 0, start + length, 1))
        few = min(count, 0xFFFF)
        self._write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, length, start, 0))

    def _write(self, piece: bytes) -> None:
        self._offset += len(piece)
        if self._offset > _MOST_BYTES:
            raise errors.CertificateNotMade("the bundle would be larger than 4 GiB; export a shorter period")
        self._sink.write(piece)


def _head(name: bytes, flags: int, checksum: int, packed: int, size: int) -> bytes:
    numbers = (_VERSION, flags, 0, 0, _NO_DATE, checksum, packed, size, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\3\4", *numbers) + name


def _line(name: bytes, flags: int, checksum: int, size: int, offset: int) -> bytes:
    made_by = 3 << 8 | _VERSION
    numbers = (
        made_by,
        _VERSION,
        flags,
        0,
        0,
        _NO_DATE,
        checksum,
        size,
        size,
        len(name),
        0,
        0,
        0,
        0,
        _UNIX_FILE,
        offset,
    )
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", *numbers) + name
