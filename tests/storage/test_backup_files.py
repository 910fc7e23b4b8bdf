from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clocks import NOON
from tests.conftest import MASTER_KEY
from tests.storage.disks import holds
from tests.storage.files import keep, want
from wabridge.model.ids import MediaId
from wabridge.model.media import MediaFile
from wabridge.storage import backup as backups
from wabridge.storage import media
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock
from wabridge.storage.vault import Vault

CONTENT = b"Kuitansi, " * 50_000


class House(NamedTuple):
    """A data folder with a server on it."""

    folder: Path
    database: Database
    vault: Vault


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A running server that has two files."""
    house = await _open(tmp_path / "data")
    for wamid in ("wamid.1", "wamid.2"):
        file_id = await house.database.write(partial(want, wamid=wamid, expires_at=NOON + timedelta(7)))
        await keep(house.database, house.vault, file_id, CONTENT + wamid.encode())
    yield house
    await house.database.close()


async def _open(folder: Path) -> House:
    with DataLock(folder):
        keyring = Keyring.open_or_create(folder / "keyring", MASTER_KEY)
        database = await Database.open(folder / "wabridge.db", keyring.get("database"))
    return House(folder, database, Vault(folder / "vault", keyring, reserve_bytes=0))


async def _files(house: House) -> list[tuple[MediaFile, bytes]]:
    """Return every row with what can be read of its file."""
    found = []
    for media_id in (1, 2):
        file = await house.database.read(partial(media.get, media_id=MediaId(media_id)))
        content = b"".join([piece async for piece in house.vault.read(file.kept)]) if file.kept else b""
        found.append((file, content))
    return found


async def test_a_backup_holds_every_file_its_database_names(house: House, tmp_path: Path) -> None:
    """Elsewhere each file opens again; in the backup nothing of it can be read, and what nobody names is not in it."""
    (house.folder / "vault" / ("0" * 32)).write_bytes(b"nobody's")
    backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    assert not holds(tmp_path, b"Kuitansi")
    assert backups.restore_backup(tmp_path / "b", tmp_path / "new", MASTER_KEY).lost_files == 0
    new = await _open(tmp_path / "new")
    found = await _files(new)
    assert [content for _, content in found] == [CONTENT + b"wamid.1", CONTENT + b"wamid.2"]
    assert sorted(path.name for path in (new.folder / "vault").iterdir()) == sorted(
        file.kept.name for file, _ in found if file.kept
    )
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (new.folder / "vault").iterdir())
    await new.database.close()


@pytest.mark.parametrize("is_missing", [True, False])
async def test_a_file_that_does_not_open_keeps_nothing_else_from_coming_back(
    house: House, tmp_path: Path, *, is_missing: bool
) -> None:
    """A missing or damaged file is marked as lost, and asked for again; the others are there."""
    (first, _), _ = await _files(house)
    assert first.kept is not None
    path = house.folder / "vault" / first.kept.name
    content = path.read_bytes()
    path.unlink() if is_missing else path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    assert backups.restore_backup(tmp_path / "b", tmp_path / "new", MASTER_KEY).lost_files == 1
    new = await _open(tmp_path / "new")
    (lost, _), (kept, content) = await _files(new)
    assert (lost.state, lost.reason) == ("waiting", "lost")
    assert (kept.state, content) == ("stored", CONTENT + b"wamid.2")
    await new.database.close()


async def test_a_restore_puts_the_vault_aside_with_its_database(house: House, tmp_path: Path) -> None:
    """Files and rows belong together: what was there opens from where it was put aside."""
    backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    other = await _open(tmp_path / "other")
    media_id = await other.database.write(lambda tx: want(tx, expires_at=NOON))
    name = await keep(other.database, other.vault, media_id, b"of before")
    await other.database.close()
    backups.restore_backup(tmp_path / "b", other.folder, MASTER_KEY)
    assert (other.folder / "replaced-1" / "vault" / name).exists()
    assert not (other.folder / "vault" / name).exists()
    aside = await _open(other.folder / "replaced-1")
    file = await aside.database.read(lambda tx: media.get(tx, media_id))
    assert file.kept is not None
    assert [piece async for piece in aside.vault.read(file.kept)] == [b"of before"]
    await aside.database.close()


async def test_data_from_before_there_were_files_can_be_backed_up(house: House, tmp_path: Path) -> None:
    """A newer program makes the backup that an upgrade begins with."""
    await house.database.write(lambda tx: tx.run("DROP TABLE media"))
    backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    assert (tmp_path / "b").exists()


async def test_a_backup_says_what_it_lacks(house: House, tmp_path: Path) -> None:
    """A vault that is not there any more must not look like a complete backup; what is known to be lost is no news."""
    assert backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY) == []
    (first, _), (second, _) = await _files(house)
    for file in (first, second):
        assert file.kept is not None
        (house.folder / "vault" / file.kept.name).unlink()
    lacking = backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    owners = [f"message {each.message_id}" for each in (first, second)]
    assert [(file.owner, file.why) for file in lacking] == [(owner, None) for owner in owners]
    kept = first.kept
    assert kept is not None
    await house.database.write(lambda tx: media.mark_lost(tx, first.id, kept, "failed", now=NOON))
    assert backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY) == [lacking[1]]


async def test_a_file_that_cannot_be_read_costs_a_backup_nothing_else(house: House, tmp_path: Path) -> None:
    """The backup is whole but for that file, says which one it is and why, and comes back with the others."""
    (first, _), _ = await _files(house)
    assert first.kept is not None
    path = house.folder / "vault" / first.kept.name
    path.unlink()
    path.mkdir()
    (lacking,) = backups.write_backup(house.folder, tmp_path / "b", MASTER_KEY)
    assert lacking == (first.kept.name, f"message {first.message_id}", "Is a directory")
    assert backups.restore_backup(tmp_path / "b", tmp_path / "new", MASTER_KEY).lost_files == 1
    new = await _open(tmp_path / "new")
    (lost, _), (kept, content) = await _files(new)
    assert (lost.state, kept.state, content) == ("waiting", "stored", CONTENT + b"wamid.2")
    await new.database.close()
