"""Sending when something is wrong: paused, unanswered, killed, or without a disk."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.arrivals import ADA, BUDI, arrive, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.dispatch import AccessToken, Sending, eventually
from tests.outbound import LAWYER, WAY, get, has_status, hear_from, reply, says, status_of, was_tried
from tests.storage.disks import locked
from wabridge.core import replies
from wabridge.core.office import Office
from wabridge.errors import NotPending, WindowClosed
from wabridge.gateway import handover
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import StatusReport
from wabridge.model.ids import MessageId
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import numbers
from wabridge.whatsapp.cloud_api import CloudApi

PAUSED = "SELECT count(*) FROM number WHERE paused_at IS NOT NULL"


def texts(meta: PretendMeta) -> list[str]:
    """Return what Meta has taken, in order."""
    return [message.text for message in meta.accepted]


async def report(office: Office, wamid: str, status: str = "sent", *, token: str | None = None) -> None:
    """Let a delivery status arrive and be applied."""
    await arrive(office.database, StatusReport(PHONE_NUMBER_ID, wamid, status, token=token), at=office.clock.now())
    await Statuses(office.database, office.broker, office.clock).look()


async def test_a_refused_token_pauses_and_keeps_everything_pending(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """After one refusal nothing more is sent, every message stays pending, and a trace says why."""
    ids = [await reply(busy_office, await hear_from(busy_office, person), "Halo") for person in (ADA, BUDI)]
    access_token.value = "EAAGexpired"
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        seen = len(meta.requests)
        await run.sender.look()
        await reply(run.office, await hear_from(busy_office), "Masih ada?")
        await run.sender.look()
        assert len(meta.requests) == seen
    assert [await status_of(busy_office, message_id) for message_id in ids] == ["pending", "pending"]
    assert await column(busy_office.database, "SELECT DISTINCT verb FROM act WHERE actor_kind = 'rule'") == [
        "paused_sending"
    ]


async def test_the_pause_survives_a_restart_and_ends_with_a_new_token(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """The same token is not tried again after a restart; another one is, by itself."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    right, access_token.value = access_token.value, "EAAGexpired"
    async with sending():
        await eventually(lambda: says(busy_office, PAUSED, 1))
    async with sending() as run:
        await run.sender.look()
        assert len(meta.requests) == 1
        access_token.value = right
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert await says(busy_office, PAUSED, 0)


async def test_a_person_resumes_sending(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """When a lawyer says the trouble is over, the same token is tried again, and the act is recorded."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.graph_error(403, 368, message="Temporarily blocked"))
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        await replies.resume_sending(run.office, LAWYER)
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert "resumed_sending" in await column(busy_office.database, "SELECT verb FROM act WHERE actor_kind = 'staff'")


async def test_an_unreadable_token_pauses_and_is_no_crash(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """Without a readable access token sending is paused; as soon as it can be read, sending goes on."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    right, access_token.value = access_token.value, ""
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        number_id = await busy_office.database.read(lambda tx: numbers.ensure(tx, PHONE_NUMBER_ID))
        pause = await busy_office.database.read(lambda tx: numbers.get_pause(tx, number_id))
        assert pause is not None
        assert pause.reason == "token_unreadable"
        assert meta.requests == []
        access_token.value = right
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))


@pytest.mark.parametrize("token", ["\ufeffEAAGmarked", "EAAGtwo\nlines", "\udcff"], ids=["bom", "lines", "surrogate"])
async def test_a_token_that_no_header_can_carry_pauses(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken, token: str
) -> None:
    """A token with a byte-order mark or a second line pauses sending before anything is tried, and is no crash."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    right, access_token.value = access_token.value, token
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        assert await column(busy_office.database, "SELECT id FROM attempt") == []
        access_token.value = right
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))


async def test_a_try_that_comes_too_late_is_not_made(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A message that waits longer than the office's limit for its next try is held with what is behind it."""
    conversation_id = await hear_from(busy_office)
    late = await reply(busy_office, conversation_id, "satu")
    behind = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.graph_error(400, 130429))
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, late, 1))
        fake_clock.advance(31 * 60)
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM message WHERE hold = 'late'", 2))
        assert len(meta.requests) == 1
        await replies.release(run.office, LAWYER, late)
        await eventually(lambda: has_status(busy_office, late, "sent"))
    assert texts(meta) == ["satu"]
    assert await status_of(busy_office, behind) == "pending"


async def test_what_waited_too_long_is_held_for_a_person(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken, fake_clock: FakeClock
) -> None:
    """After a pause a fresh reply goes; a late one and what was written behind it wait for a decision each."""
    ada, budi = await hear_from(busy_office, ADA), await hear_from(busy_office, BUDI)
    late = await reply(busy_office, ada, "satu")
    right, access_token.value = access_token.value, "EAAGexpired"
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        fake_clock.advance(31 * 60)
        behind = await reply(run.office, ada, "dua")
        fresh = await reply(run.office, budi, "tiga")
        access_token.value = right
        run.ring()
        await eventually(lambda: has_status(busy_office, fresh, "sent"))
        assert texts(meta) == ["tiga"]
        assert [(await get(busy_office, message_id)).hold for message_id in (late, behind)] == ["late", "late"]
        await replies.release(run.office, LAWYER, late)
        await eventually(lambda: has_status(busy_office, late, "sent"))
        await replies.cancel(run.office, LAWYER, behind)
    assert texts(meta) == ["tiga", "satu"]
    assert await status_of(busy_office, behind) == "cancelled"


async def test_only_what_is_held_can_be_released(
    busy_office: Office, sending: Sending, access_token: AccessToken, fake_clock: FakeClock
) -> None:
    """A pending message cannot be released, and a held one not outside the window: it stays held."""
    late = await reply(busy_office, await hear_from(busy_office), "Halo")
    with pytest.raises(NotPending):
        await replies.release(busy_office, LAWYER, late)
    right, access_token.value = access_token.value, ""
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        fake_clock.advance(25 * 3600)
        access_token.value = right
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT hold FROM message WHERE hold IS NOT NULL", "late"))
        with pytest.raises(WindowClosed):
            await replies.release(run.office, LAWYER, late)
    assert (await get(busy_office, late)).hold == "late"


async def test_what_waited_while_the_program_was_stopped_is_held(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A message that a long standstill of the program made late is not sent silently either."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    fake_clock.advance(31 * 60)
    async with sending() as run:
        await run.sender.look()
        assert (await get(busy_office, message_id)).hold == "late"
    assert meta.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        answers.reset_after_accepting(),
        answers.cut_after_accepting(),
        answers.html(502, accepted=True),
        answers.without_id(accepted=True),
    ],
    ids=["reset", "cut", "html", "no-id"],
)
async def test_an_unclear_answer_is_unknown_and_not_repeated(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock, answer: answers.Answer
) -> None:
    """What may have arrived is never sent again on its own, however much time passes."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answer)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        fake_clock.advance(3600)
        await run.sender.look()
    assert texts(meta) == ["Halo"]
    assert await status_of(busy_office, message_id) == "unknown"


async def test_an_unknown_holds_its_contact_for_the_settling_time(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Behind an unknown the next message waits 120 seconds, then goes; the unknown stays for a person."""
    conversation_id = await hear_from(busy_office)
    unknown = await reply(busy_office, conversation_id, "satu")
    later = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.reset_before_accepting())
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, unknown, "unknown"))
        fake_clock.advance(119)
        await run.sender.look()
        assert texts(meta) == []
        fake_clock.advance(2)
        run.ring()
        await eventually(lambda: has_status(busy_office, later, "sent"))
    assert await status_of(busy_office, unknown) == "unknown"


async def test_a_clock_that_is_put_back_holds_nobody(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Behind an unknown from what is now the future the next message does not wait until that future has come."""
    conversation_id = await hear_from(busy_office)
    unknown = await reply(busy_office, conversation_id, "satu")
    later = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.reset_before_accepting())
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, unknown, "unknown"))
        fake_clock.advance(-3600)
        run.ring()
        await eventually(lambda: has_status(busy_office, later, "sent"))


async def test_a_status_with_our_token_settles_an_unknown(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """The first status that carries the attempt's token makes it sent, and its contact need not wait any longer."""
    conversation_id = await hear_from(busy_office)
    unknown = await reply(busy_office, conversation_id, "satu")
    later = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.reset_after_accepting())
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, unknown, "unknown"))
        taken = meta.accepted[0]
        await report(run.office, taken.wamid, "delivered", token=taken.callback_data)
        await eventually(lambda: has_status(busy_office, later, "sent"))
    message = await get(busy_office, unknown)
    assert message.delivery is not None
    assert (message.delivery.status, message.delivery.accepted_at) == ("delivered", None)
    assert texts(meta) == ["satu", "dua"]


async def test_a_status_may_be_faster_than_the_answer(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A status that comes while the call is open is kept, and the answer completes it."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.slow(0.3))
    async with sending() as run:
        await eventually(lambda: texts(meta) == ["Halo"])
        taken = meta.accepted[0]
        await report(run.office, taken.wamid, "read", token=taken.callback_data)
        await report(run.office, taken.wamid, "sent")
        assert await status_of(busy_office, message_id) == "read"
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert (message.delivery.status, message.delivery.accepted_at) == ("read", busy_office.clock.now())
    assert len(message.events) == 2
    assert await column(busy_office.database, "SELECT wamid FROM attempt") == [taken.wamid]


async def test_a_stop_in_the_middle_of_a_call_leaves_unknown(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """When the program must stop before the answer is there, the outcome is unknown, not pending."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.hang_after_accepting())
    async with sending() as run:
        await eventually(lambda: texts(meta) == ["Halo"])
        run.task.cancel()
    assert await status_of(busy_office, message_id) == "unknown"


async def test_a_clean_stop_waits_for_the_answer(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A stop in the middle of a call lets the answer come in, and begins nothing new."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "satu")
    await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.slow(0.2))
    async with sending():
        await eventually(lambda: texts(meta) == ["satu"])
    assert await status_of(busy_office, message_id) == "sent"
    assert texts(meta) == ["satu"]


@pytest.mark.parametrize("was_called", [False, True], ids=["before-the-call", "after-the-call"])
async def test_a_killed_attempt_is_unknown_at_the_next_start(
    busy_office: Office, meta: PretendMeta, api: CloudApi, sending: Sending, was_called: bool
) -> None:
    """Killed between writing the attempt down and storing the answer, the message is unknown and never sent twice."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "Halo")
    now = busy_office.clock.now()
    opened = await busy_office.database.write(
        lambda tx: handover.open_next(
            tx,
            conversation_id,
            way=WAY._replace(messages_url=api.messages_url(PHONE_NUMBER_ID)),
            instant=busy_office.clock.instant(),
            settled_before=now - timedelta(seconds=120),
            late_before=now,
        )
    )
    assert isinstance(opened, handover.Opened)
    if was_called:
        await api.send(PHONE_NUMBER_ID, opened.body, access_token=meta.account.access_token)
    async with sending() as run:
        await run.sender.look()
        assert await status_of(busy_office, message_id) == "unknown"
        if was_called:
            taken = meta.accepted[0]
            await report(run.office, taken.wamid, token=taken.callback_data)
            assert await status_of(busy_office, message_id) == "sent"
    assert len(meta.requests) == was_called
    assert await column(busy_office.database, "SELECT settled_by FROM attempt") == [
        "status" if was_called else "restart"
    ]


async def test_an_outcome_waits_in_memory_for_the_disk(
    busy_office: Office, meta: PretendMeta, sending: Sending, data_folder: Path
) -> None:
    """If the answer cannot be stored it is kept and stored later; the message is not sent again, its wamid not lost."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.slow(0.1))
    async with sending():
        await eventually(lambda: texts(meta) == ["Halo"])
        with locked(data_folder / "wabridge.db"):
            await eventually(lambda: busy_office.database.failing_since is not None)
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    assert texts(meta) == ["Halo"]
    assert await column(busy_office.database, "SELECT wamid FROM attempt") == [meta.accepted[0].wamid]


async def test_without_a_disk_nothing_is_sent(
    busy_office: Office, meta: PretendMeta, sending: Sending, data_folder: Path
) -> None:
    """No call begins before its attempt is on the disk; when the disk is back, the message goes."""
    conversation_id = await hear_from(busy_office)
    async with sending() as run:
        await run.sender.look()
        message_id = await reply(busy_office, conversation_id, "Halo")
        with locked(data_folder / "wabridge.db"):
            run.ring()
            await eventually(lambda: busy_office.database.failing_since is not None)
            assert meta.requests == []
        await eventually(lambda: has_status(busy_office, message_id, "sent"))


async def test_a_fault_in_a_lane_ends_the_program(busy_office: Office, sending: Sending) -> None:
    """A lane that raises something nobody expects takes the whole group down: no silent half-dead sender."""
    await reply(busy_office, await hear_from(busy_office), "Halo")
    await busy_office.database.write(lambda tx: tx.run("DROP TABLE attempt"))
    with pytest.raises(BaseExceptionGroup):
        async with sending() as run, asyncio.timeout(5):
            await run.task


async def test_tries_of_a_pause_do_not_count(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """A refusal that concerns the account costs the message no try."""
    message_id: MessageId = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.token_invalid())
    async with sending():
        await eventually(lambda: says(busy_office, PAUSED, 1))
    assert await was_tried(busy_office, message_id, 0)
