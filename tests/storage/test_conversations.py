"""Threads, as they are stored."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.arrivals import ADA
from tests.clocks import NOON
from tests.conftest import PHONE_NUMBER_ID
from wabridge.errors import ConstraintViolated, NotFound
from wabridge.model.event import Person
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.window import MessageTime
from wabridge.storage import contacts, conversations, numbers
from wabridge.storage.conversations import Place
from wabridge.storage.database import Database, Transaction


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def thread(tx: Transaction, person: Person = ADA, *, at: datetime = NOON) -> ConversationId:
    number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
    contact_id = contacts.add(tx, person, standing="lead", now=at)
    return conversations.ensure(tx, number_id, contact_id=contact_id, now=at)


def record(tx: Transaction, thread_id: ConversationId, at: datetime, *, opens: bool = True, number: int = 1) -> None:
    conversations.record_inbound(
        tx,
        thread_id,
        message_id=MessageId(number),
        time=MessageTime(at, is_doubtful=False),
        opens_window=opens,
        counts_as_unread=True,
    )


async def test_a_thread_is_made_once(database: Database) -> None:
    """Asking again for the thread with a contact, or with a group, returns the same one."""

    def make(tx: Transaction) -> list[ConversationId]:
        number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
        contact_id = contacts.add(tx, ADA, standing="lead", now=NOON)
        pairs = [(contact_id, None), (contact_id, None), (None, "group-1"), (None, "group-1"), (None, "group-2")]
        return [conversations.ensure(tx, number_id, contact_id=c, group_id=g, now=NOON) for c, g in pairs]

    one, same, group, same_group, other = await database.write(make)
    assert one == same
    assert group == same_group
    assert len({one, group, other}) == 3


async def test_a_thread_is_with_a_contact_or_a_group(database: Database) -> None:
    """A thread with neither is refused by the schema."""
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: conversations.ensure(tx, numbers.ensure(tx, PHONE_NUMBER_ID), now=NOON))


async def test_the_newest_opening_message_decides_the_window(database: Database) -> None:
    """An older message that comes later neither shortens the window nor becomes the preview."""

    def fill(tx: Transaction) -> conversations.Conversation:
        thread_id = thread(tx)
        record(tx, thread_id, NOON + minutes(10), number=1)
        record(tx, thread_id, NOON + minutes(5), number=2)
        record(tx, thread_id, NOON + minutes(20), opens=False, number=3)
        return conversations.get(tx, thread_id)

    found = await database.write(fill)
    assert found.window_opened_at == NOON + minutes(10)
    assert found.last_activity_at == NOON + minutes(20)
    assert (found.last_message_id, found.unread) == (3, 3)


async def test_a_closed_window_stays_closed_until_the_next_message(database: Database) -> None:
    """After Meta says that the window was closed only a message opens it, and an older word closes no newer one."""

    def fill(tx: Transaction) -> list[datetime | None]:
        thread_id = thread(tx)
        record(tx, thread_id, NOON)
        conversations.close_window(tx, thread_id, opened_before=NOON)
        closed = conversations.get(tx, thread_id).window_opened_at
        record(tx, thread_id, NOON + minutes(1))
        conversations.close_window(tx, thread_id, opened_before=NOON)
        return [closed, conversations.get(tx, thread_id).window_opened_at]

    assert await database.write(fill) == [None, NOON + minutes(1)]


async def test_our_own_message_leaves_the_unread_count_alone(database: Database) -> None:
    """A message of ours moves the thread up and opens nothing."""

    def fill(tx: Transaction) -> conversations.Conversation:
        thread_id = thread(tx)
        conversations.record_outbound(tx, thread_id, message_id=MessageId(7), now=NOON + minutes(3))
        return conversations.get(tx, thread_id)

    found = await database.write(fill)
    assert (found.unread, found.last_message_id, found.window_opened_at) == (0, 7, None)
    assert found.last_activity_at == NOON + minutes(3)


async def test_seeing_a_thread_is_told_once(database: Database) -> None:
    """Setting a thread seen says whether anything was unread in it."""

    def fill(tx: Transaction) -> list[bool]:
        thread_id = thread(tx)
        record(tx, thread_id, NOON)
        return [conversations.set_seen(tx, thread_id), conversations.set_seen(tx, thread_id)]

    assert await database.write(fill) == [True, False]


async def test_pages_of_the_inbox_follow_each_other_without_gap(database: Database) -> None:
    """Unread threads come first, then the newest, and each page begins after the last place of the one before."""

    def fill(tx: Transaction) -> list[ConversationId]:
        made = [thread(tx, Person(phone=f"62812000000{n}"), at=NOON + minutes(n)) for n in range(6)]
        for n in (1, 4):
            record(tx, made[n], NOON + minutes(n))
        return made

    made = await database.write(fill)
    places: list[Place] = []
    after = conversations.TOP
    while page := await database.read(partial(conversations.list_page, after=after, limit=2)):
        places += page
        after = page[-1]
    assert [place.id for place in places] == [made[n] for n in (4, 1, 5, 3, 2, 0)]


async def test_a_missing_thread_is_not_found(database: Database) -> None:
    """Asking for a thread that does not exist says so."""
    with pytest.raises(NotFound):
        await database.read(lambda tx: conversations.get(tx, ConversationId(99)))
