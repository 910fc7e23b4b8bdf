"""Exports of evidence: asking for one with a reason, what it leaves out, its progress, and taking the bundle."""

import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from aiohttp import web

from wabridge.core import exports, notice_lists
from wabridge.errors import BadRequest, FileDamaged, NotFound, RequestError, StorageUnavailable
from wabridge.model.export import REASON_CHARACTERS, SCOPES, Failure, Scope, ScopeKind, SealTime, State
from wabridge.model.ids import ConversationId, ExportId, MessageId, NoticeId
from wabridge.model.staff import Actor
from wabridge.web import keys, problems, remarks, rendering, session
from wabridge.web.api import NUMBER
from wabridge.web.language import Msgid

_LINES = 30

STATES: dict[State, Msgid] = {
    "wanted": Msgid("Waits for its turn"),
    "running": Msgid("Is being made"),
    "done": Msgid("Ready"),
    "failed": Msgid("Not made"),
    "cancelled": Msgid("Cancelled"),
}
TONES: dict[State, str] = {"wanted": "", "running": "waiting", "done": "good", "failed": "bad", "cancelled": ""}
FAILURES: dict[Failure, Msgid] = {
    "too_many": Msgid("More than 5000 messages do not fit into one report. Take a shorter period."),
    "nothing": Msgid("There is nothing in this scope any more."),
    "certificate": Msgid("The report could not be typeset. Look into the log, then ask for it again."),
    "storage": Msgid("The disk did not take the bundle. Make room, then ask for it again."),
    "fault": Msgid("The program failed at it. Look into the log, then ask for it again."),
    "time": Msgid("It took too long. Take a shorter period."),
}
SEAL_TIMES: dict[SealTime, Msgid] = {
    "unset": Msgid("It carries no outside time: no timestamp authority is set."),
    "missing": Msgid("Not yet timestamped by an outside authority: none answered. A new export asks again."),
    "timed": Msgid("It carries the time of an outside authority."),
    "lasting": Msgid("It carries the time of an outside authority, and a second one for the long term."),
}
SCOPE_NAMES: dict[ScopeKind, Msgid] = {
    "message": Msgid("One message"),
    "conversation": Msgid("A conversation"),
    "notice": Msgid("A legal notice"),
    "matter": Msgid("A matter"),
}


async def show_exports(request: web.Request) -> web.Response:
    """Show every export, newest first."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    page = await exports.list(office, actor, limit=_LINES, cursor=request.query.get("cursor"))
    matters = await exports.list_matters(office, actor)
    return await rendering.render(
        request, "exports.html", page=page, matters=matters, states=STATES, tones=TONES, scopes=SCOPE_NAMES
    )


async def show_new(request: web.Request) -> web.Response:
    """Show what an export would hold and leave out, and ask for the reason."""
    return await _draw(request, _scope(request, request.query))


async def add(request: web.Request) -> web.Response:
    """Ask for an export."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    fields = await session.form(request)
    scope = _scope(request, fields)
    try:
        export_id = await exports.request(
            office,
            actor,
            scope,
            reason=fields.get("reason", ""),
            handed_to=fields.get("handed_to", ""),
            language=fields.get("language", ""),
        )
    except RequestError as error:
        if isinstance(error, NotFound) or problems.find_status(error) == 403:
            raise
        return await _draw(request, scope, error=error, fields=fields)
    raise web.HTTPSeeOther(f"/exports/{export_id}")


async def show_export(request: web.Request) -> web.Response:
    """Show one export: how far it is, or the bundle."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    export = await exports.get(office, actor, _export_id(request))
    return await rendering.render(
        request,
        "export.html",
        export=export,
        states=STATES,
        tones=TONES,
        failures=FAILURES,
        scopes=SCOPE_NAMES,
        seal_times=SEAL_TIMES,
        may_remove=actor.may("remove_export"),
    )


async def cancel(request: web.Request) -> web.Response:
    """Call an export off."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    await session.form(request)
    await exports.cancel(office, actor, _export_id(request))
    raise web.HTTPSeeOther(f"/exports/{_export_id(request)}")


async def remove(request: web.Request) -> web.Response:
    """Keep a bundle no longer."""
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    await session.form(request)
    await exports.remove(office, actor, _export_id(request))
    raise web.HTTPSeeOther(f"/exports/{_export_id(request)}")


async def show_cancelled(request: web.Request) -> web.Response:
    """Lead from the button's address to the export."""
    raise web.HTTPSeeOther(f"/exports/{_export_id(request)}")


async def fetch(request: web.Request) -> web.StreamResponse:
    """Give the bundle out."""
    return await _send(request, session.signed_in(request).staff.actor)


async def _draw(
    request: web.Request,
    scope: Scope,
    *,
    error: RequestError | None = None,
    fields: Mapping[str, str] | None = None,
) -> web.Response:
    actor, office = session.signed_in(request).staff.actor, request.app[keys.OFFICE]
    extent = await exports.measure(office, actor, scope)
    zone = zoneinfo.ZoneInfo(office.settings.office.timezone)
    number = None
    if scope.notice_id is not None:
        number = (await notice_lists.get(office, actor, scope.notice_id)).number
    return await rendering.render(
        request,
        "export_new.html",
        scope=scope,
        number=number,
        extent=extent,
        refusal=None if error is None else remarks.refusal(error),
        fields=fields or {},
        first=scope.from_at.astimezone(zone).date() if scope.from_at else None,
        last=(scope.until_at - timedelta(days=1)).astimezone(zone).date() if scope.until_at else None,
        scopes=SCOPE_NAMES,
        most=REASON_CHARACTERS,
        status=200 if error is None else problems.find_status(error) or 422,
    )


async def _send(request: web.Request, actor: Actor) -> web.StreamResponse:
    export, pieces = await exports.fetch(request.app[keys.OFFICE], actor, _export_id(request))
    assert export.kept is not None, "fetch raises if there is none"
    said = web.StreamResponse(
        headers={
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Cache-Control": "private, no-store",
        }
    )
    said.content_length = export.kept.size
    await said.prepare(request)
    try:
        async for piece in pieces:
            await said.write(piece)
        await said.write_eof()
    except (FileDamaged, StorageUnavailable):
        if request.transport is not None:
            request.transport.abort()  # at once: an orderly end would look like the bundle's
    except ConnectionError:
        pass  # whoever asked has gone
    return said


def _scope(request: web.Request, fields: Mapping[str, str]) -> Scope:
    """Return the scope that a form or an address names; days are the office's, both of them in it."""
    kind = fields.get("scope", "")
    if kind not in SCOPES:
        raise BadRequest("the form names no scope")
    zone = zoneinfo.ZoneInfo(request.app[keys.OFFICE].settings.office.timezone)
    from_at = _day(fields.get("from", ""), zone)
    until_at = _day(fields.get("until", ""), zone, later=timedelta(days=1))
    number = fields.get("id", "")
    row_id = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
    return Scope(
        kind=kind,
        message_id=MessageId(row_id) if kind == "message" else None,
        conversation_id=ConversationId(row_id) if kind == "conversation" else None,
        notice_id=NoticeId(row_id) if kind == "notice" else None,
        matter=fields.get("matter", "") if kind == "matter" else "",
        from_at=from_at,
        until_at=until_at,
    )


def _day(text: str, zone: zoneinfo.ZoneInfo, *, later: timedelta = timedelta()) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.combine(datetime.fromisoformat(text).date() + later, time(), zone)
        return day.astimezone(UTC).astimezone(zone)  # at the very ends of the calendar there is no such time elsewhere
    except (ValueError, OverflowError) as error:
        raise BadRequest("a day is written like 2026-11-03") from error


def _export_id(request: web.Request) -> ExportId:
    return ExportId(int(request.match_info["export_id"]))


_ONE = f"/exports/{{export_id:{NUMBER}}}"

ROUTES = (
    web.get("/exports/new", show_new, name="export_new"),
    web.get("/exports", show_exports, name="exports"),
    web.post("/exports", add, name="exports"),
    web.get(_ONE, show_export, name="export"),
    web.get(_ONE + "/bundle", fetch, name="export_bundle"),
    web.post(_ONE + "/cancel", cancel, name="export_cancel"),
    web.get(_ONE + "/cancel", show_cancelled, name="export_cancel"),
    web.post(_ONE + "/remove", remove, name="export_remove"),
    web.get(_ONE + "/remove", show_cancelled, name="export_remove"),
)
