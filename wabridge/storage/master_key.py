"""The master key: the one secret that is not in the data folder. It opens nothing but the keyring.

It is made once, at the first start, and only while there is nothing it would have to open: a missing key beside an
existing keyring is an error to be put right by a person, never a reason to make another.
"""

import re
import secrets

from wabridge.errors import SettingsError, StartError
from wabridge.settings import Settings
from wabridge.storage import files
from wabridge.storage.replacement import DATABASE, KEYRING

_KEY = re.compile(r"[0-9a-fA-F]{64}")


def read(settings: Settings) -> bytes:
    """Return the 32 bytes of the master key; raises SettingsError."""
    text = settings.secret(settings.storage.key)
    if not _KEY.fullmatch(text):
        raise SettingsError(f"the master key ({settings.storage.key}) must be 64 hexadecimal digits")
    return bytes.fromhex(text)


def read_or_create(settings: Settings) -> bytes:
    """Return the master key, making it at the first start of an empty data folder; raises StartError.

    Raises StorageUnavailable if it cannot be written; then there is none.
    """
    path = settings.secret_path(settings.storage.key)
    if path is not None and not path.exists():
        if any((settings.data_folder / name).exists() for name in (KEYRING, DATABASE)):
            raise StartError(f"{path} is missing, and only it opens {settings.data_folder}; put your copy of it back")
        files.make_folder(path.parent)
        files.write_private(path, secrets.token_hex(32).encode() + b"\n")
    return read(settings)
