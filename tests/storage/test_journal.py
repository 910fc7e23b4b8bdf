import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from tests.clocks import FakeClock
from tests.storage.disks import full_disk, locked
from wabridge.clock import Clock
from wabridge.errors import ConstraintViolated, NotFound, StorageUnavailable
from wabridge.model.ids import WebhookId
from wabridge.storage import journal as journals
from wabridge.storage.database import Database, Transaction
from wabridge.storage.instants import from_micros
from wabridge.storage.journal import Journal, StoredBody

NONE = WebhookId(0)


@pytest.fixture
async def journal(database: Database, clock: Clock) -> AsyncIterator[Journal]:
    """A journal at work."""
    opened = Journal(database, clock)
    task = asyncio.create_task(opened.run())
    yield opened
    await _stop(task)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _body(text: str, clock: Clock, *, headers: tuple[tuple[str, str], ...] = ()) -> StoredBody:
    body = text.encode()
    return StoredBody(body, headers, sha256(body).digest(), "127.0.0.1", "0123abcd", clock.instant())


async def _bodies(database: Database) -> list[bytes]:
    everything = partial(journals.list_after, limit=10_000, max_bytes=10**9, large_bytes=10**9)
    found = await database.read(lambda tx: everything(tx, NONE))
    return [webhook.body for webhook in found.webhooks]


async def test_what_was_added_is_stored_with_everything(journal: Journal, database: Database, clock: Clock) -> None:
    """When add returns, exact bytes, headers, three readings of the clock, digest and secret name are committed."""
    headers = (("X-Hub-Signature-256", "sha256=00"), ("X-Odd", "caf\xe9 \udcff \u20ac"))
    webhook_id = await journal.add(_body('{"a":"\\ud83d"}', clock, headers=headers))
    row = await database.read(lambda tx: tx.one("SELECT * FROM webhook WHERE id = ?", (webhook_id,)))
    assert row is not None
    assert (row["body"], row["digest"]) == (b'{"a":"\\ud83d"}', sha256(b'{"a":"\\ud83d"}').digest())
    assert tuple(map(tuple, json.loads(row["headers"]))) == headers
    assert (row["peer"], row["secret_name"], row["boot_id"]) == ("127.0.0.1", "0123abcd", "test-boot")
    assert (from_micros(row["arrived_at"]), row["monotonic_ns"]) == (clock.now(), clock.monotonic_ns())


async def test_many_at_once_share_commits_and_get_their_own_ids(
    journal: Journal, database: Database, clock: Clock
) -> None:
    """A hundred bodies at once are each stored once, under the id their request was told."""
    texts = [f"body {n}" for n in range(100)]
    ids = await asyncio.gather(*(journal.add(_body(text, clock)) for text in texts))
    for text, webhook_id in zip(texts, ids, strict=True):
        assert await database.read(partial(journals.get_body, webhook_id=webhook_id)) == text.encode()
    assert len(set(ids)) == 100


async def test_a_failed_commit_is_told_to_everyone_in_it(
    journal: Journal, database: Database, data_folder: Path, clock: Clock
) -> None:
    """While the disk is full every request hears StorageUnavailable and nothing is stored; afterwards all goes on."""
    with full_disk(_log_bytes(data_folder)):
        results = await asyncio.gather(
            *(journal.add(_body("x" * 5000 + str(n), clock)) for n in range(5)), return_exceptions=True
        )
    assert [type(result) for result in results] == [StorageUnavailable] * 5
    assert await _bodies(database) == []
    await journal.add(_body("again", clock))
    assert await _bodies(database) == [b"again"]


def _log_bytes(data_folder: Path) -> int:
    return (data_folder / "wabridge.db-wal").stat().st_size


async def test_a_locked_database_is_told_soon(journal: Journal, data_folder: Path, clock: Clock) -> None:
    """While another program locks the database, a request hears so after a second, not never."""
    with locked(data_folder / "wabridge.db"), pytest.raises(StorageUnavailable):
        async with asyncio.timeout(3):
            await journal.add(_body("x", clock))


async def test_a_request_given_up_costs_the_others_nothing(journal: Journal, database: Database, clock: Clock) -> None:
    """Cancelled requests lose no other body, and their own is stored whole or not at all."""
    tasks = [asyncio.create_task(journal.add(_body(f"body {n}", clock))) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.wait(tasks)
    stored = set(await _bodies(database))
    assert {f"body {n}".encode() for n in range(1, 20, 2)} <= stored


async def test_one_body_that_cannot_be_stored_is_refused_alone(
    journal: Journal, database: Database, clock: Clock
) -> None:
    """A row the schema refuses costs none of those that share its commit."""
    poison = _body("poison", replace(clock, boot_id="half \ud83d"))
    results = await asyncio.gather(
        *(journal.add(body) for body in (_body("a", clock), poison, _body("b", clock))), return_exceptions=True
    )
    assert [type(result) for result in results] == [int, ConstraintViolated, int]
    assert await _bodies(database) == [b"a", b"b"]


async def test_repeats_and_refusals_are_noted_with_the_next_body(
    journal: Journal, database: Database, fake_clock: FakeClock
) -> None:
    """A repeat keeps its time, refusals are counted by the minute; a repeat of nothing is dropped."""
    clock = fake_clock.clock
    webhook_id = await journal.add(_body("a", clock))
    journal.note_repeat(webhook_id, clock.now())
    journal.note_repeat(WebhookId(999), clock.now())
    journal.note_refusal(clock.now() - timedelta(minutes=11))
    for _ in range(3):
        journal.note_refusal(clock.now())
    await journal.add(_body("b", clock))
    repeats = await database.read(lambda tx: [tuple(row) for row in tx.all("SELECT * FROM webhook_repeat")])
    assert [(found, from_micros(at)) for found, at in repeats] == [(webhook_id, clock.now())]
    since = clock.now() - timedelta(minutes=10)
    assert await database.read(lambda tx: journals.refusals_since(tx, since)) == 3
    assert await database.read(lambda tx: journals.refusals_since(tx, since - timedelta(minutes=5))) == 4


async def test_notes_are_kept_while_the_disk_is_full(
    journal: Journal, database: Database, data_folder: Path, clock: Clock
) -> None:
    """A failed commit loses no refusal."""
    journal.note_refusal(clock.now())
    with full_disk(_log_bytes(data_folder)), pytest.raises(StorageUnavailable):
        await journal.add(_body("x" * 5000, clock))
    journal.note_refusal(clock.now())
    await journal.add(_body("y", clock))
    assert await database.read(lambda tx: journals.refusals_since(tx, clock.now())) == 2


async def test_stopping_writes_the_notes_and_refuses_bodies(database: Database, clock: Clock) -> None:
    """At the end waiting and later requests hear StorageUnavailable, and what was noted is written."""
    journal = Journal(database, clock)
    task = asyncio.create_task(journal.run())
    await journal.add(_body("a", clock))
    journal.note_refusal(clock.now())
    waiting = asyncio.create_task(journal.add(_body("late", clock)))
    await asyncio.sleep(0)
    await _stop(task)
    with pytest.raises(StorageUnavailable):
        await waiting
    with pytest.raises(StorageUnavailable):
        await journal.add(_body("later", clock))
    assert await database.read(lambda tx: journals.refusals_since(tx, clock.now())) == 1


async def test_a_slow_commit_is_logged_without_content(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A commit of more than a second leaves a line in the log: how many bodies, how long, and nothing else."""
    readings = count(0, 1_500_000_000)
    journal = Journal(database, replace(clock, monotonic_ns=lambda: next(readings)))
    task = asyncio.create_task(journal.run())
    await journal.add(_body("private", clock))
    await _stop(task)
    assert [record.message for record in caplog.records] == ["a commit took long, Meta waits"]
    assert (vars(caplog.records[0])["bodies"], vars(caplog.records[0])["milliseconds"]) == (1, 1500)


async def test_bodies_are_listed_in_portions(journal: Journal, database: Database, clock: Clock) -> None:
    """A portion is limited by count and by bytes, but never empty while there is more."""
    ids = [await journal.add(_body("x" * size, clock)) for size in (10, 20, 3000, 5)]
    portions = [
        await database.read(partial(journals.list_after, webhook_id=after, limit=3, max_bytes=100, large_bytes=10**9))
        for after in (NONE, ids[1], ids[2], ids[3])
    ]
    assert [[webhook.id for webhook in portion.webhooks] for portion in portions] == [ids[:2], [ids[2]], [ids[3]], []]
    assert await database.read(journals.newest) == ids[-1]


async def test_large_bodies_are_only_named(journal: Journal, database: Database, clock: Clock) -> None:
    """A body over the limit is not read with the others, and takes no room among them."""
    ids = [await journal.add(_body("x" * size, clock)) for size in (10, 3000, 20)]
    found = await database.read(partial(journals.list_after, webhook_id=NONE, limit=9, max_bytes=100, large_bytes=1000))
    assert ([webhook.id for webhook in found.webhooks], found.large, found.last) == ([ids[0], ids[2]], [ids[1]], ids[2])


async def test_a_body_that_is_not_there_is_not_found(database: Database) -> None:
    """Asking for an unknown body raises NotFound."""
    with pytest.raises(NotFound):
        await database.read(lambda tx: journals.get_body(tx, WebhookId(5)))


async def test_a_stored_body_cannot_be_changed(journal: Journal, database: Database, clock: Clock) -> None:
    """Neither UPDATE nor REPLACE touches a webhook."""
    webhook_id = await journal.add(_body("a", clock))
    for sql in (
        "UPDATE webhook SET body = x'00' WHERE id = ?",
        "UPDATE OR REPLACE webhook SET id = id + 1 WHERE id = ?",
        "REPLACE INTO webhook SELECT id, arrived_at, monotonic_ns, boot_id, secret_name, digest, headers, peer, x'00'"
        " FROM webhook WHERE id = ?",
    ):
        with pytest.raises(ConstraintViolated):
            await database.write(partial(Transaction.run, sql=sql, params=(webhook_id,)))
    assert await _bodies(database) == [b"a"]
