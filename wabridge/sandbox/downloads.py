"""How a file goes out over the wire, and what befalls it on the way (cloud-api 8, 13.4)."""

import asyncio
from contextlib import suppress

from aiohttp import web

from wabridge.sandbox import wire
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import File
from wabridge.sandbox.graph import GraphError

_PAGE = b"<!DOCTYPE html><html><title>Error</title><body><h1>Sorry, something went wrong.</h1></body></html>"
_TOO_MANY = GraphError(http=429, code=4, title="Application request limit reached", is_whole_message=True)
_PIECES = 20


async def give(request: web.Request, file: File, behaviour: Behaviour, stopping: asyncio.Event) -> web.StreamResponse:
    """Answer with a file, or with whatever goes wrong at the moment."""
    faults = behaviour.faults
    if Fault.MEDIA_THROTTLED in faults:
        return wire.json_answer(request, _TOO_MANY.http, _TOO_MANY.answer())
    if Fault.MEDIA_DOWN in faults:
        return web.Response(status=503, body=_PAGE, content_type="text/html")
    if Fault.MEDIA_ELSEWHERE in faults:
        # The same server under another name: what comes there is written down as well.
        elsewhere = request.url.with_host("localhost")
        return web.Response(status=302, headers={"Location": str(elsewhere)})
    whole = web.Response(body=file.content, headers={"Content-Type": file.mime_type})
    if Fault.MEDIA_CUT in faults:
        return await wire.cut(request, whole)
    return await _trickle(request, file, behaviour, stopping) if Fault.MEDIA_SLOW in faults else whole


async def _trickle(
    request: web.Request, file: File, behaviour: Behaviour, stopping: asyncio.Event
) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": file.mime_type})
    answer.content_length = len(file.content)
    await answer.prepare(request)
    length = -(-len(file.content) // _PIECES)
    for at in range(0, len(file.content), length):
        await answer.write(file.content[at : at + length])
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), behaviour.slow_file_seconds / _PIECES)
    return answer
