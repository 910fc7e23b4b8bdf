"""The office's templates: browse them, see each as a client would, have the list fetched anew."""

from typing import Any

from aiohttp import web

from wabridge.core import templates
from wabridge.errors import Conflict
from wabridge.model import filling
from wabridge.model.staff import Actor
from wabridge.model.template import TemplateId
from wabridge.web import api_objects, keys, rendering, session
from wabridge.web.api import answer, call

_NUMBER = "[1-9][0-9]{0,17}"


async def show_templates(request: web.Request) -> web.Response:
    """List templates, all or those that were asked for."""
    actor = session.signed_in(request).staff.actor
    query = request.query
    words, language, category = (query.get(name, "")[:200] for name in ("q", "language", "category"))
    view = await templates.list(
        request.app[keys.OFFICE],
        actor,
        words=words,
        language=language,
        category=category,
        only_sendable="sendable" in query,
    )
    return await rendering.render(
        request,
        "templates.html",
        view=view,
        words_wanted=words,
        language=language,
        category=category,
        only_sendable="sendable" in query,
        may_refresh=actor.may("reply") and view.can_sync,
    )


async def show_template(request: web.Request) -> web.Response:
    """Show one template as a client would see it, with its places and every wording it has had."""
    actor = session.signed_in(request).staff.actor
    template_id = TemplateId(int(request.match_info["template_id"]))
    view = await templates.get(request.app[keys.OFFICE], actor, template_id)
    template = view.template
    return await rendering.render(
        request,
        "template.html",
        template=template,
        versions=view.versions,
        shown=filling.render(template.wording, template.examples),
        may_send=actor.may("reply") and template.can_be_sent,
    )


async def refresh(request: web.Request) -> web.Response:
    """Have the list fetched anew and lead back to it."""
    actor = session.signed_in(request).staff.actor
    await session.form(request)
    try:
        await templates.refresh(request.app[keys.OFFICE], actor)
    except Conflict as error:
        return await rendering.render_error(request, 409, error)
    raise web.HTTPSeeOther("/templates")


async def refresh_for_program(request: web.Request, actor: Actor) -> web.Response:
    """Have the list fetched anew for a program; 202 means that the wish is on the disk."""
    await templates.refresh(request.app[keys.OFFICE], actor)
    return answer({"asked": True}, status=202)


async def list_for_program(request: web.Request, actor: Actor) -> web.Response:
    """Give a program the templates with their places; there are at most a few hundred, so they come at once."""
    query = request.query
    view = await templates.list(
        request.app[keys.OFFICE],
        actor,
        words=query.get("q", ""),
        language=query.get("language", ""),
        category=query.get("category", ""),
        only_sendable=query.get("sendable") == "true",
    )
    said: dict[str, Any] = {
        "items": [api_objects.build_template(template) for template in view.items],
        "next": None,
        "listed_at": view.sync.good_at,
    }
    return answer(said)


ROUTES = (
    web.get("/templates", show_templates, name="templates"),
    web.get(f"/templates/{{template_id:{_NUMBER}}}", show_template, name="template"),
    web.post("/templates/refresh", refresh, name="templates_refresh"),
    web.get("/api/v1/templates", call(list_for_program), name="api_templates"),
    web.post("/api/v1/templates/refresh", call(refresh_for_program), name="api_templates_refresh"),
)
