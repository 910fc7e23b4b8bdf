"""What people may decide about a message that may have gone out, or did not, and when they are asked.

Rule: nothing here happens on its own. Sending again is offered only where it can help, and where Meta may still say
by itself what came of the message, only after the office's time for asking.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from wabridge.model import failures
from wabridge.model.delivery import AttemptFacts, Outcome, Status
from wabridge.model.staff import ActorKind

DecisionKind = Literal["resend", "close"]
NOTE_CHARACTERS = 1000

UNDELIVERED_AFTER = timedelta(days=1)
"""So long after Meta took a message somebody should ask why it did not arrive on any device."""

POINTLESS: frozenset[failures.Reason] = frozenset({"body_wrong", "template", "opted_out", "identity_changed"})
"""Failures that the very same message would meet again: something else has to be changed first."""

Objection = Literal["too_early", "answered", "window_closed", "pointless", "under_way"]
"""Why sending again is not offered. too_early: a status may still come by itself. answered: Meta has said what came of
it. under_way: it is waiting or being handed over."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision as it was made. after_attempts: how many attempts there were; status: what was known then."""

    kind: DecisionKind
    at: datetime
    actor_kind: ActorKind
    actor_name: str
    status: Status
    after_attempts: int
    note: str = ""


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt, as people see it. reason: a word of ours, or Meta's own; response_status: of HTTP."""

    opened_at: datetime
    outcome: Outcome
    reason: str = ""
    code: int | None = None
    response_status: int | None = None
    settled_by: str | None = None


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """A failure that Meta reported to the same person without saying which message it means: perhaps this one."""

    reported_at: datetime | None
    arrived_at: datetime
    code: int | None = None
    title: str = ""


class Offer(NamedTuple):
    """What may be decided about a message now. objection: why it cannot be sent again."""

    objection: Objection | None
    may_close: bool

    @property
    def may_resend(self) -> bool:
        """Whether it may be sent again."""
        return self.objection is None


def offer(
    status: Status,
    *,
    failure_code: int | None,
    has_conflict: bool,
    is_closed: bool,
    resends: bool,
    unknown_since: datetime | None,
    asked_before: datetime,
    window_is_open: bool,
) -> Offer | None:
    """Return what may be decided, None where there is nothing to decide.

    unknown_since: when the newest attempt without an answer was begun; asked_before: now, less the time for asking.
    """
    if status not in ("unknown", "failed"):
        return Offer("answered", may_close=True) if (status == "sent" or has_conflict) and not is_closed else None
    if resends:
        return Offer("under_way", may_close=False)
    if status == "unknown" and unknown_since is not None and unknown_since > asked_before:
        return Offer("too_early", may_close=False)
    if status == "failed" and failures.reason(failure_code) in POINTLESS:
        return Offer("pointless", may_close=not is_closed)
    return Offer(None if window_is_open else "window_closed", may_close=not is_closed)


def awaits_repetition(kind: str | None, later: list[AttemptFacts]) -> bool:
    """Say whether a decision to send again has not led to anything at Meta yet. later: the attempts made since.

    An attempt that certainly did not reach Meta, and is to be tried again, uses up nothing.
    """
    return kind == "resend" and all(
        attempt.outcome in ("refused", "not_sent") and not attempt.refusal_is_final and not attempt.statuses
        for attempt in later
    )
