"""Backups: database, keyring and the vault's files in one file, still encrypted, never with the master key.

The file is an uncompressed tar with `contents.json` (what is in it, sizes, SHA-256), `keyring`, `wabridge.db` and the
files that this copy of the database names, each as it lies in the vault; small pictures are made anew. Without the
master key it is noise; with the master key it is everything.
"""

import hashlib
import json
import secrets
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from wabridge.errors import BackupUnusable, StorageDamaged, StorageUnavailable, WrongKey
from wabridge.model.ids import EnclosureId, MediaId
from wabridge.storage import (
    checkpoints,
    copies,
    database,
    enclosures,
    facts,
    files,
    media,
    notice_files,
    outbox,
    replacement,
    second_tries,
)
from wabridge.storage.archive import Archive, Unreadable
from wabridge.storage.cipher import Raw, Transaction, transact
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock
from wabridge.storage.media import KeptRow
from wabridge.storage.replacement import DATABASE, KEYRING, VAULT
from wabridge.storage.vault import Vault, is_name

_FORMAT = "wabridge backup 1"
_CONTENTS = "contents.json"
_CONTENTS_BYTES = 64 * 1024
_PARTS = (KEYRING, DATABASE)
_CHUNK_BYTES = 1024 * 1024
_BATCH = 500
_UNFINISHED = ".restore-"


class Lacking(NamedTuple):
    """A file that a backup lacks. owner: "message 12"; why: what keeps it from being read; None if it is not there."""

    name: str
    owner: str
    why: str | None


def write_backup(folder: Path, target: Path, master_key: bytes) -> list[Lacking]:
    """Write a backup of a data folder, whether or not a server works on it, in place of an earlier one.

    Returns the files of messages and notices that should be in the vault and are not, or cannot be read: the backup
    lacks them, and is whole in all else. Raises BackupUnusable if something else is at the target, WrongKey,
    StorageUnavailable or StorageDamaged; then the target is as it was.
    """
    if target.exists() and not _is_backup(target):
        raise BackupUnusable(f"{target} exists and is not a backup; name another file")
    keyring = Keyring.open(folder / KEYRING, master_key)
    key = keyring.get("database")
    with _workroom(target.absolute().parent, f".{target.name}.") as room:
        copies.make(folder / DATABASE, room / DATABASE, key)
        shutil.copyfile(folder / KEYRING, room / KEYRING)
        if Keyring.open(room / KEYRING, master_key).get(checkpoints.KEY) != keyring.get(checkpoints.KEY):
            raise BackupUnusable("the ledger's key was changed just now; make the backup again")
        if faults := copies.list_faults(room / DATABASE, key):
            raise StorageDamaged(f"the copy of the database is not sound: {faults[0]}")
        # After the database, so that every file it names is there: files come before their rows, and stay.
        kept = _kept_names(room / DATABASE, key)
        lacking = pack(room, room / "bundle", vault=folder / VAULT, names=kept)
        (room / "bundle").replace(target)
        files.sync_folder(target.absolute().parent)
        return [Lacking(name, owner, why) for name, why in lacking.items() if (owner := kept[name]) is not None]


class Restored(NamedTuple):
    """What was put in place. lost_files: how many files of messages the backup lacks, or holds damaged."""

    epoch: str
    lost_files: int


def restore_backup(backup: Path, folder: Path, master_key: bytes) -> Restored:
    """Put a backup in place of what is in a data folder.

    A file of a message that does not open does not keep the rest from coming back: it is marked as lost. All else is
    checked before anything is touched, and what was there is kept in `replaced-N`. If the process dies on the way, the
    folder holds the old data or the new, and the next start finishes what was begun. Raises AlreadyRunning
    while a server works there, BackupUnusable, WrongKey, NewerSchema, StorageUnavailable.
    """
    with DataLock(folder):
        for leftover in folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(leftover)
        with _workroom(folder, _UNFINISHED) as room:
            _unpack(backup, room)
            restored = _make_ready(room, master_key)
            replacement.decide(folder, room)
        replacement.finish(folder)
    return restored


def pack(room: Path, bundle: Path, *, vault: Path, names: Iterable[str] = ()) -> dict[str, str | None]:
    """Bring the parts together in one file, and onto the disk. names: of the files to take out of the vault.

    Returns those of them that are not there (None), or cannot be read, and why.
    """
    lacking: dict[str, str | None] = {}
    contents = {"format": _FORMAT, "parts": {name: _fingerprint(room / name) for name in _PARTS}}
    files.write_private(room / _CONTENTS, json.dumps(contents, indent=1).encode())
    with Archive.create(bundle) as archive:
        for name in (_CONTENTS, *_PARTS):
            archive.add(room / name, name)
        for name in names:
            try:
                archive.add(vault / name, f"{VAULT}/{name}")
            except FileNotFoundError:  # it was lost before: then it is lost in the backup as well
                lacking[name] = None
            except Unreadable as error:
                lacking[name] = error.strerror
    return lacking


@contextmanager
def _workroom(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a folder of our own beside the result, so that a rename brings it into place; gone afterwards."""
    room = parent / f"{prefix}{secrets.token_hex(8)}"
    try:
        room.mkdir(mode=0o700)
        yield room
    except OSError as error:
        raise StorageUnavailable(f"a file cannot be written or read: {error.strerror}") from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _unpack(backup: Path, room: Path) -> None:
    """Bring the parts out of a backup, byte for byte as they were packed; raises BackupUnusable."""
    try:
        with tarfile.open(backup, mode="r:") as tar:
            parts = json.loads(_member(tar, _CONTENTS).read(_CONTENTS_BYTES))
            if parts["format"] != _FORMAT:
                raise BackupUnusable("the backup was written by another version of wabridge")
            for name in _PARTS:
                with files.create_private(room / name) as target:
                    shutil.copyfileobj(_member(tar, name), target, _CHUNK_BYTES)
                if _fingerprint(room / name) != parts["parts"][name]:
                    raise BackupUnusable(f"the backup is damaged: {name} is not as it was written")
            _unpack_vault(tar, room / VAULT)
    except FileNotFoundError as error:
        raise BackupUnusable(f"there is no file {backup}") from error
    except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError) as error:
        raise BackupUnusable("the file is not a backup of wabridge, or it is damaged") from error


def _unpack_vault(tar: tarfile.TarFile, vault: Path) -> None:
    """Bring out the files of messages; there is always a vault, so that it takes the present one's place."""
    vault.mkdir(mode=0o700)
    for member in tar:
        folder, _, name = member.name.partition("/")
        content = tar.extractfile(member) if folder == VAULT and is_name(name) else None
        if content is not None:
            with files.create_private(vault / name) as target:
                shutil.copyfileobj(content, target, _CHUNK_BYTES)
    files.sync_folder(vault)


def _is_backup(path: Path) -> bool:
    try:
        with tarfile.open(path, mode="r:") as tar:
            return tar.next() is not None and tar.getnames()[0] == _CONTENTS
    except (OSError, tarfile.TarError, EOFError):
        return False


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise BackupUnusable("the file is not a backup of wabridge")
    return file


def _make_ready(room: Path, master_key: bytes) -> Restored:
    """Check that the parts belong together and are sound; begin a new epoch in the copy."""
    keyring = Keyring.open(room / KEYRING, master_key)
    key = keyring.get("database")
    try:
        faults = copies.list_faults(room / DATABASE, key)
    except StorageDamaged as error:
        raise WrongKey("the backup's keyring does not open its database") from error
    if faults:
        raise BackupUnusable(f"the backup's database is not sound: {faults[0]}")
    epoch, vault = database.new_epoch(), Vault(room / VAULT, keyring)
    lost: list[MediaId] = []
    copies.change(room / DATABASE, key, lambda raw: _renew(raw, epoch, vault, lost))
    files.sync_file(room / DATABASE)
    return Restored(epoch, len(lost))


def _renew(raw: Raw, epoch: str, vault: Vault, lost: list[MediaId]) -> None:
    database.migrate(raw)
    transact(raw, lambda tx: _begin_again(tx, epoch))
    transact(raw, lambda tx: lost.extend(_mark_lost(tx, vault)))


def _begin_again(tx: Transaction, epoch: str) -> None:
    facts.set_(tx, "epoch", epoch)
    # What waited when the backup was made may have been sent or withdrawn since: a person decides.
    outbox.hold_all(tx)
    second_tries.close_all(tx)


def _mark_lost(tx: Transaction, vault: Vault) -> Iterator[MediaId]:
    """Mark the files that do not open; the next start fetches what can still be had."""
    for file, kept in _list_kept(tx):
        if file.state == "stored" and not vault.opens(kept):
            media.mark_lost(tx, file.id, kept, "waiting" if file.file_id else "failed", now=file.next_try_at)
            yield file.id


def _kept_names(path: Path, key: bytes) -> dict[str, str | None]:
    """Return which files of the vault a copy of the database names, and whose they are; None if they count as lost."""
    names: dict[str, str | None] = {}

    def note(tx: Transaction) -> None:
        names.update(
            (kept.name, None if file.size is None else f"message {file.message_id}") for file, kept in _list_kept(tx)
        )
        names.update(dict.fromkeys(_list_waiting(tx)))  # one that is taken back meanwhile is not missed
        names.update(_list_of_notices(tx))

    copies.look(path, key, note)
    return names


def _list_kept(tx: Transaction) -> Iterator[KeptRow]:
    after = MediaId(0)
    # A backup may be made by a newer wabridge, just before the data is brought up to date.
    while media.is_there(tx) and (rows := media.list_kept(tx, after=after, limit=_BATCH)):
        yield from rows
        after = rows[-1].file.id


def _list_waiting(tx: Transaction) -> Iterator[str]:
    """Yield the names of the files that were handed in and that no message has taken yet."""
    after = EnclosureId(0)
    while enclosures.is_there(tx) and (rows := enclosures.list_all(tx, after=after, limit=_BATCH)):
        yield from (each.kept.name for each in rows)
        after = rows[-1].id


def _list_of_notices(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Yield the names of the documents and scans of legal notices, and whose they are."""
    after = 0
    while notice_files.is_there(tx) and (rows := notice_files.list_all(tx, after=after, limit=_BATCH)):
        yield from ((each.kept.name, f"notice {each.notice_id}") for each in rows)
        after = rows[-1].id


def _fingerprint(path: Path) -> dict[str, str | int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}
