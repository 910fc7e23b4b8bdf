"""The one secret that is not in the data folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.storage.disks import full_disk
from wabridge.errors import StartError, StorageUnavailable
from wabridge.settings import Settings, StorageSettings
from wabridge.storage import master_key


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that was never started."""
    return Settings(folder=tmp_path)


def test_it_is_made_once(settings: Settings, tmp_path: Path) -> None:
    """The first start makes 32 random bytes for the owner alone; every later one reads them."""
    made = master_key.read_or_create(settings)
    path = tmp_path / "secrets" / "master.key"
    assert (len(made), path.stat().st_mode & 0o777) == (32, 0o600)
    assert master_key.read_or_create(settings) == made == master_key.read(settings)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_start_that_broke_off_leaves_no_half_key(settings: Settings, tmp_path: Path) -> None:
    """A key that could not be written whole is not there at all, so the next start makes one."""
    with full_disk(10), pytest.raises(StorageUnavailable, match="cannot be written"):
        master_key.read_or_create(settings)
    assert not (tmp_path / "secrets" / "master.key").exists()
    assert master_key.read_or_create(settings)


@pytest.mark.parametrize("name", ["keyring", "wabridge.db"])
def test_none_is_made_where_another_is_missing(settings: Settings, tmp_path: Path, name: str) -> None:
    """Beside a keyring or a database a missing key is an error for a person."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).touch()
    with pytest.raises(StartError, match="put your copy of it back"):
        master_key.read_or_create(settings)
    assert not (tmp_path / "secrets").exists()


def test_a_place_that_cannot_be_is_said(settings: Settings, tmp_path: Path) -> None:
    """A folder that cannot be made is one sentence, not a traceback."""
    (tmp_path / "file").touch()
    settings = replace(settings, storage=StorageSettings(key="file:file/master.key"))
    with pytest.raises(StorageUnavailable, match="cannot be made"):
        master_key.read_or_create(settings)
