import json
from pathlib import Path

import pytest

from tests.storage.disks import full_disk, holds
from wabridge.errors import StartError, StorageUnavailable, WrongKey
from wabridge.storage.keyring import NAMES, Keyring

MASTER = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the keyring is."""
    return tmp_path / "data" / "keyring"


def test_keys_are_random_and_stay(path: Path) -> None:
    """The first opening makes different keys, every later one returns them."""
    made = Keyring.open_or_create(path, MASTER)
    again = Keyring.open_or_create(path, MASTER)
    assert [made.get(name) for name in NAMES] == [again.get(name) for name in NAMES]
    assert len({made.get(name) for name in NAMES}) == len(NAMES)
    assert all(len(made.get(name)) == 32 for name in NAMES)


def test_the_file_holds_no_key_and_is_for_the_owner_only(path: Path) -> None:
    """Neither the keys nor the master key are in the file, nobody else may read it, and nothing else is left."""
    keyring = Keyring.open_or_create(path, MASTER)
    for secret in (MASTER, *(keyring.get(name) for name in NAMES)):
        assert not holds(path.parent, secret)
        assert not holds(path.parent, secret.hex().encode())
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keyring"]
    assert not any(keyring.get(name).hex() in repr(keyring) for name in NAMES)


def test_another_master_key_opens_nothing(path: Path) -> None:
    """A wrong or malformed master key is refused and changes nothing."""
    Keyring.open_or_create(path, MASTER)
    before = path.read_bytes()
    for wrong in (bytes(32), b"short", b""):
        with pytest.raises(WrongKey):
            Keyring.open_or_create(path, wrong)
    assert path.read_bytes() == before


def test_a_key_cannot_be_passed_off_as_another(path: Path) -> None:
    """Swapping two sealed keys, or changing a version, is noticed."""
    Keyring.open_or_create(path, MASTER)
    table = json.loads(path.read_bytes())
    first, second = table["keys"][:2]
    first["sealed"], second["sealed"] = second["sealed"], first["sealed"]
    path.write_text(json.dumps(table))
    with pytest.raises(WrongKey):
        Keyring.open(path, MASTER)
    first["sealed"], second["sealed"] = second["sealed"], first["sealed"]
    first["version"] = 2
    path.write_text(json.dumps(table))
    with pytest.raises(WrongKey):
        Keyring.open(path, MASTER)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b'{"format": "wabridge keyring 9"}', b'{"format": "wabridge keyring 1", "keys": [1]}'],
)
def test_a_damaged_keyring_is_refused(path: Path, content: bytes) -> None:
    """A keyring that cannot be read is an error for a person, never a reason to make another."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(WrongKey):
        Keyring.open_or_create(path, MASTER)
    assert path.read_bytes() == content


def test_a_key_of_a_newer_wabridge_is_added(path: Path) -> None:
    """A keyring from before a key was introduced gets that key and keeps the others."""
    made = Keyring.open_or_create(path, MASTER)
    table = json.loads(path.read_bytes())
    table["keys"] = [entry for entry in table["keys"] if entry["name"] != "sessions"]
    path.write_text(json.dumps(table))
    again = Keyring.open_or_create(path, MASTER)
    assert again.get("database") == made.get("database")
    assert Keyring.open(path, MASTER).get("sessions") == again.get("sessions")


def test_a_missing_keyring_is_not_made_by_opening(path: Path) -> None:
    """Opening a keyring that must exist makes none."""
    with pytest.raises(StorageUnavailable):
        Keyring.open(path, MASTER)
    assert not path.exists()


def test_no_keyring_is_made_beside_a_database(path: Path) -> None:
    """What a lost keyring opened, another one does not open: only a person can put it back."""
    path.parent.mkdir()
    path.with_name("wabridge.db").touch()
    with pytest.raises(StartError, match="put it back"):
        Keyring.open_or_create(path, MASTER)
    assert not path.exists()


def test_a_full_disk_leaves_no_half_keyring(path: Path) -> None:
    """A keyring that could not be written whole is not there at all."""
    with full_disk(10), pytest.raises(StorageUnavailable):
        Keyring.open_or_create(path, MASTER)
    assert not path.exists()
    assert Keyring.open_or_create(path, MASTER).get("database")
