"""Signed heads of the ledger, and the keys that have signed them. Both only grow.

Rule: a key signs nothing before a leaf has announced it; one that follows another is signed by it.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from wabridge.evidence import checkpoint, commitment
from wabridge.evidence.checkpoint import Checkpoint, PublicKey
from wabridge.storage import facts, ledger, queries, trees
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, to_micros
from wabridge.storage.ledger import Entry

_sql = queries.load("checkpoints")

KEY = "ledger"
"""The name of the signing key in the keyring: 32 secret bytes of Ed25519."""

_ORIGIN, _WANTED = "ledger_origin", "checkpoint_wanted"


class Head(NamedTuple):
    """A checkpoint as it is stored. note: the signed text."""

    id: int
    size: int
    root: bytes
    at: datetime
    note: str


class SigningKey(NamedTuple):
    """A key that has signed checkpoints from a leaf on. signature: the key before it, over `announcement`."""

    public: PublicKey
    position: int
    since: datetime
    signature: bytes | None


def origin(tx: Transaction) -> str:
    """Return the name of this ledger, made if it is new; it names nobody and outlives restores."""
    name = facts.find(tx, _ORIGIN)
    if name is None:
        name = f"wabridge/{secrets.token_hex(8)}"
        facts.set_(tx, _ORIGIN, name)
    return name


def announcement(key: PublicKey) -> str:
    """Return what the key before it signs about a new key."""
    return f"wabridge ledger key\n{key.text}\n"


def ensure_key(tx: Transaction, seed: bytes, *, previous: bytes | None = None) -> PublicKey:
    """Return the public half of the key that signs from now on; a leaf announces one that is new.

    previous: the key that signed before, to sign for the new one. Without it a leaf says that nobody did.
    """
    key = checkpoint.public_key(origin(tx), seed)
    known = list_keys(tx)
    if known and known[-1].public == key:
        return key
    signature = None if previous is None else checkpoint.sign_text(announcement(key), previous)
    said = None if signature is None else commitment.encode(signature)
    note: dict[str, commitment.Fact] = {"verifier": key.text, "signature": said, "is_first": not known}
    (position,) = ledger.append_now(tx, [Entry("ledger.key", note=note)])
    since = to_micros(tx.instant.at)
    tx.run(_sql["add_key"], {"verifier": key.text, "position": position, "since": since, "signature": signature})
    return key


def add(tx: Transaction, seed: bytes) -> Head:
    """Sign the head of the tree as it is now; the newest one is returned if it says the same."""
    key = ensure_key(tx, seed)
    facts.set_(tx, _WANTED, "")
    size, known = ledger.size(tx), newest(tx)
    if known is not None and known.size == size and checkpoint.is_signed_by(known.note, key):
        return known
    root = trees.root(tx, size)
    note = checkpoint.sign(Checkpoint(key.name, size, root), seed)
    binds = {"size": size, "root": root, "at": to_micros(tx.instant.at), "note": note}
    row = tx.one(_sql["add"], binds)
    assert row is not None, "an insert returns its row"
    return Head(row["id"], size, root, tx.instant.at, note)


def want(tx: Transaction) -> None:
    """Ask for a checkpoint soon; ring `Topic.LEDGER` afterwards. It is made even if the program ends before."""
    facts.set_(tx, _WANTED, "yes")


def is_wanted(tx: Transaction) -> bool:
    """Say whether somebody asked for a checkpoint since the last one."""
    return bool(facts.find(tx, _WANTED))


def newest(tx: Transaction) -> Head | None:
    """Return the checkpoint made last."""
    row = tx.one(_sql["newest"])
    return None if row is None else _head(row)


def find_covering(tx: Transaction, position: int) -> Head | None:
    """Return the first checkpoint over a tree that holds a leaf."""
    row = tx.one(_sql["find_covering"], {"position": position})
    return None if row is None else _head(row)


def list_page(tx: Transaction, *, after: int = 0, limit: int) -> list[Head]:
    """Return checkpoints behind one of them, the oldest first."""
    return [_head(row) for row in tx.all(_sql["list_page"], {"after": after, "limit": limit})]


def list_keys(tx: Transaction) -> list[SigningKey]:
    """Return every key that has signed checkpoints, the first one first."""
    return [
        SigningKey(
            checkpoint.parse_key(row["verifier"]),
            row["position"],
            from_micros(row["since"]),
            None if row["signature"] is None else bytes(row["signature"]),
        )
        for row in tx.all(_sql["list_keys"])
    ]


def is_handed_over(old: SigningKey, new: SigningKey) -> bool:
    """Say whether a key signed for the one after it."""
    return new.signature is not None and checkpoint.verify_text(announcement(new.public), new.signature, old.public)


def signer(tx: Transaction, head: Head) -> PublicKey:
    """Return the key that signed a checkpoint: not the newest one if the key was changed since."""
    return next(key.public for key in reversed(list_keys(tx)) if checkpoint.is_signed_by(head.note, key.public))


def prove(tx: Transaction, position: int, head: Head) -> str:
    """Return the way of a leaf into a checkpoint as text (c2sp.org/tlog-proof@v1)."""
    return checkpoint.build_proof(position, trees.prove_inclusion(tx, position, head.size), head.note)


def _head(row: Row) -> Head:
    return Head(row["id"], row["size"], bytes(row["root"]), from_micros(row["at"]), row["note"])
