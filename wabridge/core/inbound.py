"""The worker that files what people outside have written.

One transaction takes a batch. If anything in it is bad the batch is taken again item by item, and what is bad is set
aside alone: as a placeholder in the conversation if its sender is readable, else with a banner. What is live goes
first; the backlog is filed in small batches, and open pages hear of it about once a second.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from wabridge.broker import STEP_BACK_SECONDS, Change, Topic
from wabridge.core.filing import Filed, Filing
from wabridge.core.office import Office
from wabridge.errors import StorageDamaged, StorageUnavailable
from wabridge.model.event import EventKind, Unreadable, decode, stand_in
from wabridge.model.lane import Lane, Turns
from wabridge.storage import events
from wabridge.storage.database import Transaction
from wabridge.storage.events import StoredEvent

log = logging.getLogger(__name__)

_LIMITS: dict[Lane, int] = {"live": 64, "backlog": 32}
_KINDS: tuple[EventKind, ...] = ("message", "unreadable")
_TELL_EVERY_NS = 1_000_000_000


class Inbound:
    """The worker for messages from outside."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._turns = Turns()
        self._untold = Filed()
        self._told_ns = -_TELL_EVERY_NS

    async def run(self) -> None:
        """File what comes in, until the broker closes."""
        await self._office.broker.patrol(Topic.INCOMING, self.look)

    async def look(self) -> bool:
        """File some items, and say whether there may be more."""
        lanes = self._turns.order
        waiting = await self._office.database.read(lambda tx: events.list_first(tx, lanes, _KINDS, _LIMITS))
        if not waiting:
            self._tell_backlog()
            return False
        is_backlog = waiting[0].is_backlog
        if is_backlog and self._turns.steps_back(is_calm=self._office.database.is_calm):
            await self._office.broker.wait(Topic.INCOMING, seconds=STEP_BACK_SECONDS)
            return True
        self._turns.take("backlog" if is_backlog else "live")
        now = self._office.clock.now()
        try:
            filed = await self._office.database.write(lambda tx: _file_all(tx, waiting, now), patient=is_backlog)
        except (StorageUnavailable, StorageDamaged):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the items beside the bad one must not wait for it
            log.warning("a batch holds a bad item, it is taken one by one", extra={"fault": type(fault).__name__})
            filed = await self._office.database.write(lambda tx: _file_each(tx, waiting, now))
        if is_backlog:
            self._untold.add(filed)
            self._tell_backlog()
        else:
            self._tell(filed)
        return True

    def _tell_backlog(self) -> None:
        """Tell of the backlog now and then: nobody reads a page that is fetched anew thirty times a second."""
        now_ns = self._office.clock.monotonic_ns()
        if now_ns - self._told_ns >= _TELL_EVERY_NS:
            self._tell(self._untold)
            self._untold, self._told_ns = Filed(), now_ns

    def _tell(self, filed: Filed) -> None:
        for conversation_id in filed.conversations:
            self._office.broker.announce(Change("conversation", conversation_id))
        if filed.set_aside:
            self._office.broker.announce(Change("notice", None))
        if filed.conversations or filed.set_aside:
            self._office.broker.ring(Topic.OFFICE, 0)
        if filed.answers_notice:
            self._office.broker.ring(Topic.NOTICE, 0)
        if filed.wants_files:
            self._office.broker.ring(Topic.MEDIA, 0)


def _file_all(tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> Filed:
    filing = Filing(tx, now)
    for stored in waiting:
        filing.file(stored)
    filing.finish()
    return filing.filed


def _file_each(tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> Filed:
    together = Filed()
    for stored in waiting:
        together.add(_file_alone(tx, stored, now))
    return together


def _file_alone(tx: Transaction, stored: StoredEvent, now: datetime) -> Filed:
    """File one item; if it is bad, in a place of its own, so that nothing but the item itself is undone."""
    try:
        with tx.savepoint():
            return _file_all(tx, [stored], now)
    except (StorageUnavailable, StorageDamaged):
        raise
    except Exception as fault:  # noqa: BLE001 - an item nobody thought of must not stop the ones behind it
        reason = f"cannot be filed: {type(fault).__name__}"
        log.error("an item is set aside", extra={"event": stored.id, "fault": type(fault).__name__})
    try:
        with tx.savepoint():
            filing = Filing(tx, now)
            filing.set_aside(stored, stand_in(decode(stored.payload), reason))
            filing.finish()
            return filing.filed
    except (StorageUnavailable, StorageDamaged):
        raise
    except Exception as fault:  # noqa: BLE001 - not even a placeholder: the banner is left
        log.error("an item is set aside without a placeholder", extra={"fault": type(fault).__name__})
    filing = Filing(tx, now)
    filing.set_aside(stored, Unreadable(reason=reason))
    return filing.filed
