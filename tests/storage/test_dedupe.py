import asyncio
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.storage.disks import full_disk, holds
from wabridge.model.ids import WebhookId
from wabridge.storage.dedupe import BodyCache

KEY = bytes(range(32))
DIGEST = sha256(b"a body").digest()
OTHER = sha256(b"another body").digest()
SEVEN = WebhookId(7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cache is."""
    return tmp_path / "cache"


def _remember(folder: Path, *, key: bytes = KEY, epoch: str = "e1") -> None:
    bodies = BodyCache(folder, key, epoch)
    bodies.remember(DIGEST, SEVEN)
    bodies.close()


def _find(folder: Path, *, key: bytes = KEY, epoch: str = "e1", newest: int | None = None) -> WebhookId | None:
    bodies = BodyCache(folder, key, epoch, newest=newest)
    found = bodies.find(DIGEST)
    bodies.close()
    return found


def test_a_body_is_known_at_once_and_after_a_restart(folder: Path) -> None:
    """What was remembered is found before it is written, and by the next process."""
    bodies = BodyCache(folder, KEY, "e1")
    assert bodies.find(DIGEST) is None
    bodies.remember(DIGEST, SEVEN)
    assert bodies.find(DIGEST) == 7
    assert bodies.find(OTHER) is None
    bodies.close()
    assert _find(folder) == 7


async def test_a_body_is_known_while_and_after_it_is_written(folder: Path) -> None:
    """There is no moment at which a remembered body is not found."""
    bodies = BodyCache(folder, KEY, "e1")
    digests = [sha256(str(n).encode()).digest() for n in range(1, 1201)]
    for n, digest in enumerate(digests, start=1):
        bodies.remember(digest, WebhookId(n))
    writing = asyncio.create_task(bodies.flush())
    while not writing.done():
        assert bodies.find(digests[0]) == 1
        await asyncio.sleep(0)
    assert [bodies.find(digest) for digest in digests] == list(range(1, 1201))
    bodies.close()


async def test_the_background_task_writes(folder: Path) -> None:
    """What is remembered reaches the disk without anybody asking."""
    bodies = BodyCache(folder, KEY, "e1")
    task = asyncio.create_task(bodies.run())
    bodies.remember(DIGEST, SEVEN)
    async with asyncio.timeout(10):
        while _rows(folder) == 0:  # noqa: ASYNC110  # a file rings no bell
            await asyncio.sleep(0.01)
    task.cancel()
    bodies.close()
    assert _find(folder) == 7


def _rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cache.db")) as raw:
        (rows,) = raw.execute("SELECT count(*) FROM Cache").fetchone()
    return int(rows)


def test_another_history_of_the_database_knows_nothing_of_it(folder: Path) -> None:
    """After a restore, which begins a new epoch, no body is called known."""
    _remember(folder)
    assert _find(folder, epoch="e2") is None
    assert _find(folder, key=bytes(32)) is None
    assert _find(folder, epoch="e1") == 7


def test_a_database_older_than_the_cache_makes_the_cache_start_empty(folder: Path) -> None:
    """If an old database file was put back by hand, what came after it is not called known."""
    _remember(folder)
    assert _find(folder, newest=7) == 7
    assert _find(folder, newest=6) is None
    assert _find(folder, newest=7) is None


def test_a_cache_that_cannot_be_set_aside_is_not_used(folder: Path) -> None:
    """What knows bodies that the database does not hold is believed by nobody, even if it stays where it is."""
    _remember(folder)
    folder.with_name("cache.aside").write_text("in the way")
    assert _find(folder, newest=6) is None
    assert folder.exists()


def test_nothing_in_the_folder_tells_which_bodies_came(folder: Path) -> None:
    """Neither digests nor keys nor the epoch are in any file."""
    _remember(folder)
    for secret in (DIGEST, KEY, DIGEST.hex().encode(), b"e1\0"):
        assert not holds(folder, secret)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _fill_with_garbage(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"garbage" * 3000)


def _cut_short(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


def _drop_tables(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "cache.db")) as raw:
        raw.execute("DROP TABLE Cache")


def _turn_into_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"not a folder")


DAMAGE = pytest.mark.parametrize(
    "damage", [_delete, _fill_with_garbage, _cut_short, _drop_tables, _turn_into_a_file], ids=lambda d: d.__name__[1:]
)


@DAMAGE
def test_a_damaged_folder_starts_empty(folder: Path, damage: Callable[[Path], None]) -> None:
    """Whatever was done to the folder while nobody looked, the cache opens, empty, and works."""
    _remember(folder)
    damage(folder)
    assert _find(folder) is None
    _remember(folder)
    assert _find(folder) == 7


@DAMAGE
async def test_a_folder_damaged_at_work_costs_its_entries_only(folder: Path, damage: Callable[[Path], None]) -> None:
    """Whatever is done to the folder of a running program, asking never raises, and new entries are kept again."""
    bodies = BodyCache(folder, KEY, "e1")
    bodies.remember(DIGEST, SEVEN)
    await bodies.flush()
    damage(folder)
    assert bodies.find(DIGEST) in (None, 7)
    assert bodies.find(OTHER) is None
    for _ in range(3):
        bodies.remember(OTHER, WebhookId(8))
        await bodies.flush()
        assert bodies.find(OTHER) == 8
    bodies.close()
    reopened = BodyCache(folder, KEY, "e1")
    assert reopened.find(OTHER) == 8
    reopened.close()


async def test_a_full_disk_is_survived(folder: Path) -> None:
    """While nothing can be written the cache works from memory, and writes again later."""
    bodies = BodyCache(folder, KEY, "e1")
    with full_disk(0):
        for n in range(3):
            bodies.remember(DIGEST, SEVEN)
            await bodies.flush()
            assert bodies.find(DIGEST) == 7, n
    for _ in range(50):
        await bodies.flush()
    bodies.close()
    assert _find(folder) == 7


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("UPDATE Cache SET mode = 4, value = ?", pickle.dumps(7)),
        ("UPDATE Cache SET mode = 2, filename = ?", "../victim"),
        ("UPDATE Cache SET value = ?", "7"),
        ("UPDATE Cache SET value = ?", 7.0),
    ],
)
def test_a_row_somebody_else_wrote_is_not_believed(folder: Path, tmp_path: Path, change: str, value: object) -> None:
    """A pickle, a file's name or another type in a row is never read, run or followed."""
    (tmp_path / "victim").write_bytes(b"7")
    _remember(folder)
    with closing(sqlite3.connect(folder / "cache.db")) as raw, raw:
        raw.execute(change, (value,))
    assert _find(folder) is None
    _remember(folder)
    assert (tmp_path / "victim").exists()
