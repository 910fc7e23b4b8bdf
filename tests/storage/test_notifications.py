"""What staff should know, as it is stored."""

from datetime import timedelta

from tests.arrivals import ADA
from tests.clocks import NOON
from tests.conftest import PHONE_NUMBER_ID
from wabridge.model.ids import ConversationId, StaffId
from wabridge.storage import contacts, conversations, notifications, numbers
from wabridge.storage.database import Database, Transaction

LATER = NOON + timedelta(minutes=1)


def thread(tx: Transaction) -> ConversationId:
    contact_id = contacts.add(tx, ADA, standing="lead", now=NOON)
    return conversations.ensure(tx, numbers.ensure(tx, PHONE_NUMBER_ID), contact_id=contact_id, now=NOON)


async def test_what_nobody_has_seen_is_counted(database: Database) -> None:
    """The count, the first time and the place of what is open stop with somebody's word."""

    def fill(tx: Transaction) -> list[notifications.Unseen]:
        conversation_id = thread(tx)
        for now in (NOON, LATER):
            notifications.add(tx, "possible_match", conversation_id=conversation_id, now=now)
        opened = notifications.count_open(tx, "possible_match")
        assert notifications.set_seen(tx, "possible_match", staff_id=StaffId(1), now=LATER) == 2
        return [opened, notifications.count_open(tx, "possible_match")]

    opened, closed = await database.write(fill)
    assert opened == (2, NOON, 1)
    assert closed == (0, None, None)


async def test_the_oldest_are_listed_first(database: Database) -> None:
    """What is open is listed by kind, oldest first, with what it is about."""

    def fill(tx: Transaction) -> list[notifications.Notification]:
        conversation_id = thread(tx)
        for now, kind in ((NOON, "message"), (LATER, "message"), (NOON, "quarantined")):
            notifications.add(tx, kind, conversation_id=conversation_id, now=now)
        return notifications.list_open(tx, "message", limit=5)

    listed = await database.write(fill)
    assert [(one.created_at, one.conversation_id) for one in listed] == [(NOON, 1), (LATER, 1)]


async def test_reading_a_conversation_closes_its_messages_only(database: Database) -> None:
    """New messages of the conversation are seen; what needs a decision stays open."""

    def fill(tx: Transaction) -> list[int]:
        conversation_id = thread(tx)
        for kind in ("message", "message", "possible_match"):
            notifications.add(tx, kind, conversation_id=conversation_id, now=NOON)
        notifications.add(tx, "message", now=NOON)
        closed = notifications.set_seen_in(tx, conversation_id, staff_id=None, now=LATER)
        return [closed, *(notifications.count_open(tx, kind).number for kind in ("message", "possible_match"))]

    assert await database.write(fill) == [2, 1, 1]
