"""The master key: the one secret that is not in the data folder. It opens nothing but the keyring.

It is made once, at the first start, and only while there is nothing it would have to open: a missing key beside an
existing keyring is an error to be put right by a person, never a reason to make another.
"""

import os
import re
import secrets
from pathlib import Path

from wabridge.errors import SettingsError, StartError
from wabridge.settings import Settings
from wabridge.storage.replacement import KEYRING

_KEY = re.compile(r"[0-9a-fA-F]{64}")


def read(settings: Settings) -> bytes:
    """Return the 32 bytes of the master key; raises SettingsError."""
    text = settings.secret(settings.storage.key)
    if not _KEY.fullmatch(text):
        raise SettingsError(f"the master key ({settings.storage.key}) must be 64 hexadecimal digits")
    return bytes.fromhex(text)


def read_or_create(settings: Settings) -> bytes:
    """Return the master key, making it at the first start of an empty data folder."""
    path = settings.secret_path(settings.storage.key)
    if path is not None and not path.exists():
        if (settings.data_folder / KEYRING).exists():
            raise StartError(f"{path} is missing, and only it opens {settings.data_folder}; put your copy of it back")
        _create(path)
    return read(settings)


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
