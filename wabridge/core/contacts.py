"""People outside, as the office and API programs look them up."""

from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model.contact import Contact
from wabridge.model.ids import ContactId, MessageId
from wabridge.model.message import Message
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.staff import Actor
from wabridge.storage import contacts, messages
from wabridge.storage.database import Transaction


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(office: Office, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[Contact]:  # noqa: A001
    """Return contacts, newest first; raises NotAllowed or BadRequest."""
    _require_read(actor)
    before = contacts.NEWEST if cursor is None else parse_cursor(cursor, parts=1)[0]
    found = await office.database.read(lambda tx: contacts.list_page(tx, before=before, limit=limit + 1))
    shown = found[:limit]
    return Page(tuple(shown), build_cursor(shown[-1].id) if len(found) > limit else None)


async def get(office: Office, actor: Actor, contact_id: ContactId) -> Contact:
    """Return a contact; raises NotAllowed or NotFound."""
    _require_read(actor)
    return await office.database.read(lambda tx: contacts.get(tx, contact_id))


async def list_messages(
    office: Office, actor: Actor, contact_id: ContactId, *, limit: int = 50, cursor: str | None = None
) -> Page[Message]:
    """Return a contact's messages, newest first; raises NotAllowed, NotFound or BadRequest."""
    _require_read(actor)
    before = None if cursor is None else MessageId(parse_cursor(cursor, parts=1)[0])

    def look(tx: Transaction) -> tuple[Message, ...]:
        contacts.get(tx, contact_id)
        return tuple(messages.list_for_contact(tx, contact_id, before=before, limit=limit + 1))

    found = await office.database.read(look)
    shown = found[:limit]
    return Page(shown, build_cursor(shown[-1].id) if len(found) > limit else None)


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
