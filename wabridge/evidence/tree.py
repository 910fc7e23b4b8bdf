"""The tree over the ledger's leaves, as RFC 6962 (section 2.1) and RFC 9162 define it.

A tree is known here by the hashes of its complete, aligned subtrees: whoever stores them says where one begins and how
many leaves it covers (a power of two), and gets root and proofs without reading the leaves below.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32

Subtrees = Callable[[int, int], bytes]
"""Returns the hash of a complete subtree: its first leaf, a multiple of its size; its size, a power of two."""


def hash_leaf(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def in_memory(hashes: Sequence[bytes]) -> Subtrees:
    """Return the subtrees over leaf hashes that are all at hand."""
    return lambda start, size: fold(hashes[start : start + size])


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of equal, complete subtrees; there are a power of two of them."""
    level = list(hashes)
    while len(level) > 1:
        level = [hash_node(level[n], level[n + 1]) for n in range(0, len(level), 2)]
    return level[0]


def root(size: int, subtrees: Subtrees) -> bytes:
    """Return the root of the tree over the first leaves; of none it is the hash of nothing."""
    return hashlib.sha256().digest() if size == 0 else _root(0, size, subtrees)


def prove_inclusion(index: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """Return what leads from a leaf to the root, from below; raises ValueError if the leaf is not in the tree."""
    if not 0 <= index < size:
        raise ValueError("the leaf is not in the tree")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_root(middle, end, subtrees))
            end = middle
        else:
            path.append(_root(start, middle, subtrees))
            start = middle
    return path[::-1]


def prove_consistency(old: int, new: int, subtrees: Subtrees) -> list[bytes]:
    """Return what shows that the first leaves are the same in a later tree; raises ValueError if it is no later one."""
    if not 0 <= old <= new:
        raise ValueError("the later tree is the smaller one")
    if old in (0, new):
        return []
    start, end, is_whole, path = 0, new, True, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_root(middle, end, subtrees))
            end = middle
        else:
            path.append(_root(start, middle, subtrees))
            start, is_whole = middle, False
    return [*([] if is_whole else [_root(start, end, subtrees)]), *path[::-1]]


def is_included(leaf_hash: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof leads from a leaf to a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = hash_node(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hash_node(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, *, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether a proof shows that one tree is the beginning of another (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or (old == new and old_root != new_root):
        return False
    if old == 0:
        return not proof and old_root == hashlib.sha256().digest()
    if old == new:
        return not proof
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found_new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            found_old, found_new = hash_node(step, found_old), hash_node(step, found_new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found_new = hash_node(found_new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _root(start: int, end: int, subtrees: Subtrees) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        return subtrees(start, size)
    middle = start + _split(size)
    return hash_node(subtrees(start, middle - start), _root(middle, end, subtrees))


def _split(size: int) -> int:
    """Return the largest power of two that is smaller."""
    return 1 << (size - 1).bit_length() - 1


class Frontier:
    """A tree that grows leaf by leaf and keeps nothing but the roots of its complete parts."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf_hash: bytes) -> None:
        """Take in the next leaf."""
        peak, size = leaf_hash, self.size
        while size & 1:
            peak, size = hash_node(self._peaks.pop(), peak), size >> 1
        self._peaks.append(peak)
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._peaks:
            return hashlib.sha256().digest()
        *rest, found = self._peaks
        for peak in reversed(rest):
            found = hash_node(peak, found)
        return found
