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


def read_many(tx: Transaction, kind: SubjectKind, ids: Iterable[int]) -> dict[int, Testimony]:
    """Return what can be said of rows now, by id; those that are gone are left out."""
    return {row["id"]: _testimony(kind, row) for row in tx.all(_sql[kind], {"ids": json.dumps(list(ids))})}


def _testimony(kind: str, row: Row) -> Testimony:
    said: dict[str, Any] = {"table": kind}
    parts: dict[str, bytes] = {}
    digests: dict[str, bytes] = {}
    names, note = {ROW}, dict[str, Fact]()
    for name in row.keys():  # noqa: SIM118  # a row iterates over its values
        value, (prefix, is_marked, rest) = row[name], name.partition("_")
        if name in ("conversation_id", "is_in_flux"):
            continue
        if not is_marked or prefix not in ("part", "digest", "note"):
            said[name] = f"sha256:{commitment.digest(value).hex()}" if isinstance(value, bytes) else value
        elif prefix == "note":
            note[rest] = value
        else:
            names.add(rest)
            if value is not None:
                digests[rest] = commitment.digest(value) if prefix == "part" else bytes(value)
            if value is not None and prefix == "part":
                parts[rest] = bytes(value)
    line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    is_in_flux = "is_in_flux" in row.keys() and bool(row["is_in_flux"])  # noqa: SIM118  # as above
    return Testimony(
        conversation_id=row["conversation_id"],
        row=line,
        parts=parts,
        digests={ROW: commitment.digest(line), **digests},
        names=frozenset(names),
        note=note,
        is_in_flux=is_in_flux,
    )
