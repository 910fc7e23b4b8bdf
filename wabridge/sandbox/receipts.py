"""When a taken message is reported as sent, delivered and read.

A handset nobody plays follows the switches of `Behaviour`; a played one is waited for: until it is on, until its page
shows the chat. A message to a phone that stays off waits for ever, as it would for the 30 days Meta keeps trying.
"""

import asyncio
from collections.abc import Callable, Coroutine

from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.changes import Changes
from wabridge.sandbox.handset import Bubble, Handset, Progress
from wabridge.sandbox.reports import Reports


class Receipts:
    """Follows each message and reports what becomes of it."""

    def __init__(self, behaviour: Behaviour, changes: Changes, reports: Reports) -> None:
        self._behaviour = behaviour
        self._changes = changes
        self._reports = reports
        self._open: set[Bubble] = set()

    @property
    def has_open(self) -> bool:
        """Whether a message to a phone nobody plays still has a status to come."""
        return bool(self._open)

    def follow(self, bubble: Bubble, handset: Handset) -> Coroutine[object, object, None]:
        """Return the work that reports sent, delivered and read in time."""
        # Counted here and not when the work begins: whoever drains in between must already see it.
        if not handset.is_played:
            self._open.add(bubble)
        return self._follow(bubble, handset)

    def forget_open(self) -> None:
        """Expect no status any more, after the work was cancelled."""
        self._open.clear()

    async def _follow(self, bubble: Bubble, handset: Handset) -> None:
        try:
            await self._report_all(bubble, handset)
        finally:
            self._open.discard(bubble)
            self._changes.announce()

    async def _report_all(self, bubble: Bubble, handset: Handset) -> None:
        if bubble.progress < Progress.SENT:
            await asyncio.sleep(self._behaviour.sent_seconds)
            self._advance(bubble, Progress.SENT, is_reported=self._behaviour.report_sent)
        if self._reports.must_fail():
            await asyncio.sleep(self._behaviour.delivered_seconds)
            self._reports.tell(bubble.wamid, "failed")
            return
        if bubble.kind == "reaction" or (not handset.is_played and not self._behaviour.deliver):
            return  # of a reaction Meta says no more than sent (13.2)
        await self._wait(handset, self._behaviour.delivered_seconds, lambda: handset.is_on)
        if handset.is_played:
            handset.move_to_end(bubble)
        self._advance(bubble, Progress.DELIVERED)
        if not handset.is_played and not self._behaviour.read:
            return
        await self._wait(
            handset,
            self._behaviour.read_seconds,
            lambda: handset.is_on and handset.is_chat_open and bubble.was_displayed,
        )
        self._advance(bubble, Progress.READ)

    async def _wait(self, handset: Handset, seconds: float, is_ready: Callable[[], bool]) -> None:
        while True:
            if handset.is_played:
                await self._changes.wait_until(is_ready)
            await asyncio.sleep(seconds)
            if not handset.is_played or is_ready():
                return

    def _advance(self, bubble: Bubble, progress: Progress, *, is_reported: bool = True) -> None:
        bubble.progress = progress
        if is_reported:
            self._reports.tell(bubble.wamid, progress.name.lower())
        self._changes.announce()
