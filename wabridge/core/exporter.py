"""The worker that makes bundles of evidence, one at a time and beside the daily work.

What is told is gathered here, below one signed head of the ledger; the report is set, sealed and packed by a program of
its own (see `pressing`). The bundle goes straight into the vault of bundles. Killed anywhere, the next start begins the
same export anew: its number stays, and no half of a bundle is ever seen.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, aclosing, contextmanager
from typing import NamedTuple

from wabridge.broker import Change, Topic
from wabridge.core import dossiers, pressing, sealing
from wabridge.core.dossiers import Gathered
from wabridge.core.office import Office
from wabridge.core.originals import Reader
from wabridge.core.pressing import Press
from wabridge.core.stamping import Authorities
from wabridge.errors import (
    CertificateNotMade,
    FileDamaged,
    NotFound,
    StorageDamaged,
    StorageUnavailable,
    TooMuchToExport,
)
from wabridge.evidence import bundle
from wabridge.evidence.commitment import Fact
from wabridge.model.export import Export, Failure
from wabridge.model.staff import Actor
from wabridge.storage import acts, checkpoints, exports, ledger
from wabridge.storage.database import Transaction
from wabridge.storage.exports import Bundle, Requested
from wabridge.storage.ledger import Entry

log = logging.getLogger(__name__)

KEY = "exports"
"""The keyring's key of the bundles."""


_FAILURES: tuple[tuple[type[Exception], Failure], ...] = (
    (NotFound, "nothing"),
    (TooMuchToExport, "too_many"),
    (CertificateNotMade, "certificate"),
    (FileDamaged, "storage"),
    (pressing.NoRoom, "storage"),
    (TimeoutError, "time"),
)
"""What the office is told of a fault; of any other, that it is the program's."""
_TRIES = 4
"""So often it is gathered anew because something came to the same conversations meanwhile."""


class Keys(NamedTuple):
    """What an export is signed with. ledger: the seed of the ledger's key; seal: what wraps the seal's key."""

    ledger: bytes
    seal: bytes


class Exporter:
    """The worker for exports. read: cuts items out of webhooks; keys: see Keys; tasks: where others are born.

    authorities: whom to ask for the time of a seal, if there are any.
    """

    def __init__(
        self,
        office: Office,
        keys: Keys,
        read: Reader,
        tasks: asyncio.TaskGroup,
        authorities: Authorities | None,
    ) -> None:
        self._office = office
        self._authorities = authorities
        self._tasks = tasks
        self._keys = keys
        self._read = read
        self._is_new = True

    async def run(self) -> None:
        """Make what is asked for until the broker closes."""
        await self._office.broker.patrol(Topic.EXPORT, self.look)

    async def look(self) -> bool:
        """Make one bundle, and say whether there may be more to make."""
        if self._is_new:
            await self._sweep()
        requested = await self._office.database.read(exports.find_next)
        if requested is None:
            return False
        export = requested.export
        try:
            await self._make(requested)
        except StorageUnavailable:
            raise
        except pressing.Cancelled:
            log.info("an export was called off", extra={"export_id": export.id})
        except Exception as fault:  # noqa: BLE001 - an export nobody thought of must not stop the office's messages
            failure: Failure = next((word for kind, word in _FAILURES if isinstance(fault, kind)), "fault")
            why = fault.word if isinstance(fault, pressing.PressFailed) else type(fault).__name__
            log.error("a bundle was not made", extra={"export_id": export.id, "failure": failure, "why": why})
            await self._fail(export, failure)
        return True

    async def _sweep(self) -> None:
        """Delete bundles without a row: made when the program ended, and made anew. The clause needs a seal."""
        try:
            await sealing.ensure(self._office, self._keys.seal)
        except StorageDamaged:  # nothing can be sealed; the messages go on
            log.error("the office's seal does not open")
        kept = await self._office.database.read(exports.list_kept)
        left = await asyncio.to_thread(self._office.bundles.list_left)
        self._office.bundles.delete(name for name in left if name not in kept)
        self._is_new = False

    async def _make(self, requested: Requested) -> None:
        office, export = self._office, requested.export
        if not await office.database.write(lambda tx: exports.mark_running(tx, export.id)):
            return
        self._tell()
        await asyncio.to_thread(office.bundles.require_space, 0)  # a full disk is waited for, not worked against
        seal = await sealing.ensure(office, self._keys.seal)
        await self._keep(requested, await self._bundle(requested, bundle.Keys(self._keys.ledger, seal)))

    async def _bundle(self, requested: Requested, keys: bundle.Keys) -> Bundle:
        """Make the bundle, without the files that turn out to be lost."""
        export = requested.export
        lost: frozenset[str] = frozenset()
        while True:
            gathered = await self._gather(requested, lost)
            try:
                return await self._press(gathered, keys, export)
            except pressing.FileLost as file:
                log.warning("a file of an export is lost", extra={"export_id": export.id})
                lost |= {file.name}

    async def _gather(self, requested: Requested, lost: frozenset[str]) -> Gathered:
        """Gather below a head that still is the newest word on what is shown, if the conversations leave the time."""
        office, tries = self._office, 0
        while True:
            head = await office.database.write(lambda tx: checkpoints.add(tx, self._keys.ledger))
            gathered = await dossiers.gather(office, requested, head, self._read, lost=lost)
            tries += 1
            if not gathered.has_moved or tries == _TRIES:
                return gathered

    async def _press(self, gathered: Gathered, keys: bundle.Keys, export: Export) -> Bundle:
        """Bring the bundle into the vault."""
        press = Press(self._office, gathered, keys, self._tasks, self._authorities)
        expected = sum(file.size_bytes for file in gathered.dossier.files)
        async with asyncio.timeout(pressing.SECONDS), AsyncExitStack() as stack:
            with _disk():
                writing = self._office.bundles.write(KEY, expected_bytes=expected)
                writer = await stack.enter_async_context(writing)
            async with aclosing(press.run(self._watch(export))) as pieces:
                async for piece in pieces:
                    with _disk():
                        await writer.write(piece)
            with _disk():
                kept = await writer.finish()
            return Bundle(kept, writer.sha256, press.seal_time, len(gathered.dossier.messages))

    def _watch(self, export: Export) -> Callable[[int], Awaitable[bool]]:
        """Return who is told how far it is, and says whether to go on."""

        async def told(percent: int) -> bool:
            def note(tx: Transaction) -> bool:
                exports.set_percent(tx, export.id, percent)
                return exports.get(tx, export.id).state == "running"

            goes_on = await self._office.database.write(note)
            self._tell()
            return goes_on and not self._office.broker.is_closing

        return told

    async def _keep(self, requested: Requested, made: Bundle) -> None:
        office, export = self._office, requested.export
        now = office.clock.now()

        def note(tx: Transaction) -> bool:
            if not exports.mark_done(tx, export.id, made, now=now):
                return False
            _leave_trace(tx, requested.actor, export, made)
            return True

        try:
            is_kept = await office.database.write(note)
        except StorageUnavailable:
            office.bundles.delete([made.kept.name])
            raise
        if not is_kept:  # it was cancelled meanwhile
            office.bundles.delete([made.kept.name])
        self._tell()

    async def _fail(self, export: Export, failure: Failure) -> None:
        now = self._office.clock.now()
        await self._office.database.write(lambda tx: exports.mark_failed(tx, export.id, failure, now=now))
        self._tell()

    def _tell(self) -> None:
        self._office.broker.announce(Change("export", None))


@contextmanager
def _disk() -> Iterator[None]:
    """Tell a disk that does not take the bundle from storage that is waited for: making it again would not help."""
    try:
        yield
    except StorageUnavailable as full:
        raise pressing.NoRoom from full


def _leave_trace(tx: Transaction, actor: Actor, export: Export, made: Bundle) -> None:
    acts.add(
        tx, actor, "exported", subject_kind="export", subject_id=export.id, now=tx.instant.at, detail=export.number
    )
    note: dict[str, Fact] = {
        "number": export.number,
        "scope": export.scope.kind,
        "messages": made.messages,
    }
    ledger.append(tx, Entry("export", digests={"bundle": bytes.fromhex(made.sha256)}, note=note))
