"""What a request handler finds in its application and its request, by typed key."""

import asyncio
from dataclasses import dataclass

from aiohttp import web

from wabridge.core.health import Health
from wabridge.core.office import Office
from wabridge.core.sessions import SignedIn
from wabridge.gateway.door import Door
from wabridge.model.staff import Actor
from wabridge.web.origins import Origins


@dataclass(slots=True)
class Streams:
    """Answers that last. open: so many are live events; beat_seconds: how often each of these gives a sign of life.

    look_seconds: how often a file on its way looks whether whoever asked for it may still have it.
    """

    open: int = 0
    beat_seconds: float = 15.0
    look_seconds: float = 3.0


OFFICE = web.AppKey("office", Office)
DOOR = web.AppKey("door", Door)
HEALTH = web.AppKey("health", Health)
ORIGINS = web.AppKey("origins", Origins)
BODIES = web.AppKey("bodies", asyncio.Semaphore)
"""Held by each webhook whose body is in memory."""
STREAMS = web.AppKey("streams", Streams)

SIGNED_IN = web.RequestKey("signed_in", SignedIn)
"""Set while a staff member's session is valid."""
SESSION_SECRET = web.RequestKey("session_secret", str)
"""Set when the session began in this very request: its cookie is not in it yet."""
BROUGHT_BACK = web.RequestKey("brought_back", str)
"""Set when a form is shown with what was typed before its session had ended: "words", or "words, no file"."""
FORM_SECRET = web.RequestKey("form_secret", str)
"""What binds the sign-in form to the browser, set when such a form was drawn."""
ACTOR = web.RequestKey("actor", Actor)
"""The program that calls the API."""
