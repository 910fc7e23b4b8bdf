import asyncio
import json
import signal
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from tests.arrivals import ADA
from tests.clocks import NOON
from tests.outbound import LAWYER
from tests.storage.disks import full_disk, holds
from wabridge.errors import (
    AlreadyRunning,
    BackupUnusable,
    NewerSchema,
    StartError,
    StorageUnavailable,
    WabridgeError,
    WrongKey,
)
from wabridge.model.ids import MessageId
from wabridge.storage import backup as backups
from wabridge.storage import contacts, conversations, facts, numbers, outbox, replacement
from wabridge.storage.cipher import WRITER, connect
from wabridge.storage.database import Database, Transaction
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock
from wabridge.storage.outbox import OutboundRow

MASTER = bytes(range(64, 96))
CANARY = "Perjanjian rahasia Pak Budi"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder."""
    return tmp_path / "data"


@pytest.fixture
async def served(folder: Path) -> AsyncIterator[Database]:
    """The database of a running server."""
    opened = await _open(folder)
    await opened.write(lambda tx: facts.set_(tx, "canary", CANARY))
    yield opened
    await opened.close()


async def _open(folder: Path) -> Database:
    key = Keyring.open_or_create(folder / "keyring", MASTER).get("database")
    return await Database.open(folder / "wabridge.db", key)


async def _facts(folder: Path) -> dict[str, str]:
    """Return the facts in a data folder as the next start would find them."""
    with DataLock(folder):
        database = await _open(folder)
        rows = await database.read(lambda tx: {row["name"]: row["value"] for row in tx.all("SELECT * FROM fact")})
        await database.close()
    return rows


async def _make(folder: Path, word: str) -> None:
    """Make a data folder in which a fact says a word."""
    database = await _open(folder)
    await database.write(lambda tx: facts.set_(tx, "canary", word))
    await database.close()


async def test_a_backup_of_a_running_server_restores_elsewhere(served: Database, folder: Path, tmp_path: Path) -> None:
    """What was committed before the backup is in it; the restored folder has the same data and a new epoch."""
    backups.write_backup(folder, tmp_path / "office.wabackup", MASTER)
    await served.write(lambda tx: facts.set_(tx, "later", "not in it"))
    before = await served.read(lambda tx: facts.find(tx, "epoch"))
    epoch, lost_files = backups.restore_backup(tmp_path / "office.wabackup", tmp_path / "new", MASTER)
    assert lost_files == 0
    restored = await _facts(tmp_path / "new")
    assert restored["canary"] == CANARY
    assert "later" not in restored
    assert restored["epoch"] == epoch != before


async def test_a_backup_is_taken_while_others_write(served: Database, folder: Path, tmp_path: Path) -> None:
    """Writes go on during the copy, and the copy is one moment of the database."""

    def pair(tx: Transaction, n: int) -> None:
        facts.set_(tx, "left", str(n))
        facts.set_(tx, "right", str(n))

    writing = asyncio.create_task(asyncio.to_thread(backups.write_backup, folder, tmp_path / "b", MASTER))
    n = 0
    while not writing.done():
        await served.write(partial(pair, n=n))
        n += 1
    await writing
    backups.restore_backup(tmp_path / "b", tmp_path / "new", MASTER)
    restored = await _facts(tmp_path / "new")
    assert restored.get("left") == restored.get("right")
    assert n > 0


@pytest.mark.usefixtures("served")
def test_a_backup_holds_nothing_readable(folder: Path, tmp_path: Path) -> None:
    """Neither content nor any key is in the file; nobody else may read it; no other file is left behind."""
    target = tmp_path / "office.wabackup"
    backups.write_backup(folder, target, MASTER)
    key = Keyring.open(folder / "keyring", MASTER).get("database")
    for secret in (CANARY.encode(), MASTER, MASTER.hex().encode(), key, key.hex().encode(), b"SQLite format 3"):
        assert not holds(tmp_path, secret)
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "office.wabackup"]
    with tarfile.open(target) as tar:
        assert tar.getnames() == ["contents.json", "keyring", "wabridge.db"]


@pytest.mark.usefixtures("served")
def test_a_backup_that_fails_leaves_the_earlier_one(folder: Path, tmp_path: Path) -> None:
    """On a full disk the target keeps what it was and nothing half written is left."""
    target = tmp_path / "office.wabackup"
    backups.write_backup(folder, target, MASTER)
    earlier = target.read_bytes()
    with full_disk(50_000), pytest.raises(StorageUnavailable):
        backups.write_backup(folder, target, MASTER)
    assert target.read_bytes() == earlier
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "office.wabackup"]


@pytest.mark.usefixtures("served")
def test_a_backup_replaces_nothing_but_a_backup(folder: Path, tmp_path: Path) -> None:
    """Named by mistake, the master key or the database itself stays what it is; an earlier backup is replaced."""
    key = tmp_path / "master.key"
    key.write_text(MASTER.hex())
    for target in (key, folder / "wabridge.db", folder / "keyring", tmp_path):
        with pytest.raises(BackupUnusable, match="is not a backup"):
            backups.write_backup(folder, target, MASTER)
    assert key.read_text() == MASTER.hex()
    for _ in range(2):
        backups.write_backup(folder, tmp_path / "office.wabackup", MASTER)


async def test_restoring_keeps_what_was_there(folder: Path, tmp_path: Path) -> None:
    """The replaced database opens from where it was put aside, and an old log is not applied to the new database."""
    await _make(folder, "old")
    backups.write_backup(folder, tmp_path / "b", MASTER)
    await _make(folder, "newer")
    (folder / "wabridge.db-wal").write_bytes(b"stale log")
    backups.restore_backup(tmp_path / "b", folder, MASTER)
    assert (await _facts(folder))["canary"] == "old"
    assert (folder / "replaced-1" / "wabridge.db-wal").read_bytes() == b"stale log"
    (folder / "replaced-1" / "wabridge.db-wal").unlink()
    assert (await _facts(folder / "replaced-1"))["canary"] == "newer"
    backups.restore_backup(tmp_path / "b", folder, MASTER)
    assert (folder / "replaced-2" / "wabridge.db").exists()


async def test_what_waited_in_a_backup_is_not_sent_again(folder: Path, tmp_path: Path) -> None:
    """What was pending when the backup was made may have been sent since: after a restore a person decides."""

    def queue(tx: Transaction) -> MessageId:
        number_id = numbers.ensure(tx, "1")
        contact_id = contacts.add(tx, ADA, standing="lead", now=NOON)
        conversation_id = conversations.ensure(tx, number_id, contact_id=contact_id, now=NOON)
        return outbox.add_outbound(tx, OutboundRow(conversation_id, number_id, "Halo", LAWYER), now=NOON)

    database = await _open(folder)
    message_id = await database.write(queue)
    await database.close()
    backups.write_backup(folder, tmp_path / "office.wabackup", MASTER)
    backups.restore_backup(tmp_path / "office.wabackup", folder, MASTER)
    database = await _open(folder)
    state = await database.read(lambda tx: outbox.find_state(tx, message_id))
    await database.close()
    assert state is not None
    assert (state.status, state.hold) == ("pending", "restored")


async def test_a_backup_with_another_database_key_restores(folder: Path, tmp_path: Path) -> None:
    """Database and keyring come in together: a folder with other keys takes the backup's keys."""
    await _make(folder, "one")
    await _make(tmp_path / "other", "two")
    backups.write_backup(folder, tmp_path / "b", MASTER)
    backups.restore_backup(tmp_path / "b", tmp_path / "other", MASTER)
    assert (await _facts(tmp_path / "other"))["canary"] == "one"


async def test_nothing_is_restored_under_a_running_server(folder: Path, tmp_path: Path) -> None:
    """While the lock is held a restore is refused before anything is read."""
    await _make(folder, "old")
    backups.write_backup(folder, tmp_path / "b", MASTER)
    with DataLock(folder), pytest.raises(AlreadyRunning):
        backups.restore_backup(tmp_path / "b", folder, MASTER)


def _wrong_master(backup: Path) -> bytes:
    del backup
    return bytes(32)


def _absent(backup: Path) -> bytes:
    backup.unlink()
    return MASTER


def _not_a_backup(backup: Path) -> bytes:
    backup.write_bytes(b"x" * 100_000)
    return MASTER


def _empty(backup: Path) -> bytes:
    backup.write_bytes(b"")
    return MASTER


def _cut_short(backup: Path) -> bytes:
    backup.write_bytes(backup.read_bytes()[:60_000])
    return MASTER


def _one_byte_changed(backup: Path) -> bytes:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    backup.write_bytes(content)
    return MASTER


def _repacked(backup: Path, change: Callable[[Path], None]) -> bytes:
    """Change a part and pack it again as if it had always been so."""
    room = backup.with_suffix(".room")
    room.mkdir()
    with tarfile.open(backup) as tar:
        for name in ("keyring", "wabridge.db"):
            part = tar.extractfile(name)
            assert part is not None
            (room / name).write_bytes(part.read())
    change(room)
    backup.unlink()
    backups.pack(room, backup, vault=room)
    return MASTER


def _another_keyring(backup: Path) -> bytes:
    def change(room: Path) -> None:
        (room / "keyring").unlink()
        Keyring.open_or_create(room / "new" / "keyring", MASTER)
        (room / "new" / "keyring").rename(room / "keyring")

    return _repacked(backup, change)


def _a_damaged_page(backup: Path) -> bytes:
    def change(room: Path) -> None:
        with (room / "wabridge.db").open("r+b") as file:
            file.seek(100_000)
            file.write(b"damage")

    return _repacked(backup, change)


def _a_newer_schema(backup: Path) -> bytes:
    def change(room: Path) -> None:
        key = Keyring.open(room / "keyring", MASTER).get("database")
        with closing(connect(room / "wabridge.db", key, WRITER)) as raw:
            raw.execute("PRAGMA user_version = 999")

    return _repacked(backup, change)


def _a_dangling_reference(backup: Path) -> bytes:
    def change(room: Path) -> None:
        key = Keyring.open(room / "keyring", MASTER).get("database")
        with closing(connect(room / "wabridge.db", key, WRITER)) as raw:
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("INSERT INTO webhook_repeat (webhook_id, arrived_at) VALUES (99, 1)")

    return _repacked(backup, change)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_wrong_master, WrongKey),
        (_absent, BackupUnusable),
        (_not_a_backup, BackupUnusable),
        (_empty, BackupUnusable),
        (_cut_short, BackupUnusable),
        (_one_byte_changed, BackupUnusable),
        (_another_keyring, WrongKey),
        (_a_damaged_page, BackupUnusable),
        (_a_newer_schema, NewerSchema),
        (_a_dangling_reference, BackupUnusable),
    ],
)
async def test_a_bad_backup_changes_nothing(
    folder: Path, tmp_path: Path, spoil: Callable[[Path], bytes], error: type[WabridgeError]
) -> None:
    """A backup that is damaged, foreign, too new or not sound is refused, and the folder stays as it was."""
    await _make(folder, "present")
    backups.write_backup(folder, tmp_path / "b", MASTER)
    master_key = spoil(tmp_path / "b")
    before = _contents(folder)
    with pytest.raises(error):
        backups.restore_backup(tmp_path / "b", folder, master_key)
    assert _contents(folder) == before
    assert (await _facts(folder))["canary"] == "present"


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


@pytest.mark.parametrize("survived_steps", range(10))
async def test_a_restore_killed_between_its_steps_is_finished_by_the_next_start(
    folder: Path, tmp_path: Path, survived_steps: int
) -> None:
    """After any number of steps the next holder of the lock finds the new data complete and the old put aside."""
    await _make(folder, "old")
    await _make(tmp_path / "other", "new")
    (folder / "wabridge.db-wal").write_bytes(b"stale log")
    ready = folder / ".restore-ready"
    ready.mkdir()
    for name in ("keyring", "wabridge.db"):
        (tmp_path / "other" / name).rename(ready / name)
    for where, word in ((folder, "old"), (ready, "new")):
        (where / "vault").mkdir()
        (where / "vault" / word).write_text(word)
    replacement.decide(folder, ready)
    for _ in islice(replacement.steps(folder), survived_steps):
        pass
    if replacement.is_unfinished(folder):
        with pytest.raises(StartError):
            Keyring.open_or_create(folder / "keyring", MASTER)
    assert (await _facts(folder))["canary"] == "new"
    assert [path.name for path in (folder / "vault").iterdir()] == ["new"]
    assert [path.name for path in (folder / "replaced-1" / "vault").iterdir()] == ["old"]
    (folder / "replaced-1" / "wabridge.db-wal").unlink()
    assert (await _facts(folder / "replaced-1"))["canary"] == "old"
    assert not replacement.is_unfinished(folder)


@pytest.mark.parametrize("moment", [4, 7, 11, 12, 14, 17, 20, 23, 26, 29])
async def test_a_restore_killed_at_any_moment_leaves_one_or_the_other(
    folder: Path, tmp_path: Path, moment: int
) -> None:
    """After `kill -9` on the way the next start finds the old data or the new, whole, and a restore can be repeated."""
    await _make(tmp_path / "other", "new")
    backups.write_backup(tmp_path / "other", tmp_path / "b", MASTER)
    await _make(folder, "old")
    _restore_and_die(tmp_path / "b", folder, moment)
    assert (await _facts(folder))["canary"] in ("old", "new")
    backups.restore_backup(tmp_path / "b", folder, MASTER)
    assert (await _facts(folder))["canary"] == "new"
    assert not _leftovers(folder)


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


RESTORE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from wabridge.storage import backup

backup_file, folder, moment = Path(sys.argv[1]), sys.argv[2], int(sys.argv[4])
seen = 0

def watch(event, arguments):
    global seen
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and str(arguments[0]).startswith(folder):
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
backup.restore_backup(backup_file, Path(folder), bytes.fromhex(sys.argv[3]))
"""


def _restore_and_die(backup: Path, folder: Path, moment: int) -> None:
    """Run a restore that is killed as it touches the data folder for the nth time."""
    command = [sys.executable, "-c", RESTORE_AND_DIE, str(backup), str(folder), MASTER.hex(), str(moment)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


def test_contents_are_described(tmp_path: Path) -> None:
    """The file says which format it has, so that a later wabridge can still read it."""
    asyncio.run(_make(tmp_path / "data", "x"))
    backups.write_backup(tmp_path / "data", tmp_path / "b", MASTER)
    with tarfile.open(tmp_path / "b") as tar:
        contents = tar.extractfile("contents.json")
        assert contents is not None
        assert json.load(contents)["format"] == "wabridge backup 1"
