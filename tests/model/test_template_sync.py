"""When the list of templates is fetched."""

from datetime import timedelta

import pytest

from tests.clocks import NOON
from wabridge.model.template_sync import SyncState, retry_at

BEGUN = SyncState(begun_at=NOON, good_at=NOON, next_at=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("state", "after", "is_due"),
    [
        (SyncState(), timedelta(0), True),
        (BEGUN, timedelta(hours=23), False),
        (BEGUN, timedelta(hours=24), True),
        (SyncState(begun_at=NOON, next_at=NOON + timedelta(days=9)), timedelta(hours=1), True),
        (SyncState(begun_at=NOON + timedelta(days=9)), timedelta(0), True),
    ],
)
def test_it_is_fetched_at_first_then_daily(state: SyncState, after: timedelta, is_due: bool) -> None:
    """A list is good for a day; times that only a wrong clock can have written do not stop it."""
    assert state.is_due(NOON + after) is is_due


def test_a_wish_is_granted_soon_and_many_wishes_are_one() -> None:
    """Whoever asks gets a newer list at once, unless one was asked for a moment ago."""
    asked = SyncState(asked_at=NOON + timedelta(seconds=1), begun_at=NOON, next_at=NOON + timedelta(days=1))
    assert not asked.is_due(NOON + timedelta(seconds=2))
    assert asked.is_due(NOON + timedelta(seconds=3))


def test_failures_are_tried_again_after_longer_and_longer_pauses() -> None:
    """The pauses grow to six hours and no further."""
    pauses = [retry_at(failures, NOON) - NOON for failures in range(1, 9)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == timedelta(hours=6)
