"""Checks database, ledger and files against each other and against checkpoints, beside a running server.

Every look is a short transaction that only reads. Rule: a finding names what it is about by table and id, and never by
what stands there.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from wabridge.core import ledger_walk
from wabridge.core.ledger_walk import Walk
from wabridge.core.office import Office
from wabridge.errors import FileDamaged
from wabridge.evidence import checkpoint
from wabridge.evidence.checkpoint import Checkpoint
from wabridge.model.ids import MediaId
from wabridge.model.media import Kept
from wabridge.storage import (
    backfill,
    checkpoints,
    facts,
    integrity,
    known_head,
    leaves,
    ledger,
    media,
    notice_files,
    trees,
    unrecorded,
)
from wabridge.storage.database import Transaction
from wabridge.storage.leaves import StoredLeaf

_BATCH = trees.TILE
_MOST_NAMED = 20
_VERIFIED = "ledger_verified"


class Finding(NamedTuple):
    """One thing that was checked. says: a sentence of plain words."""

    says: str
    is_good: bool = True


Check = Callable[[Office], AsyncIterator[Finding]]


async def verify(office: Office, *, against: Sequence[str] = (), more: Iterable[Check] = ()) -> AsyncIterator[Finding]:
    """Yield everything that was found, good or not; afterwards the ledger's page says when it was.

    against: checkpoints that were kept elsewhere. more: further checks, of what others keep.
    """
    is_good = True
    checks: list[Check] = [check_database, partial(check_ledger, against=against), check_rows, check_files, *more]
    for check in checks:
        async for finding in check(office):
            is_good &= finding.is_good
            yield finding
    size = await office.database.read(ledger.size)
    said = json.dumps({"at": office.clock.now().isoformat(), "is_good": is_good, "size": size})
    await office.database.write(lambda tx: facts.set_(tx, _VERIFIED, said))


async def check_database(office: Office) -> AsyncIterator[Finding]:
    """Check the file: the seal of every page, every table with its indexes, every reference."""
    altered = await office.database.read(integrity.list_altered_pages)
    if altered:  # beside a running server a page may be on its way into the file just now
        altered = await office.database.read(integrity.list_altered_pages)
    yield _sum_up("database file: every page is as it was sealed", altered)
    faults: list[str] = []
    for table in await office.database.read(integrity.list_tables):
        faults += await office.database.read(partial(integrity.list_faults, table=table))
    yield _sum_up("database tables and their indexes agree", faults)
    yield _sum_up("no row points to one that is not there", await office.database.read(integrity.list_astray))


async def check_ledger(office: Office, *, against: Sequence[str] = ()) -> AsyncIterator[Finding]:
    """Compute every leaf, the tree and the conversations' chains anew, and compare them with every checkpoint."""
    heads = await office.database.read(_list_heads)
    yield _check_signatures(heads, await office.database.read(checkpoints.list_keys))
    walk = Walk(_wanted(heads, known_head.find(office.settings.data_folder), against))
    while page := await office.database.read(lambda tx: leaves.list_page(tx, start=walk.frontier.size, limit=_BATCH)):
        await office.database.read(partial(ledger_walk.check_page, page=page, walk=walk))
    ledger_walk.meet_heads(walk, is_end=True)
    size = walk.frontier.size
    yield _sum_up(
        f"ledger: {size} leaves, each with its hash, place and predecessor; {len(heads)} checkpoints agree", walk.faults
    )
    if against and not walk.faults:
        yield Finding(f"checkpoints kept elsewhere: {len(against)} agree with this ledger")
    for leaf in await office.database.read(list_interruptions):
        known = leaf.note.get("known_size")
        yield Finding(f"leaf {leaf.position}: the history was interrupted, {known} leaves were known", is_good=False)
    yield Finding(f"rows compared with their leaves: {walk.compared}; erased: {walk.erased}")


async def check_rows(office: Office) -> AsyncIterator[Finding]:
    """Check that every row that must have a leaf has one."""
    faults: list[str] = []
    for kind in unrecorded.KINDS:
        mark = await office.database.read(partial(backfill.mark, kind=kind))
        ids = await office.database.read(partial(unrecorded.list_ids, kind=kind, after=mark, limit=_MOST_NAMED))
        faults += [f"{kind} {each} stands in the database and no leaf speaks of it" for each in ids]
    yield _sum_up("every row that belongs into the ledger is in it", faults)
    progress = await office.database.read(backfill.progress)
    if not progress.is_finished:
        yield Finding("rows from before the ledger are still getting their leaves; they are not checked yet")


async def check_files(office: Office) -> AsyncIterator[Finding]:
    """Check every file of the vault against the SHA-256 that was recorded as it came."""
    faults: list[str] = []
    files, after = 0, MediaId(0)
    while rows := await office.database.read(partial(media.list_kept, after=after, limit=_BATCH)):
        after = rows[-1].file.id
        for file, kept in rows:
            if file.state == "stored" and file.sha256 is not None:
                files += 1
                faults += await _objections(office, kept, file.sha256, f"media {file.id}")
    yield _sum_up(f"files of messages: {files}, each with the SHA-256 that was recorded", faults)
    faults, files, mark = [], 0, 0
    while listed := await office.database.read(partial(notice_files.list_all, after=mark, limit=_BATCH)):
        mark = listed[-1].id
        for each in listed:
            files += 1
            faults += await _objections(office, each.kept, each.sha256, f"file {each.id} of notice {each.notice_id}")
    yield _sum_up(f"files of legal notices: {files}, each with the SHA-256 that was recorded", faults)


async def _objections(office: Office, kept: Kept, sha256: str, name: str) -> list[str]:
    digest = hashlib.sha256()
    try:
        async for part in office.vault.read(kept):
            digest.update(part)
    except FileDamaged:
        return [f"{name}: the file is missing from the vault or damaged"]
    return [] if digest.hexdigest() == sha256 else [f"{name}: the file is not the one that came"]


def list_interruptions(tx: Transaction) -> list[StoredLeaf]:
    """Return the leaves that say that this history does not go on from what was known before."""
    found = [
        leaf for kind in ("history.broken", "restore") for leaf in leaves.list_of_kind(tx, kind, limit=_MOST_NAMED)
    ]
    return [leaf for leaf in found if leaf.note.get("continues") is False]


def last_verification(tx: Transaction) -> dict[str, object] | None:
    """Return when everything was checked last, over how many leaves, and whether it was good."""
    said = facts.find(tx, _VERIFIED)
    return None if said is None else dict(json.loads(said))


def _check_signatures(heads: Sequence[checkpoints.Head], keys: Sequence[checkpoints.SigningKey]) -> Finding:
    faults = []
    for head in heads:
        if not any(checkpoint.is_signed_by(head.note, key.public) for key in keys):
            faults.append(f"checkpoint {head.id} is not signed by a key of the ledger")
        elif (head.size, head.root) != checkpoint.parse(head.note)[1:]:
            faults.append(f"checkpoint {head.id}: size and root are not those that were signed")
    for before, key in pairwise(keys):
        if not checkpoints.is_handed_over(before, key):
            faults.append(f"the key announced by leaf {key.position} is not signed by the one before it")
    return _sum_up(f"checkpoints: {len(heads)}, each signed by the ledger's key ({len(keys)} so far)", faults)


def _wanted(
    heads: Iterable[checkpoints.Head], beside: str | None, against: Iterable[str]
) -> dict[int, list[tuple[str, bytes]]]:
    """Return every root that must come out on the way, by size, each with what it is called."""
    said: list[tuple[str, Checkpoint]] = [(f"checkpoint {head.id}", checkpoint.parse(head.note)) for head in heads]
    if beside is not None:
        said.append(("the newest checkpoint beside the database", checkpoint.parse(beside)))
    said += [
        (f"the checkpoint kept elsewhere ({number})", checkpoint.parse(note)) for number, note in enumerate(against, 1)
    ]
    wanted: dict[int, list[tuple[str, bytes]]] = {}
    for name, head in said:
        wanted.setdefault(head.size, []).append((name, head.root))
    return wanted


def _list_heads(tx: Transaction) -> list[checkpoints.Head]:
    return checkpoints.list_page(tx, limit=10**6)


def _sum_up(promise: str, faults: Sequence[str]) -> Finding:
    if not faults:
        return Finding(promise)
    more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
    return Finding("; ".join(faults[:_MOST_NAMED]) + more, is_good=False)
