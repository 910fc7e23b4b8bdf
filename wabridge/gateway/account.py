"""What Meta says about the account, the number and the templates: kept, and shown until somebody has seen it.

There is no reader for these items yet, so all but the harmless ones are set aside by name. Nothing disappears: the
item stays in its table, and a notification says that it is there.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.model.event import AccountEvent, decode
from wabridge.storage import events, notifications, quarantine
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import StoredEvent

log = logging.getLogger(__name__)

_BATCH = 100

HARMLESS = frozenset(
    {
        "automatic_events",
        "consumer_profile",
        "message_template_components_update",
        "smb_app_state_sync",
    }
)
"""Fields that ask nothing of anybody here: events Meta derives for advertisers, a profile's new picture, a template's
new wording after an edit somebody made at Meta, the phone app's address book. Source: Meta, "webhooks" (fields)."""


class Account:
    """The worker for items about the account."""

    def __init__(self, *, database: Database, broker: Broker, clock: Clock) -> None:
        self._database = database
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
        set_aside = await self._database.write(lambda tx: _settle_all(tx, waiting, now))
        if set_aside:
            self._broker.ring(Topic.OFFICE, waiting[-1].id)
            self._broker.announce(Change("notice", None))
        return len(waiting) == _BATCH


def _settle_all(tx: Transaction, waiting: Sequence[StoredEvent], now: datetime) -> int:
    """Settle each item and return how many were set aside."""
    set_aside = 0
    for stored in waiting:
        reason = _reason(stored)
        if reason is None:
            events.settle(tx, stored.id, "done", now=now)
            continue
        if quarantine.set_aside(tx, stored.id, reason=reason, now=now):
            notifications.add(tx, "quarantined", event_id=stored.id, now=now)
        set_aside += 1
    return set_aside


def _reason(stored: StoredEvent) -> str | None:
    """Return why an item is set aside, None if it is harmless."""
    try:
        event = decode(stored.payload)
    except (ValueError, RecursionError):
        return "not readable any more"
    if not isinstance(event, AccountEvent):
        return "not about the account"
    if event.field in HARMLESS:
        return None
    # A field's name is one short word of Meta's; whatever else stands in its place is kept in the item itself.
    return f"no reader yet: {event.field[:64]}"
