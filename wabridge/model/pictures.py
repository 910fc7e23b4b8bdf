"""What a picture's header says: size, depth, colours. Nothing is decoded.

Source: PNG (third edition) 11.2.1, ITU T.81 B.2.2 (JPEG frame header), RFC 9649 (WebP container).
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

_PNG_CHANNELS = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}
"""By colour type. A palette is of three; grey with transparency counts as four, as phones make it."""

_MOST_MARKERS = 500
_NO_FRAMES = frozenset({0xC4, 0xC8, 0xCC})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_ANIMATION = 0x02


class Picture(NamedTuple):
    """A picture as its header describes it. is_for_print: in four inks."""

    width: int
    height: int
    bits: int = 8
    channels: int = 3
    is_animated: bool = False
    is_for_print: bool = False


def look_into_png(head: bytes) -> Picture | None:
    """Return what a PNG says of itself, None if it is damaged."""
    if len(head) < 26 or head[12:16] != b"IHDR" or head[25] not in _PNG_CHANNELS:
        return None
    width, height = struct.unpack(">II", head[16:24])
    return Picture(width, height, bits=head[24], channels=_PNG_CHANNELS[head[25]])


def look_into_jpeg(size: int, read: Callable[[int, int], bytes]) -> Picture | None:
    """Return what a JPEG's frame says, None if there is none. What a camera puts before it is skipped unread."""
    at = 2
    for _ in range(_MOST_MARKERS):
        part = read(at, min(at + 10, size))
        if len(part) < 4 or part[0] != 0xFF:
            return None
        marker = part[1]
        if marker == 0xFF:
            at += 1
        elif marker in _STANDALONE:
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            return _frame(part)
        else:
            at += 2 + int.from_bytes(part[2:4], "big")
    return None


def _frame(part: bytes) -> Picture | None:
    if len(part) < 10:
        return None
    height, width = struct.unpack(">HH", part[5:9])
    return Picture(width, height, bits=part[4], channels=part[9], is_for_print=part[9] == 4)


def look_into_webp(head: bytes) -> Picture | None:
    """Return what a WebP says of itself, None if it is damaged."""
    if head[12:16] == b"VP8X" and len(head) >= 30:
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
        return Picture(width, height, is_animated=bool(head[20] & _ANIMATION))
    if head[12:16] == b"VP8L" and len(head) >= 25 and head[20] == 0x2F:
        packed = int.from_bytes(head[21:25], "little")
        return Picture((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
    if head[12:16] == b"VP8 " and head[23:26] == b"\x9d\x01\x2a" and len(head) >= 30:
        width, height = struct.unpack("<HH", head[26:30])
        return Picture(width & 0x3FFF, height & 0x3FFF)
    return None
