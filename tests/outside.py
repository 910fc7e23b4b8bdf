"""An authority and a mail server on loopback, and an office that anchors there."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests import authority
from tests.clocks import NOON
from tests.outbound import LAWYER
from tests.post import PostOffice, open_post_office
from wabridge.connectors import timestamps
from wabridge.core import anchoring
from wabridge.core.anchoring import Anchoring, Trust
from wabridge.core.office import Office
from wabridge.model.anchor import Standing, Why
from wabridge.settings import AnchorSettings
from wabridge.storage import anchors, checkpoints, ledger
from wabridge.storage.database import Transaction
from wabridge.storage.ledger import Entry

SEED = bytes(range(32))
GOOD = authority.found(NOON)
OTHER = authority.found(NOON, name="Other Time")


class Outside:
    """An authority and a mail server on loopback, and an office that anchors there."""

    worker: Anchoring

    def __init__(self, office: Office, post: PostOffice) -> None:
        self.office, self.post = office, post
        self.answering: Callable[[bytes], bytes] = lambda asked: authority.answer(GOOD, asked, now=NOON)
        self.status = 200
        self.asked = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as it was told."""
        self.asked += 1
        return web.Response(status=self.status, body=self.answering(await request.read()))

    async def happen(self, why: Why | None = "notice") -> None:
        """Let something be recorded, and be wanted outside."""

        def record(tx: Transaction) -> None:
            ledger.append(tx, Entry("test"))
            if why is not None:
                anchors.want(tx, why)

        await self.office.database.write(record)

    async def work(self) -> None:
        """Let the worker do all it can now, and the ledger sign what is asked for."""
        while await self.worker.look():
            pass
        if await self.office.database.read(checkpoints.is_wanted):
            await self.office.database.write(lambda tx: checkpoints.add(tx, SEED))
            while await self.worker.look():
                pass

    async def kept(self) -> list[anchors.Kept]:
        """Return what lies outside."""
        return await self.office.database.read(lambda tx: anchors.list_kept(tx, limit=100))

    async def standing(self) -> Standing:
        """Return how well the ledger is anchored."""
        return await anchoring.standing(self.office, LAWYER)


@asynccontextmanager
async def open_outside(office: Office, folder: Path) -> AsyncIterator[Outside]:
    """Let an office anchor at one authority and in one mailbox; its day's anchor is made. folder: of settings."""
    app = web.Application()
    async with open_post_office(folder) as (post, trusting), timestamps.open_session(2) as session:
        (folder / "password").write_text("rahasia")
        (folder / "password").chmod(0o600)
        (folder / "root.pem").write_bytes(GOOD.root_pem)
        made = Outside(office, post)
        app.router.add_post("/", made.answer)
        async with TestServer(app) as server:
            chosen = AnchorSettings(
                timestamp_urls=(str(server.make_url("/")),),
                timestamp_roots=("root.pem",),
                mail_to=("arsip@example.net",),
                mail_from="kantor@example.id",
                smtp_server=f"127.0.0.1:{post.port}",
                smtp_user="kantor",
                smtp_password="file:password",
            )
            anchored = replace(office, settings=replace(office.settings, anchors=chosen))
            trust = Trust([GOOD.root], is_strict=True, mail=trusting)
            made.office, made.worker = anchored, Anchoring(anchored, session, trust)
            await made.happen(None)
            await made.work()
            yield made
