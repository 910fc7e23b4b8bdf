"""Fetches the list of templates: daily, when somebody asks, and when Meta says that something has changed.

Whatever goes wrong here is told on the page of templates and nowhere else: a token or a limit that is refused here
never pauses sending. A list that did not come whole changes nothing.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import NotListed, SettingsError
from wabridge.model.template import Listed
from wabridge.model.template_sync import DAILY, SyncState, retry_at
from wabridge.storage import template_syncs, templates
from wabridge.storage.database import Database, Transaction
from wabridge.whatsapp.templates import TemplateApi

log = logging.getLogger(__name__)

_BATCH = 100


class Templates:
    """The worker for templates. account_id: the business account's at Meta; without it nothing can be fetched."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        clock: Clock,
        api: TemplateApi,
        access_token: Callable[[], str],
        account_id: str,
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._api = api
        self._access_token = access_token
        self._account_id = account_id

    async def run(self) -> None:
        """Keep the templates as Meta lists them, until the broker closes."""
        await self._broker.patrol(Topic.TEMPLATE, self.look)

    async def look(self) -> bool:
        """Fetch the list if it is due; there is never more to do at once."""
        if not self._account_id:
            return False
        state = await self._database.read(lambda tx: template_syncs.get(tx, self._account_id))
        begun_at = self._clock.now()
        if not state.is_due(begun_at):
            return False
        try:
            found, unreadable = await self._fetch()
        except NotListed as trouble:
            log.warning("the templates could not be listed", extra={"reason": trouble.reason, "code": trouble.code})
            await self._note_failure(state, trouble, begun_at)
        else:
            await self._store(found, unreadable, begun_at)
        self._broker.announce(Change("template", None))
        return False

    async def _fetch(self) -> tuple[tuple[Listed, ...], int]:
        try:
            token = self._access_token()
        except SettingsError as trouble:
            raise NotListed("token") from trouble
        return await self._api.list(self._account_id, access_token=token)

    async def _store(self, found: Sequence[Listed], unreadable: int, begun_at: datetime) -> None:
        """Store a whole list; killed in between, the next start fetches it once more."""
        changed = 0
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            changed += await self._database.write(partial(self._put, batch=batch, begun_at=begun_at))
        gone = await self._database.write(lambda tx: self._finish(tx, unreadable, begun_at))
        log.info("templates listed", extra={"templates": len(found), "changed": changed, "gone": gone})

    def _put(self, tx: Transaction, *, batch: Sequence[Listed], begun_at: datetime) -> int:
        return sum(templates.put(tx, self._account_id, listed, at=begun_at) for listed in batch)

    def _finish(self, tx: Transaction, unreadable: int, begun_at: datetime) -> int:
        template_syncs.set_good(
            tx, self._account_id, begun_at=begun_at, unreadable=unreadable, next_at=begun_at + DAILY
        )
        return templates.mark_missing(tx, self._account_id, at=begun_at)

    async def _note_failure(self, state: SyncState, trouble: NotListed, begun_at: datetime) -> None:
        now, failures = self._clock.now(), state.failures + 1
        failed = msgspec.structs.replace(
            state,
            begun_at=begun_at,
            failures=failures,
            reason=trouble.reason,
            code=trouble.code,
            said=trouble.said,
            next_at=retry_at(failures, now),
        )
        await self._database.write(lambda tx: template_syncs.set_failed(tx, self._account_id, failed, now=now))
