"""What is done about a notice that nobody has confirmed."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.notices import DEADLINE, NOON, carrier, event, notice, version
from wabridge.model.followup import NEXT, Due, NextStep, Schedule, due, next_at, next_step
from wabridge.model.notice import NoticeEvent
from wabridge.model.notice_level import LADDER, stand

HOUR = timedelta(hours=1)
PLAN = Schedule(reminders=(24 * HOUR, 48 * HOUR), warn_before=12 * HOUR)
DELIVERED = (carrier("delivered"),)
YES, SILENCE = event("answered", "confirmed"), event("overdue", at=DEADLINE)
SOON, JUST_BEFORE, AFTER = NOON + 25 * HOUR, DEADLINE - HOUR, DEADLINE + HOUR


def reminded(number: int, **more: Any) -> NoticeEvent:
    """Compose a reminder that was sent."""
    return event("reminded", str(number), at=NOON + timedelta(days=number), **more)


@pytest.mark.parametrize(
    ("events", "hours", "expected"),
    [
        ((), 1, Due()),
        ((), 25, Due(reminder=1)),
        ((reminded(1),), 26, Due()),
        ((reminded(1),), 48, Due(reminder=2)),
        ((), 50, Due(reminder=2)),
        ((reminded(2),), 59, Due()),
        ((reminded(2),), 60, Due(worries=("deadline_near",))),
        ((reminded(2), event("escalated", "deadline_near")), 71, Due()),
        ((reminded(2),), 73, Due(is_overdue=True, worries=("overdue",))),
        ((reminded(2), SILENCE), 74, Due(worries=("overdue",))),
        ((SILENCE, event("escalated", "overdue")), 24 * 365, Due()),
        ((), 24 * 365, Due(is_overdue=True, worries=("overdue",))),
        ((YES,), 25, Due(receipt=True)),
        ((YES, event("receipt")), 24 * 365, Due()),
        ((event("answered", "confirmed_late"), SILENCE), 80, Due(receipt=True)),
        ((event("recorded", "confirmed"),), 100, Due()),
        ((event("answered", "not_me"),), 25, Due(worries=("not_me",))),
        ((event("recorded", "refused"),), 25, Due()),
        ((event("answered", "question"),), 25, Due(reminder=1, worries=("question",))),
        ((event("answered", "not_counted"),), 25, Due(reminder=1, worries=("unclear",))),
        ((event("answered", "responded"), event("escalated", "responded")), 25, Due(reminder=1)),
        ((reminded(1, objection="window_closed"),), 26, Due(worries=("not_reminded",))),
        ((event("closed"),), 24 * 365, Due()),
    ],
)
def test_what_is_due_follows_from_the_events(events: tuple[NoticeEvent, ...], hours: int, expected: Due) -> None:
    """At each hour after the sending it is clear what has to be done, once."""
    assert due(notice(*events, carriers=DELIVERED), PLAN, now=NOON + hours * HOUR) == expected


def test_a_long_silence_of_the_program_sends_one_reminder() -> None:
    """A clock that jumps over both times sends the second one only, and never the first one afterwards."""
    late = NOON + 50 * HOUR
    assert due(notice(carriers=DELIVERED), PLAN, now=late).reminder == 2
    done = notice(event("reminded", "2", at=late), carriers=DELIVERED)
    for hours in (0, 24, 48, 50):
        assert due(done, PLAN, now=NOON + hours * HOUR).reminder is None


def test_a_clock_put_back_repeats_nothing() -> None:
    """What was done while the clock was ahead is done."""
    ahead = notice(event("reminded", "1", at=NOON + 30 * HOUR), event("overdue", at=AFTER), carriers=DELIVERED)
    assert due(ahead, PLAN, now=NOON + 25 * HOUR) == Due(worries=("overdue",))


@pytest.mark.parametrize("status", ["pending", "unknown", "failed"])
def test_nobody_is_reminded_of_what_may_not_have_come(status: Any) -> None:
    """A reminder of a notice that nobody took says nothing to its reader."""
    assert due(notice(carriers=(carrier(status),)), PLAN, now=SOON).reminder is None


def test_what_never_went_is_not_overdue() -> None:
    """A draft whose deadline passes is nobody's silence."""
    assert due(notice(carriers=()), PLAN, now=AFTER) == Due()
    assert due(notice(carriers=(carrier("cancelled"),)), PLAN, now=AFTER) == Due()


def test_sent_again_it_is_reminded_of_again() -> None:
    """Reminders count from the newest sending."""
    again = carrier("delivered", message_id=3, at=NOON + 30 * HOUR)
    twice = notice(event("reminded", "1", at=SOON), carriers=(carrier("failed"), again))
    assert due(twice, PLAN, now=NOON + 53 * HOUR).reminder is None
    assert due(twice, PLAN, now=NOON + 55 * HOUR).reminder == 1


def test_the_follow_up_knows_when_to_look_again() -> None:
    """The next moment is the nearest of reminders, warning and deadline; afterwards there is none."""
    open_ = notice(carriers=DELIVERED)
    assert next_at(open_, PLAN, now=NOON) == NOON + 24 * HOUR
    assert next_at(open_, PLAN, now=SOON) == NOON + 48 * HOUR
    assert next_at(open_, PLAN, now=NOON + 49 * HOUR) == DEADLINE - 12 * HOUR
    after_deadline = next_at(open_, PLAN, now=JUST_BEFORE)
    assert after_deadline is not None
    assert due(open_, PLAN, now=after_deadline).is_overdue
    assert next_at(open_, PLAN, now=AFTER) is None
    assert next_at(notice(YES), PLAN, now=NOON) is None
    assert next_at(notice(carriers=()), PLAN, now=NOON) is None


def test_at_the_deadline_itself_nobody_is_late() -> None:
    """An answer in the very second of the deadline is in time."""
    assert not due(notice(carriers=DELIVERED), PLAN, now=DEADLINE).is_overdue


def test_an_office_without_a_schedule_reminds_nobody() -> None:
    """Without reminders and warning only the silence at the deadline is left."""
    assert due(notice(carriers=DELIVERED), Schedule(), now=AFTER) == Due(is_overdue=True, worries=("overdue",))
    assert due(notice(carriers=DELIVERED), Schedule(), now=JUST_BEFORE) == Due()


@pytest.mark.parametrize(
    ("events", "status", "step"),
    [
        ((), "pending", "wait"),
        ((), "failed", "send_again"),
        ((), "delivered", "call"),
        ((SILENCE,), "read", "call_then_letter"),
        ((SILENCE,), "sent", "letter"),
        ((event("answered", "question"),), "read", "answer"),
        ((event("answered", "responded"),), "read", "read_reply"),
        ((YES, event("answered", "not_me")), "read", "make_sure"),
        ((YES,), "read", "nothing"),
        ((SILENCE, event("closed")), "read", "nothing"),
    ],
)
def test_every_state_has_a_next_step(events: tuple[NoticeEvent, ...], status: Any, step: NextStep) -> None:
    """What somebody should do next follows from the level and from how far it came."""
    found = notice(*events, carriers=(carrier(status),))
    assert next_step(found, stand(found)) == step


def test_no_level_is_without_a_next_step() -> None:
    """The table covers the ladder."""
    assert set(NEXT) == {rung.level for rung in LADDER}


def test_without_a_deadline_nothing_is_overdue() -> None:
    """A notice that waits for ever is reminded of, and never overdue."""
    patient = notice(carriers=DELIVERED)
    version = msgspec.structs.replace(patient.version, deadline_at=None)
    patient = msgspec.structs.replace(patient, versions=(version,))
    assert due(patient, PLAN, now=NOON + 24 * 365 * HOUR) == Due(reminder=2)
    assert next_at(patient, PLAN, now=NOON + 24 * 365 * HOUR) is None


def test_sent_again_with_another_deadline_its_silence_is_recorded_and_told_anew() -> None:
    """People are told of the second deadline as of the first, each once."""
    told, second = event("escalated", "overdue", at=DEADLINE), DEADLINE + 100 * HOUR
    again = carrier("delivered", version_id=2, message_id=2, at=AFTER)
    versions = (version(), version(id=2, number=2, deadline_at=second))
    found = notice(SILENCE, told, carriers=(carrier("failed"), again), versions=versions)
    assert due(found, Schedule(), now=second) == Due()
    assert due(found, Schedule(), now=second + HOUR) == Due(is_overdue=True, worries=("overdue",))
    late = event("overdue", at=second + HOUR), event("escalated", "overdue", at=second + HOUR)
    found = notice(SILENCE, told, *late, carriers=(carrier("failed"), again), versions=versions)
    assert due(found, Schedule(), now=second + 2 * HOUR) == Due()
