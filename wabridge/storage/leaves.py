"""The leaves of the ledger as they are read: by pages, by verification, by whoever hands out evidence."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from wabridge.evidence import commitment
from wabridge.evidence.commitment import Fact
from wabridge.model.ids import ConversationId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros
from wabridge.storage.ledger import Subject

_sql = queries.load("leaves")


class StoredLeaf(NamedTuple):
    """A leaf as it is stored. secret: None if it was erased."""

    position: int
    kind: str
    subject: Subject | None
    revision: int
    conversation_id: ConversationId | None
    number: int | None
    at: datetime
    is_backfilled: bool
    text: bytes
    hash: bytes
    secret: bytes | None

    @property
    def note(self) -> Mapping[str, Fact]:
        """What it says in the clear."""
        return commitment.parse(self.text).note

    @property
    def commitments(self) -> Mapping[str, bytes]:
        """What it commits to, by part."""
        return commitment.parse(self.text).commitments

    def salt(self, part: str) -> bytes | None:
        """Return what opens the commitment to one part, and no other."""
        return None if self.secret is None else commitment.salt(self.secret, part)


def get(tx: Transaction, position: int) -> StoredLeaf:
    """Return a leaf; raises LookupError."""
    row = tx.one(_sql["get"], {"position": position})
    if row is None:
        raise LookupError("there is no such leaf")
    return stored(row)


def find(tx: Transaction, subject: Subject) -> list[int]:
    """Return where the leaves stand that speak of a row, the first one first."""
    rows = tx.all(_sql["find"], {"subject_kind": subject.kind, "subject_id": subject.id})
    return [row["position"] for row in rows]


def find_newest(tx: Transaction, kind: str) -> StoredLeaf | None:
    """Return the newest leaf of a kind that speaks of no row."""
    return next(iter(list_of_kind(tx, kind, limit=1)), None)


def list_of_kind(tx: Transaction, kind: str, *, limit: int) -> list[StoredLeaf]:
    """Return leaves of a kind that speaks of no row, the newest first."""
    return [stored(row) for row in tx.all(_sql["list_of_kind"], {"kind": kind, "limit": limit})]


def keep_newest(tx: Transaction, page: Iterable[StoredLeaf]) -> list[StoredLeaf]:
    """Return those of these leaves that speak of a row, and that no later one revises."""
    found = list(page)
    rows = tx.all(_sql["keep_newest"], {"positions": json.dumps([leaf.position for leaf in found])})
    positions = {row["position"] for row in rows}
    return [leaf for leaf in found if leaf.position in positions]


def list_page(tx: Transaction, *, start: int, limit: int) -> list[StoredLeaf]:
    """Return leaves from a position on, in their order."""
    return [stored(row) for row in tx.all(_sql["list_page"], {"start": start, "limit": limit})]


def list_for_conversation(
    tx: Transaction, conversation_id: ConversationId, *, after: int = 0, limit: int
) -> list[StoredLeaf]:
    """Return the leaves of a conversation behind one of its numbers, in their order."""
    binds = {"conversation_id": conversation_id, "after": after, "limit": limit}
    return [stored(row) for row in tx.all(_sql["list_for_conversation"], binds)]


def stored(row: Row) -> StoredLeaf:
    """Return the leaf of a row that has the columns of a leaf and its secret."""
    return StoredLeaf(
        position=row["position"],
        kind=row["kind"],
        subject=None if row["subject_kind"] is None else Subject(row["subject_kind"], row["subject_id"]),
        revision=row["revision"],
        conversation_id=row["conversation_id"],
        number=row["cseq"],
        at=from_micros(row["at"]),
        is_backfilled=bool(row["is_backfilled"]),
        text=bytes(row["text"]),
        hash=bytes(row["hash"]),
        secret=None if row["secret"] is None else bytes(row["secret"]),
    )
