"""Anchors: what is wanted outside, what lies there, and the very bytes that were exchanged for it.

Rule: what was anchored only grows. What is still wanted is a queue like any other and may change until it is made.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.anchor import Anchor, Kind, Place, Why
from wabridge.model.ids import MessageId
from wabridge.storage import checkpoints, ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry

_sql = queries.load("anchors")


class Wish(NamedTuple):
    """Somebody asked that the ledger be anchored as it stood. after_checkpoint: the newest one then."""

    id: int
    why: Why
    wanted_at: datetime
    after_checkpoint: int


class Due(NamedTuple):
    """An anchor to be made now. note: the checkpoint's, as it is deposited."""

    anchor: Anchor
    note: bytes


class Proof(NamedTuple):
    """What came of it. stated_at: by the authority's clock; request, answer: the very bytes."""

    made_at: datetime
    request: bytes
    answer: bytes
    authority: str
    stated_at: datetime | None = None
    is_trusted: bool | None = None


class Kept(NamedTuple):
    """An anchor that was made, with everything that checks it. size, note: of its checkpoint."""

    anchor: Anchor
    size: int
    note: bytes
    request: bytes
    answer: bytes


def want(tx: Transaction, why: Why) -> None:
    """Ask that everything up to this transaction be anchored outside; ring `Topic.ANCHORS` after the commit.

    It is done even if the program ends before: minutes later for a notice, with the day's for the rest. A wish that no
    checkpoint has come after yet stands for both.
    """
    tx.run(_sql["want"], {"why": why, "now": to_micros(tx.instant.at)})


def want_for_notices(tx: Transaction, message_ids: Iterable[MessageId]) -> None:
    """Ask the same if one of these messages carries a legal notice."""
    binds = {"now": to_micros(tx.instant.at), "message_ids": json.dumps(list(message_ids))}
    tx.run(_sql["want_for_notices"], binds)


def list_wishes(tx: Transaction) -> list[Wish]:
    """Return what was asked for and has no checkpoint yet, the oldest first."""
    return [
        Wish(row["id"], row["why"], from_micros(row["wanted_at"]), row["after_checkpoint"])
        for row in tx.all(_sql["list_wishes"])
    ]


def last_wanted(tx: Transaction, why: Why) -> datetime | None:
    """Return when somebody asked for this reason for the last time."""
    row = tx.one(_sql["last_wanted"], {"why": why})
    return None if row is None else from_micros(row["wanted_at"])


def find_answering(tx: Transaction, wish: Wish) -> checkpoints.Head | None:
    """Return the newest checkpoint if it holds what was asked for: it came later, or holds every leaf."""
    head = checkpoints.newest(tx)
    if head is None or (head.id <= wish.after_checkpoint and head.size < ledger.size(tx)):
        return None
    return head


def add(tx: Transaction, checkpoint_id: int, places: Iterable[Place], wishes: list[Wish], *, now: datetime) -> None:
    """Let a checkpoint that answers these wishes be wanted at every place."""
    since = to_micros(wishes[0].wanted_at)
    for place in places:
        binds = {"checkpoint_id": checkpoint_id, "kind": place.kind, "address": place.address}
        tx.run(_sql["add"], {**binds, "wanted_at": since, "now": to_micros(now)})
    tx.run(_sql["fulfil"], {"checkpoint_id": checkpoint_id, "through": wishes[-1].id})


def find_due(tx: Transaction, places: Iterable[Place], now: datetime) -> Due | None:
    """Return an anchor that is to be made now; at each place only that of the newest checkpoint is tried."""
    row = tx.one(_sql["find_due"], {"now": to_micros(now), "places": _names(places)})
    return None if row is None else Due(_anchor(row), row["note"].encode("utf-8"))


def mark_failed(tx: Transaction, anchor_id: int, reason: str, *, next_try_at: datetime) -> None:
    """Write down that it did not work this time, and when it is tried again."""
    binds = {"anchor_id": anchor_id, "reason": reason, "next_try_at": to_micros(next_try_at)}
    tx.run(_sql["mark_failed"], binds)


def keep(tx: Transaction, due: Due, proof: Proof) -> bool:
    """Keep what lies outside now, and say whether it was new; older ones at this place are superseded.

    A leaf commits to the bytes; it says neither where they lie nor whose mailbox that is.
    """
    anchor_id, place = due.anchor.id, due.anchor.place
    if not tx.run(_sql["keep"], {"anchor_id": anchor_id}):
        return False
    times = {"made_at": to_micros(proof.made_at), "stated_at": maybe_to_micros(proof.stated_at)}
    tx.run(_sql["keep__proof"], {**proof._asdict(), **times, "anchor_id": anchor_id})
    tx.run(_sql["keep__supersede"], {"anchor_id": anchor_id})
    parts = {"request": proof.request, "answer": proof.answer}
    ledger.append(tx, Entry("anchor", parts=parts, note={"kind": place.kind, "checkpoint": due.anchor.checkpoint_id}))
    return True


def list_newest(tx: Transaction) -> list[Anchor]:
    """Return the newest anchor at each place that ever had one."""
    return [_anchor(row) for row in tx.all(_sql["list_newest"])]


def list_wanted(tx: Transaction, places: Iterable[Place]) -> list[Anchor]:
    """Return what is wanted at these places and not there yet."""
    return [_anchor(row) for row in tx.all(_sql["list_wanted"], {"places": _names(places)})]


def list_kept(tx: Transaction, *, after: int = 0, limit: int) -> list[Kept]:
    """Return what lies outside, behind one of them, the oldest first."""
    return [_kept(row) for row in tx.all(_sql["list_kept"], {"after": after, "limit": limit})]


def list_kept_newest(tx: Transaction) -> list[Kept]:
    """Return the newest of what lies outside, for each place that ever had one."""
    return [_kept(row) for row in tx.all(_sql["list_kept_newest"])]


def list_covering(tx: Transaction, position: int) -> list[Kept]:
    """Return the first anchor at each place over a tree that holds a leaf, the earliest first."""
    return [_kept(row) for row in tx.all(_sql["list_covering"], {"position": position})]


def _names(places: Iterable[Place]) -> str:
    return json.dumps([f"{place.kind} {place.address}" for place in places])


def _kept(row: Row) -> Kept:
    note = row["note"].encode("utf-8")
    return Kept(_anchor(row), row["size"], note, bytes(row["request"]), bytes(row["answer"]))


def _anchor(row: Row) -> Anchor:
    kind: Kind = row["kind"]
    known = row.keys()
    is_made = "made_at" in known
    return Anchor(
        id=row["id"],
        checkpoint_id=row["checkpoint_id"],
        place=Place(kind, row["address"]),
        state=row["state"],
        wanted_at=from_micros(row["wanted_at"]),
        tries=row["tries"],
        next_try_at=from_micros(row["next_try_at"]),
        reason=row["reason"],
        made_at=from_micros(row["made_at"]) if is_made else None,
        stated_at=maybe_from_micros(row["stated_at"]) if is_made else None,
        authority=row["authority"] if is_made else "",
        is_trusted=bool(row["is_trusted"]) if is_made and row["is_trusted"] is not None else None,
    )
