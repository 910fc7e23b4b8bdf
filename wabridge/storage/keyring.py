"""The keyring: random keys, sealed with the master key. The master key opens nothing else and is kept elsewhere.

Each key is sealed with AES-256-GCM (NIST SP 800-38D) under a fresh nonce; its name and version are bound to it, so that
no key can be passed off as another. The file is JSON and holds nothing readable but names.
"""

import base64
import json
import secrets
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wabridge.errors import StartError, StorageUnavailable, WrongKey
from wabridge.storage import files, replacement
from wabridge.storage.replacement import DATABASE

NAMES = ("database", "dedupe", "sessions", "ledger", "seal", "exports")
KEY_BYTES = 32

_FORMAT = "wabridge keyring 1"
_NONCE_BYTES = 12
_FIRST_VERSION = 1


class Keyring:
    """The keys of one data folder, open."""

    def __init__(self, path: Path, keys: dict[str, bytes], cipher: AESGCM) -> None:
        self._path = path
        self._keys = keys
        self._cipher = cipher
        self._turn = threading.Lock()

    def __repr__(self) -> str:
        return f"Keyring({sorted(self._keys)})"

    @classmethod
    def open_or_create(cls, path: Path, master_key: bytes) -> "Keyring":
        """Open the keyring, or make one with random keys; raises StartError, WrongKey or StorageUnavailable.

        A keyring from before a key was introduced gets that key. master_key: 32 bytes.
        """
        if replacement.is_unfinished(path.parent):
            raise StartError("a restore was interrupted; run it again, or start the server, to finish it")
        if not path.exists() and path.with_name(DATABASE).exists():
            raise StartError(f"{path} is missing, and only it opens the database beside it; put it back from a backup")
        cipher = _cipher(master_key)
        keys = _read(path, cipher) if path.exists() else {}
        if missing := [name for name in NAMES if name not in keys]:
            keys |= {name: secrets.token_bytes(KEY_BYTES) for name in missing}
            files.make_folder(path.parent)
            files.write_private(path, _seal(keys, cipher))
        return cls(path, keys, cipher)

    @classmethod
    def open(cls, path: Path, master_key: bytes) -> "Keyring":
        """Open a keyring that must exist; raises WrongKey or StorageUnavailable."""
        cipher = _cipher(master_key)
        return cls(path, _read(path, cipher), cipher)

    def get(self, name: str) -> bytes:
        """Return a key of 32 bytes."""
        return self._keys[name]

    def find(self, name: str) -> bytes | None:
        """Return a key of 32 bytes, None if there is none of this name."""
        return self._keys.get(name)

    def ensure(self, name: str) -> bytes:
        """Return a key of 32 bytes, made and on the disk if it is new; blocks. Raises StorageUnavailable.

        Only for whoever holds the lock on the data folder: the file is written from what was read at the start. May be
        called from several threads.
        """
        with self._turn:
            if name not in self._keys:
                keys = self._keys | {name: secrets.token_bytes(KEY_BYTES)}
                files.write_private(self._path, _seal(keys, self._cipher))
                self._keys = keys
            return self._keys[name]

    def change(self, fresh: Mapping[str, bytes], *, drop: Iterable[str] = ()) -> None:
        """Put keys in and take others out, all or nothing, and on the disk; blocks. Raises StorageUnavailable.

        Only for whoever took the lock on the data folder before the keyring was opened.
        """
        with self._turn:
            keys = {name: key for name, key in (self._keys | dict(fresh)).items() if name not in set(drop)}
            files.write_private(self._path, _seal(keys, self._cipher))
            self._keys = keys


def _read(path: Path, cipher: AESGCM) -> dict[str, bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageUnavailable(f"the keyring cannot be read: {error.strerror}") from error
    try:
        table = json.loads(content)
        if table["format"] != _FORMAT:
            raise WrongKey("the keyring was written by another version of wabridge")
        return {entry["name"]: _unseal(cipher, entry) for entry in table["keys"]}
    except InvalidTag as error:
        raise WrongKey("the master key does not open the keyring") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongKey("the keyring is damaged") from error


def _seal(keys: dict[str, bytes], cipher: AESGCM) -> bytes:
    entries = []
    for name, key in keys.items():
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + cipher.encrypt(nonce, key, _bound(name, _FIRST_VERSION))
        entries.append({"name": name, "version": _FIRST_VERSION, "sealed": base64.b64encode(sealed).decode()})
    return json.dumps({"format": _FORMAT, "keys": entries}, indent=1).encode() + b"\n"


def _unseal(cipher: AESGCM, entry: dict[str, object]) -> bytes:
    name, version, sealed = str(entry["name"]), entry["version"], base64.b64decode(str(entry["sealed"]), validate=True)
    if not isinstance(version, int) or len(sealed) <= _NONCE_BYTES:
        raise ValueError("an entry is incomplete")
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(name, version))


def _cipher(master_key: bytes) -> AESGCM:
    if len(master_key) != KEY_BYTES:
        raise WrongKey("the master key must be 32 bytes")
    return AESGCM(master_key)


def _bound(name: str, version: int) -> bytes:
    return f"wabridge key\0{name}\0{version}".encode()
