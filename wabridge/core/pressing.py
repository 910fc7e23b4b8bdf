"""Has a bundle made in a process of its own (`evidence.workshop`): dossier and files go in, the bundle comes out.

What is large never is in memory as a whole: files are read from the vault as the workshop takes them. It is given
neither arguments nor variables nor files of the office, little priority, and limited memory and time.
"""

import asyncio
import base64
import json
import logging
import os
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from wabridge.core.dossiers import Gathered
from wabridge.core.office import Office
from wabridge.core.stamping import Authorities
from wabridge.errors import CertificateNotMade, FileDamaged, WabridgeError
from wabridge.evidence import workshop
from wabridge.evidence.bundle import Keys
from wabridge.evidence.workshop import Order
from wabridge.model.export import SealTime

log = logging.getLogger(__name__)

_ROOT = str(Path(__file__).resolve().parents[2])
_PROGRAM = "import runpy, sys; sys.path.insert(0, sys.argv.pop()); runpy.run_module({!r}, run_name='__main__')"
SECONDS = 900.0
"""So long a bundle may take: whoever runs a press sets the limit around it."""
_CPU_SECONDS = 600
_MEMORY_BYTES = 6 * 1024**3  # of address space
_PIECE = 256 * 1024
_LONGEST_LINE = 1024 * 1024
_NICE = 10

Told = Callable[[int], Awaitable[bool]]
"""Is told the per cent, and says whether to go on."""


class PressFailed(WabridgeError):
    """The workshop ended without a bundle. word: how, in one word for the log."""

    def __init__(self, word: str) -> None:
        super().__init__(f"the bundle was not made: {word}")
        self.word = word


class Cancelled(WabridgeError):
    """Somebody called the export off while its bundle was made."""


class NoRoom(WabridgeError):
    """The disk does not take the bundle. Without a bundle it may have room for everything else."""

    def __init__(self) -> None:
        super().__init__("the disk did not take the bundle")


class FileLost(WabridgeError):
    """A kept file cannot be read any more. name: in the vault; a bundle without it says so."""

    def __init__(self, name: str) -> None:
        super().__init__("a file of the bundle is damaged or gone")
        self.name = name


class Press:
    """One bundle in the making. tasks: where what feeds the workshop and what listens to it are born.

    seal_time: once the bundle is whole, the outside time that its seal has.
    """

    seal_time: SealTime

    def __init__(
        self,
        office: Office,
        gathered: Gathered,
        keys: Keys,
        tasks: asyncio.TaskGroup,
        authorities: Authorities | None,
    ) -> None:
        self._office = office
        self._gathered = gathered
        roots = () if authorities is None else authorities.roots
        self._order = Order(
            dossier=gathered.dossier, keys=keys, asks_time=authorities is not None, authority_roots=roots
        )
        self._tasks = tasks
        self._authorities = authorities
        self._fault: Exception | None = None
        self._is_whole = False

    async def run(self, told: Told) -> AsyncGenerator[bytes, None]:
        """Yield the bundle piece by piece; it is whole only when this ends. Close it, or its process goes on.

        Raises CertificateNotMade, Cancelled, PressFailed, FileLost or StorageUnavailable, or whatever else went wrong
        in feeding it; the process has ended then.
        """
        # -I: no folder of a user's is looked at. The group of its own keeps a terminal's Ctrl-C from it.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _PROGRAM.format(workshop.__name__), _ROOT),
            stdin=PIPE, stdout=PIPE, stderr=PIPE, env={}, cwd="/", start_new_session=True, limit=_LONGEST_LINE,
        )  # fmt: skip
        _restrain(process)
        helpers = [
            self._tasks.create_task(self._guard(process, self._feed(process))),
            self._tasks.create_task(self._guard(process, self._listen(process, told))),
        ]
        try:
            assert process.stdout is not None  # PIPE was asked for
            while piece := await process.stdout.read(_PIECE):
                yield piece
            await asyncio.wait(helpers)
            code = await process.wait()
        finally:
            for helper in helpers:
                helper.cancel()
            await _end(process)
        if self._fault is not None:
            raise self._fault
        if code or not self._is_whole:
            raise PressFailed(f"exit_{code}")

    async def _guard(self, process: Process, work: Coroutine[Any, Any, None]) -> None:
        """Let whatever goes wrong end the workshop and be raised by `run`, not end this program."""
        try:
            await work
        except (BrokenPipeError, ConnectionResetError):
            pass  # the workshop has ended; its end tells why
        except Exception as fault:  # noqa: BLE001 - a bundle nobody thought of must not stop the office's messages
            self._fault = self._fault or fault
            _kill(process)

    async def _feed(self, process: Process) -> None:
        """Hand everything over."""
        stdin = process.stdin
        assert stdin is not None  # PIPE was asked for
        for part in workshop.orders(self._order, ()):
            stdin.write(part)
            await stdin.drain()
        for file in self._gathered.dossier.files:
            async for part in self._frames(file.path):
                stdin.write(part)
                await stdin.drain()
        if self._authorities is None:
            stdin.close()

    async def _frames(self, path: str) -> AsyncIterator[bytes]:
        content = self._gathered.papers.contents[path]
        yield workshop.frame(path.encode())
        if isinstance(content, bytes):
            if content:
                yield workshop.frame(content)
        else:
            try:
                async for piece in self._office.vault.read(content):
                    yield workshop.frame(piece)
            except FileDamaged as damaged:
                raise FileLost(content.name) from damaged
        yield workshop.END

    async def _listen(self, process: Process, told: Told) -> None:
        """Take what the workshop says of itself: progress, questions for the time, its end."""
        assert process.stderr is not None  # PIPE was asked for
        before = -1
        while line := await process.stderr.readline():
            said = _parse(line)
            if "steps" in said:
                percent = min(99, 100 * int(said["done"]) // max(1, int(said["steps"])))
                if percent > before and not await told(percent):
                    raise Cancelled("the export was called off")
                before = max(before, percent)
            elif "question" in said:
                await self._answer(process, base64.b64decode(said["question"]))
            elif "failed" in said:
                raise CertificateNotMade(str(said["failed"]))
            elif "manifest_sha256" in said:
                self.seal_time = said["seal_time"]
                self._is_whole = True

    async def _answer(self, process: Process, question: bytes) -> None:
        assert process.stdin is not None and self._authorities is not None, "it only asks if it was told to"  # noqa: PT018
        process.stdin.write(workshop.answer(await self._authorities.stamp(question)))
        with suppress(BrokenPipeError, ConnectionResetError):
            await process.stdin.drain()


def _parse(line: bytes) -> dict[str, Any]:
    """Return what a line says, nothing if it is no word of the workshop's: other lines are for nobody."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _restrain(process: Process) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        if sys.platform == "linux":
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY_BYTES,) * 2)
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (_CPU_SECONDS,) * 2)
            resource.prlimit(process.pid, resource.RLIMIT_CORE, (0, 0))


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()


async def _end(process: Process) -> None:
    _kill(process)
    await asyncio.shield(process.wait())
