"""`run.py replay [EVENT_ID | --reason TEXT]`: have quarantined items applied again, after a fix."""

import argparse

from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.clock import system_clock
from wabridge.gateway.replay import Replay, Replayed
from wabridge.model.ids import EventId
from wabridge.settings import Settings
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.quarantine import Choice

_LARGEST_ID = 2**63 - 1


def register(parsers: commands.Commands) -> None:
    """Add the command."""
    parser = commands.add(
        parsers, "replay", replay, says="apply quarantined items again after a fix: all, one, or by their reason"
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("event_id", nargs="?", type=_event_id, metavar="EVENT_ID", help="the number on its page")
    which.add_argument("--reason", type=_reason, metavar="TEXT", help="those whose reason holds these words")


def replay(settings: Settings, options: argparse.Namespace) -> int:
    """Put items back."""

    async def work(database: Database, keyring: Keyring) -> Replayed:
        accounts = {settings.whatsapp.business_account_id} - {""}
        going = Replay(database, system_clock(), keyring.get("dedupe"), OPERATOR, business_account_ids=accounts)
        return await going.run(Choice(options.event_id, options.reason))

    replayed = commands.with_data(settings, work)
    print(_sentence(replayed, is_served=commands.is_served(commands.data_settings(settings))))
    return 0


def _sentence(replayed: Replayed, *, is_served: bool) -> str:
    number, left = replayed
    said = f"{number} {'item was' if number == 1 else 'items were'} put back"
    if number:
        said += " and will be applied " + ("now, by the running server" if is_served else "at the next start")
    return f"{said}; {left} cannot be understood today either" if left else said


def _event_id(text: str) -> EventId:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= _LARGEST_ID):
        raise argparse.ArgumentTypeError("an event is known by its number")
    return EventId(int(text))


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a reason has words")
    return text
