"""Hands queued messages to Meta: in order within a conversation, side by side across conversations.

The table is the queue. A look finds the conversations in which something may go now and gives each a lane, a task
that hands over one message after the other until nothing may go any more. So one slow contact delays nobody else, and
nobody gets two at once.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import SettingsError, StorageUnavailable
from wabridge.gateway import handover
from wabridge.gateway.handover import GivenUp, Late, Opened, Result, Settled
from wabridge.model.ids import ConversationId, NumberId
from wabridge.model.outcome import Exchange, Pause, Unknown
from wabridge.settings import Settings
from wabridge.storage import numbers, outbox
from wabridge.storage.database import Database, Transaction
from wabridge.whatsapp.cloud_api import CloudApi, is_usable

log = logging.getLogger(__name__)

LANES = 32
"""How many conversations are served at the same time."""

_STORE_AGAIN_SECONDS = 0.5


@dataclass(kw_only=True, eq=False)
class Sender:
    """The worker for messages on their way out.

    access_token: asked before each call, so that a new one counts at once; raises SettingsError if it cannot be read.
    tasks: where lanes are born.
    """

    database: Database
    broker: Broker
    clock: Clock
    api: CloudApi
    access_token: Callable[[], str]
    settings: Settings
    tasks: asyncio.TaskGroup
    _number_id: NumberId | None = field(default=None, init=False)
    _lanes: dict[ConversationId, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _called: set[ConversationId] = field(default_factory=set, init=False)
    _is_crowded: bool = field(default=False, init=False)

    async def run(self) -> None:
        """Send until the broker closes, then finish what is in hand."""
        try:
            await self.broker.patrol(Topic.OUTGOING, self.look)
            while self._lanes:
                await asyncio.wait(self._lanes.values())
        finally:
            for lane in self._lanes.values():
                lane.cancel()

    async def look(self) -> bool:
        """Open a lane wherever something may go, and say whether to look again at once."""
        number_id = await self._recover() if self._number_id is None else self._number_id
        token = self._find_token()
        pause, ready = await self.database.read(lambda tx: self._list_ready(tx, number_id))
        if pause is not None:
            return await self._try_to_resume(number_id, pause, token)
        if token is None:
            await self._pause(number_id)
            return False
        self._is_crowded = False
        for conversation_id in ready:
            self._serve(conversation_id)
        return False

    async def _recover(self) -> NumberId:
        """Put in order what the last run left behind; nothing may be in hand yet."""
        now = self.clock.now()
        self._number_id = await self.database.write(lambda tx: self._settle_last_run(tx, now))
        return self._number_id

    def _settle_last_run(self, tx: Transaction, now: datetime) -> NumberId:
        number_id = numbers.ensure(tx, self.settings.whatsapp.phone_number_id)
        handover.settle_left_open(tx, now=now)
        # A stopped program sends late just as a paused one does. Behind a pause, the pause's end decides.
        if numbers.get_pause(tx, number_id) is None:
            outbox.hold_late(tx, number_id, waiting_since=self._late_before(now))
        return number_id

    def _list_ready(self, tx: Transaction, number_id: NumberId) -> tuple[Pause | None, list[ConversationId]]:
        now = self.clock.now()
        ready = outbox.list_ready(tx, number_id, now=now, settled_before=self._settled_before(now), limit=2 * LANES)
        return numbers.get_pause(tx, number_id), ready

    async def _try_to_resume(self, number_id: NumberId, pause: Pause, token: str | None) -> bool:
        """Go on by ourselves if there is another access token than the one that was refused."""
        if token is None or _fingerprint(token) == pause.token:
            return False
        now = self.clock.now()
        late_before = self._late_before(now)
        held = await self.database.write(lambda tx: handover.resume(tx, number_id, late_before=late_before, now=now))
        log.info("sending goes on with another access token", extra={"held": len(held)})
        self.broker.announce(Change("notice", None))
        for conversation_id in held:
            self._tell(conversation_id)
        return True

    async def _pause(self, number_id: NumberId) -> None:
        reason = Pause(self.clock.now(), "token_unreadable")
        await self.database.write(lambda tx: handover.pause(tx, number_id, reason))
        log.error("the access token cannot be read, sending is paused")
        self.broker.announce(Change("notice", None))

    def _serve(self, conversation_id: ConversationId) -> None:
        if conversation_id in self._lanes:
            # It may be about to end, having looked before this message was there.
            self._called.add(conversation_id)
        elif len(self._lanes) < LANES:
            self._lanes[conversation_id] = self.tasks.create_task(self._drain(conversation_id))
        else:
            self._is_crowded = True

    async def _drain(self, conversation_id: ConversationId) -> None:
        try:
            goes_on = True
            while goes_on and not self.broker.is_closing:
                self._called.discard(conversation_id)
                goes_on = await self._hand_over_next(conversation_id) or conversation_id in self._called
            if self._is_crowded:
                self.broker.ring(Topic.OUTGOING, conversation_id)
        except StorageUnavailable:
            log.warning("storage is failing, nothing is handed over")
        finally:
            del self._lanes[conversation_id]

    async def _hand_over_next(self, conversation_id: ConversationId) -> bool:
        """Hand over one message; False if nothing of this conversation may go now."""
        token = self._find_token()
        if token is None:
            return False
        opened = await self.database.write(lambda tx: self._open_next(tx, conversation_id))
        if isinstance(opened, Opened):
            await self._hand_over(opened, token)
        elif isinstance(opened, GivenUp):
            log.warning("a message is given up before it was handed over", extra={"message_id": opened.message_id})
            self._tell(conversation_id)
            self.broker.ring(Topic.OFFICE, opened.message_id)
        elif isinstance(opened, Late):
            log.info("a message has waited too long and is held", extra={"message_id": opened.message_id})
            self._tell(conversation_id)
            self.broker.announce(Change("notice", None))
        return opened is not None

    async def _hand_over(self, opened: Opened, token: str) -> None:
        result = Result(Exchange(Unknown("stopped")), self.clock.now(), _fingerprint(token))
        try:
            exchange = await self.api.send(self.settings.whatsapp.phone_number_id, opened.body, access_token=token)
            result = result._replace(exchange=exchange, at=self.clock.now())
            await self._settle(opened, result)
        except asyncio.CancelledError:
            # Storing it twice changes nothing; if not even that is possible, the next start finds the attempt open.
            with suppress(StorageUnavailable):
                await self._settle_once(opened, result)
            raise

    def _open_next(self, tx: Transaction, conversation_id: ConversationId) -> Opened | GivenUp | Late | None:
        instant = self.clock.instant()
        return handover.open_next(
            tx,
            conversation_id,
            url=self.api.messages_url(self.settings.whatsapp.phone_number_id),
            instant=instant,
            settled_before=self._settled_before(instant.at),
            late_before=self._late_before(instant.at),
        )

    async def _settle(self, opened: Opened, result: Result) -> None:
        """Store the outcome, however long storage fails: it is known nowhere else."""
        while True:
            try:
                settled = await self._settle_once(opened, result)
            except StorageUnavailable:
                log.warning("storage is failing, an outcome waits", extra={"attempt_id": opened.attempt_id})
                await asyncio.sleep(_STORE_AGAIN_SECONDS)
                continue
            log.info("handed over", extra={"attempt_id": opened.attempt_id, "outcome": settled.outcome})
            self._tell(opened.conversation_id)
            if settled.went_wrong:
                self.broker.ring(Topic.OFFICE, opened.message_id)
            if settled.has_paused:
                log.error("sending is paused until a person has acted")
                self.broker.announce(Change("notice", None))
            return

    async def _settle_once(self, opened: Opened, result: Result) -> Settled:
        jitter = secrets.randbelow(1001) / 1000
        return await self.database.write(lambda tx: handover.settle(tx, opened, result, jitter=jitter))

    def _tell(self, conversation_id: ConversationId) -> None:
        self.broker.announce(Change("conversation", conversation_id))

    def _find_token(self) -> str | None:
        try:
            token = self.access_token()
        except SettingsError:
            return None
        return token if is_usable(token) else None

    def _settled_before(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self.settings.whatsapp.settling_seconds)

    def _late_before(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.settings.office.late_after_minutes)


def _fingerprint(token: str) -> str:
    """Return what an access token is recognised by without being kept."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
