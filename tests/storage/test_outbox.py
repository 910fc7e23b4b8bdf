"""The queue of messages on their way out."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.arrivals import ADA, BUDI
from tests.clocks import NOON, FakeClock
from wabridge.model.event import Person
from wabridge.model.ids import AttemptId, ConversationId, MessageId, NumberId
from wabridge.model.outcome import Pause
from wabridge.model.staff import Actor
from wabridge.storage import attempts, contacts, conversations, delivery, numbers, outbox
from wabridge.storage.attempts import Opening, Settlement
from wabridge.storage.database import Database, Transaction
from wabridge.storage.outbox import OutboundRow, Ready

LAWYER = Actor(kind="staff", id=1, name="Rina", role="lawyer")
SETTLING = timedelta(seconds=120)


@dataclass
class Desk:
    """One transaction's view of the queue; the time is NOON plus some seconds."""

    tx: Transaction
    number_id: NumberId = field(init=False)

    def __post_init__(self) -> None:
        self.number_id = numbers.ensure(self.tx, "111")

    def thread(self, person: Person = ADA) -> ConversationId:
        known = contacts.find_by_identity(self.tx, person)
        contact_id = known.id if known else contacts.add(self.tx, person, standing="lead", now=NOON)
        return conversations.ensure(self.tx, self.number_id, contact_id=contact_id, now=NOON)

    def queue(self, person: Person = ADA, *, at: float = 0) -> MessageId:
        row = OutboundRow(self.thread(person), self.number_id, "Halo", LAWYER)
        return outbox.add_outbound(self.tx, row, now=NOON + timedelta(seconds=at))

    def attempt(self, message_id: MessageId, outcome: str = "open") -> AttemptId:
        opening = Opening(message_id, self.number_id, f"a:{message_id}", "1", "https://graph.test", b"{}")
        attempt_id = attempts.open_(self.tx, opening, instant=FakeClock().clock.instant())
        if outcome != "open":
            settlement = Settlement(outcome, "answer")  # type: ignore[arg-type]  # tests pass the words as text
            attempts.settle(self.tx, attempt_id, settlement, now=NOON)
            delivery.refresh(self.tx, message_id)
        return attempt_id

    def ready(self, *, at: float = 0) -> list[ConversationId]:
        now = NOON + timedelta(seconds=at)
        return outbox.list_ready(self.tx, self.number_id, now=now, settled_before=now - SETTLING, limit=10)

    def next(self, person: Person = ADA, *, at: float = 0) -> Ready | None:
        now = NOON + timedelta(seconds=at)
        return outbox.find_ready(self.tx, self.thread(person), now=now, settled_before=now - SETTLING)


async def test_the_first_message_of_each_conversation_is_ready(database: Database) -> None:
    """One message per conversation at a time, the longest waiting conversation first."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        first = desk.queue(BUDI)
        desk.queue(BUDI)
        desk.queue(ADA)
        assert desk.ready() == [desk.thread(BUDI), desk.thread(ADA)]
        ready = desk.next(BUDI)
        assert ready is not None
        assert (ready.id, ready.text, ready.author_kind) == (first, "Halo", "staff")

    await database.write(work)


async def test_a_postponed_message_waits_and_keeps_its_place(database: Database) -> None:
    """Until its time a postponed message is not ready, and neither is what stands behind it."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        first = desk.queue()
        desk.queue()
        outbox.postpone(tx, first, not_before=NOON + timedelta(seconds=5))
        assert (desk.ready(at=4), desk.next(at=4)) == ([], None)
        ready = desk.next(at=5)
        assert ready is not None
        assert (ready.id, desk.ready(at=5)) == (first, [desk.thread()])

    await database.write(work)


async def test_an_open_attempt_keeps_its_conversation_busy(database: Database) -> None:
    """While an attempt is open nothing else of the conversation is ready, however long it takes."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        desk.attempt(desk.queue())
        desk.queue()
        assert (desk.ready(at=9999), desk.next(at=9999)) == ([], None)

    await database.write(work)


async def test_an_unknown_attempt_keeps_it_for_the_settling_time(database: Database) -> None:
    """After the settling time the next message is ready; the unknown one never is again."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        desk.attempt(desk.queue(), "unknown")
        later = desk.queue()
        assert (desk.ready(at=119), desk.next(at=119)) == ([], None)
        ready = desk.next(at=120)
        assert ready is not None
        assert (ready.id, desk.ready(at=120)) == (later, [desk.thread()])

    await database.write(work)


async def test_nothing_of_a_paused_number_is_ready(database: Database) -> None:
    """At the moment of handing over the pause is asked for again."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        desk.queue()
        numbers.set_pause(tx, desk.number_id, Pause(NOON, "refused", 190))
        assert desk.next() is None

    await database.write(work)


async def test_late_messages_are_held_with_what_follows_them(database: Database) -> None:
    """Held are the late one and those queued behind it, not those before it or of others."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        early = desk.queue(ADA, at=50)
        late, behind = desk.queue(ADA, at=10), desk.queue(ADA, at=60)
        desk.queue(BUDI, at=60)
        held = outbox.hold_late(tx, desk.number_id, waiting_since=NOON + timedelta(seconds=30))
        assert {each.id for each in held} == {late, behind}
        assert desk.ready(at=99) == [desk.thread(ADA), desk.thread(BUDI)]
        ready = desk.next(at=99)
        assert ready is not None
        assert ready.id == early

    await database.write(work)


async def test_a_released_message_counts_as_queued_now(database: Database) -> None:
    """After a release it is not late any more; what has been withdrawn cannot be released."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        withdrawn, message_id = desk.queue(), desk.queue()
        assert outbox.cancel(tx, withdrawn)
        assert not outbox.release(tx, withdrawn, now=NOON)
        outbox.hold_late(tx, desk.number_id, waiting_since=NOON + timedelta(seconds=1))
        assert (desk.ready(), desk.next()) == ([], None)
        assert outbox.release(tx, message_id, now=NOON + timedelta(seconds=100))
        assert outbox.hold_late(tx, desk.number_id, waiting_since=NOON + timedelta(seconds=1)) == []
        assert desk.ready() == [desk.thread()]

    await database.write(work)


@pytest.mark.parametrize(
    ("outcome", "can_cancel"),
    [("none", True), ("refused", True), ("not_sent", True), ("open", False), ("unknown", False), ("accepted", False)],
)
async def test_only_what_surely_is_still_here_can_be_withdrawn(
    database: Database, outcome: str, can_cancel: bool
) -> None:
    """A message that is or may have been handed over cannot be cancelled."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        message_id = desk.queue()
        if outcome != "none":
            desk.attempt(message_id, outcome)
        assert outbox.cancel(tx, message_id) is can_cancel

    await database.write(work)


async def test_a_withdrawal_hides_no_event(database: Database) -> None:
    """Cancelled survives a new computation, and gives way to what Meta says."""

    def work(tx: Transaction) -> list[str]:
        desk = Desk(tx)
        message_id = desk.queue()
        attempt_id = desk.attempt(message_id, "refused")
        outbox.cancel(tx, message_id)
        words = [delivery.refresh(tx, message_id).delivery.status]
        tx.run("UPDATE attempt SET outcome = 'accepted' WHERE id = ?", (attempt_id,))
        return [*words, delivery.refresh(tx, message_id).delivery.status]

    assert await database.write(work) == ["cancelled", "sent"]


async def test_giving_up_survives_a_new_computation(database: Database) -> None:
    """A message that was given up before it was handed over stays failed, with our reason."""

    def work(tx: Transaction) -> None:
        desk = Desk(tx)
        message_id = desk.queue()
        desk.attempt(message_id, "refused")
        outbox.set_failed(tx, message_id, code=131047, details="not handed over")
        for _ in range(2):
            known = delivery.refresh(tx, message_id).delivery
            assert (known.status, known.failure_code, known.failure_details) == ("failed", 131047, "not handed over")

    await database.write(work)
