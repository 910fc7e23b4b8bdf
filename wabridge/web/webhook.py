"""Meta's webhooks: handshake and delivery. This is the road that must stay short: no session, no cookie, no page."""

import asyncio

from aiohttp import web

from wabridge.errors import NotAllowed, StorageUnavailable
from wabridge.model.limits import WEBHOOK_BYTES
from wabridge.web import bodies, keys

AT_ONCE = 64
"""So many bodies are being read at most: 64 times 4 MiB. A small one needs no place: strangers who dribble bytes into
all of them keep no ordinary webhook out."""

_WAIT_SECONDS = 5.0
_PREFIX = "hub."  # Meta, "getting started with webhooks": all three words of the handshake carry it
_LONGEST_CHALLENGE = 128


async def shake_hands(request: web.Request) -> web.Response:
    """Answer the challenge when the webhook is set up."""
    mode, token, challenge = (request.query.get(_PREFIX + word) for word in ("mode", "verify_token", "challenge"))
    answer = request.app[keys.DOOR].handshake(mode, token, challenge)
    if len(answer) > _LONGEST_CHALLENGE or not (answer.isascii() and answer.isalnum()):
        raise NotAllowed("this challenge is not one of Meta's")  # never echo what could be markup
    return web.Response(text=answer)


async def accept(request: web.Request) -> web.Response:
    """Store one delivery, then answer 200; 401 and 503 say that nothing was stored."""
    if request.content.is_eof():  # it came whole with its headers, and is in memory already
        await _hand_in(request)
        return web.Response()
    places = request.app[keys.BODIES]
    await _take_place(places)
    try:
        await _hand_in(request)
    finally:
        places.release()
    return web.Response()


async def _hand_in(request: web.Request) -> None:
    body = await bodies.read(request, max_bytes=WEBHOOK_BYTES)
    await request.app[keys.DOOR].accept(body, tuple(request.headers.items()), request.remote or "")


async def _take_place(places: asyncio.Semaphore) -> None:
    """Take one of the places for bodies, after a while in the queue if need be; raises StorageUnavailable."""
    if not places.locked():
        await places.acquire()  # returns at once: nobody is in the queue
        return
    try:
        async with asyncio.timeout(_WAIT_SECONDS):
            await places.acquire()
    except TimeoutError:
        raise StorageUnavailable("too many webhooks at once") from None


ROUTES = (
    web.get("/webhook", shake_hands, name="webhook", allow_head=False),
    web.post("/webhook", accept, name="webhook"),
)
