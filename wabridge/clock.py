"""The one place where time is taken. Everyone else is given `now`, or a Clock to ask.

Wall time can jump, so evidence keeps three readings: the wall clock, the machine's monotonic clock, and the id of the
boot that the monotonic clock counts from.
"""

import ctypes
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


class Discipline(NamedTuple):
    """What the machine's kernel knows of how right its wall clock is. offset_us: what it is still correcting."""

    is_synchronised: bool
    offset_us: int
    largest_error_us: int


def _unknown() -> Discipline | None:
    return None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the program asks for the time; tests hand in their own.

    discipline: None where the machine does not tell.
    """

    now: Callable[[], datetime]
    monotonic_ns: Callable[[], int]
    boot_id: str
    discipline: Callable[[], Discipline | None] = _unknown

    def instant(self) -> Instant:
        """Read all three at once."""
        return Instant(self.now(), self.monotonic_ns(), self.boot_id)


def system_clock() -> Clock:
    """Return the machine's clock."""
    boot_id = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "unknown"
    return Clock(now=lambda: datetime.now(UTC), monotonic_ns=time.monotonic_ns, boot_id=boot_id, discipline=_ask_kernel)


class _Timex(ctypes.Structure):
    """The head of Linux's `struct timex` (adjtimex(2)); the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_long * 64),
    )


_UNSYNCHRONISED, _NANOSECONDS = 0x0040, 0x2000


def _ask_kernel() -> Discipline | None:
    """Ask Linux, which whoever keeps the clock (chrony, ntpd, systemd) tells how right it is."""
    state = _Timex()
    try:
        if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(state)) < 0:
            return None
    except (OSError, AttributeError):
        return None
    offset_us = state.offset // 1000 if state.status & _NANOSECONDS else state.offset
    return Discipline(not state.status & _UNSYNCHRONISED, offset_us, state.maxerror)
