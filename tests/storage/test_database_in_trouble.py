import asyncio
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.conftest import DATABASE_KEY
from tests.storage import probes
from tests.storage.disks import full_disk, locked
from wabridge.errors import (
    StartError,
    StorageDamaged,
    StorageUnavailable,
)
from wabridge.storage import facts
from wabridge.storage.database import Database, Transaction

OPENER = """
import asyncio, sys
from pathlib import Path
from wabridge.storage.database import Database
async def open_and_close():
    await (await Database.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))).close()
print("ready", flush=True)
sys.stdin.read()
asyncio.run(open_and_close())
"""
CANARY = "Kesaksian rahasia Ibu Sari"


async def test_a_locked_database_is_unavailable_soon_and_good_again_at_once(
    database: Database, data_folder: Path, fake_clock: FakeClock
) -> None:
    """While another program holds the lock, all writers hear so soon, not in turn; then they write on."""
    began = time.monotonic()
    with locked(probes.path(data_folder)):
        results = await asyncio.gather(
            *(database.write(lambda tx: probes.set_(tx, "no"), urgent=n == 0) for n in range(4)), return_exceptions=True
        )
    assert [type(result) for result in results] == [StorageUnavailable] * 4
    assert time.monotonic() - began < 2.5
    assert _failing_since(database) == fake_clock.now
    await database.probe()
    assert _failing_since(database) is None
    await database.write(lambda tx: probes.set_(tx, "yes"))
    assert await probes.find(database) == "yes"


def _failing_since(database: Database) -> datetime | None:
    return database.failing_since


async def test_a_connection_that_may_not_write_is_replaced(database: Database) -> None:
    """A write to a read-only database changes nothing; once it may be written to again that works without a restart."""
    await database.write(lambda tx: tx.one("PRAGMA query_only = ON"))
    with pytest.raises(StorageUnavailable):
        await database.write(lambda tx: probes.set_(tx, "no"))
    assert await probes.find(database) is None
    await database.write(lambda tx: probes.set_(tx, "yes"))
    assert await probes.find(database) == "yes"


async def test_a_full_disk_changes_nothing_and_is_survived(database: Database, data_folder: Path) -> None:
    """When no file can grow, a write is refused as a whole; when it can again, the same connection goes on."""
    await database.write(lambda tx: probes.set_(tx, "before"))
    with full_disk(probes.log_bytes(data_folder)):
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await database.write(lambda tx: probes.set_(tx, "no" * 5000))
        assert await probes.find(database) == "before"
        with pytest.raises(StorageUnavailable):
            await database.probe()
    await database.write(lambda tx: probes.set_(tx, "after"))
    assert await probes.find(database) == "after"


async def test_after_the_disk_filled_up_a_transaction_writes_nothing_more(database: Database) -> None:
    """SQLite has then undone everything; a function that goes on regardless changes nothing."""

    def work(tx: Transaction) -> None:
        probes.set_(tx, "first")
        with pytest.raises(StorageUnavailable), tx.savepoint():
            facts.set_(tx, "large", "x" * 500_000)
        probes.set_(tx, "second")

    await database.write(lambda tx: tx.one("PRAGMA max_page_count = 60"))
    with pytest.raises(StorageUnavailable):
        await database.write(work)
    await database.write(lambda tx: tx.one("PRAGMA max_page_count = 1000000"))
    assert await probes.find(database) is None
    await database.write(lambda tx: probes.set_(tx, "good"))
    assert await probes.find(database) == "good"


@pytest.mark.parametrize("name", ["wabridge.db", "wabridge.db-wal"])
async def test_a_file_taken_away_takes_nothing_more(database: Database, data_folder: Path, name: str) -> None:
    """Nothing is written to a file that no name leads to any more, where it would be lost; back in place it goes on."""
    _rename(data_folder / name, data_folder / "elsewhere")
    with pytest.raises(StorageUnavailable):
        await database.write(lambda tx: probes.set_(tx, "lost"), urgent=True)
    with pytest.raises(StorageUnavailable):
        await database.probe()
    _rename(data_folder / "elsewhere", data_folder / name)
    await database.probe()
    assert await probes.find(database) is None


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_lost_database_is_not_begun_anew(tmp_path: Path, *, is_gone: bool) -> None:
    """Missing or emptied since the last time, it is an error for a person, never an empty office."""
    path = tmp_path / "wabridge.db"
    database = await Database.open(path, DATABASE_KEY)
    await database.write(lambda tx: probes.set_(tx, "kept"))
    await database.close()
    _rename(path, tmp_path / "elsewhere")
    if not is_gone:
        path.touch()
    with pytest.raises(StartError, match="is missing or empty"):
        await Database.open(path, DATABASE_KEY)
    assert path.exists() is not is_gone
    _rename(tmp_path / "elsewhere", path)
    database = await Database.open(path, DATABASE_KEY)
    assert await probes.find(database) == "kept"
    await database.close()


def test_several_processes_open_a_new_database(tmp_path: Path) -> None:
    """A command beside the first start may make the database as well; the schema is made once, and both go on."""
    opening = [sys.executable, "-c", OPENER, str(tmp_path / "wabridge.db"), DATABASE_KEY.hex()]
    processes = [subprocess.Popen(opening, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()  # now, all at once
    assert [process.wait() for process in processes] == [0, 0, 0]
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()


async def test_a_first_start_that_was_killed_is_made_good(tmp_path: Path) -> None:
    """An empty file from a start that came no further is begun like none."""
    path = tmp_path / "wabridge.db"
    path.touch()
    database = await Database.open(path, DATABASE_KEY)
    await database.probe()
    await database.close()


async def test_a_damaged_file_is_called_damaged(database: Database, data_folder: Path) -> None:
    """A page that was changed from outside is never read as if it were good."""
    await database.write(lambda tx: facts.set_(tx, "long", "x" * 500_000))
    await database.checkpoint()
    await database.checkpoint()
    _damage(probes.path(data_folder), start=300_000)
    with pytest.raises(StorageDamaged):
        await database.read(lambda tx: facts.find(tx, "long"))


def _damage(path: Path, *, start: int) -> None:
    with path.open("r+b") as file:
        for at in range(start, path.stat().st_size, 4096):
            file.seek(at)
            file.write(b"damage")


def _rename(source: Path, target: Path) -> None:
    source.rename(target)
