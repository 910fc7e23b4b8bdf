"""What could not be understood or applied, for those who may look at it."""

from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model.ids import EventId
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.quarantine import QuarantinedItem, QuarantinedLine, Trial
from wabridge.model.staff import Actor
from wabridge.storage import acts, journal, quarantine
from wabridge.storage.database import Transaction


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(  # noqa: A001
    office: Office, actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[QuarantinedLine]:
    """Return what is in quarantine, the newest first; raises NotAllowed or BadRequest."""
    _require(actor)
    before = None if cursor is None else EventId(*parse_cursor(cursor, parts=1))
    lines = await office.database.read(lambda tx: quarantine.list_page(tx, before=before, limit=limit + 1))
    shown = tuple(lines[:limit])
    return Page(shown, build_cursor(shown[-1].id) if len(lines) > limit else None)


async def count(office: Office, actor: Actor) -> int:
    """Return how many items are in quarantine; raises NotAllowed."""
    _require(actor)
    return await office.database.read(quarantine.count)


async def get(office: Office, actor: Actor, event_id: EventId) -> QuarantinedItem:
    """Return an item in quarantine with the webhook it lies in; raises NotAllowed or NotFound."""
    _require(actor)

    def look(tx: Transaction) -> QuarantinedItem:
        line = quarantine.get(tx, event_id)
        trials = (Trial(act.at, act.actor_name, act.detail) for act in acts.list_for(tx, "event", event_id))
        return QuarantinedItem(line=line, body=journal.get_body(tx, line.webhook_id), trials=tuple(trials))

    return await office.database.read(look)


def _require(actor: Actor) -> None:
    if not actor.may("review_quarantine"):
        raise NotAllowed("looking into the quarantine is not among this actor's rights")
