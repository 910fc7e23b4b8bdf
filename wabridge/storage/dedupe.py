"""The cache of webhook bodies already stored, so that a repeat costs no commit.

Only a hint: the truth about duplicates is in the database. What may not happen is a body called known that is not
stored. So an entry is made after the commit; its key is an HMAC over the database's epoch and the body's digest, so
that entries from another history of the database are never found; and a cache that knows younger bodies than the
database is set aside.

Whatever befalls the folder (deleted, damaged, full) costs its entries and nothing else.
"""

import asyncio
import hashlib
import hmac
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Never

from wabridge.model.ids import WebhookId
from wabridge.storage.shelf import Shelf
from wabridge.storage.sieve import Sieve

log = logging.getLogger(__name__)

_WRITE_SECONDS = 0.25
_WRITES_PER_CULL = 2400
"""Entries past their time are removed every ten minutes."""
_WRITES_PER_RESCUE = 40
"""A folder that cannot be put right is tried again after ten seconds."""
_RUSH = 250
"""So many new bodies between two writes, and the next one waits for a calmer moment."""
_MAX_WAITING = 50_000
"""How many entries wait in memory while the folder cannot be written to; older ones are forgotten."""
_NEWEST = b"newest"


class BodyCache:
    """Which bodies are stored, for as long as Meta may repeat them. Never raises to the door.

    newest: the id of the body stored last, when known.
    """

    def __init__(self, directory: Path, key: bytes, epoch: str, *, newest: int | None = None) -> None:
        self._directory = directory
        self._key = key
        self._epoch = epoch.encode()
        self._fresh: dict[bytes, int] = {}
        self._leaving: dict[bytes, int] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bodies")
        self._writes = 0
        self._is_suspect = False
        self._rest = 0
        self._sieve = Sieve()
        self._is_sifted = False
        self._shelf = self._open()
        if self._shelf is None or (newest is not None and self._youngest(self._shelf) > newest):
            self._set_aside()

    def find(self, digest: bytes) -> WebhookId | None:
        """Return which stored body has this SHA-256, if that is known."""
        name = self._name(digest)
        webhook_id = self._fresh.get(name) or self._leaving.get(name)
        if webhook_id is None and (not self._is_sifted or self._sieve.may_hold(name)):
            webhook_id = self._look_up(name)
        return None if webhook_id is None else WebhookId(webhook_id)

    def remember(self, digest: bytes, webhook_id: WebhookId) -> None:
        """Remember a body whose commit has succeeded."""
        name = self._name(digest)
        self._sieve.add(name)
        self._fresh[name] = webhook_id
        if len(self._fresh) > _MAX_WAITING:
            del self._fresh[next(iter(self._fresh))]

    async def run(self) -> Never:
        """Write what is remembered to the disk, for ever, in a thread of its own."""
        await self._sift()
        while True:
            before = len(self._fresh)
            await asyncio.sleep(_WRITE_SECONDS)
            if len(self._fresh) - before > _RUSH and len(self._fresh) < _MAX_WAITING // 2:
                continue  # the door needs the processor; what waits in memory is found there as well
            await self.flush()

    async def flush(self) -> None:
        """Write what is remembered to the disk now, and put the folder right if need be."""
        self._rest = max(self._rest - 1, 0)
        if (self._shelf is None or self._is_suspect or not self._shelf.is_in_place()) and not self._rest:
            self._set_aside()
        if self._shelf is None or self._is_suspect:
            return
        self._gather()
        self._writes += 1
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._write, self._shelf)
        except Exception:  # noqa: BLE001  # as in find
            self._is_suspect = True

    def _look_up(self, name: bytes) -> int | None:
        if self._shelf is None or self._is_suspect:
            return None
        try:
            return self._shelf.find(name)
        except Exception:  # noqa: BLE001  # a damaged folder fails in any way it likes; the next write sees to it
            self._is_suspect = True
            return None

    async def _sift(self) -> None:
        """Learn what the folder holds, so that a body nobody has seen costs no look at the disk."""
        shelf = self._shelf
        if shelf is not None:
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, shelf.visit, self._sieve.add)
            except Exception:  # noqa: BLE001  # as in find
                self._is_suspect = True
                return
        self._is_sifted = True

    def close(self) -> None:
        """Write what is remembered and close the files."""
        self._gather()
        if self._shelf is not None:
            with suppress(Exception):  # as in find
                self._thread.submit(self._write, self._shelf).result()
            self._close(self._shelf)
        self._thread.shutdown()

    def _name(self, digest: bytes) -> bytes:
        return hmac.digest(self._key, self._epoch + b"\0" + digest, hashlib.sha256)

    def _gather(self) -> None:
        if len(self._leaving) > _MAX_WAITING:
            self._leaving = {}
        self._leaving, self._fresh = self._leaving | self._fresh, {}

    def _write(self, shelf: Shelf) -> None:
        """Write what is leaving; runs in the thread."""
        if leaving := self._leaving:
            # The mark first: killed in between, the folder must not know a younger body than its mark says.
            shelf.put({self._name(_NEWEST): max(self._youngest(shelf), *leaving.values())} | leaving)
        if self._writes % _WRITES_PER_CULL == 0:
            shelf.cull()
        self._leaving = {}

    def _youngest(self, shelf: Shelf) -> int:
        """Return the highest id the folder has ever held in this epoch."""
        with suppress(Exception):  # as in find
            return shelf.find(self._name(_NEWEST)) or 0
        return 0

    def _open(self) -> Shelf | None:
        try:
            return Shelf(self._directory)
        except Exception:  # noqa: BLE001  # as in find
            self._is_suspect = True
            return None

    def _set_aside(self) -> None:
        """Begin with an empty folder, and keep the one that was there for whoever wants to look at it."""
        if self._shelf is not None:
            self._close(self._shelf)
        aside = self._directory.with_name(f"{self._directory.name}.aside")
        with suppress(OSError):
            if self._directory.exists():
                shutil.rmtree(aside, ignore_errors=True)
                self._directory.rename(aside)
                log.warning("cache of bodies set aside")
        self._is_suspect = False
        self._rest = _WRITES_PER_RESCUE
        # A folder that would not go may know bodies that are not stored: better none.
        self._shelf = None if self._directory.exists() else self._open()

    def _close(self, shelf: Shelf) -> None:
        for close in (shelf.close, lambda: self._thread.submit(shelf.close).result()):
            with suppress(Exception):  # as in find
                close()
