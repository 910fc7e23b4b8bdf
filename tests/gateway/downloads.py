"""Messages with files, and a fetcher that brings them from the pretend Meta."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from tests.arrivals import ADA, arrive
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.dispatch import AccessToken, eventually
from wabridge.broker import Broker, Topic
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.media import Media
from wabridge.model.event import InboundMessage, Person
from wabridge.model.ids import MediaId
from wabridge.model.media import LARGEST_BYTES, MediaFile
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import media
from wabridge.whatsapp import contents
from wabridge.whatsapp import media as media_api
from wabridge.whatsapp.media import MediaApi

CONTENT = b"Kuitansi, " * 20_000


@dataclass(frozen=True)
class Fetcher:
    """A worker that fetches, for the length of a block. office: its broker lives only as long as the run."""

    office: Office
    worker: Media

    def ring(self) -> None:
        """Let it look now."""
        self.office.broker.ring(Topic.MEDIA, 0)

    async def until_tried(self, tries: int, media_id: int = 1) -> MediaFile:
        """Return a file as soon as it was tried in vain so often."""
        return await self.until(lambda file: file.tries >= tries, media_id)

    async def until(self, holds: Callable[[MediaFile], bool], media_id: int = 1) -> MediaFile:
        """Return a file as soon as something holds of it."""

        async def look() -> bool:
            return holds(await file_of(self.office, media_id))

        await eventually(look)
        return await file_of(self.office, media_id)


Fetching = Callable[..., AbstractAsyncContextManager[Fetcher]]


def message(parts: dict[str, Any], *, sender: Person = ADA, at: datetime, **more: Any) -> InboundMessage:
    """Return a message with the parts that Meta would send, as the reader of webhooks leaves it."""
    said = {"id": f"wamid.{secrets.token_hex(8)}", **parts}
    return InboundMessage(
        phone_number_id=PHONE_NUMBER_ID,
        wamid=more.pop("wamid", said["id"]),
        sender=sender,
        type=parts["type"],
        sent_at=int(at.timestamp()),
        content=contents.read(said, parts["type"]),
        file_url=contents.file_url(said, parts["type"]),
        **more,
    )


async def send(office: Office, meta: PretendMeta, content: bytes = CONTENT, **more: Any) -> None:
    """Let somebody send a document; it is filed, and its file is wanted."""
    parts = meta.files.parts("document", meta.files.keep(content, "text/plain"), {"filename": "kuitansi.txt"})
    now = office.clock.now()
    await receive(office, message(parts, at=now, **more))


async def receive(office: Office, *arrived: InboundMessage) -> None:
    """File messages."""
    await arrive(office.database, *arrived, at=office.clock.now())
    await Inbound(office).look()


async def file_of(office: Office, media_id: int = 1) -> MediaFile:
    """Return a file as pages see it."""
    return await office.database.read(lambda tx: media.get(tx, MediaId(media_id)))


async def bytes_of(office: Office, media_id: int = 1) -> bytes:
    """Return what is kept of a file."""
    kept = (await file_of(office, media_id)).kept
    assert kept is not None
    return b"".join([piece async for piece in office.vault.read(kept)])


@pytest.fixture
async def media_api_of_meta(meta: PretendMeta) -> AsyncIterator[MediaApi]:
    """Meta's files, as the pretend Meta plays them."""
    async with media_api.open_session() as session:
        yield MediaApi(session, api_url=meta.base_url, api_version="v25.0")


@pytest.fixture
def fetching(office: Office, media_api_of_meta: MediaApi, access_token: AccessToken) -> Fetching:
    """Run a fetcher for the length of a block."""

    @asynccontextmanager
    async def run(*, largest_bytes: int = LARGEST_BYTES, api: MediaApi | None = None) -> AsyncIterator[Fetcher]:
        here = replace(office, broker=Broker())
        async with asyncio.TaskGroup() as tasks:
            worker = Media(
                database=here.database,
                broker=here.broker,
                clock=here.clock,
                api=api or media_api_of_meta,
                vault=here.vault,
                access_token=access_token.read,
                tasks=tasks,
                largest_bytes=largest_bytes,
            )
            tasks.create_task(worker.run())
            try:
                yield Fetcher(here, worker)
            finally:
                here.broker.close()

    return run
