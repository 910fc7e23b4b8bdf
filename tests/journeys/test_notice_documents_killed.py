"""A program killed around the files of a legal notice: no row without its file, no file without its row."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.house import House, free_port
from tests.documents import PDF
from tests.journeys import dying
from tests.journeys.site import SITI, eventually
from tests.journeys.test_notices_killed import beside
from tests.noticing import WISH, look
from tests.pictures import pieces
from wabridge.cli.commands import OPERATOR
from wabridge.core import notice_files, notices
from wabridge.core.office import Office
from wabridge.errors import NoticeDocumentLost
from wabridge.model.ids import ConversationId
from wabridge.model.notice import Notice
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import conversations
from wabridge.storage import notice_files as rows


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[House]:
    """A wabridge of its own process."""
    made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    meta.callback_url = f"{made.url}/webhook"
    await made.start()
    yield made
    await made.kill()


async def draft(office: Office, meta: PretendMeta) -> Notice:
    """Let Siti write, and a notice with a document be drafted to her."""
    meta.client_writes(SITI, "Siti Rahayu", "Halo")

    async def has_written() -> bool:
        return bool(await office.database.read(lambda tx: conversations.list_page(tx, limit=1)))

    await eventually(has_written)
    async with notice_files.document(office, OPERATOR, ConversationId(1), name="a.pdf", pieces=pieces(PDF)) as file:
        return await notices.draft(office, OPERATOR, ConversationId(1), WISH, file=file)


async def die(house: House, step: str) -> None:
    """Let another hand at the same data be killed at a step."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", dying.__name__, str(house.folder), step)
    assert await process.wait() == -signal.SIGKILL


def left(house: House) -> set[str]:
    """Return the names of the files in the vault."""
    return {path.name for path in (house.folder / "data/vault").iterdir()}


@pytest.mark.parametrize("step", sorted(dying.STEPS))
async def test_a_file_whose_row_never_came_is_gone_after_the_next_start(
    house: House, meta: PretendMeta, step: str
) -> None:
    """Killed between a file and its row: the notice says what it said, and only its own document is left."""
    async with beside(house) as office:
        before = await draft(office, meta)
        own = {each.kept.name for each in await office.database.read(lambda tx: rows.list_all(tx, after=0, limit=9))}
        await die(house, step)
        assert left(house) > own
        await house.kill()
        await house.start()

        async def is_swept() -> bool:
            return left(house) == own

        await eventually(is_swept, seconds=30)
        assert await look(office, before.id) == before
    assert "WRONG" not in await house.command("verify")


async def test_other_bytes_are_neither_approved_nor_sent_after_a_kill(house: House, meta: PretendMeta) -> None:
    """If the document is not the one that was handed in, approving says so, and the draft stays a draft."""
    async with beside(house) as office:
        found = await draft(office, meta)
        await house.kill()
        (name,) = left(house)
        path = house.folder / "data/vault" / name
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        await house.start()
        with pytest.raises(NoticeDocumentLost):
            await notices.approve(office, OPERATOR, found.id, version_id=found.version.id)
        assert (await look(office, found.id)).approval is None
        assert left(house) == {name}
    with pytest.raises(RuntimeError, match="WRONG file 1 of notice 1"):
        await house.command("verify")


async def test_a_backup_names_the_notice_whose_file_it_lacks(house: House, meta: PretendMeta, tmp_path: Path) -> None:
    """A document that is gone from the vault must not look like a complete backup."""
    async with beside(house) as office:
        await draft(office, meta)
    (name,) = left(house)
    assert "Not in the backup" not in await house.command("backup", str(tmp_path / "whole"))
    (house.folder / "data/vault" / name).unlink()
    assert f"file {name} of notice 1: it is not there" in await house.command("backup", str(tmp_path / "lacking"))
