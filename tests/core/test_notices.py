"""Legal notices as people make and send them."""

from datetime import timedelta

import msgspec
import pytest

from tests.arrivals import ADA
from tests.clocks import FakeClock
from tests.noticing import TEXT, WISH, approved, drafted, look, sent, with_notices
from tests.outbound import ASSISTANT, LAWYER, PROGRAM, get, hear_from, staff_up
from tests.templates import stock, with_account
from wabridge.core import identities, notice_lists, notice_sending, notices, replies
from wabridge.core.office import Office
from wabridge.errors import (
    DeadlinePassed,
    IdentityUnverified,
    NoNoticeTemplate,
    NotAllowed,
    NoticeChanged,
    NoticeNotApproved,
    NoticeTooLong,
    NoticeUnderway,
    NoticeUnfit,
    RecipientChanged,
    SelfApproval,
)
from wabridge.model.event import Person
from wabridge.model.identity import Clearance
from wabridge.model.limits import BUTTON_BODY_CHARACTERS
from wabridge.model.notice_level import stand
from wabridge.model.prompts import Buttons
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import alerts, contacts, ledger
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction


async def test_a_draft_has_its_number_at_once(office: Office) -> None:
    """Whoever drafts gets the next reference number of the year; nothing is sent."""
    first, second = await drafted(office), await drafted(office)
    assert (first.number, second.number) == ("NH-2026-000001", "NH-2026-000002")
    assert stand(first).level == "draft"
    assert first.version.text == TEXT


@pytest.mark.parametrize(
    "wish",
    [
        WISH._replace(title=" "),
        WISH._replace(title="x" * 101),
        WISH._replace(text=""),
        WISH._replace(text="x" * 20_001),
        WISH._replace(matter="x" * 101),
        WISH._replace(language="nl"),
    ],
)
async def test_what_makes_no_notice_is_refused(office: Office, wish: notices.Wish) -> None:
    """A notice without title or text, or with too much of it, gets no number."""
    thread = await hear_from(office)
    with pytest.raises(NoticeUnfit):
        await notices.draft(office, LAWYER, thread, wish)
    assert (await drafted(office)).number.endswith("000001")


async def test_an_approval_freezes_content_and_recipient(office: Office) -> None:
    """What was approved, for whom, and by whom stands in the approval."""
    found = await approved(office)
    assert found.approval is not None
    assert found.approval.sha256 == found.version.sha256
    assert found.approval.recipient == Person(phone=ADA.phone, user_id=ADA.user_id)
    assert (found.approval.recipient_name, found.approval.by.name) == ("Ada Example", "Rina")
    assert stand(found).level == "approved"


async def test_any_change_voids_the_approval(office: Office) -> None:
    """A changed notice is a draft again, and the approval of what it said before stays in the record."""
    found = await approved(office)
    other = WISH._replace(text=TEXT + " Mohon hadir.")
    changed = await notices.edit(office, LAWYER, found.id, other, version_id=found.version.id)
    assert changed.approval is None
    assert len(changed.approvals) == 1
    assert stand(changed).level == "draft"
    assert [event.kind for event in changed.events] == ["drafted", "approved", "edited", "approval_voided"]
    with pytest.raises(NoticeNotApproved):
        await notice_sending.send(office, LAWYER, found.id, version_id=changed.version.id)


async def test_saving_without_a_change_voids_nothing(office: Office) -> None:
    """The same words again are no change."""
    found = await approved(office)
    same = WISH._replace(deadline_at=found.version.deadline_at)
    kept = await notices.edit(office, LAWYER, found.id, same, version_id=found.version.id)
    assert kept.approval is not None
    assert len(kept.versions) == 1


async def test_nobody_approves_or_sends_what_they_have_not_seen(office: Office) -> None:
    """A change in the meantime is refused with the reason."""
    found = await drafted(office)
    other = WISH._replace(text="Lain.")
    await notices.edit(office, LAWYER, found.id, other, version_id=found.version.id)
    for act in (notices.approve(office, LAWYER, found.id, version_id=found.version.id),):
        with pytest.raises(NoticeChanged):
            await act
    with pytest.raises(NoticeChanged):
        await notices.edit(office, ASSISTANT, found.id, WISH, version_id=found.version.id)


async def test_the_author_does_not_approve_where_the_office_wants_another(office: Office) -> None:
    """With the setting on, whoever wrote the version cannot approve it; somebody else can."""
    strict = with_notices(office, approval_by_another=True)
    own, theirs = await drafted(strict), await drafted(strict)
    theirs = await notices.edit(
        strict, ASSISTANT, theirs.id, WISH._replace(text="Dari Dewi."), version_id=theirs.version.id
    )
    with pytest.raises(SelfApproval):
        await notices.approve(strict, LAWYER, own.id, version_id=own.version.id)
    assert (await notices.approve(strict, LAWYER, theirs.id, version_id=theirs.version.id)).approval


async def test_only_lawyers_approve_and_programs_only_draft(office: Office) -> None:
    """The table of rights: assistants and programs draft, neither approves; a program does not even send."""
    thread = await hear_from(office)
    found = await notices.draft(office, PROGRAM, thread, WISH)
    for actor in (ASSISTANT, PROGRAM):
        with pytest.raises(NotAllowed):
            await notices.approve(office, actor, found.id, version_id=found.version.id)
    await notices.approve(office, LAWYER, found.id, version_id=found.version.id)
    with pytest.raises(NotAllowed):
        await notice_sending.send(office, PROGRAM, found.id, version_id=found.version.id)


async def test_a_long_text_is_refused_before_it_is_approved(office: Office) -> None:
    """Above buttons there is room for 1,024 characters; one more has to go as a document."""
    fits = await drafted(office, text="x" * BUTTON_BODY_CHARACTERS)
    assert (await notices.approve(office, LAWYER, fits.id, version_id=fits.version.id)).approval
    long = await drafted(office, text="x" * (BUTTON_BODY_CHARACTERS + 1))
    with pytest.raises(NoticeTooLong):
        await notices.approve(office, LAWYER, long.id, version_id=long.version.id)


async def test_nothing_is_approved_into_a_doubt(office: Office) -> None:
    """While an identity alert is open a notice is not approved; once somebody has made sure it is."""
    found = await drafted(office)
    alert_id = await office.database.write(lambda tx: doubt(tx, office))
    with pytest.raises(IdentityUnverified):
        await notices.approve(office, LAWYER, found.id, version_id=found.version.id)
    sure = Clearance(through=alert_id, how="call")
    await identities.resolve_alerts(office, LAWYER, found.contact_id, sure)
    after = await notices.approve(office, LAWYER, found.id, version_id=found.version.id)
    assert after.approval is not None
    assert after.approval.alert_id == alert_id


async def test_a_notice_goes_out_with_three_buttons(office: Office) -> None:
    """Inside the window it is a message with the text as approved, the three buttons and its number below."""
    found = await sent(office)
    (carrier,) = found.carriers
    message = await get(office, carrier.message_id)
    assert message.text == TEXT
    assert message.content is not None
    body = message.content.body
    assert isinstance(body, Buttons)
    assert [button.title for button in body.buttons] == ["Sudah saya baca", "Ada pertanyaan", "Bukan saya"]
    assert [button.button_id for button in body.buttons] == [
        f"n:{found.id}:{carrier.nonce}:{choice}" for choice in ("yes", "question", "notme")
    ]
    assert body.footer == "Ref. NH-2026-000001"
    assert stand(found).level == "sent"


async def test_every_act_on_a_notice_has_a_leaf(office: Office) -> None:
    """Version, approval, what carries it and each event stand in the ledger, in one transaction with their rows."""
    found = await sent(office)
    kinds = await office.database.read(
        lambda tx: [row["kind"] for row in tx.all("SELECT kind FROM leaf WHERE kind LIKE 'notice.%' ORDER BY position")]
    )
    assert sorted(kinds) == sorted(
        ["notice.version", "notice.drafted", "notice.approval", "notice.approved", "notice.carrier", "notice.queued"]
    )
    assert await office.database.read(ledger.size) > len(found.events)


async def test_a_notice_goes_once(office: Office) -> None:
    """A second press, a change and a withdrawal are refused once it is under way."""
    found = await sent(office)
    with pytest.raises(NoticeUnderway):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    with pytest.raises(NoticeUnderway):
        await notices.edit(office, LAWYER, found.id, WISH, version_id=found.version.id)
    with pytest.raises(NoticeUnderway):
        await notices.withdraw(office, LAWYER, found.id)


async def test_what_was_taken_back_can_go_again(office: Office) -> None:
    """A message cancelled before it left carries nothing; the approval holds, and the next one has another nonce."""
    await staff_up(office)
    found = await approved(office)
    first = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    await replies.cancel(office, LAWYER, first)
    assert stand(await look(office, found.id)).level == "approved"
    await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    after = await look(office, found.id)
    assert len({carrier.nonce for carrier in after.carriers}) == 2
    assert after.nonce == after.carriers[1].nonce


async def test_a_withdrawn_notice_is_over(office: Office) -> None:
    """Given up before it went, it stays with its number and asks for nothing."""
    found = await approved(office)
    given_up = await notices.withdraw(office, LAWYER, found.id, note="Klien sudah hadir")
    assert stand(given_up).is_over
    with pytest.raises(NoticeUnderway):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)


async def test_nothing_goes_after_its_deadline(office: Office, fake_clock: FakeClock) -> None:
    """A notice that was approved in time and sent too late is refused with the reason."""
    found = await approved(office, deadline_at=office.clock.now() + timedelta(hours=1))
    fake_clock.advance(3600)
    with pytest.raises(DeadlinePassed):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)


async def test_outside_the_window_a_notice_needs_a_template(office: Office, fake_clock: FakeClock) -> None:
    """Without an approved template nothing is queued that Meta would refuse."""
    found = await approved(office)
    fake_clock.advance(25 * 3600)
    with pytest.raises(NoNoticeTemplate):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    assert not (await look(office, found.id)).carriers


@pytest.mark.parametrize(
    ("template", "text"),
    [("ada_kabar", TEXT), ("permintaan_dokumen", TEXT), ("pemberitahuan_hukum", "Satu.\n\nDua."), ("lain", TEXT)],
)
async def test_a_template_that_asks_something_else_carries_no_notice(
    office: Office, fake_clock: FakeClock, template: str, text: str
) -> None:
    """Without the three answers, or if the text does not fit its place, nothing is sent."""
    named = with_account(with_notices(office, template=template))
    await stock(named)
    found = await approved(named, text=text)
    fake_clock.advance(25 * 3600)
    with pytest.raises(NoNoticeTemplate):
        await notice_sending.send(named, LAWYER, found.id, version_id=found.version.id)


async def test_the_templates_quick_replies_carry_the_notice(office: Office, fake_clock: FakeClock) -> None:
    """Outside the window the approved template says the very text, and its replies bear notice and nonce."""
    named = with_account(office)
    await staff_up(named)
    await stock(named)
    found = await approved(named)
    fake_clock.advance(25 * 3600)
    message_id = await notice_sending.send(named, LAWYER, found.id, version_id=found.version.id)
    message = await get(named, message_id)
    assert message.text is not None
    assert TEXT in message.text
    assert message.content is not None
    body = message.content.body
    assert isinstance(body, TemplateMessage)
    nonce = (await look(named, found.id)).nonce
    assert [f.value for f in body.filled if f.part == "button"] == [
        f"n:{found.id}:{nonce}:{choice}" for choice in ("yes", "question", "notme")
    ]


async def test_a_notice_goes_to_whom_it_was_approved_for(office: Office) -> None:
    """If the contact is another account by now it is not sent; it has to be approved anew."""
    found = await approved(office)
    moved = msgspec.structs.replace(ADA, user_id="ID.99999999999999999999")

    def move(tx: Transaction) -> None:
        contacts.see(tx, found.contact_id, moved, now=office.clock.now() + timedelta(minutes=1))

    await office.database.write(move)
    with pytest.raises(RecipientChanged):
        await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)


async def test_the_list_has_a_place_for_everything(office: Office) -> None:
    """Drafts, what is on its way, what is over: each with its count."""
    await staff_up(office)
    first = await sent_only(office)
    await drafted(office)
    over = await approved(office)
    await notices.withdraw(office, LAWYER, over.id)
    found = await notice_lists.overview(office, LAWYER, limit=10)
    assert {place: len(there) for place, there in found.placed.items()} == {"draft": 1, "waiting": 1}
    assert [each.id for each in found.placed["waiting"]] == [first]
    assert ([each.id for each in found.over], found.number_over, found.number) == ([over.id], 1, 3)
    assert [person.shown_name for person in found.people.values()] == ["Ada Example"]
    assert (await notice_lists.show(office, LAWYER, over.id)).recipient.shown_name == "Ada Example"


async def sent_only(office: Office) -> int:
    """Send one, and return its id."""
    found = await approved(office)
    await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    return found.id


def doubt(tx: Transaction, office: Office) -> int:
    """Let it be uncertain who Ada is, and return the alert."""
    person = contacts.find_by_identity(tx, ADA)
    assert person is not None
    now = office.clock.now()
    alerts.add(tx, person.id, "security_code_changed", Occasion(now, "system", None, now))
    newest = alerts.find_newest_open(tx, person.id)
    assert newest is not None
    return newest
