"""As much of two strange formats as a check needs: time-stamp tokens (DER, RFC 3161) and files inside a PDF."""

import hashlib
import re
import zlib
from collections.abc import Iterator

from wabridge.evidence.verify.words import Wrong

SHA256_OID = bytes.fromhex("608648016503040201")
MOST_FILES, MOST_UNPACKED = 100, 1 << 29
TST_INFO_OID = bytes.fromhex("2a864886f70d0109100104")


def der_parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each element of a DER sequence."""
    at = 0
    while at < len(content):
        if at + 2 > len(content) or content[at] & 0x1F == 0x1F:
            raise Wrong("token")
        tag, length, at = content[at], content[at + 1], at + 2
        if length > 0x84 or length == 0x80:
            raise Wrong("token")
        if length > 0x80:
            count = length - 0x80
            length, at = int.from_bytes(content[at : at + count], "big"), at + count
        if at + length > len(content):
            raise Wrong("token")
        yield tag, content[at : at + length]
        at += length


def der_at(content: bytes, *path: int) -> bytes:
    """Return the content found by going down into the nth element of each level."""
    for place in path:
        parts = list(der_parts(content))
        if place >= len(parts):
            raise Wrong("token")
        content = parts[place][1]
    return content


def stamped_at(answer: bytes, note: bytes) -> str:
    """Return the time that an authority's answer states for a note. Its signature is not looked at."""
    response = der_at(answer, 0)
    if len(list(der_parts(answer))) != 1 or der_at(response, 0, 0) not in (b"\0", b"\1"):
        raise Wrong("token")
    content = der_at(response, 1, 1, 0, 2)
    if der_at(content, 0) != TST_INFO_OID:
        raise Wrong("token")
    info = der_at(content, 1, 0, 0)
    imprint = der_at(info, 2)
    if der_at(imprint, 0, 0) != SHA256_OID or der_at(imprint, 1) != hashlib.sha256(note).digest():
        raise Wrong("token")
    return der_at(info, 4).decode("ascii", "replace")


def files_in_pdf(pdf: bytes) -> Iterator[bytes]:
    """Yield the files embedded in a PDF, as far as they lie there plainly or deflated."""
    for number, found in enumerate(re.finditer(rb"/EmbeddedFile\b(?!s)", pdf)):
        if number >= MOST_FILES:
            raise Wrong("pdf")
        begin, start = pdf.rfind(b" obj", 0, found.start()), pdf.find(b"stream", found.start())
        head = pdf[begin:start]
        length = re.search(rb"/Length (\d+)(?! \d+ R)", head)
        if begin < 0 or start < 0 or b"endobj" in head or length is None:
            continue
        start += 8 if pdf[start + 6 : start + 8] == b"\r\n" else 7
        raw = pdf[start : start + int(length[1])]
        try:
            yield zlib.decompressobj().decompress(raw, MOST_UNPACKED) if b"/FlateDecode" in head else raw
        except zlib.error:
            yield b""
