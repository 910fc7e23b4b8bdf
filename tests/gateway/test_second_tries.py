"""Codes 1 and 131000: Meta was unsure itself. It waits for a status, tries once more, then a person decides."""

import pytest

from tests.arrivals import ADA, BUDI, arrive, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.dispatch import Sending, eventually
from tests.outbound import LAWYER, get, has_status, hear_from, reply, says, status_of
from wabridge.core import conversations, worklist
from wabridge.core.office import Office
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import StatusReport
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import second_tries

SETTLING_SECONDS = 120
UNSURE = answers.graph_error(500, 131000)
ATTEMPTS = "SELECT count(*) FROM attempt"


def texts(meta: PretendMeta) -> list[str]:
    """Return what reached Meta, in order, taken or not."""
    return [request.body["text"]["body"] for request in meta.requests]


async def waiting(office: Office) -> dict[str, int]:
    """Return what the worklist counts."""
    return {kind: number for kind, number in (await worklist.get(office, LAWYER)).counts.items() if number}


@pytest.mark.parametrize("code", [1, 131000])
async def test_it_is_tried_once_more_before_what_is_behind_it(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock, code: int
) -> None:
    """Unknown at first; after the settling time one further attempt with a token of its own, and order is kept."""
    conversation_id = await hear_from(busy_office)
    first = await reply(busy_office, conversation_id, "satu")
    behind = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(answers.graph_error(500, code))
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, first, "unknown"))
        fake_clock.advance(SETTLING_SECONDS - 1)
        await run.sender.look()
        view = await conversations.get(busy_office, LAWYER, conversation_id)
        assert {message_id: wait.reason for message_id, wait in view.waits.items()} == {
            first: "second_try",
            behind: "behind_unknown",
        }
        assert await waiting(busy_office) == {}
        fake_clock.advance(1)
        run.ring()
        await eventually(lambda: has_status(busy_office, behind, "sent"))
    assert texts(meta) == ["satu", "satu", "dua"]
    assert await status_of(busy_office, first) == "sent"
    assert len(set(await column(busy_office.database, "SELECT token FROM attempt"))) == 3


@pytest.mark.parametrize(
    "second", [UNSURE, answers.html(502), answers.graph_error(503, 2), answers.graph_error(400, 131026)]
)
async def test_after_the_second_try_a_person_decides(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock, second: answers.Answer
) -> None:
    """Whatever the second answer is, if it is not taken there is no third; staff are told once, in words that stay."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.extend([UNSURE, second])
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        fake_clock.advance(SETTLING_SECONDS)
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM attempt WHERE settled_at IS NOT NULL", 2))
        for _ in range(3):
            fake_clock.advance(3600)
            await run.sender.look()
    assert len(meta.requests) == 2
    assert await status_of(busy_office, message_id) == "unknown"
    assert await column(busy_office.database, "SELECT message_id FROM notification WHERE kind = 'unknown'") == [
        message_id
    ]
    assert await waiting(busy_office) == {"unknown": 1}


async def test_a_status_in_time_makes_the_second_try_needless(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """If Meta did take it, its status settles the message, and nothing is sent again."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.Answer(error=UNSURE.error))
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        taken = meta.accepted[0]
        status = StatusReport(PHONE_NUMBER_ID, taken.wamid, "sent", recipient=ADA, token=taken.callback_data)
        await arrive(busy_office.database, status, at=fake_clock.now)
        await Statuses(run.office.database, run.office.broker, run.office.clock).look()
        fake_clock.advance(SETTLING_SECONDS + 1)
        await run.sender.look()
    assert await status_of(busy_office, message_id) == "sent"
    assert await says(busy_office, ATTEMPTS, 1)


async def test_both_turn_out_sent_and_the_page_says_so(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A status of the first attempt after the second was accepted: the client may have it twice, in words."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.Answer(error=UNSURE.error))
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        fake_clock.advance(SETTLING_SECONDS)
        run.ring()
        await eventually(lambda: has_status(busy_office, message_id, "sent"))
        late = meta.accepted[0]
        status = StatusReport(PHONE_NUMBER_ID, late.wamid, "delivered", recipient=ADA, token=late.callback_data)
        await arrive(busy_office.database, status, at=fake_clock.now)
        await Statuses(run.office.database, run.office.broker, run.office.clock).look()
    known = (await get(busy_office, message_id)).delivery
    assert known is not None
    assert (known.status, known.twice) == ("delivered", True)


@pytest.mark.parametrize("hours", [1, 25])
async def test_no_second_try_comes_late_or_outside_the_window(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock, hours: int
) -> None:
    """After a long standstill the message stays unknown for a person, and is not sent."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(UNSURE)
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
    fake_clock.advance(hours * 3600)
    async with sending() as run:
        await run.sender.look()
        fake_clock.advance(SETTLING_SECONDS)
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM second_try WHERE closed_at IS NULL", 0))
        fake_clock.advance(SETTLING_SECONDS)
        await run.sender.look()
    assert await status_of(busy_office, message_id) == "unknown"
    assert len(meta.requests) == 1
    assert await waiting(busy_office) == {"unknown": 1}


async def test_a_decision_or_a_restore_takes_it_back(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Once closed, by a person or because a backup was put back, the second try is not made."""
    ids = []
    async with sending() as run:
        for person, close in ((ADA, True), (BUDI, False)):
            meta.answers.append(UNSURE)
            ids.append(await reply(run.office, await hear_from(busy_office, person), "Halo"))
            await eventually(lambda: has_status(busy_office, ids[-1], "unknown"))
            if close:
                await busy_office.database.write(lambda tx: second_tries.close(tx, ids[0], now=fake_clock.now))
        await busy_office.database.write(second_tries.close_all)
        fake_clock.advance(SETTLING_SECONDS)
        await run.sender.look()
    assert [await status_of(busy_office, message_id) for message_id in ids] == ["unknown", "unknown"]
    assert len(meta.requests) == 2


async def test_after_a_restart_it_listens_first(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Reports that came while the program was away are still on their way: a whole settling time is waited anew."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "satu")
    behind = await reply(busy_office, conversation_id, "dua")
    meta.answers.append(UNSURE)
    async with sending():
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
    fake_clock.advance(SETTLING_SECONDS + 1)
    async with sending() as run:
        await run.sender.look()
        fake_clock.advance(SETTLING_SECONDS - 1)
        await run.sender.look()
        assert texts(meta) == ["satu"]
        view = await conversations.get(busy_office, LAWYER, conversation_id)
        assert view.waits[behind].reason == "behind_unknown"
        fake_clock.advance(1)
        run.ring()
        await eventually(lambda: has_status(busy_office, behind, "sent"))
    assert texts(meta) == ["satu", "satu", "dua"]


async def test_what_has_arrived_is_applied_first(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """While a report lies here that nobody has read yet, nothing is tried again: it may be about this message."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.Answer(error=UNSURE.error))
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        taken = meta.accepted[0]
        status = StatusReport(PHONE_NUMBER_ID, taken.wamid, "sent", recipient=ADA, token=taken.callback_data)
        await arrive(busy_office.database, status, at=fake_clock.now)
        fake_clock.advance(SETTLING_SECONDS)
        for _ in range(3):
            await run.sender.look()
            await eventually(lambda: not run.sender._lanes)  # noqa: SLF001 - every lane has looked and found nothing
        assert len(meta.requests) == 1
        await Statuses(run.office.database, run.office.broker, run.office.clock).look()
        await run.sender.look()
    assert await status_of(busy_office, message_id) == "sent"
    assert len(meta.requests) == 1
