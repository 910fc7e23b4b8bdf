"""Legal notices as people read them: one with everything that happened to it, lists by place, all of them."""

from datetime import datetime
from typing import NamedTuple

from wabridge.core.notices import require
from wabridge.core.office import Office
from wabridge.model import window
from wabridge.model.contact import Contact
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, ConversationId, MessageId, NoticeId
from wabridge.model.notice import Notice
from wabridge.model.notice_level import Bucket, Standing, stand
from wabridge.model.page import Page
from wabridge.model.staff import Actor
from wabridge.storage import alerts, contacts, conversations, notice_events, notices
from wabridge.storage.database import Transaction
from wabridge.storage.notice_events import About

_OPEN = 2_000
"""So many notices of which something is awaited are read at most; an office has a few dozen."""


class Overview(NamedTuple):
    """All notices of which something is awaited, by their place; the newest of the others, and how many those are.

    people: whom they are to. cursor: where older ones begin.
    """

    placed: dict[Bucket, tuple[Notice, ...]]
    over: tuple[Notice, ...]
    number_over: int
    people: dict[ContactId, Contact]
    cursor: int | None = None

    @property
    def number(self) -> int:
        """How many there are, all told."""
        return sum(map(len, self.placed.values())) + self.number_over


class View(NamedTuple):
    """One notice and whom it is to. recipient: as they are known now; alerts: what is open about them."""

    notice: Notice
    standing: Standing
    recipient: Contact
    alerts: tuple[Alert, ...]
    window_closes_at: datetime | None
    window_is_open: bool


async def get(office: Office, actor: Actor, notice_id: NoticeId) -> Notice:
    """Return a notice with everything that happened to it; raises NotAllowed or NotFound."""
    require(actor, "read")
    return await office.database.read(lambda tx: notices.get(tx, notice_id))


async def list_in(office: Office, actor: Actor, conversation_id: ConversationId) -> list[Notice]:
    """Return the notices of a conversation, newest first; raises NotAllowed."""
    require(actor, "read")
    return await office.database.read(lambda tx: notices.list_in(tx, conversation_id))


async def show(office: Office, actor: Actor, notice_id: NoticeId) -> View:
    """Return a notice with whom it is to; raises NotAllowed or NotFound."""
    require(actor, "read")
    now = office.clock.now()

    def look(tx: Transaction) -> View:
        found = notices.get(tx, notice_id)
        thread = conversations.get_whole(tx, found.conversation_id)
        recipient = contacts.get(tx, found.contact_id)
        opened_at = thread.window_opened_at
        return View(
            found,
            stand(found),
            recipient,
            tuple(each for each in alerts.list_for(tx, recipient.id) if each.resolved_at is None),
            None if opened_at is None else window.closes_at(opened_at),
            window.is_open(opened_at, now=now),
        )

    return await office.database.read(look)


async def overview(office: Office, actor: Actor, *, before: int | None = None, limit: int) -> Overview:
    """Return the notices by their place; raises NotAllowed. before: of those that are over, the last one seen."""
    require(actor, "read")

    def look(tx: Transaction) -> Overview:
        placed: dict[Bucket, tuple[Notice, ...]] = {}
        for found in notices.list_open(tx, limit=_OPEN):
            place = stand(found).bucket
            placed[place] = (*placed.get(place, ()), found)
        over = notices.list_over(tx, before=notices.NEWEST if before is None else before, limit=limit + 1)
        shown = tuple(over[:limit])
        people = {each.contact_id for there in (*placed.values(), shown) for each in there}
        return Overview(
            placed,
            shown,
            notices.count_over(tx),
            contacts.get_many(tx, people),
            over[limit - 1].id if len(over) > limit else None,
        )

    return await office.database.read(look)


async def list_page(office: Office, actor: Actor, *, limit: int, cursor: str | None = None) -> Page[Notice]:
    """Return all notices, newest first; raises NotAllowed."""
    require(actor, "read")
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else notices.NEWEST
    found = await office.database.read(lambda tx: notices.list_page(tx, before=before, limit=limit + 1))
    return Page(tuple(found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)


def list_needing(tx: Transaction) -> list[Notice]:
    """Return the notices about which somebody has to do something, as part of a larger look."""
    return [found for found in notices.list_open(tx, limit=_OPEN) if stand(found).bucket in ("disputed", "overdue")]


async def list_about(office: Office, actor: Actor, message_ids: list[MessageId]) -> dict[MessageId, About]:
    """Return which of these messages have to do with a notice; raises NotAllowed."""
    require(actor, "read")
    return await office.database.read(lambda tx: notice_events.list_about(tx, message_ids))
