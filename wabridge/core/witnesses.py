"""The leaves that speak of rows, as a bundle shows them: found together, then put in one row at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from wabridge.core.papers import Papers, Shown
from wabridge.storage import exhibits, witnessed
from wabridge.storage.database import Transaction
from wabridge.storage.leaves import StoredLeaf
from wabridge.storage.witnessed import SubjectKind

_EVERY = 2**62
"""More leaves than there will be."""


class Witnesses:
    """The leaves that speak of rows, put into the bundle once it is known what opens them."""

    def __init__(self, tx: Transaction, papers: Papers, size: int) -> None:
        self._tx = tx
        self._papers = papers
        self._size = size
        self._wanted: dict[SubjectKind, list[int]] = defaultdict(list)
        self._leaves: dict[tuple[str, int], list[StoredLeaf]] = defaultdict(list)
        self._rows: dict[tuple[str, int], bytes] = {}
        self._later: set[tuple[str, int]] = set()

    def want(self, kind: SubjectKind, ids: Iterable[int]) -> None:
        """Say which rows are shown."""
        self._wanted[kind].extend(ids)

    def read(self) -> None:
        """Look up all leaves of the wanted rows, and what the rows say now."""
        for kind, ids in self._wanted.items():
            for leaf in exhibits.list_leaves(self._tx, kind, ids, size=_EVERY):
                assert leaf.subject is not None, "it was looked up by its subject"
                if leaf.position < self._size:
                    self._leaves[leaf.subject].append(leaf)
                else:
                    self._later.add(leaf.subject)
            for row_id, said in witnessed.read_many(self._tx, kind, ids).items():
                self._rows[kind, row_id] = said.row

    def prove(self, kind: SubjectKind, row_id: int, shown: Mapping[str, Shown], *, ref: str) -> tuple[int, ...]:
        """Put the leaves of a row into the bundle, and return their indices, the newest last.

        Only the newest says how the row is now; what an earlier one says of it stays closed. If the newest lies behind
        the bundle's head, all of them are earlier ones.
        """
        found = self._leaves.get((kind, row_id), [])
        is_later = (kind, row_id) in self._later
        for older in found if is_later else found[:-1]:
            self._papers.prove(older, {part: Shown(withheld="revised") for part in older.commitments}, item=ref)
        if found and not is_later:
            row = self._rows.get((kind, row_id))
            path = self._papers.add(f"rows/{found[-1].position}.json", row, "row", item=ref) if row is not None else ""
            said = {witnessed.ROW: Shown(path) if path else Shown(withheld="gone")}
            self._papers.prove(found[-1], {**said, **shown}, item=ref)
        return tuple(leaf.position for leaf in found)

    def numbers(self, positions: Iterable[int]) -> tuple[int, ...]:
        """Return which numbers of their conversation leaves have."""
        found = (self._papers.leaves[each].number for each in positions)
        return tuple(sorted(number for number in found if number is not None))

    def is_backfilled(self, positions: Iterable[int]) -> bool:
        """Say whether a leaf was written after the fact."""
        return any(self._papers.leaves[each].is_backfilled for each in positions)
