"""One walk through all leaves: each with its hash and place, the tree as it grows, the rows as they are now.

Rule: nothing that is stored beside a leaf is believed; it is computed anew from the leaf's bytes and compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wabridge.evidence import commitment, tree
from wabridge.model.ids import ConversationId
from wabridge.storage import leaves, trees, witnessed
from wabridge.storage.database import Transaction
from wabridge.storage.leaves import StoredLeaf


@dataclass
class Walk:
    """What is remembered on the way. heads: the roots that must come out, by size, each with what it is called."""

    heads: dict[int, list[tuple[str, bytes]]]
    frontier: tree.Frontier = field(default_factory=tree.Frontier)
    tails: dict[ConversationId, tuple[int, bytes | None, str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    compared: int = 0
    erased: int = 0
    in_flux: int = 0


def check_page(tx: Transaction, page: Sequence[StoredLeaf], walk: Walk) -> None:
    """Check the next leaves of the walk."""
    for leaf in page:
        meet_heads(walk)
        if leaf.position != walk.frontier.size:
            walk.faults.append(f"leaf {walk.frontier.size} is missing")
        if tree.hash_leaf(leaf.text) != leaf.hash:
            walk.faults.append(f"leaf {leaf.position}: its hash is not that of its text")
        if (fault := _misplaced(leaf, walk)) is not None:
            walk.faults.append(f"leaf {leaf.position}: {fault}")
        walk.frontier.add(tree.hash_leaf(leaf.text))
    number, rest = divmod(page[0].position, trees.TILE)
    if not rest and len(page) == trees.TILE and trees.find_tile(tx, number) != tree.fold([leaf.hash for leaf in page]):
        walk.faults.append(f"the stored hash over the leaves from {page[0].position} on is wrong")
    _compare_rows(tx, page, walk)


def meet_heads(walk: Walk, *, is_end: bool = False) -> None:
    """Compare the root over what was walked so far with what was said of it."""
    for name, root in walk.heads.pop(walk.frontier.size, ()):
        if root != walk.frontier.root:
            walk.faults.append(f"{name} says another root over {walk.frontier.size} leaves: the ledger was changed")
    for size in [*walk.heads] if is_end else ():
        for name, _ in walk.heads.pop(size):
            walk.faults.append(f"{name} speaks of {size} leaves, and there are {walk.frontier.size}: some are gone")


def _misplaced(leaf: StoredLeaf, walk: Walk) -> str | None:
    """Return what is wrong with where a leaf says it stands."""
    try:
        said = commitment.parse(leaf.text)
    except ValueError:
        return "its text is no leaf"
    if (said.position, said.kind, said.is_backfilled) != (leaf.position, leaf.kind, leaf.is_backfilled):
        return "its columns say something else than its text"
    if leaf.conversation_id is None:
        return None if said.place is None else "its columns say something else than its text"
    if said.place is None or said.place.number != leaf.number:
        return "its columns say something else than its text"
    number, previous, name = walk.tails.get(leaf.conversation_id, (0, None, said.place.name))
    walk.tails[leaf.conversation_id] = (said.place.number, leaf.hash, said.place.name)
    if said.place != (name, number + 1, previous):
        return "it does not follow the leaf before it in its conversation"
    return None


def _compare_rows(tx: Transaction, page: Sequence[StoredLeaf], walk: Walk) -> None:
    """Open the commitments of each row's newest leaf with what the row says now."""
    newest = leaves.keep_newest(tx, page)
    for kind in {leaf.subject.kind for leaf in newest if leaf.subject}:
        own = [leaf for leaf in newest if leaf.subject and leaf.subject.kind == kind]
        said = witnessed.read_many(tx, kind, [leaf.subject.id for leaf in own if leaf.subject])
        for leaf in own:
            assert leaf.subject is not None, "it was chosen by its kind"
            if leaf.secret is None:
                walk.erased += 1
            elif leaf.subject.id not in said:
                walk.faults.append(f"{kind} {leaf.subject.id} is gone, and was not erased (leaf {leaf.position})")
            elif said[leaf.subject.id].is_in_flux:
                walk.in_flux += 1
            else:
                walk.compared += 1
                walk.faults += _contradictions(leaf, f"{kind} {leaf.subject.id}", said[leaf.subject.id])


def _contradictions(leaf: StoredLeaf, name: str, said: witnessed.Testimony) -> list[str]:
    faults = []
    for part, recorded in commitment.parse(leaf.text).commitments.items():
        salt, digest = leaf.salt(part), said.digests.get(part)
        if part in said.names and salt is not None and (digest is None or commitment.commit(salt, digest) != recorded):
            what = "the row" if part == witnessed.ROW else f"its {part}"
            faults.append(f"{name}: {what} is not what was recorded (leaf {leaf.position})")
    return faults
