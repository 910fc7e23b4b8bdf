"""The files of messages as they are given out: to whom, as what, under which name.

What a file is, is decided by its bytes each time it is given out, never by what its sender says.
"""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

from wabridge.broker import Change, Topic
from wabridge.core import media
from wabridge.core.office import Office
from wabridge.errors import Conflict, FileDamaged, NotFound
from wabridge.model import filenames, filetypes
from wabridge.model.filetypes import FileType
from wabridge.model.ids import MediaId
from wabridge.model.media import Kept, MediaFile, Thumbnail, state_after_loss
from wabridge.model.staff import Actor
from wabridge.storage import appearances, notifications
from wabridge.storage import media as rows
from wabridge.storage.database import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A stored file that may be given out. mark: the same only for the same bytes; name: safe to save under."""

    file: MediaFile
    size: int
    type: FileType
    name: str
    mark: str


async def open_file(office: Office, actor: Actor, media_id: MediaId) -> OpenFile:
    """Return a stored file; its beginning is known to be as it was written.

    Raises NotAllowed, NotFound, and Conflict if it is not here (any more).
    """
    file = await media.get(office, actor, media_id)
    if file.kept is None:
        raise Conflict("the file is not here")
    try:
        kind = await recognise(office, file)
    except FileDamaged as error:
        raise Conflict("the file is damaged") from error
    return OpenFile(file, file.kept.size, kind, name_of(file, kind), file.sha256 or file.kept.name)


async def read(office: Office, file: MediaFile, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
    """Yield the bytes of a stored file from start up to stop, in pieces.

    Raises FileDamaged before the piece that is not as it was written: then the file counts as lost from now on, and is
    fetched again if it can be. Raises StorageUnavailable, and Conflict if the file is not stored.
    """
    if file.kept is None:
        raise Conflict("the file is not here")
    try:
        async for piece in office.vault.read(file.kept, start, stop):
            yield piece
    except FileDamaged:
        await _lose(office, file, file.kept)
        raise


async def read_thumbnail(office: Office, actor: Actor, media_id: MediaId) -> bytes:
    """Return a file's small picture, as WebP; raises NotAllowed, or NotFound if there is none (any more)."""
    file = await media.get(office, actor, media_id)
    small = file.appearance.thumbnail if file.appearance else None
    if small is None:
        raise NotFound("there is no small picture of this file")
    try:
        return b"".join([piece async for piece in office.vault.read(small.kept)])
    except FileDamaged as error:
        await _make_anew(office, media_id, small)
        raise NotFound("the small picture is damaged") from error


async def recognise(office: Office, file: MediaFile) -> FileType:
    """Return what a stored file is by its first bytes; raises FileDamaged."""
    head = b"".join([piece async for piece in read(office, file, 0, filetypes.HEAD_BYTES)])
    return filetypes.recognise(head)


def name_of(file: MediaFile, kind: FileType) -> str:
    """Return the name under which a file may be saved; one without a suffix gets the one its bytes deserve."""
    name = filenames.safe(file.file_name, otherwise=f"{file.kind}-{file.id}{kind.suffix}")
    return name if filenames.suffix(name) else name + kind.suffix


async def _lose(office: Office, file: MediaFile, kept: Kept) -> None:
    log.error("a file of the vault is damaged or gone", extra={"media_id": file.id})
    now = office.clock.now()
    state = state_after_loss(file, now=now)

    def note(tx: Transaction) -> bool:
        is_news = rows.mark_lost(tx, file.id, kept, state, now=now)
        if is_news and state == "failed":
            notifications.add(
                tx, "media_failed", conversation_id=file.conversation_id, message_id=file.message_id, now=now
            )
        return is_news

    if await office.database.write(note):
        office.broker.ring(Topic.MEDIA, file.id)
        office.broker.announce(Change("conversation", file.conversation_id))
        office.broker.announce(Change("notice", None))


async def _make_anew(office: Office, media_id: MediaId, small: Thumbnail) -> None:
    await office.database.write(lambda tx: appearances.forget_thumbnail(tx, media_id, small))
    office.broker.ring(Topic.MEDIA_STORED, media_id)
