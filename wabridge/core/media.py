"""The files of messages, as people have to do with them: asked for, looked at, asked for again."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime

from wabridge.broker import Change, Topic
from wabridge.core.office import Office
from wabridge.errors import Conflict, FileDamaged, NotAllowed
from wabridge.model import content
from wabridge.model.ids import MediaId, MessageId
from wabridge.model.media import Kept, MediaFile, expires_at, file_of, state_after_loss
from wabridge.model.staff import Actor
from wabridge.storage import acts, media, notifications
from wabridge.storage.database import Transaction
from wabridge.storage.messages import InboundRow

log = logging.getLogger(__name__)


def want(tx: Transaction, message_id: MessageId, row: InboundRow, *, now: datetime) -> bool:
    """Ask for the file that came with a message, and say whether there is one to fetch.

    In the transaction that stores the message, so that neither is there without the other.
    """
    said = row.content.content
    file = file_of(content.decode(said)) if said is not None and b'"media"' in said else None
    if file is None or not (file.file_id or row.file_url):
        return False
    end = expires_at(written_at=row.time.at, now=now)
    return media.add(tx, message_id, file, url=row.file_url, expires_at=end, now=now, is_past=row.source == "history")


def bring_forward(tx: Transaction, message_id: MessageId) -> None:
    """Fetch the files of a message before those of the past: it turned out to be written just now."""
    media.set_present(tx, message_id)


async def get(office: Office, actor: Actor, media_id: MediaId) -> MediaFile:
    """Return a file of a message; raises NotAllowed or NotFound."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    return await office.database.read(lambda tx: media.get(tx, media_id))


def read(office: Office, file: MediaFile, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
    """Yield the bytes of a stored file from start up to stop, in pieces; decrypts no more than that needs.

    Raises FileDamaged before the piece that is not as it was written: then the file counts as lost from now on, and is
    fetched again if it can be. Raises StorageUnavailable, and Conflict if the file is not stored.
    """
    if file.kept is None:
        raise Conflict("the file is not here")
    return _read(office, file, file.kept, start, stop)


async def retry(office: Office, actor: Actor, media_id: MediaId) -> MediaFile:
    """Have a file fetched at once, also one that was given up; raises NotAllowed or NotFound. Who asked is kept.

    A file that is here stays as it is.
    """
    if not actor.may("reply"):
        raise NotAllowed("asking for a file again is not among this actor's rights")
    now = office.clock.now()

    def ask(tx: Transaction) -> MediaFile:
        file = media.get(tx, media_id)
        if media.retry_now(tx, media_id, now=now):
            acts.add(tx, actor, "retried_file", subject_kind="message", subject_id=file.message_id, now=now)
        return media.get(tx, media_id)

    file = await office.database.write(ask)
    office.broker.ring(Topic.MEDIA, media_id)
    office.broker.announce(Change("conversation", file.conversation_id))
    return file


async def _read(office: Office, file: MediaFile, kept: Kept, start: int, stop: int | None) -> AsyncIterator[bytes]:
    try:
        async for piece in office.vault.read(kept, start, stop):
            yield piece
    except FileDamaged:
        now = office.clock.now()
        log.error("a file in the vault is damaged or gone", extra={"media_id": file.id})
        if await office.database.write(lambda tx: _lose(tx, file, kept, now)):
            office.broker.ring(Topic.MEDIA, file.id)
            office.broker.announce(Change("conversation", file.conversation_id))
            office.broker.announce(Change("notice", None))
        raise


def _lose(tx: Transaction, file: MediaFile, kept: Kept, now: datetime) -> bool:
    state = state_after_loss(file, now=now)
    is_news = media.mark_lost(tx, file.id, kept, state, now=now)
    if is_news and state == "failed":
        notifications.add(tx, "media_failed", conversation_id=file.conversation_id, message_id=file.message_id, now=now)
    return is_news
