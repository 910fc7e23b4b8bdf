"""Answers to legal notices, from the webhook's item to what is recorded of them."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.arrivals import ADA, BUDI, column, text_message
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.noticing import (
    TEXT,
    WAMID,
    approved,
    drafted,
    fail,
    follow_up,
    hear,
    look,
    pressed,
    sent,
    take,
    told,
    with_notices,
)
from tests.outbound import LAWYER, get, hear_from, reply, staff_up
from wabridge.core import identities, notice_sending, notices, worklist
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import IdentityUnverified
from wabridge.model.content import Choice, Content, Reaction
from wabridge.model.event import Echo, InboundMessage, Person
from wabridge.model.identity import Clearance
from wabridge.model.ids import NoticeId
from wabridge.model.notice import Notice
from wabridge.model.notice_level import confirmed_at, stand
from wabridge.storage import alerts
from wabridge.storage.alerts import Occasion

QUOTING = text_message("Baik, sudah saya baca", wamid="wamid.ANSWER", quoted_wamid=WAMID)


def other_context(notice: Notice) -> InboundMessage:
    """Press the right button under another message."""
    return pressed(notice, quoted_wamid="wamid.ELSE")


def other_identity(notice: Notice) -> InboundMessage:
    """Press it from another account."""
    return pressed(notice, sender=BUDI)


def same_number_other_account(notice: Notice) -> InboundMessage:
    """Press it from the same number with another account."""
    return pressed(notice, sender=msgspec.structs.replace(ADA, user_id="ID.99999999999999999999"))


def invented(notice: Notice) -> InboundMessage:
    """Press a button that was never sent."""
    body = Choice(choice_id=f"n:{notice.id}:{'0' * 32}:yes", title="Sudah saya baca")
    return pressed(notice, content=Content(body=body))


def without_context(notice: Notice) -> InboundMessage:
    """Press it where WhatsApp leaves out what it stands under."""
    return pressed(notice, quoted_wamid=None)


def without_id(notice: Notice) -> InboundMessage:
    """Press a template's button whose id did not come back."""
    body = Choice(choice_id="Sudah saya baca", title="Sudah saya baca")
    return pressed(notice, type="button", content=Content(body=body))


def unknown_words(notice: Notice) -> InboundMessage:
    """Press something that says none of the three."""
    return pressed(notice, content=Content(body=Choice(choice_id="x", title="Hapus")))


def quoting(notice: Notice) -> InboundMessage:
    """Write something that quotes it."""
    return QUOTING


@pytest.mark.parametrize(
    ("answer", "judged", "level"),
    [
        (pressed, ("confirmed", None), "confirmed"),
        (without_context, ("confirmed", None), "confirmed"),
        (without_id, ("confirmed", None), "confirmed"),
        (lambda notice: pressed(notice, "question"), ("question", None), "question"),
        (lambda notice: pressed(notice, "notme"), ("not_me", None), "not_me"),
        (quoting, ("responded", None), "responded"),
        (unknown_words, ("responded", None), "responded"),
        (other_context, ("not_counted", "wrong_context"), "unclear"),
        (other_identity, ("not_counted", "other_identity"), "unclear"),
        (same_number_other_account, ("not_counted", "other_identity"), "unclear"),
        (invented, ("not_counted", "unknown_nonce"), "unclear"),
        (lambda notice: pressed(notice, "notme", sender=BUDI), ("not_me", "other_identity"), "not_me"),
    ],
)
async def test_each_answer_has_a_named_outcome(office: Office, answer: Any, judged: Any, level: str) -> None:
    """What comes back is judged with the message it came by, and only the right one confirms."""
    found = await sent(office)
    await hear(office, answer(found))
    after = await look(office, found.id)
    assert told(after, "answered") == [judged]
    assert stand(after).level == level
    (event,) = [event for event in after.events if event.kind == "answered"]
    assert event.message_id is not None
    assert (await get(office, event.message_id)).direction == "inbound"


async def test_a_confirmation_bears_metas_time(office: Office, fake_clock: FakeClock) -> None:
    """It is confirmed when WhatsApp says that the button was pressed, however late its webhook comes."""
    found = await sent(office)
    at = office.clock.now() + timedelta(minutes=5)
    fake_clock.advance(3600)
    await hear(office, pressed(found, sent_at=int(at.timestamp())))
    assert confirmed_at(await look(office, found.id)) == at


async def test_after_the_deadline_it_is_confirmed_late(office: Office, fake_clock: FakeClock) -> None:
    """A button pressed after the deadline is recorded as a late confirmation."""
    found = await sent(office, deadline_at=office.clock.now() + timedelta(hours=2))
    fake_clock.advance(2 * 3600 + 1)
    await follow_up(office)
    await hear(office, pressed(found))
    after = await look(office, found.id)
    assert told(after, "answered") == [("confirmed_late", None)]
    assert stand(after).is_overdue


async def test_pressed_in_time_and_heard_of_later_it_is_in_time(office: Office, fake_clock: FakeClock) -> None:
    """Silence that was recorded while WhatsApp could not reach us is no silence any more."""
    found = await sent(office, deadline_at=office.clock.now() + timedelta(hours=2))
    in_time = int(office.clock.now().timestamp()) + 60
    fake_clock.advance(3 * 3600)
    await follow_up(office)
    assert stand(await look(office, found.id)).level == "overdue"
    await hear(office, pressed(found, sent_at=in_time))
    standing = stand(await look(office, found.id))
    assert standing.level == "confirmed"
    assert not standing.is_overdue


async def test_a_double_tap_confirms_once(office: Office) -> None:
    """The second press is a repetition, and a webhook that comes again is nothing at all."""
    found = await sent(office)
    again = pressed(found, wamid="wamid.AGAIN")
    await hear(office, pressed(found), again, again)
    assert told(await look(office, found.id), "answered") == [("confirmed", None), ("repeated", None)]


async def test_a_button_of_a_sending_that_was_replaced_is_old(office: Office) -> None:
    """After a failure it went again: the first one's button is recorded and does not confirm, the second's does."""
    await staff_up(office)
    found = await approved(office)
    first = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    await take(office, first)
    old = await look(office, found.id)
    await office.database.write(lambda tx: fail(tx, first))
    second = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    await take(office, second, "wamid.SECOND")
    new = await look(office, found.id)
    await hear(office, pressed(old), pressed(new, wamid="wamid.NEW", quoted_wamid="wamid.SECOND"))
    assert told(await look(office, found.id), "answered") == [("not_counted", "old_nonce"), ("confirmed", None)]


@pytest.mark.parametrize(
    ("seen", "judged"), [("kunci", ("confirmed", None)), ("lain", ("not_counted", "identity_key_changed"))]
)
async def test_changed_keys_do_not_confirm(office: Office, fake_clock: FakeClock, seen: str, judged: Any) -> None:
    """With the identity check on, an answer under other keys than were pinned is recorded, and raises an alert."""
    checking = with_notices(office, check_identity=True)
    await hear_from(checking, msgspec.structs.replace(ADA, key_hash="kunci"))
    found = await sent(checking)
    assert found.approval is not None
    assert found.approval.key_hash == "kunci"
    fake_clock.advance(60)
    await hear(checking, pressed(found, sender=msgspec.structs.replace(ADA, key_hash=seen)))
    assert told(await look(checking, found.id), "answered") == [judged]
    alerts = await column(office.database, "SELECT kind FROM identity_alert")
    assert alerts == ([] if seen == "kunci" else ["keys_changed"])


async def test_not_me_of_the_right_account_raises_one_alert(office: Office) -> None:
    """Somebody says that the account is not the person: nothing goes there until people have made sure, once said."""
    found = await sent(office)
    await hear(office, pressed(found, "notme"), pressed(found, "notme", wamid="wamid.AGAIN"))
    assert await column(office.database, "SELECT kind FROM identity_alert") == ["disowned"]
    assert await column(office.database, "SELECT count(*) FROM leaf WHERE kind = 'identity.alert'") == [1]
    (alert_id,) = await column(office.database, "SELECT id FROM identity_alert")
    following = await drafted(office)
    with pytest.raises(IdentityUnverified) as refused:
        await notices.approve(office, LAWYER, following.id, version_id=following.version.id)
    assert refused.value.alert_id == alert_id
    with pytest.raises(IdentityUnverified):
        await reply(office, found.conversation_id, "Berkas rahasia")
    assert (await worklist.get(office, LAWYER)).notices != ()


@pytest.mark.parametrize(
    "answer",
    [
        lambda notice: pressed(notice, "notme", sender=BUDI),
        lambda notice: pressed(notice, "notme", quoted_wamid="wamid.ELSE"),
        lambda notice: pressed(notice, content=Content(body=Choice(choice_id=f"n:{notice.id}:{'0' * 32}:notme"))),
        lambda notice: pressed(notice, "question"),
        pressed,
    ],
)
async def test_a_forged_or_unbound_not_me_raises_no_alert(office: Office, answer: Any) -> None:
    """Another account, another message, an invented button and another answer say nothing about who the person is."""
    found = await sent(office)
    await hear(office, answer(found))
    assert len(told(await look(office, found.id), "answered")) == 1
    assert await column(office.database, "SELECT kind FROM identity_alert") == []


async def test_read_after_not_me_leaves_the_alert_open(office: Office) -> None:
    """The account cannot take its own word back: the press is not counted, and the alert waits for people."""
    found = await sent(office)
    await hear(office, pressed(found, "notme"), pressed(found, wamid="wamid.YES"))
    after = await look(office, found.id)
    assert told(after, "answered") == [("not_me", None), ("not_counted", "identity_in_doubt")]
    assert await column(office.database, "SELECT count(*) FROM identity_alert WHERE resolved_at IS NULL") == [1]


async def test_not_me_is_heard_beside_another_alert_and_again_after_somebody_made_sure(
    office: Office, fake_clock: FakeClock
) -> None:
    """Another doubt does not swallow it; after people have made sure it is a new one, pressed before it is none."""
    found = await sent(office)
    before = int(office.clock.now().timestamp())
    await office.database.write(
        lambda tx: alerts.add(
            tx,
            found.contact_id,
            "security_code_changed",
            Occasion(office.clock.now(), "system", None, office.clock.now()),
        )
    )
    await hear(office, pressed(found, "notme"))
    kinds = "SELECT kind FROM identity_alert ORDER BY id"
    assert await column(office.database, kinds) == ["security_code_changed", "disowned"]
    fake_clock.advance(60)
    await identities.resolve_alerts(office, LAWYER, found.contact_id, Clearance(through=2, how="call"))
    fake_clock.advance(60)
    await hear(office, pressed(found, "notme", wamid="wamid.LATE", sent_at=before))
    assert await column(office.database, kinds) == ["security_code_changed", "disowned"]
    await hear(office, pressed(found, "notme", wamid="wamid.NEW"))
    assert await column(office.database, kinds) == ["security_code_changed", "disowned", "disowned"]


async def test_not_me_and_its_alert_are_one_transaction(office: Office) -> None:
    """If the alert cannot be stored the answer is not recorded either, and both are when the item is taken again."""
    found = await sent(office)
    await office.database.write(
        lambda tx: tx.run(
            "CREATE TRIGGER no_alert BEFORE INSERT ON identity_alert BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    )
    await hear(office, pressed(found, "notme"))
    assert told(await look(office, found.id), "answered") == []

    def mend(tx: Any) -> None:
        tx.run("DROP TRIGGER no_alert")
        tx.run("UPDATE event SET state = 'new' WHERE state = 'quarantined'")

    await office.database.write(mend)
    await Inbound(office).look()
    assert told(await look(office, found.id), "answered") == [("not_me", None)]
    assert await column(office.database, "SELECT kind FROM identity_alert") == ["disowned"]


async def test_an_account_that_was_not_known_yet_is_learned_from_whatsapp(office: Office) -> None:
    """Approved for a number alone, it is confirmed by the account that WhatsApp has shown for that number since."""
    bare = Person(phone=ADA.phone, profile_name="Ada Example")
    await hear_from(office, bare)
    found = await sent(office, person=bare)
    await hear(office, pressed(found, sender=Person(user_id=ADA.user_id, phone=ADA.phone)))
    assert told(await look(office, found.id), "answered") == [("confirmed", None)]


@pytest.mark.parametrize(
    "answer",
    [
        text_message("Halo lagi", wamid="wamid.ANSWER"),
        text_message("Halo", wamid="wamid.ANSWER", quoted_wamid="wamid.ELSE"),
        InboundMessage(
            PHONE_NUMBER_ID,
            "wamid.ANSWER",
            ADA,
            "reaction",
            content=Content(body=Reaction(target_wamid=WAMID, emoji="👍")),
        ),
        msgspec.structs.replace(QUOTING, group_id="GRUP"),
        msgspec.structs.replace(QUOTING, source="history"),
        Echo(PHONE_NUMBER_ID, "wamid.ANSWER", ADA, "text", text="ya", quoted_wamid=WAMID),
    ],
)
async def test_what_answers_no_notice_is_no_answer(office: Office, answer: Any) -> None:
    """A later message, a reaction, a group, the past and the office's own words confirm nothing."""
    found = await sent(office)
    await hear(office, answer)
    assert told(await look(office, found.id), "answered") == []


async def test_a_button_of_no_notice_harms_nobody(office: Office) -> None:
    """A button that names a notice that does not exist is a message like any other."""
    found = await sent(office)
    body = Choice(choice_id=f"n:{NoticeId(99)}:{'0' * 32}:yes", title="Sudah saya baca")
    await hear(office, pressed(found, content=Content(body=body), quoted_wamid=None))
    assert await column(office.database, "SELECT count(*) FROM notice_event WHERE kind = 'answered'") == [0]
    assert await column(office.database, "SELECT count(*) FROM message WHERE direction = 'inbound'") == [2]


async def test_message_and_judgement_are_one_transaction(office: Office) -> None:
    """If one of them cannot be stored neither is, and both are when the item is taken again."""
    found = await sent(office)
    await office.database.write(
        lambda tx: tx.run("CREATE TRIGGER no_event BEFORE INSERT ON notice_event BEGIN SELECT RAISE(ABORT, 'no'); END")
    )
    await hear(office, pressed(found))
    assert await column(office.database, "SELECT state FROM event ORDER BY id DESC LIMIT 1") == ["quarantined"]
    assert await column(office.database, "SELECT kind FROM message ORDER BY id DESC LIMIT 1") == ["unreadable"]

    def mend(tx: Any) -> None:
        tx.run("DROP TRIGGER no_event")
        tx.run("UPDATE event SET state = 'new' WHERE state = 'quarantined'")

    await office.database.write(mend)
    await Inbound(office).look()
    assert told(await look(office, found.id), "answered") == [("confirmed", None)]


async def test_the_text_that_was_approved_is_what_the_message_says(office: Office) -> None:
    """The message bears the very text, so that whoever reads the conversation sees what was confirmed."""
    found = await sent(office)
    assert (await get(office, found.carriers[0].message_id)).text == TEXT
