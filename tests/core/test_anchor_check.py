"""What lies outside, compared with the ledger as it is now: whatever was changed since contradicts it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.outside import SEED, Outside, open_outside
from wabridge.core import anchor_check
from wabridge.core.office import Office
from wabridge.evidence import checkpoint
from wabridge.evidence.checkpoint import Checkpoint
from wabridge.storage import checkpoints, trees
from wabridge.storage.database import Transaction


@pytest.fixture
async def outside(office: Office, tmp_path: Path) -> AsyncIterator[Outside]:
    """An office with one checkpoint at one authority and in one mailbox."""
    async with open_outside(office, tmp_path) as opened:
        yield opened


async def findings(office: Office) -> list[tuple[bool, str]]:
    """Return everything that is found."""
    return [(found.is_good, found.says) async for found in anchor_check.check_anchors(office)]


async def test_anchors_that_are_as_they_were_are_good(outside: Outside) -> None:
    """Each is of its checkpoint, and the ledger has only grown since."""
    await outside.happen()
    ((is_good, says),) = await findings(outside.office)
    assert (is_good, says.split(",")[0]) == (True, "anchors: 2")


async def test_without_anchors_nothing_is_claimed(office: Office) -> None:
    """Where nothing lies outside, the check says what that means."""
    ((is_good, says),) = await findings(office)
    assert is_good
    assert "nothing outside contradicts a ledger that is built anew" in says


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (
            "UPDATE anchor_proof SET answer = x'30' WHERE anchor_id = 1",
            "anchor 1 (timestamp) proves nothing: not_a_token",
        ),
        (
            "UPDATE anchor_proof SET request = x'00' WHERE anchor_id = 2",
            "anchor 2 (mail) proves nothing: wrong_imprint",
        ),
        ("UPDATE leaf SET hash = zeroblob(32) WHERE position = 0", "the ledger does not begin with the checkpoint"),
        (
            "DELETE FROM ledger_key; DELETE FROM leaf_secret; DELETE FROM leaf",
            "the ledger does not begin with the checkpoint",
        ),
    ],
)
async def test_a_change_is_named(outside: Outside, sql: str, says: str) -> None:
    """A proof that was changed and a ledger that was shortened or changed are found, each by its number."""
    await outside.office.database.write(lambda tx: _tamper(tx, *sql.split("; ")))
    ((is_good, said),) = await findings(outside.office)
    assert not is_good
    assert says in said


async def test_a_ledger_that_was_built_anew_contradicts_its_anchors(outside: Outside) -> None:
    """Leaf, tree and checkpoint computed and signed anew agree with each other, and with no anchor."""
    await outside.office.database.write(_forge)
    ((is_good, said),) = await findings(outside.office)
    assert not is_good
    assert "anchor 1 (timestamp) proves nothing: wrong_imprint" in said
    assert "anchor 2 (mail) proves nothing: wrong_imprint" in said


def _tamper(tx: Transaction, *statements: str) -> None:
    for row in tx.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
        tx.run(f"DROP TRIGGER {row['name']}")
    tx.run("PRAGMA defer_foreign_keys = ON")
    for statement in statements:
        tx.run(statement)


def _forge(tx: Transaction) -> None:
    head = checkpoints.newest(tx)
    assert head is not None
    _tamper(tx, "UPDATE leaf SET hash = zeroblob(32) WHERE position = 0")
    root = trees.root(tx, head.size)
    note = checkpoint.sign(Checkpoint(checkpoints.origin(tx), head.size, root), SEED)
    tx.run("UPDATE checkpoint SET root = ?, note = ? WHERE id = ?", (root, note, head.id))
