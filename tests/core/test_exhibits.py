"""What a bundle shows of unusual conversations: it checks all the same, and names nobody who does not belong to it."""

from datetime import timedelta
from pathlib import Path

import msgspec

from tests import exporting
from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import LAWYER, hear_from, reply
from wabridge.core import identities
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.event import Echo
from wabridge.model.export import Scope
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.storage import messages

_STRANGE = (
    "\u202eterbalik",
    "ꦲꦏ꧀ꦱꦫ",
    "😀👩‍👩‍👧",
    "a\x07b\ufffd",
    " ",
    "x" * 20_000,
    '{"status":"read"}',
    "#panic(1)*_$\\",
)


async def write(office: Office, *texts: str) -> ConversationId:
    """Let Ada write these, and return the conversation."""
    for text in texts:
        sent = text_message(text, sent_at=office.clock.now())
        await arrive(office.database, sent, at=office.clock.now())
    await Inbound(office).look()
    return ConversationId(1)


async def test_strange_texts_are_shown_as_they_are_and_check(office: Office, tmp_path: Path) -> None:
    """Reversed, unprintable, endless, empty and program-like texts: evidence.json has each as it was stored."""
    thread = await write(office, *_STRANGE)
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="conversation", conversation_id=thread)))
    texts = [message.get("text", "") for message in exporting.evidence(made)["messages"]]
    assert texts == list(_STRANGE)
    await exporting.require_sound(made, tmp_path)


async def test_a_period_that_cuts_through_counts_both_ends(
    office: Office, fake_clock: FakeClock, tmp_path: Path
) -> None:
    """Only what was written in the period is shown, and how much lies before and after is said."""
    hours = []
    for text in ("satu", "dua", "tiga", "empat"):
        hours.append(office.clock.now())
        await write(office, text)
        fake_clock.advance(3600)
    scope = Scope(kind="conversation", conversation_id=ConversationId(1), from_at=hours[1], until_at=hours[3])
    made = await exporting.take(office, await exporting.ask(office, scope))
    said = exporting.evidence(made)
    assert [message["text"] for message in said["messages"]] == ["dua", "tiga"]
    assert [each["count"] for each in said["left_out"] if "count" in each] == [1, 1]
    assert [thread["is_whole"] for thread in said["ledger"]["threads"]] == [False]
    await exporting.require_sound(made, tmp_path)


async def test_what_the_phone_wrote_is_not_said_to_be_prepared_here(office: Office) -> None:
    """A message of the telephone application has no delivery that nobody reported, and was not received."""
    await hear_from(office)
    echo = Echo(phone_number_id=PHONE_NUMBER_ID, wamid="wamid.ECHO", recipient=ADA, type="text", text="Dari telepon")
    sent = msgspec.structs.replace(echo, sent_at=int(office.clock.now().timestamp()))
    await arrive(office.database, sent, at=office.clock.now())
    await Inbound(office).look()
    dossier = await exporting.gather(office, Scope(kind="conversation", conversation_id=ConversationId(1)))
    (message,) = [each for each in dossier.messages if each.direction == "outbound"]
    assert message.delivery is None
    assert [event.event for event in message.events] == ["written"]


async def test_an_echo_of_our_own_message_is_shown_once_with_both_sources(office: Office, tmp_path: Path) -> None:
    """What went out from here and was told of as written elsewhere is one message, with the webhook as an event."""
    thread = await hear_from(office)
    ours = await reply(office, thread, "Selamat siang")
    echo = Echo(phone_number_id=PHONE_NUMBER_ID, wamid="wamid.E", recipient=ADA, type="text", text="Selamat siang")
    sent = msgspec.structs.replace(echo, sent_at=int(office.clock.now().timestamp()))
    await arrive(office.database, sent, at=office.clock.now())
    await Inbound(office).look()
    behind = MessageId(ours + 1)
    await office.database.write(lambda tx: messages.put_behind(tx, behind, ours))
    assert await column(office.database, "SELECT wamid FROM message WHERE same_as = ?", ours) == ["wamid.E"]
    for scope in (
        Scope(kind="conversation", conversation_id=thread),
        Scope(kind="message", message_id=behind),
    ):
        export = await exporting.ask(office, scope)
        made = await exporting.take(office, export)
        (said,) = [each for each in exporting.evidence(made)["messages"] if each["direction"] == "outbound"]
        told = {(event["event"], event["source"]) for event in said["events"]}
        assert {("recorded", "office"), ("echoed", "meta_webhook")} <= told
        assert export.messages == {"conversation": 2, "message": 1}[scope.kind]
        await exporting.require_sound(made, tmp_path)


async def test_a_group_is_handed_out_without_anybodys_private_words(office: Office, tmp_path: Path) -> None:
    """The bundle of a group holds what was written there, and nothing that a member wrote to the office alone."""
    await hear_from(office, ADA)
    await arrive(office.database, text_message("Di grup", group_id="g1", sender=BUDI), at=office.clock.now())
    await Inbound(office).look()
    row = await office.database.read(
        lambda tx: tx.one("SELECT conversation_id AS id FROM message WHERE text = 'Di grup'")
    )
    assert row is not None
    scope = Scope(kind="conversation", conversation_id=ConversationId(row["id"]))
    made = await exporting.take(office, await exporting.ask(office, scope))
    assert ADA.phone is not None
    assert ADA.phone.encode() not in b"".join(exporting.files(made).values())
    assert [message["text"] for message in exporting.evidence(made)["messages"]] == ["Di grup"]
    await exporting.require_sound(made, tmp_path)


async def test_people_who_were_joined_are_told_together(office: Office, tmp_path: Path) -> None:
    """Both conversations of one person are in the bundle, each with its own run of numbers."""
    first = await hear_from(office, ADA)
    await hear_from(office, BUDI, at=office.clock.now() + timedelta(seconds=1))
    await reply(office, first, "Selamat siang")
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    made = await exporting.take(office, await exporting.ask(office, Scope(kind="conversation", conversation_id=first)))
    said = exporting.evidence(made)
    assert len(said["messages"]) == 3
    assert len(said["ledger"]["threads"]) == 2
    assert len(said["persons"]) == 1
    await exporting.require_sound(made, tmp_path)
