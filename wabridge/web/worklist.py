"""The worklist: what waits for a person, each with its next step; and the switch that stops all sending."""

from aiohttp import web

from wabridge.core import sending, worklist
from wabridge.web import keys, rendering, session
from wabridge.web.inbox import back

_TASKS = 200


async def show_worklist(request: web.Request) -> web.Response:
    """Show what waits for a person, the oldest first."""
    actor = session.signed_in(request).staff.actor
    found = await worklist.get(request.app[keys.OFFICE], actor, limit=_TASKS)
    return await rendering.render(request, "worklist.html", worklist=found)


async def stop_sending(request: web.Request) -> web.Response:
    """Let nothing leave until somebody resumes."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    await sending.stop_sending(request.app[keys.OFFICE], actor, fields.get("reason", ""))
    raise back(fields.get("back", ""))


ROUTES = (
    web.get("/worklist", show_worklist, name="worklist"),
    web.post("/sending/stop", stop_sending, name="stop_sending"),
)
