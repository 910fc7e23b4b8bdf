"""The sandbox around the program: a pretend Meta and a pretend phone on loopback, with data and keys of their own.

The gateway talks to it over real HTTP; only the base URL differs from production. Nothing leaves the machine.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from wabridge import app
from wabridge.cli.commands import data_settings
from wabridge.errors import SettingsError, StartError
from wabridge.sandbox.account import Account
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.phone import PhonePage
from wabridge.settings import Settings
from wabridge.storage import files
from wabridge.storage.lock import DataLock
from wabridge.storage.replacement import DATABASE, KEYRING

_PHONE_NUMBER_ID = "100000000000001"
_BUSINESS_ACCOUNT_ID = "200000000000002"
_DISPLAY_PHONE_NUMBER = "622150001234"


@dataclass(frozen=True, slots=True)
class Trial:
    """A running sandbox. settings: the program's, pointed at it."""

    settings: Settings
    meta: PretendMeta
    phone: PhonePage

    async def connect(self, running: app.Running) -> str:
        """Tell the pretend Meta where webhooks go; returns the phone's address."""
        self.meta.callback_url = f"{running.url}/webhook"
        self.phone.inbox_url = f"{running.url}/inbox"
        if not await self.meta.handshake():
            raise StartError("the sandbox could not reach the webhook it was given")
        return self.phone.url


def refuse_beside_real_data(settings: Settings) -> None:
    """Raise StartError if the data folder has served a real number.

    A number deleted from the configuration by mistake must not bring up an empty, friendly inbox.
    """
    if any((settings.data_folder / name).exists() for name in (DATABASE, KEYRING)):
        raise StartError(
            f"{settings.data_folder} belongs to a real number, but no phone_number_id is configured; "
            "put it back, or name another [storage] directory for the sandbox"
        )


@asynccontextmanager
async def open_sandbox(settings: Settings) -> AsyncIterator[Trial]:
    """Run the pretend Meta and the pretend phone until the block ends."""
    own = data_settings(settings)
    references = {
        name: f"file:{own.storage.directory}/secrets/{name}" for name in ("access_token", "app_secret", "verify_token")
    }
    with DataLock(own.data_folder):  # a second start ends here, before it finds the ports taken
        words = {name: _secret(settings.secret_path(reference)) for name, reference in references.items()}
    account = Account(
        phone_number_id=_PHONE_NUMBER_ID,
        business_account_id=_BUSINESS_ACCOUNT_ID,
        display_phone_number=_DISPLAY_PHONE_NUMBER,
        **words,
    )
    # The pretend Meta forgets windows at a restart and wabridge does not: it takes free text at any time.
    meta = PretendMeta(account, behaviour=Behaviour(window_mode="ignore"))
    await meta.start()
    try:
        phone = PhonePage(meta, office_name=settings.office.name, language=settings.office.language)
        await _start_phone(phone, port=settings.server.port + 1 if settings.server.port else 0)
        try:
            yield Trial(_pointed_at(own, meta.base_url, references), meta, phone)
        finally:
            await phone.stop()
    finally:
        await meta.stop()


async def _start_phone(phone: PhonePage, *, port: int) -> None:
    try:
        await phone.start(port=port)
    except (OSError, OverflowError) as error:  # the latter: there is no port 65536
        raise SettingsError(f"port {port}, for the pretend phone, is taken or not allowed") from error


def _pointed_at(settings: Settings, api_url: str, references: dict[str, str]) -> Settings:
    return replace(
        settings,
        server=replace(settings.server, public_url=""),
        whatsapp=replace(
            settings.whatsapp,
            phone_number_id=_PHONE_NUMBER_ID,
            business_account_id=_BUSINESS_ACCOUNT_ID,
            api_url=api_url,
            access_token=references["access_token"],
            app_secret=(references["app_secret"],),
            verify_token=references["verify_token"],
        ),
    )


def _secret(path: Path | None) -> str:
    """Return a secret of the sandbox, made at its first start."""
    if path is None:
        raise StartError("the sandbox keeps its secrets in files")
    try:
        if not path.exists():
            files.make_folder(path.parent)
            files.write_private(path, secrets.token_hex(16).encode() + b"\n")
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(f"the sandbox's secret {path} cannot be read: {error.strerror}") from error
