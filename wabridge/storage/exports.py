"""Exports: who asked for which bundle of evidence, why, and what became of it. Rows only ever get further."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from wabridge.errors import NotFound
from wabridge.model.export import Export, Failure, Scope, SealTime
from wabridge.model.ids import ExportId
from wabridge.model.media import Kept
from wabridge.model.staff import Actor
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("exports")

NEWEST = 2**62
"""The cursor before the newest export."""


class Wish(NamedTuple):
    """What somebody asks for. year: of its number, by the office's calendar."""

    scope: Scope
    language: str
    reason: str
    handed_to: str
    year: int


class Bundle(NamedTuple):
    """A bundle that was made. sha256: hexadecimal; messages: how many it holds."""

    kept: Kept
    sha256: str
    seal_time: SealTime
    messages: int


class Requested(NamedTuple):
    """An export with the one who asked for it."""

    export: Export
    actor: Actor


def add(tx: Transaction, actor: Actor, wish: Wish, *, now: datetime) -> ExportId:
    """Store what is asked for, under the next number of its year."""
    row = tx.one(_sql["next_sequence"], {"year": wish.year})
    assert row is not None, "an aggregate has a row"
    binds = {
        "year": wish.year,
        "sequence": row["sequence"],
        "number": f"EV-{wish.year}-{row['sequence']:06d}",
        "scope": msgspec.json.encode(wish.scope).decode(),
        "language": wish.language,
        "reason": wish.reason,
        "handed_to": wish.handed_to,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "actor_role": actor.role,
        "now": to_micros(now),
    }
    added = tx.one(_sql["add"], binds)
    assert added is not None, "an insert returns its row"
    return ExportId(added["id"])


def get(tx: Transaction, export_id: ExportId) -> Export:
    """Return an export; raises NotFound."""
    row = tx.one(_sql["get"], {"export_id": export_id})
    if row is None:
        raise NotFound("no such export")
    return _export(row)


def list_page(tx: Transaction, *, before: int = NEWEST, limit: int) -> list[Export]:
    """Return exports asked for before one of them, newest first."""
    return [_export(row) for row in tx.all(_sql["list_page"], {"before": before, "limit": limit})]


def find_next(tx: Transaction) -> Requested | None:
    """Return the export whose turn it is, oldest first."""
    row = tx.one(_sql["find_next"])
    if row is None:
        return None
    actor = Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"], role=row["actor_role"])
    return Requested(_export(row), actor)


def mark_running(tx: Transaction, export_id: ExportId) -> bool:
    """Begin an export, or begin it anew; False if it is over."""
    return tx.run(_sql["mark_running"], {"export_id": export_id}) > 0


def set_percent(tx: Transaction, export_id: ExportId, percent: int) -> None:
    """Say how far a running export is."""
    tx.run(_sql["set_percent"], {"export_id": export_id, "percent": percent})


def mark_done(tx: Transaction, export_id: ExportId, bundle: Bundle, *, now: datetime) -> bool:
    """Note that the bundle is in the vault; False if it was cancelled meanwhile."""
    binds = {**bundle._asdict(), **msgspec.structs.asdict(bundle.kept), "export_id": export_id, "now": to_micros(now)}
    del binds["kept"]
    return tx.run(_sql["mark_done"], binds) > 0


def mark_failed(tx: Transaction, export_id: ExportId, failure: Failure, *, now: datetime) -> bool:
    """Note that no bundle comes of it; False if it is over."""
    return tx.run(_sql["mark_failed"], {"export_id": export_id, "failure": failure, "now": to_micros(now)}) > 0


def cancel(tx: Transaction, export_id: ExportId, *, now: datetime) -> bool:
    """Call an export off; False if it is over."""
    return tx.run(_sql["cancel"], {"export_id": export_id, "now": to_micros(now)}) > 0


def remove(tx: Transaction, actor: Actor, export_id: ExportId, *, now: datetime) -> bool:
    """Note that a bundle is kept no longer; False if that was noted before."""
    binds = {"export_id": export_id, "now": to_micros(now), "actor_kind": actor.kind, "actor_id": actor.id}
    return tx.run(_sql["remove"], {**binds, "actor_name": actor.name}) > 0


def list_kept(tx: Transaction) -> set[str]:
    """Return the names of all bundles that are to be in the vault."""
    return {row["vault_name"] for row in tx.all(_sql["list_kept"])}


def _export(row: Row) -> Export:
    is_kept = row["state"] == "done" and row["removed_at"] is None
    return Export(
        id=ExportId(row["id"]),
        number=row["number"],
        scope=msgspec.json.decode(row["scope"], type=Scope),
        language=row["language"],
        reason=row["reason"],
        handed_to=row["handed_to"],
        actor_name=row["actor_name"],
        requested_at=from_micros(row["requested_at"]),
        state=row["state"],
        percent=row["percent"],
        failure=row["failure"],
        messages=row["messages"],
        finished_at=maybe_from_micros(row["finished_at"]),
        kept=Kept(row["vault_name"], row["vault_key"], row["size"]) if is_kept else None,
        sha256=row["sha256"] or "",
        seal_time=row["seal_time"],
        removed_at=maybe_from_micros(row["removed_at"]),
        removed_by=row["removed_by"],
    )
