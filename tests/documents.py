"""Files of every sort that people attach, made for tests."""

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[1] / "wabridge/sandbox/static"

PDF = b"%PDF-1.7\n%surat kuasa\n%%EOF\n"
VOICE = (SAMPLES / "voice.ogg").read_bytes()
FILM = (SAMPLES / "video.mp4").read_bytes()


def package(*names: str) -> bytes:
    """Return a ZIP file with these names in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "isi")
    return out.getvalue()


WORD = package("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def compound(*streams: str, entries_first: int = 0) -> bytes:
    """Return a compound file whose directory names these streams. entries_first: so many empty ones before them."""
    entries = [bytes(128)] * entries_first
    for name in ("Root Entry", *streams):
        written = name.encode("utf-16-le") + b"\0\0"
        entries.append(written.ljust(64, b"\0") + struct.pack("<H", len(written)) + bytes(62))
    sectors = [b"".join(entries[at : at + 4]).ljust(512, b"\0") for at in range(0, len(entries), 4)]
    # Sector 0 is the table of sectors, the directory begins at 1.
    chain = [0xFFFFFFFD, *range(2, len(sectors) + 1), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = struct.pack("<H", 9)
    head[48:52] = struct.pack("<I", 1)
    head[76:80] = struct.pack("<I", 0)
    return bytes(head) + table + b"".join(sectors)


def film(codecs: Iterable[tuple[bytes, bytes]], *, brand: bytes = b"isom", cut: bool = False) -> bytes:
    """Return a film with these tracks, each (vide or soun, codec); its description stands at the end."""
    tracks = b"".join(
        _box(
            b"trak",
            _box(
                b"mdia",
                _box(b"hdlr", bytes(8) + sort + bytes(12)),
                _box(b"minf", _box(b"stbl", _box(b"stsd", bytes(4) + struct.pack(">I", 1) + _box(codec)))),
            ),
        )
        for sort, codec in codecs
    )
    whole = _box(b"ftyp", brand + bytes(4)) + _box(b"mdat", bytes(5000)) + _box(b"moov", _box(b"mvhd"), tracks)
    return whole[:-8] if cut else whole


def _box(name: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return struct.pack(">I", 8 + len(inner)) + name + inner
