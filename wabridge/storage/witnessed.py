"""What leaves say of rows: one query a noun, for writing a leaf and, years later, for comparing with it.

Rule: what was recorded of a row is what its query says. Whoever changes a row that is here appends a leaf that revises
it, or the row contradicts the ledger.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, get_args

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
KINDS: tuple[SubjectKind, ...] = get_args(SubjectKind)

ROW = "row"
"""The part that is the row itself, as `Testimony.row` has it."""


class Testimony(NamedTuple):
    """What can be said of a row now.

    row: its columns as one line of JSON. parts: bytes that are committed to on their own, those that are at hand;
    digests: the SHA-256 of every part, the row among them. is_in_flux: it is about to change and cannot be compared.
    """

    conversation_id: ConversationId | None
    row: bytes
    parts: Mapping[str, bytes]
    digests: Mapping[str, bytes]
    note: Mapping[str, Fact]
    is_in_flux: bool


def read_many(tx: Transaction, kind: SubjectKind, ids: Iterable[int]) -> dict[int, Testimony]:
    """Return what can be said of rows now, by id; those that are gone are left out."""
    return {row["id"]: _testimony(kind, row) for row in tx.all(_sql[kind], {"ids": json.dumps(list(ids))})}


def _testimony(kind: str, row: Row) -> Testimony:
    said: dict[str, Any] = {"table": kind}
    parts: dict[str, bytes] = {}
    digests: dict[str, bytes] = {}
    note: dict[str, Fact] = {}
    for name in row.keys():  # noqa: SIM118  # a row iterates over its values
        value, (prefix, _, rest) = row[name], name.partition("_")
        if name in ("conversation_id", "is_in_flux"):
            continue
        if prefix == "part":
            if value is not None:
                parts[rest] = bytes(value)
                digests[rest] = commitment.digest(value)
        elif prefix == "digest":
            if value is not None:
                digests[rest] = bytes(value)
        elif prefix == "note":
            note[rest] = value
        else:
            said[name] = f"sha256:{commitment.digest(value).hex()}" if isinstance(value, bytes) else value
    line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    is_in_flux = "is_in_flux" in row.keys() and bool(row["is_in_flux"])  # noqa: SIM118  # as above
    return Testimony(row["conversation_id"], line, parts, {ROW: commitment.digest(line), **digests}, note, is_in_flux)
