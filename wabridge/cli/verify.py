"""`run.py verify`: check database, ledger and files against each other and against what was signed."""

import argparse
from pathlib import Path

from wabridge.cli import commands
from wabridge.core import anchor_check, verification
from wabridge.core.office import Office
from wabridge.errors import StartError
from wabridge.evidence import checkpoint
from wabridge.settings import Settings

_NOT_PROVEN = """\
What this does not prove:
- that nothing was changed before the oldest checkpoint that somebody else holds: whoever has this machine and its
  keys could build the whole ledger anew, sign it, and drop the anchors kept here. Compare with a checkpoint that lies
  outside, in a mailbox or on paper: --against FILE.
- that a mailbox or its provider received an anchor when it says: of a mail only its content is compared with the
  ledger; signatures of mail servers (DKIM) are for the holder of that mailbox to check on the mail that arrived.
- that what was recorded is true, or that everything that happened was recorded.
- who read a message: delivered and read are what WhatsApp reports."""


def register(parsers: commands.Commands) -> None:
    """Add the command."""
    parser = commands.add(
        parsers, "verify", verify, says="check database, ledger, checkpoints and files; the server may run"
    )
    parser.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint that was kept elsewhere; may be given several times",
    )


def verify(settings: Settings, options: argparse.Namespace) -> int:
    """Print one line a finding; returns 1 if anything is wrong."""
    notes = [_read(path) for path in options.against]

    async def look(office: Office) -> int:
        wrong = 0
        async for finding in verification.verify(office, against=notes, more=[anchor_check.check_anchors]):
            wrong += not finding.is_good
            print(f"{'OK   ' if finding.is_good else 'WRONG'} {finding.says}", flush=True)
        return wrong

    wrong = commands.with_office(settings, look)
    print(_NOT_PROVEN)
    return 1 if wrong else 0


def _read(path: Path) -> str:
    try:
        note = path.read_text(encoding="utf-8")
        checkpoint.parse(note)
    except (OSError, ValueError) as error:
        raise StartError(f"{path} cannot be read as a checkpoint") from error
    return note
