from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.storage import instants


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_exactly(at: datetime) -> None:
    """Not a microsecond is lost on the way into a column and back."""
    assert instants.from_micros(instants.to_micros(at)) == at
    assert instants.maybe_from_micros(instants.maybe_to_micros(at)) == at


def test_another_time_zone_is_the_same_moment() -> None:
    """Times are kept in UTC, wherever they were written."""
    jakarta = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=7)))
    assert instants.from_micros(instants.to_micros(jakarta)).isoformat() == "2026-03-02T05:00:00+00:00"


def test_a_naive_time_is_refused() -> None:
    """A time without a zone is a mistake of the program."""
    with pytest.raises(TypeError):
        instants.to_micros(datetime(2026, 3, 2))  # noqa: DTZ001  # the mistake itself


def test_a_missing_time_stays_missing() -> None:
    """None is NULL is None."""
    assert instants.maybe_to_micros(None) is None
    assert instants.maybe_from_micros(None) is None
    assert instants.from_seconds(None) is None


@given(st.integers())
def test_any_number_of_seconds_is_a_time_or_none(seconds: int) -> None:
    """What somebody else calls a time never raises."""
    at = instants.from_seconds(seconds)
    assert at is None or at.timestamp() == seconds
