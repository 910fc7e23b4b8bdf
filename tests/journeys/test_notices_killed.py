"""A program killed around a legal notice's confirmation: confirmed once, thanked for once, and nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.house import House, free_port
from tests.journeys.site import SITI, eventually
from tests.journeys.test_replay_command import open_data
from tests.noticing import TEXT, WISH, look
from wabridge import settings as configuration
from wabridge.broker import Broker
from wabridge.clock import system_clock
from wabridge.core import notice_sending, notices
from wabridge.core.office import Office
from wabridge.model.ids import ConversationId, NoticeId
from wabridge.model.notice_level import stand
from wabridge.model.staff import Actor
from wabridge.sandbox.handset import Bubble
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import conversations
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

_OWNER = Actor(kind="staff", id=1, name="Pemilik", role="owner")


@pytest.fixture
async def house(tmp_path: Path, meta: PretendMeta) -> AsyncIterator[House]:
    """A wabridge of its own process."""
    made = House.make(tmp_path / "house", port=free_port(), api_url=meta.base_url, account=meta.account)
    meta.callback_url = f"{made.url}/webhook"
    await made.start()
    yield made
    await made.kill()


@asynccontextmanager
async def beside(house: House) -> AsyncIterator[Office]:
    """Open the office's work beside the program, as another hand at the same database."""
    keyring = Keyring.open(house.folder / "data/keyring", house.master_key())
    vault = Vault(house.folder / "data/vault", keyring)
    said = configuration.load(house.folder / "config.toml")
    async with open_data(house) as database:
        yield Office(said, database, Broker(), system_clock(), bytes(32), is_sandbox=False, vault=vault, bundles=vault)


async def begin(office: Office, meta: PretendMeta) -> NoticeId:
    """Let Siti write, and a lawyer send her a notice."""
    meta.client_writes(SITI, "Siti Rahayu", "Halo")

    async def has_written() -> bool:
        return bool(await office.database.read(lambda tx: conversations.list_page(tx, limit=1)))

    await eventually(has_written)
    found = await notices.draft(office, _OWNER, ConversationId(1), WISH)
    await notices.approve(office, _OWNER, found.id, version_id=found.version.id)
    await notice_sending.send(office, _OWNER, found.id, version_id=found.version.id)
    return found.id


def shown(meta: PretendMeta, text: str) -> list[Bubble]:
    """Return the messages on Siti's phone that say this."""
    return [each for each in meta.handset(SITI).bubbles if text in each.text and each.is_from_office]


async def test_killed_at_every_step_it_is_confirmed_and_thanked_for_once(house: House, meta: PretendMeta) -> None:
    """Dead when the button is pressed, dead when it is filed, dead when it was thanked for: one of each."""
    async with beside(house) as office:
        notice_id = await begin(office, meta)

        async def has_come() -> bool:
            return bool(shown(meta, TEXT))

        await eventually(has_come, seconds=40)  # it can be taken back for ten seconds
        await house.kill()
        (bubble,) = shown(meta, TEXT)
        choice = next(each for each in bubble.choices if each.title == "Sudah saya baca")
        meta.talk.choose(meta.handset(SITI), bubble, choice)
        await house.start()

        async def is_confirmed() -> bool:
            return stand(await look(office, notice_id)).is_confirmed

        await eventually(is_confirmed, seconds=30)
        await house.kill()
        await house.start()

        async def is_thanked() -> bool:
            receipts = [c for c in (await look(office, notice_id)).carriers if c.purpose == "receipt"]
            return bool(receipts) and receipts[0].delivery.status != "pending"

        await eventually(is_thanked, seconds=30)
        await house.kill()
        await house.start()
        found = await look(office, notice_id)
        assert [event.kind for event in found.events] == ["drafted", "approved", "queued", "answered", "receipt"]
        assert [carrier.purpose for carrier in found.carriers] == ["notice", "receipt"]
        # Killed in the midst of handing it over it is unknown, and never repeated blindly.
        assert len(shown(meta, "Tanda terima")) <= 1
        assert len(shown(meta, TEXT)) == 1
