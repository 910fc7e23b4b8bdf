"""Leaves for rows from before the ledger: marked as such, in small steps, each taken up where the last one committed.

They prove that the rows have not changed since then, and nothing about the time before.
"""

from typing import NamedTuple

from wabridge.storage import ledger, queries, unrecorded
from wabridge.storage.database import Transaction
from wabridge.storage.ledger import Entry, Subject
from wabridge.storage.witnessed import SubjectKind

_sql = queries.load("backfill")


class Progress(NamedTuple):
    """How far it is, counted in ids."""

    done: int
    through: int

    @property
    def is_finished(self) -> bool:
        """Whether every row has its leaf."""
        return self.done >= self.through


def take_step(tx: Transaction, *, limit: int) -> bool:
    """Give some rows their leaves, and say whether there may be more."""
    row = tx.one(_sql["find_unfinished"])
    if row is None:
        return False
    kind, done, through = row["subject_kind"], row["done"], row["through"]
    ids = unrecorded.list_ids(tx, kind, after=done, through=through, limit=limit)
    ledger.append_now(tx, [Entry("backfill", Subject(kind, each), is_backfilled=True) for each in ids])
    tx.run(_sql["set_done"], {"subject_kind": kind, "done": ids[-1] if len(ids) == limit else through})
    return True


def progress(tx: Transaction) -> Progress:
    """Return how far it is."""
    row = tx.one(_sql["progress"])
    return Progress(0, 0) if row is None else Progress(row["done"], row["through"])


def mark(tx: Transaction, kind: SubjectKind) -> int:
    """Return the newest row of a kind that is from before the ledger, 0 if there is none."""
    row = tx.one(_sql["through"], {"subject_kind": kind})
    return 0 if row is None else int(row["through"])
