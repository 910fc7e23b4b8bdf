"""Tells staff, once, about messages that have passed their time.

A pending one that waits longer than the office's limit is not sent unasked any more: its next try, or the end of a
pause, holds it for a decision. Until then it is overdue. An `unknown` one is a person's as soon as Meta's time to
report by itself is over. Both stand on the worklist until somebody has decided.
"""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import NumberId
from wabridge.storage import deadlines
from wabridge.storage.database import Transaction
from wabridge.storage.deadlines import Passed

_MOST = 200


class Times(NamedTuple):
    """late_before: what waits since before that has passed its time. asked_before: the same for an unknown."""

    now: datetime
    late_before: datetime
    asked_before: datetime


def list_passed(tx: Transaction, number_id: NumberId, times: Times) -> list[Passed]:
    """Return what has passed its time without anybody having been told."""
    overdue = deadlines.list_overdue(tx, number_id, waiting_since=times.late_before, limit=_MOST)
    return overdue + deadlines.list_undecided(
        tx, number_id, asked_before=times.asked_before, now=times.now, limit=_MOST
    )
