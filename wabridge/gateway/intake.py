"""Cuts stored webhooks into events, one row per item, and wakes the workers they are for.

A webhook is done when the watermark has passed it, and the watermark moves in the transaction that stores the webhook's
last item. Killed before that, it is cut again; the events' UNIQUE key makes that harmless. A large one is put off in
the transaction that moves the watermark past it: see `postponed`.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Collection, Iterator, Sequence
from functools import partial

from wabridge.broker import STEP_BACK_SECONDS, Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.gateway.postponed import Postponed
from wabridge.model.event import (
    AccountEvent,
    Event,
    EventKind,
    Item,
    Unreadable,
    encode,
    is_backlog,
    kind_of,
    stand_in,
)
from wabridge.model.ids import WebhookId
from wabridge.model.lane import Turns
from wabridge.storage import events, foreign, journal, postponed
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.journal import Arrivals, Webhook
from wabridge.whatsapp import payloads

log = logging.getLogger(__name__)

_WEBHOOKS = 200
_BYTES = 512 * 1024
"""How much is taken at a time."""
_LARGE_BYTES = 32 * 1024
"""A body over this size holds dozens of items: it waits while smaller ones do, and its items count as backlog."""
_ROWS = 200
"""How many items one transaction stores: it must not keep the door waiting."""
_INLINE_BYTES = 64 * 1024
"""Above it the cutting is done in a thread, so that nobody else waits for it."""

_UNSTORABLE = "the item could not be stored as it is"

_BELLS: dict[EventKind, Topic] = {
    "message": Topic.INCOMING,
    "unreadable": Topic.INCOMING,
    "status": Topic.STATUS,
    "account": Topic.ACCOUNT,
}


class Intake:
    """The worker between the door and the workers.

    phone_number_ids, business_account_ids: our own; items for others are foreign. No account ids: all are taken for
    ours.
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        clock: Clock,
        dedupe_key: bytes,
        phone_number_ids: Collection[str],
        business_account_ids: Collection[str] = (),
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._dedupe_key = dedupe_key
        self._phone_number_ids = frozenset(phone_number_ids)
        self._business_account_ids = frozenset(business_account_ids)
        self._turns = Turns()
        self._postponed = Postponed(database, self._cut)
        self._has_adopted = False

    async def run(self) -> None:
        """Cut what the door stores, until the broker closes."""
        await self._broker.patrol(Topic.WEBHOOK, self.look)

    async def look(self) -> bool:
        """Cut some webhooks, and say whether there may be more."""
        if not self._has_adopted:
            await self._adopt()
        arrivals = await self._database.read(_list_waiting)
        if arrivals.webhooks or arrivals.large:
            await self._take(arrivals)
            self._turns.take("live")
            if self._turns.order[0] == "live":
                return True
        if self._postponed.is_at_work and self._turns.steps_back(is_calm=self._database.is_calm):
            await self._broker.wait(Topic.WEBHOOK, seconds=STEP_BACK_SECONDS)
            return True
        self._turns.take("backlog")
        rows = await self._postponed.look()
        if rows is not None:
            self._ring(rows)
        return rows is not None or bool(arrivals.webhooks)

    async def _adopt(self) -> None:
        """Let what came for a number or account before it was set up go to its workers."""
        now = self._clock.now()
        ours = self._phone_number_ids, self._business_account_ids
        if number := await self._database.write(lambda tx: foreign.adopt(tx, *ours, now=now)):
            log.warning("items that were foreign are ours now", extra={"items": number})
            for topic in set(_BELLS.values()):
                self._broker.ring(topic, 0)
        self._has_adopted = True

    async def _take(self, arrivals: Arrivals) -> None:
        if sum(len(webhook.body) for webhook in arrivals.webhooks) > _INLINE_BYTES:
            rows = await asyncio.to_thread(self._cut_all, arrivals.webhooks)
        else:
            rows = self._cut_all(arrivals.webhooks)
        for start in range(0, max(len(rows), 1), _ROWS):
            part, rest = rows[start : start + _ROWS], rows[start + _ROWS :]
            # What is not wholly stored by this transaction begins with the first item of the next one.
            done = WebhookId(rest[0].webhook_id - 1) if rest else arrivals.last
            store = partial(_store_part, rows=part, large=arrivals.large, done=done)
            if await self._database.write(store):
                self._broker.announce(Change("notice", None))
            self._ring(part)

    def _ring(self, rows: Sequence[NewEvent]) -> None:
        for topic in {_BELLS[row.kind] for row in rows if row.state == "new"}:
            self._broker.ring(topic, rows[-1].webhook_id)

    def _cut_all(self, webhooks: Sequence[Webhook]) -> list[NewEvent]:
        return [row for webhook in webhooks for row in self._cut(webhook)]

    def _cut(self, webhook: Webhook) -> Iterator[NewEvent]:
        return cut(
            webhook,
            dedupe_key=self._dedupe_key,
            phone_number_ids=self._phone_number_ids,
            business_account_ids=self._business_account_ids,
        )


def cut(
    webhook: Webhook,
    *,
    dedupe_key: bytes,
    phone_number_ids: Collection[str],
    business_account_ids: Collection[str] = (),
) -> Iterator[NewEvent]:
    """Yield the items of a stored webhook as rows; never raises."""
    for item in _split(webhook):
        event, payload = _encode(item.event)
        kind = kind_of(event)
        yield NewEvent(
            webhook_id=webhook.id,
            pointer=item.pointer,
            kind=kind,
            key=_key(dedupe_key, kind, item),
            state="new" if _is_ours(event, phone_number_ids, business_account_ids) else "foreign",
            arrived_at=webhook.arrived_at,
            payload=payload,
            is_backlog=len(webhook.body) > _LARGE_BYTES or is_backlog(event),
            item_digest=item.digest,
        )


def _is_ours(event: Event, phone_number_ids: Collection[str], business_account_ids: Collection[str]) -> bool:
    """Say whether an item is about something of ours: by its number, or else by its business account."""
    if event.phone_number_id is not None:
        return event.phone_number_id in phone_number_ids
    if not isinstance(event, AccountEvent) or event.business_account_id is None:
        return True
    return not business_account_ids or event.business_account_id in business_account_ids


def _key(dedupe_key: bytes, kind: EventKind, item: Item) -> bytes:
    """Return what makes two items the same; time first, so that new keys stand at the edge of their index."""
    digest = hmac.digest(dedupe_key, kind.encode() + b"\0" + item.identity, hashlib.sha256)
    return min(max(item.at, 0), 2**32 - 1).to_bytes(4, "big") + digest[:16]


def _list_waiting(tx: Transaction) -> Arrivals:
    return journal.list_after(tx, events.watermark(tx), limit=_WEBHOOKS, max_bytes=_BYTES, large_bytes=_LARGE_BYTES)


def _store_part(tx: Transaction, rows: Sequence[NewEvent], large: Sequence[WebhookId], done: WebhookId) -> bool:
    """Store items, and say whether pages have something to remark on."""
    postponed.add_many(tx, large)
    events.add_many(tx, rows)
    events.set_watermark(tx, done)
    return foreign.note_messages(tx, rows)


def _split(webhook: Webhook) -> Iterator[Item]:
    try:
        yield from payloads.iterate(webhook.body)
    except Exception as fault:  # noqa: BLE001 - one body nobody thought of must not stop all that come after it
        log.error("a webhook could not be cut", extra={"webhook": webhook.id, "fault": type(fault).__name__})
        digest = hashlib.sha256(webhook.body).digest()
        yield Item(pointer="", event=Unreadable(reason="the body could not be cut"), identity=digest)


def _encode(event: Event) -> tuple[Event, bytes]:
    """Return the event as it can be stored, with as much of it as can be."""
    for kept in (event, stand_in(event, _UNSTORABLE)):
        try:
            return kept, encode(kept)
        except (ValueError, TypeError, OverflowError, RecursionError) as fault:
            log.error("an item could not be stored as it is", extra={"fault": type(fault).__name__})
    kept = Unreadable(reason=_UNSTORABLE)
    return kept, encode(kept)
