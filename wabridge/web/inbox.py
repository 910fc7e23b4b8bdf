"""The list of conversations, and the answers to what stands on top of every page."""

import re

from aiohttp import web

from wabridge.core import conversations, notifications, replies, worklist
from wabridge.core.sending import PauseKind
from wabridge.web import keys, rendering, session

_LINES = 50
_TASKS = 3
_WAY_BACK = re.compile(r"/(inbox|worklist|account|whatsapp|quarantine|(conversations|quarantine)/[1-9][0-9]{0,17})")


async def show_home(request: web.Request) -> web.Response:
    """Lead to the inbox, whoever asks."""
    raise web.HTTPSeeOther("/inbox")


async def show_inbox(request: web.Request) -> web.Response:
    """Show the conversations, unread first, newest first."""
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    page = await conversations.list(office, actor, limit=_LINES, cursor=request.query.get("cursor"))
    unread = sum(1 for line in page.items if line.unread)
    waiting = None if "cursor" in request.query else await worklist.get(office, actor, limit=_TASKS)
    return await rendering.render(request, "inbox.html", page=page, unread=unread, worklist=waiting)


async def resume_sending(request: web.Request) -> web.Response:
    """Let sending go on after its cause was mended."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    what: PauseKind = "stopped" if fields.get("what") == "stopped" else "refused"
    await replies.resume_sending(request.app[keys.OFFICE], actor, what=what)
    raise back(fields.get("back", ""))


async def notifications_seen(request: web.Request) -> web.Response:
    """Take note of one kind of remark, so that it leaves every page."""
    actor = session.signed_in(request).staff.actor
    fields = await session.form(request)
    await notifications.set_seen(request.app[keys.OFFICE], actor, request.match_info["kind"])
    raise back(fields.get("back", ""))


def back(path: str) -> web.HTTPSeeOther:
    """Lead back to the page the button stood on: only to pages of ours."""
    return web.HTTPSeeOther(path if _WAY_BACK.fullmatch(path) else "/inbox")


ROUTES = (
    web.get("/", show_home, name="home"),
    web.get("/inbox", show_inbox, name="inbox"),
    web.post("/sending/resume", resume_sending, name="resume_sending"),
    web.post("/notifications/{kind:[a-z_]{1,40}}/seen", notifications_seen, name="notifications_seen"),
)
