"""Cuts large webhooks a little at a time, while nothing live waits to be cut.

What has been cut is stored at once; that the webhook is done is stored with its last items. Killed before that, it is
cut again from its beginning, and the events' UNIQUE key makes that harmless.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from wabridge.model.ids import WebhookId
from wabridge.storage import events, foreign, postponed
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.journal import Webhook

_SLICE = 32
"""So many items are cut and stored at a time: some milliseconds of work."""


class Postponed:
    """One large webhook in hand. cut: yields the items of a webhook as rows."""

    def __init__(self, database: Database, cut: Callable[[Webhook], Iterator[NewEvent]]) -> None:
        self._database = database
        self._cut = cut
        self._in_hand: tuple[WebhookId, Iterator[NewEvent]] | None = None

    @property
    def is_at_work(self) -> bool:
        """Whether a webhook is being cut."""
        return self._in_hand is not None

    async def look(self) -> Sequence[NewEvent] | None:
        """Cut a slice, and return what it held; None if nothing is postponed."""
        if self._in_hand is None:
            webhook = await self._database.read(postponed.find_oldest)
            if webhook is None:
                return None
            self._in_hand = webhook.id, self._cut(webhook)
        webhook_id, rows = self._in_hand
        # In a thread: the first slice decodes the whole body.
        part = await asyncio.to_thread(lambda: list(islice(rows, _SLICE)))
        try:
            await self._database.write(lambda tx: _store(tx, webhook_id, part), patient=True)
        except BaseException:
            self._in_hand = None  # what was cut and not stored is cut again
            raise
        if len(part) < _SLICE:
            self._in_hand = None
        return part


def _store(tx: Transaction, webhook_id: WebhookId, part: Sequence[NewEvent]) -> None:
    events.add_many(tx, part)
    foreign.note_messages(tx, part)
    if len(part) < _SLICE:
        postponed.remove(tx, webhook_id)
