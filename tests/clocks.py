"""The time as tests set it."""

from datetime import UTC, datetime, timedelta

from wabridge.clock import Clock

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
"""Noon in Jakarta, on a Monday."""


class FakeClock:
    """A clock that stands still until it is told to go on. clock: what the program is handed."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self._monotonic_ns = 1_000_000_000
        self.clock = Clock(now=lambda: self.now, monotonic_ns=lambda: self._monotonic_ns, boot_id="test-boot")

    def advance(self, seconds: float) -> None:
        """Let time pass, on the wall and in the machine."""
        self.now += timedelta(seconds=seconds)
        self._monotonic_ns += round(seconds * 1_000_000_000)
