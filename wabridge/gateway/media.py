"""Fetches the files of messages into the vault: some side by side, each by its address or else by its id.

The table is the queue. What cannot be had is tried again with growing pauses until WhatsApp forgets it; a day before
that a person is told. Nothing here is given up by the calendar alone: after the end it takes WhatsApp's no, or several
tries in vain, so that a clock that jumps costs no file. Killed at any line, the next start puts in order what rows and
vault say (`gateway.vault_check`).
"""

import asyncio
import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock
from wabridge.errors import NotFetched, SettingsError, StorageDamaged, StorageUnavailable
from wabridge.gateway import vault_check
from wabridge.model.ids import ConversationId, MediaId
from wabridge.model.media import ALERT_BEFORE, LARGEST_BYTES, LONGEST_PAUSE, Kept, next_try
from wabridge.storage import media, notifications
from wabridge.storage.database import Database, Transaction
from wabridge.storage.media import Due
from wabridge.storage.vault import Vault
from wabridge.whatsapp.cloud_api import is_usable
from wabridge.whatsapp.media import Found, MediaApi, concerns_all, parse_digest

log = logging.getLogger(__name__)

LANES = 6
LANES_EACH = 2
"""How many files come at the same time, and how many of them out of one conversation: the second lane of a talkative
one must not be the last of all."""

_MOST = 200
_STORAGE_REST_SECONDS = 15
_THROTTLE_REST_SECONDS = 60
_TOKEN_REST_SECONDS = 300
"""How long nothing is fetched after the disk or Meta has refused; another access token ends the last."""

_GRACE = timedelta(hours=1)
"""So long a file may be on its way before its coming end is worth a word."""


class _Fetched(NamedTuple):
    """A file that is in the vault. is_as_claimed: None if nothing was claimed."""

    kept: Kept
    sha256: str
    is_as_claimed: bool | None


@dataclass(kw_only=True, eq=False)
class Media:
    """The worker for files.

    access_token: asked before each file, so that a new one counts at once; raises SettingsError if it cannot be read.
    tasks: where lanes are born.
    """

    database: Database
    broker: Broker
    clock: Clock
    api: MediaApi
    vault: Vault
    access_token: Callable[[], str]
    tasks: asyncio.TaskGroup
    largest_bytes: int = LARGEST_BYTES
    _is_checked: bool = field(default=False, init=False)
    _lanes: dict[MediaId, tuple[ConversationId, asyncio.Task[None]]] = field(default_factory=dict, init=False)
    _rests_until_ns: int = field(default=0, init=False)
    _blames_token_until_ns: int = field(default=0, init=False)
    _refused: str | None = field(default="", init=False)

    async def run(self) -> None:
        """Fetch until the broker closes; what is on its way then begins anew with the next start."""
        try:
            await self.broker.patrol(Topic.MEDIA, self.look)
        finally:
            lanes = [lane for _, lane in self._lanes.values()]
            for lane in lanes:
                lane.cancel()
            if lanes:
                await asyncio.wait(lanes)

    async def look(self) -> bool:
        """Begin to fetch what is due, as far as lanes are free; what remains waits for the next ring."""
        if not self._is_checked:
            await vault_check.check(self.database, self.vault, self.clock)
            self._is_checked = True
        await self._alert()
        token = self._find_token()
        if token is not None:
            await self._welcome(token)
        if token is None or self._rests():
            if token is None or self.clock.monotonic_ns() < self._blames_token_until_ns:
                await self._blame_token()
            return False
        begun = [one for one in await self._list_due() if self._has_room(one)]
        for one in begun:
            if self._has_room(one):
                lane = self.tasks.create_task(self._serve(one, token))
                self._lanes[one.file.id] = (one.file.conversation_id, lane)
        return bool(begun)

    async def _list_due(self) -> list[Due]:
        """Return what is due in conversations that have a lane left: a talkative one must not hide the others."""
        now = self.clock.now()
        taken = Counter(conversation for conversation, _ in self._lanes.values())
        busy = [conversation for conversation, lanes in taken.items() if lanes >= LANES_EACH]
        return await self.database.read(
            lambda tx: media.list_due(tx, now=now, implausible=now + 2 * LONGEST_PAUSE, busy=busy, limit=4 * LANES)
        )

    async def _welcome(self, token: str) -> None:
        """Let what failed for want of a token be fetched at once if this is another one, or the first of this run."""
        if self._refused is None or self._refused == _fingerprint(token):
            return
        now = self.clock.now()
        if await self.database.read(lambda tx: media.is_anything_waiting(tx, because="token")):
            await self.database.write(lambda tx: media.hurry(tx, "token", now=now))
        self._refused, self._rests_until_ns = None, 0

    async def _blame_token(self) -> None:
        """Say of each file that waits why it does."""
        if await self.database.read(lambda tx: media.is_anything_waiting(tx, unless="token")):
            await self.database.write(lambda tx: media.set_reason(tx, "token"))

    async def _serve(self, due: Due, token: str) -> None:
        """Fetch one file and store what came of it; nothing but a fault of the program leaves here."""
        try:
            try:
                fetched = await self._fetch(due, token)
            except NotFetched as trouble:
                await self._settle_trouble(due, trouble, token)
            except (StorageUnavailable, StorageDamaged):
                raise
            except Exception as fault:  # noqa: BLE001 - one file nobody thought of must not stop the ones beside it
                log.error("a file cannot be handled", extra={"media_id": due.file.id, "fault": type(fault).__name__})
                await self._settle_trouble(due, NotFetched("fault"), token)
            else:
                await self._store(due, fetched)
            self.broker.announce(Change("conversation", due.file.conversation_id))
        except StorageUnavailable:
            self._rest(_STORAGE_REST_SECONDS)
            log.warning("storage is failing, files wait", extra={"media_id": due.file.id})
        finally:
            del self._lanes[due.file.id]
            self.broker.ring(Topic.MEDIA, due.file.id)

    async def _fetch(self, due: Due, token: str) -> _Fetched:
        """Bring a file into the vault; raises NotFetched or StorageUnavailable."""
        file_id = due.file.file_id
        if due.url is not None:
            try:
                return await self._download(due, Found(due.url), token)
            except NotFetched as trouble:
                if file_id is None or trouble.reason in ("too_large", "changed"):
                    raise
        if file_id is None:
            raise NotFetched("gone")
        return await self._download(due, await self.api.find(file_id, access_token=token), token)

    async def _download(self, due: Due, found: Found, token: str) -> _Fetched:
        async with self.api.open(found.url, access_token=token) as download:
            if (download.length or 0) > self.largest_bytes:
                raise NotFetched("too_large")
            async with self.vault.write(_owner(due), expected_bytes=download.length or 0) as writer:
                async for piece in download.pieces():
                    if writer.size + len(piece) > self.largest_bytes:
                        raise NotFetched("too_large")
                    await writer.write(piece)
                is_as_claimed = _compare(due, found, writer.size, writer.sha256)
                if is_as_claimed is not True and download.may_be_a_page(due.file.mime_type):
                    raise NotFetched("server")
                if is_as_claimed is False and not self._is_the_best_there_is(due, writer.sha256):
                    raise NotFetched("changed", sha256=writer.sha256)
                return _Fetched(await writer.finish(), writer.sha256, is_as_claimed)

    def _is_the_best_there_is(self, due: Due, sha256: str) -> bool:
        """Say whether what is not as announced is kept all the same: it came twice alike, or cannot come again."""
        return due.file.sha256 == sha256 or self.clock.now() >= due.file.expires_at - _GRACE

    async def _store(self, due: Due, fetched: _Fetched) -> None:
        """Write down that the file is here; it is on the disk already, in that order."""
        now = self.clock.now()

        def settle(tx: Transaction) -> bool:
            is_news = media.mark_stored(
                tx, due.file.id, fetched.kept, sha256=fetched.sha256, is_as_claimed=fetched.is_as_claimed, now=now
            )
            if is_news:
                for kind in ("media_expiring", "media_failed"):
                    notifications.set_seen_of(tx, kind, due.file.message_id, now=now)
            return is_news

        try:
            is_news = await self.database.write(settle)
        except StorageUnavailable:
            await asyncio.to_thread(self.vault.delete, [fetched.kept.name])
            raise
        if not is_news:
            await asyncio.to_thread(self.vault.delete, [fetched.kept.name])
        log.info("a file is stored", extra={"media_id": due.file.id, "is_as_claimed": fetched.is_as_claimed})
        self.broker.ring(Topic.MEDIA_STORED, due.file.id)
        self.broker.announce(Change("notice", None))

    async def _settle_trouble(self, due: Due, trouble: NotFetched, token: str) -> None:
        log.info("a file did not come", extra={"media_id": due.file.id, "reason": trouble.reason})
        if trouble.reason == "token":
            self._refused = _fingerprint(token)
        if concerns_all(trouble):
            self._rest(_TOKEN_REST_SECONDS)
            self._blames_token_until_ns = self._rests_until_ns
            await self.database.write(lambda tx: media.set_reason(tx, "token"))
            return
        if trouble.reason == "throttled":
            self._rest(_THROTTLE_REST_SECONDS)
        now, jitter = self.clock.now(), secrets.randbelow(1001) / 1000
        is_lost = await self.database.write(lambda tx: _postpone(tx, due, trouble, now=now, jitter=jitter))
        if is_lost:
            log.warning("a file is given up", extra={"media_id": due.file.id, "reason": trouble.reason})
            self.broker.announce(Change("notice", None))
            self.broker.ring(Topic.OFFICE, due.file.message_id)

    async def _alert(self) -> None:
        """Tell a person of files that WhatsApp will forget within a day, whyever they are not here."""
        now = self.clock.now()

        def list_expiring(tx: Transaction) -> list[media.Expiring]:
            return media.list_expiring(tx, now=now, before=now + ALERT_BEFORE, wanted_before=now - _GRACE, limit=_MOST)

        expiring = await self.database.read(list_expiring)
        if not expiring:
            return

        def note(tx: Transaction) -> None:
            for one in expiring:
                media.set_alerted(tx, one.id, now=now)
                notifications.add(
                    tx, "media_expiring", conversation_id=one.conversation_id, message_id=one.message_id, now=now
                )

        await self.database.write(note)
        log.warning("files could not be fetched and will expire", extra={"files": len(expiring)})
        self.broker.ring(Topic.OFFICE, expiring[-1].message_id)
        self.broker.announce(Change("notice", None))

    def _has_room(self, due: Due) -> bool:
        if due.file.id in self._lanes or len(self._lanes) >= LANES:
            return False
        taken = [conversation for conversation, _ in self._lanes.values()]
        return taken.count(due.file.conversation_id) < LANES_EACH

    def _rest(self, seconds: float) -> None:
        until = self.clock.monotonic_ns() + round(seconds * 1_000_000_000)
        self._rests_until_ns = max(self._rests_until_ns, until)

    def _rests(self) -> bool:
        return self.clock.monotonic_ns() < self._rests_until_ns

    def _find_token(self) -> str | None:
        try:
            token = self.access_token()
        except SettingsError:
            return None
        return token if is_usable(token) else None


def _postpone(tx: Transaction, due: Due, trouble: NotFetched, *, now: datetime, jitter: float) -> bool:
    """Store what came of a try in vain, and say whether the file is given up."""
    at = next_try(due.file, due.last_tries, now=now, jitter=jitter)
    if at is not None and trouble.reason != "too_large":
        media.postpone(tx, due.file.id, trouble.reason, sha256=trouble.sha256, next_try_at=at, now=now)
        return False
    media.mark_failed(tx, due.file.id, trouble.reason)
    notifications.set_seen_of(tx, "media_expiring", due.file.message_id, now=now)
    notifications.add(
        tx, "media_failed", conversation_id=due.file.conversation_id, message_id=due.file.message_id, now=now
    )
    return True


def _owner(due: Due) -> str:
    """Return which key a file gets: its contact's, in a group the conversation's."""
    if due.contact_id is not None:
        return f"contact/{due.contact_id}"
    return f"conversation/{due.file.conversation_id}"


def _compare(due: Due, found: Found, size: int, sha256: str) -> bool | None:
    """Say whether what came is what WhatsApp announced; None if it announced nothing that can be compared."""
    claimed = parse_digest(due.file.claimed_sha256) or parse_digest(found.sha256)
    if claimed is not None:
        return claimed == sha256
    return None if found.size is None else found.size == size


def _fingerprint(token: str) -> str:
    """Return what an access token is recognised by without being kept."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]
