"""The ledger of a program that is killed, restored, or tampered with; checked by the command, as the operator does."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.house import House, account, free_port
from tests.journeys.site import eventually
from tests.journeys.test_replay_command import open_data
from wabridge.storage import backfill, checkpoints, known_head, ledger
from wabridge.storage.database import Transaction

_OLD = 3000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An installation that has run once; nothing is at the other end."""
    made = House.make(tmp_path / "house", port=free_port(), api_url="http://127.0.0.1:9", account=account())
    await made.start()
    yield made
    await made.kill()


def _add_old_acts(tx: Transaction) -> None:
    """Leave rows as they were written before there was a ledger."""
    known = tx.one("SELECT coalesce(max(id), 0) AS id FROM act")
    assert known is not None
    add = (
        "INSERT INTO act (id, at, actor_kind, actor_id, actor_name, verb, subject_kind, subject_id)"
        " VALUES (?, 1, 'staff', 1, 'Sari', 'did', 'staff', 1)"
    )
    tx.run_many(add, [(known["id"] + n,) for n in range(1, _OLD + 1)])
    mark = "INSERT INTO ledger_backfill (subject_kind, through, done) VALUES ('act', ?, ?)"
    tx.run(mark, (known["id"] + _OLD, known["id"]))


async def test_rows_from_before_get_their_leaves_whatever_is_killed(house: House) -> None:
    """Killed again and again on the way, each row has exactly one leaf in the end, and verification agrees."""
    await house.stop()
    async with open_data(house) as database:
        await database.write(_add_old_acts)
        seen = 0
        for _ in range(3):
            await house.start()

            async def has_moved(seen: int = seen) -> bool:
                return (await database.read(backfill.progress)).done > seen

            await eventually(has_moved, seconds=30)
            await house.kill()
            seen = (await database.read(backfill.progress)).done
        await house.start()

        async def is_finished() -> bool:
            return (await database.read(backfill.progress)).is_finished

        await eventually(is_finished, seconds=60)
    printed = await house.command("verify")  # fails unless it ends with 0
    assert "WRONG" not in printed
    assert "What this does not prove" in printed
    assert await house.stop() == 0


async def test_a_changed_row_is_named_by_the_command(house: House) -> None:
    """Beside the running server the command ends with 1 and names table and id."""
    async with open_data(house) as database:

        def tamper(tx: Transaction) -> None:
            tx.run("DROP TRIGGER act_is_final")
            tx.run("UPDATE act SET actor_name = 'Budi' WHERE id = 1")

        await house.token()  # leaves an act
        await database.write(tamper)
    with pytest.raises(RuntimeError, match=r"WRONG act 1: the row is not what was recorded"):
        await house.command("verify")


async def test_an_older_backup_interrupts_the_history(house: House, tmp_path: Path) -> None:
    """What was signed after the backup is known to be gone: at the next start, and for verification ever after."""
    backup = tmp_path / "office.wabackup"
    await house.command("backup", str(backup))
    await house.token()
    await house.stop()
    note = known_head.find(house.folder / "data")
    assert note is not None
    (tmp_path / "elsewhere").write_text(note)
    await house.command("restore", str(backup))
    await house.start()
    with pytest.raises(RuntimeError, match="the history was interrupted"):
        await house.command("verify", "--against", str(tmp_path / "elsewhere"))
    assert len(list((house.folder / "data").glob("ledger.checkpoint-*"))) == 1


async def test_a_backup_that_lacks_nothing_goes_on(house: House, tmp_path: Path) -> None:
    """A restore of what was signed last is a leaf, and everything agrees."""
    await house.stop()
    backup = tmp_path / "office.wabackup"
    await house.command("backup", str(backup))
    await house.command("restore", str(backup))
    await house.start()
    async with open_data(house) as database:
        kinds = await database.read(lambda tx: [row["kind"] for row in tx.all("SELECT kind FROM leaf")])
        head = await database.read(checkpoints.newest)
        assert head is not None
        assert head.size <= await database.read(ledger.size)
    assert kinds.count("restore") == 1
    assert "WRONG" not in await house.command("verify")


async def test_the_key_changes_while_nothing_runs_and_everything_agrees(house: House, tmp_path: Path) -> None:
    """Beside a server it is refused with a sentence; afterwards old checkpoints, backups and new ones all agree."""
    with pytest.raises(RuntimeError, match="already running"):
        await house.command("key", "rotate", "ledger", "--reason", "rutin")
    assert await house.stop() == 0
    note = known_head.find(house.folder / "data")
    assert note is not None
    (tmp_path / "elsewhere").write_text(note)
    keyring = house.folder / "data" / "keyring"
    shutil.copy(keyring, tmp_path / "old")
    printed = await house.command("key", "rotate", "ledger", "--reason", "rutin")
    assert "the old one has signed for it" in printed
    assert "WRONG" not in await house.command("verify", "--against", str(tmp_path / "elsewhere"))
    await house.start()
    assert "each signed by the ledger's key (2 so far)" in await house.command("verify")
    await house.stop()
    backup = tmp_path / "office.wabackup"
    await house.command("backup", str(backup))
    shutil.copy(tmp_path / "old", keyring)
    with pytest.raises(RuntimeError, match="the keyring is from before the ledger's key was changed"):
        await house.command()
    await house.command("restore", str(backup))
    await house.start()
    assert "WRONG" not in await house.command("verify", "--against", str(tmp_path / "elsewhere"))
