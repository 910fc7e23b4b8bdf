"""Nothing waits in silence: whoever must know is told once, and pages say so until it is decided."""

from tests.arrivals import ADA, BUDI, column
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken, Sending, eventually
from tests.outbound import LAWYER, has_status, hear_from, reply, says
from wabridge.core import conversations, worklist
from wabridge.core.office import Office
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta

TOLD = "SELECT kind FROM notification WHERE kind IN ('overdue', 'unknown') ORDER BY id"


async def waiting(office: Office) -> dict[str, int]:
    """Return what the worklist counts."""
    return {kind: number for kind, number in (await worklist.get(office, LAWYER)).counts.items() if number}


async def test_a_message_behind_a_pause_becomes_overdue_once(
    busy_office: Office, sending: Sending, access_token: AccessToken, fake_clock: FakeClock
) -> None:
    """After the office's limit staff are told once about each message, however often it is looked at."""
    for person in (ADA, BUDI):
        await reply(busy_office, await hear_from(busy_office, person), "Halo")
    access_token.value = ""
    async with sending() as run:
        await eventually(lambda: says(busy_office, "SELECT count(*) FROM number WHERE paused_at IS NOT NULL", 1))
        fake_clock.advance(30 * 60)
        await run.sender.look()
        assert await column(busy_office.database, TOLD) == []
        for _ in range(3):
            fake_clock.advance(60)
            await run.sender.look()
    assert await column(busy_office.database, TOLD) == ["overdue", "overdue"]
    assert await waiting(busy_office) == {"overdue": 2}


async def test_an_unknown_is_a_persons_after_metas_time_to_report(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Without a report in time staff are told once, and the task stands until a report comes or somebody decides."""
    message_id = await reply(busy_office, await hear_from(busy_office), "Halo")
    meta.answers.append(answers.reset_after_accepting())
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, message_id, "unknown"))
        fake_clock.advance(59)
        await run.sender.look()
        assert await waiting(busy_office) == {}
        for _ in range(3):
            fake_clock.advance(60)
            await run.sender.look()
    assert await column(busy_office.database, TOLD) == ["unknown"]
    assert await waiting(busy_office) == {"unknown": 1}


async def test_what_cannot_reach_meta_says_so_and_when_it_is_tried(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A message that could not leave the machine says until when it waits; past its time it is overdue, then held."""
    conversation_id = await hear_from(busy_office)
    message_id = await reply(busy_office, conversation_id, "Halo")
    await meta.stop()
    async with sending() as run:
        await eventually(lambda: says(busy_office, "SELECT tries FROM message WHERE direction = 'outbound'", 1))
        wait = (await conversations.get(busy_office, LAWYER, conversation_id)).waits[message_id]
        assert wait.reason == "not_sent"
        assert wait.until is not None
        assert 0 < (wait.until - fake_clock.now).total_seconds() <= 3
        fake_clock.advance(31 * 60)
        await run.sender.look()
        await eventually(lambda: says(busy_office, "SELECT hold FROM message WHERE hold IS NOT NULL", "late"))
    assert await waiting(busy_office) == {"held": 1}
    await meta.start()
