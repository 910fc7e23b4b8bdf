"""Following legal notices up: receipts, reminders, silence, telling people, and records of people."""

from datetime import timedelta
from typing import Any

import pytest

from tests.arrivals import text_message
from tests.clocks import FakeClock
from tests.noticing import WAMID, approved, follow_up, hear, look, pressed, sent, take, told, with_notices
from tests.outbound import ASSISTANT, LAWYER, PROGRAM, get, hear_from, staff_up
from wabridge.core import identities, notice_records, notice_sending, replies
from wabridge.core.notice_records import Record
from wabridge.core.office import Office
from wabridge.errors import IdentityUnverified, NotAllowed, NotFound, NoticeUnderway, RecordUnfit
from wabridge.model.identity import Clearance
from wabridge.model.ids import MessageId
from wabridge.model.notice import Document, Notice
from wabridge.model.notice_level import stand
from wabridge.model.prompts import Buttons
from wabridge.storage import alerts, notifications, outbox
from wabridge.storage.alerts import Occasion

HOUR = 3600.0
SCAN = Document(file_id=1, name="tanda-terima.pdf", mime_type="application/pdf", size_bytes=9, sha256="cd" * 32)


async def texts(office: Office, notice: Notice, purpose: str) -> list[str | None]:
    """Return what the messages of a notice for one purpose say."""
    found = await look(office, notice.id)
    return [(await get(office, c.message_id)).text for c in found.carriers if c.purpose == purpose]


async def test_a_confirmation_is_thanked_for_once(office: Office) -> None:
    """The client gets number, time, fingerprint and the ledger's head; a second press brings no second receipt."""
    found = await sent(office)
    await hear(office, pressed(found))
    await follow_up(office)
    await hear(office, pressed(found, wamid="wamid.AGAIN"))
    await follow_up(office)
    (said,) = await texts(office, found, "receipt")
    assert said is not None
    assert "NH-2026-000001" in said
    assert "2 Maret 2026 pukul 12.00.00 WIB" in said
    assert f"{found.version.sha256[:8]}…{found.version.sha256[-8:]}" in said
    assert "Nomor resi: " in said
    receipt = next(c for c in (await look(office, found.id)).carriers if c.purpose == "receipt")
    message = await get(office, receipt.message_id)
    assert (message.author_kind, message.author_name) == ("rule", "notices")


@pytest.mark.parametrize("choice", ["question", "notme"])
async def test_nobody_is_thanked_for_a_doubt(office: Office, choice: Any) -> None:
    """A question or a "not me" brings no receipt, and people are told at once."""
    found = await sent(office)
    await hear(office, pressed(found, choice))
    await follow_up(office)
    assert await texts(office, found, "receipt") == []
    assert await worries(office) == 1


async def test_reminders_go_by_the_offices_schedule(office: Office, fake_clock: FakeClock) -> None:
    """After the first pause one reminder quotes the notice and bears its buttons; looking again sends none."""
    reminding = with_notices(office, reminders_after_hours=(2, 4))
    found = await sent(reminding)
    await follow_up(reminding)
    fake_clock.advance(2 * HOUR)
    for _ in range(3):
        await follow_up(reminding)
    (said,) = await texts(reminding, found, "reminder")
    assert said is not None
    assert said.startswith("Pengingat: kami belum menerima jawaban atas notis NH-2026-000001 (Jadwal sidang)")
    after = await look(reminding, found.id)
    assert told(after, "reminded") == [("1", None)]
    message = await get(reminding, after.carriers[1].message_id)
    assert message.quoted_id == after.carriers[0].message_id
    body = message.content.body if message.content else None
    assert isinstance(body, Buttons)
    assert body.buttons[0].button_id.endswith(f"{found.nonce}:yes")


async def test_a_reminders_button_confirms_the_notice(office: Office, fake_clock: FakeClock) -> None:
    """Pressed under the reminder it is bound by its id and by what it stands under."""
    reminding = with_notices(office, reminders_after_hours=(2,))
    found = await sent(reminding)
    fake_clock.advance(2 * HOUR)
    await follow_up(reminding)
    reminder = (await look(reminding, found.id)).carriers[1].message_id
    await take(reminding, reminder, "wamid.REMINDER")
    await hear(reminding, pressed(found, quoted_wamid="wamid.REMINDER"))
    assert told(await look(reminding, found.id), "answered") == [("confirmed", None)]


async def test_nobody_is_reminded_after_a_confirmation(office: Office, fake_clock: FakeClock) -> None:
    """Whatever the schedule says, a confirmed notice asks for nothing more."""
    reminding = with_notices(office, reminders_after_hours=(2, 4))
    found = await sent(reminding)
    await hear(reminding, pressed(found))
    fake_clock.advance(5 * HOUR)
    await follow_up(reminding)
    assert await texts(reminding, found, "reminder") == []


@pytest.mark.parametrize("hours", [5, 5000])
async def test_a_clock_that_jumps_sends_one_reminder_at_most(office: Office, fake_clock: FakeClock, hours: int) -> None:
    """What became due while the program was down is one reminder, or after the deadline none; put back, nothing."""
    reminding = with_notices(office, reminders_after_hours=(2, 4))
    found = await sent(reminding, deadline_at=office.clock.now() + timedelta(days=30))
    fake_clock.advance(hours * HOUR)
    await follow_up(reminding)
    fake_clock.advance(-hours * HOUR)
    await follow_up(reminding)
    fake_clock.advance((hours + 10) * HOUR)
    await follow_up(reminding)
    assert len(await texts(reminding, found, "reminder")) == (1 if hours == 5 else 0)


async def test_a_reminder_that_cannot_go_is_told(office: Office, fake_clock: FakeClock) -> None:
    """Outside the window nothing is sent that Meta would refuse: it is recorded, and people are told."""
    reminding = with_notices(office, reminders_after_hours=(30,))
    found = await sent(reminding)
    fake_clock.advance(30 * HOUR)
    await follow_up(reminding)
    after = await look(reminding, found.id)
    assert told(after, "reminded") == [("1", "NoNoticeTemplate")]
    assert ("not_reminded", None) in told(after, "escalated")
    assert await texts(reminding, found, "reminder") == []


async def test_silence_is_recorded_as_silence(office: Office, fake_clock: FakeClock) -> None:
    """At the deadline the notice is overdue, also when the program was down; those named for it are told once."""
    naming = with_notices(office, tell=("Dewi",), warn_before_hours=0)
    found = await sent(naming, deadline_at=office.clock.now() + timedelta(hours=2))
    await follow_up(naming)
    fake_clock.advance(100 * HOUR)
    for _ in range(3):
        await follow_up(naming)
    after = await look(naming, found.id)
    assert told(after, "overdue") == [(None, None)]
    assert told(after, "escalated") == [("overdue", None)]
    assert next(e for e in after.events if e.kind == "escalated").note == "Dewi"
    assert not stand(after).is_confirmed
    assert await worries(naming, ASSISTANT.id) == 1
    assert await worries(naming, LAWYER.id) == 0


async def test_before_the_deadline_people_are_warned(office: Office, fake_clock: FakeClock) -> None:
    """As long before the deadline as the office set, author and approver are told that nobody has confirmed."""
    warning = with_notices(office, warn_before_hours=1, reminders_after_hours=())
    found = await sent(warning, deadline_at=office.clock.now() + timedelta(hours=3))
    for hours, expected in ((1.5, []), (1, [("deadline_near", None)])):
        fake_clock.advance(hours * HOUR)
        await follow_up(warning)
        assert told(await look(warning, found.id), "escalated") == expected


async def test_a_doubt_about_the_recipient_sends_nothing(office: Office, fake_clock: FakeClock) -> None:
    """While an identity alert is open no reminder goes."""
    reminding = with_notices(office, reminders_after_hours=(2,))
    found = await sent(reminding)
    now = office.clock.now()
    occasion = Occasion(now, "system", None, now)
    await office.database.write(lambda tx: alerts.add(tx, found.contact_id, "security_code_changed", occasion))
    fake_clock.advance(2 * HOUR)
    await follow_up(reminding)
    assert told(await look(reminding, found.id), "reminded") == [("1", "IdentityUnverified")]


async def test_nobody_lets_a_notice_go_into_a_doubt(office: Office) -> None:
    """To send it anyway is no answer for a message that carries a notice; it goes once somebody has made sure."""
    await staff_up(office)
    found = await approved(office)
    message_id = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    now = office.clock.now()
    occasion = Occasion(now, "system", None, now)
    await office.database.write(lambda tx: alerts.add(tx, found.contact_id, "security_code_changed", occasion))
    newest = await office.database.read(lambda tx: alerts.find_newest_open(tx, found.contact_id))
    assert newest is not None
    with pytest.raises(IdentityUnverified):
        await replies.release(office, LAWYER, message_id, through=newest)
    assert await ready(office, found) == []
    await identities.resolve_alerts(office, LAWYER, found.contact_id, Clearance(through=newest, how="visit"))
    assert await ready(office, found) == [found.conversation_id]


@pytest.mark.parametrize("means", ["call", "visit", "letter", "other"])
async def test_people_record_what_came_another_way(office: Office, means: Any) -> None:
    """A call, a visit or a registered letter with its receipt confirms, with who, when and how."""
    found = await sent(office)
    now = office.clock.now()
    said = Record("confirmed", means, now, note="Ibu Ada sendiri", reference="RR123456789ID", document=SCAN)
    after = await notice_records.record(office, ASSISTANT, found.id, said)
    assert stand(after).level == "confirmed"
    (event,) = [event for event in after.events if event.kind == "recorded"]
    assert (event.by.name, event.means, event.note, event.reference) == (
        "Dewi",
        means,
        "Ibu Ada sendiri",
        "RR123456789ID",
    )
    assert event.document == SCAN


async def test_a_written_reply_confirms_when_a_person_says_so(office: Office) -> None:
    """A reply that quotes the notice is a response; whoever reads it as a confirmation records that with their name."""
    found = await sent(office)
    await hear(office, text_message("Sudah saya baca dan mengerti", wamid="wamid.REPLY", quoted_wamid=WAMID))
    responded = await look(office, found.id)
    assert stand(responded).level == "responded"
    reply = next(event.message_id for event in responded.events if event.kind == "answered")
    said = Record("confirmed", "reply", office.clock.now(), note="Jelas maksudnya", message_id=reply)
    assert stand(await notice_records.record(office, LAWYER, found.id, said)).level == "confirmed"
    with pytest.raises(NotFound):
        await notice_records.record(office, LAWYER, found.id, said._replace(message_id=MessageId(1)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"note": ""},
        {"means": "letter", "note": ""},
        {"hours": 1},
        {"hours": -24 * 365},
        {"reference": "x" * 101},
    ],
)
async def test_a_record_says_what_happened_when_and_how(office: Office, wrong: dict[str, Any]) -> None:
    """Without how, of the future, or of a time before there was a notice, nothing is recorded."""
    found = await sent(office)
    at = office.clock.now() + timedelta(hours=wrong.pop("hours", 0))
    with pytest.raises(RecordUnfit):
        await notice_records.record(office, LAWYER, found.id, Record("confirmed", "call", at, "ya")._replace(**wrong))


async def test_a_wrong_record_is_corrected_by_another(office: Office) -> None:
    """Both stay; the wrong one counts no more. What WhatsApp brought is nobody's to correct."""
    found = await sent(office)
    await hear(office, pressed(found, "notme"))
    said = Record("confirmed", "call", office.clock.now(), "telepon")
    after = await notice_records.record(office, LAWYER, found.id, said)
    wrong = after.events[-1].id
    corrected = await notice_records.correct(office, LAWYER, found.id, wrong, note="Salah orang")
    assert stand(corrected).level == "not_me"
    assert [event.kind for event in corrected.events][-2:] == ["recorded", "corrected"]
    answered = next(event.id for event in corrected.events if event.kind == "answered")
    with pytest.raises(NotFound):
        await notice_records.correct(office, LAWYER, found.id, answered, note="tidak")
    with pytest.raises(RecordUnfit):
        await notice_records.correct(office, LAWYER, found.id, wrong, note=" ")


async def test_a_notice_is_let_rest_with_a_reason(office: Office) -> None:
    """Closed it asks for nothing more; what is known of it stays, and a correction opens it again."""
    found = await sent(office)
    with pytest.raises(RecordUnfit):
        await notice_records.close(office, LAWYER, found.id, note="")
    closed = await notice_records.close(office, LAWYER, found.id, note="Perkara dicabut")
    assert stand(closed).is_over
    assert stand(closed).level == "sent"
    opened = await notice_records.correct(office, LAWYER, found.id, closed.events[-1].id, note="Belum dicabut")
    assert not stand(opened).is_over


async def test_what_is_over_is_not_closed(office: Office) -> None:
    """A confirmed notice is over by itself."""
    found = await sent(office)
    await hear(office, pressed(found))
    with pytest.raises(NoticeUnderway):
        await notice_records.close(office, LAWYER, found.id, note="selesai")


async def test_programs_record_nothing(office: Office) -> None:
    """What came by another way is for people to say."""
    found = await sent(office)
    with pytest.raises(NotAllowed):
        await notice_records.record(office, PROGRAM, found.id, Record("confirmed", "call", office.clock.now(), "x"))


async def worries(office: Office, staff_id: int = LAWYER.id) -> int:
    """Return how much one person was told of notices and has not seen."""
    return (await office.database.read(lambda tx: notifications.count_for(tx, "notice_worry", staff_id))).number  # type: ignore[arg-type]


async def ready(office: Office, notice: Notice) -> list[int]:
    """Return the conversations in which something may be handed over."""
    now = office.clock.now()
    return list(
        await office.database.read(
            lambda tx: outbox.list_ready(tx, 1, now=now, settled_before=now, limit=9)  # type: ignore[arg-type]
        )
    )


async def test_hearing_from_somebody_else_changes_nothing(office: Office) -> None:
    """Another client's message leaves the notice as it is."""
    found = await sent(office)
    await hear_from(office)
    assert stand(await look(office, found.id)).level == "sent"
