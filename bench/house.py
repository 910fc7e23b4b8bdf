"""A real wabridge in a folder of its own, as a child process that may be killed."""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from wabridge.sandbox.account import Account

_START_SECONDS = 30.0
_PROGRAM = "import sys; from wabridge.cli import main; sys.exit(main())"
_PROJECT = Path(__file__).resolve().parents[1]


@dataclass
class House:
    """One installation: configuration, secrets, data, and the process while it runs."""

    folder: Path
    port: int
    account: Account
    cores: Sequence[int] = ()
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @classmethod
    def make(cls, folder: Path, *, port: int, api_url: str, account: Account, settling_seconds: int = 120) -> "House":
        """Write configuration and secrets for a number at a pretend Meta."""
        words = {
            "access_token": account.access_token,
            "app_secret": account.app_secret,
            "verify_token": account.verify_token,
        }
        (folder / "secrets").mkdir(mode=0o700, parents=True)
        for name, word in words.items():
            path = folder / "secrets" / name
            path.touch(mode=0o600)
            path.write_text(word)
        (folder / "config.toml").write_text(
            f"[server]\nport = {port}\n[whatsapp]\n"
            f'phone_number_id = "{account.phone_number_id}"\nbusiness_account_id = "{account.business_account_id}"\n'
            f'api_url = "{api_url}"\nsettling_seconds = {settling_seconds}\n'
        )
        return cls(folder, port, account)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def master_key(self) -> bytes:
        """Return the key the program made at its first start."""
        return bytes.fromhex((self.folder / "secrets" / "master.key").read_text().strip())

    async def token(self) -> str:
        """Make an API token."""
        return (await self.command("token", "add", secrets.token_hex(4))).split()[-1]

    async def start(self, *words: str) -> None:
        """Start the program and return once it is healthy."""
        self.process = await self._spawn(words)
        async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as session:
            while not await self._is_healthy(session):
                if self.process.returncode is not None:
                    raise RuntimeError(
                        f"wabridge ended with {self.process.returncode}: {(self.folder / 'log').read_text()[-2000:]}"
                    )
                await asyncio.sleep(0.02)

    async def command(self, *words: str) -> str:
        """Run a command of the program and return what it printed."""
        process = await asyncio.create_subprocess_exec(
            *self._argv(), *words, cwd=_PROJECT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        printed, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(printed.decode())
        return printed.decode()

    async def kill(self) -> None:
        """End it with SIGKILL, in the middle of whatever it does."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to stop; returns its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.returncode is None:
            self.process.send_signal(number)
        code = await self.process.wait()
        self.process = None
        return code

    async def _spawn(self, words: Sequence[str]) -> asyncio.subprocess.Process:
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*self._argv(), *words, cwd=_PROJECT, stdout=log, stderr=log)
        if self.cores:
            os.sched_setaffinity(process.pid, self.cores)
        return process

    def _argv(self) -> tuple[str, ...]:
        return (sys.executable, "-c", _PROGRAM, "--config", str(self.folder / "config.toml"))

    async def _is_healthy(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/health") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def account() -> Account:
    """Return an account at a pretend Meta with random secrets."""
    return Account.invented()
