"""How far an outbound message is known to have come, rung by rung: who says so, and by whose clock.

Rule: a rung stands only for something that was written down. The one rung without an event of its own, the arrival
under a `read`, says that it is implied and has no time. Meta's clock and ours are never mixed: `at` is Meta's word,
`arrived_at` is when we had it. Source: the levels L0 to L4 of the evidence rules, ETSI EN 319 522 for the event names.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from wabridge.model.delivery import FAILED, Delivery
from wabridge.model.message import Message, StatusEvent

Rung = Literal["recorded", "accepted", "sent", "delivered", "displayed", "failed"]
Witness = Literal["office", "answer", "status", "implied"]
"""Who says so: the office itself, Meta's answer to the handing-over, a status report of Meta's, or nobody: implied."""

Remark = Literal["no_answer", "conflict", "twice", "no_sent", "not_displayed"]
"""What stands beside the rungs. no_answer: it may have reached Meta, and nobody knows. no_sent: accepted, and no report
that it was sent on. not_displayed: no report that it was displayed, which shows neither that it was read nor that it
was not."""


class Level(NamedTuple):
    """What documents call a rung. event: its name in ETSI EN 319 522-1, "" if it has none there."""

    code: str
    name: str
    event: str = ""


LEVELS: dict[Rung, Level] = {
    "recorded": Level("L0", "dicatat"),
    "accepted": Level("L1", "diterima_api", "SubmissionAcceptance"),
    "sent": Level("L2", "terkirim", "RelayToNonERDS"),
    "delivered": Level("L3", "sampai", "ContentConsignment"),
    "displayed": Level("L4", "ditampilkan", "ContentAccessTracking"),
    "failed": Level("L-", "gagal", "ContentConsignmentFailure"),
}

_WORDS: dict[Rung, tuple[str, ...]] = {
    "sent": ("sent",),
    "delivered": ("delivered",),
    "displayed": ("read", "played"),
    "failed": (FAILED,),
}
"""Which of Meta's words report a rung."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One rung that was reached. at: by Meta's clock; arrived_at: by ours.

    repeats: how often it was reported beyond the first time.
    """

    rung: Rung
    witness: Witness
    at: datetime | None = None
    arrived_at: datetime | None = None
    repeats: int = 0

    @property
    def level(self) -> Level:
        """What documents call it."""
        return LEVELS[self.rung]


class Ladder(msgspec.Struct, frozen=True):
    """Every rung of one message, lowest first, and what must be said beside them."""

    steps: tuple[Step, ...]
    remarks: tuple[Remark, ...]

    @property
    def top(self) -> Step:
        """The highest rung; a failure is one only if nothing got further."""
        reached = [step for step in self.steps if step.rung != FAILED]
        has_arrived = any(step.rung in ("delivered", "displayed") for step in reached)
        failed = [step for step in self.steps if step.rung == FAILED]
        return failed[0] if failed and not has_arrived else reached[-1]


def climb(message: Message) -> Ladder | None:
    """Return the rungs of an outbound message; None where nothing is known that Meta or we could have reported."""
    known = message.delivery
    if message.direction != "outbound" or known is None:
        return None
    reported = [step for rung in _WORDS if (step := _reported(rung, message.events))]
    found = {step.rung: step for step in (*_own(message, known), *reported, *_implied(known))}
    return Ladder(tuple(found[rung] for rung in LEVELS if rung in found), tuple(_remarks(known, found)))


def _own(message: Message, known: Delivery) -> list[Step]:
    """Return what needs no report: that it was written down, that Meta answered, that it was refused or given up."""
    steps = [Step(rung="recorded", witness="office", arrived_at=message.created_at)]
    if known.accepted_at:
        steps.append(Step(rung="accepted", witness="answer", arrived_at=known.accepted_at))
    elif known.status == "sent":
        # A report without a level of its own ("deleted") settled it: Meta has it, and said so in no answer.
        steps.append(Step(rung="accepted", witness="status"))
    if known.status == FAILED or known.conflict:
        was_refused = any(each.outcome == "refused" for each in message.handovers)
        steps.append(Step(rung="failed", witness="answer" if was_refused else "office"))
    return steps


def _reported(rung: Rung, events: Sequence[StatusEvent]) -> Step | None:
    """Return a rung with the report that Meta dates first; one without a date counts after all others."""
    saying = [event for event in events if event.status in _WORDS[rung]]
    if not saying:
        return None
    first = min(saying, key=lambda event: (event.reported_at is None, event.reported_at or event.first_arrived_at))
    repeats = len(saying) - 1 + sum(event.repeats for event in saying)
    return Step(rung=rung, witness="status", at=first.reported_at, arrived_at=first.first_arrived_at, repeats=repeats)


def _implied(known: Delivery) -> list[Step]:
    return [Step(rung="delivered", witness="implied")] if known.delivered_is_implied else []


def _remarks(known: Delivery, found: dict[Rung, Step]) -> list[Remark]:
    said: list[tuple[Remark, bool]] = [
        ("no_answer", known.status == "unknown"),
        ("conflict", known.conflict),
        ("twice", known.twice),
        ("no_sent", known.status == "sent" and "sent" not in found),
        ("not_displayed", known.status in ("sent", "delivered")),
    ]
    return [remark for remark, holds in said if holds]
