"""Another key for the ledger: the old one signs for it, a leaf announces it, and from then on it signs.

The keyring holds the new key before the database names it, and lets go of the old one afterwards. So at every moment
one of the keys in the keyring is the one that the ledger named last, and that one signs.
"""

import asyncio
import secrets
from typing import NamedTuple

from wabridge.core.office import Office
from wabridge.errors import NotAllowed, ReasonMissing, StartError
from wabridge.evidence import checkpoint
from wabridge.evidence.checkpoint import PublicKey
from wabridge.model.export import REASON_CHARACTERS
from wabridge.model.staff import Actor
from wabridge.storage import acts, anchors, checkpoints
from wabridge.storage.database import Database, Transaction
from wabridge.storage.keyring import KEY_BYTES, Keyring

NEXT = "ledger.next"
"""What the keyring calls a key that is to sign, until the ledger has named it."""


class Changed(NamedTuple):
    """A change of the key. was_begun: an earlier one was interrupted, and this finished it.

    is_handed_over: the key before it has signed for it.
    """

    key: PublicKey
    was_begun: bool
    is_handed_over: bool


async def find_seed(database: Database, keyring: Keyring) -> bytes:
    """Return the 32 secret bytes of the key that signs now; raises StartError if an older keyring was put back."""
    fresh = keyring.find(NEXT)
    if fresh is not None and await database.read(lambda tx: _named(tx, fresh)) is not None:
        return fresh
    seed = keyring.get(checkpoints.KEY)
    if await database.read(lambda tx: _is_former(tx, seed)):
        raise StartError(
            "the keyring is from before the ledger's key was changed: put the newer one back from a backup made since; "
            "if it is lost, run.py key rotate ledger puts another key in place, for which nobody has signed"
        )
    return seed


async def change(office: Office, keyring: Keyring, actor: Actor, *, reason: str) -> Changed:
    """Let another key sign from now on, or finish a change that was interrupted; raises NotAllowed or ReasonMissing.

    Only for whoever took the lock on the data folder before the keyring was opened: a server signs with what it has.
    """
    if not actor.may("manage_staff"):
        raise NotAllowed("changing keys is for the owner")
    plain = " ".join(reason.split())[:REASON_CHARACTERS]
    if not plain:
        raise ReasonMissing("a change of the key needs a reason")
    if (key := await _finish(office.database, keyring)) is not None:
        return Changed(key, was_begun=True, is_handed_over=await office.database.read(_is_handed_over))
    fresh = keyring.find(NEXT) or secrets.token_bytes(KEY_BYTES)
    if await office.database.read(lambda tx: _is_former(tx, fresh)):
        fresh = secrets.token_bytes(KEY_BYTES)
    await asyncio.to_thread(keyring.change, {NEXT: fresh})
    now, old = office.clock.now(), keyring.get(checkpoints.KEY)

    def announce(tx: Transaction) -> PublicKey:
        if _is_former(tx, old):  # an older keyring was put back, and what it lacks is lost
            key = checkpoints.ensure_key(tx, fresh)
        else:
            checkpoints.ensure_key(tx, old)  # after a start that never came so far
            key = checkpoints.ensure_key(tx, fresh, previous=old)
        said = f"{key.fingerprint}: {plain}"
        acts.add(tx, actor, "changed_ledger_key", subject_kind="office", subject_id=1, now=now, detail=said)
        anchors.want(tx, "notice")
        return key

    key = await office.database.write(announce)
    await _finish(office.database, keyring)
    return Changed(key, was_begun=False, is_handed_over=await office.database.read(_is_handed_over))


async def _finish(database: Database, keyring: Keyring) -> PublicKey | None:
    """Let the keyring call the key that the ledger named last by its name; return it if that was still to be done."""
    fresh = keyring.find(NEXT)
    key = None if fresh is None else await database.read(lambda tx: _named(tx, fresh))
    if fresh is not None and key is not None:
        await asyncio.to_thread(keyring.change, {checkpoints.KEY: fresh}, drop=[NEXT])
    return key


def _named(tx: Transaction, seed: bytes) -> PublicKey | None:
    """Return the public half of a key if it is the one that the ledger named last."""
    keys = checkpoints.list_keys(tx)
    key = checkpoint.public_key(checkpoints.origin(tx), seed) if keys else None
    return key if keys and keys[-1].public == key else None


def _is_former(tx: Transaction, seed: bytes) -> bool:
    """Say whether the ledger has named another key since it named this one."""
    keys = checkpoints.list_keys(tx)
    return bool(keys) and checkpoint.public_key(checkpoints.origin(tx), seed) in [each.public for each in keys[:-1]]


def _is_handed_over(tx: Transaction) -> bool:
    return checkpoints.is_handed_over(*checkpoints.list_keys(tx)[-2:])
