"""What people may decide about a message that may have gone out, or did not, and when they are asked.

Rule: nothing here happens on its own. Sending again is offered only where it can help, and where Meta may still say
by itself what came of the message, only after the office's time for asking.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from wabridge.model import failures
from wabridge.model.delivery import Delivery
from wabridge.model.message import Message

UNDELIVERED_AFTER = timedelta(days=1)
"""So long after Meta took a message somebody should ask why it did not arrive on any device."""

POINTLESS: frozenset[failures.Reason] = frozenset(
    {
        "body_wrong",
        "template",
        "template_missing",
        "template_changed",
        "needs_phone",
        "opted_out",
        "country",
        "identity_changed",
        "file_lost",
    }
)
"""Failures that the very same message would meet again: something else has to be changed first."""

Objection = Literal["too_early", "answered", "window_closed", "pointless", "under_way"]
"""Why sending again is not offered. too_early: a status may still come by itself. answered: Meta has said what came of
it. under_way: it is waiting or being handed over."""


class Offer(NamedTuple):
    """What may be decided about a message now. objection: why it cannot be sent again."""

    objection: Objection | None
    may_close: bool

    @property
    def may_resend(self) -> bool:
        """Whether it may be sent again."""
        return self.objection is None


def offer(message: Message, *, asking: timedelta, window_is_open: bool, now: datetime) -> Offer | None:
    """Return what may be decided, None where there is nothing to decide. asking: Meta's time to report by itself."""
    known = message.delivery
    if known is None or message.author_kind in ("app", "partner"):  # what was written elsewhere is not ours to repeat
        return None
    if known.status not in ("unknown", "failed"):
        return Offer("answered", may_close=True) if _is_stuck(known, now) and not message.is_closed else None
    if message.resends or any(each.outcome == "open" for each in message.handovers):
        return Offer("under_way", may_close=False)
    if known.status == "unknown" and _may_still_hear(message.unknown_since, asking, now):
        return Offer("too_early", may_close=False)
    if known.status == "failed" and failures.reason(known.failure_code) in POINTLESS:
        return Offer("pointless", may_close=not message.is_closed)
    return Offer(None if window_is_open else "window_closed", may_close=not message.is_closed)


def _is_stuck(known: Delivery, now: datetime) -> bool:
    taken_at = known.accepted_at or known.sent_at
    is_old = taken_at is not None and now - taken_at > UNDELIVERED_AFTER
    return known.conflict or (known.status == "sent" and is_old)


def _may_still_hear(since: datetime | None, asking: timedelta, now: datetime) -> bool:
    return since is not None and now - asking < since <= now
