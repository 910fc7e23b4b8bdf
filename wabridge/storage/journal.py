"""The journal: every webhook body, stored before Meta is told 200.

Group commit: bodies that arrive during one commit share the next. Repeats and refusals ride along; nobody waits for
them.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Never

from wabridge.clock import Clock, Instant
from wabridge.errors import ConstraintViolated, NotFound, StorageError, StorageUnavailable
from wabridge.model.ids import WebhookId
from wabridge.storage import queries
from wabridge.storage.database import Database, Transaction
from wabridge.storage.instants import from_micros, to_micros

log = logging.getLogger(__name__)

_sql = queries.load("journal")

_NOTES_SECONDS = 1.0
"""How long repeats and refusals wait for a body to ride along with."""
_MAX_REPEATS = 10_000
_CROWD = 16
"""So many bodies in one commit, and the workers leave the door most of the time."""
_SLOW_MS = 1000
"""Meta wants 99 of 100 answers within a second (360dialog, "receiving messages via webhook", restating Meta)."""
_MINUTE_MICROS = 60_000_000


class StoredBody(NamedTuple):
    """A webhook body as it came. digest: SHA-256 of it; secret_name: which app secret verified it."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    digest: bytes
    peer: str
    secret_name: str
    instant: Instant


class Webhook(NamedTuple):
    """A stored body on its way to the workers."""

    id: WebhookId
    arrived_at: datetime
    body: bytes


class Arrivals(NamedTuple):
    """What has come since the last look. large: bodies that need not be cut at once; last: the newest of all."""

    webhooks: list[Webhook]
    large: list[WebhookId]
    last: WebhookId


class _Waiting(NamedTuple):
    """A body whose request waits for its commit."""

    body: StoredBody
    stored: asyncio.Future[WebhookId]


@dataclass(slots=True)
class _Notes:
    """What rides along with the next commit."""

    repeats: list[tuple[int, int]] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)

    def take_back(self, notes: "_Notes") -> None:
        """Keep what could not be written for the next commit."""
        self.repeats = [*notes.repeats, *self.repeats][:_MAX_REPEATS]
        self.refusals.update(notes.refusals)


class Journal:
    """Where the door leaves what it was given."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._notes = _Notes()
        self._wake = asyncio.Event()
        self._is_closed = False

    async def add(self, body: StoredBody) -> WebhookId:
        """Store a body; when this returns, Meta may be told 200. Raises StorageUnavailable."""
        if self._is_closed:
            raise StorageUnavailable("the program is stopping")
        stored: asyncio.Future[WebhookId] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(body, stored))
        self._wake.set()
        return await stored

    def note_repeat(self, webhook_id: WebhookId, at: datetime) -> None:
        """Remember that a stored body came again."""
        if len(self._notes.repeats) < _MAX_REPEATS:
            self._notes.repeats.append((webhook_id, to_micros(at)))

    def note_refusal(self, at: datetime) -> None:
        """Count a webhook whose signature was missing or wrong."""
        self._notes.refusals[_minute(at)] += 1

    async def run(self) -> Never:
        """Store what comes, for ever."""
        try:
            while True:
                await self._wait()
                await self._flush()
        finally:
            self._is_closed = True
            _refuse(self._waiting, StorageUnavailable("the program is stopping"))
            self._waiting = []
            with suppress(StorageError):
                await self._flush()

    async def _wait(self) -> None:
        """Return when there is a body, or when notes have waited long enough for one."""
        if not self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(_NOTES_SECONDS):
                    await self._wake.wait()
        self._wake.clear()

    async def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        notes, self._notes = self._notes, _Notes()
        if not (waiting or notes.repeats or notes.refusals):
            return
        began_ns = self._clock.monotonic_ns()
        try:
            await self._store(waiting, notes)
        except StorageUnavailable as error:
            self._notes.take_back(notes)
            _refuse(waiting, error)
        except ConstraintViolated:
            self._notes.take_back(notes)
            await self._store_one_by_one(waiting)
        except BaseException:
            _refuse(waiting, StorageUnavailable("the program is stopping"))
            raise
        if (took_ms := (self._clock.monotonic_ns() - began_ns) // 1_000_000) > _SLOW_MS:
            log.warning("a commit took long, Meta waits", extra={"bodies": len(waiting), "milliseconds": took_ms})

    async def _store(self, waiting: Sequence[_Waiting], notes: _Notes) -> None:
        bodies = [each.body for each in waiting]
        first = await self._database.write(
            lambda tx: _add_all(tx, bodies, notes), urgent=True, pressed=len(bodies) >= _CROWD
        )
        for webhook_id, (_, stored) in enumerate(waiting, start=first):
            if not stored.done():  # done: its request was given up; the body is stored all the same
                stored.set_result(WebhookId(webhook_id))

    async def _store_one_by_one(self, waiting: Sequence[_Waiting]) -> None:
        """Store each body alone after one of them could not be stored, so that it costs none of the others."""
        for each in waiting:
            try:
                await self._store([each], _Notes())
            except StorageError as error:
                _refuse([each], error)


def list_after(tx: Transaction, webhook_id: WebhookId, *, limit: int, max_bytes: int, large_bytes: int) -> Arrivals:
    """Return the bodies that came after one, oldest first: as many as fit into max_bytes, but at least one.

    Of those over large_bytes only that they are there.
    """
    last, total, large = webhook_id, 0, []
    for row in tx.all(_sql["list_after__sizes"], (webhook_id, limit)):
        if row["bytes"] > large_bytes:
            large.append(WebhookId(row["id"]))
        else:
            total += row["bytes"]
            if total > max_bytes and last != webhook_id:
                break
        last = WebhookId(row["id"])
    rows = tx.all(_sql["list_after"], (webhook_id, last, large_bytes))
    webhooks = [Webhook(WebhookId(row["id"]), from_micros(row["arrived_at"]), row["body"]) for row in rows]
    return Arrivals(webhooks, large, last)


def get_body(tx: Transaction, webhook_id: WebhookId) -> bytes:
    """Return a stored body; raises NotFound."""
    row = tx.one(_sql["get_body"], (webhook_id,))
    if row is None:
        raise NotFound("there is no such webhook")
    return bytes(row["body"])


def newest(tx: Transaction) -> int:
    """Return the id of the body stored last, 0 if there is none."""
    row = tx.one(_sql["newest"])
    return 0 if row is None else int(row["id"])


def refusals_since(tx: Transaction, at: datetime) -> int:
    """Return how many webhooks were refused since the minute of a time."""
    row = tx.one(_sql["refusals_since"], (_minute(at),))
    return 0 if row is None else int(row["refused"])


def _add_all(tx: Transaction, bodies: Sequence[StoredBody], notes: _Notes) -> int:
    """Store bodies in their order and return the first one's id; the others follow it without a gap."""
    first = newest(tx) + 1
    if bodies:
        tx.run_many(_sql["add"], _rows(bodies, first))
    if notes.repeats:
        tx.run_many(_sql["note_repeat"], [(at, webhook_id) for webhook_id, at in notes.repeats])
    if notes.refusals:
        tx.run_many(_sql["note_refusal"], list(notes.refusals.items()))
    return first


def _rows(bodies: Sequence[StoredBody], first: int) -> Iterator[tuple[object, ...]]:
    for webhook_id, (body, headers, digest, peer, secret_name, instant) in enumerate(bodies, start=first):
        # ASCII with escapes: a header may hold half a character, and must come back as it came
        sealed = json.dumps(headers).encode("ascii")
        moment = (to_micros(instant.at), instant.monotonic_ns, instant.boot_id)
        yield (webhook_id, *moment, secret_name, digest, sealed, peer, body)


def _refuse(waiting: Sequence[_Waiting], error: StorageError) -> None:
    for _, stored in waiting:
        if not stored.done():
            stored.set_exception(type(error)(str(error)))  # each request raises one of its own


def _minute(at: datetime) -> int:
    return to_micros(at) // _MINUTE_MICROS
