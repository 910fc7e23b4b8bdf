"""Queueing a reply: what is taken, what is refused, and what a repetition does."""

from datetime import timedelta

import pytest

from tests.arrivals import ADA, BUDI, arrive, column, text_message
from tests.clocks import FakeClock
from tests.outbound import ASSISTANT, LAWYER, PROGRAM, get, hear_from, reply, says, status_of
from wabridge.broker import Change, Topic
from wabridge.core import replies
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import (
    ConversationReadOnly,
    KeyReused,
    NotAllowed,
    NotFound,
    NotPending,
    PhoneUnreadable,
    TextEmpty,
    TextTooLong,
    Unprocessable,
    WindowClosed,
)
from wabridge.model.draft import Draft
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.staff import Actor
from wabridge.storage import numbers

STRANGER = Actor(kind="token", id=9, name="stranger", role="nobody")


async def test_a_reply_is_stored_pending_with_its_author(office: Office) -> None:
    """When queueing returns, the text is on the disk as pending, its author named, the act recorded."""
    conversation_id = await hear_from(office)
    queued = await replies.queue(
        office, LAWYER, draft=Draft(text="  Baik, Bu.\r\nKami cek. "), conversation_id=conversation_id
    )
    message = await get(office, queued.message_id)
    assert (queued.conversation_id, queued.repeated) == (conversation_id, False)
    assert (message.text, message.author_kind, message.author_name) == ("Baik, Bu.\nKami cek.", "staff", "Rina")
    assert await status_of(office, queued.message_id) == "pending"
    assert await says(office, "SELECT verb FROM act WHERE subject_kind = 'message'", "replied")
    assert await says(office, "SELECT last_message_id FROM conversation", queued.message_id)


async def test_sender_and_pages_are_told(office: Office) -> None:
    """A reply rings the sender and changes the open page of its conversation."""
    conversation_id = await hear_from(office)
    with office.broker.listen() as changes:
        await reply(office, conversation_id, "Halo")
        assert await anext(aiter(changes)) == Change("conversation", conversation_id)
    await office.broker.wait(Topic.OUTGOING, seconds=60)


@pytest.mark.parametrize("spelling", ["081234567890", "62812 3456 7890", "+62 812-3456-7890", "(0812) 3456-7890"])
async def test_a_phone_number_in_any_spelling_is_one_person(office: Office, spelling: str) -> None:
    """A typed number finds the conversation with the person who wrote from it."""
    conversation_id = await hear_from(office, ADA)
    queued = await replies.queue(office, LAWYER, draft=Draft(text="Halo"), to=spelling)
    assert queued.conversation_id == conversation_id


async def test_a_contact_is_answered_in_its_conversation(office: Office) -> None:
    """Naming the contact is naming the conversation with them on our number."""
    await hear_from(office, BUDI)
    conversation_id = await hear_from(office, ADA)
    (contact_id,) = await column(office.database, "SELECT contact_id FROM conversation WHERE id = ?", conversation_id)
    queued = await replies.queue(office, LAWYER, draft=Draft(text="Halo"), contact_id=ContactId(int(str(contact_id))))
    assert queued.conversation_id == conversation_id


async def test_nobody_becomes_a_contact_by_being_written_to(office: Office) -> None:
    """A number that never wrote is outside the window, and no contact is made of it."""
    await hear_from(office)
    with pytest.raises(WindowClosed):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), to="081311112222")
    assert await says(office, "SELECT count(*) FROM contact", 1)


async def test_a_contact_of_another_number_is_outside_the_window(office: Office) -> None:
    """Whoever wrote only to a former number of ours cannot be answered from this one."""
    await hear_from(office)
    await office.database.write(lambda tx: numbers.ensure(tx, "222"))
    await office.database.write(
        lambda tx: tx.run("UPDATE conversation SET number_id = (SELECT id FROM number WHERE phone_number_id = '222')")
    )
    with pytest.raises(WindowClosed):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), to=ADA.phone)
    with pytest.raises(ConversationReadOnly):
        await reply(office, ConversationId(1), "Halo")


async def test_a_group_is_read_only(office: Office) -> None:
    """A group's conversation cannot be answered."""
    await arrive(office.database, text_message(group_id="group-1"), at=office.clock.now())
    await Inbound(office).look()
    with pytest.raises(ConversationReadOnly):
        await reply(office, ConversationId(1), "Halo")


async def test_outside_the_window_free_text_is_refused(office: Office, fake_clock: FakeClock) -> None:
    """A minute before the 24 hours are over the last reply is taken; then it is refused and nothing is stored."""
    conversation_id = await hear_from(office)
    fake_clock.advance(timedelta(hours=24, seconds=-61).total_seconds())
    await reply(office, conversation_id, "masih sempat")
    fake_clock.advance(1)
    with pytest.raises(WindowClosed):
        await reply(office, conversation_id, "terlambat")
    assert await says(office, "SELECT count(*) FROM message WHERE direction = 'outbound'", 1)


@pytest.mark.parametrize(
    ("text", "error"), [("", TextEmpty), (" \r\n\t ", TextEmpty), ("\0", TextEmpty), ("x" * 4097, TextTooLong)]
)
async def test_texts_that_make_no_sense(office: Office, text: str, error: type[Exception]) -> None:
    """An empty text and one over 4096 characters are refused."""
    with pytest.raises(error):
        await reply(office, await hear_from(office), text)


async def test_texts_at_the_edge(office: Office) -> None:
    """4096 characters are taken; half a surrogate becomes the replacement character instead of an error."""
    conversation_id = await hear_from(office)
    longest = await reply(office, conversation_id, "😀" * 4096)
    assert (await get(office, longest)).text == "😀" * 4096
    broken = await reply(office, conversation_id, "a\ud800b")
    assert (await get(office, broken)).text == "a\ufffdb"


async def test_targets_that_do_not_exist(office: Office) -> None:
    """Unknown conversation and contact are not found, a word is no phone number, and there is exactly one target."""
    conversation_id = await hear_from(office)
    with pytest.raises(NotFound):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), conversation_id=ConversationId(99))
    with pytest.raises(NotFound):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), contact_id=ContactId(99))
    with pytest.raises(PhoneUnreadable):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), to="Ibu Ada")
    with pytest.raises(Unprocessable):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"))
    with pytest.raises(Unprocessable):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), conversation_id=conversation_id, to=ADA.phone)


async def test_rights_are_asked_first(office: Office) -> None:
    """Without the right nothing is queued, withdrawn, released or read; resuming is not for assistants."""
    conversation_id = await hear_from(office)
    message_id = await reply(office, conversation_id, "Halo")
    with pytest.raises(NotAllowed):
        await reply(office, conversation_id, "Halo", author=STRANGER)
    for act in (replies.cancel, replies.release, replies.get_message):
        with pytest.raises(NotAllowed):
            await act(office, STRANGER, message_id)
    for actor in (ASSISTANT, PROGRAM):
        with pytest.raises(NotAllowed):
            await replies.resume_sending(office, actor)


async def test_a_repeated_request_makes_one_message(office: Office, fake_clock: FakeClock) -> None:
    """The same key and body give the first answer again, even if the window has closed since."""
    conversation_id = await hear_from(office)

    async def ask() -> replies.Queued:
        return await replies.queue(
            office, LAWYER, draft=Draft(text="Halo"), conversation_id=conversation_id, key="form-1"
        )

    first = await ask()
    fake_clock.advance(timedelta(hours=23, minutes=59, seconds=30).total_seconds())
    again = await ask()
    assert (again.message_id, again.repeated, first.repeated) == (first.message_id, True, False)
    assert await says(office, "SELECT count(*) FROM message WHERE direction = 'outbound'", 1)


async def test_a_key_with_another_body_is_refused(office: Office) -> None:
    """The same key for something else is an error, whether the caller hashes the body or not."""
    conversation_id = await hear_from(office)
    await replies.queue(office, LAWYER, draft=Draft(text="Halo"), conversation_id=conversation_id, key="form-1")
    with pytest.raises(KeyReused):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo!"), conversation_id=conversation_id, key="form-1")
    await replies.queue(office, PROGRAM, draft=Draft(text="a"), to=ADA.phone, key="k", body_hash=b"1" * 32)
    with pytest.raises(KeyReused):
        await replies.queue(office, PROGRAM, draft=Draft(text="a"), to=ADA.phone, key="k", body_hash=b"2" * 32)


async def test_keys_belong_to_their_owner_for_a_day(office: Office, fake_clock: FakeClock) -> None:
    """Two actors may use the same key; after 24 hours it is free again, and forgotten."""
    conversation_id = await hear_from(office)

    async def ask(actor: Actor) -> replies.Queued:
        return await replies.queue(office, actor, draft=Draft(text="Halo"), conversation_id=conversation_id, key="k")

    assert not (await ask(LAWYER)).repeated
    assert not (await ask(PROGRAM)).repeated
    fake_clock.advance(24 * 3600)
    await hear_from(office)
    assert not (await ask(LAWYER)).repeated
    assert await says(office, "SELECT count(*) FROM idempotency", 1)


async def test_a_refused_request_leaves_its_key_free(office: Office, fake_clock: FakeClock) -> None:
    """A key is taken only together with a message."""
    conversation_id = await hear_from(office)
    fake_clock.advance(25 * 3600)
    with pytest.raises(WindowClosed):
        await replies.queue(office, LAWYER, draft=Draft(text="Halo"), conversation_id=conversation_id, key="k")
    await hear_from(office)
    assert not (
        await replies.queue(office, LAWYER, draft=Draft(text="Ya"), conversation_id=conversation_id, key="k")
    ).repeated


async def test_withdrawing_leaves_a_trace(office: Office) -> None:
    """A pending message can be withdrawn once; who did it is recorded."""
    message_id = await reply(office, await hear_from(office), "Halo")
    await replies.cancel(office, ASSISTANT, message_id)
    assert await status_of(office, message_id) == "cancelled"
    assert await says(office, "SELECT actor_name FROM act WHERE verb = 'cancelled'", "Dewi")
    with pytest.raises(NotPending):
        await replies.cancel(office, ASSISTANT, message_id)
    with pytest.raises(NotFound):
        await replies.cancel(office, ASSISTANT, MessageId(99))


async def test_resuming_what_is_not_paused_is_no_act(office: Office) -> None:
    """A second click on "resume" changes nothing and leaves no trace."""
    await hear_from(office)
    await replies.resume_sending(office, LAWYER)
    assert await says(office, "SELECT count(*) FROM act", 0)


async def test_a_message_is_read_with_its_delivery(office: Office) -> None:
    """One message comes with its status and events; an unknown one is not found."""
    message_id = await reply(office, await hear_from(office), "Halo")
    message = await replies.get_message(office, PROGRAM, message_id)
    assert message.delivery is not None
    assert (message.delivery.status, message.events) == ("pending", ())
    with pytest.raises(NotFound):
        await replies.get_message(office, PROGRAM, MessageId(99))
