"""Has quarantined items applied again, after a fix.

The stored webhook is cut again with today's reader, and what it finds where the item lies takes the item's place in the
same row, which goes back to its worker. Everything runs in short transactions beside the server. Killed at any line it
may be started again: whatever has left quarantine is not touched a second time.
"""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple

from wabridge.clock import Clock
from wabridge.gateway import intake
from wabridge.model.event import Unreadable, decode
from wabridge.model.ids import EventId, WebhookId
from wabridge.model.staff import Actor
from wabridge.storage import acts, events, journal, numbers, quarantine
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.journal import Webhook
from wabridge.storage.quarantine import Choice, SetAside

Place = tuple[WebhookId, str]
"""A webhook, and a pointer into it."""

_BATCH = 100
_ROWS = 200
"""How many items one transaction stores: it must not keep the door waiting."""


class Replayed(NamedTuple):
    """What became of the items that were meant. not_understood: they stay where they are."""

    put_back: int = 0
    not_understood: int = 0


class _Retaken(NamedTuple):
    """An item in quarantine and what today's reader finds in its place: the item itself, and more beside or in it."""

    item: SetAside
    own: NewEvent | None
    more: tuple[NewEvent, ...]

    @property
    def says_nothing_new(self) -> bool:
        """Whether it cannot be understood today either, for the same reason as ever."""
        if self.more or self.own is None:
            return not self.more
        if self.own.payload != self.item.payload:
            return False
        event = decode(self.own.payload)
        return isinstance(event, Unreadable) and event.reason == self.item.reason


@dataclass(eq=False)
class Replay:
    """One going over of the quarantine. dedupe_key, business_account_ids: those intake works with."""

    database: Database
    clock: Clock
    dedupe_key: bytes
    actor: Actor
    business_account_ids: Collection[str] = ()
    _last_cut: tuple[WebhookId, Sequence[NewEvent]] = field(default=(WebhookId(0), ()), init=False)

    async def run(self, choice: Choice) -> Replayed:
        """Put back the items that are meant; each is tried once. Raises NotFound if the one that is meant is not there.

        What comes into quarantine while this runs is left for the next time.
        """
        if (one := choice.event_id) is not None:
            await self.database.read(lambda tx: quarantine.get(tx, one))
        newest = await self.database.read(quarantine.newest)
        put_back = not_understood = 0
        after = EventId(0)
        while chosen := await self._list(choice, after=after, newest=newest):
            retaken = await self._take_again(chosen)
            promising = [each for each in retaken if not each.says_nothing_new]
            put_back += await self._put_back(promising)
            not_understood += len(retaken) - len(promising)
            after = chosen[-1].id
        return Replayed(put_back, not_understood)

    async def _list(self, choice: Choice, *, after: EventId, newest: EventId) -> list[SetAside]:
        return await self.database.read(
            lambda tx: quarantine.list_chosen(tx, choice, after=after, newest=newest, limit=_BATCH)
        )

    async def _take_again(self, chosen: Sequence[SetAside]) -> list[_Retaken]:
        """Look where each item lies for what today's reader finds there."""
        ours = set(await self.database.read(numbers.list_all))
        found: dict[Place, list[NewEvent]] = {(item.webhook_id, item.pointer): [] for item in chosen}
        for item in {item.webhook_id: item for item in chosen}.values():
            for row in await self._cut_again(item, ours):
                if (place := _place(row, found)) is not None:
                    found[place].append(row)
        return [_retaken(item, found[item.webhook_id, item.pointer]) for item in chosen]

    async def _cut_again(self, item: SetAside, ours: Collection[str]) -> Sequence[NewEvent]:
        """Cut the item's webhook; a large one that fills many batches is cut once."""
        if self._last_cut[0] != item.webhook_id:
            body = await self.database.read(lambda tx: journal.get_body(tx, item.webhook_id))
            webhook = Webhook(item.webhook_id, item.arrived_at, body)
            rows = intake.cut(
                webhook,
                dedupe_key=self.dedupe_key,
                phone_number_ids=ours,
                business_account_ids=self.business_account_ids,
            )
            self._last_cut = (item.webhook_id, tuple(rows))
        return self._last_cut[1]

    async def _put_back(self, retaken: Sequence[_Retaken]) -> int:
        """Put items back and return how many; what else was found in their place is stored first."""
        more = [row for each in retaken for row in each.more]
        for start in range(0, len(more), _ROWS):
            await self.database.write(partial(events.add_many, rows=more[start : start + _ROWS]))
        now = self.clock.now()
        return await self.database.write(lambda tx: sum(_put_back(tx, each, self.actor, now) for each in retaken))


def _place(row: NewEvent, wanted: Container[Place]) -> Place | None:
    """Return the place that a row lies in: at its pointer, or around it."""
    pointer = row.pointer
    while (row.webhook_id, pointer) not in wanted and pointer:
        pointer = pointer.rpartition("/")[0]
    return (row.webhook_id, pointer) if (row.webhook_id, pointer) in wanted else None


def _retaken(item: SetAside, found: Sequence[NewEvent]) -> _Retaken:
    there = [row for row in found if row.pointer == item.pointer]
    own = next((row for row in there if row.key == item.key), there[0] if there else None)
    return _Retaken(item, own, tuple(row for row in found if row is not own))


def _put_back(tx: Transaction, retaken: _Retaken, actor: Actor, now: datetime) -> bool:
    """Let one item go back to its worker; False if somebody else was faster."""
    item, own, more = retaken
    if own is not None and quarantine.put_back(tx, item.id, own, now=now):
        verb = "put back"
    elif own is not None and (other := quarantine.find_other(tx, item.id, own.key)) is not None:
        # The same item has come again since the fix, in another webhook: that row is applied, this one would double it.
        verb = "closed"
        if not quarantine.close(tx, item.id, reason=f"came again as event {other}", now=now):
            return False
    elif own is None:
        verb = "cut again"
        if not quarantine.close(tx, item.id, reason=f"cut again into {len(more)}", now=now):
            return False
    else:
        return False
    detail = f"{item.kind}: {item.reason}"
    acts.add(tx, actor, verb, subject_kind="event", subject_id=item.id, now=now, detail=detail)
    return True
