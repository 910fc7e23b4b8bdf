"""What the ledger says that nobody else writes: starts, hours, jumps of the clock, restores, the rows from before."""

import json
from typing import Any

import pytest

from tests.clocks import FakeClock
from wabridge.core import ledger as books
from wabridge.core.ledger import Bookkeeper
from wabridge.core.office import Office
from wabridge.evidence import checkpoint, tree
from wabridge.model.staff import Actor
from wabridge.storage import acts, backfill, checkpoints, facts, known_head, leaves, trees
from wabridge.storage.database import Transaction
from wabridge.storage.ledger import Subject

SEED = bytes(range(32))
SARI = Actor(kind="staff", id=3, name="Sari", role="lawyer")


@pytest.fixture
def keeper(office: Office) -> Bookkeeper:
    """The worker, before its first look."""
    return Bookkeeper(office, SEED)


async def open_book(office: Office) -> bool:
    """Begin as a start of the program does."""
    known = known_head.find(office.settings.data_folder)
    return await office.database.write(lambda tx: books.begin(tx, seed=SEED, known=known, clock=office.clock))


async def said(office: Office, *kinds: str) -> list[dict[str, Any]]:
    """Return what the leaves of these kinds say."""
    found = await office.database.read(lambda tx: leaves.list_page(tx, start=0, limit=1000))
    return [json.loads(leaf.text) for leaf in found if not kinds or leaf.kind in kinds]


async def test_a_start_and_its_key_are_the_first_leaves(office: Office, keeper: Bookkeeper) -> None:
    """Before anything else is written the ledger says that the program starts, and which key signs."""
    assert await open_book(office)
    await keeper.look()
    assert [leaf["type"] for leaf in await said(office)] == ["start", "ledger.key"]
    (start,) = await said(office, "start")
    assert start["note"]["ntp"] == "unknown"
    head = await office.database.read(checkpoints.newest)
    assert head is not None
    assert head.size == 2
    keys = await office.database.read(checkpoints.list_keys)
    assert checkpoint.is_signed_by(head.note, keys[0].public)
    assert known_head.find(office.settings.data_folder) == head.note


async def test_each_hour_has_a_leaf_and_a_checkpoint(office: Office, keeper: Bookkeeper, fake_clock: FakeClock) -> None:
    """After an hour, and not before, the ledger says what came; the new head is provably a continuation."""
    await open_book(office)
    await keeper.look()
    fake_clock.advance(3599)
    await keeper.look()
    assert await said(office, "heartbeat") == []
    fake_clock.advance(1)
    await keeper.look()
    (beat,) = await said(office, "heartbeat")
    assert beat["note"]["elapsed_us"] == 3_600_000_000
    assert beat["note"]["step_us"] == 0
    assert "clock_was_set" not in beat["note"]
    old, new = await office.database.read(lambda tx: checkpoints.list_page(tx, limit=9))
    proof = await office.database.read(lambda tx: trees.prove_consistency(tx, old.size, new.size))
    assert tree.is_consistent(old.size, new.size, proof=proof, old_root=old.root, new_root=new.root)


async def test_a_clock_that_was_set_shows_at_once(office: Office, keeper: Bookkeeper, fake_clock: FakeClock) -> None:
    """An hour back on the wall and two seconds on in the machine: the leaf says by how much, and is marked."""
    await open_book(office)
    await keeper.look()
    wall = fake_clock.now
    fake_clock.advance(2)
    fake_clock.now = wall.replace(hour=wall.hour - 1)
    await keeper.look()
    (beat,) = await said(office, "heartbeat")
    assert beat["note"]["clock_was_set"] is True
    assert beat["note"]["step_us"] == -3_602_000_000
    await keeper.look()
    assert len(await said(office, "heartbeat")) == 1


async def test_a_checkpoint_is_made_soon_when_one_is_wanted(office: Office, keeper: Bookkeeper) -> None:
    """Whoever asks for one gets it at the next look; nothing new makes no new one."""
    await open_book(office)
    await keeper.look()
    await office.database.write(checkpoints.want)
    await office.database.write(lambda tx: _act(tx, office))
    await keeper.look()
    await keeper.look()
    assert [head.size for head in await office.database.read(lambda tx: checkpoints.list_page(tx, limit=9))] == [2, 3]


async def test_a_restore_is_a_leaf(office: Office) -> None:
    """Another epoch than the ledger knows means a restore, and the ledger says whether it lost anything."""
    await open_book(office)
    await office.database.write(lambda tx: facts.set_(tx, "epoch", "another"))
    assert await open_book(office)
    assert [leaf["type"] for leaf in await said(office)] == ["start", "ledger.key", "restore", "start"]
    assert await open_book(office)
    assert len(await said(office, "restore")) == 1


async def test_a_history_that_ends_too_early_is_told(office: Office, keeper: Bookkeeper) -> None:
    """If the checkpoint beside the database knows more than the database, a leaf says what was known."""
    await open_book(office)
    await keeper.look()
    root = bytes(32)
    origin = await office.database.read(checkpoints.origin)
    note = checkpoint.sign(checkpoint.Checkpoint(origin, 999, root), SEED)
    known_head.keep(office.settings.data_folder, note)
    assert not await open_book(office)
    (broken,) = await said(office, "history.broken")
    assert (broken["note"]["known_size"], broken["note"]["known_root"]) == (999, root.hex())
    known_head.set_aside(office.settings.data_folder)
    assert (office.settings.data_folder / "ledger.checkpoint-999").read_text() == note


async def test_another_past_of_the_same_length_is_told(office: Office, keeper: Bookkeeper) -> None:
    """The same number of leaves with another root is another history."""
    await open_book(office)
    await keeper.look()
    origin = await office.database.read(checkpoints.origin)
    known_head.keep(office.settings.data_folder, checkpoint.sign(checkpoint.Checkpoint(origin, 2, bytes(32)), SEED))
    assert not await open_book(office)


async def test_a_new_key_is_announced_and_signed_by_the_old_one(office: Office, keeper: Bookkeeper) -> None:
    """A leaf names the new key; the old key's signature stands beside it, and both keys' checkpoints are known."""
    await open_book(office)
    await keeper.look()
    fresh = bytes(32)
    await office.database.write(lambda tx: checkpoints.ensure_key(tx, fresh, previous=SEED))
    await Bookkeeper(office, fresh).sign()
    first, second = await office.database.read(checkpoints.list_keys)
    assert second.signature is not None
    assert checkpoint.verify_text(checkpoints.announcement(second.public), second.signature, first.public)
    assert (await said(office, "ledger.key"))[-1]["note"]["verifier"] == second.public.text
    head = await office.database.read(checkpoints.newest)
    assert head is not None
    assert checkpoint.is_signed_by(head.note, second.public)


async def test_a_key_that_nobody_announced_is_told(office: Office, keeper: Bookkeeper) -> None:
    """A key that comes without the old one's signature has a leaf that says so."""
    await open_book(office)
    await office.database.write(lambda tx: checkpoints.ensure_key(tx, bytes(32)))
    told = (await said(office, "ledger.key"))[-1]["note"]
    assert (told["signature"], told["is_first"]) == (None, False)


async def test_rows_from_before_get_marked_leaves_step_by_step(office: Office, keeper: Bookkeeper) -> None:
    """Each step is one transaction; after the last one every row has exactly one leaf."""

    def go_back(tx: Transaction) -> None:
        for number in range(1, 251):
            tx.run(
                "INSERT INTO act (id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id)"
                " VALUES (?, 1, 'staff', 1, 'Sari', 'did', 'staff', 1)",
                (number,),
            )
        tx.run("INSERT INTO ledger_backfill (subject_kind, through) VALUES ('act', 250)")

    await office.database.write(go_back)
    await open_book(office)
    looks = 1
    while await keeper.look():
        looks += 1
        await office.database.write(lambda tx: _act(tx, office))  # the office goes on meanwhile
    assert looks >= 3
    assert (await office.database.read(backfill.progress)).is_finished
    found = await office.database.read(lambda tx: leaves.list_page(tx, start=0, limit=1000))
    old = [leaf for leaf in found if leaf.is_backfilled]
    assert [leaf.subject for leaf in old] == [Subject("act", number) for number in range(1, 251)]
    assert all(json.loads(leaf.text)["backfilled"] is True for leaf in old)
    subjects = [leaf.subject for leaf in found if leaf.subject is not None]
    assert len(subjects) == len(set(subjects))


def _act(tx: Transaction, office: Office) -> None:
    acts.add(tx, SARI, "replied", subject_kind="staff", subject_id=3, now=office.clock.now())
