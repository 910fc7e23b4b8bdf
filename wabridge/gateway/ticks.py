"""Tells Meta that somebody of the office has read, or writes: blue ticks and "typing…" on the client's phone.

A courtesy: nothing waits for it, nothing is repeated, whatever comes of it is forgotten. While sending stands still,
and for a number that is no longer ours, nothing is told.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from wabridge.broker import Broker, Topic
from wabridge.clock import Clock
from wabridge.errors import SettingsError
from wabridge.model.outcome import Accepted, Refused, Unknown
from wabridge.storage import numbers, standstills, ticks
from wabridge.storage.database import Database, Transaction
from wabridge.storage.ticks import Tick
from wabridge.whatsapp import requests
from wabridge.whatsapp.cloud_api import CloudApi

log = logging.getLogger(__name__)

SECONDS = 5
"""So long Meta has to answer; nobody looks at the answer."""
READ_KEEPS = timedelta(minutes=10)
TYPING_KEEPS = timedelta(seconds=20)
"""A wish that is older is dropped: by then it would say something wrong."""


class Ticks:
    """The worker for blue ticks. api: with connections of its own and a short patience."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        clock: Clock,
        api: CloudApi,
        access_token: Callable[[], str],
        phone_number_id: str,
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._api = api
        self._access_token = access_token
        self._phone_number_id = phone_number_id

    async def run(self) -> None:
        """Pass wishes on as they come, until the broker closes."""
        await self._broker.patrol(Topic.TICKS, self.look)

    async def look(self) -> bool:
        """Pass every wish on that still holds; there is never more to do at once."""
        if not await self._database.read(ticks.is_any):
            return False
        wanted = await self._database.write(self._take)
        for tick in wanted:
            if self._broker.is_closing:
                break
            await self._tell(tick)
        return False

    def _take(self, tx: Transaction) -> tuple[Tick, ...]:
        wanted = ticks.take_all(tx)
        number_id = numbers.find(tx, self._phone_number_id)
        stands_still = number_id is None or numbers.get_pause(tx, number_id) or standstills.find(tx, number_id)
        return () if stands_still else tuple(tick for tick in wanted if tick.number_id == number_id)

    async def _tell(self, tick: Tick) -> None:
        age = self._clock.now() - tick.wanted_at
        if not timedelta(0) <= age <= READ_KEEPS:
            return
        try:
            token = self._access_token()
        except SettingsError:
            return
        body = requests.build_read(tick.wamid, is_typing=tick.is_typing and age <= TYPING_KEEPS)
        exchange = await self._api.send(self._phone_number_id, body, access_token=token)
        # Meta answers {"success": true}: for a message that would be an answer without an id.
        was_told = exchange.response_status == 200 and isinstance(exchange.outcome, Accepted | Unknown)
        code = exchange.outcome.code if isinstance(exchange.outcome, Refused) else None
        log.debug("told of reading", extra={"was_told": was_told, "code": code})
