"""What could not be understood or applied: the list, and each item with its content.

Rule: an item's content stands only on the item's own page, behind a click, never in an address and never in a log.
"""

from aiohttp import web

from wabridge.core import quarantine
from wabridge.model.ids import EventId
from wabridge.web import keys, originals, reasons, rendering, session

_LINES = 50


async def show_quarantine(request: web.Request) -> web.Response:
    """Show what is in quarantine, the newest first."""
    actor = session.signed_in(request).staff.actor
    office = request.app[keys.OFFICE]
    page = await quarantine.list(office, actor, limit=_LINES, cursor=request.query.get("cursor"))
    number = await quarantine.count(office, actor)
    return await rendering.render(request, "quarantine.html", page=page, number=number, reasons=reasons)


async def show_quarantined(request: web.Request) -> web.Response:
    """Show one item, where it lies, and its content behind a click."""
    actor = session.signed_in(request).staff.actor
    event_id = EventId(int(request.match_info["event_id"]))
    item = await quarantine.get(request.app[keys.OFFICE], actor, event_id)
    return await rendering.render(
        request,
        "quarantined.html",
        line=item.line,
        trials=item.trials,
        content=originals.cut_out(item.body, item.line.pointer),
        reasons=reasons,
    )


ROUTES = (
    web.get("/quarantine", show_quarantine, name="quarantine"),
    web.get("/quarantine/{event_id:[1-9][0-9]{0,17}}", show_quarantined, name="quarantined"),
)
