from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.arrivals import add_webhook, column
from tests.clocks import NOON
from tests.conftest import DATABASE_KEY
from tests.storage.files import FILE, add_message, want
from tests.storage.test_plans import plan
from wabridge.model import content
from wabridge.model.content import Content, Edit
from wabridge.model.ids import MediaId, MessageId
from wabridge.model.media import MediaFile, expires_at, next_try, shown
from wabridge.storage import media, migrations
from wabridge.storage.cipher import WRITER, connect, transact
from wabridge.storage.database import Database, Transaction

WEEK = timedelta(days=7)
_OLD_ROWS = """\
INSERT INTO number (id, phone_number_id) VALUES (1, '1');
INSERT INTO contact (id, name, standing, created_at) VALUES (1, 'Ada', 'lead', 1);
INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (1, 1, 1, 1)"""


def _old_messages(tx: Transaction) -> None:
    """Store what an earlier version has stored."""
    contents = [
        ("document", content.encode(Content(body=FILE))),
        ("edit", content.encode(Content(body=Edit(target_wamid="wamid.1", kind="document", body=FILE)))),
        ("image", content.encode(Content(forwarded="once"))),
        ("text", None),
        ("image", b"{"),
    ]
    add_webhook(tx, at=NOON)
    for statement in _OLD_ROWS.split(";\n"):
        tx.run(statement)
    for number, (kind, said) in enumerate(contents, 1):
        tx.run(
            "INSERT INTO event (webhook_id, pointer, kind, key, state, arrived_at, last_arrived_at, payload)"
            " VALUES (1, '', 'message', ?, 'done', 0, 0, x'')",
            (bytes([number]),),
        )
        tx.run(
            "INSERT INTO message (conversation_id, number_id, direction, kind, content, written_at, created_at, wamid,"
            " event_id) VALUES (1, 1, 'inbound', ?, ?, 1, 1, ?, ?)",
            (kind, said, f"wamid.{number}", number),
        )
    another = content.encode(Content(body=content.Media(kind="image", file_id="7")))
    tx.run(
        "INSERT INTO message_version (message_id, event_id, relation, kind, content, created_at)"
        " VALUES (1, 1, 'conflicting', 'image', ?, 5)",
        (another,),
    )


async def test_messages_from_before_get_their_files(tmp_path: Path) -> None:
    """The files of stored messages, of changed ones and of versions are wanted once the schema knows of files."""
    path = tmp_path / "old.db"
    path.touch()
    with closing(connect(path, DATABASE_KEY, WRITER)) as raw:
        for step in migrations.list_all()[:3]:
            raw.executescript(step.script)
        raw.execute("PRAGMA user_version = 3")
        transact(raw, _old_messages)
    database = await Database.open(path, DATABASE_KEY)
    wanted = await database.read(lambda tx: tx.all("SELECT message_id, file_id, file_name FROM media ORDER BY id"))
    assert sorted(tuple(row) for row in wanted) == [
        (1, "1003383421387256", "kuitansi.txt"),
        (1, "7", None),
        (2, "1003383421387256", "kuitansi.txt"),
    ]
    due = await database.read(lambda tx: media.list_due(tx, now=NOON, implausible=NOON + WEEK, limit=10))
    assert len(due) == 3
    await database.close()


async def test_a_fresh_address_is_taken_while_a_file_waits(database: Database) -> None:
    """The same file announced again brings its new address and is due at once; a stored one stays as it is."""

    def again(tx: Transaction, url: str) -> bool:
        return media.add(tx, message_id, FILE, url=url, expires_at=NOON + WEEK, now=NOON)

    message_id = await database.write(add_message)
    assert await database.write(lambda tx: again(tx, "one"))
    later = NOON + timedelta(hours=1)
    await database.write(lambda tx: media.postpone(tx, MediaId(1), "gone", sha256=None, next_try_at=later, now=NOON))
    assert await database.write(lambda tx: again(tx, "two"))
    (due,) = await database.read(lambda tx: media.list_due(tx, now=NOON, implausible=later + WEEK, limit=10))
    assert due.url == "two"
    await database.write(lambda tx: media.mark_failed(tx, MediaId(1), "gone"))
    assert not await database.write(lambda tx: again(tx, "three"))
    assert await column(database, "SELECT count(*) FROM media") == [1]


async def test_what_waits_is_counted(database: Database) -> None:
    """Health says how many files are on their way and how many of them are in trouble."""

    def two(tx: Transaction) -> None:
        want(tx, "wamid.1", expires_at=NOON + WEEK)
        media.postpone(tx, want(tx, "wamid.2", expires_at=NOON + WEEK), "gone", sha256=None, next_try_at=NOON, now=NOON)

    await database.write(two)
    assert await database.read(media.count_waiting) == (2, 1)


async def test_looking_for_files_to_fetch_reads_those_that_wait_alone(database: Database) -> None:
    """A million stored files cost nothing at each look."""
    for name, index in (("list_due", "waiting"), ("list_expiring", "expiring"), ("count_waiting", "waiting")):
        steps = await plan(database, "media", name)
        assert any(f"media_{index}" in step for step in steps), name
        assert not any("TEMP B-TREE" in step for step in steps), steps


async def test_files_of_the_past_are_fetched_after_all_others(database: Database) -> None:
    """However often a new file was tried, what a history brought waits behind it, until it turns out to be new."""

    def due(tx: Transaction) -> list[MediaId]:
        return [one.file.id for one in media.list_due(tx, now=NOON, implausible=NOON + WEEK, limit=10)]

    def two(tx: Transaction) -> None:
        past = add_message(tx, "wamid.1")
        media.add(tx, past, FILE, url=None, expires_at=NOON + WEEK, now=NOON, is_past=True)
        tried = want(tx, "wamid.2", expires_at=NOON + WEEK)
        media.postpone(tx, tried, "gone", sha256=None, next_try_at=NOON, now=NOON)

    await database.write(two)
    assert await database.read(due) == [2, 1]
    await database.write(lambda tx: media.set_present(tx, MessageId(1)))
    assert await database.read(due) == [1, 2]


def _file(**more: object) -> MediaFile:
    known = {"id": 1, "message_id": 1, "conversation_id": 1, "kind": "image", "file_id": "1", "state": "waiting"}
    times = {"wanted_at": NOON, "expires_at": NOON + WEEK, "next_try_at": NOON}
    return MediaFile(**{**known, **times, **more})  # type: ignore[arg-type]  # composed of what a row holds


def test_pauses_grow_and_leave_a_last_chance() -> None:
    """Half a minute at first, six hours at most; a try falls on the day before the end, and one just before it."""
    assert next_try(_file(), 0, now=NOON, jitter=0) == NOON + timedelta(seconds=30)
    assert next_try(_file(tries=50), 0, now=NOON, jitter=1) == NOON + timedelta(hours=7.5)
    day_before = NOON + timedelta(days=6)
    assert next_try(_file(tries=50), 0, now=day_before - timedelta(hours=2), jitter=0) == day_before
    end = NOON + WEEK
    assert next_try(_file(tries=50), 0, now=end - timedelta(hours=2), jitter=0) == end - timedelta(minutes=10)
    assert next_try(_file(), 1, now=end, jitter=0) == end + timedelta(hours=1)
    assert next_try(_file(), 2, now=end, jitter=0) is None


def test_a_file_expires_a_week_after_it_was_sent() -> None:
    """Counted from the message; what comes out of a history, or from a clock that is ahead, counts from now."""
    yesterday = NOON - timedelta(days=1)
    assert expires_at(written_at=yesterday, now=NOON) == yesterday + WEEK
    for odd in (NOON - timedelta(days=90), NOON + timedelta(days=1)):
        assert expires_at(written_at=odd, now=NOON) == NOON + WEEK


def test_the_shown_file_is_the_one_the_content_names() -> None:
    """Files of other versions are not mistaken for it."""
    files = (_file(id=1, file_id="7"), _file(id=2, file_id=FILE.file_id))
    assert shown(files, Content(body=FILE)) == files[1]
    assert shown(files[:1], Content(body=FILE)) is None
    assert shown(files, None) is None
