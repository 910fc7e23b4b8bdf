"""The inbox and its conversations, as staff see them."""

from datetime import timedelta

import pytest

from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from wabridge.broker import Change
from wabridge.core import conversations
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import BadRequest, NotAllowed, NotFound
from wabridge.model.event import Event, Person
from wabridge.model.ids import ConversationId, MessageId, StaffId
from wabridge.model.staff import Actor
from wabridge.storage import attempts, delivery, notifications, numbers, outbox
from wabridge.storage.attempts import Opening, Settlement
from wabridge.storage.database import Transaction
from wabridge.storage.outbox import OutboundRow

RINA = Actor(kind="staff", id=7, name="Rina", role="lawyer")
NOBODY = Actor(kind="staff", id=8, name="Tamu", role="guest")
ADAS = ConversationId(1)


async def file(office: Office, *arrived: Event) -> None:
    await arrive(office.database, *arrived, at=office.clock.now())
    while await Inbound(office).look():
        pass


async def people(office: Office, number: int) -> None:
    """Let that many people write, a minute after each other."""
    for n in range(number):
        sender = Person(phone=f"62812{n:08}", profile_name=f"Orang {n}")
        await file(office, text_message(f"dari {n}", sender=sender, sent_at=NOON - timedelta(minutes=number - n)))


async def test_the_inbox_shows_unread_first_then_the_newest(office: Office) -> None:
    """Each page continues the one before, and what was seen sinks below what was not."""
    await people(office, 5)
    await conversations.mark_seen(office, RINA, ConversationId(5))
    shown: list[int] = []
    cursor: str | None = None
    while True:
        page = await conversations.list(office, RINA, limit=2, cursor=cursor)
        shown += [line.id for line in page.items]
        if (cursor := page.next) is None:
            break
    assert shown == [4, 3, 2, 1, 5]


async def test_a_line_tells_who_wrote_what(office: Office) -> None:
    """A line names the contact, the newest message, the unread count and when the window closes."""
    await file(office, text_message("Halo", sent_at=NOON), text_message("Apa kabar?", sent_at=NOON))
    (line,) = (await conversations.list(office, RINA)).items
    assert line.contact is not None
    assert (line.contact.name, line.contact.phone) == (ADA.profile_name, ADA.phone)
    assert (line.preview_text, line.preview_kind, line.preview_direction) == ("Apa kabar?", "text", "inbound")
    assert line.unread == 2
    assert line.window_closes_at == NOON + timedelta(hours=24) - timedelta(seconds=60)


async def test_a_closed_window_says_since_when(office: Office, fake_clock: FakeClock) -> None:
    """Once the 24 hours are over, the conversation says that the window is closed, and since when."""
    await file(office, text_message())
    assert (await conversations.get(office, RINA, ADAS)).window_is_open
    fake_clock.advance(24 * 3600 - 60)
    view = await conversations.get(office, RINA, ADAS)
    assert (view.window_is_open, view.line.window_closes_at) == (
        False,
        NOON + timedelta(hours=24) - timedelta(seconds=60),
    )


async def test_a_long_conversation_is_read_in_pages(office: Office) -> None:
    """The newest messages are shown oldest first, and the cursor leads to those before them."""
    await file(office, *(text_message(str(n)) for n in range(7)))
    newest = await conversations.get(office, RINA, ADAS, limit=3)
    assert [message.text for message in newest.messages] == ["4", "5", "6"]
    middle = await conversations.get(office, RINA, ADAS, before=newest.earlier, limit=3)
    first = await conversations.get(office, RINA, ADAS, before=middle.earlier, limit=3)
    assert [message.text for message in (*first.messages, *middle.messages)] == ["0", "1", "2", "3"]
    assert first.earlier is None


async def test_a_group_is_read_only(office: Office) -> None:
    """A group's conversation has no contact and cannot be answered."""
    await file(office, text_message(group_id="group-1"), text_message(sender=BUDI))
    group, private = [await conversations.get(office, RINA, ConversationId(n)) for n in (1, 2)]
    assert (group.is_read_only, group.line.contact) == (True, None)
    assert not private.is_read_only


async def test_a_send_that_settles_blocks_until_its_time_is_over(office: Office, fake_clock: FakeClock) -> None:
    """While an outcome is unknown the view says until when, and no longer than the settling time."""
    await file(office, text_message())

    def send(tx: Transaction) -> None:
        number_id = numbers.ensure(tx, PHONE_NUMBER_ID)
        message_id = outbox.add_outbound(tx, OutboundRow(ADAS, number_id, "Senin.", RINA), now=NOON)
        opening = Opening(message_id, number_id, f"a:{0:032x}", "62", "http://127.0.0.1/", b"{}")
        attempt_id = attempts.open_(tx, opening, instant=office.clock.instant())
        attempts.settle(tx, attempt_id, Settlement("unknown", "answer", reason="timeout"), now=NOON)
        delivery.refresh(tx, message_id)

    await office.database.write(send)
    view = await conversations.get(office, RINA, ADAS)
    assert view.blocked_until == NOON + timedelta(seconds=120)
    assert view.messages[-1].delivery is not None
    assert view.messages[-1].delivery.status == "unknown"
    fake_clock.advance(120)
    assert (await conversations.get(office, RINA, ADAS)).blocked_until is None


async def test_seeing_a_conversation_leaves_nothing_unread(office: Office) -> None:
    """Unread count and notifications are closed in the reader's name, and pages are told once."""
    await file(office, text_message(), text_message())
    with office.broker.listen() as changes:
        await conversations.mark_seen(office, RINA, ADAS)
        await conversations.mark_seen(office, RINA, ADAS)
        office.broker.announce(Change("end", None))
        assert [await anext(changes), await anext(changes)] == [Change("conversation", ADAS), Change("end", None)]
    assert (await conversations.get(office, RINA, ADAS)).line.unread == 0
    assert await column(office.database, "SELECT DISTINCT seen_by FROM notification") == [StaffId(7)]
    assert (await office.database.read(lambda tx: notifications.count_open(tx, "message"))).number == 0


async def test_only_who_may_read_reads(office: Office) -> None:
    """Without the right to read there is no list, no conversation and nothing to mark."""
    await file(office, text_message())
    with pytest.raises(NotAllowed):
        await conversations.list(office, NOBODY)
    with pytest.raises(NotAllowed):
        await conversations.get(office, NOBODY, ADAS)
    with pytest.raises(NotAllowed):
        await conversations.mark_seen(office, NOBODY, ADAS)
    assert await column(office.database, "SELECT unread FROM conversation") == [1]


async def test_what_does_not_exist_is_not_found(office: Office) -> None:
    """A conversation, or a page before a message, that does not exist says so."""
    with pytest.raises(NotFound):
        await conversations.get(office, RINA, ADAS)
    with pytest.raises(NotFound):
        await conversations.mark_seen(office, RINA, ADAS)
    await file(office, text_message())
    with pytest.raises(NotFound):
        await conversations.get(office, RINA, ADAS, before=MessageId(99))


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.2", "1.2.x", "-1.2.3", "1.2.3.4", "9" * 40])
async def test_a_broken_cursor_is_refused(office: Office, cursor: str) -> None:
    """A cursor that is not one of ours is the asker's mistake."""
    with pytest.raises(BadRequest):
        await conversations.list(office, RINA, cursor=cursor)
