"""Which document lies in a container: the packages of today's office programs (ZIP), and those of the old ones (CFB).

Only the list of contents is read. Source: PKWARE's APPNOTE 4.3 (ZIP), ECMA-376 part 2 (packages), [MS-CFB] 2.2 and
2.6 (compound files).
"""

from collections.abc import Callable, Iterator

Read = Callable[[int, int], bytes]

_END = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_ENTRY_BYTES = 46
_END_BYTES = 22
_COMMENT_BYTES = 65535
_DIRECTORY_BYTES = 4 * 1024 * 1024
"""The longest list of contents that is read."""

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM_BYTES = 128
_MOST_SECTORS = 4096
_NO_SECTOR = 0xFFFFFFFA
_HEADER_SECTORS = 109

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}


def recognise(size: int, read: Read) -> str | None:
    """Return what a container holds: docx, xlsx, pptx, doc, xls, ppt, or opendocument, macros, program, other.

    None if it is no container.
    """
    head = read(0, min(size, 8))
    if head.startswith(b"PK\x03\x04") or head.startswith(_END):
        return _package(set(_names(size, read)))
    if head == _COMPOUND:
        names = set(_streams(size, read))
        return next((kind for name, kind in _STREAMS.items() if name in names), "other")
    return None


def _package(names: set[str]) -> str:
    if any(name.endswith("vbaProject.bin") for name in names):
        return "macros"
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return "program"
    main = [kind for part, kind in _MAIN_PARTS.items() if part in names]
    if len(main) == 1 and "[Content_Types].xml" in names:
        return main[0]
    return "opendocument" if "META-INF/manifest.xml" in names else "other"


def _names(size: int, read: Read) -> Iterator[str]:
    """Yield the names in the list that stands at the end of a ZIP file."""
    tail_at = max(0, size - _END_BYTES - _COMMENT_BYTES)
    tail = read(tail_at, size)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + _END_BYTES:
        return
    length = int.from_bytes(tail[place + 12 : place + 16], "little")
    begins = int.from_bytes(tail[place + 16 : place + 20], "little")
    if length > _DIRECTORY_BYTES or begins + length > size:
        return
    listed, at = read(begins, begins + length), 0
    while listed[at : at + 4] == _ENTRY:
        name, extra, comment = (int.from_bytes(listed[at + o : at + o + 2], "little") for o in (28, 30, 32))
        yield listed[at + _ENTRY_BYTES : at + _ENTRY_BYTES + name].decode("utf-8", "replace")
        at += _ENTRY_BYTES + name + extra + comment


def _streams(size: int, read: Read) -> Iterator[str]:
    """Yield the names of a compound file's streams, along the chain of its directory's sectors."""
    head = read(0, min(512, size))
    if len(head) < 512 or head[30] not in (9, 12):
        return
    bytes_each = 1 << head[30]
    sector = int.from_bytes(head[48:52], "little")
    for _ in range(_MOST_SECTORS):
        at = (sector + 1) * bytes_each
        if sector >= _NO_SECTOR or at + bytes_each > size:
            return
        listed = read(at, at + bytes_each)
        for begins in range(0, bytes_each, _STREAM_BYTES):
            entry = listed[begins : begins + _STREAM_BYTES]
            length = min(int.from_bytes(entry[64:66], "little"), 64)
            yield entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        sector = _next_sector(head, sector, bytes_each, size, read)


def _next_sector(head: bytes, sector: int, bytes_each: int, size: int, read: Read) -> int:
    """Return which sector comes after one, by the table whose first parts the header names."""
    part, place = divmod(sector, bytes_each // 4)
    if part >= _HEADER_SECTORS:
        return _NO_SECTOR
    table = int.from_bytes(head[76 + 4 * part : 80 + 4 * part], "little")
    at = (table + 1) * bytes_each + 4 * place
    return int.from_bytes(read(at, at + 4), "little") if table < _NO_SECTOR and at + 4 <= size else _NO_SECTOR
