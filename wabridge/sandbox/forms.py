"""What the phone page's forms send, read in memory: nothing is spooled to a file."""

from typing import NamedTuple

from aiohttp import BodyPartReader, web

MOST_UPLOADED_BYTES = 64 * 1024 * 1024
"""So much is read on to answer a browser that sends too much; what is beyond the limit is not kept."""


class Upload(NamedTuple):
    """A file from the page. content: None if it was too large."""

    name: str
    mime_type: str
    content: bytes | None
    caption: str


async def fields(request: web.Request) -> dict[str, str]:
    """Return the fields of a plain form."""
    # Only this type: a multipart form would be spooled to a file.
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


async def upload(request: web.Request, *, most_bytes: int) -> Upload | None:
    """Return the file of a form with a file and a caption, None if there is none."""
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType
    found, caption = None, ""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = await _read(part, most_bytes=most_bytes)
            if part.name == "file" and part.filename:
                mime_type = part.headers.get("Content-Type", "application/octet-stream")
                found = Upload(part.filename, mime_type, content, "")
            elif part.name == "caption":
                caption = (content or b"").decode("utf-8", "replace").strip()
    except ValueError as fault:
        raise web.HTTPBadRequest from fault
    return found._replace(caption=caption) if found else None


def see(request: web.Request, *, query: str = "", part: str = "") -> web.HTTPSeeOther:
    """Return the way back to the phone the form stood on."""
    path = f"/phones/{request.match_info['place']}"
    return web.HTTPSeeOther(path + (f"?{query}" if query else "") + (f"#{part}" if part else ""))


async def _read(part: BodyPartReader, *, most_bytes: int) -> bytes | None:
    content, size_bytes = bytearray(), 0
    while chunk := await part.read_chunk():
        size_bytes += len(chunk)
        if size_bytes > MOST_UPLOADED_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_UPLOADED_BYTES, size_bytes)
        if size_bytes <= most_bytes:
            content += chunk
    return bytes(content) if size_bytes <= most_bytes else None
