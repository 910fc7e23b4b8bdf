"""Doorbells between the workers, and live changes for open pages. Losing everything in here loses nothing.

The truth is in the tables. A ring carries a row id and says "look now"; a full queue drops the ring, and every worker
looks at its table at least every `PATROL_SECONDS` anyway.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import NamedTuple

from wabridge.errors import StorageUnavailable

log = logging.getLogger(__name__)

PATROL_SECONDS = 2.0
"""How long a worker waits for a ring before it looks at its table unasked."""

STEP_BACK_SECONDS = 0.05
"""How long a worker with nothing but backlog waits for a ring while others are at work."""

_QUEUE_SIZE = 1024
_LISTENER_SIZE = 256


class Topic(StrEnum):
    """What a ring is about."""

    WEBHOOK = "wa.webhook"
    INCOMING = "wa.message.incoming"
    OUTGOING = "wa.message.outgoing"
    STATUS = "wa.message.status"
    ACCOUNT = "wa.account"
    TEMPLATE = "wa.template"
    MEDIA = "wa.media"
    MEDIA_STORED = "wa.media.stored"
    TICKS = "wa.ticks"
    OFFICE = "office.notice"
    NOTICE = "office.legal_notice"
    LEDGER = "office.ledger"
    ANCHORS = "office.anchors"
    EXPORT = "office.export"


class Change(NamedTuple):
    """Something an open page may want to show: ids only, never content."""

    topic: str
    conversation_id: int | None


class Broker:
    """The queues of one process."""

    def __init__(self) -> None:
        self._queues: dict[Topic, asyncio.Queue[int]] = {topic: asyncio.Queue(_QUEUE_SIZE) for topic in Topic}
        self._listeners: set[asyncio.Queue[Change | None]] = set()
        self._closing = asyncio.Event()

    @property
    def is_closing(self) -> bool:
        """Whether the program is stopping: finish what is in hand, begin nothing."""
        return self._closing.is_set()

    def close(self) -> None:
        """Wake every worker for the last time; patrols return after the item in hand."""
        self._closing.set()
        for topic in Topic:
            self.ring(topic, 0)

    def ring(self, topic: Topic, row_id: int) -> None:
        """Wake the worker of a topic; never waits, may be lost."""
        with suppress(asyncio.QueueFull):
            self._queues[topic].put_nowait(row_id)

    async def wait(self, topic: Topic, *, seconds: float = PATROL_SECONDS) -> None:
        """Return at the next ring, or after the patrol time; swallows queued rings."""
        queue = self._queues[topic]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await queue.get()
        while not queue.empty():
            queue.get_nowait()

    async def patrol(self, topic: Topic, look: Callable[[], Awaitable[bool]]) -> None:
        """Look at a table until close: at start, at each ring, every patrol time.

        look returns whether there may be more to do at once. While storage fails nothing changes and the worker
        waits; any other error ends the program.
        """
        while not self.is_closing:
            try:
                more = await look()
            except StorageUnavailable:
                log.warning("storage is failing, worker waits", extra={"topic": topic.value})
                await self._pause(PATROL_SECONDS / 2)
                continue
            if not more and not self.is_closing:
                await self.wait(topic)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    def announce(self, change: Change) -> None:
        """Tell every open page; a page that reads too slowly is cut off and reconnects."""
        for queue in tuple(self._listeners):
            try:
                queue.put_nowait(change)
            except asyncio.QueueFull:
                self._listeners.discard(queue)
                _cut_off(queue)

    def hang_up(self) -> None:
        """End every open stream of changes, so that the server can stop."""
        for queue in tuple(self._listeners):
            self._listeners.discard(queue)
            _cut_off(queue)

    @contextmanager
    def listen(self) -> Iterator[AsyncIterator[Change]]:
        """Yield the changes from now on; the stream ends at hang_up."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(_LISTENER_SIZE)
        self._listeners.add(queue)
        try:
            yield _changes(queue)
        finally:
            self._listeners.discard(queue)


def _cut_off(queue: asyncio.Queue[Change | None]) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)


async def _changes(queue: asyncio.Queue[Change | None]) -> AsyncIterator[Change]:
    while (change := await queue.get()) is not None:
        yield change
