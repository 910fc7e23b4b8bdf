"""How long a failed try waits for the next one."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from wabridge.model.outcome import RETRY_SECONDS, retry_pause


def test_pauses_grow_to_an_hour() -> None:
    """The first retry comes after seconds, later ones ever later, the last one after an hour, again and again."""
    pauses = [retry_pause(tries, jitter=0.0) for tries in range(1, 12)]
    assert pauses[:2] == [timedelta(seconds=2), timedelta(seconds=5)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


@given(tries=st.integers(0, 10_000), jitter=st.floats(0, 1))
def test_jitter_adds_at_most_a_quarter(tries: int, jitter: float) -> None:
    """Chance spreads the retries and never brings one forward."""
    exact, spread = retry_pause(tries, jitter=0.0), retry_pause(tries, jitter=jitter)
    assert exact <= spread <= exact * 1.25
    assert exact.total_seconds() in RETRY_SECONDS
