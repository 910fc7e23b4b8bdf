"""GET /events: live changes for open pages, as server-sent events. Ids only; the page fetches itself anew.

A stream begins anew every 15 seconds inside the same answer: that is when the comment goes out that keeps proxies from
hanging up, and when the session is looked at. A change in the very moment in between may be missed; pages look on their
own once a minute.
"""

import asyncio
from contextlib import suppress

import msgspec
from aiohttp import web

from wabridge.broker import Change
from wabridge.errors import StorageUnavailable
from wabridge.web import keys, session

MOST_STREAMS = 50
_RETRY = b"retry: 2000\n\n"


async def stream_changes(request: web.Request) -> web.StreamResponse:
    """Tell a page what changes, until it leaves, signs out, or the program stops."""
    session.signed_in(request)
    streams = request.app[keys.STREAMS]
    if streams.open >= MOST_STREAMS:
        raise StorageUnavailable("too many live pages")
    streams.open += 1
    try:
        return await _stream(request)
    finally:
        streams.open -= 1


async def _stream(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await answer.prepare(request)
    await answer.write(_RETRY)
    broker = request.app[keys.OFFICE].broker
    with suppress(ConnectionError):  # the page is gone
        while not broker.is_closing and await _still_holds(request):
            with broker.listen() as changes, suppress(TimeoutError):
                async with asyncio.timeout(request.app[keys.STREAMS].beat_seconds):
                    await answer.write(b": \n\n")
                    async for change in changes:
                        await answer.write(_line(change))
                    break  # cut off: the browser connects again
    return answer


async def _still_holds(request: web.Request) -> bool:
    try:
        return await session.still_holds(request)
    except StorageUnavailable:
        return True  # the disk's trouble is no reason to sign anyone out


def _line(change: Change) -> bytes:
    said = {"topic": change.topic, "conversation": change.conversation_id}
    return b"event: change\ndata: " + msgspec.json.encode(said) + b"\n\n"


ROUTES = (web.get("/events", stream_changes, name="events", allow_head=False),)
