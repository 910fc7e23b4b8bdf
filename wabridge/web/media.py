"""The files of messages over HTTP: for pages under /media, for programs under /api/v1/media.

Rule: nothing that a client of the office sent can run in our origin. What a file is called and what may be shown is
decided by its bytes; every answer forbids guessing and is shut into a sandbox; whatever is not in the table of
`filetypes` is saved and never shown.

A file that turns out damaged half-way breaks the connection, so that nobody takes the half for the whole; so does one
that is still on its way when the session or the token ends.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from urllib.parse import quote

from aiohttp import web

from wabridge.core import files, media
from wabridge.core.files import OpenFile
from wabridge.errors import FileDamaged, NotSignedIn, StorageUnavailable
from wabridge.model import filenames
from wabridge.model.ids import MediaId
from wabridge.model.staff import Actor
from wabridge.web import api, api_objects, keys, ranges, session
from wabridge.web.api import NUMBER, answer, call
from wabridge.web.ranges import BeyondTheEnd, Part

log = logging.getLogger(__name__)

READER_SECONDS = 30.0
"""So long a reader may take nothing, and hold its connection; players and downloads come back with a range."""

_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_PRIVATE = "private, no-store"
"""Nothing of a client's file stays behind on a machine that somebody else uses next."""

StillHolds = Callable[[web.Request], Awaitable[bool]]
"""Says whether whoever asked may still have what was asked for."""


async def show_file(request: web.Request) -> web.StreamResponse:
    """Give out a file: to be shown if it may be, or saved; `?save` asks for the latter."""
    actor = session.signed_in(request).staff.actor
    file = await files.open_file(request.app[keys.OFFICE], actor, _media_id(request))
    return await _send(request, file, session.still_holds)


async def show_thumbnail(request: web.Request) -> web.StreamResponse:
    """Give out a picture's small picture."""
    actor = session.signed_in(request).staff.actor
    small = await files.read_thumbnail(request.app[keys.OFFICE], actor, _media_id(request))
    kept = {"Content-Security-Policy": _POLICY, "Content-Disposition": "inline", "Cache-Control": _PRIVATE}
    return web.Response(body=small, content_type="image/webp", headers=kept)


async def retry(request: web.Request) -> web.StreamResponse:
    """Have a file fetched again and lead back to its message."""
    actor = session.signed_in(request).staff.actor
    await session.form(request)
    file = await media.retry(request.app[keys.OFFICE], actor, _media_id(request))
    raise web.HTTPSeeOther(f"/conversations/{file.conversation_id}#m{file.message_id}")


async def show_retried(request: web.Request) -> web.StreamResponse:
    """Lead from the button's address to the message it is about."""
    actor = session.signed_in(request).staff.actor
    file = await media.get(request.app[keys.OFFICE], actor, _media_id(request))
    raise web.HTTPSeeOther(f"/conversations/{file.conversation_id}#m{file.message_id}")


async def show_media(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Show a program what is known of a file."""
    return answer(api_objects.build_media(await media.get(request.app[keys.OFFICE], actor, _media_id(request))))


async def show_content(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Give a file out to a program."""
    file = await files.open_file(request.app[keys.OFFICE], actor, _media_id(request))
    return await _send(request, file, api.still_holds)


async def retry_by_program(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Have a file fetched again; 202, since it takes its time."""
    file = await media.retry(request.app[keys.OFFICE], actor, _media_id(request))
    return answer(api_objects.build_media(file), status=202)


async def _send(request: web.Request, file: OpenFile, still_holds: StillHolds) -> web.StreamResponse:
    """Send the whole file or the range that is asked for."""
    etag = f'"{file.mark}"'
    wanted, if_range = request.headers.get("Range"), request.headers.get("If-Range")
    try:
        part = ranges.choose(wanted, if_range=if_range, etag=etag, size=file.size)
    except BeyondTheEnd:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{file.size}", "Cache-Control": _PRIVATE})
    sent = part or Part(0, file.size)
    said = web.StreamResponse(status=200 if part is None else 206, headers=_headers(request, file, etag))
    if part is not None:
        said.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    said.content_length = sent.length
    await said.prepare(request)
    pieces = media.read(request.app[keys.OFFICE], file.file, sent.start, sent.stop)
    if request.method == "HEAD":
        await said.write_eof()
    else:
        await stream(request, said, while_held(request, pieces, still_holds))
    return said


async def stream(request: web.Request, said: web.StreamResponse, pieces: AsyncIterator[bytes]) -> None:
    """Write a file's bytes as fast as they are taken; what cannot be sent to its end breaks the connection.

    A few chunks are in memory, whatever the file's size.
    """
    if await _write(request, said, pieces):
        await said.write_eof()
    elif request.transport is not None:
        request.transport.abort()  # at once: an orderly end would look like the file's


async def while_held(
    request: web.Request, pieces: AsyncIterator[bytes], still_holds: StillHolds
) -> AsyncIterator[bytes]:
    """Yield bytes for as long as they may be had; raises NotSignedIn afterwards."""
    clock, looks_every = asyncio.get_running_loop().time, request.app[keys.STREAMS].look_seconds
    looked_at = clock()
    async for piece in pieces:
        if clock() - looked_at >= looks_every:
            with suppress(StorageUnavailable):  # the disk's trouble is no reason to sign anyone out
                if not await still_holds(request):
                    raise NotSignedIn("the session ended while a file was on its way")
            looked_at = clock()
        yield piece


def saved_as(name: str, *, how: str = "attachment") -> dict[str, str]:
    """Return the headers of a file that runs nowhere and stays nowhere, with its name (RFC 6266, RFC 8187)."""
    plain = filenames.ascii_only(name)
    return {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": _PRIVATE,
    }


async def _write(request: web.Request, said: web.StreamResponse, pieces: AsyncIterator[bytes]) -> bool:
    """Write the bytes, and say whether they were all sent."""
    try:
        async for piece in pieces:
            async with asyncio.timeout(READER_SECONDS):
                await said.write(piece)
    except NotSignedIn:
        return False
    except (FileDamaged, StorageUnavailable) as error:
        about = {**request.match_info, "fault": type(error).__name__}
        log.warning("a file was broken off", extra=about)
        return False
    except (ConnectionError, TimeoutError):
        return False  # whoever asked has gone or rests: a player that jumps or pauses, a page that is left
    return True


def _headers(request: web.Request, file: OpenFile, etag: str) -> dict[str, str]:
    how = "inline" if file.type.is_shown and "save" not in request.query else "attachment"
    return {
        "Content-Type": file.type.mime_type,
        **saved_as(file.name, how=how),
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }


def _media_id(request: web.Request) -> MediaId:
    return MediaId(int(request.match_info["media_id"]))


_ONE = f"{{media_id:{NUMBER}}}"

ROUTES = (
    web.get(f"/media/{_ONE}", show_file, name="media"),
    web.get(f"/media/{_ONE}/thumbnail", show_thumbnail, name="media_thumbnail"),
    web.post(f"/media/{_ONE}/retry", retry, name="media_retry"),
    web.get(f"/media/{_ONE}/retry", show_retried, name="media_retry"),
    web.get(f"/api/v1/media/{_ONE}", call(show_media), name="api_media"),
    web.get(f"/api/v1/media/{_ONE}/content", call(show_content), name="api_media_content"),
    web.post(f"/api/v1/media/{_ONE}/retry", call(retry_by_program), name="api_media_retry"),
)
