"""One error, counted once: however often, by whichever road and in whichever order Meta says it."""

from datetime import timedelta

import pytest

from tests.arrivals import ADA, arrive, column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import LAWYER, WAY, get, hear_from, reply, says, status_of
from wabridge.core import conversations, replies
from wabridge.core.office import Office
from wabridge.gateway import handover
from wabridge.gateway.handover import Opened, Result
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import ReportedError, StatusReport
from wabridge.model.outcome import Accepted, Exchange, Outcome, Refused, Unknown

PAUSES = "SELECT count(*) FROM number WHERE paused_at IS NOT NULL"


async def open_(office: Office) -> Opened:
    """Queue a text to Ada and open its attempt."""
    conversation_id = await hear_from(office)
    await reply(office, conversation_id, "Halo")
    now = office.clock.now()
    opened = await office.database.write(
        lambda tx: handover.open_next(
            tx,
            conversation_id,
            way=WAY,
            instant=office.clock.instant(),
            settled_before=now - timedelta(minutes=2),
            late_before=now - timedelta(minutes=30),
        )
    )
    assert isinstance(opened, Opened)
    return opened


async def answer(office: Office, opened: Opened, outcome: Outcome) -> None:
    """Settle an attempt."""
    result = Result(Exchange(outcome), office.clock.now(), "fingerprint")
    await office.database.write(lambda tx: handover.settle(tx, opened, result, jitter=0))


async def report(office: Office, opened: Opened, code: int, *, word: str = "failed") -> None:
    """Let a status of an attempt arrive, with its token."""
    row = await office.database.read(lambda tx: tx.one("SELECT token FROM attempt WHERE id = ?", (opened.attempt_id,)))
    assert row is not None
    errors = (ReportedError(code=code),) if word == "failed" else ()
    status = StatusReport(PHONE_NUMBER_ID, "wamid.OUT9", word, recipient=ADA, token=row["token"], errors=errors)
    await arrive(office.database, status, at=office.clock.now())
    await Statuses(office.database, office.broker, office.clock).look()


@pytest.mark.parametrize("roads", ["answer status", "status answer", "status status answer", "answer status status"])
@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (Refused(131056, "retry"), "SELECT rounds FROM pair_pace"),
        (Refused(130429, "retry"), "SELECT rounds FROM number_pace"),
        (Refused(131026, "fail"), "SELECT times FROM contact_mark"),
    ],
    ids=lambda value: str(value.code) if isinstance(value, Refused) else "",
)
async def test_an_error_by_both_roads_counts_once(
    busy_office: Office, fake_clock: FakeClock, roads: str, outcome: Refused, counted: str
) -> None:
    """As the answer and as a status, repeated or not, in any order: one round, one mark."""
    opened = await open_(busy_office)
    for road in roads.split():
        if road == "answer":
            await answer(busy_office, opened, outcome)
        else:
            await report(busy_office, opened, outcome.code)
        fake_clock.advance(1)
    assert await says(busy_office, counted, 1)
    assert await says(busy_office, "SELECT count(*) FROM setback", 1)


async def test_a_report_of_something_old_stops_nothing_anew(busy_office: Office, fake_clock: FakeClock) -> None:
    """Once a person has resumed sending, a late status of what went before does not pause it again."""
    first = await open_(busy_office)
    await answer(busy_office, first, Refused(131042, "pause"))
    assert await says(busy_office, PAUSES, 1)
    fake_clock.advance(60)
    await replies.resume_sending(busy_office, LAWYER)
    await report(busy_office, first, 131031)
    assert await says(busy_office, PAUSES, 0)
    fake_clock.advance(60)
    second = await open_(busy_office)
    await answer(busy_office, second, Unknown("timeout"))
    await report(busy_office, second, 131031)
    assert await says(busy_office, PAUSES, 1)


async def test_a_person_who_answers_or_gets_something_can_be_reached_again(
    busy_office: Office, fake_clock: FakeClock
) -> None:
    """The mark stands on the conversation until the person writes; a delivery takes it back for good."""
    opened = await open_(busy_office)
    await answer(busy_office, opened, Refused(131026, "fail"))

    async def marks() -> list[tuple[str, int]]:
        view = await conversations.get(busy_office, LAWYER, opened.conversation_id)
        return [(mark.kind, mark.times) for mark in view.marks]

    assert await marks() == [("unreachable", 1)]
    fake_clock.advance(60)
    second = await open_(busy_office)  # Ada has written again
    assert await marks() == []
    await answer(busy_office, second, Accepted("wamid.OUT9"))
    await report(busy_office, second, 131026)
    assert await marks() == [("unreachable", 2)]
    await report(busy_office, second, 0, word="delivered")
    assert await marks() == []
    assert await column(busy_office.database, "SELECT kind FROM contact_mark") == []


async def test_a_failure_by_status_is_never_repeated_by_itself(busy_office: Office) -> None:
    """Meta had taken the message: even with a code that would be tried again it has failed, and a person decides."""
    opened = await open_(busy_office)
    await answer(busy_office, opened, Accepted("wamid.OUT9"))
    await report(busy_office, opened, 131056)
    assert await status_of(busy_office, opened.message_id) == "failed"
    message = await get(busy_office, opened.message_id)
    assert message.tries == 0
