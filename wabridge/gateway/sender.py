"""Hands queued messages to Meta: in order within a conversation, side by side across conversations.

The table is the queue. A look finds the conversations in which something may go now and gives each a lane, a task
that hands over one message after the other until nothing may go any more. So one slow contact delays nobody else, and
nobody gets two at once. A lane whose call hangs is not counted among those that are served: others take its place, as
long as there are connections.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.broker import PATROL_SECONDS, Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import SettingsError, StorageUnavailable
from wabridge.gateway import consequences, deadlines, handover
from wabridge.gateway.handover import GivenUp, Late, Opened, Result, Settled, Waits
from wabridge.gateway.pacing import Bucket
from wabridge.gateway.uploads import Uploader, Uploading, Way
from wabridge.model import codes
from wabridge.model.ids import ConversationId, NumberId
from wabridge.model.outcome import Exchange, Pause, Unknown
from wabridge.model.pacing import LONGEST_REST
from wabridge.settings import Settings
from wabridge.storage import numbers, outbox, pacing, uploads
from wabridge.storage.database import Database, Transaction
from wabridge.storage.deadlines import add_told
from wabridge.whatsapp.cloud_api import CONNECTIONS, CloudApi, is_usable

log = logging.getLogger(__name__)

LANES = 128
"""How many conversations are served at the same time, beside those whose call hangs."""
HANGS_AFTER_SECONDS = 1.0
"""A call that takes longer than this counts as hanging."""

_STORE_AGAIN_SECONDS = 0.5
_WATCH_EVERY = timedelta(seconds=2)


class _Seen(NamedTuple):
    """What one look at the tables says. due_at: when something that only waits for the clock may go."""

    pause: Pause | None
    ready: list[ConversationId]
    per_second: int
    due_at: datetime | None


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
    uploader: Uploader
    access_token: Callable[[], str]
    settings: Settings
    tasks: asyncio.TaskGroup
    _number_id: NumberId | None = field(default=None, init=False)
    _lanes: dict[ConversationId, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _called: set[ConversationId] = field(default_factory=set, init=False)
    _hanging: set[ConversationId] = field(default_factory=set, init=False)
    _is_crowded: bool = field(default=False, init=False)
    _bucket: Bucket = field(default_factory=Bucket, init=False)
    _alarm: asyncio.TimerHandle | None = field(default=None, init=False)
    _watched_at: datetime | None = field(default=None, init=False)
    _started_at: datetime | None = field(default=None, init=False)

    async def run(self) -> None:
        """Send until the broker closes, then finish what is in hand."""
        try:
            await self.broker.patrol(Topic.OUTGOING, self.look)
            while self._lanes:
                await asyncio.wait(self._lanes.values())
        finally:
            if self._alarm is not None:
                self._alarm.cancel()
            for lane in self._lanes.values():
                lane.cancel()

    async def look(self) -> bool:
        """Open a lane wherever something may go, and say whether to look again at once."""
        number_id = await self._recover() if self._number_id is None else self._number_id
        await self._watch(number_id)
        token = self._find_token()
        seen = await self.database.read(lambda tx: self._see(tx, number_id))
        if seen.pause is not None:
            return await self._try_to_resume(number_id, seen.pause, token)
        if token is None:
            await self._pause(number_id)
            return False
        self._bucket.per_second = seen.per_second
        self._is_crowded = False
        for conversation_id in seen.ready:
            self._serve(conversation_id)
        self._set_alarm(seen.due_at)
        return False

    async def _recover(self) -> NumberId:
        """Put in order what the last run left behind; nothing may be in hand yet."""
        now = self._started_at = self.clock.now()
        self._number_id = await self.database.write(lambda tx: self._settle_last_run(tx, now))
        return self._number_id

    def _settle_last_run(self, tx: Transaction, now: datetime) -> NumberId:
        number_id = numbers.ensure(tx, self.settings.whatsapp.phone_number_id)
        handover.settle_left_open(tx, now=now)
        uploads.settle_left_open(tx, now=now)
        # A stopped program sends late just as a paused one does. Behind a pause, the pause's end decides.
        if numbers.get_pause(tx, number_id) is None:
            outbox.hold_late(tx, number_id, waiting_since=self._late_before(now))
        return number_id

    def _see(self, tx: Transaction, number_id: NumberId) -> _Seen:
        now = self.clock.now()
        pace, pause = pacing.get_number(tx, number_id), numbers.get_pause(tx, number_id)
        ready: list[ConversationId] = []
        if pause is None and not now < pace.rests_until <= now + LONGEST_REST:
            limit = 2 * CONNECTIONS
            ready = outbox.list_ready(
                tx,
                number_id,
                now=now,
                settled_before=self._settled_before(now),
                may_try_again=self._may_try_again(now),
                limit=limit,
            )
        due_at = pacing.find_due(tx, number_id, now=now)
        return _Seen(pause, ready, pace.per_second, due_at)

    async def _watch(self, number_id: NumberId) -> None:
        """Tell staff what has passed its time; now and then, not at every ring."""
        now = self.clock.now()
        if self._watched_at is not None and timedelta(0) <= now - self._watched_at < _WATCH_EVERY:
            return
        self._watched_at = now
        times = deadlines.Times(now, self._late_before(now), self._asked_before(now))
        passed = await self.database.read(lambda tx: deadlines.list_passed(tx, number_id, times))
        if passed:
            await self.database.write(lambda tx: add_told(tx, passed, now=now))
            self.broker.ring(Topic.OFFICE, passed[0].message_id)
            self.broker.announce(Change("notice", None))
            for each in passed:
                self._tell(each.conversation_id)

    def _set_alarm(self, due_at: datetime | None) -> None:
        """Look again when the next rest is over; what is further away than a patrol is found by the patrol."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None
        if due_at is not None and (seconds := (due_at - self.clock.now()).total_seconds()) < PATROL_SECONDS:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(max(seconds, 0), self.broker.ring, Topic.OUTGOING, 0)

    async def _try_to_resume(self, number_id: NumberId, pause: Pause, token: str | None) -> bool:
        """Go on by ourselves if there is another access token than the one that was refused."""
        if token is None or _fingerprint(token) == pause.token or codes.rule(pause.code).stops == "number":
            return False
        if pause.token is None and pause.reason == "refused":  # a status said so, and it names no token
            in_use = _fingerprint(token)
            await self.database.write(lambda tx: numbers.set_paused_token(tx, number_id, in_use))
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
        await self.database.write(lambda tx: consequences.pause(tx, number_id, reason))
        log.error("the access token cannot be read, sending is paused")
        self.broker.announce(Change("notice", None))

    def _serve(self, conversation_id: ConversationId) -> None:
        if conversation_id in self._lanes:
            # It may be about to end, having looked before this message was there.
            self._called.add(conversation_id)
        elif len(self._lanes) - len(self._hanging) < LANES and len(self._lanes) < CONNECTIONS:
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
            self._hanging.discard(conversation_id)
            del self._lanes[conversation_id]

    async def _hand_over_next(self, conversation_id: ConversationId) -> bool:
        """Hand over one message; False if nothing of this conversation may go now."""
        token = self._find_token()
        if token is None:
            return False
        await self._bucket.wait()
        if self.broker.is_closing:
            return False
        opened = await self.database.write(lambda tx: self._open_next(tx, conversation_id, token))
        if isinstance(opened, Opened):
            return await self._hand_over(opened, token)
        self._bucket.give_back()
        if isinstance(opened, Uploading):
            self._tell(conversation_id)
            with self._noting_if_it_hangs(conversation_id):
                await self.uploader.upload(opened, token)
            self.broker.ring(Topic.OUTGOING, opened.message_id)  # the look sets the alarm, should it be tried again
        elif isinstance(opened, GivenUp):
            log.warning("a message is given up before it was handed over", extra={"message_id": opened.message_id})
            self._tell(conversation_id)
            self.broker.ring(Topic.OFFICE, opened.message_id)
        elif isinstance(opened, Late):
            log.info("a message has waited too long and is held", extra={"message_id": opened.message_id})
            self._tell(conversation_id)
            self.broker.announce(Change("notice", None))
        elif isinstance(opened, Waits):
            self._tell(conversation_id)
            self.broker.ring(Topic.OUTGOING, opened.message_id)  # the look sets the alarm
            return False
        return opened is not None

    async def _hand_over(self, opened: Opened, token: str) -> bool:
        """Make the call and store what came of it; say whether more of this conversation is to go.

        What is queued later than that rings, and the look calls this lane again.
        """
        result = Result(Exchange(Unknown("stopped")), self.clock.now(), _fingerprint(token))
        try:
            with self._noting_if_it_hangs(opened.conversation_id):
                exchange = await self.api.send(self.settings.whatsapp.phone_number_id, opened.body, access_token=token)
            result = result._replace(exchange=exchange, at=self.clock.now())
            return await self._settle(opened, result)
        except asyncio.CancelledError:
            # Storing it twice changes nothing; if not even that is possible, the next start finds the attempt open.
            with suppress(StorageUnavailable):
                await self._settle_once(opened, result)
            raise

    @contextmanager
    def _noting_if_it_hangs(self, conversation_id: ConversationId) -> Iterator[None]:
        """Let somebody else have this lane's place while its call takes too long."""
        alarm = asyncio.get_running_loop().call_later(HANGS_AFTER_SECONDS, self._note_hanging, conversation_id)
        try:
            yield
        finally:
            alarm.cancel()
            self._hanging.discard(conversation_id)

    def _note_hanging(self, conversation_id: ConversationId) -> None:
        self._hanging.add(conversation_id)
        if self._is_crowded:
            self.broker.ring(Topic.OUTGOING, conversation_id)

    def _open_next(
        self, tx: Transaction, conversation_id: ConversationId, token: str
    ) -> Opened | Uploading | GivenUp | Late | Waits | None:
        instant, number = self.clock.instant(), self.settings.whatsapp.phone_number_id
        return handover.open_next(
            tx,
            conversation_id,
            way=Way(self.api.messages_url(number), self.uploader.api.url(number), _fingerprint(token)),
            instant=instant,
            settled_before=self._settled_before(instant.at),
            late_before=self._late_before(instant.at),
            may_try_again=self._may_try_again(instant.at),
        )

    async def _settle(self, opened: Opened, result: Result) -> bool:
        """Store the outcome, however long storage fails: it is known nowhere else. See _hand_over."""
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
            if settled.waits:
                self.broker.ring(Topic.OUTGOING, opened.message_id)  # the look sets the alarm
            if settled.has_paused:
                log.error("sending is paused until a person has acted")
                self.broker.announce(Change("notice", None))
            return settled.has_more

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

    def _asked_before(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self.settings.whatsapp.asking_seconds)

    def _may_try_again(self, now: datetime) -> bool:
        """Say whether we have listened for a settling time: what was reported while we were away comes again first."""
        return self._started_at is not None and self._started_at <= self._settled_before(now)

    def _late_before(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.settings.office.late_after_minutes)


def _fingerprint(token: str) -> str:
    """Return what an access token is recognised by without being kept."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
