"""The vault: files of people, each encrypted on its own, under names that say nothing.

One file: eight bytes that name the format, then chunks of 64 KiB, each sealed with AES-256-GCM (NIST SP 800-38D) in the
STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015): the nonce is the chunk's number and whether it is the last. The key is made by HKDF-SHA256
from the owner's key in the keyring and the file's random name, so no two files share one. What is cut short, put in
another order, changed, renamed or swapped with another file does not open.

Files appear whole or not at all: temporary name, fsync, rename, fsync of the folder; then its row is written.
"""

import asyncio
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wabridge.errors import FileDamaged, StorageUnavailable
from wabridge.model.media import Kept
from wabridge.storage import files
from wabridge.storage.keyring import KEY_BYTES, Keyring

CHUNK_BYTES = 64 * 1024
RESERVE_BYTES = 256 * 1024 * 1024
"""So much of the disk is left to the database: files must never be why a message cannot be stored."""

_T = TypeVar("_T")
_FORMAT = b"wavault1"
_TAG_BYTES = 16
_SEALED_BYTES = CHUNK_BYTES + _TAG_BYTES
_BATCH = 4
"""So many chunks are worked on at a time, in a thread."""
_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"


class Vault:
    """The files of one data folder. reserve_bytes: so much of the disk they leave free."""

    def __init__(self, folder: Path, keyring: Keyring, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._folder = folder
        self._keyring = keyring
        self._reserve_bytes = reserve_bytes
        self._begun: set[str] | None = set()

    async def read(self, kept: Kept, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """Yield a file's bytes from start up to stop, some chunks at a time; opens only the chunks it needs.

        Raises FileDamaged before the piece that is not as it was written, or if the file is gone; StorageUnavailable.
        """
        stop = kept.size if stop is None else min(stop, kept.size)
        at = start
        while at < stop:
            end = min(stop, (at // CHUNK_BYTES + _BATCH) * CHUNK_BYTES)
            yield await _in_thread(partial(self.read_part, kept, at, end))
            at = end

    def read_part(self, kept: Kept, start: int, stop: int) -> bytes:
        """Return a file's bytes from start up to stop, not beyond its size; blocks. Raises as `read` does."""
        first, last = start // CHUNK_BYTES, max(stop - 1, 0) // CHUNK_BYTES
        try:
            with (self._folder / kept.name).open("rb") as file:
                _require_whole(file, kept)
                file.seek(len(_FORMAT) + first * _SEALED_BYTES)
                sealed = file.read((last - first + 1) * _SEALED_BYTES)
        except FileNotFoundError as error:
            raise FileDamaged("a file is missing from the vault") from error
        except OSError as error:
            raise StorageUnavailable(f"a file of the vault cannot be read: {error.strerror}") from error
        cipher, count = self._cipher(kept.name, kept.key), _count(kept.size)
        plain = bytearray()
        for number in range(first, last + 1):
            at = (number - first) * _SEALED_BYTES
            try:
                plain += cipher.decrypt(
                    _nonce(number, is_last=number == count - 1), sealed[at : at + _SEALED_BYTES], None
                )
            except InvalidTag as error:
                raise FileDamaged("a file of the vault is not as it was written") from error
        return bytes(plain[start - first * CHUNK_BYTES : stop - first * CHUNK_BYTES])

    def opens(self, kept: Kept) -> bool:
        """Say whether a file is there and as it was written, from its first byte to its last; blocks."""
        try:
            for at in range(0, max(kept.size, 1), _BATCH * CHUNK_BYTES):
                self.read_part(kept, at, min(kept.size, at + _BATCH * CHUNK_BYTES))
        except FileDamaged:
            return False
        return True

    @asynccontextmanager
    async def write(self, key: str, *, expected_bytes: int = 0) -> AsyncIterator["Writer"]:
        """Yield a writer of a new file under an owner's key; nothing is left unless it was finished in the block.

        key: its name in the keyring, made if it is new. Raises StorageUnavailable, also if the disk is too full for it.
        """
        writer = Writer(self, key, self._folder)
        try:
            await _in_thread(partial(writer.begin, expected_bytes))
            yield writer
        finally:
            await _in_thread(writer.close)

    def seal_with(self, name: str, key: str) -> AESGCM:
        """Return the cipher of a new file; the owner gets a key if there is none yet."""
        self._keyring.ensure(key)
        return self._cipher(name, key)

    def has_space(self, wanted_bytes: int = 0) -> bool:
        """Say whether so much fits beside what is left to the database; raises StorageUnavailable."""
        folder = self._folder if self._folder.exists() else self._folder.parent
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise StorageUnavailable(f"the vault cannot be reached: {error.strerror}") from error
        return free >= self._reserve_bytes + wanted_bytes

    def require_space(self, wanted_bytes: int) -> None:
        """Raise StorageUnavailable if so much does not fit beside what is left to the database."""
        if not self.has_space(wanted_bytes):
            raise StorageUnavailable("the disk is too full for more files")

    def note_begun(self, name: str) -> None:
        """Remember that a file is of this run of the program, until `forget_begun`."""
        if self._begun is not None:
            self._begun.add(name)

    def is_begun(self, name: str) -> bool:
        """Say whether a file is of this run of the program, as far as that is still remembered."""
        return self._begun is not None and name in self._begun

    def forget_begun(self) -> None:
        """Remember no longer which files are of this run: what earlier runs left has been seen to."""
        self._begun = None

    def list_left(self) -> dict[str, int]:
        """Return the files that earlier runs of the program left, by name, with their sizes on the disk; blocks.

        Half-written ones are removed. Only before `forget_begun`: what this run has begun is left out as long as it is
        remembered.
        """
        begun = self._begun or set()
        found: dict[str, int] = {}
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.removesuffix(_UNFINISHED) in begun:
                        continue
                    if entry.name.endswith(_UNFINISHED):
                        Path(entry.path).unlink(missing_ok=True)
                    elif _NAME.fullmatch(entry.name):
                        found[entry.name] = entry.stat().st_size
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageUnavailable(f"the vault cannot be read: {error.strerror}") from error
        return found

    def delete(self, names: Iterable[str]) -> None:
        """Remove files; blocks. What is gone already is gone."""
        try:
            for name in names:
                (self._folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise StorageUnavailable(f"the vault cannot be changed: {error.strerror}") from error

    def _cipher(self, name: str, key: str) -> AESGCM:
        secret = self._keyring.find(key)
        if secret is None:
            raise FileDamaged("the key of a file is gone")
        return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=bytes.fromhex(name), info=_FORMAT).derive(secret))


class Writer:
    """One file on its way into the vault. It holds a few chunks in memory, however long the file is."""

    def __init__(self, vault: Vault, key: str, folder: Path) -> None:
        self.size = 0
        self._vault = vault
        self._key = key
        self._name = secrets.token_hex(16)
        self._folder = folder
        self._unfinished = folder / f"{self._name}{_UNFINISHED}"
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._sealed = 0
        self._file: BinaryIO | None = None
        self._cipher: AESGCM | None = None
        vault.note_begun(self._name)

    @property
    def sha256(self) -> str:
        """The hexadecimal SHA-256 of what was written so far."""
        digest = self._digest.copy()
        digest.update(self._waiting)
        return digest.hexdigest()

    async def write(self, piece: bytes) -> None:
        """Add to the file; raises StorageUnavailable."""
        self._waiting += piece
        self.size += len(piece)
        if len(self._waiting) > _BATCH * CHUNK_BYTES:
            await _in_thread(partial(self._seal, is_end=False))

    async def finish(self) -> Kept:
        """Bring the file onto the disk under its name; raises StorageUnavailable.

        When this returns, it survives a power cut.
        """
        await _in_thread(self._bring_in)
        return Kept(self._name, self._key, self.size)

    def begin(self, expected_bytes: int) -> None:
        """Open the file; blocks."""
        if not self._folder.exists():
            files.make_folder(self._folder)
            files.sync_folder(self._folder.parent)
        self._vault.require_space(expected_bytes)
        self._cipher = self._vault.seal_with(self._name, self._key)
        try:
            self._file = os.fdopen(os.open(self._unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self._file.write(_FORMAT)
        except OSError as error:
            raise StorageUnavailable(f"a file cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Remove what was not finished; blocks."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                self._unfinished.unlink(missing_ok=True)

    def _seal(self, *, is_end: bool) -> None:
        """Encrypt and write what waits; the newest chunk is held back until it is known whether it is the last."""
        assert self._file is not None
        assert self._cipher is not None, "begun before"
        whole = (len(self._waiting) - 1) // CHUNK_BYTES if self._waiting else 0
        self._vault.require_space(0)
        try:
            for number in range(whole + is_end):
                chunk = bytes(self._waiting[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES])
                self._digest.update(chunk)
                is_last = is_end and number == whole
                self._file.write(self._cipher.encrypt(_nonce(self._sealed + number, is_last=is_last), chunk, None))
        except OSError as error:
            raise StorageUnavailable(f"a file cannot be written: {error.strerror}") from error
        self._sealed += whole
        del self._waiting[: (whole + is_end) * CHUNK_BYTES]

    def _bring_in(self) -> None:
        self._seal(is_end=True)
        assert self._file is not None, "sealing needs it"
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._unfinished.rename(self._folder / self._name)
            files.sync_folder(self._folder)
        except OSError as error:
            raise StorageUnavailable(f"a file cannot be written: {error.strerror}") from error


def is_name(name: str) -> bool:
    """Say whether a file of the vault can have this name."""
    return _NAME.fullmatch(name) is not None


def bytes_on_disk(size: int) -> int:
    """Return how long the file of so many bytes is in the vault."""
    return len(_FORMAT) + size + _count(size) * _TAG_BYTES


def _count(size: int) -> int:
    """Return how many chunks a file has; an empty one has an empty chunk."""
    return max(1, -(-size // CHUNK_BYTES))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


def _require_whole(file: BinaryIO, kept: Kept) -> None:
    """Raise FileDamaged if a file was cut short or is another format's; the last chunk need not be read for that."""
    if os.fstat(file.fileno()).st_size != bytes_on_disk(kept.size) or file.read(len(_FORMAT)) != _FORMAT:
        raise FileDamaged("a file of the vault is not as it was written")


async def _in_thread(work: Callable[[], _T]) -> _T:
    """Run something that blocks; a cancellation is passed on once it has ended, so that nothing is left half done."""
    running = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
