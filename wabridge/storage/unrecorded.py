"""Rows that no leaf speaks of: those from before the ledger, which get one afterwards, and those written around it."""

from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.witnessed import SubjectKind

_sql = queries.load("unrecorded")

KINDS: tuple[SubjectKind, ...] = (
    *("message", "version", "attempt", "answer", "status"),
    *("decision", "act", "alert", "media", "upload", "news"),
    *("notice_version", "notice_approval", "notice_carrier", "notice_event"),
)
"""Every kind of row that has a leaf."""

_NO_END = 2**62


def list_ids(tx: Transaction, kind: SubjectKind, *, after: int = 0, through: int = _NO_END, limit: int) -> list[int]:
    """Return the ids of rows of a kind behind one of them that have no leaf, the oldest first."""
    binds = {"after": after, "through": through, "limit": limit}
    return [row["id"] for row in tx.all(_sql[kind], binds)]
