"""Hands the file of a message to Meta before the message itself, in the lane of its conversation.

So it is this person's later messages alone that wait for a long file. `begin` writes the upload down in the transaction
that would otherwise have opened the attempt; when it has committed, the file may leave. Killed at any line, the file is
uploaded again, or the name that Meta gave it is used: no client sees a file that no message names.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.broker import Broker, Change, Topic
from wabridge.clock import Clock, Instant
from wabridge.errors import FileDamaged, StorageUnavailable
from wabridge.gateway import consequences
from wabridge.model import outcome as outcomes
from wabridge.model.ids import ConversationId, MessageId, NumberId, UploadId
from wabridge.model.media import Kept, MediaFile
from wabridge.model.outcome import NotSent, Outcome, Pause, Refused, Unknown
from wabridge.model.upload import FILE_LOST, FORGOTTEN, USABLE, Taken, UploadExchange
from wabridge.storage import media, notifications, outbox, second_tries, uploads
from wabridge.storage.database import Database, Transaction
from wabridge.storage.outbox import Ready
from wabridge.storage.uploads import Opening
from wabridge.storage.vault import Vault
from wabridge.whatsapp.uploads import AT_ONCE, Form, UploadApi, build_form

log = logging.getLogger(__name__)

_STOPPED = Unknown("stopped")
"""It was we who ended it: nothing went wrong, and the next start goes on."""
_STORE_AGAIN_SECONDS = 0.5
_BELIEVED_AFTER = timedelta(hours=1)
"""Meta may forget a file again only after so long; before that its refusal means something else."""


class Way(NamedTuple):
    """Where messages and files go, and by which access token. token_mark: by which that is recognised."""

    messages_url: str
    files_url: str
    token_mark: str


class Uploading(NamedTuple):
    """A file that is about to be handed over."""

    upload_id: UploadId
    message_id: MessageId
    conversation_id: ConversationId
    number_id: NumberId
    file: MediaFile
    kept: Kept
    form: Form
    way: Way
    opened_at: datetime


class Lost(NamedTuple):
    """A message whose file is damaged here, or gone."""


class _Stopping(Exception):
    """The program stops, and nobody waits for a long file."""


def begin(tx: Transaction, ready: Ready, way: Way, *, instant: Instant) -> str | Uploading | Lost | None:
    """Return what a message's file is named by at Meta, or write down that it is handed over now; None without one."""
    file = uploads.find_file(tx, ready.id)
    if file is None:
        return None
    if file.kept is None:
        return Lost()
    known = uploads.find_usable(
        tx, file.id, number_id=ready.number_id, token_mark=way.token_mark, since=instant.at - USABLE
    )
    if known is not None:
        return known.file_id
    mime_type = file.mime_type or ""
    form = build_form(mime_type=mime_type, file_name=file.file_name or file.kind, size=file.kept.size)
    opening = Opening(
        file.id, ready.number_id, way.files_url, form.head, file.sha256 or "", file.kept.size, way.token_mark
    )
    upload_id = uploads.open_(tx, opening, instant=instant)
    return Uploading(
        upload_id, ready.id, ready.conversation_id, ready.number_id, file, file.kept, form, way, instant.at
    )


def reconsider(tx: Transaction, message_id: MessageId, outcome: Outcome, *, now: datetime) -> Outcome:
    """Return a refusal of a message as one that passes, if it may mean that Meta has forgotten the message's file.

    The file is uploaded anew then; once.
    """
    if not isinstance(outcome, Refused) or outcome.code not in FORGOTTEN or outcome.step not in ("fail", "pause"):
        return outcome
    file = uploads.find_file(tx, message_id)
    if file is None or uploads.was_forgotten(tx, file.id, since=now - _BELIEVED_AFTER):
        return outcome
    uploads.forget(tx, file.id, now=now)
    return Refused(outcome.code, "retry", outcome.details)


def settle(tx: Transaction, wanted: Uploading, exchange: UploadExchange, *, now: datetime, jitter: float) -> bool:
    """Store what came of an upload, and say whether all sending has stopped; doing it twice changes nothing."""
    if not uploads.settle(tx, wanted.upload_id, exchange, now=now):
        return False
    outcome = exchange.outcome
    if isinstance(outcome, Taken) or outcome == _STOPPED:
        return False
    if isinstance(outcome, Refused):
        opened_at = wanted.opened_at
        consequences.rest_number(tx, wanted.number_id, outcome.code, opened_at=opened_at, jitter=jitter, now=now)
    if isinstance(outcome, Refused) and outcome.step == "fail":
        give_up(tx, wanted, code=outcome.code, details=outcome.details, now=now)
        return False
    if isinstance(outcome, Refused) and outcome.step == "pause":
        reason = Pause(now, "refused", outcome.code, wanted.way.token_mark)
        return consequences.pause(tx, wanted.number_id, reason)
    state = outbox.find_state(tx, wanted.message_id)
    assert state is not None, "a message is never deleted"
    is_long = isinstance(outcome, Refused) and outcome.step == "later"
    pause_after = outcomes.later_pause if is_long else outcomes.retry_pause
    outbox.postpone(tx, wanted.message_id, not_before=now + pause_after(state.tries + 1, jitter=jitter))
    return False


def give_up(tx: Transaction, wanted: Uploading, *, code: int, details: str, now: datetime) -> None:
    """Let a message fail whose file cannot be handed over; one that may have arrived stays unknown."""
    second_tries.close(tx, wanted.message_id, now=now)
    outbox.set_failed(tx, wanted.message_id, code=code, details=details)
    notifications.add(tx, "failed", conversation_id=wanted.conversation_id, message_id=wanted.message_id, now=now)


@dataclass(kw_only=True, eq=False)
class Uploader:
    """Hands files over, some side by side; the sender's lanes call it."""

    database: Database
    broker: Broker
    clock: Clock
    api: UploadApi
    vault: Vault
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE), init=False)

    async def upload(self, wanted: Uploading, token: str) -> None:
        """Hand one file over and store what came of it; raises StorageUnavailable if the file cannot be read now."""
        exchange = UploadExchange(_STOPPED)
        try:
            async with self._room:
                exchange = await self.api.upload(
                    wanted.way.files_url, wanted.form, self._pieces(wanted), access_token=token
                )
        except FileDamaged:
            await self._settle(wanted, None)
            return
        except StorageUnavailable:
            await self._settle(wanted, UploadExchange(NotSent("storage")))
            raise
        except _Stopping:
            pass
        except asyncio.CancelledError:
            with suppress(StorageUnavailable):  # then the next start finds it open
                await self._settle_once(wanted, exchange)
            raise
        await self._settle(wanted, exchange)

    async def _pieces(self, wanted: Uploading) -> AsyncIterator[bytes]:
        """Yield a file's bytes; the last of them only if all of them are those of its checksum."""
        digest, held = hashlib.sha256(), b""
        async for piece in self.vault.read(wanted.kept):
            if self.broker.is_closing:
                raise _Stopping
            digest.update(piece)
            if held:
                yield held
            held = piece
        if wanted.file.sha256 not in (None, digest.hexdigest()):
            raise FileDamaged("a file is not the one that was recorded")
        yield held

    async def _settle(self, wanted: Uploading, exchange: UploadExchange | None) -> None:
        """Store the outcome, however long storage fails: it is known nowhere else. None: the file is not readable."""
        while True:
            try:
                has_paused = await self._settle_once(wanted, exchange)
            except StorageUnavailable:
                await asyncio.sleep(_STORE_AGAIN_SECONDS)
                continue
            break
        word = "lost" if exchange is None else type(exchange.outcome).__name__.lower()
        log.info("a file was handed over", extra={"upload_id": wanted.upload_id, "outcome": word})
        self.broker.announce(Change("conversation", wanted.conversation_id))
        self.broker.ring(Topic.OFFICE, wanted.message_id)
        if has_paused:
            log.error("sending is paused until a person has acted")
            self.broker.announce(Change("notice", None))

    async def _settle_once(self, wanted: Uploading, exchange: UploadExchange | None) -> bool:
        now, jitter = self.clock.now(), secrets.randbelow(1001) / 1000
        if exchange is None:
            return await self.database.write(lambda tx: _lose(tx, wanted, now=now))
        return await self.database.write(lambda tx: settle(tx, wanted, exchange, now=now, jitter=jitter))


def _lose(tx: Transaction, wanted: Uploading, *, now: datetime) -> bool:
    uploads.settle(tx, wanted.upload_id, UploadExchange(NotSent("lost")), now=now)
    media.mark_lost(tx, wanted.file.id, wanted.kept, "failed", now=now)
    give_up(tx, wanted, code=FILE_LOST, details="not handed over: the file is damaged or gone", now=now)
    return False
