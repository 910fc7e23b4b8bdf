"""The files of messages as they are given out: to whom, as what, under which name.

What a file is, is decided by its bytes each time it is given out, never by what its sender says.
"""

from dataclasses import dataclass

from wabridge.broker import Topic
from wabridge.core import media
from wabridge.core.office import Office
from wabridge.errors import FileDamaged, FileNotHere, NotFound
from wabridge.model import filenames, filetypes
from wabridge.model.filetypes import FileType
from wabridge.model.ids import MediaId
from wabridge.model.media import MediaFile, Thumbnail
from wabridge.model.staff import Actor
from wabridge.storage import appearances


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

    Raises NotAllowed, NotFound, or FileNotHere.
    """
    file = await media.get(office, actor, media_id)
    if file.kept is None:
        raise FileNotHere("the file is not here; its state says why")
    try:
        kind = await recognise(office, file)
    except FileDamaged as error:
        raise FileNotHere("the file was damaged; it is fetched again if it can be") from error
    return OpenFile(file, file.kept.size, kind, name_of(file, kind), file.sha256 or file.kept.name)


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
    head = b"".join([piece async for piece in media.read(office, file, 0, filetypes.HEAD_BYTES)])
    return filetypes.recognise(head)


def name_of(file: MediaFile, kind: FileType) -> str:
    """Return the name under which a file may be saved; one without a suffix gets the one its bytes deserve."""
    name = filenames.safe(file.file_name, otherwise=f"{file.kind}-{file.id}{kind.suffix}")
    return name if filenames.suffix(name) else name + kind.suffix


async def _make_anew(office: Office, media_id: MediaId, small: Thumbnail) -> None:
    await office.database.write(lambda tx: appearances.forget_thumbnail(tx, media_id, small))
    office.broker.ring(Topic.MEDIA_STORED, media_id)
