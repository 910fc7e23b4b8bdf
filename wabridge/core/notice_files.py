"""The files of legal notices: taken in, read again, and copied to be sent.

Rule 1: a document is what its checksum says, or it is not used: whoever approves or sends a notice has its bytes read
once more, from the first to the last. Rule 2: what is sent is a copy of its own, so that the notice keeps its document
whatever becomes of the message.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from wabridge.core import enclosures
from wabridge.core.office import Office
from wabridge.errors import FileDamaged, FileUnfit, NotAllowed, NotAPdf, NotAScan, NotFound, NoticeDocumentLost
from wabridge.model import filenames, filetypes, sendable
from wabridge.model.enclosure import Addressee
from wabridge.model.ids import ConversationId, EnclosureId, NoticeId
from wabridge.model.media import Kept
from wabridge.model.notice import Document, NewFile
from wabridge.model.sendable import Sendable
from wabridge.model.staff import Actor, Right
from wabridge.storage import notice_files, notices
from wabridge.storage.enclosures import NewEnclosure

_Examine = Callable[[Office, Kept, str | None], tuple[str, str]]
"""Returns type and name of a file by its bytes, or raises what is wrong with it; blocks."""

_SCANS = frozenset({"application/pdf", "image/jpeg", "image/png"})
_PDF = Sendable("document", "application/pdf", ("pdf",))


@asynccontextmanager
async def document(
    office: Office, actor: Actor, conversation_id: ConversationId, *, name: str | None, pieces: AsyncIterator[bytes]
) -> AsyncIterator[NewFile]:
    """Take the document of a notice in; nothing is left of it if the block does not end well.

    Raises NotAllowed, NotFound, ConversationReadOnly, NotAPdf, FileUnfit, FileTooLarge or StorageUnavailable,
    and what pieces do.
    """
    _require(actor, "draft_notice")
    async with _taken(office, conversation_id, name, pieces, _examine_document) as new:
        yield new


@asynccontextmanager
async def handed_in(
    office: Office, actor: Actor, conversation_id: ConversationId, enclosure_id: EnclosureId
) -> AsyncIterator[NewFile]:
    """Copy a file that was handed in for the person, as the document of a notice; nothing is left but on a good end.

    Raises what `document` raises, EnclosureGone, and NoticeDocumentLost if it does not open any more.
    """
    found = await office.database.read(lambda tx: enclosures.get_for(tx, actor, enclosure_id, conversation_id))
    try:
        async with document(
            office, actor, conversation_id, name=found.name, pieces=office.vault.read(found.kept)
        ) as new:
            yield new
    except FileDamaged as error:
        raise NoticeDocumentLost("the file that was handed in is damaged or gone") from error


@asynccontextmanager
async def scan(
    office: Office, actor: Actor, notice_id: NoticeId, *, name: str | None, pieces: AsyncIterator[bytes]
) -> AsyncIterator[NewFile]:
    """Take a scan of what came by another way in; nothing is left of it if the block does not end well.

    Raises NotAllowed, NotFound, NotAScan, FileTooLarge or StorageUnavailable, and what pieces do.
    """
    _require(actor, "record_confirmation")
    found = await office.database.read(lambda tx: notices.get(tx, notice_id))
    async with _taken(office, found.conversation_id, name, pieces, _examine_scan) as new:
        yield new


async def open_file(office: Office, actor: Actor, notice_id: NoticeId, file_id: int) -> tuple[Document, Kept]:
    """Return a file that a version or a record of a notice names; its beginning is known to be as it was written.

    Raises NotAllowed, NotFound, NoticeDocumentLost or StorageUnavailable.
    """
    _require(actor, "read")
    found = await office.database.read(lambda tx: notices.get(tx, notice_id))
    named = (*(version.document for version in found.versions), *(event.document for event in found.events))
    wanted = next((each for each in named if each is not None and each.file_id == file_id), None)
    if wanted is None:
        raise NotFound("this notice has no such file")
    kept = await office.database.read(lambda tx: notice_files.get(tx, notice_id, file_id))
    try:
        await asyncio.to_thread(office.vault.read_part, kept, 0, min(kept.size, 1))
    except FileDamaged as error:
        raise NoticeDocumentLost("the file is damaged or gone") from error
    return wanted, kept


def read(office: Office, kept: Kept) -> AsyncIterator[bytes]:
    """Yield a file's bytes; raises FileDamaged before a piece that is not as it was written, or StorageUnavailable."""
    return office.vault.read(kept)


async def require_whole(office: Office, notice_id: NoticeId, wanted: Document | None) -> None:
    """Read a document once more; raises NoticeDocumentLost unless it is the very one that its checksum names."""
    if wanted is None:
        return
    digest = hashlib.sha256()
    async for piece in _again(office, notice_id, wanted):
        digest.update(piece)
    _require_same(digest.hexdigest(), wanted)


@asynccontextmanager
async def copied(
    office: Office, notice_id: NoticeId, conversation_id: ConversationId, wanted: Document | None
) -> AsyncIterator[NewEnclosure | None]:
    """Copy a document for the message that will carry it; nothing is left if the block does not end well.

    Raises NoticeDocumentLost unless the copy is the very document that its checksum names, or StorageUnavailable.
    """
    if wanted is None:
        yield None
        return
    kept = await office.database.read(lambda tx: notice_files.get(tx, notice_id, wanted.file_id))
    copy, sha256 = await enclosures.keep(office, kept.key, _again(office, notice_id, wanted), name=wanted.name)
    async with _only_if_needed(office, copy):
        _require_same(sha256, wanted)
        yield NewEnclosure(Addressee(conversation_id=conversation_id), _PDF, wanted.name, copy, sha256)


@asynccontextmanager
async def _taken(
    office: Office,
    conversation_id: ConversationId,
    name: str | None,
    pieces: AsyncIterator[bytes],
    examine: _Examine,
) -> AsyncIterator[NewFile]:
    key = await enclosures.key_of(office, conversation_id)
    kept, sha256 = await enclosures.keep(office, key, pieces, name=name)
    async with _only_if_needed(office, kept):
        mime_type, called = await asyncio.to_thread(examine, office, kept, name)
        yield NewFile(kept, called, mime_type, sha256)


@asynccontextmanager
async def _only_if_needed(office: Office, kept: Kept) -> AsyncIterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        raise  # its row may be there already; if it is not, the next start removes the file
    except BaseException:
        await asyncio.shield(asyncio.to_thread(office.vault.delete, [kept.name]))
        raise


def _examine_document(office: Office, kept: Kept, name: str | None) -> tuple[str, str]:
    try:
        found = sendable.examine(kept.size, partial(office.vault.read_part, kept), name=name)
    except FileUnfit as unfit:
        unfit.name = name or ""
        raise
    if found.mime_type != _PDF.mime_type:
        raise NotAPdf("the document of a notice is a PDF, which looks the same to everybody")
    return found.mime_type, sendable.sent_name(name, found)


def _examine_scan(office: Office, kept: Kept, name: str | None) -> tuple[str, str]:
    head = office.vault.read_part(kept, 0, min(kept.size, filetypes.HEAD_BYTES)) if kept.size else b""
    kind = filetypes.recognise(head)
    if kind.mime_type not in _SCANS:
        raise NotAScan("a scan is a PDF or a picture as JPEG or PNG")
    called = filenames.safe(name, otherwise=f"scan{kind.suffix}")
    return kind.mime_type, called if filenames.suffix(called) else called + kind.suffix


async def _again(office: Office, notice_id: NoticeId, wanted: Document) -> AsyncIterator[bytes]:
    try:
        kept = await office.database.read(lambda tx: notice_files.get(tx, notice_id, wanted.file_id))
        async for piece in office.vault.read(kept):
            yield piece
    except (FileDamaged, NotFound) as error:
        raise NoticeDocumentLost("the document of the notice is damaged or gone") from error


def _require_same(sha256: str, wanted: Document) -> None:
    if sha256 != wanted.sha256:
        raise NoticeDocumentLost("the document of the notice is not the one that was handed in")


def _require(actor: Actor, right: Right) -> None:
    if not actor.may(right):
        raise NotAllowed(f"{right.replace('_', ' ')} is not among this actor's rights")
