"""What is known about the delivery of one outbound message: the table of levels.

A message may have several attempts, an attempt any number of status events, in any order, repeated, with gaps. What
is shown is computed here from all of them, and only ever gets better informed.

`delivered` is never shown as `read`. A missing `delivered` under a `read` is implied, without a time. `failed` with
at most `sent` is `failed`; beside `delivered` or `read` it is a contradiction that is shown, not repaired. Source of
the words: Meta, "status messages webhook reference".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

Status = Literal["pending", "unknown", "sent", "delivered", "read", "failed", "cancelled"]
Outcome = Literal["open", "accepted", "refused", "not_sent", "unknown"]
"""What is known of one attempt's handing-over; `open` is still under way."""

LEVELS: dict[str, int] = {"sent": 1, "delivered": 2, "read": 3, "played": 3}
"""How far each of Meta's words carries. `played` implies `read`. A word that is not here is kept and carries
nowhere."""

FAILED = "failed"


class StatusFact(msgspec.Struct, frozen=True):
    """One status event of an attempt. at: Meta's time, None if it gave none."""

    status: str
    at: datetime | None
    arrived_at: datetime
    code: int | None = None
    details: str = ""


class AttemptFacts(msgspec.Struct, frozen=True):
    """Everything known about one attempt.

    accepted_at: when an HTTP 200 with an id came; held: it said that Meta keeps the message back for a while.
    refusal_is_final: a refusal after which no retry is planned; code and details are the refusal's.
    """

    outcome: Outcome
    accepted_at: datetime | None = None
    refusal_is_final: bool = False
    code: int | None = None
    details: str = ""
    statuses: tuple[StatusFact, ...] = ()
    held: bool = False


class OwnWord(msgspec.Struct, frozen=True):
    """What the office says of a message that Meta has said nothing of.

    failed: it was given up before it was handed over (the window had closed). Any sign of life from Meta overrules it.
    """

    status: Literal["pending", "cancelled", "failed"] = "pending"
    code: int | None = None
    details: str = ""


PENDING = OwnWord()


class Delivery(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What may be said about a message. Times are Meta's; `accepted_at` is ours.

    failure_details: Meta's own words, or ours if it was never handed over. twice: two attempts reached Meta, so the
    person may have received it twice. held: Meta has taken a template and keeps it back; nothing else was heard of it.
    """

    status: Status
    held: bool = False
    accepted_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_is_implied: bool = False
    read_at: datetime | None = None
    failed_at: datetime | None = None
    failure_code: int | None = None
    failure_details: str = ""
    conflict: bool = False
    twice: bool = False


def assess(attempts: Iterable[AttemptFacts], *, own: OwnWord = PENDING, goes_again: bool = False) -> Delivery:
    """Return what is known of a message from all of its attempts, oldest first.

    goes_again: a person decided to send it once more, and that has not happened yet.
    """
    known = list(attempts)
    facts = [fact for attempt in known for fact in attempt.statuses]
    speaking = [a for a in known if a is known[-1] or not _was_tried_again(a)]
    said: list[Status] = [_attempt_status(a, own.status) for a in speaking]
    said += ["pending"] if goes_again else []
    status = max(said, key=_BEST.index, default=own.status)
    conflict = any(_contradicts_itself(a) for a in known)
    code, details = _failure(known, own) if status == FAILED or conflict else (None, "")
    return Delivery(
        status=status,
        held=status == "sent" and not facts and any(attempt.held for attempt in known),
        accepted_at=min((a.accepted_at for a in known if a.accepted_at), default=None),
        sent_at=_earliest(facts, "sent"),
        delivered_at=_earliest(facts, "delivered"),
        delivered_is_implied=status == "read" and not any(f.status == "delivered" for f in facts),
        read_at=_earliest(facts, "read", "played"),
        failed_at=_earliest(facts, FAILED),
        failure_code=code,
        failure_details=details,
        conflict=conflict,
        twice=sum(map(_may_have_arrived, known)) > 1,
    )


_BEST: tuple[Status, ...] = ("cancelled", "failed", "pending", "unknown", "sent", "delivered", "read")
"""Which attempt speaks for the message, worst first: a failed one only if no other is under way or got further."""


def _attempt_status(attempt: AttemptFacts, own: Status) -> Status:
    level = _level(attempt)
    if level >= LEVELS["read"]:
        return "read"
    if level >= LEVELS["delivered"]:
        return "delivered"
    if attempt.refusal_is_final or (_was_reported_failed(attempt) and not _said_before(attempt, level)):
        return "failed"
    if level or attempt.outcome == "accepted":
        return "sent"
    return "unknown" if attempt.outcome == "unknown" else own


def _was_tried_again(attempt: AttemptFacts) -> bool:
    """Say whether all that came of an attempt was the next one: then it says nothing about the message any more."""
    is_passing = attempt.outcome == "not_sent" or (attempt.outcome == "refused" and not attempt.refusal_is_final)
    return is_passing and not _level(attempt)


def _level(attempt: AttemptFacts) -> int:
    return max((LEVELS.get(fact.status, 0) for fact in attempt.statuses), default=0)


def _was_reported_failed(attempt: AttemptFacts) -> bool:
    return any(fact.status == FAILED for fact in attempt.statuses)


def _said_before(attempt: AttemptFacts, level: int) -> bool:
    # Meta may give one refusal both as the answer and as a `failed` status. If a retry is planned, the second is no
    # news.
    return attempt.outcome == "refused" and not level


def _contradicts_itself(attempt: AttemptFacts) -> bool:
    return _level(attempt) >= LEVELS["delivered"] and (_was_reported_failed(attempt) or attempt.refusal_is_final)


def _earliest(facts: list[StatusFact], *words: str) -> datetime | None:
    return min((f.at for f in facts if f.status in words and f.at is not None), default=None)


def _failure(known: Sequence[AttemptFacts], own: OwnWord) -> tuple[int | None, str]:
    if own.status == FAILED:
        return own.code, own.details
    for attempt in reversed(known):
        failed = [fact for fact in attempt.statuses if fact.status == FAILED]
        if failed:
            best = next((fact for fact in failed if fact.code is not None), failed[0])
            return best.code, best.details
        if attempt.refusal_is_final:
            return attempt.code, attempt.details
    return None, ""


def _may_have_arrived(attempt: AttemptFacts) -> bool:
    level = _level(attempt)
    if attempt.refusal_is_final or _was_reported_failed(attempt):
        return level >= LEVELS["delivered"]
    return level > 0 or attempt.outcome == "accepted"
