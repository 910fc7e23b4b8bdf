"""What the phone app hands over, on the disk: names by their time, history by how far it is."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.conftest import DATABASE_KEY
from wabridge.errors import ConstraintViolated
from wabridge.model.event import Person
from wabridge.storage import contacts, migrations, phone_app
from wabridge.storage.cipher import WRITER, Raw, connect, statements
from wabridge.storage.database import Database, Transaction

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PHONE = "6281234567890"
_BEFORE = """
INSERT INTO number (id, phone_number_id) VALUES (1, '1');
INSERT INTO contact (id, name, standing, created_at) VALUES (1, 'Ada', 'lead', 1);
INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (1, 1, 1, 1);
INSERT INTO webhook (id, arrived_at, monotonic_ns, boot_id, secret_name, digest, headers, peer, body)
VALUES (1, 1, 1, 'b', 's', x'00', x'5b5d', 'p', x'7b7d');
INSERT INTO event (id, webhook_id, pointer, kind, key, state, arrived_at, last_arrived_at, payload)
VALUES (1, 1, '', 'message', x'01', 'new', 1, 1, x'7b7d'), (2, 1, '/0', 'status', x'02', 'done', 1, 1, x'7b7d');
INSERT INTO message (id, conversation_id, number_id, direction, kind, text, written_at, created_at, wamid, event_id)
VALUES (1, 1, 1, 'inbound', 'text', 'Halo', 1, 1, 'wamid.1', 1);
INSERT INTO message (id, conversation_id, number_id, direction, kind, text, written_at, created_at, author_kind, status)
VALUES (2, 1, 1, 'outbound', 'text', 'Baik', 2, 2, 'staff', 'sent');
INSERT INTO attempt (id, message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url,
    request_body, outcome, wamid)
VALUES (1, 2, 1, 'a:1', '62', 1, 1, 'b', 'u', x'00', 'accepted', 'wamid.2');
INSERT INTO status_event (event_id, attempt_id, number_id, wamid, status, arrived_at)
VALUES (2, 1, 1, 'wamid.2', 'sent', 1);
"""


def _run(raw: Raw, script: str) -> None:
    for statement in statements(script):
        raw.execute(statement)


async def test_rows_written_before_the_step_survive_it(tmp_path: Path) -> None:
    """A database of the step before keeps every row, passes every check, and its newer rows follow the newer rules."""
    path = tmp_path / "old.db"
    path.touch(mode=0o600)
    old = connect(path, DATABASE_KEY, WRITER)
    for step in migrations.list_all()[:4]:
        _run(old, f"{step.script}\nPRAGMA user_version = {step.number};\n")
    _run(old, _BEFORE)
    old.close()
    database = await Database.open(path, DATABASE_KEY)
    try:
        assert await column(database, "SELECT text FROM message ORDER BY id") == ["Halo", "Baik"]
        assert await column(database, "SELECT source FROM message") == ["live", "live"]
        assert await column(database, "SELECT is_backlog FROM event") == [0, 0]
        assert await column(database, "SELECT message_id FROM status_event") == [None]
        assert await column(database, "PRAGMA integrity_check") == ["ok"]
        assert await column(database, "PRAGMA foreign_key_check") == []
        await _write(database, _ECHO)
        assert await column(database, "SELECT status FROM message WHERE author_kind = 'app'") == [None]
    finally:
        await database.close()


_ECHO = (
    "INSERT INTO message (id, conversation_id, number_id, direction, kind, written_at, created_at, author_kind)"
    " SELECT 9, 1, id, 'outbound', 'text', 1, 1, 'app' FROM number LIMIT 1"
)


async def _write(database: Database, sql: str) -> None:
    await database.write(lambda tx: tx.run(sql))


def _with_echo(tx: Transaction) -> None:
    tx.run("INSERT INTO number (id, phone_number_id) VALUES (7, 'x') ON CONFLICT DO NOTHING")
    contact_id = contacts.add(tx, Person(phone=PHONE), standing="lead", now=NOW)
    tx.run(
        "INSERT INTO conversation (id, number_id, contact_id, last_activity_at) SELECT 1, id, ?, 1 FROM number LIMIT 1",
        (contact_id,),
    )
    tx.run(_ECHO)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE message SET status = 'pending' WHERE id = 9",
        "UPDATE message SET status = 'unknown' WHERE id = 9",
        "INSERT INTO message (conversation_id, number_id, direction, kind, written_at, created_at, author_kind, status)"
        " SELECT 1, id, 'outbound', 'text', 1, 1, 'partner', 'pending' FROM number LIMIT 1",
        "INSERT INTO message (conversation_id, number_id, direction, kind, written_at, created_at, author_kind)"
        " SELECT 1, id, 'outbound', 'text', 1, 1, 'staff' FROM number LIMIT 1",
        "INSERT INTO message (conversation_id, number_id, direction, kind, written_at, created_at, status)"
        " SELECT 1, id, 'inbound', 'text', 1, 1, 'sent' FROM number LIMIT 1",
        "INSERT INTO attempt (message_id, number_id, token, recipient, opened_at, monotonic_ns, boot_id, request_url,"
        " request_body, outcome) SELECT 9, id, 't', 'r', 1, 1, 'b', 'u', x'00', 'open' FROM number LIMIT 1",
    ],
)
async def test_the_disk_refuses_to_send_what_was_written_elsewhere(database: Database, sql: str) -> None:
    """No statement can make an echo wait to be sent or hand it over; only an echo may be without a status."""
    await database.write(_with_echo)
    with pytest.raises(ConstraintViolated):
        await _write(database, sql)


async def test_the_newest_word_of_the_phone_counts(database: Database) -> None:
    """Names come in no order: what was said last stands, a removal too, and of one moment the removal."""

    def say(name: str | None, seconds: int) -> partial[bool]:
        return partial(
            phone_app.set_name, kind="phone", value=PHONE, name=name, said_at=NOW + timedelta(seconds=seconds)
        )

    async def known() -> list[object]:
        return await column(database, "SELECT name FROM address_book")

    assert await database.write(say("Ada", 5))
    assert not await database.write(say("Adah", 1))
    assert not await database.write(say("Ada", 5))
    assert await database.write(say("Ibu Ada", 9))
    assert await known() == ["Ibu Ada"]
    assert await database.write(say(None, 9))
    assert not await database.write(say("Ibu Ada", 9))
    assert await known() == [None]


async def test_a_name_waits_for_its_person(database: Database) -> None:
    """An entry makes no contact; whoever appears later under its number has the name."""
    await database.write(partial(phone_app.set_name, kind="phone", value=PHONE, name="Ibu Ada", said_at=NOW))
    assert await database.read(lambda tx: contacts.list_page(tx, limit=9)) == []
    person = Person(phone=PHONE, profile_name="ada ✨")
    contact_id = await database.write(partial(contacts.add, person=person, standing="lead", now=NOW))
    contact = await database.read(lambda tx: contacts.get(tx, contact_id))
    assert (contact.own_name, contact.name, contact.shown_name) == ("Ibu Ada", "ada ✨", "Ibu Ada")


async def test_nothing_is_known_of_a_history_nobody_told_of(database: Database) -> None:
    """Without a report there is no state."""
    assert await database.read(phone_app.find_history) is None
