"""A pretend Meta, and a sender that talks to it over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from tests.arrivals import ADA, BUDI
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.outbound import staff_up
from wabridge.broker import Broker, Topic
from wabridge.core.office import Office
from wabridge.errors import SettingsError
from wabridge.gateway.sender import Sender
from wabridge.gateway.uploads import Uploader
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta
from wabridge.whatsapp import cloud_api, uploads
from wabridge.whatsapp.cloud_api import CloudApi
from wabridge.whatsapp.uploads import UploadApi


@dataclass
class AccessToken:
    """The access token's file: it may change, or be unreadable (empty)."""

    value: str = field(repr=False)

    def read(self) -> str:
        if not self.value:
            raise SettingsError("the access token cannot be read")
        return self.value


@dataclass(frozen=True)
class Run:
    """One run of the program, as far as sending goes. office: its broker lives only as long as the run."""

    office: Office
    sender: Sender
    task: asyncio.Task[None]

    def ring(self) -> None:
        self.office.broker.ring(Topic.OUTGOING, 0)


Sending = Callable[[], AbstractAsyncContextManager[Run]]


async def eventually(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 10) -> None:
    """Return as soon as something holds; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if answer is True or (not isinstance(answer, bool) and await answer):
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def meta(fake_clock: FakeClock) -> AsyncIterator[PretendMeta]:
    """A pretend Meta that knows Ada and Budi and reports nothing on its own."""
    account = replace(Account.invented(), phone_number_id=PHONE_NUMBER_ID)
    behaviour = Behaviour(report_sent=False, deliver=False, sent_seconds=0)
    pretend = PretendMeta(account, behaviour=behaviour, now=lambda: fake_clock.now)
    await pretend.start()
    for person in (ADA, BUDI):
        pretend.open_window(person.phone or "")
    yield pretend
    await pretend.stop()


@pytest.fixture
def access_token(meta: PretendMeta) -> AccessToken:
    """The right access token, for now."""
    return AccessToken(meta.account.access_token)


@pytest.fixture
async def api(meta: PretendMeta) -> AsyncIterator[CloudApi]:
    """The Cloud API, as the pretend Meta plays it."""
    async with cloud_api.open_session() as session:
        yield CloudApi(session, api_url=meta.base_url, api_version="v25.0")


@pytest.fixture
async def upload_api(meta: PretendMeta) -> AsyncIterator[UploadApi]:
    """The same for files; impatient after two seconds."""
    async with uploads.open_session() as session:
        yield UploadApi(session, api_url=meta.base_url, api_version="v25.0", silence_seconds=2)


@pytest.fixture
async def busy_office(office: Office) -> Office:
    """An office with people in it."""
    await staff_up(office)
    return office


@pytest.fixture
def sending(busy_office: Office, api: CloudApi, upload_api: UploadApi, access_token: AccessToken) -> Sending:
    """Run a sender for the length of a block; at its end it finishes what is in hand, like the program."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Run]:
        office = replace(busy_office, broker=Broker())
        async with asyncio.TaskGroup() as tasks:
            sender = Sender(
                database=office.database,
                broker=office.broker,
                clock=office.clock,
                api=api,
                uploader=Uploader(
                    database=office.database,
                    broker=office.broker,
                    clock=office.clock,
                    api=upload_api,
                    vault=office.vault,
                ),
                access_token=access_token.read,
                settings=office.settings,
                tasks=tasks,
            )
            task = tasks.create_task(sender.run())
            try:
                yield Run(office, sender, task)
            finally:
                office.broker.close()

    return run
