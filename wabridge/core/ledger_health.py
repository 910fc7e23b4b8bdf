"""How the ledger stands, for those who answer for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from wabridge.core import verification
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, NotFound
from wabridge.evidence.checkpoint import PublicKey
from wabridge.evidence.commitment import Fact
from wabridge.model.staff import Actor
from wabridge.storage import backfill, checkpoints, leaves, ledger
from wabridge.storage.checkpoints import Head, SigningKey
from wabridge.storage.database import Transaction
from wabridge.storage.leaves import StoredLeaf

LONG_SILENCE = timedelta(minutes=10)
"""So long nothing was recorded before a start: worth a line."""

_REMEMBERED = 200
_SHOWN = 5


class Gap(msgspec.Struct, frozen=True):
    """A time of which the ledger knows nothing, because the program did not run. until: when it started again."""

    until: datetime
    lasted: timedelta


class Jump(msgspec.Struct, frozen=True):
    """The machine's clock was set."""

    at: datetime
    by: timedelta


class Interruption(msgspec.Struct, frozen=True):
    """The ledger does not go on from what was known.

    known: how many leaves were known before; size: how many are left.
    """

    at: datetime
    known: int
    size: int


class Verified(msgspec.Struct, frozen=True):
    """When everything was checked last, over how many leaves."""

    at: datetime
    is_good: bool
    size: int


class Former(msgspec.Struct, frozen=True):
    """A key that signed until another took its place. handed_over: it signed for the one after it."""

    fingerprint: str
    since: datetime
    until: datetime
    handed_over: bool


class LedgerHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger at present. key: what checks its signatures now; former: the keys before it, the newest first.

    pulse: the newest hourly leaf or start.
    """

    size: int
    head: Head | None
    key: SigningKey | None
    former: tuple[Former, ...]
    pulse: datetime | None
    ntp: str
    gaps: tuple[Gap, ...]
    jumps: tuple[Jump, ...]
    interruptions: tuple[Interruption, ...]
    backfilled: int
    to_backfill: int
    verified: Verified | None


class SignedHead(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint with what checks it. note: the signed text; verifier: the key's line of text."""

    size: int
    at: datetime
    note: str
    verifier: str
    fingerprint: str


async def get(office: Office, actor: Actor) -> LedgerHealth:
    """Return how the ledger stands; raises NotAllowed."""
    if not actor.may("review_ledger"):
        raise NotAllowed("looking at the ledger is not among this actor's rights")
    return await office.database.read(_look)


async def get_checkpoint(office: Office, actor: Actor) -> SignedHead:
    """Return the newest checkpoint; raises NotAllowed, and NotFound while there is none."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    found = await office.database.read(_newest)
    if found is None:
        raise NotFound("there is no checkpoint yet")
    head, key = found
    return SignedHead(size=head.size, at=head.at, note=head.note, verifier=key.text, fingerprint=key.fingerprint)


def _newest(tx: Transaction) -> tuple[Head, PublicKey] | None:
    head = checkpoints.newest(tx)
    return None if head is None else (head, checkpoints.signer(tx, head))


def _look(tx: Transaction) -> LedgerHealth:
    starts = leaves.list_of_kind(tx, "start", limit=_REMEMBERED)
    beats = leaves.list_of_kind(tx, "heartbeat", limit=_REMEMBERED)
    pulses = sorted((*starts, *beats), key=lambda leaf: leaf.position, reverse=True)
    keys, progress, said = checkpoints.list_keys(tx), backfill.progress(tx), verification.last_verification(tx)
    jumps = [Jump(leaf.at, _time(leaf.note, "step_us")) for leaf in pulses if leaf.note.get("clock_was_set")]
    gaps = [Gap(leaf.at, _time(leaf.note, "silent_us")) for leaf in starts]
    return LedgerHealth(
        size=ledger.size(tx),
        head=checkpoints.newest(tx),
        key=keys[-1] if keys else None,
        former=tuple(reversed([_former(old, new) for old, new in pairwise(keys)])),
        pulse=pulses[0].at if pulses else None,
        ntp=str(pulses[0].note.get("ntp", "unknown")) if pulses else "unknown",
        gaps=tuple([gap for gap in gaps if gap.lasted >= LONG_SILENCE][:_SHOWN]),
        jumps=tuple(jumps[:_SHOWN]),
        interruptions=tuple(map(_interruption, verification.list_interruptions(tx))),
        backfilled=progress.done,
        to_backfill=progress.through,
        verified=None if said is None else msgspec.convert(said, Verified),
    )


def _former(old: SigningKey, new: SigningKey) -> Former:
    return Former(old.public.fingerprint, old.since, new.since, checkpoints.is_handed_over(old, new))


def _time(note: Mapping[str, Fact], name: str) -> timedelta:
    value = note.get(name)
    return timedelta(microseconds=value) if isinstance(value, int) else timedelta()


def _interruption(leaf: StoredLeaf) -> Interruption:
    known, size = leaf.note.get("known_size"), leaf.note.get("size")
    return Interruption(leaf.at, known if isinstance(known, int) else 0, size if isinstance(size, int) else 0)
