"""The one place where time is taken. Everyone else is given `now`, or a Clock to ask.

Wall time can jump, so evidence keeps three readings: the wall clock, the machine's monotonic clock, and the id of the
boot that the monotonic clock counts from.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Instant(NamedTuple):
    """One moment, as evidence keeps it."""

    at: datetime
    monotonic_ns: int
    boot_id: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the program asks for the time; tests hand in their own."""

    now: Callable[[], datetime]
    monotonic_ns: Callable[[], int]
    boot_id: str

    def instant(self) -> Instant:
        """Read all three at once."""
        return Instant(self.now(), self.monotonic_ns(), self.boot_id)


def system_clock() -> Clock:
    """Return the machine's clock."""
    boot_id = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "unknown"
    return Clock(now=lambda: datetime.now(UTC), monotonic_ns=time.monotonic_ns, boot_id=boot_id)
