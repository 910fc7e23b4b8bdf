"""Exporting evidence: who may, for which reason, what would be in it, and the bundles that were made.

An export is a disclosure. So it needs a right and a reason, says beforehand what it leaves out, and is an act with a
leaf in the ledger, whatever comes of it. Making it is `core.exporter`'s.
"""

import asyncio
import zoneinfo
from collections.abc import AsyncIterator, Sequence

from wabridge.broker import Change, Topic
from wabridge.core import scopes
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, NotFound, ReasonMissing, TooMuchToExport
from wabridge.model.export import MOST_MESSAGES, REASON_CHARACTERS, Export, Extent, Scope
from wabridge.model.ids import ExportId
from wabridge.model.media import Kept
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.staff import Actor
from wabridge.storage import acts, exports, notices
from wabridge.storage.database import Transaction
from wabridge.storage.exports import Wish

LANGUAGES = ("id", "en")


async def measure(office: Office, actor: Actor, scope: Scope) -> Extent:
    """Return what an export would hold and leave out; raises NotAllowed or NotFound."""
    _require_right(actor)
    return await office.database.read(lambda tx: scopes.measure(tx, scope))


async def list_matters(office: Office, actor: Actor) -> Sequence[str]:
    """Return the matters that notices name; raises NotAllowed."""
    _require_right(actor)
    return await office.database.read(notices.list_matters)


async def request(  # what, for whom, why: each is the asker's own to say
    office: Office, actor: Actor, scope: Scope, *, reason: str, handed_to: str = "", language: str = "id"
) -> ExportId:
    """Ask for a bundle, and return the export's id; it is made by and by.

    Raises NotAllowed, NotFound, ReasonMissing or TooMuchToExport.
    """
    _require_right(actor)
    plain = " ".join(reason.split())[:REASON_CHARACTERS]
    if not plain:
        raise ReasonMissing("an export needs a reason")
    now = office.clock.now()
    year = now.astimezone(zoneinfo.ZoneInfo(office.settings.office.timezone)).year
    chosen = language if language in LANGUAGES else office.settings.office.language
    wish = Wish(scope, chosen, plain, " ".join(handed_to.split())[:REASON_CHARACTERS], year)

    held = await office.database.read(lambda tx: scopes.read(tx, scope))  # it may be much: nobody waits for it to write
    if len(held.message_ids) > MOST_MESSAGES:
        raise TooMuchToExport(f"more than {MOST_MESSAGES} messages do not fit into one report")
    if not (held.message_ids or held.notices):
        raise NotFound("nothing in this scope")

    def add(tx: Transaction) -> ExportId:
        export_id = exports.add(tx, actor, wish, now=now)
        number = exports.get(tx, export_id).number
        detail = f"{number} {scope.kind}: {plain}"
        acts.add(tx, actor, "asked_for_export", subject_kind="export", subject_id=export_id, now=now, detail=detail)
        return export_id

    export_id = await office.database.write(add)
    office.broker.ring(Topic.EXPORT, export_id)
    return export_id


async def get(office: Office, actor: Actor, export_id: ExportId) -> Export:
    """Return an export; raises NotAllowed or NotFound."""
    _require_right(actor)
    return await office.database.read(lambda tx: exports.get(tx, export_id))


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(office: Office, actor: Actor, *, limit: int, cursor: str | None = None) -> Page[Export]:  # noqa: A001
    """Return exports, newest first; raises NotAllowed or BadRequest."""
    _require_right(actor)
    before = exports.NEWEST if cursor is None else parse_cursor(cursor, parts=1)[0]
    found = await office.database.read(lambda tx: exports.list_page(tx, before=before, limit=limit + 1))
    shown = found[:limit]
    return Page(tuple(shown), build_cursor(shown[-1].id) if len(found) > limit else None)


async def cancel(office: Office, actor: Actor, export_id: ExportId) -> bool:
    """Call an export off, and say whether it was still under way; raises NotAllowed or NotFound."""
    _require_right(actor)
    now = office.clock.now()

    def stop(tx: Transaction) -> bool:
        export = exports.get(tx, export_id)
        if not exports.cancel(tx, export_id, now=now):
            return False
        acts.add(
            tx, actor, "cancelled_export", subject_kind="export", subject_id=export_id, now=now, detail=export.number
        )
        return True

    stopped = await office.database.write(stop)
    office.broker.ring(Topic.EXPORT, export_id)
    office.broker.announce(Change("export", None))
    return stopped


async def fetch(office: Office, actor: Actor, export_id: ExportId) -> tuple[Export, AsyncIterator[bytes]]:
    """Return a finished bundle, piece by piece; taking it is an act. Raises NotAllowed or NotFound."""
    _require_right(actor)
    now = office.clock.now()
    export = await office.database.read(lambda tx: exports.get(tx, export_id))
    if export.kept is None:
        raise NotFound("this export has no bundle")
    await office.database.write(
        lambda tx: acts.add(
            tx, actor, "fetched_export", subject_kind="export", subject_id=export_id, now=now, detail=export.number
        )
    )
    return export, office.bundles.read(export.kept)


async def remove(office: Office, actor: Actor, export_id: ExportId) -> bool:
    """Keep a bundle no longer, and say whether there was one; what it was stays on record with its checksum.

    Raises NotAllowed or NotFound. Killed in between, the next start deletes the file.
    """
    if not actor.may("remove_export"):
        raise NotAllowed("removing bundles is not among this actor's rights")
    now = office.clock.now()

    def note(tx: Transaction) -> Kept | None:
        export = exports.get(tx, export_id)
        if export.kept is None or not exports.remove(tx, actor, export_id, now=now):
            return None
        detail = f"{export.number} {export.sha256}"
        acts.add(tx, actor, "removed_export", subject_kind="export", subject_id=export_id, now=now, detail=detail)
        return export.kept

    kept = await office.database.write(note)
    if kept is not None:
        await asyncio.to_thread(office.bundles.delete, [kept.name])
        office.broker.announce(Change("export", None))
    return kept is not None


def _require_right(actor: Actor) -> None:
    if not actor.may("export"):
        raise NotAllowed("exporting evidence is not among this actor's rights")
