"""A program that dies by SIGKILL at a named step around a notice's file: `python -m tests.journeys.dying`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bench.house import House, account
from tests.documents import PDF
from tests.journeys.test_notices_killed import beside
from tests.pictures import pieces
from wabridge.cli.commands import OPERATOR
from wabridge.core import notice_files
from wabridge.core.office import Office
from wabridge.model.ids import ConversationId, NoticeId
from wabridge.storage import notices


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _take_in(office: Office) -> None:
    async with notice_files.document(office, OPERATOR, ConversationId(1), name="a.pdf", pieces=pieces(PDF)):
        _die()


async def _copy(office: Office) -> None:
    found = await office.database.read(lambda tx: notices.get(tx, NoticeId(1)))
    async with notice_files.copied(office, found.id, found.conversation_id, found.version.document):
        _die()


async def _scan(office: Office) -> None:
    async with notice_files.scan(office, OPERATOR, NoticeId(1), name="a.pdf", pieces=pieces(PDF)):
        _die()


STEPS = {"taken in": _take_in, "copied to be sent": _copy, "scanned": _scan}


async def _live(folder: Path, step: str) -> None:
    async with beside(House(folder, 0, account())) as office:
        await STEPS[step](office)


if __name__ == "__main__":
    asyncio.run(_live(Path(sys.argv[1]), sys.argv[2]))
