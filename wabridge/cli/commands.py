"""What the commands share: how one is registered, and how one works on the data beside a running server."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from wabridge.broker import Broker
from wabridge.clock import system_clock
from wabridge.core.office import Office
from wabridge.errors import StartError
from wabridge.model.staff import OPERATOR_NAME, Actor
from wabridge.settings import Settings
from wabridge.storage import master_key, replacement
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.lock import DataLock
from wabridge.storage.replacement import BUNDLES, DATABASE, KEYRING, VAULT
from wabridge.storage.vault import Vault

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # argparse has no public name for it
else:
    Commands = object

Act = Callable[[Settings, argparse.Namespace], int]
T = TypeVar("T")

OPERATOR = Actor(kind="operator", id=0, name=OPERATOR_NAME, role="owner")


def add(commands: Commands, name: str, act: Act, *, says: str) -> argparse.ArgumentParser:
    """Register a command; returns its parser for its own arguments."""
    parser = commands.add_parser(name, help=says, description=says)
    parser.set_defaults(act=act)
    return parser


def data_settings(settings: Settings) -> Settings:
    """Return the settings with the data folder in use: the sandbox has one of its own, with its own keys."""
    if settings.whatsapp.phone_number_id:
        return settings
    directory = f"{settings.storage.directory}/sandbox"
    return replace(
        settings, storage=replace(settings.storage, directory=directory, key=f"file:{directory}/secrets/master.key")
    )


def with_office(settings: Settings, work: Callable[[Office], Awaitable[T]]) -> T:
    """Do something with the data in short transactions, whether or not the server runs."""
    return with_office_and_keys(settings, lambda office, _: work(office))


def with_office_and_keys(settings: Settings, work: Callable[[Office, Keyring], Awaitable[T]]) -> T:
    """Do the same with the keyring at hand."""
    settings = data_settings(settings)

    async def in_office(database: Database, keyring: Keyring) -> T:
        vault, bundles = (Vault(settings.data_folder / name, keyring) for name in (VAULT, BUNDLES))
        session_key = keyring.get("sessions")
        return await work(
            Office(
                settings,
                database,
                Broker(),
                system_clock(),
                session_key,
                is_sandbox=False,
                vault=vault,
                bundles=bundles,
            ),
            keyring,
        )

    return asyncio.run(_with_data(settings, in_office))


def with_data(settings: Settings, work: Callable[[Database, Keyring], Awaitable[T]]) -> T:
    """Do something with the bare data in short transactions, whether or not the server runs."""
    return asyncio.run(_with_data(data_settings(settings), work))


async def _with_data(settings: Settings, work: Callable[[Database, Keyring], Awaitable[T]]) -> T:
    folder = settings.data_folder
    if not (folder / KEYRING).exists():
        raise StartError(f"there is nothing in {folder} yet; start wabridge once")
    if replacement.is_unfinished(folder):  # what is written now would leave with what is being replaced
        raise StartError("a restore was interrupted; run it again, or start the server, to finish it")
    keyring = Keyring.open(folder / KEYRING, master_key.read(settings))
    database = await Database.open(
        folder / DATABASE, keyring.get("database"), readers=1, migrates=not DataLock.is_held(folder)
    )
    try:
        return await work(database, keyring)
    finally:
        await database.close()


def is_served(settings: Settings) -> bool:
    """Say whether a server works on this data folder now."""
    return DataLock.is_held(settings.data_folder)


def find_address(settings: Settings) -> str | None:
    """Return where the server answers, without a trailing slash; None if that is not known now.

    A running server knows best; with port 0 nobody else does.
    """
    server = settings.server
    if settings.whatsapp.phone_number_id and server.public_url:  # the sandbox is served on this machine only
        return server.public_url.rstrip("/")
    running = DataLock.find_address(data_settings(settings).data_folder)
    if running is not None or not server.port:
        return running
    return f"http://[{server.host}]:{server.port}" if ":" in server.host else f"http://{server.host}:{server.port}"
