"""One bell for everything that happens inside the pretend Meta."""

import asyncio
from collections.abc import Callable


class Changes:
    """Rings for everyone who waits, as often as something changes."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def announce(self) -> None:
        """Wake everyone who waits."""
        self.version += 1
        # Each change has an event of its own: whoever waits on it wakes exactly once and can't miss the next one.
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def wait_beyond(self, version: int) -> int:
        """Return the version as soon as it is beyond the given one."""
        while self.version <= version:
            await self._next.wait()
        return self.version

    async def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Return as soon as the condition holds, looking at each change."""
        while not is_true():
            await self._next.wait()
