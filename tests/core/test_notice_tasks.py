"""Where people meet legal notices that need them: the worklist and the banner of whoever is named for it."""

from datetime import timedelta

from tests.clocks import FakeClock
from tests.noticing import follow_up, hear, look, pressed, sent, with_notices
from tests.outbound import ASSISTANT, LAWYER
from wabridge.core import notice_records, notifications, worklist
from wabridge.core.office import Office
from wabridge.model.ids import StaffId

RINA, DEWI = StaffId(LAWYER.id), StaffId(ASSISTANT.id)


async def kinds(office: Office, viewer: StaffId) -> list[str]:
    """Return which banners one person sees."""
    return [banner.kind for banner in await notifications.list_banners(office, viewer=viewer)]


async def test_an_overdue_notice_waits_on_the_worklist(office: Office, fake_clock: FakeClock) -> None:
    """From the deadline on it is a task with its next step, until somebody has recorded what came of it."""
    found = await sent(office, deadline_at=office.clock.now() + timedelta(hours=1))
    assert (await worklist.get(office, LAWYER)).notices == ()
    fake_clock.advance(3601)
    await follow_up(office)
    (task,) = (await worklist.get(office, LAWYER)).notices
    assert (task.number, task.level, task.step, task.since) == (
        found.number,
        "overdue",
        "letter",
        found.version.deadline_at,
    )
    assert await worklist.count(office, LAWYER) == 1
    await notice_records.close(office, LAWYER, found.id, note="Selesai di luar")
    assert await worklist.count(office, LAWYER) == 0


async def test_whoever_is_named_sees_a_banner_until_they_have_seen_it(office: Office) -> None:
    """One person is told, the other is not; seen, it stays away until something new happens."""
    naming = with_notices(office, tell=("Dewi",))
    found = await sent(naming)
    await hear(naming, pressed(found, "question"))
    await follow_up(naming)
    assert await kinds(naming, DEWI) == ["notice_worry"]
    assert await kinds(naming, RINA) == []
    await notifications.set_seen(naming, ASSISTANT, "notice_worry")
    assert await kinds(naming, DEWI) == []
    await hear(naming, pressed(await look(naming, found.id), "notme", wamid="wamid.LATER"))
    await follow_up(naming)
    assert await kinds(naming, DEWI) == ["notice_worry", "identity_changed"]
    assert await kinds(naming, RINA) == ["identity_changed"]
