"""What Meta demands of POST /{phone_number_id}/media: a form with a file whose type is known and true (cloud-api 8).

The kind of a file decides how large it may be. A type that the file's first bytes belie is refused here at once; Meta
says so when the file is sent.
"""

from datetime import timedelta
from typing import NamedTuple

import aiohttp
from aiohttp import web

from wabridge.sandbox.graph import GraphError, Refusal

ID_LIFETIME = timedelta(days=30)

_MIB = 1024 * 1024
_DOCUMENT = 100 * _MIB
_OFFICE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"

# Each type: how large such a file may be, where its mark stands and what its first bytes must be.
TYPES: dict[str, tuple[int, int, tuple[bytes, ...]]] = {
    "audio/aac": (16 * _MIB, 0, (b"\xff\xf1", b"\xff\xf9", b"ADIF")),
    "audio/amr": (16 * _MIB, 0, (b"#!AMR",)),
    "audio/mpeg": (16 * _MIB, 0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "audio/mp4": (16 * _MIB, 4, (b"ftyp",)),
    "audio/ogg": (16 * _MIB, 0, (b"OggS",)),
    "video/mp4": (16 * _MIB, 4, (b"ftyp",)),
    "video/3gpp": (16 * _MIB, 4, (b"ftyp",)),
    "image/jpeg": (5 * _MIB, 0, (b"\xff\xd8\xff",)),
    "image/png": (5 * _MIB, 0, (b"\x89PNG\r\n\x1a\n",)),
    "image/webp": (500 * 1024, 8, (b"WEBP",)),
    "text/plain": (_DOCUMENT, 0, ()),
    "application/pdf": (_DOCUMENT, 0, (b"%PDF-",)),
    "application/msword": (_DOCUMENT, 0, (_OLD_OFFICE,)),
    "application/vnd.ms-excel": (_DOCUMENT, 0, (_OLD_OFFICE,)),
    "application/vnd.ms-powerpoint": (_DOCUMENT, 0, (_OLD_OFFICE,)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (_DOCUMENT, 0, (_OFFICE,)),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (_DOCUMENT, 0, (_OFFICE,)),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (_DOCUMENT, 0, (_OFFICE,)),
}
_CHUNK_BYTES = 256 * 1024
_WORD_BYTES = 1024


class Upload(NamedTuple):
    """A file that the office has handed over."""

    content: bytes
    mime_type: str


REFUSED = GraphError(http=400, code=131053, title="Media upload error", details="Unsupported file.")


async def read(request: web.Request, *, cut: bool = False) -> Upload | None:
    """Return the file of a form; raises Refusal as Meta would refuse it.

    cut: read no more than the file's beginning, and return None.
    """
    if request.content_type != "multipart/form-data":
        raise _invalid("the body must be multipart/form-data")
    words: dict[str, str] = {}
    file: Upload | None = None
    try:
        async for part in await request.multipart():
            if not isinstance(part, aiohttp.BodyPartReader):
                raise _invalid("a form within the form")
            if part.name == "file" and cut:
                await part.read_chunk(_CHUNK_BYTES)
                return None
            if part.name == "file":
                file = Upload(await _read(part, _DOCUMENT), part.headers.get("Content-Type", ""))
            else:
                words[part.name or ""] = (await _read(part, _WORD_BYTES)).decode("utf-8", "replace")
    except ValueError:
        raise _invalid("the form is broken") from None
    return _checked(words, file)


async def _read(part: aiohttp.BodyPartReader, most_bytes: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(_CHUNK_BYTES):
        content += chunk
        if len(content) > most_bytes:
            raise _failed("the file is too large")
    return bytes(content)


def _checked(words: dict[str, str], file: Upload | None) -> Upload:
    if words.get("messaging_product") != "whatsapp":
        raise _invalid("messaging_product must be whatsapp", title="The parameter messaging_product is required.")
    if file is None:
        raise _invalid("file is missing", title="The parameter file is required.")
    kind = words.get("type", file.mime_type).partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise _invalid("the type is not among those that may be sent")
    if file.mime_type.partition(";")[0].strip().lower() != kind:
        raise _invalid("type and the file's own Content-Type differ")
    largest, place, marks = TYPES[kind]
    if not 0 < len(file.content) <= largest:
        raise _failed(f"a file of this type has 1 to {largest} bytes")
    if marks and not file.content.startswith(marks, place):
        raise _failed("the file is not what its type says")
    return file


def _invalid(details: str, *, title: str = "Invalid parameter") -> Refusal:
    return Refusal(GraphError(http=400, code=100, title=title, details=details), is_violation=True)


def _failed(details: str) -> Refusal:
    return Refusal(GraphError(http=400, code=131053, title="Media upload error", details=details), is_violation=True)
