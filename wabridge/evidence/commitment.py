"""What a leaf says: salted commitments to bytes that are kept elsewhere, and nothing that names a person.

A commitment is the SHA-256 of a salt and the SHA-256 of the bytes. Whoever is given the bytes and the salt can check
it; when the salt is deleted it says nothing any more. All salts of a leaf come from one secret, and one of them tells
nothing about the others.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

VERSION = 1
SECRET_BYTES = 32

Fact = str | int | bool | None
"""A value of a leaf's note. It stands there in the clear and for ever: never anything private."""


class Place(NamedTuple):
    """Where a leaf stands in its conversation. name: random, means nothing; previous: the hash of the leaf before."""

    name: str
    number: int
    previous: bytes | None


class Leaf(NamedTuple):
    """What one leaf says. at: ISO 8601 in UTC; commitments, note: in the order in which they are written."""

    position: int
    at: str
    boot_id: str
    monotonic_ns: int
    kind: str
    commitments: Mapping[str, bytes]
    place: Place | None = None
    note: Mapping[str, Fact] = {}
    is_backfilled: bool = False


def digest(part: bytes) -> bytes:
    """Return what stands for bytes in a commitment: their SHA-256."""
    return hashlib.sha256(part).digest()


def salt(secret: bytes, part: str) -> bytes:
    """Return the salt of one part of a leaf."""
    return hmac.digest(secret, b"wabridge salt\0" + part.encode(), hashlib.sha256)


def commit(salt: bytes, digest: bytes) -> bytes:
    """Return the commitment to bytes with this SHA-256."""
    return hashlib.sha256(salt + digest).digest()


def build(leaf: Leaf) -> bytes:
    """Return the bytes of a leaf: one line of JSON in a fixed order. They are stored and never built again."""
    written: dict[str, Any] = {
        "v": VERSION,
        "i": leaf.position,
        "t": leaf.at,
        "boot": leaf.boot_id,
        "mono": leaf.monotonic_ns,
        "type": leaf.kind,
    }
    if leaf.place is not None:
        previous = "" if leaf.place.previous is None else encode(leaf.place.previous)
        written |= {"conv": leaf.place.name, "cseq": leaf.place.number, "cprev": previous}
    written["d"] = {part: encode(commitment) for part, commitment in leaf.commitments.items()}
    if leaf.note:
        written["note"] = dict(leaf.note)
    if leaf.is_backfilled:
        written["backfilled"] = True
    return line(written)


def line(said: Mapping[str, Any]) -> bytes:
    """Return one line of JSON, the keys in this order, in UTF-8 without escapes but those that JSON demands.

    A row's line is built anew years later: a test holds it to what Python's own json writes, which is slower.
    """
    return msgspec.json.encode(said)


def parse(leaf: bytes) -> Leaf:
    """Return what the bytes of a leaf say; raises ValueError if they are none."""
    try:
        said = json.loads(leaf)
        if said["v"] != VERSION:
            raise ValueError("a leaf of another version")
        place = None
        if "conv" in said:
            place = Place(said["conv"], said["cseq"], base64.b64decode(said["cprev"], validate=True) or None)
        return Leaf(
            position=said["i"],
            at=said["t"],
            boot_id=said["boot"],
            monotonic_ns=said["mono"],
            kind=said["type"],
            commitments={part: base64.b64decode(value, validate=True) for part, value in said["d"].items()},
            place=place,
            note=said.get("note", {}),
            is_backfilled=said.get("backfilled", False),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not the bytes of a leaf") from error


def encode(hashed: bytes) -> str:
    """Return bytes as leaves and checkpoints write them: base64 (RFC 4648, section 4)."""
    return base64.b64encode(hashed).decode("ascii")
