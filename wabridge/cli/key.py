"""`run.py key rotate WHICH`: another key in place of one that is old, or that somebody else may know."""

import argparse

from wabridge.cli import commands
from wabridge.cli.commands import OPERATOR
from wabridge.core import ledger_keys
from wabridge.core.ledger_keys import Changed
from wabridge.errors import StartError
from wabridge.settings import Settings
from wabridge.storage.lock import DataLock
from wabridge.storage.replacement import KEYRING

_LEDGER = """\
{begun}The ledger is signed with another key from now on; {said}.
Its fingerprint (SHA-256), for engagement letters from today on:
  {fingerprint}
{letters}"""
_SIGNED = "the old one has signed for it, and a line says so"
_STAY = """\
Letters with the old fingerprint stay good: the page "Ledger", verify and each bundle show who signed for whom. But if
somebody else may have the old key, let new letters take their place: it could sign for yet another key as well."""
_UNSIGNED = "nobody has signed for it, because this keyring lacks the key before it"
_RENEW = (
    "Letters with an older fingerprint do not lead to it: let new ones take their place. verify says so from now on."
)


def register(parsers: commands.Commands) -> None:
    """Add the commands."""
    group = parsers.add_parser("key", help="change a key", description="Change a key.")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    rotate = commands.add(verbs, "rotate", change, says="put another key in place; the server must be stopped")
    rotate.add_argument("which", choices=("ledger",), help="ledger: signs the ledger's checkpoints")
    rotate.add_argument("--reason", required=True, metavar="TEXT", help="why; the ledger keeps it")


def change(settings: Settings, options: argparse.Namespace) -> int:
    """Change a key while no server works with it; what was interrupted is finished by the same command."""
    folder = commands.data_settings(settings).data_folder
    if not (folder / KEYRING).exists():
        raise StartError(f"there is nothing in {folder} yet; start wabridge once")
    with DataLock(folder):
        changed: Changed = commands.with_office_and_keys(
            settings, lambda office, keys: ledger_keys.change(office, keys, OPERATOR, reason=options.reason)
        )
    begun = "A change that had been interrupted is finished. " if changed.was_begun else ""
    said, letters = (_SIGNED, _STAY) if changed.is_handed_over else (_UNSIGNED, _RENEW)
    print(_LEDGER.format(begun=begun, said=said, fingerprint=changed.key.fingerprint, letters=letters))
    return 0
