"""The files of legal notices over HTTP: taken in with a form, given out from the notice's page.

Rule: what a form says in words is judged before a byte of its file is taken; a file whose form is refused is gone, and
is chosen again.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from aiohttp import web

from wabridge.core import notice_files
from wabridge.errors import BadRequest
from wabridge.model.ids import NoticeId
from wabridge.model.notice import NewFile
from wabridge.web import keys, media, session
from wabridge.web.multipart import Form

DOCUMENT_TYPES = "application/pdf,.pdf"
SCAN_TYPES = "application/pdf,.pdf,image/jpeg,image/png"
"""What a browser offers to choose."""


class Take(Protocol):
    """Takes a file in, as `core.notice_files` does."""

    def __call__(self, *, name: str | None, pieces: AsyncIterator[bytes]) -> AbstractAsyncContextManager[NewFile]:
        """Yield the file; nothing is left of it if the block does not end well."""


@asynccontextmanager
async def taken(form: Form, take: Take) -> AsyncIterator[NewFile | None]:
    """Take the one file of a form in, if it has one; nothing is left of it if the block does not end well."""
    file = None if form.files is None else await anext(form.files, None)
    if file is None or form.files is None:
        yield None
        return
    async with take(name=file.name, pieces=file.pieces()) as new:
        async for _ in form.files:
            raise BadRequest("the form has more than one file")
        yield new


async def show_file(request: web.Request) -> web.StreamResponse:
    """Give out a file of a notice, to be saved."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    notice_id, file_id = NoticeId(int(request.match_info["notice_id"])), int(request.match_info["file_id"])
    document, kept = await notice_files.open_file(office, actor, notice_id, file_id)
    said = web.StreamResponse(headers={"Content-Type": document.mime_type, **media.saved_as(document.name)})
    said.content_length = kept.size
    await said.prepare(request)
    if request.method == "HEAD":
        await said.write_eof()
    else:
        pieces = notice_files.read(office, kept)
        await media.stream(request, said, media.while_held(request, pieces, session.still_holds))
    return said
