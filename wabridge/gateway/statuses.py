"""Keeps every delivery status and brings the messages it is about up to date.

A status finds its attempt by the token it carries, else by its wamid. One that finds none waits: the answer that
names its wamid may be slower than the status. What waits for 35 days was sent by another program from the same
account.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wabridge.broker import STEP_BACK_SECONDS, Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import MalformedEvent, StorageDamaged, StorageUnavailable
from wabridge.gateway.reports import Applied, Report, apply
from wabridge.model.event import StatusReport, decode
from wabridge.model.ids import EventId
from wabridge.model.lane import Lane, Turns
from wabridge.storage import events, notifications, numbers, quarantine, statuses
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import StoredEvent

log = logging.getLogger(__name__)

FOREIGN_AFTER = timedelta(days=35)
"""Meta tries to deliver for 30 days; so late no answer of ours will name the wamid any more."""

_LIMITS: dict[Lane, int] = {"live": 100, "backlog": 32}
_PRUNE_EVERY = timedelta(hours=1)
_PRUNE_ROWS = 200


@dataclass(eq=False)
class Statuses:
    """The worker for delivery statuses."""

    database: Database
    broker: Broker
    clock: Clock
    _prune_at: datetime | None = field(default=None, init=False)
    _turns: Turns = field(default_factory=Turns, init=False)

    async def run(self) -> None:
        """Keep and apply statuses until the broker closes."""
        await self.broker.patrol(Topic.STATUS, self.look)

    async def look(self) -> bool:
        """Apply some statuses, and say whether there may be more."""
        lanes = self._turns.order
        waiting = await self.database.read(lambda tx: events.list_first(tx, lanes, ("status",), _LIMITS))
        if not waiting:
            return await self._prune()
        is_backlog = waiting[0].is_backlog
        if is_backlog and self._turns.steps_back(is_calm=self.database.is_calm):
            await self.broker.wait(Topic.STATUS, seconds=STEP_BACK_SECONDS)
            return True
        self._turns.take("backlog" if is_backlog else "live")
        now = self.clock.now()
        try:
            applied = await self.database.write(lambda tx: _apply_all(tx, waiting, now), patient=is_backlog)
        except (StorageUnavailable, StorageDamaged):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the items beside the bad one must not wait for it
            log.warning("a batch holds a bad status, it is taken one by one", extra={"fault": type(fault).__name__})
            applied = await self.database.write(lambda tx: _apply_each(tx, waiting, now))
        self._tell(applied, last=waiting[-1].id)
        return True

    def _tell(self, applied: Applied, *, last: EventId) -> None:
        for conversation_id in applied.conversations:
            self.broker.announce(Change("conversation", conversation_id))
        if applied.has_settled:
            # The contact of a settled send need not wait any longer.
            self.broker.ring(Topic.OUTGOING, last)
        if applied.has_paused:
            log.error("sending is paused until a person has acted")
        if applied.for_staff or applied.has_paused:
            self.broker.ring(Topic.OFFICE, last)
            self.broker.announce(Change("notice", None))

    async def _prune(self) -> bool:
        """Now and then forget statuses that were never ours, and say whether there may be more of them."""
        now = self.clock.now()
        if self._prune_at is not None and now < self._prune_at:
            return False
        if await self.database.write(lambda tx: _prune(tx, now)) == _PRUNE_ROWS:
            return True
        self._prune_at = now + _PRUNE_EVERY
        return False


def _apply_all(tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> Applied:
    ours = numbers.list_all(tx)
    reports, foreign = [], []
    for stored in waiting:
        status = decode(stored.payload)
        if not isinstance(status, StatusReport):
            raise MalformedEvent("not a delivery status")
        number_id = ours.get(status.phone_number_id)
        if number_id is None:
            foreign.append(stored.id)
        else:
            reports.append(Report(stored.id, stored.arrived_at, number_id, status))
    applied = apply(tx, reports, now=now)
    events.settle_many(tx, [report.event_id for report in reports], "done", now=now)
    events.settle_many(tx, foreign, "foreign", now=now)
    return applied


def _apply_each(tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> Applied:
    together = Applied()
    for stored in waiting:
        together.add(_apply_alone(tx, stored, now))
    return together


def _apply_alone(tx: Transaction, stored: StoredEvent, now: datetime) -> Applied:
    """Apply one status; if it is bad, set it aside, and nothing but it is undone."""
    try:
        with tx.savepoint():
            return _apply_all(tx, [stored], now)
    except (StorageUnavailable, StorageDamaged):
        raise
    except Exception as fault:  # noqa: BLE001 - a status nobody thought of must not stop the ones behind it
        log.error("a status is set aside", extra={"event_id": stored.id, "fault": type(fault).__name__})
        reason = f"cannot be applied: {type(fault).__name__}"
    if quarantine.set_aside(tx, stored.id, reason=reason, now=now):
        notifications.add(tx, "quarantined", event_id=stored.id, now=now)
    return Applied(for_staff=1)


def _prune(tx: Transaction, now: datetime) -> int:
    """Forget the statuses that nobody knows and count their events as foreign; return how many."""
    forgotten = statuses.prune(tx, before=now - FOREIGN_AFTER, limit=_PRUNE_ROWS)
    events.settle_many(tx, forgotten, "foreign", now=now)
    return len(forgotten)
