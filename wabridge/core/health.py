"""Whether the program does its work, in words that give nothing away.

Workers are not looked at: one that dies ends the program within seconds, and then nobody answers here either. What a
living worker does not get done shows as a backlog.
"""

import asyncio
from datetime import datetime, timedelta

import msgspec

from wabridge.core.office import Office
from wabridge.errors import StorageError
from wabridge.storage import events, media, quarantine
from wabridge.storage.database import Transaction

BACKLOG_TOLERATED = timedelta(minutes=5)
POSTPONED_TOLERATED = timedelta(hours=1)
"""What may wait for live items is worked off within minutes, even all the past that a phone app hands over."""
_PROBED_EVERY_NS = 1_000_000_000


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One look. database_failing_since: None while it takes data; oldest_waiting_seconds: the age of what is late.

    What may wait for live items is not late until it has waited for too long.
    quarantined: how many items wait there for a person. files_waiting, files_failing: files of messages that are not
    here yet, and those of them that could not be had at the first try. They stop nobody, so they make nothing bad.
    """

    database_is_good: bool
    database_failing_since: datetime | None
    backlog_is_good: bool
    oldest_waiting_seconds: int
    quarantined: int = 0
    files_waiting: int = 0
    files_failing: int = 0

    @property
    def is_good(self) -> bool:
        """Whether everything is."""
        return self.database_is_good and self.backlog_is_good


class Health:
    """Looks at most once a second, however often it is asked."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._turn = asyncio.Lock()
        self._report: Report | None = None
        self._looked_ns = 0

    async def report(self) -> Report:
        """Return how things stand; never raises for the disk."""
        async with self._turn:
            now_ns = self._office.clock.monotonic_ns()
            if self._report is None or now_ns - self._looked_ns >= _PROBED_EVERY_NS:
                self._report, self._looked_ns = await self._look(), now_ns
            return self._report

    async def _look(self) -> Report:
        database, now = self._office.database, self._office.clock.now()
        try:
            await database.probe()
            oldest, quarantined, files = await database.read(
                lambda tx: (find_oldest(tx, now), quarantine.count(tx), media.count_waiting(tx))
            )
        except StorageError:
            return Report(
                database_is_good=False,
                database_failing_since=database.failing_since or now,
                backlog_is_good=True,
                oldest_waiting_seconds=0,
            )
        age = max(now - oldest, timedelta()) if oldest else timedelta()
        return Report(
            database_is_good=True,
            database_failing_since=None,
            backlog_is_good=age <= BACKLOG_TOLERATED,
            oldest_waiting_seconds=int(age.total_seconds()),
            quarantined=quarantined,
            files_waiting=files.waiting,
            files_failing=files.failing,
        )


def find_oldest(tx: Transaction, now: datetime) -> datetime | None:
    """Return since when the oldest item waits that should not wait any more."""
    live, postponed = events.find_oldest_new(tx), events.find_oldest_backlog(tx)
    if postponed is None or now - postponed <= POSTPONED_TOLERATED:
        return live
    return postponed if live is None else min(live, postponed)
