"""Meta's pace: towards one person, for a number, and what of it outlives a restart."""

import asyncio
import time
from datetime import timedelta
from functools import partial

import pytest

from tests.arrivals import ADA, BUDI, column
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken, Sending, eventually
from tests.outbound import LAWYER, has_status, hear_from, reply, says, status_of, was_tried
from wabridge.core import conversations
from wabridge.core.office import Office
from wabridge.gateway import sender
from wabridge.gateway.pacing import Bucket
from wabridge.model.event import Person
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.limits import PAIR_BURST
from wabridge.sandbox import answers
from wabridge.sandbox.graph import RATE_LIMIT
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import numbers, pacing
from wabridge.storage.instants import from_micros

PAUSED = "SELECT count(*) FROM number WHERE paused_at IS NOT NULL"


async def reason(office: Office, conversation_id: ConversationId, message_id: MessageId) -> str | None:
    """Return why a message waits, as its page has it."""
    view = await conversations.get(office, LAWYER, conversation_id)
    wait = view.waits.get(message_id)
    return None if wait is None else wait.reason


async def test_a_long_row_to_one_person_goes_at_metas_pace(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A burst goes at once; then one message in six seconds, also after a restart, and the page says why it waits."""
    meta.behaviour.pair_rate = True
    conversation_id = await hear_from(busy_office)
    ids = [await reply(busy_office, conversation_id, f"bagian {n}") for n in range(PAIR_BURST + 1)]
    async with sending():
        await eventually(lambda: has_status(busy_office, ids[PAIR_BURST - 2], "sent"))
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM pair_pace WHERE rests_until > 0", 1))
    assert len(meta.requests) == PAIR_BURST - 1
    assert await reason(busy_office, conversation_id, ids[-2]) == "pace"
    assert await reason(busy_office, conversation_id, ids[-1]) == "turn"
    async with sending() as run:
        await run.sender.look()
        for message_id in ids[-2:]:
            assert await status_of(busy_office, message_id) == "pending"
            fake_clock.advance(6)
            run.ring()
            await eventually(partial(has_status, busy_office, message_id, "sent"))
    assert [message.text for message in meta.accepted] == [f"bagian {n}" for n in range(PAIR_BURST + 1)]


async def test_what_meta_calls_too_fast_waits_four_times_longer_each_time(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """131056 again and again: rests of 1, 4 and 16 seconds for this person only, then it is forgotten."""
    ada, budi = await hear_from(busy_office, ADA), await hear_from(busy_office, BUDI)
    first = await reply(busy_office, ada, "satu")
    behind = await reply(busy_office, ada, "dua")
    async with sending() as run:
        for tries, rest in enumerate((1, 4, 16), start=1):
            meta.answers.append(answers.graph_error(400, 131056))
            run.ring()
            await eventually(partial(was_tried, busy_office, first, tries))
            assert await reason(busy_office, ada, first) == "too_fast"
            assert await reason(busy_office, ada, behind) == "turn"
            fake_clock.advance(rest - 0.5)
            await run.sender.look()
            assert len(meta.requests) == tries
            fake_clock.advance(0.5 + rest / 4)
        other = await reply(run.office, budi, "Halo Budi")
        await eventually(lambda: has_status(busy_office, other, "sent"))
        run.ring()
        await eventually(lambda: has_status(busy_office, first, "sent"))
    assert await column(busy_office.database, "SELECT rounds FROM pair_pace ORDER BY conversation_id") == [0, 0]


async def test_a_number_that_is_too_fast_rests_as_a_whole(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """130429 lets everybody wait, longer each time, across a restart; what is accepted afterwards ends the count."""
    ada, budi = await hear_from(busy_office, ADA), await hear_from(busy_office, BUDI)
    first = await reply(busy_office, ada, "satu")
    meta.answers.extend([answers.graph_error(400, 130429), answers.graph_error(400, 130429)])
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, first, 1))
        other = await reply(run.office, budi, "Halo Budi")
        await run.sender.look()
        assert len(meta.requests) == 1
        assert await reason(busy_office, budi, other) == "resting"
    async with sending() as run:
        await run.sender.look()
        assert len(meta.requests) == 1
        fake_clock.advance(1.25)
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT rounds FROM number_pace", 2))
        fake_clock.advance(2.5)
        run.ring()
        await eventually(lambda: has_status(busy_office, first, "sent"))
        await eventually(lambda: has_status(busy_office, other, "sent"))
    assert await says(busy_office, "SELECT rounds FROM number_pace", 0)


async def test_many_refusals_of_one_moment_are_one_round(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """What was under way together meets one limit, and the number's rest does not grow by it."""
    for person in (ADA, BUDI):
        meta.answers.append(answers.Answer(accepts=False, delay_seconds=0.2, error=RATE_LIMIT))
        await reply(busy_office, await hear_from(busy_office, person), "Halo")
    async with sending():
        await eventually(lambda: len(meta.requests) == 2)
        fake_clock.advance(0.1)
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM setback", 2))
    assert await says(busy_office, "SELECT rounds FROM number_pace", 1)


async def test_meta_may_name_the_rest_itself(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A Retry-After is kept to, with any retryable code."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    body = b'{"error":{"message":"(#2) Service","code":2}}'
    page = answers.Page(http=503, body=body, content_type="application/json", headers={"Retry-After": "90"})
    meta.answers.append(answers.Answer(accepts=False, page=page))
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, message_id, 1))
        fake_clock.advance(89)
        await run.sender.look()
        assert len(meta.requests) == 1
        fake_clock.advance(1)
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))


async def test_a_short_rest_does_not_replace_our_own_growing_pause(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Asked to wait one second each time, we do not come each second: each try waits longer than the one before."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    body = b'{"error":{"message":"(#2) Service","code":2}}'
    page = answers.Page(http=503, body=body, content_type="application/json", headers={"Retry-After": "1"})
    meta.answers.extend([answers.Answer(accepts=False, page=page)] * 4)
    waited = []
    async with sending() as run:
        for tries in range(1, 5):
            await eventually(partial(was_tried, busy_office, message_id, tries))
            (until,) = await column(busy_office.database, "SELECT not_before_at FROM message WHERE id = 2")
            waited.append(from_micros(int(str(until))) - fake_clock.now)
            fake_clock.advance(waited[-1].total_seconds())
            run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
    for pause, least in zip(waited, (2, 5, 15, 60), strict=True):
        assert timedelta(seconds=least) <= pause <= timedelta(seconds=least * 1.25)


async def test_a_locked_account_is_not_tried_again_with_another_token(
    busy_office: Office, meta: PretendMeta, sending: Sending, access_token: AccessToken
) -> None:
    """What Meta holds against the number is ended by a person, not by a new access token."""
    await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.graph_error(403, 131031))
    async with sending() as run:
        await eventually(lambda: says(busy_office, PAUSED, 1))
        access_token.value = "EAAGanother"
        await run.sender.look()
        await run.sender.look()
    assert await says(busy_office, PAUSED, 1)
    assert len(meta.requests) == 1


async def test_calls_that_hang_keep_nobody_waiting(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """With more calls hanging than there are lanes, somebody else's message goes at once."""
    people = [Person(phone=f"62812000{n:05}") for n in range(sender.LANES + 4)]
    for person in people:
        meta.answers.append(answers.hang_before_accepting())
        await reply(busy_office, await hear_from(busy_office, person), "Menggantung")
    async with sending() as run:
        await eventually(lambda: len(meta.requests) == len(people))
        begun = time.monotonic()
        other = await reply(run.office, await hear_from(busy_office, BUDI), "Halo Budi")
        await eventually(lambda: has_status(busy_office, other, "sent"))
        assert time.monotonic() - begun < sender.HANGS_AFTER_SECONDS
        run.task.cancel()


async def test_a_number_may_have_another_share(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """What Meta says about the number's throughput counts from the next look on."""
    number_id = await busy_office.database.write(lambda tx: numbers.ensure(tx, meta.account.phone_number_id))
    await busy_office.database.write(lambda tx: pacing.set_throughput(tx, number_id, per_second=20))
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
        assert run.sender._bucket.per_second == 20  # noqa: SLF001 - its effect is timed in the bucket's own test


@pytest.mark.parametrize("unused", [0, 20])
async def test_a_bucket_lets_go_so_many_a_second(unused: int) -> None:
    """Forty messages at 100 a second need what lies beyond the small burst; a share given back is used again."""
    bucket = Bucket(100)
    begun = asyncio.get_running_loop().time()
    for _ in range(unused):
        await bucket.wait()
        bucket.give_back()
    for _ in range(40):
        await bucket.wait()
    assert asyncio.get_running_loop().time() - begun >= 0.28
