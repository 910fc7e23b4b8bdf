"""The list of templates, fetched from a pretend Meta."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.arrivals import arrive, column
from tests.clocks import FakeClock
from tests.gateway.dispatch import AccessToken
from wabridge.broker import Broker
from wabridge.gateway.account import Account
from wabridge.gateway.templates import Templates
from wabridge.model.event import AccountEvent
from wabridge.model.template import Template
from wabridge.model.template_sync import SyncState
from wabridge.sandbox.graph import EXPIRED_TOKEN, GraphError
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import template_syncs, templates
from wabridge.storage.database import Database
from wabridge.whatsapp import templates as template_api
from wabridge.whatsapp.templates import TemplateApi

HEARING = ("pengingat_sidang", "id")


class Lister:
    """A worker, and what it has brought about."""

    def __init__(self, worker: Templates, database: Database, account_id: str, clock: FakeClock) -> None:
        self._worker = worker
        self._database = database
        self._account_id = account_id
        self._clock = clock

    async def look(self, *, after: timedelta = timedelta(0)) -> None:
        """Let some time pass, then let the worker look once."""
        self._clock.now += after
        assert not await self._worker.look()

    async def ask(self) -> None:
        """Let somebody want a newer list."""
        now = self._clock.now
        await self._database.write(lambda tx: template_syncs.ask(tx, self._account_id, now=now))

    async def state(self) -> SyncState:
        """Return how fetching stands."""
        return await self._database.read(lambda tx: template_syncs.get(tx, self._account_id))

    async def all(self) -> list[Template]:
        """Return every template that is known."""
        return await self._database.read(lambda tx: templates.list_all(tx, self._account_id))

    async def get(self, name: str, language: str) -> Template:
        """Return one of them."""
        found = await self._database.read(lambda tx: templates.find(tx, self._account_id, name=name, language=language))
        assert found is not None
        return found


@pytest.fixture
async def lister(
    meta: PretendMeta, database: Database, broker: Broker, fake_clock: FakeClock, access_token: AccessToken
) -> AsyncIterator[Lister]:
    """A worker that talks to the pretend Meta over HTTP."""
    async with template_api.open_session() as session:
        worker = Templates(
            database=database,
            broker=broker,
            clock=fake_clock.clock,
            api=TemplateApi(session, api_url=meta.base_url, api_version="v25.0"),
            access_token=access_token.read,
            account_id=meta.account.business_account_id,
        )
        yield Lister(worker, database, meta.account.business_account_id, fake_clock)


async def test_every_page_of_the_list_is_fetched(lister: Lister, meta: PretendMeta, fake_clock: FakeClock) -> None:
    """However small Meta makes its pages, all templates are known afterwards, each as Meta calls it."""
    meta.templates.largest_page = 3
    await lister.look()
    assert len(await lister.all()) == len(meta.templates.entries)
    assert meta.templates.lists == -(-len(meta.templates.entries) // 3)
    assert (await lister.get("survei_kepuasan", "id")).status == "paused"
    assert (await lister.get("promo_konsultasi", "id")).reason == "TAG_CONTENT_MISMATCH"
    state = await lister.state()
    assert (state.good_at, state.is_failing, state.unreadable) == (fake_clock.now, False, 0)
    assert meta.violations == []


async def test_it_is_fetched_once_a_day_and_when_somebody_asks(lister: Lister, meta: PretendMeta) -> None:
    """Between that Meta is left in peace."""
    await lister.look()
    await lister.look(after=timedelta(hours=23))
    assert meta.templates.lists == 1
    await lister.ask()
    await lister.look()
    assert meta.templates.lists == 2
    await lister.look(after=timedelta(hours=24))
    assert meta.templates.lists == 3


async def test_a_new_wording_is_a_version_and_what_vanishes_is_marked(lister: Lister, meta: PretendMeta) -> None:
    """The list is compared with what was known; nothing is lost."""
    await lister.look()
    meta.templates.reword(*HEARING, "Teks baru untuk {{nama}} ya.", is_told=False)
    meta.templates.remove("ada_kabar", "id")
    await lister.look(after=timedelta(days=1))
    hearing = await lister.get(*HEARING)
    assert (hearing.version, hearing.wording.body) == (2, "Teks baru untuk {{nama}} ya.")
    assert (await lister.get("ada_kabar", "id")).missing_since is not None
    assert len(await lister.all()) == len(meta.templates.entries) + 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (EXPIRED_TOKEN, "token"),
        (GraphError(http=403, code=200, title="Permissions error"), "token"),
        (GraphError(http=400, code=80008, title="There have been too many calls"), "throttled"),
        (GraphError(http=503, code=2, title="Service temporarily unavailable"), "server"),
        (GraphError(http=400, code=100, subcode=33, title="Unsupported get request"), "account"),
        (GraphError(http=400, code=135000, title="Generic user error"), "refused"),
    ],
)
async def test_a_refusal_is_told_and_changes_nothing_else(
    lister: Lister, meta: PretendMeta, database: Database, error: GraphError, reason: str
) -> None:
    """What was known stays, sending is not paused, and it is tried again later."""
    await lister.look()
    known = await lister.all()
    meta.templates.failures.append(error)
    await lister.look(after=timedelta(days=1))
    state = await lister.state()
    assert (state.reason, state.code, state.failures) == (reason, error.code, 1)
    assert state.good_at is not None
    assert await lister.all() == known
    assert await column(database, "SELECT paused_at FROM number WHERE paused_at IS NOT NULL") == []
    await lister.look(after=timedelta(seconds=61))
    assert not (await lister.state()).is_failing


async def test_a_list_that_breaks_off_changes_nothing(lister: Lister, meta: PretendMeta) -> None:
    """A failure on a later page lets neither new templates in nor old ones be marked as gone."""
    await lister.look()
    meta.templates.largest_page = 3
    meta.templates.remove("ada_kabar", "id")
    meta.templates.failures.extend([None, None, GraphError(http=400, code=131059, title="Invalid paging cursor")])
    await lister.look(after=timedelta(days=1))
    assert (await lister.state()).reason == "interrupted"
    assert (await lister.get("ada_kabar", "id")).missing_since is None


async def test_fields_that_meta_does_not_give_are_left_out(lister: Lister, meta: PretendMeta) -> None:
    """Where the fields beyond Meta's page are refused, the list is fetched without them."""
    meta.templates.failures.append(GraphError(http=400, code=100, title="Tried accessing nonexisting field"))
    await lister.look()
    assert not (await lister.state()).is_failing
    assert (await lister.get("survei_kepuasan", "id")).quality == ""


async def test_an_unreadable_token_and_a_dead_line_are_told(
    lister: Lister, meta: PretendMeta, access_token: AccessToken
) -> None:
    """Neither stops the program: the page says what is missing."""
    right, access_token.value = access_token.value, ""
    await lister.look()
    assert (await lister.state()).reason == "token"
    access_token.value = right
    await meta.stop()
    await lister.look(after=timedelta(minutes=2))
    assert ((await lister.state()).reason, (await lister.state()).failures) == ("unreachable", 2)


async def test_a_webhook_takes_effect_at_once_and_has_the_list_fetched(
    lister: Lister, meta: PretendMeta, database: Database, broker: Broker, fake_clock: FakeClock
) -> None:
    """A pause stops a template before the next list, with the time it probably ends; then the list is asked for."""
    await lister.look()
    fake_clock.now += timedelta(minutes=1)
    value = {
        "event": "PAUSED",
        "message_template_id": int(meta.templates.get(*HEARING)["id"]),
        "reason": "NONE",
        "other_info": {"title": "FIRST_PAUSE", "description": "Paused for 3 hours"},
    }
    told = AccountEvent("message_template_status_update", value=value, reported_at=int(fake_clock.now.timestamp()))
    await arrive(database, told, at=fake_clock.now)
    account_id = meta.account.business_account_id
    await Account(database=database, broker=broker, clock=fake_clock.clock, account_id=account_id).look()
    hearing = await lister.get(*HEARING)
    assert (hearing.status, hearing.can_be_sent, hearing.said) == ("paused", False, "Paused for 3 hours")
    assert hearing.paused_until is not None
    assert hearing.paused_until - fake_clock.now == timedelta(hours=3)
    assert (await lister.state()).is_wanted
    lists = meta.templates.lists
    await lister.look()
    assert meta.templates.lists == lists + 1
    assert not (await lister.state()).is_wanted


async def test_without_an_account_nothing_is_asked(
    database: Database, broker: Broker, fake_clock: FakeClock, meta: PretendMeta
) -> None:
    """A number without a business account works as ever; only templates cannot be had."""
    async with template_api.open_session() as session:
        worker = Templates(
            database=database,
            broker=broker,
            clock=fake_clock.clock,
            api=TemplateApi(session, api_url=meta.base_url, api_version="v25.0"),
            access_token=lambda: "token",
            account_id="",
        )
        assert not await worker.look()
    assert meta.templates.lists == 0
