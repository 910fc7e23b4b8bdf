import json
from contextlib import suppress
from functools import partial
from typing import Any, get_args

import pytest

from tests.clocks import NOON
from tests.storage.test_append_only import RECORDS
from wabridge.errors import ConstraintViolated
from wabridge.evidence import commitment, tree
from wabridge.model.ids import AttemptId, ConversationId, EventId, MessageId, NumberId
from wabridge.model.staff import Actor
from wabridge.storage import acts, decisions, leaves, ledger, statuses, trees, unrecorded, witnessed
from wabridge.storage.database import Database, Transaction
from wabridge.storage.ledger import Entry, Subject
from wabridge.storage.statuses import NewStatus

SARI = Actor(kind="staff", id=3, name="Sari", role="lawyer")


def act(tx: Transaction, clock_now: Any, verb: str = "replied") -> None:
    """Let Sari do something."""
    acts.add(tx, SARI, verb, subject_kind="staff", subject_id=3, now=clock_now)


async def test_a_fact_and_its_leaf_are_written_together(database: Database, fake_clock: Any) -> None:
    """A row has its leaf when its transaction has committed, by the clocks of that moment."""
    await database.write(lambda tx: act(tx, fake_clock.now))
    (leaf,) = await database.read(lambda tx: leaves.list_page(tx, start=0, limit=10))
    said = json.loads(leaf.text)
    assert (said["i"], said["type"], leaf.subject) == (0, "act", Subject("act", 1))
    assert (said["t"], said["boot"], said["mono"]) == ("2026-03-02T05:00:00.000000Z", "test-boot", 1_000_000_000)
    assert leaf.hash == tree.hash_leaf(leaf.text)


async def test_a_leaf_commits_to_its_row_and_names_nobody(database: Database, fake_clock: Any) -> None:
    """The leaf holds no name; its salt opens the commitment to the row as it is."""
    await database.write(lambda tx: act(tx, fake_clock.now))
    leaf = await database.read(lambda tx: leaves.get(tx, 0))
    row = (await database.read(lambda tx: witnessed.read_many(tx, "act", [1])))[1].row
    salt = leaf.salt("row")
    assert b"Sari" in row
    assert b"Sari" not in leaf.text
    assert salt is not None
    made = commitment.commit(salt, commitment.digest(row))
    assert commitment.parse(leaf.text).commitments == {"row": made}


async def test_a_remark_of_a_person_is_committed_to_and_not_told(database: Database) -> None:
    """A column called note holds people's words: it belongs to the row, not to what a leaf says in the clear."""

    def decide(tx: Transaction) -> None:
        tx.run("INSERT INTO number (id, phone_number_id) VALUES (1, 'n')")
        tx.run("INSERT INTO contact (id, name, standing, created_at) VALUES (1, '', 'lead', 1)")
        tx.run("INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (1, 1, 1, 1)")
        tx.run(
            "INSERT INTO message (id, conversation_id, number_id, direction, kind, written_at, created_at, author_kind,"
            " status) VALUES (1, 1, 1, 'outbound', 'text', 1, 1, 'staff', 'pending')"
        )
        decisions.close(tx, SARI, MessageId(1), status="failed", note="sudah ditelepon", now=NOON)

    await database.write(decide)
    leaf = await database.read(lambda tx: leaves.get(tx, 0))
    assert (leaf.kind, leaf.note) == ("decision", {})
    assert b"ditelepon" not in leaf.text
    assert b"ditelepon" in (await database.read(lambda tx: witnessed.read_many(tx, "decision", [1])))[1].row


def test_every_kind_of_row_is_looked_for() -> None:
    """What leaves can speak of is what verification misses when none does."""
    assert sorted(unrecorded.KINDS) == sorted(get_args(witnessed.SubjectKind))


async def test_a_status_that_came_too_early_is_counted_in_its_conversation(database: Database) -> None:
    """It has a leaf at once, and another one when it is known whose it is."""

    def come_early(tx: Transaction) -> None:
        for statement in RECORDS.split(";\n")[:7]:
            tx.run(statement)
        row = NewStatus(EventId(1), None, NumberId(1), "w", None, None, "sent", None, NOON, None, None, None)
        statuses.add_many(tx, [row])

    await database.write(come_early)
    await database.write(lambda tx: statuses.adopt(tx, AttemptId(1), number_id=NumberId(1), wamid="w"))
    first, second = await database.read(lambda tx: leaves.list_page(tx, start=0, limit=9))
    assert (first.kind, first.conversation_id) == ("wa.status", None)
    assert (second.kind, second.conversation_id, second.number) == ("wa.adopted", 1, 1)
    assert first.subject == second.subject == Subject("status", 1)


async def test_nothing_remains_of_a_leaf_whose_fact_was_undone(database: Database, fake_clock: Any) -> None:
    """A savepoint that is undone takes its leaves along; a transaction that fails takes all."""

    def half(tx: Transaction) -> None:
        act(tx, fake_clock.now, "one")
        with suppress(KeyError), tx.savepoint():
            act(tx, fake_clock.now, "two")
            raise KeyError
        act(tx, fake_clock.now, "three")

    await database.write(half)
    assert [leaf.subject for leaf in await database.read(lambda tx: leaves.list_page(tx, start=0, limit=9))] == [
        Subject("act", 1),
        Subject("act", 2),
    ]

    def fail(tx: Transaction) -> None:
        act(tx, fake_clock.now)
        raise KeyError

    with pytest.raises(KeyError):
        await database.write(fail)
    assert await database.read(ledger.size) == 2


async def test_a_row_has_one_leaf_unless_it_is_revised(database: Database, fake_clock: Any) -> None:
    """A second word about the same row is refused, except as a revision."""
    await database.write(lambda tx: act(tx, fake_clock.now))
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: ledger.append(tx, Entry("act", Subject("act", 1))))
    await database.write(lambda tx: ledger.append(tx, Entry("act", Subject("act", 1), revises=True)))
    assert await database.read(lambda tx: leaves.find(tx, Subject("act", 1))) == [0, 1]
    with pytest.raises(LookupError):
        await database.write(lambda tx: ledger.append(tx, Entry("act", Subject("act", 99))))


async def test_each_conversation_is_counted_and_chained(database: Database) -> None:
    """Its leaves count from one without a hole, each naming the hash of the one before."""

    def fill(tx: Transaction) -> None:
        tx.run("INSERT INTO number (id, phone_number_id) VALUES (1, 'n')")
        tx.run("INSERT INTO contact (id, name, standing, created_at) VALUES (1, '', 'lead', 1), (2, '', 'lead', 1)")
        tx.run(
            "INSERT INTO conversation (id, number_id, contact_id, last_activity_at) VALUES (1, 1, 1, 1), (2, 1, 2, 1)"
        )

    await database.write(fill)
    for _ in range(3):
        entries = [Entry("note", conversation_id=ConversationId(n)) for n in (1, 2, 1)]
        await database.write(partial(ledger.append_now, entries=entries))
    for conversation, count in ((1, 6), (2, 3)):
        read = await database.read(
            partial(leaves.list_for_conversation, conversation_id=ConversationId(conversation), limit=99)
        )
        places = [commitment.parse(leaf.text).place for leaf in read]
        assert [place and place.number for place in places] == [*range(1, count + 1)]
        assert [place and place.previous for place in places] == [None, *(leaf.hash for leaf in read[:-1])]
        assert len({place and place.name for place in places}) == 1


@pytest.mark.parametrize("batch", [1, 7, 255, 256, 300])
async def test_the_stored_tree_is_the_tree_of_its_leaves(database: Database, batch: int) -> None:
    """However leaves come, roots and proofs from stored parts are those of the whole."""
    total = 600 if batch > 1 else 260
    for start in range(0, total, batch):
        entries = [Entry("note", note={"n": n}) for n in range(start, min(start + batch, total))]
        await database.write(partial(ledger.append_now, entries=entries))
    read = await database.read(lambda tx: leaves.list_page(tx, start=0, limit=total))
    hashes = [leaf.hash for leaf in read]
    whole = tree.in_memory(hashes)
    for size in (0, 1, 255, 256, 257, total):
        assert await database.read(partial(trees.root, size=size)) == tree.root(size, whole)
    proof = await database.read(lambda tx: trees.prove_inclusion(tx, 200, total))
    assert proof == tree.prove_inclusion(200, total, whole)
    proof = await database.read(lambda tx: trees.prove_consistency(tx, 130, total))
    assert proof == tree.prove_consistency(130, total, whole)


async def test_erasing_leaves_the_tree_as_it_is(database: Database, fake_clock: Any) -> None:
    """When the secret is deleted the leaf stays and its commitment opens to nothing."""
    await database.write(lambda tx: act(tx, fake_clock.now))
    before = await database.read(lambda tx: trees.root(tx, 1))
    assert await database.write(lambda tx: ledger.forget(tx, "act", [1])) == 1
    leaf = await database.read(lambda tx: leaves.get(tx, 0))
    assert leaf.salt("row") is None
    assert await database.read(lambda tx: trees.root(tx, 1)) == before
