"""What could let a message wait without an end, or keep the sender busy with one for ever."""

import asyncio
from datetime import timedelta

from tests.arrivals import ADA, arrive, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.dispatch import AccessToken, Sending, eventually
from tests.outbound import LAWYER, has_status, hear_from, reply, says, send_file, status_of, was_tried
from wabridge.core import replies
from wabridge.core.office import Office
from wabridge.core.replies import Manner
from wabridge.gateway.statuses import Statuses
from wabridge.model.draft import Draft
from wabridge.model.event import ReportedError, StatusReport
from wabridge.sandbox import answers
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta

SETTLING_SECONDS = 120


async def test_a_clock_that_is_put_back_keeps_nothing_waiting(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Queued with a pause for second thoughts while the clock was seven hours ahead: it goes once that is right."""
    ada = await hear_from(busy_office)
    fake_clock.advance(7 * 3600)
    undo = Manner(undo=timedelta(seconds=10))
    queued = await replies.queue(busy_office, LAWYER, draft=Draft(text="Halo"), conversation_id=ada, manner=undo)
    async with sending() as run:
        await run.sender.look()
        assert meta.requests == []
        fake_clock.advance(-7 * 3600)
        run.ring()
        await eventually(lambda: has_status(busy_office, queued.message_id, "sent"))


async def test_a_rest_from_before_the_clock_was_put_back_is_begun_anew(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Meta's throughput limit, met while the clock was ahead and again afterwards: a rest of seconds, not of hours."""
    ada = await hear_from(busy_office)
    fake_clock.advance(7 * 3600)
    first = await reply(busy_office, ada, "satu")
    meta.answers.extend([answers.graph_error(400, 130429), answers.graph_error(400, 130429)])
    async with sending() as run:
        await eventually(lambda: was_tried(busy_office, first, 1))
        fake_clock.advance(-7 * 3600)
        run.ring()
        await eventually(lambda: was_tried(busy_office, first, 2))
        await asyncio.sleep(0.2)
        assert len(meta.requests) == 2
        fake_clock.advance(3)
        run.ring()
        await eventually(lambda: has_status(busy_office, first, "sent"))


async def test_a_second_try_whose_file_is_refused_ends(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """The file has to be uploaded anew for it, and Meta does not take it any more: once, then a person decides."""
    message_id = await send_file(busy_office, await hear_from(busy_office))
    meta.answers.append(answers.graph_error(500, 131000))
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        meta.faults.add(Fault.UPLOAD_REFUSED)
        await busy_office.database.write(lambda tx: tx.run("DROP TRIGGER upload_request_is_final"))
        await busy_office.database.write(lambda tx: tx.run("UPDATE upload SET token_mark = 'another'"))
        fake_clock.advance(SETTLING_SECONDS)
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM upload WHERE outcome = 'refused'", 1))
        await asyncio.sleep(0.5)
    assert await column(busy_office.database, "SELECT outcome FROM upload ORDER BY id") == ["taken", "refused"]
    assert await status_of(busy_office, message_id) == "unknown"
    assert await says(busy_office, "SELECT count(*) FROM second_try WHERE closed_at IS NULL", 0)


async def test_a_token_that_a_status_calls_invalid_stays_refused(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock, access_token: AccessToken
) -> None:
    """190 by a status names no token: the one in use counts as refused, and only another one lets sending go on."""
    ada = await hear_from(busy_office)
    meta.behaviour.report_sent = False
    async with sending() as run:
        first = await reply(run.office, ada, "satu")
        await eventually(lambda: has_status(busy_office, first, "sent"))
        taken, errors = meta.accepted[0], (ReportedError(code=190),)
        status = StatusReport(PHONE_NUMBER_ID, taken.wamid, "failed", recipient=ADA, errors=errors)
        await arrive(busy_office.database, status, at=fake_clock.now)
        await Statuses(run.office.database, run.office.broker, run.office.clock).look()
        second = await reply(run.office, ada, "dua")
        for _ in range(3):
            await run.sender.look()
        assert await status_of(busy_office, second) == "pending"
        assert await says(busy_office, "SELECT count(*) FROM number WHERE paused_at IS NOT NULL", 1)
        access_token.value += "x"
        run.ring()
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM attempt", 2))
