"""What people decided about a message that may have gone out, or did not, and what was known for it.

A decision to send again leads to one new attempt; what may be decided when is in `offers`.
"""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.delivery import AttemptFacts, Outcome, Status
from wabridge.model.staff import ActorKind

DecisionKind = Literal["resend", "close"]
NOTE_CHARACTERS = 1000


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


def awaits_repetition(kind: str | None, later: list[AttemptFacts]) -> bool:
    """Say whether a decision to send again has not led to anything at Meta yet. later: the attempts made since.

    An attempt that certainly did not reach Meta, and is to be tried again, uses up nothing.
    """
    return kind == "resend" and all(
        attempt.outcome in ("refused", "not_sent") and not attempt.refusal_is_final and not attempt.statuses
        for attempt in later
    )
