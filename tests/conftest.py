"""What every room's tests share: a clock that can be set, an encrypted database, an office."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from tests.clocks import FakeClock
from wabridge.broker import Broker
from wabridge.clock import Clock
from wabridge.core.office import Office
from wabridge.settings import Settings
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

DATABASE_KEY = bytes(range(32))
MASTER_KEY = bytes(range(64, 96))
PHONE_NUMBER_ID = "100000000000001"

# A busy machine is no fault: no example fails for the time that it takes.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture
def fake_clock() -> FakeClock:
    """A clock to set: `fake_clock.advance(60)`."""
    return FakeClock()


@pytest.fixture
def clock(fake_clock: FakeClock) -> Clock:
    """The clock as the program gets it; it shows what `fake_clock` says."""
    return fake_clock.clock


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """The data folder of `database` and `office`."""
    return tmp_path / "data"


@pytest.fixture
async def database(data_folder: Path, clock: Clock) -> AsyncIterator[Database]:
    """An encrypted database with the newest schema and nothing in it."""
    opened = await Database.open(data_folder / "wabridge.db", DATABASE_KEY, clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def broker() -> Broker:
    """The doorbells."""
    return Broker()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The default settings, with one number configured and no pause for undoing."""
    plain = Settings(folder=tmp_path)
    return replace(
        plain,
        office=replace(plain.office, undo_seconds=0),
        whatsapp=replace(plain.whatsapp, phone_number_id=PHONE_NUMBER_ID),
    )


@pytest.fixture
def vault(data_folder: Path) -> Vault:
    """An empty vault, with a keyring of its own beside it; it uses the disk to its end."""
    keyring = Keyring.open_or_create(data_folder / "files" / "keyring", MASTER_KEY)
    return Vault(data_folder / "vault", keyring, reserve_bytes=0)


@pytest.fixture
def office(settings: Settings, database: Database, broker: Broker, clock: Clock, vault: Vault) -> Office:
    """An office with nobody in it."""
    return Office(
        settings,
        database,
        broker,
        clock,
        session_key=bytes(range(32, 64)),
        is_sandbox=False,
        vault=vault,
        bundles=vault,
    )
