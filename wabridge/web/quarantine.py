"""What could not be understood or applied: the list, and each item with its content.

Rule: an item's content stands only on the item's own page, behind a click, never in an address and never in a log.
"""

import hashlib
from dataclasses import dataclass

from aiohttp import web

from wabridge.core import quarantine
from wabridge.gateway import cutouts
from wabridge.model.ids import EventId
from wabridge.web import keys, reasons, rendering, session

_LINES = 50
_CHARACTERS = 200_000
"""So much of an item is shown; a webhook may have four million."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an item's page shows of it. sha256 and size_bytes: of the very bytes if is_exact, else of canonical JSON."""

    text: str
    is_exact: bool
    is_shortened: bool
    sha256: str
    size_bytes: int


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
        content=_content(item.body, item.line.pointer),
        reasons=reasons,
    )


def _content(body: bytes, pointer: str) -> Content | None:
    found = cutouts.cut_out(body, pointer)
    if found is None:
        return None
    kept = found.exact if found.exact is not None else found.canonical or b""
    text = cutouts.readable(found)
    return Content(
        text=text[:_CHARACTERS],
        is_exact=found.is_exact,
        is_shortened=len(text) > _CHARACTERS,
        sha256=hashlib.sha256(kept).hexdigest(),
        size_bytes=len(kept),
    )


ROUTES = (
    web.get("/quarantine", show_quarantine, name="quarantine"),
    web.get("/quarantine/{event_id:[1-9][0-9]{0,17}}", show_quarantined, name="quarantined"),
)
