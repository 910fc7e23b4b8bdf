"""The worker that looks at stored files: what each is by its bytes, and a small picture of each picture.

One file at a time, the newest first. What a stranger's picture does to the decoder, it does there (see `decoding`);
here it becomes a file without a small picture. One that ran out of time, on a busy machine perhaps, is tried again when
nothing else waits, with more time, also after a restart.
"""

import logging

from wabridge.broker import Change, Topic
from wabridge.core import decoding, files, media
from wabridge.core.decoding import Small
from wabridge.core.office import Office
from wabridge.errors import FileDamaged, StorageUnavailable
from wabridge.model.filetypes import FileType
from wabridge.model.media import Appearance, Kept, MediaFile, Thumbnail
from wabridge.storage import appearances
from wabridge.storage import media as rows
from wabridge.storage.database import Transaction

log = logging.getLogger(__name__)

_TRIES = 3
_REST_NS = 600 * 10**9
"""How often a picture may run out of time, and how long nothing slow is tried after that."""


class Appearances:
    """The worker for what files look like. seconds: how long the decoder may take at first."""

    def __init__(self, office: Office, *, seconds: float = decoding.SECONDS) -> None:
        self.seconds = seconds
        self._office = office
        self._again_ns = 0

    async def run(self) -> None:
        """Look at what is stored, until the broker closes."""
        await self._office.broker.patrol(Topic.MEDIA_STORED, self.look)

    async def look(self) -> bool:
        """Look at one file, and say whether there may be more."""
        file = await self._office.database.read(_find_unseen)
        if file is None or file.kept is None:
            file = await self._find_slow()
        if file is None or file.kept is None:
            return False
        try:
            appearance = await self._see(file, file.kept)
        except FileDamaged:
            return True  # it counts as lost now, and is not stored any more
        except OSError as fault:  # this machine has no room for another process at the moment
            log.warning("the decoder cannot be started", extra={"fault": type(fault).__name__})
            return False
        await self._keep(file, file.kept, appearance)
        return True

    async def _find_slow(self) -> MediaFile | None:
        """Return a picture that ran out of time and may be tried again now."""
        if self._office.clock.monotonic_ns() < self._again_ns:
            return None
        return await self._office.database.read(_find_slow)

    async def _see(self, file: MediaFile, kept: Kept) -> Appearance:
        kind = await files.recognise(self._office, file)
        tries = file.appearance.slow_tries if file.appearance else 0
        try:
            small = await self._shrink(file, kept, kind, seconds=self.seconds * (tries + 1))
        except TimeoutError:
            self._again_ns = self._office.clock.monotonic_ns() + _REST_NS
            return Appearance(kind.mime_type, slow_tries=tries + 1)
        if small is None:
            return Appearance(kind.mime_type)
        async with self._office.vault.write(kept.key, expected_bytes=len(small.webp)) as writer:
            await writer.write(small.webp)
            return Appearance(kind.mime_type, Thumbnail(await writer.finish(), small.width, small.height))

    async def _shrink(self, file: MediaFile, kept: Kept, kind: FileType, *, seconds: float) -> Small | None:
        if kind.family != "image" or kept.size > decoding.MOST_BYTES:
            return None
        self._office.vault.require_space(0)  # before the work: what cannot be kept would be made again and again
        return await decoding.shrink(media.read(self._office, file), seconds=seconds)

    async def _keep(self, file: MediaFile, seen: Kept, appearance: Appearance) -> None:
        small = [appearance.thumbnail.kept.name] if appearance.thumbnail else []
        try:
            is_kept = await self._office.database.write(lambda tx: appearances.set_(tx, file.id, seen, appearance))
        except StorageUnavailable:
            self._office.vault.delete(small)  # else each try would leave one more
            raise
        if is_kept:
            self._office.broker.announce(Change("conversation", file.conversation_id))
        else:  # another file took its place meanwhile
            self._office.vault.delete(small)


def _find_slow(tx: Transaction) -> MediaFile | None:
    media_id = appearances.find_slow(tx, most=_TRIES)
    return None if media_id is None else rows.get(tx, media_id)


def _find_unseen(tx: Transaction) -> MediaFile | None:
    media_id = appearances.find_unseen(tx)
    return None if media_id is None else rows.get(tx, media_id)
