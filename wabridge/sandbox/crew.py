"""Background work of the sandbox, ended together.

The sandbox stands outside the gateway, as Meta does, so its tasks are not the gateway's: it starts and ends them here.
"""

import asyncio
import logging
from collections.abc import Coroutine

log = logging.getLogger(__name__)


class Crew:
    """Tasks that belong together; a fault in one is raised at the end."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._faults: list[BaseException] = []

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Run the work in the background until it ends or the crew goes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)

    async def dismiss(self) -> None:
        """Cancel what still runs; raises the first fault there ever was."""
        running = list(self._tasks)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if self._faults:
            raise self._faults.pop(0)

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None:
            self._faults.append(fault)
            log.error("sandbox work failed", exc_info=fault)
