"""What documents are sealed with: one key at a time, wrapped, with its certificates."""

import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wabridge.errors import StorageDamaged
from wabridge.evidence.authority import Seal
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("seals")

KEY = "seal"
"""The name in the keyring of the key that wraps the seal's own."""

_NONCE_BYTES = 12
_BOUND = b"wabridge seal\0"


def add(tx: Transaction, seal: Seal, wrapping: bytes, *, expires_at: datetime) -> None:
    """Keep a seal; it is used from now on. wrapping: 32 bytes of the keyring."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    binds = {
        "made_at": to_micros(tx.instant.at),
        "expires_at": to_micros(expires_at),
        "key": nonce + AESGCM(wrapping).encrypt(nonce, seal.key_der, _BOUND + seal.certificate_pem),
        "certificate": seal.certificate_pem,
        "root": seal.root_pem,
        "revoked": seal.revoked_pem,
    }
    tx.run(_sql["add"], binds)


def find(tx: Transaction, wrapping: bytes, *, now: datetime) -> Seal | None:
    """Return the newest seal if its certificate still counts; raises StorageDamaged if it does not open."""
    row = tx.one(_sql["newest"])
    if row is None or row["expires_at"] <= to_micros(now):
        return None
    key, certificate = bytes(row["key"]), bytes(row["certificate"])
    try:
        opened = AESGCM(wrapping).decrypt(key[:_NONCE_BYTES], key[_NONCE_BYTES:], _BOUND + certificate)
    except InvalidTag as error:
        raise StorageDamaged("the seal does not open with the keyring beside it") from error
    return Seal(opened, certificate, bytes(row["root"]), bytes(row["revoked"]))


def find_root(tx: Transaction) -> bytes | None:
    """Return the certificate of the office's root (PEM), if there is one."""
    row = tx.one(_sql["newest"])
    return None if row is None else bytes(row["root"])
