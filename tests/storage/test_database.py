import asyncio
import logging
import random
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import DATABASE_KEY
from tests.storage import probes
from tests.storage.disks import full_disk, holds
from wabridge.errors import (
    ConstraintViolated,
    NewerSchema,
    OlderSchema,
    PlaintextDatabase,
    StorageUnavailable,
    WrongKey,
)
from wabridge.storage import facts
from wabridge.storage.cipher import WRITER, connect, statements
from wabridge.storage.database import Database, Transaction

CANARY = "Kesaksian rahasia Ibu Sari"


async def test_what_is_written_is_there_after_opening_again(data_folder: Path) -> None:
    """A committed write survives closing; the epoch is made once and stays."""
    database = await Database.open(probes.path(data_folder), DATABASE_KEY)
    epoch = await database.read(lambda tx: facts.find(tx, "epoch"))
    await database.write(lambda tx: probes.set_(tx, "kept"))
    await database.close()
    database = await Database.open(probes.path(data_folder), DATABASE_KEY)
    assert await probes.find(database) == "kept"
    assert await database.read(lambda tx: facts.find(tx, "epoch")) == epoch
    assert epoch is not None
    await database.close()


@pytest.mark.usefixtures("database")
def test_files_are_for_the_owner_only(data_folder: Path) -> None:
    """Folder, database, log and index are closed to everybody else."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in (data_folder, *data_folder.iterdir())}
    assert modes == {
        "data": 0o700,
        "wabridge.db": 0o600,
        "wabridge.db-wal": 0o600,
        "wabridge.db-shm": 0o600,
        "wabridge.db-made": 0o600,
    }


async def test_nothing_readable_reaches_a_file(database: Database, data_folder: Path) -> None:
    """Neither the database nor its log holds anything that was written, before and after the log is copied."""
    await database.write(lambda tx: probes.set_(tx, CANARY))
    assert not holds(data_folder, CANARY.encode())
    await database.checkpoint()
    await database.checkpoint()
    assert not holds(data_folder, CANARY.encode())
    assert not holds(data_folder, b"SQLite format 3")
    assert not holds(data_folder, b"CREATE TABLE")


async def test_the_log_at_debug_holds_nothing_readable(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Even with every logger at DEBUG no parameter of a statement and no key is printed."""
    caplog.set_level(logging.DEBUG)
    await database.write(partial(probes.set_, value=CANARY))
    with pytest.raises(ConstraintViolated):
        await database.write(partial(probes.set_, value=f"{CANARY} \ud83d"))
    assert CANARY not in caplog.text
    assert DATABASE_KEY.hex() not in caplog.text


async def test_a_plaintext_database_is_refused(data_folder: Path) -> None:
    """A database that is not encrypted is never opened."""
    _make_plaintext(data_folder)
    with pytest.raises(PlaintextDatabase):
        await Database.open(probes.path(data_folder), DATABASE_KEY)


def _make_plaintext(data_folder: Path) -> None:
    data_folder.mkdir()
    with closing(sqlite3.connect(probes.path(data_folder))) as plain:
        plain.execute("CREATE TABLE t (a)")


async def test_a_wrong_key_is_refused(database: Database, data_folder: Path) -> None:
    """Another key opens nothing, and says so in our words."""
    with pytest.raises(WrongKey):
        await Database.open(probes.path(data_folder), bytes(32))


async def test_a_newer_schema_is_refused(database: Database, data_folder: Path) -> None:
    """A database that a newer wabridge has written is left alone."""
    with closing(connect(probes.path(data_folder), DATABASE_KEY, WRITER)) as raw:
        raw.execute("PRAGMA user_version = 999")
    with pytest.raises(NewerSchema):
        await Database.open(probes.path(data_folder), DATABASE_KEY)


async def test_a_command_does_not_migrate_beside_an_older_server(database: Database, data_folder: Path) -> None:
    """Whoever comes beside a running server leaves an older schema alone and says so."""
    with closing(connect(probes.path(data_folder), DATABASE_KEY, WRITER)) as raw:
        raw.execute("PRAGMA user_version = 0")
    with pytest.raises(OlderSchema, match="restart"):
        await Database.open(probes.path(data_folder), DATABASE_KEY, migrates=False)


async def test_pragmas_are_what_durability_needs(database: Database) -> None:
    """Commits are synced, old content is overwritten, foreign keys and triggers hold, temporary data is in memory."""

    def look(tx: Transaction) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "recursive_triggers", "temp_store")
        values = [tx.one(f"PRAGMA {name}") for name in (*names, "wal_autocheckpoint", "trusted_schema")]
        return {name: row[0] for name, row in zip((*names, "auto", "trusted"), values, strict=True) if row is not None}

    assert await database.write(look) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "temp_store": 2,
        "auto": 0,
        "trusted": 0,
    }


async def test_an_exception_of_the_work_undoes_it(database: Database) -> None:
    """Whatever the function raises comes out as it is, and nothing of what it did remains."""

    def work(tx: Transaction) -> None:
        probes.set_(tx, "half")
        raise KeyError("its own")

    with pytest.raises(KeyError, match="its own"):
        await database.write(work)
    assert await probes.find(database) is None


async def test_a_savepoint_undoes_its_block_alone(database: Database) -> None:
    """What came before a savepoint stays when the block in it fails."""

    def work(tx: Transaction) -> None:
        probes.set_(tx, "before")
        with pytest.raises(ConstraintViolated):
            fail(tx)

    def fail(tx: Transaction) -> None:
        with tx.savepoint():
            probes.set_(tx, "inside")
            tx.run("INSERT INTO webhook_repeat (webhook_id, arrived_at) VALUES (1, 'never')")

    await database.write(work)
    assert await probes.find(database) == "before"


async def test_work_that_would_wait_is_refused(database: Database) -> None:
    """A coroutine or a generator cannot be a transaction: it would run after COMMIT."""

    async def coroutine(tx: Transaction) -> None: ...

    def generator(tx: Transaction) -> Iterator[None]:
        probes.set_(tx, "late")
        yield

    made = []

    def make(tx: Transaction) -> object:
        made.append(coroutine(tx))
        return made[0]

    with pytest.raises(TypeError):
        await database.write(make)
    made[0].close()
    with pytest.raises(TypeError):
        await database.write(generator)
    assert await probes.find(database) is None


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("INSERT INTO fact (name, value) VALUES ('a', ?)", (None,)),
        ("INSERT INTO fact (name, value) VALUES ('epoch', 'x')", ()),
        ("INSERT INTO refusal (minute, refused) VALUES (?, 1)", (2**70,)),
        ("INSERT INTO fact (name, value) VALUES ('a', ?)", ("half \ud83d",)),
        ("INSERT INTO fact (name, value) VALUES ('a', ?)", (b"bytes",)),
        ("INSERT INTO refusal (minute, refused) VALUES ('word', 1)", ()),
        ("INSERT INTO webhook_repeat (webhook_id, arrived_at) VALUES (77, 1)", ()),
        ("INSERT INTO staff (login, name, role, language, created_at) VALUES ('a', 'a', 'king', 'id', 1)", ()),
    ],
)
async def test_a_row_that_does_not_fit_is_a_fault_of_that_row(
    database: Database, sql: str, params: tuple[object, ...]
) -> None:
    """NULLs, repeats, huge numbers, half characters, wrong types, dangling references: refused, nothing changed."""

    def work(tx: Transaction) -> None:
        probes.set_(tx, "half")
        tx.run(sql, params)

    with pytest.raises(ConstraintViolated):
        await database.write(work)
    assert await probes.find(database) is None
    assert database.failing_since is None


async def test_the_text_that_cannot_be_encoded_is_not_in_the_error(database: Database) -> None:
    """An error about a text never carries the text."""
    with pytest.raises(ConstraintViolated) as caught:
        await database.write(lambda tx: probes.set_(tx, f"{CANARY} \ud83d"))
    assert caught.value.__cause__ is None
    assert CANARY not in str(caught.value)


async def test_a_mistake_in_sql_stays_a_mistake(database: Database) -> None:
    """Bad SQL is a fault of the program, never taken for a failing disk."""
    with pytest.raises(Exception, match="syntax error") as caught:
        await database.write(lambda tx: tx.run("SELEC"))
    assert not isinstance(caught.value, StorageUnavailable)
    assert database.failing_since is None


async def test_reading_sees_one_moment(database: Database) -> None:
    """A read sees a write that was finished before it, and none that comes in between."""
    await database.write(lambda tx: probes.set_(tx, "one"))
    loop = asyncio.get_running_loop()

    def look(tx: Transaction) -> tuple[str | None, str | None]:
        first = facts.find(tx, "probe")
        asyncio.run_coroutine_threadsafe(database.write(lambda tx: probes.set_(tx, "two")), loop).result()
        return first, facts.find(tx, "probe")

    assert await database.read(look) == ("one", "one")
    assert await probes.find(database) == "two"


async def test_a_read_cannot_write(database: Database) -> None:
    """Work given to read() that writes is a fault of the program, and changes nothing."""
    with pytest.raises(RuntimeError):
        await database.read(lambda tx: probes.set_(tx, "sneaky"))
    assert await probes.find(database) is None


async def test_fifty_writers_and_the_door_all_get_through(database: Database) -> None:
    """Writes at the same time are all made, each of them once."""

    def count(tx: Transaction, name: str) -> None:
        facts.set_(tx, name, str(int(facts.find(tx, name) or "0") + 1))

    await asyncio.gather(
        *(database.write(lambda tx: count(tx, "workers")) for _ in range(50)),
        *(database.write(lambda tx: count(tx, "door"), urgent=True) for _ in range(50)),
    )
    assert await database.read(lambda tx: (facts.find(tx, "workers"), facts.find(tx, "door"))) == ("50", "50")


async def test_an_urgent_write_waits_for_one_worker_at_most(database: Database) -> None:
    """However many workers wait for their turn, the door is next."""
    done: list[str] = []
    workers = [asyncio.create_task(database.write(lambda tx: done.append("worker"))) for _ in range(20)]
    await asyncio.sleep(0)
    await database.write(lambda tx: done.append("door"), urgent=True)
    assert done.index("door") <= 1
    await asyncio.gather(*workers)


async def test_cancelling_leaves_whole_transactions_and_a_working_connection(database: Database) -> None:
    """Tasks cancelled at any moment have written both of two facts or neither, and the next write is not disturbed."""

    def pair(tx: Transaction, value: str) -> None:
        facts.set_(tx, "left", value)
        facts.set_(tx, "right", value)

    steps = random.Random(7)
    for n in range(60):
        tasks = [asyncio.create_task(database.write(partial(pair, value=str(n)), urgent=u)) for u in (False, True)]
        for _ in range(steps.randrange(6)):
            await asyncio.sleep(0)
        tasks[n % 2].cancel()
        await asyncio.wait(tasks)
        left, right = await database.read(lambda tx: (facts.find(tx, "left"), facts.find(tx, "right")))
        assert left == right
    await database.write(lambda tx: pair(tx, "last"))
    assert await database.read(lambda tx: facts.find(tx, "right")) == "last"


async def test_a_cancelled_read_gives_its_connection_back(database: Database) -> None:
    """After many cancelled reads there are still connections to read with."""
    for _ in range(10):
        task = asyncio.create_task(probes.find(database))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert await probes.find(database) is None


async def test_the_log_is_copied_when_quiet(database: Database, data_folder: Path) -> None:
    """A checkpoint at a quiet moment leaves nothing in the log that is not in the database file."""
    await database.write(lambda tx: probes.set_(tx, "x" * 100_000))
    assert _pages_waiting(data_folder) > 0
    await database.checkpoint()
    await database.checkpoint()
    assert _pages_waiting(data_folder) == 0


async def test_a_huge_log_is_emptied(database: Database, data_folder: Path) -> None:
    """A log beyond 64 MB is cut back to nothing although writing goes on."""
    for _ in range(7):
        await database.write(lambda tx: facts.set_(tx, "large", secrets.token_hex(5_000_000)))
    assert probes.log_bytes(data_folder) > 64 * 1024 * 1024
    await database.checkpoint()
    assert probes.log_bytes(data_folder) == 0
    await database.write(lambda tx: probes.set_(tx, "on"))
    assert await probes.find(database) == "on"


async def test_tidying_survives_a_failing_disk(database: Database, data_folder: Path) -> None:
    """The background task waits while storage fails; it neither dies nor loses anything."""
    await database.write(lambda tx: probes.set_(tx, "x" * 400_000))
    await database.checkpoint()
    with full_disk(4096), pytest.raises(StorageUnavailable):
        await database.checkpoint()
    await database.checkpoint()
    assert _pages_waiting(data_folder) == 0


def _pages_waiting(data_folder: Path) -> int:
    """Return how many pages of the log are not in the database file yet."""
    with closing(connect(data_folder / "wabridge.db", DATABASE_KEY, WRITER)) as raw:
        _, pages, copied = raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return int(pages - copied)


def test_a_step_of_the_schema_is_cut_into_its_statements() -> None:
    """A trigger with semicolons inside is one statement, and a last one without a semicolon is not lost."""
    script = (
        "-- why; and how\nCREATE TABLE a (b);\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  SELECT 1;\nEND;\nSELECT 2\n"
    )
    cut = statements(script)
    assert [statement.splitlines()[-1] for statement in cut] == [
        "CREATE TABLE a (b);",
        "END;",
        "SELECT 2",
    ]
