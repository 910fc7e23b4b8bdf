"""Checks what lies outside against this ledger: every anchor that was ever made, years later if need be.

An anchor that is good says that the checkpoint it is of existed at that time; that the ledger still begins with that
checkpoint is said by the comparison of its root with the tree. A ledger that was built anew contradicts it.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from wabridge.core import anchoring
from wabridge.core.office import Office
from wabridge.core.verification import Finding
from wabridge.evidence import anchors as evidence
from wabridge.evidence import checkpoint
from wabridge.storage import anchors, ledger, trees
from wabridge.storage.anchors import Kept
from wabridge.storage.database import Transaction

_BATCH = 100
_MOST_NAMED = 20


async def check_anchors(office: Office) -> AsyncIterator[Finding]:
    """Check every anchor: that it is of its checkpoint, and that the tree still has that checkpoint's root."""
    trust = anchoring.read_trust(office.settings)
    faults: list[str] = []
    number = untrusted = after = 0
    while page := await office.database.read(partial(anchors.list_kept, after=after, limit=_BATCH)):
        after, number = page[-1].anchor.id, number + len(page)
        faults += await office.database.read(partial(_compare, page=page))
        for kept in page:
            place = kept.anchor.place
            found = evidence.verify(
                place.kind, note=kept.note, request=kept.request, answer=kept.answer, roots=trust.roots
            )
            untrusted += found.is_trusted is False
            if found.reason is not None:
                faults.append(f"anchor {kept.anchor.id} ({place.kind}) proves nothing: {found.reason}")
    if faults:
        more = f"; and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
        yield Finding("; ".join(faults[:_MOST_NAMED]) + more, is_good=False)
    elif number:
        yield Finding(f"anchors: {number}, each of its checkpoint, and the ledger goes on from each of them")
    else:
        yield Finding("anchors: none yet, so nothing outside contradicts a ledger that is built anew")
    if untrusted:
        yield Finding(
            f"anchors by authorities that nobody here vouches for: {untrusted}; see [anchors] timestamp_roots"
        )


def _compare(tx: Transaction, *, page: Sequence[Kept]) -> list[str]:
    """Return which anchored checkpoints are not the beginning of the tree as it is now."""
    size = ledger.size(tx)
    return [
        f"anchor {kept.anchor.id}: the ledger does not begin with the checkpoint that lies outside"
        for kept in page
        if not _begins_with(tx, kept.note, size)
    ]


def _begins_with(tx: Transaction, note: bytes, size: int) -> bool:
    try:
        said = checkpoint.parse(note.decode("utf-8"))
        return said.size <= size and trees.root(tx, said.size) == said.root
    except ValueError:  # the note is none any more, or hashes of the tree are missing
        return False
