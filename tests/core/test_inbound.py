"""What becomes of a message from outside."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.storage.disks import locked
from wabridge.broker import Change
from wabridge.core import conversations as core_conversations
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import StorageUnavailable
from wabridge.model.contact import Contact
from wabridge.model.content import Content as Saying
from wabridge.model.content import GroupChange, Media, ReportedError, System
from wabridge.model.conversation import Group
from wabridge.model.event import Echo, Event, InboundMessage, Person, Unreadable
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.staff import Actor
from wabridge.storage import contacts, conversations, messages
from wabridge.storage.conversations import Conversation
from wabridge.storage.messages import Content


@pytest.fixture
def inbound(office: Office) -> Inbound:
    """The worker."""
    return Inbound(office)


async def file(office: Office, *arrived: Event) -> None:
    """Let items arrive now, and be filed."""
    await arrive(office.database, *arrived, at=office.clock.now())
    while await Inbound(office).look():
        pass


async def thread(office: Office, conversation_id: int = 1) -> Conversation:
    return await office.database.read(lambda tx: conversations.get(tx, ConversationId(conversation_id)))


async def said(office: Office, conversation_id: int = 1) -> list[Message]:
    """Return the messages of a conversation, oldest first."""
    page = await office.database.read(lambda tx: messages.list_page(tx, ConversationId(conversation_id), limit=500))
    return page[::-1]


async def contact(office: Office, contact_id: int = 1) -> Contact:
    return await office.database.read(lambda tx: contacts.get(tx, ContactId(contact_id)))


async def test_a_stranger_becomes_a_temporary_lead(office: Office) -> None:
    """The first message makes contact, conversation, message and notification, and opens the window by Meta's time."""
    written_at = NOON - timedelta(seconds=2)
    await file(office, text_message("Halo", sent_at=written_at))
    ada = await contact(office)
    assert (ada.name, ada.standing, ada.phone, ada.user_id) == ("Ada Example", "lead", ADA.phone, ADA.user_id)
    found = await thread(office)
    assert (found.contact_id, found.unread, found.window_opened_at) == (ada.id, 1, written_at)
    (message,) = await said(office)
    assert (message.text, message.kind, message.direction) == ("Halo", "text", "inbound")
    assert (message.written_at, message.is_doubtful) == (written_at, False)
    assert await column(office.database, "SELECT kind FROM notification") == ["message"]
    assert await column(office.database, "SELECT state FROM event") == ["done"]


async def test_a_known_person_gets_no_second_contact(office: Office) -> None:
    """By user id alone, by phone alone or by both, in one batch or in several, a person is one contact."""
    await file(office, text_message("1"), text_message("2", sender=Person(phone=ADA.phone)))
    await file(office, text_message("3", sender=Person(user_id=ADA.user_id, profile_name="Ada Baru")))
    assert await column(office.database, "SELECT name FROM contact") == ["Ada Baru"]
    assert (await thread(office)).unread == 3


async def test_a_person_without_a_phone_number_is_a_person(office: Office) -> None:
    """Somebody who shows only a user id becomes a lead like everybody else, and is found by the phone number later."""
    await file(office, text_message(sender=Person(user_id="ID.42")))
    await file(office, text_message(sender=Person(user_id="ID.42", phone="62811")))
    await file(office, text_message(sender=Person(phone="62811")))
    assert len(await said(office)) == 3


async def test_the_same_wamid_is_one_message(office: Office) -> None:
    """A message that comes again, alone or beside others, is stored, counted and announced once."""
    first = text_message("Halo", wamid="wamid.1")
    await file(office, first)
    await file(office, first, text_message("Apa kabar?", wamid="wamid.2"))
    await file(office, first, first)
    assert [message.text for message in await said(office)] == ["Halo", "Apa kabar?"]
    assert (await thread(office)).unread == 2
    assert await column(office.database, "SELECT count(*) FROM notification") == [2]
    assert await column(office.database, "SELECT DISTINCT state FROM event") == ["done"]


async def test_content_takes_the_place_of_its_placeholder(office: Office) -> None:
    """What follows an unavailable message is shown instead of it, opens the window, and the old content is kept."""
    await file(office, unsupported("wamid.1"))
    assert (await thread(office)).window_opened_at is None
    await office.database.write(lambda tx: conversations.set_seen(tx, ConversationId(1)))
    await file(office, text_message("Ini isinya", wamid="wamid.1", sent_at=NOON))
    (message,) = await said(office)
    assert (message.kind, message.text, message.versions) == ("text", "Ini isinya", 1)
    assert (await thread(office)).window_opened_at == NOON
    assert (await thread(office)).unread == 1
    assert await column(office.database, "SELECT relation FROM message_version") == ["replaced"]
    assert await column(office.database, "SELECT count(*) FROM notification") == [1]


async def test_the_content_of_our_own_message_needs_no_recipient(office: Office) -> None:
    """What the phone app kept of our own file says later what it was, named by its wamid alone."""
    kept = Echo(PHONE_NUMBER_ID, "wamid.O", ADA, "media_placeholder", source="history", phone_status="read")
    await file(office, kept)
    await file(office, structs.replace(kept, recipient=Person(), type="text", text="Kuitansi"))
    assert await column(office.database, "SELECT direction || ' ' || kind || ' ' || text FROM message") == [
        "outbound text Kuitansi"
    ]
    assert await column(office.database, "SELECT DISTINCT state FROM event") == ["done"]


async def test_an_echo_to_nobody_is_set_aside(office: Office) -> None:
    """What names nobody, and whose wamid is not here, is announced."""
    await file(office, Echo(PHONE_NUMBER_ID, "wamid.O", Person(), "text", text="Kepada siapa?"))
    assert await column(office.database, "SELECT reason FROM event") == ["an echo to nobody knows whom"]
    assert await column(office.database, "SELECT kind FROM notification") == ["quarantined"]
    assert await column(office.database, "SELECT id FROM message") == []


async def test_a_placeholder_that_comes_late_changes_nothing(office: Office) -> None:
    """When the content was first, its placeholder is only kept."""
    await file(office, text_message("Ini isinya", wamid="wamid.1"))
    await file(office, unsupported("wamid.1"))
    (message,) = await said(office)
    assert message.text == "Ini isinya"
    assert await column(office.database, "SELECT relation FROM message_version") == ["replaced"]


async def test_other_content_under_the_same_wamid_is_kept_once(office: Office) -> None:
    """A contradiction changes nothing that is shown, and is kept however often it comes."""
    await file(office, text_message("satu", wamid="wamid.1"))
    for _ in range(2):
        await file(office, text_message("dua", wamid="wamid.1"))
    (message,) = await said(office)
    assert (message.text, message.versions) == ("satu", 1)
    kept = await office.database.read(lambda tx: messages.list_versions(tx, MessageId(message.id)))
    assert kept == [Content("text", "dua", None)]
    assert await column(office.database, "SELECT relation FROM message_version") == ["conflicting"]


async def test_the_window_follows_the_newest_message(office: Office) -> None:
    """A late older message neither shortens the window nor moves the conversation."""
    await file(office, text_message("baru", sent_at=NOON))
    await file(office, text_message("lama", sent_at=NOON - timedelta(hours=5)))
    found = await thread(office)
    assert found.window_opened_at == NOON
    assert found.last_activity_at == NOON
    assert [message.text for message in await said(office)] == ["lama", "baru"]


@pytest.mark.parametrize("sent_at", [None, NOON + timedelta(hours=3)])
async def test_a_doubtful_time_counts_as_arrival(office: Office, sent_at: None) -> None:
    """A message without a time, or from our future, counts as written when it arrived, and says so."""
    await file(office, text_message(sent_at=sent_at))
    (message,) = await said(office)
    assert (message.written_at, message.is_doubtful) == (NOON, True)
    assert await column(office.database, "SELECT window_is_doubtful FROM conversation") == [1]


async def test_other_types_are_honest_placeholders(office: Office) -> None:
    """An image is stored as what it is, with what is known of it, and without a text of ours."""
    image = Saying(body=Media(kind="image", caption="KTP saya"))
    await file(office, InboundMessage(PHONE_NUMBER_ID, "wamid.1", ADA, "image", content=image))
    (message,) = await said(office)
    assert (message.kind, message.text, message.content) == ("image", None, image)
    assert (await thread(office)).window_opened_at == NOON


async def test_a_system_message_asks_for_no_attention(office: Office) -> None:
    """A changed number is shown in the conversation, but is neither unread nor notified, and opens no window."""
    await file(
        office, InboundMessage(PHONE_NUMBER_ID, "wamid.1", ADA, "system", content=Saying(body=System(said="changed")))
    )
    assert [message.kind for message in await said(office)] == ["system"]
    found = await thread(office)
    assert (found.unread, found.window_opened_at) == (0, None)
    assert await column(office.database, "SELECT kind FROM notification") == []


async def test_a_group_is_a_conversation_of_its_own(office: Office) -> None:
    """Group messages make no lead and open no window; who wrote is kept with each."""
    await file(
        office,
        text_message("Halo semua", group_id="group-1"),
        text_message("Hai", sender=BUDI, group_id="group-1"),
        text_message("Pribadi"),
    )
    assert [(m.text, m.author_name) for m in await said(office, 1)] == [
        ("Halo semua", "Ada Example"),
        ("Hai", "Budi Contoh"),
    ]
    found = await thread(office, 1)
    assert (found.contact_id, found.window_opened_at, found.unread) == (None, None, 2)
    assert await column(office.database, "SELECT name FROM contact") == ["Ada Example"]


async def test_groups_are_known_by_their_subject_or_their_people(office: Office) -> None:
    """The newest subject names a group, also one that was told before anybody wrote; without one, who wrote last."""

    def renamed(subject: str, *, sent_at: int) -> InboundMessage:
        body = Saying(body=GroupChange(word="group_settings_update", subject=subject))
        return InboundMessage(
            PHONE_NUMBER_ID, "", Person(), "group_change", sent_at=sent_at, content=body, group_id="group-1"
        )

    await file(office, renamed("Perkara 12", sent_at=200), renamed("Perkara 11", sent_at=100))
    await file(office, text_message("Halo", group_id="group-1"))
    await file(office, *(text_message("Hai", sender=who, group_id="group-2") for who in (ADA, BUDI)))
    actor = Actor(kind="staff", id=1, name="sari", role="lawyer")
    page = await core_conversations.list(office, actor)
    assert {line.group for line in page.items} == {
        Group(id="group-1", subject="Perkara 12"),
        Group(id="group-2", people=("Budi Contoh", "Ada Example")),
    }


async def test_what_cannot_be_read_still_shows_where_its_sender_is(office: Office) -> None:
    """An unreadable item with a sender is an unread placeholder in the conversation, and set aside with its reason."""
    unreadable = Unreadable("no type", phone_number_id=PHONE_NUMBER_ID, wamid="wamid.1", sender=ADA)
    await file(office, unreadable, text_message("Halo"))
    assert [message.kind for message in await said(office)] == ["unreadable", "text"]
    assert (await thread(office)).unread == 2
    assert await column(office.database, "SELECT reason FROM event WHERE state = 'quarantined'") == ["no type"]
    assert await column(office.database, "SELECT kind FROM notification ORDER BY id") == ["message", "message"]


@pytest.mark.parametrize(
    "unreadable",
    [
        Unreadable("not JSON"),
        Unreadable("no sender", phone_number_id=PHONE_NUMBER_ID, wamid="wamid.1"),
        Unreadable("no number", sender=ADA),
    ],
)
async def test_what_belongs_nowhere_becomes_a_banner(office: Office, unreadable: Unreadable) -> None:
    """An item without a readable sender, or for no number, is set aside and notified once."""
    await file(office, unreadable)
    assert await column(office.database, "SELECT state FROM event") == ["quarantined"]
    assert await column(office.database, "SELECT kind FROM notification") == ["quarantined"]
    assert await column(office.database, "SELECT id FROM conversation") == []


async def refuse(office: Office, condition: str) -> None:
    """Let the database refuse some messages, as it would refuse something nobody thought of."""
    trigger = f"CREATE TRIGGER refuse BEFORE INSERT ON message WHEN {condition} BEGIN SELECT RAISE(ABORT, 'no'); END"
    await office.database.write(lambda tx: tx.run(trigger))


async def test_a_bad_item_never_costs_its_siblings(office: Office) -> None:
    """One item that cannot be filed is set aside with a placeholder in its place; those around it are filed as ever."""
    await refuse(office, "NEW.text = 'racun'")
    await file(office, text_message("sebelum"), text_message("racun", sender=BUDI), text_message("sesudah"))
    assert [message.text for message in await said(office, 1)] == ["sebelum", "sesudah"]
    assert [message.kind for message in await said(office, 2)] == ["unreadable"]
    assert await column(office.database, "SELECT state FROM event ORDER BY id") == ["done", "quarantined", "done"]
    assert await column(office.database, "SELECT kind FROM notification") == ["message"] * 3


async def test_an_echo_that_cannot_be_read_shows_where_it_was_written(office: Office) -> None:
    """It stands in the conversation as the office's, opens no window, counts as nobody's message, and is announced."""
    unreadable = Unreadable("no type", phone_number_id=PHONE_NUMBER_ID, wamid="wamid.E1", recipient=ADA, sent_at=1)
    await file(office, unreadable)
    (shown,) = await said(office)
    assert (shown.kind, shown.direction, shown.author_kind) == ("unreadable", "outbound", "app")
    found = await thread(office)
    assert (found.unread, found.window_opened_at) == (0, None)
    assert await column(office.database, "SELECT kind FROM notification") == ["quarantined"]


async def test_a_bad_group_message_stays_out_of_the_writers_conversation(office: Office) -> None:
    """What was written in a group and cannot be filed becomes a banner, never a line in a private conversation."""
    await refuse(office, "NEW.text = 'racun'")
    await file(office, text_message("racun", group_id="group-1"))
    assert await column(office.database, "SELECT id FROM conversation") == []
    assert await column(office.database, "SELECT kind FROM notification") == ["quarantined"]


async def test_an_item_without_even_a_placeholder_becomes_a_banner(office: Office) -> None:
    """If the placeholder is refused as well, nothing of the attempt remains but the item and its notification."""
    await refuse(office, "NEW.wamid = 'wamid.bad'")
    await file(office, text_message("racun", wamid="wamid.bad", sender=BUDI), text_message("sesudah"))
    assert [message.text for message in await said(office, 1)] == ["sesudah"]
    assert await column(office.database, "SELECT name FROM contact") == ["Ada Example"]
    assert await column(office.database, "SELECT kind FROM notification ORDER BY kind") == ["message", "quarantined"]


@pytest.mark.parametrize("payload", [b"not ours", b'{"event":"status"}', b"[" * 5000])
async def test_a_payload_nobody_can_read_is_set_aside(office: Office, payload: bytes) -> None:
    """An item whose stored form has become unreadable stops nobody and is notified."""
    await arrive(office.database, Unreadable("stands in"), text_message("Halo"), at=NOON)
    await office.database.write(lambda tx: tx.run("UPDATE event SET payload = ? WHERE kind = 'unreadable'", (payload,)))
    await Inbound(office).look()
    assert [message.text for message in await said(office)] == ["Halo"]
    assert await column(office.database, "SELECT kind FROM notification ORDER BY kind") == ["message", "quarantined"]


async def test_a_message_without_sender_is_set_aside(office: Office) -> None:
    """Nobody is made up for a message that names no sender."""
    await file(office, text_message(sender=Person()))
    assert await column(office.database, "SELECT reason FROM event") == ["cannot be filed: MalformedEvent"]
    assert await column(office.database, "SELECT kind FROM notification") == ["quarantined"]


async def test_failing_storage_changes_no_state(office: Office, data_folder: Path) -> None:
    """While the disk refuses, items stay new; when it is mended they are filed."""
    await arrive(office.database, text_message("Halo"), at=NOON)
    with locked(data_folder / "wabridge.db"):
        with pytest.raises(StorageUnavailable):
            await Inbound(office).look()
        assert await column(office.database, "SELECT state FROM event") == ["new"]
    await Inbound(office).look()
    assert await column(office.database, "SELECT state FROM event") == ["done"]


async def test_a_filed_message_is_told_to_open_pages(office: Office) -> None:
    """Every conversation that changed is announced, by its id alone."""
    with office.broker.listen() as changes:
        await file(office, text_message(), text_message(sender=BUDI), text_message(), Unreadable("not JSON"))
        told = {await anext(changes) for _ in range(3)}
    assert told == {Change("conversation", 1), Change("conversation", 2), Change("notice", None)}


async def test_a_backlog_is_filed_in_the_order_of_arrival(office: Office, inbound: Inbound) -> None:
    """More items than one batch takes are filed over several, messages and unreadable ones in their order."""
    many = [text_message(str(n), sender=BUDI) if n % 50 else unreadable_from(BUDI) for n in range(230)]
    await arrive(office.database, *many, at=NOON)
    assert [await inbound.look() for _ in range(5)] == [True, True, True, True, False]
    shown = [message.text or "unreadable" for message in await said(office)]
    assert shown == [str(n) if n % 50 else "unreadable" for n in range(230)]


async def test_the_last_sighting_is_when_it_arrived(office: Office, fake_clock: FakeClock) -> None:
    """An identity was last seen when the message arrived, not when it was filed."""
    await arrive(office.database, text_message(), at=NOON)
    fake_clock.advance(3600)
    await Inbound(office).look()
    assert {identity.last_seen_at for identity in (await contact(office)).identities} == {NOON}


def unsupported(wamid: str) -> InboundMessage:
    """Compose the message that stands in for one whose content is not available yet."""
    reported = Saying(errors=(ReportedError(131060, "unavailable"),))
    return InboundMessage(PHONE_NUMBER_ID, wamid, ADA, "unsupported", content=reported)


def unreadable_from(person: Person) -> Unreadable:
    return Unreadable("no type", phone_number_id=PHONE_NUMBER_ID, sender=person)


async def test_a_message_that_history_brought_first_is_live_when_it_comes_live(office: Office) -> None:
    """The phone app may hand over what was written a minute ago: it is one message, unread, and opens the window."""
    message = text_message("Saya ditahan polisi", wamid="wamid.A", sent_at=NOON - timedelta(minutes=1))
    await file(office, structs.replace(message, source="history", phone_status="delivered"))
    assert (await thread(office)).unread == 0
    await file(office, message)
    found = await thread(office)
    assert (found.unread, found.window_opened_at) == (1, NOON - timedelta(minutes=1))
    assert [(m.text, m.source, m.versions) for m in await said(office)] == [("Saya ditahan polisi", "live", 0)]
    assert await column(office.database, "SELECT kind FROM notification") == ["message"]
    await file(office, message, structs.replace(message, source="history"))
    assert (await thread(office)).unread == 1


async def test_more_of_a_message_under_another_identity_makes_no_second_person(office: Office) -> None:
    """A placeholder came with a phone number, its content with a user id alone: nobody new has written."""
    placeholder = structs.replace(text_message(wamid="wamid.A", sender=BUDI), type="unsupported", text=None)
    await file(office, placeholder)
    await file(office, text_message("Isi", wamid="wamid.A", sender=Person(user_id="ID.1349120865530274")))
    assert [m.text for m in await said(office)] == ["Isi"]
    assert await column(office.database, "SELECT count(*) FROM contact") == [1]
    assert await column(office.database, "SELECT count(*) FROM conversation") == [1]
