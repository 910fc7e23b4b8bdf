"""What a file is, by its first bytes: neither its name nor what its sender says of it counts.

The table holds what a browser may show inside our own pages. Whatever is not in it, or looks like two things at once,
is given out as plain bytes to be saved. Signatures as in the WHATWG's MIME Sniffing Standard, sections 6.1 and 6.2,
ISO 14496-12 (boxes), RFC 3533 (Ogg), RFC 4867 (AMR).
"""

from typing import Literal, NamedTuple

HEAD_BYTES = 4096
"""How much of a file `recognise` wants to see."""

Family = Literal["image", "video", "audio", "document", "other"]


class FileType(NamedTuple):
    """A type of file. mime_type: what we call it, whatever others say. is_shown: may stand inside a page of ours."""

    mime_type: str
    family: Family
    suffix: str
    is_shown: bool


UNKNOWN = FileType("application/octet-stream", "other", "", is_shown=False)
PDF = FileType("application/pdf", "document", ".pdf", is_shown=False)
"""Saved, not shown: a browser's reader would run it in our origin."""

_MP4 = FileType("video/mp4", "video", ".mp4", is_shown=True)
_3GP = FileType("video/3gpp", "video", ".3gp", is_shown=True)
_M4A = FileType("audio/mp4", "audio", ".m4a", is_shown=True)
_WEBP = FileType("image/webp", "image", ".webp", is_shown=True)
_OGG = FileType("audio/ogg", "audio", ".ogg", is_shown=True)
_MP3 = FileType("audio/mpeg", "audio", ".mp3", is_shown=True)
_AAC = FileType("audio/aac", "audio", ".aac", is_shown=True)

_BEGINNINGS: tuple[tuple[bytes, FileType], ...] = (
    (b"\xff\xd8\xff", FileType("image/jpeg", "image", ".jpg", is_shown=True)),
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", "image", ".png", is_shown=True)),
    (b"GIF87a", FileType("image/gif", "image", ".gif", is_shown=True)),
    (b"GIF89a", FileType("image/gif", "image", ".gif", is_shown=True)),
    (b"#!AMR\n", FileType("audio/amr", "audio", ".amr", is_shown=True)),
    (b"#!AMR-WB\n", FileType("audio/amr-wb", "audio", ".awb", is_shown=True)),
    (b"ID3", _MP3),
    (b"%PDF-", PDF),
)
_FRAMES: dict[bytes, FileType] = {
    b"\xff\xfb": _MP3,
    b"\xff\xfa": _MP3,
    b"\xff\xf3": _MP3,
    b"\xff\xf2": _MP3,
    b"\xff\xf1": _AAC,
    b"\xff\xf9": _AAC,
}
"""MPEG audio layer III and AAC have no other beginning than their first frame's."""

_BRANDS: dict[bytes, FileType] = {
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash"), _MP4),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"3g2b", b"3g2c"), _3GP),
    **dict.fromkeys((b"M4A ", b"M4B "), _M4A),
}
"""The major brand of an ISO base media file; pictures in the same box (HEIC, AVIF) are saved, not shown."""

_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")

_ALL = (
    *(kind for _, kind in _BEGINNINGS),
    *_FRAMES.values(),
    *_BRANDS.values(),
    _WEBP,
    _OGG,
)
_BY_MIME_TYPE = {kind.mime_type: kind for kind in _ALL}


def recognise(head: bytes) -> FileType:
    """Return what a file is by its first HEAD_BYTES bytes; UNKNOWN for whatever the table does not hold."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8":
        return _WEBP
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], UNKNOWN)
    if head[:4] == b"OggS":
        return _OGG if head[28:].startswith(_OGG_SOUND) else UNKNOWN
    return _FRAMES.get(head[:2], UNKNOWN)


def find(mime_type: str | None) -> FileType:
    """Return a type that `recognise` once gave, by its name; UNKNOWN for any other."""
    return _BY_MIME_TYPE.get(mime_type or "", UNKNOWN)
