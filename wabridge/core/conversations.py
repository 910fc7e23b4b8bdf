"""The inbox and its conversations, as staff see them."""

from collections.abc import Sequence
from datetime import timedelta

from wabridge.broker import Change, Topic
from wabridge.core import decisions, ticks, waiting
from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model import window
from wabridge.model.choice import Offered
from wabridge.model.contact import Contact
from wabridge.model.content import Choice
from wabridge.model.conversation import ConversationLine, ConversationView, Group
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, ConversationId, MessageId, StaffId
from wabridge.model.message import Message
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.staff import Actor
from wabridge.storage import (
    alerts,
    contacts,
    conversations,
    groups,
    marketing,
    messages,
    notifications,
    numbers,
    offered_choices,
    setbacks,
)
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
        found = conversations.get_whole(tx, conversation_id)
        (line,) = _lines(tx, [found.id])
        newest_first = messages.list_lines(tx, found.id, before=before, through=through, limit=limit + 1)
        begun_at = messages.find_blocking(tx, found.id)
        ours = numbers.find(tx, office.settings.whatsapp.phone_number_id)
        is_open = window.is_open(found.window_opened_at, now=now)
        made = ((m.id, decisions.offer(office, m, window_is_open=is_open, now=now)) for m in newest_first[:limit])
        return ConversationView(
            line=line,
            messages=tuple(reversed(newest_first[:limit])),
            earlier=newest_first[limit - 1].id if len(newest_first) > limit else None,
            window_is_open=is_open,
            is_read_only=found.group_id is not None or found.number_id != ours,
            blocked_until=None if begun_at is None or begun_at + settling <= now else begun_at + settling,
            quoted=_quoted(tx, found.id, newest_first[:limit]),
            offers={message_id: offer for message_id, offer in made if offer is not None},
            alerts=_open_alerts(tx, found.contact_id),
            marketing=None if found.contact_id is None else marketing.find(tx, found.contact_id),
            waits=waiting.explain(tx, found.id, ours=ours, settling=settling, now=now),
            marks=() if found.contact_id is None else setbacks.list_marks(tx, found.contact_id),
            offered=_offered(tx, found.id, newest_first[:limit]),
        )

    return await office.database.read(look)


def newer(view: ConversationView, *, than: MessageId) -> tuple[Message, ...]:
    """Return what the person wrote after a message; a reaction is no message of its own, and a notice nobody's."""
    theirs = (m for m in view.messages if m.direction == "inbound" and m.id > than)
    return tuple(m for m in theirs if m.kind not in ("reaction", "system", "handover"))


async def mark_seen(office: Office, actor: Actor, conversation_id: ConversationId) -> None:
    """Leave nothing unread in a conversation; raises NotAllowed or NotFound. Who saw it is kept."""
    _require_read(actor)
    now = office.clock.now()
    staff_id = StaffId(actor.id) if actor.kind == "staff" else None

    def is_unseen(tx: Transaction) -> bool:
        found = conversations.get_whole(tx, conversation_id)
        return found.unread > 0 or notifications.is_open_in(tx, found.id)

    def change(tx: Transaction) -> bool:
        whole = conversations.get_whole(tx, conversation_id)
        if whole.unread and staff_id is not None:
            ticks.want_read(tx, office, whole, now=now)
        closed = notifications.set_seen_in(tx, whole.id, staff_id=staff_id, now=now)
        return conversations.set_seen(tx, whole.id) or closed > 0

    # Most looks see nothing new: they cost no write, and go on while nothing can be written.
    if await office.database.read(is_unseen) and await office.database.write(change):
        office.broker.announce(Change("conversation", conversation_id))
        office.broker.ring(Topic.TICKS, conversation_id)


def _quoted(tx: Transaction, conversation_id: ConversationId, shown: Sequence[Message]) -> tuple[Message, ...]:
    wanted = {message.quoted_id for message in shown} - {message.id for message in shown} - {None}
    found = messages.get_many(tx, sorted(i for i in wanted if i is not None)) if wanted else ()
    # Somebody may answer in private what was written in a group; that stays where it was written.
    here = conversations.list_parts(tx, conversation_id)
    return tuple(message for message in found if message.conversation_id in here)


def _offered(tx: Transaction, conversation_id: ConversationId, shown: Sequence[Message]) -> dict[str, Offered]:
    """Return what those of these messages mean that press a button; one of somebody else's means nothing here."""
    bodies = (message.content.body for message in shown if message.content is not None)
    pressed = [body.choice_id for body in bodies if isinstance(body, Choice) and body.choice_id]
    known = offered_choices.find_many(tx, pressed) if pressed else {}
    return {choice_id: each for choice_id, each in known.items() if each.conversation_id == conversation_id}


def _open_alerts(tx: Transaction, contact_id: ContactId | None) -> tuple[Alert, ...]:
    if contact_id is None or alerts.find_newest_open(tx, contact_id) is None:
        return ()
    return tuple(alert for alert in alerts.list_for(tx, contact_id) if alert.resolved_at is None)


def _lines(tx: Transaction, ids: Sequence[ConversationId]) -> tuple[ConversationLine, ...]:
    stored = conversations.get_lines(tx, ids)
    people = contacts.get_many(tx, [line.contact_id for line in stored.values() if line.contact_id is not None])
    threads = [line.id for line in stored.values() if line.contact_id is None]
    known = groups.find_many(tx, threads) if threads else {}
    return tuple(_line(stored[i], people, known) for i in ids)


def _line(line: Line, people: dict[ContactId, Contact], known: dict[ConversationId, Group]) -> ConversationLine:
    return ConversationLine(
        id=line.id,
        contact=None if line.contact_id is None else people[line.contact_id],
        group=known.get(line.id),
        unread=line.unread,
        last_activity_at=line.last_activity_at,
        preview_kind=line.preview_kind,
        preview_text=line.preview_text,
        preview_content=line.preview_content,
        preview_direction=line.preview_direction,
        preview_status=line.preview_status,
        is_in_doubt=line.is_in_doubt,
        window_closes_at=window.closes_at(line.window_opened_at) if line.window_opened_at else None,
    )


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
