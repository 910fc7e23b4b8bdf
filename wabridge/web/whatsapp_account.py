"""The office's account at WhatsApp: what holds, and what Meta has said, with the next step."""

from typing import Any

from aiohttp import web

from wabridge.core import account
from wabridge.model.account import SECTIONS
from wabridge.model.staff import Actor
from wabridge.web import keys, rendering, session
from wabridge.web.api import answer, call, paging

_LINES = 20


async def show_account(request: web.Request) -> web.Response:
    """Show the account: how it stands, and the news, newest first."""
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    section = request.query.get("section") or None
    view = await account.get(office, actor)
    page = await account.list_news(
        office, actor, section=section, limit=_LINES, cursor=request.query.get("cursor") or None
    )
    return await rendering.render(
        request,
        "whatsapp.html",
        view=view,
        page=page,
        section=section,
        sections=[name for name in SECTIONS if view.counts.get(name)],
    )


async def show_account_to_program(request: web.Request, actor: Actor) -> web.Response:
    """Give a program the account's state and the news, newest first."""
    office = request.app[keys.OFFICE]
    limit, cursor = paging(request)
    view = await account.get(office, actor)
    news = await account.list_news(office, actor, section=request.query.get("section"), limit=limit, cursor=cursor)
    said: dict[str, Any] = {
        "phone_number_id": view.phone_number_id,
        "state": view.state,
        "sending_paused_since": None if view.pause is None else view.pause.since,
        "counts": view.counts,
        "foreign": view.foreign,
        "history": view.history,
        "news": news,
    }
    return answer(said)


ROUTES = (
    web.get("/whatsapp", show_account, name="whatsapp_account"),
    web.get("/api/v1/account", call(show_account_to_program), name="api_account"),
)
