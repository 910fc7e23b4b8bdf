"""What the engagement letter names of this office: the fingerprints that a client keeps outside its machine."""

from datetime import datetime

import msgspec

from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.evidence import authority
from wabridge.model.staff import Actor
from wabridge.storage import checkpoints, seals
from wabridge.storage.database import Transaction


class Fingerprints(msgspec.Struct, frozen=True, kw_only=True):
    """The keys by which this office's records are known. Each is None until the key exists.

    ledger_name: what signed checkpoints call the ledger. newest: the text of the newest checkpoint, to be printed and
    signed by hand.
    """

    ledger_name: str | None = None
    ledger_key: str | None = None
    ledger_since: datetime | None = None
    office_root: str | None = None
    newest: str | None = None
    newest_at: datetime | None = None


async def fingerprints(office: Office, actor: Actor) -> Fingerprints:
    """Return the fingerprints of the keys in use; raises NotAllowed."""
    if not actor.may("approve_notice"):
        raise NotAllowed("the clause is for owners and lawyers")
    return await office.database.read(_read)


def _read(tx: Transaction) -> Fingerprints:
    keys = checkpoints.list_keys(tx)
    head = checkpoints.newest(tx)
    if not keys:
        return Fingerprints()
    key, root = keys[-1], seals.find_root(tx)
    return Fingerprints(
        ledger_name=key.public.name,
        ledger_key=key.public.fingerprint,
        ledger_since=key.since,
        office_root=None if root is None else authority.fingerprint(root),
        newest=None if head is None else head.note,
        newest_at=None if head is None else head.at,
    )
