"""The inbox and its conversations, as staff see them."""

from collections.abc import Sequence
from datetime import timedelta

from wabridge.broker import Change
from wabridge.core import waiting
from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model import window
from wabridge.model.contact import Contact
from wabridge.model.conversation import ConversationLine, ConversationView
from wabridge.model.ids import ContactId, ConversationId, MessageId, StaffId
from wabridge.model.message import Message
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.staff import Actor
from wabridge.storage import contacts, conversations, messages, notifications, setbacks
from wabridge.storage.conversations import TOP, Line, Place
from wabridge.storage.database import Transaction


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(  # noqa: A001
    office: Office, actor: Actor, *, limit: int = 50, cursor: str | None = None
) -> Page[ConversationLine]:
    """Return the inbox: unread first, then newest; raises NotAllowed or BadRequest."""
    _require_read(actor)
    after = TOP if cursor is None else Place(*parse_cursor(cursor, parts=3))

    def look(tx: Transaction) -> Page[ConversationLine]:
        places = conversations.list_page(tx, after=after, limit=limit + 1)
        lines = _lines(tx, [ConversationId(place.id) for place in places[:limit]])
        return Page(lines, build_cursor(*places[limit - 1]) if len(places) > limit else None)

    return await office.database.read(look)


async def get(
    office: Office,
    actor: Actor,
    conversation_id: ConversationId,
    *,
    before: MessageId | None = None,
    through: MessageId | None = None,
    limit: int = 100,
) -> ConversationView:
    """Return a conversation with its newest messages, or those before one of them; raises NotAllowed or NotFound.

    through: those before one of them and that one as well.
    """
    _require_read(actor)
    now = office.clock.now()
    settling = timedelta(seconds=office.settings.whatsapp.settling_seconds)

    def look(tx: Transaction) -> ConversationView:
        found = conversations.get(tx, conversation_id)
        (line,) = _lines(tx, [conversation_id])
        newest_first = messages.list_lines(tx, conversation_id, before=before, through=through, limit=limit + 1)
        begun_at = messages.find_blocking(tx, conversation_id)
        return ConversationView(
            line=line,
            messages=tuple(reversed(newest_first[:limit])),
            earlier=newest_first[limit - 1].id if len(newest_first) > limit else None,
            window_is_open=window.is_open(found.window_opened_at, now=now),
            is_read_only=found.group_id is not None,
            blocked_until=None if begun_at is None or begun_at + settling <= now else begun_at + settling,
            quoted=_quoted(tx, conversation_id, newest_first[:limit]),
            waits=waiting.explain(tx, conversation_id, settling=settling, now=now),
            marks=() if found.contact_id is None else setbacks.list_marks(tx, found.contact_id),
        )

    return await office.database.read(look)


async def mark_seen(office: Office, actor: Actor, conversation_id: ConversationId) -> None:
    """Leave nothing unread in a conversation; raises NotAllowed or NotFound. Who saw it is kept."""
    _require_read(actor)
    now = office.clock.now()
    staff_id = StaffId(actor.id) if actor.kind == "staff" else None

    def is_unseen(tx: Transaction) -> bool:
        return conversations.get(tx, conversation_id).unread > 0 or notifications.is_open_in(tx, conversation_id)

    def change(tx: Transaction) -> bool:
        conversations.get(tx, conversation_id)
        closed = notifications.set_seen_in(tx, conversation_id, staff_id=staff_id, now=now)
        return conversations.set_seen(tx, conversation_id) or closed > 0

    # Most looks see nothing new: they cost no write, and go on while nothing can be written.
    if await office.database.read(is_unseen) and await office.database.write(change):
        office.broker.announce(Change("conversation", conversation_id))


def _quoted(tx: Transaction, conversation_id: ConversationId, shown: Sequence[Message]) -> tuple[Message, ...]:
    wanted = {message.quoted_id for message in shown} - {message.id for message in shown} - {None}
    found = messages.get_many(tx, sorted(i for i in wanted if i is not None)) if wanted else ()
    # Somebody may answer in private what was written in a group; that stays where it was written.
    return tuple(message for message in found if message.conversation_id == conversation_id)


def _lines(tx: Transaction, ids: Sequence[ConversationId]) -> tuple[ConversationLine, ...]:
    stored = conversations.get_lines(tx, ids)
    people = contacts.get_many(tx, [line.contact_id for line in stored.values() if line.contact_id is not None])
    return tuple(_line(stored[i], people) for i in ids)


def _line(line: Line, people: dict[ContactId, Contact]) -> ConversationLine:
    return ConversationLine(
        id=line.id,
        contact=None if line.contact_id is None else people[line.contact_id],
        unread=line.unread,
        last_activity_at=line.last_activity_at,
        preview_kind=line.preview_kind,
        preview_text=line.preview_text,
        preview_content=line.preview_content,
        preview_direction=line.preview_direction,
        preview_status=line.preview_status,
        window_closes_at=window.closes_at(line.window_opened_at) if line.window_opened_at else None,
    )


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
