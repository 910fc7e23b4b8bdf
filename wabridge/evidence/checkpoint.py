"""Signed tree heads: C2SP tlog-checkpoint in a C2SP signed-note, and C2SP tlog-proof around it.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-proof@v1. Other lines of signature (witnesses)
are carried along and not looked at.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wabridge.evidence.commitment import encode
from wabridge.evidence.tree import HASH_BYTES

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_DASH = "— "
_PROOF = "c2sp.org/tlog-proof@v1"


class Checkpoint(NamedTuple):
    """The head of the tree over the first leaves. origin: the name of the ledger."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


class PublicKey(NamedTuple):
    """What checks the ledger's signatures. name: the ledger's origin; key: 32 bytes of Ed25519."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that signatures carry."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.key).digest()[:_KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as a line of text (a C2SP verifier key)."""
        return f"{self.name}+{self.id.hex()}+{encode(_ED25519 + self.key)}"

    @property
    def fingerprint(self) -> str:
        """What is printed where people compare it: SHA-256 of the key, in groups of four."""
        digits = hashlib.sha256(self.key).hexdigest()
        return " ".join(digits[n : n + 4] for n in range(0, len(digits), 4))


class LogProof(NamedTuple):
    """A leaf's way into a checkpoint. note: the checkpoint with its signatures."""

    position: int
    hashes: tuple[bytes, ...]
    note: str


def public_key(origin: str, seed: bytes) -> PublicKey:
    """Return the public half of a key. seed: its 32 secret bytes."""
    return PublicKey(origin, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def parse_key(text: str) -> PublicKey:
    """Return a verifier key from its line of text; raises ValueError."""
    name, *rest = text.strip().split("+", 2)
    if len(rest) != 2 or not name:
        raise ValueError("not a verifier key")
    raw = _decode(rest[1])
    key = PublicKey(name, raw[1:])
    if raw[:1] != _ED25519 or len(key.key) != 32 or key.id.hex() != rest[0]:
        raise ValueError("not a verifier key")
    return key


def sign(checkpoint: Checkpoint, seed: bytes) -> str:
    """Return a checkpoint as a signed note. seed: the 32 secret bytes of the ledger's key."""
    key = public_key(checkpoint.origin, seed)
    signature = sign_text(checkpoint.text, seed)
    return f"{checkpoint.text}\n{_DASH}{key.name} {encode(key.id + signature)}\n"


def parse(note: str) -> Checkpoint:
    """Return what a signed note says, whoever signed it; raises ValueError if it is no checkpoint."""
    text, _ = _split(note)
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not (lines[1].isascii() and lines[1].isdigit()):
        raise ValueError("not a checkpoint")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _decode(lines[2]))
    if len(checkpoint.root) != HASH_BYTES or str(checkpoint.size) != lines[1] or "" in lines[:-1]:
        raise ValueError("not a checkpoint")
    return checkpoint


def is_signed_by(note: str, key: PublicKey) -> bool:
    """Say whether a signed note carries a good signature by this key."""
    try:
        text, signatures = _split(note)
        for line in signatures:
            name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
            raw = _decode(encoded)
            if name == key.name and raw[:_KEY_ID_BYTES] == key.id:
                return verify_text(text, raw[_KEY_ID_BYTES:], key)
    except ValueError:
        return False
    return False


def sign_text(text: str, seed: bytes) -> bytes:
    """Return the signature of the ledger's key over a text."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode("utf-8"))


def verify_text(text: str, signature: bytes, key: PublicKey) -> bool:
    """Say whether a signature over a text is by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, text.encode("utf-8"))
    except InvalidSignature:
        return False
    return True


def build_proof(index: int, hashes: Sequence[bytes], note: str) -> str:
    """Return the way of a leaf into a checkpoint as text."""
    lines = [_PROOF, f"index {index}", *map(encode, hashes)]
    return "\n".join(lines) + f"\n\n{note}"


def parse_proof(text: str) -> LogProof:
    """Return what a proof's text says; raises ValueError."""
    head, _, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    lines = [line for line in lines if not line.startswith("extra ")]
    if first != _PROOF or not lines or not lines[0].startswith("index "):
        raise ValueError("not a proof")
    number = lines[0].removeprefix("index ")
    if not (number.isascii() and number.isdigit()):
        raise ValueError("not a proof")
    hashes = tuple(map(_decode, lines[1:]))
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ValueError("not a proof")
    return LogProof(int(number), hashes, note)


def _split(note: str) -> tuple[str, list[str]]:
    """Return the text of a note with its last newline, and its lines of signature."""
    text, gap, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not gap or lines[-1] or len(lines) < 2 or not all(line.startswith(_DASH) for line in lines[:-1]):
        raise ValueError("not a signed note")
    return f"{text}\n", lines[:-1]


def _decode(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
