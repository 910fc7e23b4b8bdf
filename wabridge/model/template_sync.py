"""When the list of templates is fetched: daily, when somebody asks, when Meta says that something has changed."""

from datetime import datetime, timedelta

import msgspec

DAILY = timedelta(days=1)
_ASKED_PAUSE = timedelta(seconds=3)
_PAUSES = (60, 300, 900, 3600, 3 * 3600, 6 * 3600)


class SyncState(msgspec.Struct, frozen=True, kw_only=True):
    """How fetching the list stands.

    asked_at: it is wanted since then. begun_at: of the last try. good_at: when the newest whole list was asked for;
    unreadable: how many of its entries were no templates. failures: since then; failed_at, reason, code, said: of the
    last. next_at: when it is fetched unasked.
    """

    asked_at: datetime | None = None
    begun_at: datetime | None = None
    good_at: datetime | None = None
    unreadable: int = 0
    failed_at: datetime | None = None
    failures: int = 0
    reason: str = ""
    code: int | None = None
    said: str = ""
    next_at: datetime | None = None

    @property
    def is_failing(self) -> bool:
        """Whether the last try came to nothing."""
        return self.failures > 0

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for a newer list."""
        return self.asked_at is not None

    def is_due(self, now: datetime) -> bool:
        """Say whether the list is to be fetched now; what lies implausibly far ahead was written by a wrong clock."""
        if self.begun_at is None or self.begun_at > now + DAILY:
            return True
        if self.asked_at is not None and self.asked_at >= self.begun_at:
            # Many webhooks at once are one wish, and a failing list is not asked for without end.
            return not self.begun_at <= now < self.begun_at + _ASKED_PAUSE
        return self.next_at is None or now >= self.next_at or self.next_at > now + 2 * DAILY


def retry_at(failures: int, now: datetime) -> datetime:
    """Return when the list is tried again after so many failures in a row."""
    return now + timedelta(seconds=_PAUSES[min(max(failures, 1), len(_PAUSES)) - 1])
