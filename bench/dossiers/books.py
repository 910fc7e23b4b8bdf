"""The papers of an invented dossier: files with their commitments, leaves with their proofs."""

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from wabridge.evidence import checkpoint, commitment, tree
from wabridge.evidence.dossier import File, Leaf, Opening

START = datetime(2026, 11, 3, 1, 15, tzinfo=UTC)
BOOT = "5b0c2c0e-7d2f-4f1e-9a55-4d1f9a0a7e11"


class Bound(NamedTuple):
    """A ledger with an anchored state and a newest one; the notes are signed. path: from one to the other."""

    old_note: str
    note: str
    old: checkpoint.Checkpoint
    new: checkpoint.Checkpoint
    leaves: tuple[Leaf, ...]
    path: tuple[bytes, ...]


class Books:
    """Collects files, openings and leaves while a dossier is invented; the same seed invents the same."""

    def __init__(self, seed: int, stamp: Callable[[bytes], bytes] | None = None) -> None:
        self.stamp = stamp
        self.random = random.Random(seed)
        self.now = START
        self.files: dict[str, bytes] = {}
        self.entries: list[File] = []
        self.openings: list[Opening] = []
        self.lines: list[bytes] = []
        self._seq: dict[str, int] = {}
        self._last: dict[str, bytes] = {}

    def pass_time(self, seconds: float) -> datetime:
        """Let time go by, and return the new time in whole milliseconds."""
        self.now += timedelta(milliseconds=int(seconds * 1000))
        return self.now

    def file(self, path: str, content: bytes, what: str, item: str = "") -> str:
        """Put a file into the bundle, and return its path."""
        if path not in self.files:
            self.files[path] = content
            digest = hashlib.sha256(content).hexdigest()
            self.entries.append(File(path=path, sha256=digest, size_bytes=len(content), what=what, item=item))
        return path

    def leaf(self, kind: str, conversation: str, item: str, parts: dict[str, str | bytes]) -> int:
        """Append a leaf, and return its index. parts: for each the path of its file, or bytes that are withheld."""
        index, committed = len(self.lines), {}
        for part, what in parts.items():
            salt = self.random.randbytes(32)
            content = self.files[what] if isinstance(what, str) else what
            committed[part] = commitment.commit(salt, commitment.digest(content))
            self.openings.append(_opening(index, part, what, salt, item))
        place = None
        if conversation:
            self._seq[conversation] = seq = self._seq.get(conversation, 0) + 1
            place = commitment.Place(conversation, seq, self._last.get(conversation))
        line = commitment.build(
            commitment.Leaf(
                position=index,
                at=self.now.isoformat(timespec="microseconds"),
                boot_id=BOOT,
                monotonic_ns=81_000_000_000_000 + index * 1_000_003,
                kind=kind,
                commitments=committed,
                place=place,
            )
        )
        self.lines.append(line)
        self._last[conversation] = tree.hash_leaf(line)
        return index

    def last_seq(self, conversation: str) -> int:
        """Return the newest number in a conversation."""
        return self._seq.get(conversation, 0)

    def bind(self, origin: str, seed: bytes, *, anchored_size: int) -> Bound:
        """Return checkpoint, proofs and the anchored state over all leaves so far."""
        subtrees = _cached([tree.hash_leaf(line) for line in self.lines])
        size, sizes = len(self.lines), (anchored_size, len(self.lines))
        old, new = (checkpoint.Checkpoint(origin, n, tree.root(n, subtrees)) for n in sizes)
        leaves = tuple(
            Leaf(index=n, line=line, path=tuple(tree.prove_inclusion(n, size, subtrees)))
            for n, line in enumerate(self.lines)
        )
        path = tuple(tree.prove_consistency(anchored_size, size, subtrees))
        return Bound(checkpoint.sign(old, seed), checkpoint.sign(new, seed), old, new, leaves, path)


def _opening(leaf: int, part: str, what: str | bytes, salt: bytes, item: str) -> Opening:
    if isinstance(what, str):
        return Opening(leaf=leaf, part=part, path=what, salt=commitment.encode(salt), item=item)
    return Opening(leaf=leaf, part=part, withheld="concerns others", item=item)


def _cached(hashes: list[bytes]) -> tree.Subtrees:
    levels = [hashes]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([tree.hash_node(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)])
    return lambda start, size: levels[size.bit_length() - 1][start // size]
