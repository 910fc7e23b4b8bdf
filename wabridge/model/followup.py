"""What is done about a legal notice that nobody has confirmed: reminders, telling people, the next way to try.

Pure rules: `due` says what has to be done now, `next_at` when to look again. Rule 1: nothing is asked of a person who
has confirmed, refused, or says that it is not theirs, nor once the notice has come as far as the office asked. Rule 2:
a reminder that was missed is not made up for: after a long silence of the program one goes, not three. Rule 3: silence
is recorded at the deadline, and is no consent.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from wabridge.model.notice import Notice
from wabridge.model.notice_level import CONFIRMED, DISPUTED, Level, Standing, stand

Worry = Literal["deadline_near", "overdue", "not_me", "question", "unclear", "responded", "not_reminded"]
"""Why people are told: each once for a notice."""

NextStep = Literal[
    "approve",
    "send",
    "wait",
    "send_again",
    "call",
    "call_then_letter",
    "letter",
    "read_reply",
    "make_sure",
    "answer",
    "nothing",
]
"""What somebody of the office should do next. letter: a registered one, or a visit, with a receipt signed by hand."""


class Schedule(NamedTuple):
    """What the office has set. reminders: after the sending; warn_before: before the deadline."""

    reminders: tuple[timedelta, ...] = ()
    warn_before: timedelta = timedelta(0)


class Due(NamedTuple):
    """What has to be done now. reminder: which one, counted from 1."""

    is_overdue: bool = False
    receipt: bool = False
    reminder: int | None = None
    worries: tuple[Worry, ...] = ()


NEXT: dict[Level, NextStep] = {
    "draft": "approve",
    "approved": "send",
    "withdrawn": "nothing",
    "queued": "wait",
    "failed": "send_again",
    "sent": "call",
    "delivered": "call",
    "displayed": "call",
    "overdue": "letter",
    "responded": "read_reply",
    "unclear": "make_sure",
    "question": "answer",
    "refused": "letter",
    "not_me": "make_sure",
    "confirmed_late": "nothing",
    "confirmed": "nothing",
}

_ARRIVED: frozenset[Level] = frozenset({"delivered", "displayed"})
_WORRYING: tuple[tuple[Level, Worry], ...] = (
    ("not_me", "not_me"),
    ("question", "question"),
    ("unclear", "unclear"),
    ("responded", "responded"),
)

_OF_DEADLINE = frozenset({"deadline_near", "overdue"})


def next_step(notice: Notice, standing: Standing) -> NextStep:
    """Return what somebody should do next."""
    if standing.is_over:
        return "nothing"
    if standing.is_contradicted:
        return "make_sure"
    if standing.level == "overdue" and standing.reach in _ARRIVED:
        return "call_then_letter"
    return NEXT[standing.level]


def due(notice: Notice, schedule: Schedule, *, now: datetime) -> Due:
    """Return what has to be done about a notice now."""
    standing = stand(notice)
    if standing.is_closed or not notice.sent:
        return Due()
    is_overdue = _is_silent(notice, standing) and now > (notice.told.deadline_at or now)
    reminder = None if is_overdue else _reminder(notice, standing, schedule, now)
    return Due(
        is_overdue=is_overdue,
        receipt=_awaits_receipt(notice),
        reminder=reminder,
        worries=_worries(notice, standing, schedule, now, is_overdue=is_overdue),
    )


def next_at(notice: Notice, schedule: Schedule, *, now: datetime) -> datetime | None:
    """Return when to look at a notice again, None if its time has nothing in store."""
    standing = stand(notice)
    if standing.is_over or not notice.sent:
        return None
    moments = [notice.sent[-1].at + pause for pause in schedule.reminders]
    deadline = notice.told.deadline_at
    if deadline is not None:
        moments += [deadline - schedule.warn_before, deadline + timedelta(microseconds=1)]
    return min((moment for moment in moments if moment > now), default=None)


def _is_silent(notice: Notice, standing: Standing) -> bool:
    """Say whether it is not what the office asked for yet, and the silence is not recorded yet."""
    return not standing.is_enough and not standing.levels & (CONFIRMED | {"overdue"})


def _awaits_receipt(notice: Notice) -> bool:
    has_pressed = any(e.kind == "answered" and e.word in CONFIRMED for e in notice.counting)
    return has_pressed and not any(event.kind == "receipt" for event in notice.events)


def _reminder(notice: Notice, standing: Standing, schedule: Schedule, now: datetime) -> int | None:
    """Return the newest reminder whose time has come; the ones before it are let be."""
    if (
        standing.is_enough
        or standing.levels & (CONFIRMED | DISPUTED | {"overdue"})
        or standing.reach in ("queued", "failed")
    ):
        return None
    sent_at = notice.sent[-1].at
    done = [int(e.word) for e in notice.events if e.kind == "reminded" and e.word and e.at >= sent_at]
    come = [n for n, pause in enumerate(schedule.reminders, 1) if sent_at + pause <= now]
    newest = max(come, default=0)
    return newest if newest > max(done, default=0) else None


def _worries(
    notice: Notice, standing: Standing, schedule: Schedule, now: datetime, *, is_overdue: bool
) -> tuple[Worry, ...]:
    worries = [worry for level, worry in _WORRYING if level in standing.levels]
    if not (standing.is_confirmed or standing.is_enough):
        worries += _worries_of_silence(notice, standing, schedule, now, is_overdue=is_overdue)
    sent_at = notice.sent[-1].at
    # With another sending comes another deadline.
    told = {e.word for e in notice.events if e.kind == "escalated" and (e.at >= sent_at or e.word not in _OF_DEADLINE)}
    return tuple(worry for worry in worries if worry not in told)


def _worries_of_silence(
    notice: Notice, standing: Standing, schedule: Schedule, now: datetime, *, is_overdue: bool
) -> Iterator[Worry]:
    deadline = notice.told.deadline_at
    if is_overdue or "overdue" in standing.levels:
        yield "overdue"
    elif deadline is not None and schedule.warn_before and now >= deadline - schedule.warn_before:
        yield "deadline_near"
    if any(event.kind == "reminded" and event.objection for event in notice.events):
        yield "not_reminded"
