"""The boxes of a film (ISO 14496-12): which tracks it has, and in which codecs they are written."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

_MOST_BOXES = 1000
_MOVIE_BYTES = 16 * 1024 * 1024
"""The largest description of a film that is read; a film of the size that may be sent has some hundred kB."""
_SORTS: dict[bytes, Literal["video", "audio"]] = {b"vide": "video", b"soun": "audio"}
_TO_CODEC = (b"mdia", b"minf", b"stbl", b"stsd")


class Track(NamedTuple):
    """One track. sort: seen or heard; codec: by its four letters."""

    sort: Literal["video", "audio"]
    codec: str


def list_tracks(size: int, read: Callable[[int, int], bytes]) -> list[Track] | None:
    """Return what is seen and heard in a film, None if it is damaged or cut short."""
    at = 0
    for _ in range(_MOST_BOXES):
        found = _header(read(at, min(at + 16, size)), size - at)
        if found is None:
            return None
        name, begins, length = found
        if name == b"moov":
            movie = read(at + begins, at + length) if length <= _MOVIE_BYTES and at + length <= size else b""
            return [track for trak in _children(movie, b"trak") if (track := _track(trak))] if movie else None
        at += length
    return None


def _header(part: bytes, left: int) -> tuple[bytes, int, int] | None:
    """Return a box's name, where its content begins, and its whole length."""
    if len(part) < 8:
        return None
    length, begins = int.from_bytes(part[:4], "big"), 8
    if length == 1:
        length, begins = int.from_bytes(part[8:16], "big"), 16
    elif length == 0:
        length = left
    return (part[4:8], begins, length) if begins <= length else None


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while (found := _header(content[at : at + 16], len(content) - at)) is not None:
        name, begins, length = found
        yield name, content[at + begins : at + length]
        at += length


def _children(content: bytes, name: bytes) -> list[bytes]:
    return [inner for each, inner in _boxes(content) if each == name]


def _track(trak: bytes) -> Track | None:
    inner = trak
    sort: Literal["video", "audio"] | None = None
    for name in _TO_CODEC:
        found = _children(inner, name)
        if not found:
            return None
        inner = found[0]
        if name == b"mdia":
            described = _children(inner, b"hdlr")
            sort = _SORTS.get(described[0][8:12]) if described else None
    # A count of descriptions, then the first one: its length and its codec.
    codec = inner[12:16]
    return Track(sort, codec.decode("latin-1")) if sort and len(codec) == 4 else None
