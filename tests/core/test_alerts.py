"""What is done while it is not sure who somebody is, and two contacts that are one person."""

from datetime import timedelta

import msgspec
import pytest

from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import LAWYER, PROGRAM, WAY, get, hear_from, reply, staff_up
from wabridge.core import contacts, conversations, identities, notifications, replies
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import Conflict, IdentityUnverified, MessagesWaiting, NotAllowed
from wabridge.gateway import handover
from wabridge.model.content import Content, System
from wabridge.model.draft import Draft
from wabridge.model.event import InboundMessage, Person
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId, NumberId
from wabridge.storage import alerts, leaves, marketing, numbers, outbox, setbacks
from wabridge.storage import conversations as stored_conversations
from wabridge.storage.database import Transaction

STRANGER = msgspec.structs.replace(ADA, user_id="ID.99887766554433221100", profile_name="Orang Lain")
CODE_CHANGED = InboundMessage(
    phone_number_id=PHONE_NUMBER_ID,
    wamid="wamid.code",
    sender=Person(phone=ADA.phone),
    type="system",
    content=Content(body=System(news="security_code_changed")),
)


@pytest.fixture
async def thread(office: Office) -> ConversationId:
    """Ada has written, and the office may answer."""
    await staff_up(office)
    await office.database.write(lambda tx: numbers.ensure(tx, office.settings.whatsapp.phone_number_id))
    return await hear_from(office)


async def _file(office: Office, *messages: InboundMessage) -> None:
    await arrive(office.database, *messages, at=office.clock.now())
    while await Inbound(office).look():
        pass


async def _ready(office: Office, thread: ConversationId) -> MessageId | None:
    now = office.clock.now()

    def look(tx: Transaction) -> MessageId | None:
        found = outbox.find_ready(tx, thread, now=now, settled_before=now)
        assert (found is None) == (
            thread not in outbox.list_ready(tx, _number(tx), now=now, settled_before=now, limit=9)
        )
        return found.id if found else None

    return await office.database.read(look)


def _number(tx: Transaction) -> NumberId:
    return numbers.list_all(tx)[PHONE_NUMBER_ID]


async def _newest(office: Office) -> int:
    found = await office.database.read(lambda tx: alerts.find_newest_open(tx, ContactId(1)))
    assert found is not None
    return found


async def test_what_waits_when_an_alert_comes_is_held_visibly(office: Office, thread: ConversationId) -> None:
    """A queued message does not go out to somebody who may be another person, and says why it waits."""
    waiting = await reply(office, thread, "Berkas rahasia")
    assert await _ready(office, thread) == waiting
    await _file(office, CODE_CHANGED)
    assert await _ready(office, thread) is None
    assert (await get(office, waiting)).hold == "identity"


async def test_a_held_message_goes_when_somebody_lets_it(office: Office, thread: ConversationId) -> None:
    """Send now, pressed beside a held message, is a decision that is kept; a newer alert holds it again."""
    waiting = await reply(office, thread, "Jadwal sidang")
    await _file(office, CODE_CHANGED)
    with pytest.raises(IdentityUnverified):
        await replies.release(office, LAWYER, waiting)  # from a page that was drawn before the alert came
    assert await _ready(office, thread) is None
    await replies.release(office, LAWYER, waiting, through=await _newest(office))
    assert await _ready(office, thread) == waiting
    assert "sent_unverified" in await column(office.database, "SELECT verb FROM act WHERE subject_id = ?", waiting)
    await _file(office, text_message(sender=STRANGER))
    assert await _ready(office, thread) is None


async def test_a_doubt_about_the_person_does_not_hide_that_it_may_have_gone(
    office: Office, thread: ConversationId
) -> None:
    """Held since a restore and for an alert it asks two questions, one after the other; one press answers one."""
    waiting = await reply(office, thread, "Jadwal sidang")
    await office.database.write(outbox.hold_all)
    await _file(office, CODE_CHANGED)
    assert (await get(office, waiting)).hold == "identity"
    await replies.release(office, LAWYER, waiting, through=await _newest(office))
    assert (await get(office, waiting)).hold == "restored"
    assert await _ready(office, thread) is None
    await replies.release(office, LAWYER, waiting, through=await _newest(office))
    assert await _ready(office, thread) == waiting


async def test_who_lets_it_go_after_hours_is_not_asked_again(
    office: Office, thread: ConversationId, fake_clock: FakeClock
) -> None:
    """It waited for this one decision: it is not held a second time because it has waited long."""
    waiting = await reply(office, thread, "Jadwal sidang")
    await _file(office, CODE_CHANGED)
    fake_clock.advance(3600)
    await replies.release(office, LAWYER, waiting, through=await _newest(office))
    late_before, instant = office.clock.now() - timedelta(minutes=30), office.clock.instant()
    opened = await office.database.write(
        lambda tx: handover.open_next(
            tx, thread, way=WAY, instant=instant, settled_before=instant.at, late_before=late_before
        )
    )
    assert isinstance(opened, handover.Opened)


async def test_a_reply_asks_for_a_decision(office: Office, thread: ConversationId) -> None:
    """While an alert is open nothing is queued without an answer, nor with an answer to an older alert."""
    await _file(office, CODE_CHANGED)
    first = await _newest(office)
    with pytest.raises(IdentityUnverified) as refused:
        await reply(office, thread, "Halo")
    assert refused.value.alert_id == first
    await _file(office, text_message(sender=STRANGER))
    with pytest.raises(IdentityUnverified):
        await replies.queue(
            office,
            LAWYER,
            draft=Draft(text="Halo"),
            conversation_id=thread,
            clearance=Clearance(through=first, how="call"),
        )


async def test_nothing_confidential_may_be_sent_anyway(office: Office, thread: ConversationId) -> None:
    """Whoever says that a message is not confidential may send it; the alert stays, and the next one asks again."""
    await _file(office, CODE_CHANGED)
    anyway = Clearance(through=await _newest(office))
    sent = await replies.queue(office, PROGRAM, draft=Draft(text="Halo"), conversation_id=thread, clearance=anyway)
    assert await _ready(office, thread) == sent.message_id
    with pytest.raises(IdentityUnverified):
        await reply(office, thread, "Halo lagi")


async def test_who_has_made_sure_closes_the_alert(office: Office, thread: ConversationId) -> None:
    """Made sure by a call: the alert is closed with who, how and note, and what waited goes."""
    waiting = await reply(office, thread, "Berkas")
    await _file(office, CODE_CHANGED)
    sure = Clearance(through=await _newest(office), how="call", note="suaranya dikenal")
    await replies.queue(office, LAWYER, draft=Draft(text="Halo"), conversation_id=thread, clearance=sure)
    (alert,) = (await contacts.get_profile(office, LAWYER, ContactId(1))).alerts
    assert (alert.kind, alert.resolution, alert.note) == ("security_code_changed", "call", "suaranya dikenal")
    assert alert.actor_name == LAWYER.name
    assert await _ready(office, thread) == waiting
    assert await notifications.list_banners(office) == ()


async def test_only_people_make_sure(office: Office, thread: ConversationId) -> None:
    """A program can acknowledge an alert, never close it; what is closed cannot be closed again."""
    await _file(office, CODE_CHANGED)
    sure = Clearance(through=await _newest(office), how="visit")
    with pytest.raises(NotAllowed):
        await identities.resolve_alerts(office, PROGRAM, ContactId(1), sure)
    with pytest.raises(NotAllowed):
        await replies.queue(office, PROGRAM, draft=Draft(text="Halo"), conversation_id=thread, clearance=sure)
    await identities.resolve_alerts(office, LAWYER, ContactId(1), sure)
    with pytest.raises(Conflict):
        await identities.resolve_alerts(office, LAWYER, ContactId(1), sure)


async def test_the_same_news_is_one_alert(office: Office, thread: ConversationId) -> None:
    """A message from a new account and Meta's word about it are the same change."""
    news = System(news="user_id_changed", old_identities=(ADA.user_id or "",), new_identities=(STRANGER.user_id or "",))
    said = msgspec.structs.replace(CODE_CHANGED, wamid="wamid.said", content=Content(body=news))
    await _file(office, text_message(sender=STRANGER), said, said)
    (banner,) = await notifications.list_banners(office)
    assert (banner.kind, banner.count) == ("identity_changed", 1)
    assert len((await contacts.get_profile(office, LAWYER, ContactId(1))).alerts) == 1
    assert thread == 1


async def test_a_number_that_moved_is_told_at_both(office: Office, thread: ConversationId) -> None:
    """The account decides whose a message is; the number goes with it, old messages stay, and both are asked about."""
    budi = msgspec.structs.replace(BUDI, user_id="ID.777")
    await _file(office, text_message("saya Budi", sender=budi))
    await _file(office, text_message("nomor baru", sender=msgspec.structs.replace(budi, phone=ADA.phone)))
    ada, other = [await contacts.get_profile(office, LAWYER, ContactId(n)) for n in (1, 2)]
    assert [(a.kind, a.other_contact_id) for a in (*ada.alerts, *other.alerts)] == [
        ("number_passed_on", 2),
        ("number_taken_over", 1),
    ]
    assert (ada.contact.address, other.contact.phone) == ((None, ADA.user_id), ADA.phone)
    assert [c.id for c in other.likely_same] == [1]
    view = await conversations.get(office, LAWYER, thread)
    assert [m.text for m in view.messages] == ["Halo"]
    assert [a.kind for a in view.alerts] == ["number_passed_on"]


async def test_two_contacts_are_joined_and_taken_apart_again(
    office: Office, thread: ConversationId, fake_clock: FakeClock
) -> None:
    """Joined contacts are read as one thread under the older one, and nothing is lost when they are separated."""
    again = Person(phone="6281399990000", user_id="ID.5")
    second = await hear_from(office, again)
    fake_clock.advance(60)
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    await _file(office, text_message("bersama", sender=again, sent_at=office.clock.now()))
    view = await conversations.get(office, LAWYER, second)
    assert (view.line.id, view.line.unread) == (thread, 3)
    assert [m.text for m in view.messages] == ["Halo", "Halo", "bersama"]
    assert {m.contact_id for m in view.messages} == {1}
    assert len((await conversations.list(office, LAWYER)).items) == 1
    assert (await contacts.get(office, LAWYER, ContactId(2))).id == 1
    assert len((await contacts.list(office, LAWYER)).items) == 1
    assert view.line.contact is not None
    assert view.line.contact.phone == again.phone
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    assert (await contacts.get(office, LAWYER, ContactId(2))).phone == again.phone
    assert [m.text for m in (await conversations.get(office, LAWYER, second)).messages] == ["Halo"]
    assert len((await conversations.get(office, LAWYER, thread)).messages) == 2
    with pytest.raises(Conflict):
        await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))


async def test_a_window_that_the_other_opened_closes_when_they_are_separated(
    office: Office, thread: ConversationId, fake_clock: FakeClock
) -> None:
    """Neither what somebody wrote before they were joined nor what they wrote meanwhile lets the other be answered."""
    again = Person(phone="6281399990000", user_id="ID.5")
    fake_clock.advance(3600)
    await hear_from(office, again)
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    fake_clock.advance(3600)
    await _file(office, text_message("bersama", sender=again, sent_at=office.clock.now()))
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    fake_clock.advance(22.5 * 3600)
    assert not (await conversations.get(office, LAWYER, thread)).window_is_open


async def test_a_window_of_their_own_stays_open_when_they_are_separated(
    office: Office, thread: ConversationId, fake_clock: FakeClock
) -> None:
    """What the remaining person wrote counts, also after the joining."""
    await hear_from(office, Person(phone="6281399990000", user_id="ID.5"))
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    fake_clock.advance(3600)
    await _file(office, text_message("saya", sent_at=office.clock.now()))
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    fake_clock.advance(23.5 * 3600)
    assert (await conversations.get(office, LAWYER, thread)).window_is_open


async def test_who_has_made_sure_takes_the_mark_of_doubt_away(office: Office, thread: ConversationId) -> None:
    """What Meta's code 137000 left on a person's page goes when somebody has made sure; other marks stay."""

    def mark(tx: Transaction) -> None:
        for kind, code in (("identity_changed", 137000), ("unreachable", 131026)):
            setbacks.mark_contact(tx, ContactId(1), kind, code=code, now=office.clock.now())

    await _file(office, CODE_CHANGED)
    await office.database.write(mark)
    alert = (await conversations.get(office, LAWYER, thread)).alerts[0].id
    await identities.resolve_alerts(office, LAWYER, ContactId(1), Clearance(through=alert, how="call"))
    assert [m.kind for m in (await conversations.get(office, LAWYER, thread)).marks] == ["unreachable"]


async def test_a_joined_contact_takes_its_own_alerts_along_when_separated(
    office: Office, thread: ConversationId
) -> None:
    """Joining and separating answers no question: who was doubtful before is asked about afterwards."""
    second = await hear_from(office, BUDI)
    of_budi = msgspec.structs.replace(CODE_CHANGED, wamid="wamid.budi", sender=Person(phone=BUDI.phone))
    await _file(office, of_budi)
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    with pytest.raises(IdentityUnverified):
        await reply(office, thread, "Halo")
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    await reply(office, thread, "Halo")
    with pytest.raises(IdentityUnverified):
        await reply(office, second, "Halo")


async def test_messages_to_joined_contacts_go_one_at_a_time_and_in_order(
    office: Office, thread: ConversationId
) -> None:
    """What was queued before the joining goes first, and nothing overtakes it while it is on its way."""
    second = await hear_from(office, Person(phone="6281399990000", user_id="ID.5"))
    first = await reply(office, second, "dulu")
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    await reply(office, second, "kemudian")
    assert await _ready(office, thread) == first
    instant = office.clock.instant()

    def hand_over(tx: Transaction) -> object:
        return handover.open_next(
            tx, second, way=WAY, instant=instant, settled_before=instant.at, late_before=instant.at
        )

    opened = await office.database.write(hand_over)
    assert isinstance(opened, handover.Opened)
    assert opened.message_id == first
    assert await _ready(office, thread) is None
    assert await office.database.write(hand_over) is None


async def test_contacts_are_not_separated_while_messages_to_them_wait(office: Office, thread: ConversationId) -> None:
    """What was written to the one must not go to the other: first it is sent or cancelled."""
    second = await hear_from(office, Person(phone="6281399990000", user_id="ID.5"))
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    waiting = await reply(office, second, "Berkas rahasia")
    with pytest.raises(MessagesWaiting):
        await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    await replies.cancel(office, LAWYER, waiting)
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))


async def test_a_refused_window_closes_where_joined_contacts_are_read(office: Office, thread: ConversationId) -> None:
    """WhatsApp's word that the window is closed counts for the whole thread, whichever part the message was in."""
    second = await hear_from(office, Person(phone="6281399990000", user_id="ID.5"))
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    await office.database.write(
        lambda tx: stored_conversations.close_window(tx, second, opened_before=office.clock.now())
    )
    assert not (await conversations.get(office, LAWYER, thread)).window_is_open


async def test_content_that_follows_after_a_joining_counts_where_it_is_read(
    office: Office, thread: ConversationId, fake_clock: FakeClock
) -> None:
    """A placeholder from before two contacts were joined is filled in: the thread of both is unread and open."""
    fake_clock.advance(2 * 86400)
    again = Person(phone="6281399990000", user_id="ID.5")
    now = office.clock.now()
    full = text_message("Isi yang menyusul", wamid="wamid.later", sender=again, sent_at=now)
    await _file(office, msgspec.structs.replace(full, type="unsupported", text=None))
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    await conversations.mark_seen(office, LAWYER, thread)
    assert not (await conversations.get(office, LAWYER, thread)).window_is_open
    await _file(office, full)
    view = await conversations.get(office, LAWYER, thread)
    assert view.messages[-1].text == "Isi yang menyusul"
    assert view.line.unread == 1
    assert view.window_is_open


async def test_a_wish_about_advertising_counts_for_joined_contacts(office: Office, thread: ConversationId) -> None:
    """Who wanted no advertising still wants none when two contacts turn out to be one person."""
    await hear_from(office, BUDI)
    (event_id,) = await column(office.database, "SELECT max(id) FROM event")
    now = office.clock.now()
    await office.database.write(
        lambda tx: marketing.set_choice(tx, ContactId(2), "stop", said_at=now, event_id=EventId(int(str(event_id))))
    )
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    view = await conversations.get(office, LAWYER, thread)
    assert view.marketing is not None
    assert view.marketing.is_refusal
    await identities.separate(office, LAWYER, ContactId(2), whole=ContactId(1))
    assert (await conversations.get(office, LAWYER, thread)).marketing is None


async def test_what_befalls_a_person_counts_in_their_conversation(office: Office, thread: ConversationId) -> None:
    """An alert and a change of name stand in the ledger with the conversation's next numbers: left out, they show."""
    await _file(office, CODE_CHANGED)
    await contacts.set_name(office, LAWYER, ContactId(1), "Ada Lovelace")
    found = await office.database.read(lambda tx: leaves.list_page(tx, start=0, limit=999))
    told = [leaf for leaf in found if leaf.conversation_id == thread]
    assert {"identity.alert", "act"} <= {leaf.kind for leaf in told}
    assert [leaf.number for leaf in told] == [*range(1, len(told) + 1)]
