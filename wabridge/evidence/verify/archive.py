"""Reading the archive (ZIP, without compression) as strictly as it was written: no byte of it is left unlooked at.

Every header is made anew from a file's name, size and checksum, and compared. So a change anywhere shows: either in a
header, or in the content, which the manifest's checksums hold.
"""

import os
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from wabridge.evidence.verify.words import Wrong, shown

MOST_ENTRIES = 5_000_000


class Entry(NamedTuple):
    """A file of the archive, as its list says. flags: 8 if size and checksum follow the content."""

    name: bytes
    flags: int
    checksum: int
    size: int
    offset: int

    @property
    def head(self) -> bytes:
        """What must stand before its content."""
        known = (0, 0, 0) if self.flags == 8 else (self.checksum, self.size, self.size)
        fixed = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, self.flags, 0, 0, 33, *known, len(self.name), 0)
        return fixed + self.name

    @property
    def foot(self) -> bytes:
        """What must stand behind its content."""
        return struct.pack("<4s3L", b"PK\x07\x08", self.checksum, self.size, self.size) if self.flags == 8 else b""

    @property
    def line(self) -> bytes:
        """What must stand in the list."""
        numbers = (0x314, 20, self.flags, 0, 0, 33, self.checksum, self.size, self.size, len(self.name), 0, 0, 0, 0)
        return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *numbers, 0x81A40000, self.offset) + self.name


def entries(file: Any, trouble: list[tuple[str, str]]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield name, place and size of each file of an archive, and note whatever is not as the writer writes it."""
    count, length, start = ending_of(file)
    file.seek(start)
    listed = list(list_of(file.read(length), count))
    seen: set[bytes] = set()
    for entry in listed:
        name = shown(entry.name.decode("ascii", "replace"))
        file.seek(entry.offset)
        found = file.read(len(entry.head))
        content_at = entry.offset + len(entry.head)
        file.seek(content_at + entry.size)
        if found != entry.head or file.read(len(entry.foot)) != entry.foot or entry.flags not in (0, 8):
            trouble.append((name, "archive"))
        if entry.name in seen:
            trouble.append((name, "double"))
        else:
            yield name, (content_at, entry.size)
        seen.add(entry.name)
    file.seek(start)
    lines = b"".join(entry.line for entry in listed)
    end = listed[-1].offset + len(listed[-1].head) + listed[-1].size + len(listed[-1].foot) if listed else 0
    if lines + ending(len(listed), len(lines), start) != file.read() or end != start:
        trouble.append(("ZIP", "archive"))


def ending_of(file: Any) -> tuple[int, int, int]:
    """Return how many entries the list has, how long it is, and where it begins."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 98))
    tail = file.read()
    if tail[-22:-18] != b"PK\x05\x06":
        raise Wrong("archive", "ZIP")
    count, length, start = struct.unpack("<8xHxxLL2x", tail[-22:])
    if len(tail) == 98 and tail[-42:-38] == b"PK\x06\x07":
        count, length, start = struct.unpack("<32xQQQ", tail[:56])
    if start + length > end or count > MOST_ENTRIES:
        raise Wrong("archive", "ZIP")
    return count, length, start


def list_of(listed: bytes, count: int) -> Iterator[Entry]:
    """Yield the entries of the list; each begins where the one before has ended, whatever the list says of that."""
    at = offset = 0
    for _ in range(count):
        if listed[at : at + 4] != b"PK\x01\x02" or len(listed) < at + 46:
            raise Wrong("archive", "ZIP")
        flags, checksum, size, length, more = struct.unpack("<8xH6xL4xLHH14x", listed[at : at + 46])
        entry = Entry(listed[at + 46 : at + 46 + length], flags, checksum, size, offset)
        yield entry
        offset += len(entry.head) + size + len(entry.foot)
        at += 46 + length + more


def ending(count: int, length: int, start: int) -> bytes:
    """Return what must stand behind the list."""
    short = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), length, min(start, 0xFFFFFFFF), 0
    )
    if start < 0xFFFFFFFF and count < 0xFFFF:
        return short
    numbers = (44, 0x32D, 45, 0, 0, count, count, length, start)
    return (
        struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", *numbers)
        + struct.pack("<4sLQL", b"PK\x06\x07", 0, start + length, 1)
        + short
    )
