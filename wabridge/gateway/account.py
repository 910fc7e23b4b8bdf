"""Works off what Meta says about the account, the number and the templates, and what nobody has a reader for.

Each item ends `done` as news in our own words, shown on the account's page. What has nothing in it that could be read
is set aside alone, with a remark.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import MalformedEvent, StorageDamaged, StorageUnavailable
from wabridge.gateway import account_news, template_news
from wabridge.gateway.template_news import Told
from wabridge.model.event import AccountEvent, decode
from wabridge.storage import events, notifications, quarantine
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import StoredEvent
from wabridge.whatsapp import account_news as reader

log = logging.getLogger(__name__)

_BATCH = 100


class Account:
    """The worker for items about the account. account_id: the business account's at Meta, whose templates are known."""

    def __init__(self, *, database: Database, broker: Broker, clock: Clock, account_id: str = "") -> None:
        self._database = database
        self._account_id = account_id
        self._broker = broker
        self._clock = clock

    async def run(self) -> None:
        """Settle what comes in about the account, until the broker closes."""
        await self._broker.patrol(Topic.ACCOUNT, self.look)

    async def look(self) -> bool:
        """Settle some items, and say whether there may be more."""
        waiting = await self._database.read(lambda tx: events.list_new(tx, "account", limit=_BATCH))
        if not waiting:
            return False
        now = self._clock.now()
        try:
            for_staff = await self._database.write(lambda tx: sum(self._settle(tx, stored, now) for stored in waiting))
        except (StorageUnavailable, StorageDamaged):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the items beside the bad one must not wait for it
            log.warning("a batch holds a bad item, it is taken one by one", extra={"fault": type(fault).__name__})
            for_staff = await self._database.write(lambda tx: self._settle_each(tx, waiting, now))
        if for_staff:
            self._broker.ring(Topic.OFFICE, waiting[-1].id)
        self._broker.announce(Change("notice", None))
        self._broker.ring(Topic.TEMPLATE, waiting[-1].id)
        return len(waiting) == _BATCH

    def _settle_each(self, tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> int:
        return sum(self._settle_alone(tx, stored, now) for stored in waiting)

    def _settle_alone(self, tx: Transaction, stored: StoredEvent, now: datetime) -> int:
        """Settle one item; if it is bad, set it aside, and nothing but it is undone."""
        try:
            with tx.savepoint():
                return self._settle(tx, stored, now)
        except (StorageUnavailable, StorageDamaged):
            raise
        except Exception as fault:  # noqa: BLE001 - an item nobody thought of must not stop the ones behind it
            log.error("an item is set aside", extra={"event_id": stored.id, "fault": type(fault).__name__})
            return _set_aside(tx, stored, f"cannot be applied: {type(fault).__name__}", now)

    def _settle(self, tx: Transaction, stored: StoredEvent, now: datetime) -> int:
        """Settle one item; return 1 if staff should know of it at once."""
        try:
            event = decode(stored.payload)
        except (ValueError, RecursionError):
            return _set_aside(tx, stored, "not readable any more", now)
        if not isinstance(event, AccountEvent):
            raise MalformedEvent("not about the account")
        news = reader.read(event.field, event.value)
        if news is None:
            return _set_aside(tx, stored, "account news with nothing in it", now)
        told = Told(event.field, event.value, event.reported_at, stored.arrived_at)
        is_for_staff = account_news.keep(
            tx, stored.id, news, reported_at=told.reported_at, arrived_at=told.arrived_at, now=now
        )
        template_news.apply(tx, self._account_id, told, now=now)
        events.settle(tx, stored.id, "done", now=now)
        return int(is_for_staff)


def _set_aside(tx: Transaction, stored: StoredEvent, reason: str, now: datetime) -> int:
    if quarantine.set_aside(tx, stored.id, reason=reason, now=now):
        notifications.add(tx, "quarantined", event_id=stored.id, now=now)
    return 1
