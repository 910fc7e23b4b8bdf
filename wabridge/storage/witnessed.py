"""What leaves say of rows: one query a noun, for writing a leaf and, years later, for comparing with it.

Rule: what was recorded of a row is what its query says. Whoever changes a row that is here appends a leaf that revises
it, or the row contradicts the ledger.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from wabridge.evidence import commitment
from wabridge.evidence.commitment import Fact
from wabridge.model.ids import ConversationId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction

_sql = queries.load("witnessed")

SubjectKind = Literal[
    "message",
    "version",
    "attempt",
    "answer",
    "status",
    "decision",
    "act",
    "alert",
    "media",
    "upload",
    "news",
    "notice_version",
    "notice_approval",
    "notice_carrier",
    "notice_event",
]

ROW = "row"
"""The part that is the row itself, as `Testimony.row` has it."""


class Testimony(NamedTuple):
    """What can be said of a row now.

    row: its columns as one line of JSON. parts: bytes that are committed to on their own, those that are at hand;
    digests: the SHA-256 of every part, the row among them; names: of all parts there can be, those that are not there
    included. is_in_flux: it is about to change and cannot be compared.
    """

    conversation_id: ConversationId | None
    row: bytes
    parts: Mapping[str, bytes]
    digests: Mapping[str, bytes]
    names: frozenset[str]
    note: Mapping[str, Fact]
    is_in_flux: bool


class _Column(NamedTuple):
    """What a column is. part: of the row's testimony, if it is one or its SHA-256."""

    name: str
    what: str
    part: str


def read_many(tx: Transaction, kind: SubjectKind, ids: Iterable[int]) -> dict[int, Testimony]:
    """Return what can be said of rows now, by id; those that are gone are left out."""
    rows = tx.all(_sql[kind], {"ids": json.dumps(list(ids))})
    columns = [_column(name) for name in rows[0].keys()] if rows else []  # noqa: SIM118  # a row iterates over its values
    names = frozenset({ROW, *(column.part for column in columns if column.what in ("part", "digest"))})
    return {row["id"]: _testimony(kind, row, columns, names) for row in rows}


def _column(name: str) -> _Column:
    if name in ("conversation_id", "is_in_flux"):
        return _Column(name, name, "")
    prefix, is_marked, part = name.partition("_")
    is_special = is_marked and prefix in ("part", "digest", "note")  # a column called note holds people's words
    return _Column(name, prefix, part) if is_special else _Column(name, "column", "")


def _testimony(kind: str, row: Row, columns: Iterable[_Column], names: frozenset[str]) -> Testimony:
    said: dict[str, Any] = {"table": kind}
    parts: dict[str, bytes] = {}
    digests: dict[str, bytes] = {}
    note: dict[str, Fact] = {}
    is_in_flux = False
    for (name, what, part), value in zip(columns, row, strict=True):
        if what == "column":
            said[name] = f"sha256:{commitment.digest(value).hex()}" if isinstance(value, bytes) else value
        elif what == "note":
            note[part] = value
        elif what == "is_in_flux":
            is_in_flux = bool(value)
        elif what == "part" and value is not None:
            parts[part], digests[part] = bytes(value), commitment.digest(value)
        elif what == "digest" and value is not None:
            digests[part] = bytes(value)
    line = commitment.line(said)
    digests = {ROW: commitment.digest(line), **digests}
    return Testimony(row["conversation_id"], line, parts, digests, names, note, is_in_flux)
