"""Request bodies, read with a limit in size and time and never spooled to a file."""

import asyncio

from aiohttp import ClientError, StreamReader, http_exceptions, web

from wabridge.errors import BadRequest, BodyTooLarge

READ_SECONDS = 20.0


async def read(request: web.Request, *, max_bytes: int, seconds: float = READ_SECONDS) -> bytes:
    """Return the body as it came over the wire; raises BodyTooLarge, BadRequest, or 408 when it takes too long."""
    _check(request.content_length or 0, max_bytes)
    if request.content.is_eof():  # the usual case: a small body came with its headers
        body = request.content.read_nowait()
        _check(len(body), max_bytes)
        return body
    try:
        async with asyncio.timeout(seconds):
            return await _collect(request.content, max_bytes)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ClientError, http_exceptions.HttpProcessingError, ConnectionError) as error:
        raise BadRequest("the body broke off") from error


async def _collect(content: StreamReader, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        _check(len(body), max_bytes)
    return bytes(body)


def _check(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BodyTooLarge(f"the body is larger than {max_bytes} bytes")
