"""The tree over the leaves: kept as the hashes over 256 leaves, over 256 of those, and so on.

Appending needs none of it: only every 256th leaf computes one. Root and proofs read some hundred hashes.
"""

from wabridge.evidence import tree
from wabridge.evidence.tree import Subtrees
from wabridge.storage import queries
from wabridge.storage.database import Transaction

_sql = queries.load("trees")

TILE = 256


def grow(tx: Transaction, *, before: int, after: int) -> None:
    """Compute what became complete as the tree grew from one size to another."""
    level, width = 1, TILE
    while after // width:
        for number in range(before // width, after // width):
            hashes = _hashes(tx, level - 1, number * TILE, (number + 1) * TILE)
            tx.run(_sql["add_tile"], {"level": level, "number": number, "hash": tree.fold(hashes)})
        level, width = level + 1, width * TILE


def find_tile(tx: Transaction, number: int) -> bytes | None:
    """Return the stored hash over 256 leaves."""
    row = tx.one(_sql["list_tiles"], {"level": 1, "start": number, "end": number + 1})
    return None if row is None else bytes(row["hash"])


def subtrees(tx: Transaction) -> Subtrees:
    """Return the subtrees over the stored leaves; they are read as they are asked for."""

    def read(start: int, size: int) -> bytes:
        level, width = 0, 1
        while size >= width * TILE:
            level, width = level + 1, width * TILE
        return tree.fold(_hashes(tx, level, start // width, (start + size) // width))

    return read


def remembered(tx: Transaction) -> Subtrees:
    """Return the same for many proofs at once: what is read is read once, what is computed is computed once."""
    tiles: dict[tuple[int, int], list[bytes]] = {}
    known: dict[tuple[int, int], bytes] = {}

    def stored(level: int, number: int) -> bytes:
        tile, place = divmod(number, TILE)
        if (level, tile) not in tiles:
            tiles[level, tile] = _stored(tx, level, tile * TILE, (tile + 1) * TILE)
        return tiles[level, tile][place]

    def read(start: int, size: int) -> bytes:
        if (start, size) not in known:
            level, width = 0, 1
            while size >= width * TILE:
                level, width = level + 1, width * TILE
            half = size // 2
            known[start, size] = (
                stored(level, start // width)
                if size == width
                else tree.hash_node(read(start, half), read(start + half, half))
            )
        return known[start, size]

    return read


def root(tx: Transaction, size: int) -> bytes:
    """Return the root over the first leaves."""
    return tree.root(size, subtrees(tx))


def prove_inclusion(tx: Transaction, position: int, size: int) -> list[bytes]:
    """Return the way of a leaf to the root over the first leaves."""
    return tree.prove_inclusion(position, size, subtrees(tx))


def prove_consistency(tx: Transaction, old: int, new: int) -> list[bytes]:
    """Return what shows that one head of the tree is the beginning of another."""
    return tree.prove_consistency(old, new, subtrees(tx))


def _hashes(tx: Transaction, level: int, start: int, end: int) -> list[bytes]:
    found = _stored(tx, level, start, end)
    if len(found) != end - start:
        raise ValueError("hashes of the ledger are missing")
    return found


def _stored(tx: Transaction, level: int, start: int, end: int) -> list[bytes]:
    binds: dict[str, object] = {"level": level, "start": start, "end": end}
    rows = tx.all(_sql["list_tiles"], binds) if level else tx.all(_sql["list_hashes"], {"start": start, "end": end})
    return [bytes(row["hash"]) for row in rows]
