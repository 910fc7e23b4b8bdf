"""`run.py export SCOPE ...`: hand evidence out without a browser."""

import argparse
import asyncio
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.core import exporter, exports, ledger_keys, stamping
from wabridge.core.exporter import Exporter
from wabridge.core.office import Office
from wabridge.errors import StartError
from wabridge.gateway import cutouts
from wabridge.model.export import SCOPES, Export, Scope
from wabridge.model.ids import ConversationId, ExportId, MessageId, NoticeId
from wabridge.settings import Settings
from wabridge.storage import seals
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock

_LOOK_SECONDS = 0.5
_LONGEST_ID = 19  # digits


def register(parsers: commands.Commands) -> None:
    """Add the command."""
    parser = commands.add(parsers, "export", export, says="write a bundle of evidence that anybody can check")
    parser.add_argument("scope", choices=SCOPES, help="what it is about")
    parser.add_argument("which", metavar="WHICH", help="the number on its page; of a matter, its name")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; the report and the ledger name it")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="where the bundle goes; must not exist")
    parser.add_argument("--handed-to", default="", metavar="NAME", help="who will get it")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="first day, 2026-11-03")
    parser.add_argument("--until", dest="last", type=date.fromisoformat, metavar="DAY", help="last day")
    parser.add_argument("--language", choices=exports.LANGUAGES, default="id", help="of the report (default: id)")


def export(settings: Settings, options: argparse.Namespace) -> int:
    """Have a bundle made and write it to a file."""
    if options.to.exists():
        raise StartError(f"{options.to} exists; name another file")
    scope = _scope(options, zoneinfo.ZoneInfo(settings.office.timezone))

    async def work(office: Office, keyring: Keyring) -> Export:
        asked = {"reason": options.reason, "handed_to": options.handed_to, "language": options.language}
        export_id = await exports.request(office, OPERATOR, scope, **asked)
        if not commands.is_served(commands.data_settings(settings)):
            await _make(office, keyring)
        made = await _wait(office, export_id, keyring)
        if made.state == "done":
            await _write(office, made, options.to)
        return made

    made = commands.with_office_and_keys(settings, work)
    if made.state != "done":
        raise StartError(f"{made.number} was not made: {made.failure or made.state}")
    print(f"{made.number}: {made.messages} messages in {options.to}, SHA-256 {made.sha256}")
    return 0


async def _make(office: Office, keyring: Keyring) -> None:
    """Make it here, because no server runs that would."""
    with DataLock(office.settings.data_folder):
        await _work_off(office, keyring)


async def _work_off(office: Office, keyring: Keyring) -> None:
    keys = exporter.Keys(ledger=await ledger_keys.find_seed(office.database, keyring), seal=keyring.get(seals.KEY))
    async with stamping.open_authorities(office) as authorities, asyncio.TaskGroup() as tasks:
        worker = Exporter(office, keys, cutouts.read, tasks, authorities)
        while await worker.look():
            pass


async def _wait(office: Office, export_id: ExportId, keyring: Keyring) -> Export:
    """Return the export once it is over; a server that runs finds it within seconds, and may stop meanwhile."""
    while (found := await exports.get(office, OPERATOR, export_id)).is_under_way:
        await asyncio.sleep(_LOOK_SECONDS)
        if not commands.is_served(office.settings):
            await _make(office, keyring)
    return found


async def _write(office: Office, made: Export, target: Path) -> None:
    _, pieces = await exports.fetch(office, OPERATOR, made.id)
    unfinished = target.with_name(f".{target.name}.part")
    try:
        with unfinished.open("xb") as file:
            async for piece in pieces:
                file.write(piece)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _scope(options: argparse.Namespace, zone: zoneinfo.ZoneInfo) -> Scope:
    kind = options.scope
    row_id = 0 if kind == "matter" else _number(options.which)
    return Scope(
        kind=kind,
        message_id=MessageId(row_id) if kind == "message" else None,
        conversation_id=ConversationId(row_id) if kind == "conversation" else None,
        notice_id=NoticeId(row_id) if kind == "notice" else None,
        matter=options.which if kind == "matter" else "",
        from_at=_midnight(options.first, zone),
        until_at=_midnight(options.last, zone, later=timedelta(days=1)),
    )


def _midnight(day: date | None, zone: zoneinfo.ZoneInfo, *, later: timedelta = timedelta()) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(day + later, time(), zone).astimezone(UTC).astimezone(zone)
    except OverflowError as error:
        raise StartError(f"{day} lies outside the calendar") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_ID and int(text) > 0):
        raise StartError(f"{text} is not a number; the page's address names it")
    return int(text)
