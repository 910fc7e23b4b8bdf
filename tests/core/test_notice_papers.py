"""Legal notices in a report: nothing is said of an answer that is more than is known, or another answer's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import exporting
from tests.arrivals import BUDI, text_message
from tests.clocks import FakeClock
from tests.noticing import WISH, approved, fail, follow_up, hear, look, pressed, report, sent, take
from tests.outbound import LAWYER
from wabridge.core import exports, notice_records, notice_sending, notices
from wabridge.core.notice_records import Record
from wabridge.core.office import Office
from wabridge.errors import NotFound
from wabridge.evidence import certificate, levels
from wabridge.evidence.dossier import Dossier
from wabridge.evidence.exhibits import Notice
from wabridge.evidence.words import Words
from wabridge.model.export import Scope
from wabridge.model.notice import Notice as Told

WORDS = Words("id", zone="WIB", utc_offset_minutes=420)


async def shown(office: Office, notice: Told) -> Notice:
    """Return the notice as a report on it shows it."""
    (found,) = (await _gather(office, Scope(kind="notice", notice_id=notice.id))).notices
    return found


async def _gather(office: Office, scope: Scope) -> Dossier:
    return await exporting.gather(office, scope)


def said(notice: Notice) -> str:
    return "".join(p if isinstance(p, str) else next(iter(p.values())) for p in levels.of_notice(notice, WORDS))


async def record(office: Office, notice: Told, **changes: Any) -> Told:
    plain = Record(outcome="confirmed", means="call", happened_at=office.clock.now(), note="Ibu Siti menelepon")
    return await notice_records.record(office, LAWYER, notice.id, plain._replace(**changes))


async def test_a_second_tap_does_not_move_the_confirmation(office: Office, fake_clock: FakeClock) -> None:
    """The report names the first press, and shows the second as one that did not count."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    first = WORDS.time(office.clock.now())
    fake_clock.advance(3600)
    await hear(office, pressed(notice, wamid="wamid.AGAIN"))
    found = await shown(office, notice)
    assert f"Pada {first} akun penerima menekan tombol" in said(found)
    assert [(each.counts, each.counts_not) for each in found.confirmations] == [(True, ""), (False, "confirmed_before")]


async def test_a_late_confirmation_is_called_late(office: Office, fake_clock: FakeClock) -> None:
    """A press after the deadline confirms, and the report says that the deadline had passed."""
    notice = await sent(office)
    fake_clock.advance(timedelta(days=4).total_seconds())
    await hear(office, pressed(notice))
    found = await shown(office, notice)
    assert found.outcome == "confirmed_late"
    assert "sudah lewat" in said(found)
    assert [each.counts for each in found.confirmations] == [True]


async def test_a_press_is_told_by_the_clock_of_whoever_saw_it(office: Office, fake_clock: FakeClock) -> None:
    """If the office hears of a press hours later, the report names the hour of the press."""
    notice = await sent(office)
    pressed_at = office.clock.now() + timedelta(minutes=5)
    fake_clock.advance(7200)
    await hear(office, pressed(notice, sent_at=int(pressed_at.timestamp())))
    assert WORDS.time(pressed_at) in said(await shown(office, notice))


async def test_a_corrected_record_confirms_nothing(office: Office, fake_clock: FakeClock) -> None:
    """Of two records the one that was corrected is not the one that the report rests on."""
    notice = await record(office, await sent(office), note="Kunjungan", means="visit")
    fake_clock.advance(60)
    notice = await record(office, notice)
    await notice_records.correct(office, LAWYER, notice.id, notice.events[-1].id, note="orang lain")
    found = await shown(office, notice)
    assert "kunjungan" in said(found)
    assert [(each.decides, each.counts_not) for each in found.confirmations] == [(True, ""), (False, "corrected")]


@pytest.mark.parametrize("outcome", ["confirmed", "question", "refused", "not_me"])
async def test_what_the_office_recorded_is_no_press_of_a_button(office: Office, outcome: Any) -> None:
    """A call that was recorded is told as the office's statement, with its time, and nobody presses anything."""
    found = await shown(office, await record(office, await sent(office), outcome=outcome))
    assert "menekan" not in said(found)
    assert WORDS.time(office.clock.now()) in said(found)
    assert "dicatat oleh Rina" in said(found)
    assert ("belum dikonfirmasi" in said(found)) is (outcome != "confirmed")


async def test_a_doubt_after_a_confirmation_is_told_as_contradiction(office: Office) -> None:
    """Confirmed and disowned: the report chooses neither."""
    notice = await sent(office)
    await hear(office, pressed(notice), pressed(notice, "notme", wamid="wamid.NOTME"))
    found = await shown(office, notice)
    assert found.outcome == "disputed"
    assert found.t_outcome is None
    assert "bertentangan" in said(found)


async def test_a_press_of_another_account_does_not_count_and_says_why(office: Office) -> None:
    """It is shown as what it is, and the notice stays open."""
    notice = await sent(office)
    await hear(office, pressed(notice, sender=BUDI))
    found = await shown(office, notice)
    assert found.outcome == "open"
    assert [(each.response, each.counts_not) for each in found.confirmations] == [("confirmed", "other_identity")]
    assert WORDS.word("counts_not", "other_identity") == "datang dari akun lain"


async def test_a_message_of_a_notice_brings_what_answered_it(office: Office) -> None:
    """A report on the message that carried a notice says by which button it was confirmed, with its bytes."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    told = await look(office, notice.id)
    dossier = await _gather(office, Scope(kind="message", message_id=told.sent[0].message_id))
    (found,) = dossier.notices
    assert "menekan tombol “Sudah saya baca”" in said(found)
    assert [message.is_main for message in dossier.messages].count(True) == 1
    assert {each.wamid for each in found.confirmations} <= {message.wamid for message in dossier.messages}


def test_reasons_have_words_in_both_languages() -> None:
    """Whatever may speak against an answer can be printed for somebody who knows no program."""
    reasons = {"not_sent", "wrong_context", "old_nonce", "unknown_nonce", "other_identity", "identity_key_changed"}
    reasons |= {"identity_in_doubt", "corrected", "confirmed_before", "no_confirmation", "not_read_by_staff"}
    for language in ("id", "en"):
        words = Words(language, zone="WIB", utc_offset_minutes=420)
        assert {words.word("counts_not", reason) for reason in reasons}.isdisjoint(reasons)


async def test_what_was_sent_is_shown_and_not_what_was_written_since(office: Office, tmp_path: Path) -> None:
    """After a failure the text may be changed: the report shows what went, with its commitment open, and checks."""
    notice = await sent(office)
    await office.database.write(lambda tx: fail(tx, notice.carriers[0].message_id))
    changed = WISH._replace(text="Teks lain", deadline_at=notice.version.deadline_at)
    await notices.edit(office, LAWYER, notice.id, changed, version_id=notice.version.id)
    found = await shown(office, notice)
    assert (found.text, found.content_sha256) == (notice.version.text, notice.version.sha256)
    assert found.approver is not None
    made = await exporting.ask(office, Scope(kind="notice", notice_id=notice.id))
    await exporting.require_sound(await exporting.take(office, made), tmp_path)


async def test_a_bundle_with_a_confirmed_notice_checks(office: Office, tmp_path: Path) -> None:
    """Sent, confirmed, recorded and corrected: whatever the ledger holds of a notice belongs to it in the report."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    notice = await record(office, await look(office, notice.id))
    await notice_records.correct(office, LAWYER, notice.id, notice.events[-1].id, note="orang lain")
    made = await exporting.ask(office, Scope(kind="matter", matter=notice.version.matter))
    await exporting.require_sound(await exporting.take(office, made), tmp_path)


async def test_as_far_as_the_office_wanted_is_no_open_question_and_no_confirmation(office: Office) -> None:
    """Wanted delivered, and delivered: the report says so, and that nobody has confirmed."""
    notice = await sent(office, wanted="delivered")
    await office.database.write(lambda tx: report(tx, notice.carriers[0].message_id, "delivered"))
    found = await shown(office, notice)
    assert found.outcome == "reached"
    assert "sudah mencapai tingkat yang diinginkan kantor" in said(found)
    assert "Belum ada konfirmasi" in said(found)


async def test_a_follow_up_that_the_office_ended_is_told_with_its_time(office: Office) -> None:
    """Closed without a confirmation is neither open nor confirmed."""
    notice = await sent(office)
    await notice_records.close(office, LAWYER, notice.id, note="perkara selesai")
    found = await shown(office, notice)
    assert (found.outcome, found.t_outcome) == ("closed", office.clock.now())
    assert "mengakhiri tindak lanjut" in said(found)


async def test_lateness_is_held_against_the_deadline_that_was_sent(office: Office, fake_clock: FakeClock) -> None:
    """A later deadline that never went does not turn a late answer into one in time."""
    notice = await sent(office)
    await office.database.write(lambda tx: fail(tx, notice.carriers[0].message_id))
    later = WISH._replace(deadline_at=office.clock.now() + timedelta(days=30))
    await notices.edit(office, LAWYER, notice.id, later, version_id=notice.version.id)
    fake_clock.advance(timedelta(days=4).total_seconds())
    told = await record(office, notice)
    found = await shown(office, told)
    assert (found.outcome, found.t_deadline) == ("confirmed_late", notice.version.deadline_at)


async def test_a_notice_that_never_went_has_a_report_only_of_its_own(office: Office, tmp_path: Path) -> None:
    """Asked for by its number it is shown and said to be unsent; around it, only that there is one is said."""
    notice = await approved(office)
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="notice", notice_id=notice.id)))
    (found,) = exporting.evidence(made)["notices"]
    assert (found["outcome"], found["text"]) == ("not_sent", notice.version.text)
    await exporting.require_sound(made, tmp_path)
    around = await _gather(office, Scope(kind="conversation", conversation_id=notice.conversation_id))
    assert around.notices == ()
    assert {each.what: each.count for each in around.left_out}["Notis hukum yang tidak pernah dikirim"] == 1


async def test_a_matter_holds_its_notices_and_nothing_else_of_its_people(office: Office, tmp_path: Path) -> None:
    """What the same person writes about other things is not in a matter's bundle, and how much there is, is said."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    await hear(office, text_message("Soal lain yang rahasia", sent_at=office.clock.now()))
    notice = await look(office, notice.id)
    matter = Scope(kind="matter", matter=notice.version.matter)
    extent = await exports.measure(office, LAWYER, matter)
    assert extent.beside > 0
    made = await exporting.take(office, await exporting.ask(office, matter))
    said = exporting.evidence(made)
    assert {message["ref"] for message in said["messages"]} >= set(said["notices"][0]["messages"])
    assert extent.messages == len(said["messages"])
    assert b"Soal lain yang rahasia" not in b"".join(exporting.files(made).values())
    assert extent.beside in [each.get("count") for each in said["left_out"]]
    await exporting.require_sound(made, tmp_path)


async def test_a_matters_period_leaves_out_what_lies_outside(office: Office) -> None:
    """Of a matter only the notices with something in the period are shown, those whole; of none there is nothing."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    now = office.clock.now()
    whole = await exports.measure(office, LAWYER, Scope(kind="matter", matter=notice.version.matter))
    today = Scope(kind="matter", matter=notice.version.matter, until_at=now + timedelta(days=1))
    later = Scope(kind="matter", matter=notice.version.matter, from_at=now + timedelta(days=1))
    assert (await exports.measure(office, LAWYER, today)).messages == whole.messages > 0
    assert (await exports.measure(office, LAWYER, later)).messages == 0


async def test_what_a_matter_leaves_out_is_said_beforehand_and_in_the_bundle(
    office: Office, fake_clock: FakeClock
) -> None:
    """Notices outside the period, of another person too, and those that never went are counted."""
    await sent(office, person=BUDI)
    fake_clock.advance(timedelta(days=30).total_seconds())
    notice = await approved(office)
    message_id = await notice_sending.send(office, LAWYER, notice.id, version_id=notice.version.id)
    await take(office, message_id, "wamid.ADA")
    await approved(office)
    matter = Scope(kind="matter", matter=notice.version.matter, from_at=office.clock.now() - timedelta(days=1))
    extent = await exports.measure(office, LAWYER, matter)
    assert (extent.outside, extent.unsent) == (1, 1)
    made = await _gather(office, matter)
    assert [each.notice_id for each in made.notices] == [notice.number]
    left_out = {each.what: each.count for each in made.left_out}
    assert left_out["Notis hukum perkara ini di luar periode"] == 1
    assert left_out["Notis hukum yang tidak pernah dikirim"] == 1


async def test_a_matter_is_the_one_that_was_told(office: Office) -> None:
    """Another matter written since, and not sent, neither takes a notice out of its bundle nor is named there."""
    notice = await sent(office)
    await office.database.write(lambda tx: fail(tx, notice.carriers[0].message_id))
    moved = WISH._replace(matter="Rahasia 99")
    await notices.edit(office, LAWYER, notice.id, moved, version_id=notice.version.id)
    assert await exports.list_matters(office, LAWYER) == [notice.version.matter]
    made = await _gather(office, Scope(kind="matter", matter=notice.version.matter))
    assert [each.notice_id for each in made.notices] == [notice.number]
    with pytest.raises(NotFound):
        await exports.measure(office, LAWYER, Scope(kind="matter", matter="Rahasia 99"))
    around = await _gather(office, Scope(kind="conversation", conversation_id=notice.conversation_id))
    assert around.report.matter == notice.version.matter


async def test_how_far_the_notice_came_is_not_told_of_its_receipt(office: Office) -> None:
    """Where a receipt waits to be sent, the cover speaks of the message that carried the notice all the same."""
    notice = await sent(office)
    await hear(office, pressed(notice))
    await follow_up(office)
    dossier = await _gather(office, Scope(kind="notice", notice_id=notice.id))
    assert [message.is_main for message in dossier.messages] == [True, False, False]
    view = certificate.build(dossier, evidence_sha256="", office_root="")
    told = str(view["cover"]["results"][0]["said"])
    assert "menerima permintaan kirim" in told
    assert "belum diserahkan" not in told
