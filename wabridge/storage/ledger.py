"""The ledger: what was recorded, as leaves that nobody can change without it showing. `append` is the way to a leaf.

Rule 1: a fact and its leaf are written by the same transaction. The leaf is written as the last thing before COMMIT
and says of its row what stands there then. Rule 2: a leaf holds commitments and nothing private. Rule 3: only its
secret can be deleted, with what it speaks of.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from wabridge.clock import Instant
from wabridge.evidence import commitment, tree
from wabridge.evidence.commitment import Fact, Leaf, Place
from wabridge.model.ids import ConversationId
from wabridge.storage import queries, trees, witnessed
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros
from wabridge.storage.witnessed import SubjectKind, Testimony

_sql = queries.load("ledger")

_NAME_BYTES = 16


class Subject(NamedTuple):
    """The row that a leaf speaks of."""

    kind: SubjectKind
    id: int


class Entry(NamedTuple):
    """What a leaf is to say.

    subject: everything said of it is read from its row. revises: it has changed since its last leaf; without it a row
    has one leaf for ever. parts, digests: further bytes to commit to, or their SHA-256. note: stands in the clear and
    for ever, so never anything private. conversation_id: only without a subject.
    """

    kind: str
    subject: Subject | None = None
    revises: bool = False
    conversation_id: ConversationId | None = None
    parts: Mapping[str, bytes] = {}
    digests: Mapping[str, bytes] = {}
    note: Mapping[str, Fact] = {}
    is_backfilled: bool = False


class _Ready(NamedTuple):
    """An entry with everything that is said of its subject."""

    entry: Entry
    conversation_id: ConversationId | None
    digests: Mapping[str, bytes]
    note: Mapping[str, Fact]


class _Moment(NamedTuple):
    """When leaves are written. at: as they say it."""

    at: str
    instant: Instant


def append(tx: Transaction, entry: Entry) -> None:
    """Let a leaf say this, as the last thing that this transaction does; `leaves.find` tells afterwards where."""
    tx.at_end(_append_all, entry)


def append_now(tx: Transaction, entries: Sequence[Entry]) -> list[int]:
    """Write leaves at once and return their positions: for who needs them in the same transaction."""
    testimonies = {kind: witnessed.read_many(tx, kind, ids) for kind, ids in _by_kind(entries).items()}
    return _write(tx, [_ready(entry, testimonies) for entry in entries])


def size(tx: Transaction) -> int:
    """Return how many leaves there are."""
    row = tx.one(_sql["size"])
    return 0 if row is None else int(row["size"])


def forget(tx: Transaction, kind: SubjectKind, ids: Iterable[int]) -> int:
    """Delete the secrets of all leaves that speak of these rows; return how many. The leaves stay, and say nothing."""
    return tx.run(_sql["forget"], {"subject_kind": kind, "ids": json.dumps(list(ids))})


def _append_all(tx: Transaction, entries: list[Entry]) -> None:
    """Write the leaves of a transaction, one for each row, in the order in which they were asked for."""
    wanted: dict[object, Entry] = {}
    for number, entry in enumerate(entries):
        key = entry.subject or number
        known = wanted.get(key)
        # What was added and changed by the same transaction is new, and its leaf says how it is at the end.
        wanted[key] = entry if known is None or known.revises else known
    append_now(tx, list(wanted.values()))


def _by_kind(entries: Iterable[Entry]) -> dict[SubjectKind, list[int]]:
    ids: dict[SubjectKind, list[int]] = {}
    for entry in entries:
        if entry.subject is not None:
            ids.setdefault(entry.subject.kind, []).append(entry.subject.id)
    return ids


def _ready(entry: Entry, testimonies: Mapping[SubjectKind, Mapping[int, Testimony]]) -> _Ready:
    own = {**{part: commitment.digest(held) for part, held in entry.parts.items()}, **entry.digests}
    if entry.subject is None:
        return _Ready(entry, entry.conversation_id, own, entry.note)
    said = testimonies[entry.subject.kind].get(entry.subject.id)
    if said is None:
        raise LookupError(f"there is no {entry.subject.kind} to speak of")
    return _Ready(entry, said.conversation_id, {**said.digests, **own}, {**said.note, **entry.note})


def _write(tx: Transaction, ready: Sequence[_Ready]) -> list[int]:
    if not ready:
        return []
    first, at = size(tx), to_micros(tx.instant.at)
    moment = _Moment(tx.instant.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), tx.instant)
    places = _places(tx, {each.conversation_id for each in ready if each.conversation_id is not None})
    revisions = _revisions(tx, [each.entry for each in ready])
    leaves: list[tuple[object, ...]] = []
    keys: list[tuple[int, bytes]] = []
    for position, each in enumerate(ready, start=first):
        entry, conversation_id = each.entry, each.conversation_id
        secret = secrets.token_bytes(commitment.SECRET_BYTES)
        place = None if conversation_id is None else places[conversation_id]
        text = _text(position, each, place, secret, moment)
        hashed = tree.hash_leaf(text)
        if conversation_id is not None and place is not None:
            places[conversation_id] = Place(place.name, place.number + 1, hashed)
        subject, revision = entry.subject or (None, None), revisions.get(entry.subject, 0) if entry.subject else 0
        thread = (conversation_id, place.number if place else None)
        leaves.append((position, entry.kind, *subject, revision, *thread, at, entry.is_backfilled, text, hashed))
        keys.append((position, secret))
    tx.run_many(_sql["add"], leaves)
    tx.run_many(_sql["add_secret"], keys)
    trees.grow(tx, before=first, after=first + len(leaves))
    return [*range(first, first + len(leaves))]


def _text(position: int, ready: _Ready, place: Place | None, secret: bytes, moment: _Moment) -> bytes:
    leaf = Leaf(
        position=position,
        at=moment.at,
        boot_id=moment.instant.boot_id,
        monotonic_ns=moment.instant.monotonic_ns,
        kind=ready.entry.kind,
        commitments={
            part: commitment.commit(commitment.salt(secret, part), digest) for part, digest in ready.digests.items()
        },
        place=place,
        note=ready.note,
        is_backfilled=ready.entry.is_backfilled,
    )
    return commitment.build(leaf)


def _places(tx: Transaction, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, Place]:
    """Return the next place in each conversation; one that is new to the ledger gets its name."""
    wanted = list(conversation_ids)
    if not wanted:
        return {}
    threads = tx.all(_sql["list_threads"], {"conversation_ids": json.dumps(wanted)})
    lasts = [row["last"] for row in threads if row["last"] is not None]
    tails = {row["conversation_id"]: row for row in tx.all(_sql["list_tails"], {"positions": json.dumps(lasts)})}
    places: dict[ConversationId, Place] = {}
    for row in threads:
        tail = tails.get(row["conversation_id"])
        places[row["conversation_id"]] = (
            Place(row["name"], 1, None) if tail is None else Place(row["name"], tail["cseq"] + 1, bytes(tail["hash"]))
        )
    for conversation_id in wanted:
        if conversation_id not in places:
            name = secrets.token_hex(_NAME_BYTES)
            tx.run(_sql["add_thread"], (conversation_id, name))
            places[conversation_id] = Place(name, 1, None)
    return places


def _revisions(tx: Transaction, entries: Iterable[Entry]) -> dict[Subject, int]:
    """Return which revision of its row each revising entry is; the first word about a row is revision 0."""
    found: dict[Subject, int] = {}
    for kind, ids in _by_kind(entry for entry in entries if entry.revises).items():
        for row in tx.all(_sql["list_revisions"], {"subject_kind": kind, "ids": json.dumps(ids)}):
            found[Subject(kind, row["subject_id"])] = row["revision"] + 1
    return found
