"""Handing messages over: one after the other to one person, side by side to several, each at most once."""

import json

import pytest

from tests.arrivals import ADA, BUDI, column
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken, Sending, eventually
from tests.outbound import LAWYER, get, has_status, hear_from, reply, says, status_of, was_tried
from wabridge.core import replies
from wabridge.core.office import Office
from wabridge.errors import NotPending
from wabridge.gateway.sender import LANES
from wabridge.model.event import Person
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta

ONLY_BY_USER_ID = Person(user_id="ID.13491208655302749999")


def texts(meta: PretendMeta) -> list[str]:
    """Return what Meta has taken, in order."""
    return [message.text for message in meta.accepted]


async def test_a_queued_message_is_sent_once(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """An answer with an id makes it sent, with the time of the answer; sent_at stays for Meta to say."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Selamat siang, Bu Ada")
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert texts(meta) == ["Selamat siang, Bu Ada"]
    assert meta.violations == []
    known = (await get(busy_office, message_id)).delivery
    assert known is not None
    assert (known.accepted_at, known.sent_at) == (busy_office.clock.now(), None)


async def test_the_record_holds_the_exact_bytes(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """Request and response are kept byte for byte, with a token of 128 random bits and without the access token."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    row = await busy_office.database.read(lambda tx: tx.one("SELECT * FROM attempt"))
    assert row is not None
    assert row["request_body"] == meta.requests[0].raw
    assert row["request_url"].endswith(meta.requests[0].path)
    assert row["token"] == meta.accepted[0].callback_data
    assert row["token"].startswith("a:")
    assert len(bytes.fromhex(row["token"][2:])) == 16
    assert (row["wamid"], row["recipient"]) == (meta.accepted[0].wamid, ADA.phone)
    assert json.loads(row["response_body"])["messages"][0]["id"] == row["wamid"]
    kept = b"".join(
        bytes(str(value), "utf-8") if isinstance(value, str) else value or b""
        for value in row
        if not isinstance(value, int)
    )
    assert meta.account.access_token.encode() not in kept


async def test_a_ring_sends_at_once(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A reply that is queued while the sender waits goes out without waiting for the patrol."""
    conversation_id = await hear_from(busy_office)
    async with sending() as run:
        await eventually(lambda: run.sender._number_id is not None)  # noqa: SLF001 - it has looked once, and waits
        await reply(run.office, conversation_id, "Halo")
        await eventually(lambda: texts(meta) == ["Halo"], seconds=1.5)


async def test_somebody_without_a_phone_number_is_reached(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """A contact known only by a user id is addressed by it."""
    meta.handset("6281200009999").person = meta.handset("6281200009999").person.__class__(
        phone="6281200009999", name="Citra", user_id=ONLY_BY_USER_ID.user_id or ""
    )
    meta.open_window("6281200009999")
    message_id = await reply(busy_office, await hear_from(busy_office, ONLY_BY_USER_ID), "Halo")
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert meta.violations == []


async def test_one_contact_gets_messages_in_order(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """Ten messages to one person arrive in the order in which they were queued."""
    conversation_id = await hear_from(busy_office)
    wanted = [f"bagian {n}" for n in range(10)]
    for text in wanted:
        await reply(busy_office, conversation_id, text)
    async with sending():
        await eventually(lambda: len(meta.accepted) == 10)
    assert texts(meta) == wanted


async def test_a_slow_contact_delays_nobody_else(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """While the call for one person hangs, others are served, and that person's next message waits."""
    ada, budi = await hear_from(busy_office, ADA), await hear_from(busy_office, BUDI)
    meta.answers.append(answers.hang_after_accepting())
    slow = await reply(busy_office, ada, "satu")
    await reply(busy_office, ada, "dua")
    async with sending() as run:
        await eventually(lambda: texts(meta) == ["satu"])
        other = await reply(run.office, budi, "Halo Budi")
        await eventually(lambda: has_status(busy_office, other, "sent"))
        assert texts(meta) == ["satu", "Halo Budi"]
        run.task.cancel()
    assert await status_of(busy_office, slow) == "unknown"


async def test_more_conversations_than_lanes_are_all_served(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """Whoever finds no lane free gets one as soon as another ends."""
    people = [Person(phone=f"62812000{n:05}") for n in range(LANES + 8)]
    for person in people:
        meta.open_window(person.phone or "")
        await reply(busy_office, await hear_from(busy_office, person), "Halo")
    async with sending():
        await eventually(lambda: len(meta.accepted) == len(people))
    assert {message.to for message in meta.accepted} == {f"+{person.phone}" for person in people}


async def test_a_retryable_refusal_is_tried_again_across_restarts(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """The pause is on the disk: a new run waits it out, then tries again with a new attempt."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.graph_error(400, 130429))
    async with sending():
        await eventually(lambda: was_tried(busy_office, message_id, 1))
    assert await status_of(busy_office, message_id) == "pending"
    async with sending() as run:
        await run.sender.look()
        assert len(meta.requests) == 1
        fake_clock.advance(3)
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    tokens = await column(busy_office.database, "SELECT token FROM attempt")
    assert len(set(tokens)) == 2


async def test_a_failed_connection_is_tried_again(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Nothing left the machine, so the same message goes again when Meta can be reached."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    port = int(meta.base_url.rpartition(":")[2])
    await meta.stop()
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, message_id, 1))
        assert await status_of(busy_office, message_id) == "pending"
        await meta.start(port=port)
        fake_clock.advance(3)
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))


async def test_a_waiting_retry_keeps_its_contact_in_order(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """What was queued behind a message that came too fast does not overtake it, and follows at Meta's pace."""
    conversation_id = await hear_from(busy_office)
    first = await reply(busy_office, conversation_id, "satu")
    await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.graph_error(400, 131056))
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, first, 1))
        await run.sender.look()
        assert texts(meta) == []
        fake_clock.advance(3)
        run.ring()
        await eventually(lambda: texts(meta) == ["satu"])
        await run.sender.look()
        assert texts(meta) == ["satu"]
        fake_clock.advance(6)
        run.ring()
        await eventually(lambda: texts(meta) == ["satu", "dua"])


async def test_a_final_refusal_is_failed_and_shown(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A message Meta refuses for good is failed with its code, staff are told, and the next one goes on."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "satu")
    await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.graph_error(400, 131026, details="Message undeliverable"))
    async with sending():
        await eventually(lambda: texts(meta) == ["dua"])
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert (message.delivery.status, message.delivery.failure_code) == ("failed", 131026)
    assert message.failure_details == "Message undeliverable"
    told = await column(busy_office.database, "SELECT message_id FROM notification WHERE kind = 'failed'")
    assert told == [message_id]


async def test_meta_knows_better_that_the_window_is_closed(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """If Meta calls the window closed although ours is open, ours is closed too."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "Halo")
    meta.answers.append(answers.graph_error(400, 131047))
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "failed"))
    assert await column(busy_office.database, "SELECT window_opened_at FROM conversation") == [None]


async def test_a_window_that_closed_while_waiting_is_checked(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A reply whose window has closed is failed with our own words and never handed over."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
        meta.answers.append(answers.graph_error(400, 130429))
        late = await reply(run.office, await hear_from(busy_office), "Masih di sana?")
        await eventually(lambda: was_tried(busy_office, late, 1))
        fake_clock.advance(24 * 3600)
        run.ring()
        await eventually(lambda: has_status(busy_office, late, "failed"))
    message = await get(busy_office, late)
    assert message.delivery is not None
    assert message.delivery.failure_code == 131047
    assert "not handed over" in message.failure_details
    assert texts(meta) == ["Halo"]


@pytest.mark.parametrize(
    "shut_out",
    ["UPDATE staff SET disabled_at = 1 WHERE id = 1", "DELETE FROM staff WHERE id = 1"],
    ids=["disabled", "gone"],
)
async def test_who_was_shut_out_sends_nothing(
    busy_office: Office, meta: PretendMeta, sending: Sending, shut_out: str
) -> None:
    """What somebody queued before they lost their access is failed with the reason, not sent."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    await busy_office.database.write(lambda tx: tx.run(shut_out))
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "failed"))
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert message.delivery.failure_code == -1
    assert meta.requests == []


async def test_a_withdrawn_message_is_not_sent(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """Cancelled before its turn, a message stays here; the next one goes."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "salah")
    await reply(busy_office, conversation_id, "benar")
    await replies.cancel(busy_office, LAWYER, message_id)
    async with sending():
        await eventually(lambda: texts(meta) == ["benar"])
    assert await status_of(busy_office, message_id) == "cancelled"


async def test_too_late_to_withdraw(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A message that is being handed over cannot be cancelled any more."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.hang_before_accepting())
    async with sending() as run:
        await eventually(lambda: len(meta.requests) == 1)
        with pytest.raises(NotPending):
            await replies.cancel(run.office, LAWYER, message_id)
        run.task.cancel()


async def test_an_access_token_is_read_anew_for_each_call(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """A token that was replaced between two messages is used for the second without a restart."""
    conversation_id = await hear_from(busy_office)
    right, access_token.value = access_token.value, "EAAGwrong"
    message_id = await reply(busy_office, conversation_id, "Halo")
    async with sending() as run:
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM number WHERE paused_code = 190", 1))
        access_token.value = right
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert len(meta.requests) == 2
