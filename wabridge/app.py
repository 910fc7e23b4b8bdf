"""Builds, starts and stops everything. Read `run` from top to bottom: that is the life of the process.

The TaskGroup here is the only place where tasks are born; whoever needs one is handed the group. A worker that
raises, or ends before it is told to, ends the program: a gateway with a dead worker is worse than a stopped one, and
the service manager starts it again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from wabridge.broker import Broker
from wabridge.clock import Clock
from wabridge.connectors import timestamps
from wabridge.core import anchoring, exporter, ledger, ledger_keys, stamping
from wabridge.core.anchoring import Anchoring
from wabridge.core.appearances import Appearances
from wabridge.core.exporter import Exporter
from wabridge.core.followup import Followup
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import SettingsError
from wabridge.gateway import cutouts
from wabridge.gateway.account import Account
from wabridge.gateway.door import Door
from wabridge.gateway.intake import Intake
from wabridge.gateway.media import Media
from wabridge.gateway.sender import Sender
from wabridge.gateway.statuses import Statuses
from wabridge.gateway.templates import Templates
from wabridge.gateway.ticks import SECONDS as TICK_SECONDS
from wabridge.gateway.ticks import Ticks
from wabridge.gateway.uploads import Uploader
from wabridge.settings import Settings
from wabridge.storage import facts, known_head, master_key, numbers, seals
from wabridge.storage.database import Database, Transaction
from wabridge.storage.dedupe import BodyCache
from wabridge.storage.journal import Journal, newest
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock
from wabridge.storage.replacement import BUNDLES, DATABASE, KEYRING, VAULT
from wabridge.storage.vault import Vault
from wabridge.web import server
from wabridge.whatsapp import cloud_api
from wabridge.whatsapp import media as media_api
from wabridge.whatsapp import templates as template_api
from wabridge.whatsapp import uploads as upload_api

log = logging.getLogger(__name__)

FINISH_SECONDS = 20.0
"""How long workers may take to finish the item in hand when the program stops."""
_CLOSE_SECONDS = 2.0

Worker = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Running:
    """What the caller of `run` learns once requests are answered. url: where the inbox is, without a trailing slash."""

    url: str
    office: Office
    door: Door


@dataclass(frozen=True, slots=True)
class _House:
    """Everything that was built, in the order it is started."""

    office: Office
    door: Door
    keepers: tuple[Worker, ...]
    workers: tuple[Worker, ...]


async def run(
    settings: Settings,
    *,
    clock: Clock,
    stop: asyncio.Event,
    ready: Callable[[Running], Awaitable[None]],
    phone_url: str = "",
    more_workers: Sequence[Worker] = (),
) -> None:
    """Serve until stop is set; raises what a worker raised.

    phone_url: where the pretend phone is; only the sandbox has one. ready is awaited once the listener is open.
    more_workers stand beside the program's own, under the same rule.
    Raises StartError when it cannot start. When this returns or raises, every connection and file is closed.
    """
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(DataLock(settings.data_folder))
        async with asyncio.TaskGroup() as tasks:
            house = await _build(settings, clock, stack, tasks, phone_url=phone_url)
            keepers = [tasks.create_task(_endless(keeper, house.office.broker)) for keeper in house.keepers]
            workers = [
                tasks.create_task(_endless(worker, house.office.broker)) for worker in (*house.workers, *more_workers)
            ]
            async with _serve(settings, house) as url:
                lock.publish(url)
                await ready(Running(url, house.office, house.door))
                log.info("serving")
                await stop.wait()
                log.info("stopping")
            await _finish(workers)
            for task in (*workers, *keepers):
                task.cancel()
    log.info("stopped")


async def _build(
    settings: Settings, clock: Clock, stack: AsyncExitStack, tasks: asyncio.TaskGroup, *, phone_url: str
) -> _House:
    """Open the disk and put the rooms together; what must be closed goes onto the stack."""
    keyring = Keyring.open_or_create(settings.data_folder / KEYRING, master_key.read_or_create(settings))
    database = await Database.open(settings.data_folder / DATABASE, keyring.get("database"), clock=clock)
    stack.push_async_callback(database.close)
    epoch, newest_body = await database.write(lambda tx: _open_for_business(tx, settings, is_sandbox=bool(phone_url)))
    seed = await ledger_keys.find_seed(database, keyring)
    await _open_ledger(database, settings, seed, clock)
    bodies = BodyCache(settings.data_folder / "cache", keyring.get("dedupe"), epoch, newest=newest_body)
    stack.callback(bodies.close)
    broker, whatsapp = Broker(), settings.whatsapp
    journal = Journal(database, clock)
    vault, bundles = (Vault(settings.data_folder / name, keyring) for name in (VAULT, BUNDLES))
    session_key = keyring.get("sessions")
    office = Office(
        settings, database, broker, clock, session_key, bool(phone_url), phone_url, vault=vault, bundles=bundles
    )
    intake = Intake(
        database=database,
        broker=broker,
        clock=clock,
        dedupe_key=keyring.get("dedupe"),
        phone_number_ids={whatsapp.phone_number_id},
        business_account_ids={whatsapp.business_account_id} - {""},
    )
    return _House(
        office=office,
        door=_door(office, journal, bodies),
        keepers=(journal.run, bodies.run, database.run),
        workers=(
            intake.run,
            Inbound(office).run,
            await _sender(office, stack, tasks),
            Statuses(database, broker, clock).run,
            Account(database=database, broker=broker, clock=clock, account_id=whatsapp.business_account_id).run,
            await _fetcher(office, stack, tasks),
            await _lister(office, stack),
            await _ticker(office, stack),
            Appearances(office).run,
            Followup(office).run,
            ledger.Bookkeeper(office, seed).run,
            await _anchorer(office, stack),
            await _exporter(office, exporter.Keys(ledger=seed, seal=keyring.get(seals.KEY)), stack, tasks),
        ),
    )


async def _exporter(office: Office, keys: exporter.Keys, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> Worker:
    """Return the worker for exports, with the keys it signs with."""
    authorities = await stack.enter_async_context(stamping.open_authorities(office))
    return Exporter(office, keys, cutouts.read, tasks, authorities).run


def _door(office: Office, journal: Journal, bodies: BodyCache) -> Door:
    settings, whatsapp = office.settings, office.settings.whatsapp
    return Door(
        journal=journal,
        bodies=bodies,
        app_secrets=tuple(settings.secret(reference) for reference in whatsapp.app_secret),
        verify_token=settings.secret(whatsapp.verify_token),
        broker=office.broker,
        clock=office.clock,
    )


async def _sender(office: Office, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> Worker:
    """Return the worker that hands messages to Meta, with connections of its own."""
    settings, whatsapp = office.settings, office.settings.whatsapp
    session = await stack.enter_async_context(cloud_api.open_session())
    return Sender(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        api=cloud_api.CloudApi(session, api_url=whatsapp.api_url, api_version=whatsapp.api_version),
        uploader=await _uploader(office, stack),
        access_token=lambda: settings.secret(whatsapp.access_token),
        settings=settings,
        tasks=tasks,
    ).run


async def _fetcher(office: Office, stack: AsyncExitStack, tasks: asyncio.TaskGroup) -> Worker:
    """Return the worker for files, with connections of its own: a long file must not keep a message waiting."""
    settings, whatsapp = office.settings, office.settings.whatsapp
    session = await stack.enter_async_context(media_api.open_session())
    return Media(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        api=media_api.MediaApi(session, api_url=whatsapp.api_url, api_version=whatsapp.api_version),
        vault=office.vault,
        access_token=lambda: settings.secret(whatsapp.access_token),
        tasks=tasks,
    ).run


async def _lister(office: Office, stack: AsyncExitStack) -> Worker:
    """Return the worker for templates, with connections of its own."""
    settings, whatsapp = office.settings, office.settings.whatsapp
    session = await stack.enter_async_context(template_api.open_session())
    return Templates(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        api=template_api.TemplateApi(session, api_url=whatsapp.api_url, api_version=whatsapp.api_version),
        access_token=lambda: settings.secret(whatsapp.access_token),
        account_id=whatsapp.business_account_id,
    ).run


async def _ticker(office: Office, stack: AsyncExitStack) -> Worker:
    """Return the worker for blue ticks, with connections of its own: a courtesy must not take a message's place."""
    settings, whatsapp = office.settings, office.settings.whatsapp
    session = await stack.enter_async_context(cloud_api.open_session(total_seconds=TICK_SECONDS))
    return Ticks(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        api=cloud_api.CloudApi(session, api_url=whatsapp.api_url, api_version=whatsapp.api_version),
        access_token=lambda: settings.secret(whatsapp.access_token),
        phone_number_id=whatsapp.phone_number_id,
    ).run


async def _anchorer(office: Office, stack: AsyncExitStack) -> Worker:
    """Return the worker for anchors; raises SettingsError if a root cannot be read."""
    session = await stack.enter_async_context(timestamps.open_session())
    return Anchoring(office, session, anchoring.read_trust(office.settings)).run


async def _uploader(office: Office, stack: AsyncExitStack) -> Uploader:
    """Return what hands files over, with connections of its own as well."""
    whatsapp = office.settings.whatsapp
    session = await stack.enter_async_context(upload_api.open_session())
    return Uploader(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        api=upload_api.UploadApi(session, api_url=whatsapp.api_url, api_version=whatsapp.api_version),
        vault=office.vault,
    )


def _open_for_business(tx: Transaction, settings: Settings, *, is_sandbox: bool) -> tuple[str, int]:
    numbers.ensure(tx, settings.whatsapp.phone_number_id)
    if not is_sandbox:
        facts.set_(tx, "served_number", settings.whatsapp.phone_number_id)
    epoch = facts.find(tx, "epoch")
    if epoch is None:
        raise SettingsError("the database has no epoch: it was not made by wabridge")
    return epoch, newest(tx)


async def _open_ledger(database: Database, settings: Settings, seed: bytes, clock: Clock) -> None:
    """Let the ledger say that the program starts, before any worker does anything."""
    known = known_head.find(settings.data_folder)
    if not await database.write(lambda tx: ledger.begin(tx, seed=seed, known=known, clock=clock)):
        log.error("the ledger does not go on from the newest checkpoint that was known here")
        known_head.set_aside(settings.data_folder)


@asynccontextmanager
async def _serve(settings: Settings, house: _House) -> AsyncIterator[str]:
    """Open the listener; on the way out close it first, then end the live pages."""
    application = server.build(office=house.office, door=house.door)
    runner = web.AppRunner(
        application, access_log=None, auto_decompress=False, shutdown_timeout=_CLOSE_SECONDS, handle_signals=False
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.server.host, settings.server.port)
        await _listen(site, settings)
        yield _address(settings, runner)
        await site.stop()
    finally:
        house.office.broker.hang_up()
        house.office.broker.close()
        await runner.cleanup()


async def _listen(site: web.TCPSite, settings: Settings) -> None:
    try:
        await site.start()
    except OSError as error:
        raise SettingsError(f"port {settings.server.port} on {settings.server.host} is taken or not allowed") from error


def _address(settings: Settings, runner: web.AppRunner) -> str:
    if settings.server.public_url:
        return settings.server.public_url.rstrip("/")
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _endless(worker: Worker, broker: Broker) -> None:
    await worker()
    if not broker.is_closing:
        raise RuntimeError("a worker ended on its own")


async def _finish(workers: Sequence[asyncio.Task[None]]) -> None:
    """Let the workers finish the item in hand."""
    _, late = await asyncio.wait(workers, timeout=FINISH_SECONDS)
    if late:
        log.warning("workers did not finish in time", extra={"late": len(late)})
