"""Messages, as they are stored and read."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.arrivals import ADA, add_webhook
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from wabridge.errors import ConstraintViolated, NotFound
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId, NumberId
from wabridge.model.staff import Actor
from wabridge.model.window import MessageTime
from wabridge.storage import attempts, contacts, conversations, delivery, events, messages, numbers, outbox, statuses
from wabridge.storage.attempts import Answer, Opening, Settlement
from wabridge.storage.database import Database, Transaction
from wabridge.storage.messages import Content, InboundRow
from wabridge.storage.outbox import OutboundRow
from wabridge.storage.statuses import NewStatus

LAWYER = Actor(kind="staff", id=1, name="Rina", role="lawyer")


@dataclass(frozen=True)
class Thread:
    """A conversation to put messages into."""

    number_id: NumberId
    contact_id: ContactId
    id: ConversationId

    def text(
        self, tx: Transaction, text: str, *, wamid: str | None = None, minute: int = 0, quoted: str | None = None
    ) -> MessageId | None:
        return messages.add_inbound(tx, self.row(tx, text, wamid=wamid, minute=minute, quoted=quoted), now=NOON)

    def row(
        self, tx: Transaction, text: str, *, wamid: str | None = None, minute: int = 0, quoted: str | None = None
    ) -> InboundRow:
        time = MessageTime(NOON + timedelta(minutes=minute), is_doubtful=False)
        content = Content("text", text, None)
        return InboundRow(self.id, self.number_id, add_event(tx), wamid, content, quoted, time)

    def reply(self, tx: Transaction, text: str, *, quoted: str | None = None) -> MessageId:
        return outbox.add_outbound(tx, OutboundRow(self.id, self.number_id, text, LAWYER, quoted), now=NOON)


def add_event(tx: Transaction) -> EventId:
    webhook_id = add_webhook(tx, at=NOON)
    key = int(webhook_id).to_bytes(20, "big")
    events.add_many(tx, [events.NewEvent(webhook_id, "/0", "message", key, "new", NOON, b"{}")])
    row = tx.one("SELECT max(id) AS id FROM event")
    assert row is not None
    return EventId(row["id"])


@pytest.fixture
async def thread(database: Database) -> Thread:
    """A conversation with Ada."""

    def make(tx: Transaction) -> Thread:
        number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
        contact_id = contacts.add(tx, ADA, standing="lead", now=NOON)
        return Thread(number_id, contact_id, conversations.ensure(tx, number_id, contact_id=contact_id, now=NOON))

    return await database.write(make)


async def test_a_wamid_is_stored_once(database: Database, thread: Thread) -> None:
    """The second message under a wamid is not stored; messages without one do not collide."""

    def fill(tx: Transaction) -> list[bool]:
        wamids = ["wamid.1", "wamid.1", None, None]
        return [thread.text(tx, "Halo", wamid=wamid) is not None for wamid in wamids]

    assert await database.write(fill) == [True, False, True, True]


async def test_pages_are_in_the_order_in_which_messages_were_written(database: Database, thread: Thread) -> None:
    """Messages that came late stand where they were written, and each page continues the one before."""

    def fill(tx: Transaction) -> None:
        for minute in (3, 1, 4, 1, 5):
            thread.text(tx, str(minute), minute=minute)

    await database.write(fill)
    first = await database.read(lambda tx: messages.list_page(tx, thread.id, limit=3))
    rest = await database.read(lambda tx: messages.list_page(tx, thread.id, before=first[-1].id, limit=3))
    assert [message.text for message in first] == ["5", "4", "3"]
    assert [(message.text, message.id) for message in rest] == [("1", 4), ("1", 2)]


async def test_a_page_before_a_message_from_elsewhere_is_not_found(database: Database, thread: Thread) -> None:
    """A cursor from another conversation shows nothing."""
    message_id = await database.write(lambda tx: thread.text(tx, "Halo"))
    elsewhere = ConversationId(thread.id + 1)
    with pytest.raises(NotFound):
        await database.read(lambda tx: messages.list_page(tx, elsewhere, before=message_id, limit=3))


async def test_a_contacts_messages_on_all_numbers_are_one_list(database: Database, thread: Thread) -> None:
    """Messages to two of our numbers are read together, newest first."""

    def fill(tx: Transaction) -> None:
        number_id = numbers.ensure(tx, "200000000000002")
        other_id = conversations.ensure(tx, number_id, contact_id=thread.contact_id, now=NOON)
        other = Thread(number_id, thread.contact_id, other_id)
        for minute, place in enumerate((thread, other, thread, other)):
            place.text(tx, str(minute), minute=minute)

    await database.write(fill)
    first = await database.read(lambda tx: messages.list_for_contact(tx, thread.contact_id, limit=3))
    before = first[-1].id
    rest = await database.read(lambda tx: messages.list_for_contact(tx, thread.contact_id, before=before, limit=3))
    assert [message.text for message in (*first, *rest)] == ["3", "2", "1", "0"]


async def test_a_quoted_message_is_found_in_both_directions(
    database: Database, thread: Thread, fake_clock: FakeClock
) -> None:
    """A reply knows the message it answers, whether that was theirs or ours."""

    def fill(tx: Transaction) -> list[MessageId | None]:
        asked = thread.text(tx, "Kapan sidang?", wamid="wamid.asked")
        answer = thread.reply(tx, "Senin.", quoted="wamid.asked")
        attempt_id = attempts.open_(tx, opening(thread, answer), instant=fake_clock.clock.instant())
        attempts.set_wamid(tx, attempt_id, "wamid.answer")
        thanks = thread.text(tx, "Terima kasih", quoted="wamid.answer")
        lost = thread.text(tx, "?", quoted="wamid.nobody-knows")
        assert thanks is not None
        assert lost is not None
        return [asked, answer, *(messages.get(tx, m).quoted_id for m in (answer, thanks, lost))]

    asked, answer, quoted_by_answer, quoted_by_thanks, quoted_by_lost = await database.write(fill)
    assert quoted_by_answer == asked
    assert quoted_by_thanks == answer
    assert quoted_by_lost is None


async def test_an_outbound_message_tells_all_that_is_known_of_it(
    database: Database, thread: Thread, fake_clock: FakeClock
) -> None:
    """Author, level, times and every status event are read with the message."""

    def fill(tx: Transaction) -> MessageId:
        message_id = thread.reply(tx, "Senin.")
        attempt_id = attempts.open_(tx, opening(thread, message_id), instant=fake_clock.clock.instant())
        attempts.settle(tx, attempt_id, Settlement("accepted", "answer"), now=NOON)
        attempts.record_answer(tx, attempt_id, Answer(200, (), b"{}", NOON))
        status = NewStatus(
            event_id=add_event(tx),
            attempt_id=attempt_id,
            number_id=thread.number_id,
            wamid="wamid.1",
            token=None,
            recipient=None,
            status="delivered",
            reported_at=NOON + timedelta(seconds=2),
            arrived_at=NOON,
            code=None,
            title=None,
            details=None,
        )
        statuses.add_many(tx, [status])
        delivery.refresh(tx, message_id)
        return message_id

    message_id = await database.write(fill)
    message = await database.read(lambda tx: messages.get(tx, message_id))
    assert (message.direction, message.author_kind, message.author_name) == ("outbound", "staff", "Rina")
    assert message.delivery is not None
    assert message.delivery.status == "delivered"
    assert message.delivery.delivered_at == NOON + timedelta(seconds=2)
    assert [event.status for event in message.events] == ["delivered"]


async def test_other_contents_are_counted_with_their_message(database: Database, thread: Thread) -> None:
    """A kept version is listed, counted, and does not change what is shown."""

    def fill(tx: Transaction) -> MessageId:
        message_id = thread.text(tx, "satu", wamid="wamid.1")
        assert message_id is not None
        other = Content("text", "dua", None)
        messages.add_version(tx, message_id, other, event_id=add_event(tx), relation="conflicting", now=NOON)
        return message_id

    message_id = await database.write(fill)
    message = await database.read(lambda tx: messages.get(tx, message_id))
    assert (message.text, message.versions) == ("satu", 1)
    versions = await database.read(lambda tx: messages.list_versions(tx, message_id))
    assert versions == [Content("text", "dua", None)]


async def test_equal_contents_are_recognised_whatever_the_order_of_keys() -> None:
    """Two contents say the same when kind, text and the meaning of their JSON are equal."""
    image = Content("image", None, b'{"id":"1","caption":"a"}')
    assert image.says_the_same_as(Content("image", None, b'{"caption":"a","id":"1"}'))
    assert not image.says_the_same_as(Content("image", None, b'{"caption":"b","id":"1"}'))
    assert not image.says_the_same_as(Content("image", None, None))


async def test_the_newest_unsettled_handing_over_blocks(
    database: Database, thread: Thread, fake_clock: FakeClock
) -> None:
    """A conversation knows since when an outcome in it is unknown, and forgets it once Meta has spoken."""

    def fill(tx: Transaction) -> list[object]:
        before = messages.find_blocking(tx, thread.id)
        message_id = thread.reply(tx, "Senin.")
        attempt_id = attempts.open_(tx, opening(thread, message_id), instant=fake_clock.clock.instant())
        attempts.settle(tx, attempt_id, Settlement("unknown", "answer", reason="timeout"), now=NOON)
        delivery.refresh(tx, message_id)
        while_unknown = messages.find_blocking(tx, thread.id)
        attempts.settle(tx, attempt_id, Settlement("accepted", "status"), now=NOON)
        delivery.refresh(tx, message_id)
        return [before, while_unknown, messages.find_blocking(tx, thread.id)]

    assert await database.write(fill) == [None, NOON, None]


async def test_a_missing_message_is_not_found(database: Database) -> None:
    """Asking for a message that does not exist says so."""
    with pytest.raises(NotFound):
        await database.read(lambda tx: messages.get(tx, MessageId(99)))


async def test_half_a_character_is_refused_as_a_fault_of_its_row(database: Database, thread: Thread) -> None:
    """A text that cannot be stored is a fault of that message, not of the disk."""
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: thread.text(tx, "\ud83d"))


def opening(thread: Thread, message_id: MessageId) -> Opening:
    return Opening(message_id, thread.number_id, f"a:{message_id:032x}", "6281234567890", "http://127.0.0.1/", b"{}")
