"""How the ledger stands, for people; its newest signed head, for programs that keep it elsewhere."""

from aiohttp import web

from wabridge.core import ledger_health
from wabridge.model.staff import Actor
from wabridge.web import keys, rendering, session
from wabridge.web.api import answer, call


async def show_ledger(request: web.Request) -> web.Response:
    """Show how the ledger stands."""
    actor = session.signed_in(request).staff.actor
    return await rendering.render(request, "ledger.html", view=await ledger_health.get(request.app[keys.OFFICE], actor))


async def show_checkpoint(request: web.Request, actor: Actor) -> web.Response:
    """Give a program the newest checkpoint."""
    return answer(await ledger_health.get_checkpoint(request.app[keys.OFFICE], actor))


ROUTES = (
    web.get("/ledger", show_ledger, name="ledger"),
    web.get("/api/v1/ledger/checkpoint", call(show_checkpoint), name="api_checkpoint"),
)
