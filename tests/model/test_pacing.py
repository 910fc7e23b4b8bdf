"""How fast messages may go, as arithmetic."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import limits, pacing
from wabridge.sandbox.limits import pair_bucket

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def _let_go(gaps: list[float]) -> list[datetime]:
    """Return when messages go that are handed in after these pauses, each as soon as it may."""
    now, borrowed, gone = NOON, NOON, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        now = max(now, pacing.pair_ready_at(borrowed, now=now))
        borrowed = pacing.pair_borrow(borrowed, now=now)
        gone.append(now)
    return gone


def test_a_burst_goes_at_once_and_is_paid_back() -> None:
    """One message less than Meta's burst goes at once, then one in six seconds."""
    gone = _let_go([0.0] * 50)
    assert sum(at == NOON for at in gone) == limits.PAIR_BURST - 1
    assert {later - earlier for earlier, later in pairwise(gone[44:])} == {timedelta(seconds=6)}


@given(st.lists(st.floats(0, 40), max_size=150), st.floats(0, 1))
def test_meta_never_refuses_what_our_pace_lets_go(gaps: list[float], delay: float) -> None:
    """Whatever is handed in when, a bucket by Meta's rule takes every message, also if they reach it a little later."""
    late = timedelta(seconds=delay)
    bucket = pair_bucket(NOON)
    assert all(bucket.take(at + late) for at in _let_go(gaps))


def test_a_clock_put_back_forgets_what_nobody_can_have_borrowed() -> None:
    """A debt larger than can be made is from another time, and keeps nobody waiting."""
    assert pacing.pair_ready_at(NOON + timedelta(hours=1), now=NOON) <= NOON


def test_backoff_grows_by_four() -> None:
    """The rests are 1, 4, 16, ... seconds, and end at 17 minutes: before a message counts as late."""
    rests = [pacing.pair_backoff(n, jitter=0.0).total_seconds() for n in range(1, 9)]
    assert rests == [1, 4, 16, 64, 256, 1024, 1024, 1024]


@given(base=st.integers(1, 60), rounds=st.integers(0, 10_000), jitter=st.floats(0, 1), asked=st.integers(0, 10**6))
def test_a_number_rests_at_least_as_asked_and_never_for_ever(base: int, rounds: int, jitter: float, asked: int) -> None:
    """Rests double, keep to what Meta asks for, and end within the longest one."""
    rest = pacing.number_rest(base, rounds, jitter=jitter, asked_seconds=asked)
    assert timedelta(seconds=min(asked, 600)) <= rest <= pacing.LONGEST_REST
    assert rest >= timedelta(seconds=base)
