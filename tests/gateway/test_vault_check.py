"""What a start finds of a run that ended badly, and makes of it."""

import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.arrivals import column
from tests.clocks import NOON, FakeClock
from tests.conftest import DATABASE_KEY, MASTER_KEY
from tests.gateway.downloads import CONTENT, Fetching, file_of, send
from tests.storage.files import keep, want
from wabridge.core import media as files
from wabridge.core.office import Office
from wabridge.errors import FileDamaged
from wabridge.gateway import vault_check
from wabridge.model.ids import MediaId
from wabridge.model.media import LIFETIME, Appearance, Thumbnail
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import appearances
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

OPEN_ALERTS = "SELECT kind FROM notification WHERE kind LIKE 'media%' AND seen_at IS NULL"


def fresh(vault_of: Office) -> Vault:
    """Return the vault as the next start opens it."""
    folder = vault_of.settings.data_folder
    return Vault(folder / "vault", Keyring.open(folder / "files" / "keyring", MASTER_KEY), reserve_bytes=0)


async def stored(office: Office, wamid: str, *, days_left: float = 7) -> tuple[MediaId, Path]:
    """Store a file; returns its row and where it lies."""
    end = office.clock.now() + timedelta(days=days_left)
    media_id = await office.database.write(partial(want, wamid=wamid, expires_at=end))
    name = await keep(office.database, office.vault, media_id, CONTENT)
    return media_id, office.settings.data_folder / "vault" / name


async def test_what_a_killed_run_left_is_swept(office: Office, data_folder: Path) -> None:
    """Half-written files and files without a row go; those with a row, and what is nobody's business, stay."""
    _, path = await stored(office, "wamid.1")
    (data_folder / "vault" / f"{'a' * 32}.part").write_bytes(b"half")
    (data_folder / "vault" / ("b" * 32)).write_bytes(b"without a row")
    (data_folder / "vault" / "README").write_bytes(b"a person's")
    await vault_check.check(office.database, fresh(office), office.clock)
    assert sorted(each.name for each in (data_folder / "vault").iterdir()) == sorted([path.name, "README"])


async def test_what_this_run_has_begun_is_not_swept(office: Office, data_folder: Path) -> None:
    """A file that another worker writes while the check goes on is left alone."""
    vault = fresh(office)
    async with vault.write("contact/1") as writer:
        await writer.write(CONTENT)
        await vault_check.check(office.database, vault, office.clock)
        kept = await writer.finish()
    assert (data_folder / "vault" / kept.name).exists()


async def test_a_row_without_its_file_is_fetched_again_or_marked(office: Office) -> None:
    """As long as WhatsApp has it the file is wanted anew; later it is lost, and a person is told."""
    young, young_path = await stored(office, "wamid.1")
    old, old_path = await stored(office, "wamid.2", days_left=-1)
    cut, cut_path = await stored(office, "wamid.3")
    whole, _ = await stored(office, "wamid.4")
    young_path.unlink()
    aside = old_path.rename(old_path.parent.parent / "aside")
    cut_path.write_bytes(cut_path.read_bytes()[:-1])
    await vault_check.check(office.database, fresh(office), office.clock)
    states = [(file.state, file.reason) for file in [await file_of(office, i) for i in (young, old, cut, whole)]]
    assert states == [("waiting", "lost"), ("failed", "lost"), ("waiting", "lost"), ("stored", None)]
    assert await column(office.database, OPEN_ALERTS) == ["media_failed"]
    aside.rename(old_path)
    await vault_check.check(office.database, fresh(office), office.clock)
    assert (await file_of(office, old)).state == "stored"
    assert await column(office.database, OPEN_ALERTS) == []


async def test_a_damaged_file_of_the_right_length_is_not_found_again(office: Office) -> None:
    """It stays wanted, or lost in plain words: a start that called it stored would let WhatsApp's last day go by."""
    for wamid, days_left in (("wamid.1", 7.0), ("wamid.2", -1.0)):
        media_id, path = await stored(office, wamid, days_left=days_left)
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
        with pytest.raises(FileDamaged):
            _ = [piece async for piece in files.read(office, await file_of(office, media_id))]
    await vault_check.check(office.database, fresh(office), office.clock)
    states = [(file.state, file.reason) for file in [await file_of(office, i) for i in (1, 2)]]
    assert states == [("waiting", "lost"), ("failed", "lost")]
    assert await column(office.database, OPEN_ALERTS) == ["media_failed"]


async def test_a_check_that_broke_off_begins_again_and_spares_what_this_run_has_made(
    office: Office, data_folder: Path
) -> None:
    """A small picture that another worker makes meanwhile is neither swept nor taken for missing."""
    media_id, path = await stored(office, "wamid.1")
    (data_folder / "vault" / ("b" * 32)).write_bytes(b"without a row")
    vault, file = fresh(office), await file_of(office, media_id)
    assert vault.list_left().keys() == {path.name, "b" * 32}
    async with vault.write("contact/1") as writer:
        await writer.write(b"webp")
        small = await writer.finish()
    look = Appearance("image/png", Thumbnail(small, 10, 10))
    assert file.kept is not None
    await office.database.write(partial(appearances.set_, media_id=media_id, seen=file.kept, appearance=look))
    async with vault.write("contact/1") as writer:
        await writer.write(b"webp")
        await vault_check.check(office.database, vault, office.clock)
        unfinished = await writer.finish()
    assert {each.name for each in (data_folder / "vault").iterdir()} == {path.name, small.name, unfinished.name}
    assert (await file_of(office, media_id)).appearance == look


async def test_a_lost_small_picture_is_made_anew(office: Office) -> None:
    """The file stays stored; only how it looks is found out again."""
    media_id, _ = await stored(office, "wamid.1")
    file = await file_of(office, media_id)
    assert file.kept is not None
    async with office.vault.write("contact/1") as writer:
        await writer.write(b"webp")
        small = await writer.finish()
    look = Appearance("image/png", Thumbnail(small, 10, 10))
    await office.database.write(partial(appearances.set_, media_id=media_id, seen=file.kept, appearance=look))
    await vault_check.check(office.database, fresh(office), office.clock)
    assert (await file_of(office, media_id)).appearance == look
    (office.settings.data_folder / "vault" / small.name).unlink()
    await vault_check.check(office.database, fresh(office), office.clock)
    again = await file_of(office, media_id)
    assert (again.state, again.appearance) == ("stored", None)


async def test_a_damaged_file_is_noticed_when_it_is_read_and_fetched_again(
    office: Office, meta: PretendMeta, fetching: Fetching, fake_clock: FakeClock
) -> None:
    """Whoever reads it gets nothing wrong; the row says lost, and within the week the file comes again."""
    await send(office, meta)
    async with fetching() as fetcher:
        file = await fetcher.until(lambda file: file.state == "stored")
        assert file.kept is not None
        path = office.settings.data_folder / "vault" / file.kept.name
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
        with pytest.raises(FileDamaged):
            _ = [piece async for piece in files.read(fetcher.office, file)]
        again = await fetcher.until(lambda file: file.state == "stored")
    assert again.kept != file.kept
    assert again.sha256 == file.sha256
    fake_clock.now += LIFETIME


FETCH_AND_DIE = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tests.conftest import DATABASE_KEY, MASTER_KEY
from tests.storage.files import keep
from wabridge.model.ids import MediaId
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

folder, moment = Path(sys.argv[1]), int(sys.argv[2])
seen = 0

def watch(event, arguments):
    global seen
    if event in ("open", "os.rename") and "vault" in str(arguments[0]) or event == "os.rename":
        seen += 1
        if seen == moment:
            os.kill(os.getpid(), signal.SIGKILL)

async def fetch():
    database = await Database.open(folder / "wabridge.db", DATABASE_KEY)
    vault = Vault(folder / "vault", Keyring.open(folder / "files" / "keyring", MASTER_KEY), reserve_bytes=0)
    sys.addaudithook(watch)
    await keep(database, vault, MediaId(1), b"Kuitansi" * 100_000)
    if moment == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    await database.close()

asyncio.run(fetch())
"""


@pytest.mark.parametrize("moment", range(6))
async def test_a_kill_at_any_step_leaves_no_row_without_file_and_no_file_without_row(
    office: Office, data_folder: Path, moment: int
) -> None:
    """After `kill -9` between key, file, rename, folder and row, the next start finds both or neither."""
    await office.database.write(partial(want, expires_at=NOON + LIFETIME))
    command = [sys.executable, "-c", FETCH_AND_DIE, str(data_folder), str(moment)]
    ended = subprocess.run(command, check=False).returncode  # noqa: ASYNC221 - nothing else happens meanwhile
    assert ended in (-signal.SIGKILL, 0)
    database = await Database.open(data_folder / "wabridge.db", DATABASE_KEY)
    await vault_check.check(database, fresh(office), office.clock)
    await database.close()
    names = {path.name for path in (data_folder / "vault").iterdir()} if (data_folder / "vault").exists() else set()
    file = await file_of(office)
    assert names == ({file.kept.name} if file.kept else set())
    if file.kept is not None:
        assert fresh(office).opens(file.kept)
    assert file.state == ("stored" if file.kept else "waiting")
