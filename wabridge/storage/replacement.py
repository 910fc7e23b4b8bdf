"""Putting another database, keyring and vault in place of the present ones; a kill at any moment leaves these or those.

The new set is made ready in a folder of its own and gets its name, `incoming`, in one rename: from then on the
replacement is decided, and whoever takes the lock next finishes it. Every step can be repeated. The old files are
kept in `replaced-1`, `replaced-2`, ...
"""

from collections.abc import Iterator
from pathlib import Path

from wabridge.errors import StorageUnavailable
from wabridge.storage import files

DATABASE = "wabridge.db"
KEYRING = "keyring"
VAULT = "vault"
BUNDLES = "bundles"
"""Finished exports. They are no part of a backup: whoever needs one again asks for it again."""

_INCOMING = "incoming"
_PRESENT = (f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE, KEYRING, VAULT)
"""What has to leave before the new set comes in; the log belongs to its database and goes with it."""


def is_unfinished(folder: Path) -> bool:
    """Say whether a replacement was decided and not finished."""
    return (folder / _INCOMING).exists()


def decide(folder: Path, ready: Path) -> None:
    """Name a folder that holds the new set as the one to come in; raises StorageUnavailable."""
    try:
        files.sync_folder(ready)
        ready.rename(folder / _INCOMING)
        files.sync_folder(folder)
    except OSError as error:
        raise StorageUnavailable(f"the data folder cannot be changed: {error.strerror}") from error


def finish(folder: Path) -> None:
    """Carry out what was decided; raises StorageUnavailable. Call it with the lock held and the database closed."""
    try:
        for _ in steps(folder):
            pass
    except OSError as error:
        raise StorageUnavailable(f"the data folder cannot be changed: {error.strerror}") from error


def steps(folder: Path) -> Iterator[None]:
    """Carry out what was decided, one step at a time; after each of them the process may die."""
    incoming = folder / _INCOMING
    aside = incoming / "replaced"
    if not incoming.exists():
        return
    if (incoming / DATABASE).exists() and (incoming / KEYRING).exists():
        aside.mkdir(mode=0o700, exist_ok=True)
        for name in _PRESENT:
            yield from _move(folder / name, aside / name)
    for name in (DATABASE, KEYRING, VAULT):
        yield from _move(incoming / name, folder / name)
    yield from _move(aside, _free_name(folder))
    incoming.rmdir()
    files.sync_folder(folder)


def _move(source: Path, target: Path) -> Iterator[None]:
    if source.exists():
        source.rename(target)
        files.sync_folder(target.parent)
        files.sync_folder(source.parent)
        yield


def _free_name(folder: Path) -> Path:
    taken = [
        int(number) for path in folder.glob("replaced-*") if (number := path.name.removeprefix("replaced-")).isdigit()
    ]
    return folder / f"replaced-{max(taken, default=0) + 1}"
