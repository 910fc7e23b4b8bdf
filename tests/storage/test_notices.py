"""Legal notices on the disk: numbers without gaps, what was stored comes back, what happens once happens once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.arrivals import ADA
from tests.clocks import NOON
from wabridge.errors import ConstraintViolated, NotFound
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, MessageId, NoticeId
from wabridge.model.notice import Approval, Document, NoticeEvent, Who, build_content
from wabridge.model.staff import Actor
from wabridge.storage import contacts, conversations, identity_keys, notice_events, notices, numbers, outbox
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Database, Transaction
from wabridge.storage.notice_events import CarrierRow
from wabridge.storage.notices import VersionRow
from wabridge.storage.outbox import OutboundRow

DEWI = Actor(kind="staff", id=2, name="Dewi", role="assistant")
PAPER = Document(file_id=3, name="somasi.pdf", mime_type="application/pdf", size_bytes=10, sha256="ab" * 32)


def meet(tx: Transaction) -> tuple[ConversationId, ContactId]:
    """Let somebody be known here."""
    number_id = numbers.ensure(tx, "n")
    contact_id = contacts.add(tx, Person(profile_name="Ada"), standing="client", now=NOON)
    return conversations.ensure(tx, number_id, contact_id=contact_id, now=NOON), contact_id


def begin(tx: Transaction, *, year: int = 2026) -> NoticeId:
    """Draft a notice to somebody new."""
    thread, person = meet(tx)
    added = notices.add(tx, DEWI, thread, person, year=year, now=NOON)
    content = build_content(number=added.number, text="Halo", document=PAPER, language="id")
    row = VersionRow("Judul", "12/Pdt", "Halo", PAPER, "id", "confirmed", NOON + timedelta(days=3), content)
    notices.add_version(tx, DEWI, added.id, row, number=1, now=NOON)
    return added.id


def send(tx: Transaction, notice_id: NoticeId, **row: Any) -> MessageId:
    """Queue a message that carries it."""
    found = notices.get(tx, notice_id)
    thread = conversations.get(tx, found.conversation_id)
    message_id = outbox.add_outbound(tx, OutboundRow(thread.id, thread.number_id, "Halo", DEWI), now=NOON)
    carrier = CarrierRow(message_id, found.version.id, "notice", "a" * 32, b"salt", "c" * 64)
    notice_events.add_carrier(tx, notice_id, carrier._replace(**row), now=NOON)
    return message_id


def approve(tx: Transaction, notice_id: NoticeId) -> None:
    """Let it go to Ada."""
    version = notices.get(tx, notice_id).version
    approval = Approval(
        version_id=version.id,
        at=NOON,
        by=Who("staff", 1, "Rina"),
        sha256=version.sha256,
        recipient=ADA,
        recipient_name="Ada",
        key_hash="kunci",
    )
    notices.add_approval(tx, notice_id, approval)


def happen(**said: Any) -> NoticeEvent:
    """Compose an event as core writes it."""
    return NoticeEvent(**{"id": 0, "kind": "edited", "at": NOON, "by": Who("staff", 2, "Dewi"), **said})


async def list_due(database: Database, now: datetime) -> list[NoticeId]:
    """Return what the follow-up finds at an instant."""
    return await database.read(lambda tx: notices.list_due(tx, now=now, limit=9))


async def test_numbers_have_no_gap(database: Database) -> None:
    """Each year counts from 1, a number that was rolled back is given again, and none is given twice."""

    def give_up(tx: Transaction) -> None:
        begin(tx)
        raise NotFound("given up")

    def numbers_of(tx: Transaction) -> list[str]:
        return [found.number for found in notices.list_page(tx, limit=10)]

    await database.write(begin)
    with pytest.raises(NotFound):
        await database.write(give_up)
    await database.write(begin)
    await database.write(lambda tx: begin(tx, year=2027))
    assert await database.read(numbers_of) == ["NH-2027-000001", "NH-2026-000002", "NH-2026-000001"]


async def test_what_was_stored_comes_back(database: Database) -> None:
    """Versions, approval, messages and events are read as they were written."""
    notice_id = await database.write(begin)

    def work(tx: Transaction) -> None:
        approve(tx, notice_id)
        send(tx, notice_id)
        notice_events.add(tx, notice_id, happen(kind="recorded", word="confirmed", means="letter", document=PAPER))

    await database.write(work)
    found = await database.read(lambda tx: notices.get(tx, notice_id))
    assert found.approval is not None
    assert (found.approval.recipient, found.approval.key_hash) == (ADA, "kunci")
    assert found.approval.sha256 == found.version.sha256
    assert found.version.document == PAPER
    assert found.version.deadline_at == NOON + timedelta(days=3)
    assert [(c.purpose, c.nonce, c.delivery.status, c.wamids) for c in found.carriers] == [
        ("notice", "a" * 32, "pending", ())
    ]
    assert [(e.kind, e.word, e.means, e.document) for e in found.events] == [("recorded", "confirmed", "letter", PAPER)]


async def test_nobody_finds_a_notice_that_is_not_there(database: Database) -> None:
    """A wrong id is said to be wrong."""
    with pytest.raises(NotFound):
        await database.read(lambda tx: notices.get(tx, NoticeId(1)))


async def test_what_happens_once_is_stored_once(database: Database) -> None:
    """An answer, the end of the deadline and a correction are kept once however often they are told."""
    notice_id = await database.write(begin)
    message_id = await database.write(lambda tx: send(tx, notice_id))

    def tell(tx: Transaction) -> list[int | None]:
        told = (
            happen(kind="overdue"),
            happen(kind="answered", word="confirmed", message_id=message_id),
            happen(kind="corrected", corrects=1),
            happen(kind="reminded", word="1"),
        )
        return [notice_events.add(tx, notice_id, each) for each in told]

    assert None not in await database.write(tell)
    assert [added is None for added in await database.write(tell)] == [True, True, True, False]


async def test_a_notice_has_one_receipt(database: Database) -> None:
    """A second receipt is refused by the table itself."""
    notice_id = await database.write(begin)
    await database.write(lambda tx: send(tx, notice_id, purpose="receipt"))
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: send(tx, notice_id, purpose="receipt"))


async def test_the_follow_up_finds_what_is_due(database: Database) -> None:
    """The mark decides: what is due at an instant or before it is found, the oldest first."""
    first, second = [await database.write(begin) for _ in range(2)]

    def marked(tx: Transaction) -> None:
        notices.mark(tx, first, is_over=False, next_at=NOON)
        notices.mark(tx, second, is_over=True, next_at=NOON - timedelta(hours=1))

    await database.write(marked)
    moments: list[tuple[int, list[NoticeId]]] = [(-90, []), (-60, [second]), (0, [second, first])]
    for minutes, due in moments:
        assert await list_due(database, NOON + timedelta(minutes=minutes)) == due
    assert [found.id for found in await database.read(lambda tx: notices.list_open(tx, limit=9))] == [first]
    assert [found.id for found in await database.read(lambda tx: notices.list_over(tx, limit=9))] == [second]
    assert await database.read(notices.count_over) == 1


async def test_a_message_tells_its_notice(database: Database) -> None:
    """What carries a notice and what answers it are found by message; others are not."""
    notice_id = await database.write(begin)
    message_id = await database.write(lambda tx: send(tx, notice_id))
    await database.write(lambda tx: approve(tx, notice_id))
    other = await database.write(lambda tx: send(tx, begin(tx)))
    await database.write(
        lambda tx: notice_events.add(tx, notice_id, happen(kind="answered", word="question", message_id=other))
    )
    about = await database.read(lambda tx: notice_events.list_about(tx, [message_id, other, MessageId(99)]))
    assert about[message_id].role == "notice"
    assert (about[other].role, about[other].word) == ("answer", "question")
    assert MessageId(99) not in about
    assert await database.read(lambda tx: notice_events.was_judged(tx, other))
    assert not await database.read(lambda tx: notice_events.was_judged(tx, message_id))
    handing = await database.read(lambda tx: notice_events.find_handing(tx, message_id))
    assert handing is not None
    assert (handing.commitment, handing.key_hash, handing.recipient) == ("c" * 64, None, ADA)


async def test_the_newest_fingerprint_of_keys_holds(database: Database) -> None:
    """Seen later is newer, whatever order it was told in; only one that is news raises an alert."""

    def see(tx: Transaction) -> list[bool]:
        _, person = meet(tx)
        days = (("baru", 0), ("baru", 1), ("lama", -1), ("lain", 2), (None, 3))
        occasions = [(key, Occasion(NOON + timedelta(days=day), "message", None, NOON)) for key, day in days]
        return [identity_keys.see(tx, person, key, occasion) for key, occasion in occasions]

    assert await database.write(see) == [False, False, False, True, False]
    assert await database.read(lambda tx: identity_keys.find(tx, ContactId(1))) == "lain"
    assert await database.read(lambda tx: identity_keys.find(tx, ContactId(2))) is None
