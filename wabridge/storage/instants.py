"""Times as the tables keep them: microseconds since 1970 UTC, exact in both directions."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return an aware time as a column's value; a naive one raises TypeError."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return a column's value as an aware time."""
    return _EPOCH + timedelta(microseconds=micros)


def maybe_to_micros(at: datetime | None) -> int | None:
    """Return a time that may be missing as a column's value."""
    return None if at is None else to_micros(at)


def maybe_from_micros(micros: int | None) -> datetime | None:
    """Return a column's value that may be NULL as an aware time."""
    return None if micros is None else from_micros(micros)


def from_seconds(seconds: int | None) -> datetime | None:
    """Return Unix seconds as somebody else wrote them, None if no calendar has that day."""
    if seconds is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
