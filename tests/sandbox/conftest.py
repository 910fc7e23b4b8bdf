from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.sandbox.office import Office
from tests.sandbox.visitor import Visitor
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.phone import PhonePage

PHONE = "+6281200001234"


@pytest.fixture
async def meta() -> AsyncIterator[PretendMeta]:
    """Return a pretend Meta that reports at once."""
    meta = PretendMeta(Account.invented(), behaviour=Behaviour.instant())
    await meta.start()
    yield meta
    await meta.stop()


@pytest.fixture
async def office(meta: PretendMeta) -> AsyncIterator[Office]:
    """Return an office whose client Sri has an open window."""
    async with aiohttp.ClientSession() as session:
        office = Office(meta, session)
        await office.open()
        meta.open_window(PHONE)
        yield office
        await office.close()


@pytest.fixture
async def phone(meta: PretendMeta, office: Office) -> AsyncIterator[PhonePage]:
    """Return the phone page of the pretend Meta."""
    page = PhonePage(meta, office_name="Kantor Hukum Wibowo")
    await page.start()
    yield page
    await page.stop()


@pytest.fixture
def visitor(phone: PhonePage, office: Office) -> Visitor:
    """Return a visitor of the phone page."""
    return Visitor(phone, office.session)
