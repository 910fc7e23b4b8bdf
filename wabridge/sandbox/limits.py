"""Meta's speed limits as token buckets (cloud-api 7.1, 7.2)."""

from datetime import datetime

PAIR_BURST = 45
PAIR_SECONDS = 6.0


class Bucket:
    """A number of sends at once, refilled evenly."""

    def __init__(self, *, capacity: float, per_second: float, now: datetime) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._level = capacity
        self._filled_at = now

    def take(self, now: datetime) -> bool:
        """Take one send out; says whether there was one."""
        passed = max((now - self._filled_at).total_seconds(), 0.0)
        self._level = min(self._capacity, self._level + passed * self._per_second)
        self._filled_at = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True


def pair_bucket(now: datetime) -> Bucket:
    """Return the bucket of one sender and one recipient."""
    return Bucket(capacity=PAIR_BURST, per_second=1.0 / PAIR_SECONDS, now=now)


def number_bucket(per_second: int, now: datetime) -> Bucket:
    """Return the bucket of one business number."""
    return Bucket(capacity=per_second, per_second=per_second, now=now)
