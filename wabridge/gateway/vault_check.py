"""Puts in order what rows and vault say of each other; once, before anything is fetched.

A file without a row was fetched or handed in while the program died, before it wrote the row: it goes; Meta is
asked again, and whoever handed it in got no answer. A row without its file is wanted again as long as WhatsApp has it,
else it is shown as lost, and found again if it comes back. A file that waited to be sent and is gone waits no more.
A legal notice keeps naming its document; whoever wants to approve or send it is told.
"""

import asyncio
import logging
from datetime import datetime
from functools import partial
from typing import NamedTuple

from wabridge.clock import Clock
from wabridge.model.ids import EnclosureId, MediaId
from wabridge.model.media import Kept, Thumbnail, state_after_loss
from wabridge.storage import appearances, enclosures, media, notice_files, notifications
from wabridge.storage.database import Database, Transaction
from wabridge.storage.media import KeptRow
from wabridge.storage.vault import Vault, bytes_on_disk

log = logging.getLogger(__name__)

_BATCH = 200


class _Findings(NamedTuple):
    """What is to be corrected in some rows."""

    lost: list[KeptRow]
    found: list[KeptRow]
    faceless: list[tuple[MediaId, Thumbnail]]


async def check(database: Database, vault: Vault, clock: Clock) -> None:
    """Compare every row with its file; raises StorageUnavailable, and may then be called again."""
    on_disk = await asyncio.to_thread(vault.list_left)
    after = MediaId(0)
    while rows := await database.read(partial(media.list_kept, after=after, limit=_BATCH)):
        findings = await asyncio.to_thread(_compare, rows, on_disk, vault)
        if any(findings):
            await database.write(partial(_correct, findings=findings, now=clock.now()))
            log.error(
                "files are missing from the vault",
                extra={name: len(files) for name, files in findings._asdict().items()},
            )
        after = rows[-1].file.id
    await _check_waiting(database, vault, on_disk)
    await _check_notices(database, vault, on_disk)
    if on_disk:
        await asyncio.to_thread(vault.delete, list(on_disk))
        log.warning("files without a row are removed", extra={"files": len(on_disk)})
    vault.forget_begun()


async def _check_waiting(database: Database, vault: Vault, on_disk: dict[str, int]) -> None:
    """Take the files that wait to be sent off the list, and forget those that are not whole."""
    after = EnclosureId(0)
    while rows := await database.read(partial(enclosures.list_all, after=after, limit=_BATCH)):
        for each in rows:
            if not (_take(on_disk, each.kept) or vault.is_begun(each.kept.name)):
                await database.write(partial(enclosures.delete, enclosure_id=each.id))
                log.error("a file that waited to be sent is missing from the vault")
        after = rows[-1].id


async def _check_notices(database: Database, vault: Vault, on_disk: dict[str, int]) -> None:
    """Take the files of legal notices off the list, and report those that are not whole."""
    after = 0
    while rows := await database.read(partial(notice_files.list_all, after=after, limit=_BATCH)):
        for each in rows:
            if not (_take(on_disk, each.kept) or vault.is_begun(each.kept.name)):
                log.error("a file of a legal notice is missing from the vault", extra={"notice_id": each.notice_id})
        after = rows[-1].id


def _compare(rows: list[KeptRow], on_disk: dict[str, int], vault: Vault) -> _Findings:
    """Return what some rows have wrong, and take their files off the list; blocks.

    A stored file goes by its length here, and by its seal when it is read; one that was lost is found only if it opens.
    """
    findings = _Findings([], [], [])
    for file, kept in rows:
        is_whole = _take(on_disk, kept) or vault.is_begun(kept.name)
        if is_whole and file.state != "stored" and vault.opens(kept):
            findings.found.append(KeptRow(file, kept))
        elif not is_whole and file.state == "stored":
            findings.lost.append(KeptRow(file, kept))
        small = file.appearance.thumbnail if file.appearance else None
        if small is not None and not (_take(on_disk, small.kept) or vault.is_begun(small.kept.name)):
            findings.faceless.append((file.id, small))
    return findings


def _take(on_disk: dict[str, int], kept: Kept) -> bool:
    return on_disk.pop(kept.name, None) == bytes_on_disk(kept.size)


def _correct(tx: Transaction, *, findings: _Findings, now: datetime) -> None:
    for file, kept in findings.lost:
        state = state_after_loss(file, now=now)
        media.mark_lost(tx, file.id, kept, state, now=now)
        if state == "failed":
            notifications.add(
                tx, "media_failed", conversation_id=file.conversation_id, message_id=file.message_id, now=now
            )
    for file, _ in findings.found:
        media.mark_found(tx, file.id)
        notifications.set_seen_of(tx, "media_failed", file.message_id, now=now)
    for media_id, small in findings.faceless:
        appearances.forget_thumbnail(tx, media_id, small)
