"""Forms with files, read part by part as they come: nothing is collected, nothing is spooled to a file.

What a form says in words must stand before its first file, as it does in every browser's form and in ours: who asks,
and whether they may, is known before a byte of a file is taken.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import http_exceptions, web

from wabridge.errors import BadRequest, BodyTooLarge

SILENCE_SECONDS = 60.0
"""So long nothing may come; how long a file takes as a whole is its sender's line's business."""

FORM_TYPE = "multipart/form-data"

WORDS_BYTES = 64 * 1024
"""So much a form may say in words."""

_PIECE_BYTES = 256 * 1024
_MOST_PARTS = 100
_PLAIN = frozenset({"", "binary", "8bit", "7bit"})


class File:
    """A file that begins to come. field: the form's name for it; name: its owner's, None if they gave none."""

    def __init__(self, part: aiohttp.BodyPartReader, *, silence_seconds: float) -> None:
        self.field = part.name or ""
        # Browsers write a quotation mark in a name so (HTML, "multipart form data").
        self.name = (part.filename or "").replace("%22", '"') or None
        self._part = part
        self._silence_seconds = silence_seconds

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield its bytes as they come; raises BadRequest if they end too early, or 408."""
        while piece := await self._read():
            yield piece

    async def _read(self) -> bytes:
        with _named():
            async with asyncio.timeout(self._silence_seconds):
                return await self._part.read_chunk(_PIECE_BYTES)


@dataclass
class Form:
    """A form as far as it has come: its words, and the files that are still to come, each to be read in its turn."""

    words: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    """The same, for names that come more than once."""
    files: AsyncIterator[File] | None = None
    size: int = 0
    """How many bytes its words have."""
    most_bytes: int = WORDS_BYTES


async def open_form(
    request: web.Request, *, silence_seconds: float = SILENCE_SECONDS, most_bytes: int = WORDS_BYTES
) -> Form:
    """Return the words of a form that stand before its first file; raises BadRequest, BodyTooLarge or 408.

    Words behind a file, those of the buttons, are added as they come: they are all there when the files have been read.
    """
    if request.content_type != FORM_TYPE:
        raise BadRequest("this is not a form with files")
    with _named():
        reader = await request.multipart()
    form = Form(most_bytes=most_bytes)
    parts = _parts(reader, silence_seconds)
    async for part in parts:
        if part.filename:
            form.files = _files(form, part, parts, silence_seconds)
            break
        await _add_words(form, part, silence_seconds)
    return form


async def _add_words(form: Form, part: aiohttp.BodyPartReader, silence_seconds: float) -> None:
    """Read a field into the form; one for files that was left empty says nothing."""
    said = bytearray()
    async for piece in File(part, silence_seconds=silence_seconds).pieces():
        said += piece
        form.size += len(piece)
        if form.size > form.most_bytes:
            raise BodyTooLarge(f"the words of a form have at most {form.most_bytes} bytes")
    if part.filename is None:
        form.words[part.name or ""] = said.decode("utf-8", "replace")
        form.many.setdefault(part.name or "", []).append(form.words[part.name or ""])


async def _parts(reader: aiohttp.MultipartReader, silence_seconds: float) -> AsyncIterator[aiohttp.BodyPartReader]:
    for _ in range(_MOST_PARTS):
        with _named():
            async with asyncio.timeout(silence_seconds):
                part = await reader.next()
        if part is None:
            return
        if not isinstance(part, aiohttp.BodyPartReader):
            raise BadRequest("a form within the form")
        if part.headers.get("Content-Transfer-Encoding", "").strip().lower() not in _PLAIN:
            raise BadRequest("a part of the form is encoded")
        yield part
    raise BadRequest("the form has too many parts")


async def _files(
    form: Form, first: aiohttp.BodyPartReader, others: AsyncIterator[aiohttp.BodyPartReader], silence_seconds: float
) -> AsyncIterator[File]:
    yield File(first, silence_seconds=silence_seconds)
    async for part in others:
        if part.filename:
            yield File(part, silence_seconds=silence_seconds)
        else:
            await _add_words(form, part, silence_seconds)


@contextmanager
def _named() -> Iterator[None]:
    """Call whatever goes wrong while a form is read by its name."""
    try:
        yield
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (aiohttp.ClientError, http_exceptions.HttpProcessingError, ConnectionError) as error:
        raise BadRequest("the form broke off") from error
    except (ValueError, RuntimeError, AssertionError, KeyError, LookupError) as error:
        raise BadRequest("the form is broken") from error
