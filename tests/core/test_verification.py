"""What verification finds, each change on its own, with the triggers taken away first as an intruder would."""

from functools import partial
from typing import Any

import pytest

from tests.arrivals import ADA
from tests.stored import damage, store
from tests.web.desk import receive
from wabridge.core import ledger as books
from wabridge.core import verification
from wabridge.core.ledger import Bookkeeper
from wabridge.core.office import Office
from wabridge.evidence import commitment, tree
from wabridge.model.event import InboundMessage
from wabridge.model.media import MediaFile
from wabridge.model.staff import Actor
from wabridge.storage import acts, known_head, ledger, trees, witnessed
from wabridge.storage.database import Transaction

SEED = bytes(range(32))
SARI = Actor(kind="staff", id=3, name="Sari", role="lawyer")


@pytest.fixture
async def file(office: Office) -> MediaFile:
    """A ledger with a client's message, a file, 300 acts and a checkpoint that is known outside."""
    await office.database.write(partial(books.begin, seed=SEED, known=None, clock=office.clock))
    await receive(office, InboundMessage("100000000000001", "wamid.1", ADA, "text", text="Saya setuju"))
    stored = await store(office, b"a picture")
    for _ in range(3):
        await office.database.write(partial(_work, office=office))
    await Bookkeeper(office, SEED).sign()
    return stored


async def wrong(office: Office, **more: Any) -> list[str]:
    """Return what verification calls wrong."""
    return [finding.says async for finding in verification.verify(office, **more) if not finding.is_good]


async def test_an_untouched_house_is_good(office: Office, file: MediaFile) -> None:
    """Nothing is found where nothing was changed, and the ledger remembers when it was looked at."""
    assert await wrong(office) == []
    said = await office.database.read(verification.last_verification)
    assert said is not None
    assert said["is_good"] is True


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE message SET text = 'Saya menolak' WHERE id = 1", "message 1: the row is not what was recorded"),
        ("UPDATE message SET written_at = 1 WHERE id = 1", "message 1: the row is not what was recorded"),
        ("UPDATE act SET actor_name = 'Budi' WHERE id = 7", "act 7: the row is not what was recorded"),
        ("DELETE FROM act WHERE id = 9", "act 9 is gone, and was not erased"),
        ("UPDATE media SET sha256 = 'aa'", "media 1: the row is not what was recorded"),
        (
            "UPDATE leaf SET text = CAST(replace(CAST(text AS TEXT), 'act', 'akt') AS BLOB) WHERE position = 20",
            "leaf 20: its hash is not that",
        ),
        ("UPDATE leaf SET hash = x'00' WHERE position = 20", "leaf 20: its hash is not that"),
        ("UPDATE leaf SET kind = 'x' WHERE position = 20", "leaf 20: its columns say something else"),
        ("UPDATE leaf SET subject_id = 900 WHERE position = 20", "act 900 is gone"),
        ("DELETE FROM leaf_secret; DELETE FROM leaf WHERE position = 20", "leaf 20 is missing"),
        ("UPDATE ledger_tile SET hash = x'00'", "the stored hash over the leaves from 0 on is wrong"),
        ("UPDATE checkpoint SET root = x'00'", "checkpoint 1: size and root are not those that were signed"),
        ("UPDATE checkpoint SET note = replace(note, 'wabridge/', 'wabridge/0')", "checkpoint 1 is not signed"),
        ("DELETE FROM leaf_secret; DELETE FROM leaf WHERE position > 280", "and there are 281: some are gone"),
        (
            "INSERT INTO act (at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id)"
            " VALUES (1, 'staff', 1, 'Sari', 'did', 'staff', 1)",
            "act 301 stands in the database and no leaf speaks of it",
        ),
        ("UPDATE webhook SET digest = x'00'", "message 1: its body is not what was recorded"),
        (
            "INSERT INTO identity_alert (contact_id, kind, happened_at, raised_at) VALUES (1, 'x', 1, 1)",
            "alert 1 stands",
        ),
    ],
)
async def test_a_change_is_named_by_table_and_id(office: Office, file: MediaFile, sql: str, says: str) -> None:
    """Each change that somebody with the key to the database can make is found and named."""
    await office.database.write(lambda tx: _tamper(tx, *sql.split("; ")))
    found = await wrong(office)
    assert says in "\n".join(found), found


async def test_a_damaged_file_is_found(office: Office, file: MediaFile) -> None:
    """A file that does not open any more is named by its id."""
    assert file.kept is not None
    damage(office, file.kept, at=-1)
    assert await wrong(office) == [f"media {file.id}: the file is missing from the vault or damaged"]


async def test_a_ledger_built_anew_contradicts_a_checkpoint_kept_elsewhere(office: Office, file: MediaFile) -> None:
    """A row edited, its leaf and all hashes computed anew, and signed: only what is kept elsewhere tells."""
    note = known_head.find(office.settings.data_folder)
    assert note is not None
    assert await wrong(office, against=[note]) == []
    await office.database.write(_forge)
    await Bookkeeper(office, SEED).sign()  # also replaces the checkpoint beside the database
    assert await wrong(office) == []
    found = await wrong(office, against=[note])
    assert "the checkpoint kept elsewhere (1) says another root" in "\n".join(found)


async def test_what_was_erased_is_not_missed(office: Office, file: MediaFile) -> None:
    """When a row's secret was deleted with it, the ledger is as good as before."""

    def erase(tx: Transaction) -> None:
        _tamper(tx, "DELETE FROM act WHERE id = 9")
        ledger.forget(tx, "act", [9])

    await office.database.write(erase)
    assert await wrong(office) == []


def _work(tx: Transaction, office: Office) -> None:
    for _ in range(100):
        acts.add(tx, SARI, "replied", subject_kind="staff", subject_id=3, now=office.clock.now())


def _tamper(tx: Transaction, *statements: str) -> None:
    for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        tx.run(f"DROP TRIGGER {row['name']}")
    tx.run("PRAGMA defer_foreign_keys = ON")
    for statement in statements:
        tx.run(statement)


def _forge(tx: Transaction) -> None:
    """Change a row, write its leaf as if it had always been so, and build everything above it anew."""
    _tamper(tx, "UPDATE act SET actor_name = 'Budi' WHERE id = 300")
    digest = commitment.digest(witnessed.read_many(tx, "act", [300])[300].row)
    row = tx.one(
        "SELECT l.position, l.text, s.secret FROM leaf AS l JOIN leaf_secret AS s USING (position)"
        " WHERE subject_kind = 'act' AND subject_id = 300"
    )
    assert row is not None
    leaf = commitment.parse(bytes(row["text"]))
    made = commitment.commit(commitment.salt(bytes(row["secret"]), "row"), digest)
    text = commitment.build(leaf._replace(commitments={"row": made}))
    binds = (text, tree.hash_leaf(text), row["position"])
    tx.run("UPDATE leaf SET text = ?, hash = ? WHERE position = ?", binds)
    tx.run("DELETE FROM checkpoint")
    assert trees.root(tx, ledger.size(tx))
