"""One process serves: the lock on a data folder."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from wabridge.errors import AlreadyRunning, StorageUnavailable
from wabridge.storage import replacement


class DataLock:
    """The exclusive lock on a data folder, held for the length of a `with` block; taken before the database is opened.

    The kernel lets go of it when the process ends, however it ends. Its file says where the process answers, once it
    does: with port 0 nobody else would know.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def __enter__(self) -> "DataLock":
        """Take the lock, and finish a restore that was interrupted; raises AlreadyRunning or StorageUnavailable."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._release()
            raise AlreadyRunning(f"wabridge is already running with the data folder {self._folder}") from error
        except OSError as error:
            self._release()
            raise StorageUnavailable(f"the data folder {self._folder} cannot be used: {error.strerror}") from error
        try:
            os.truncate(self._descriptor, 0)  # whoever held it before answers there no more
            replacement.finish(self._folder)
        except OSError as error:
            self._release()
            raise StorageUnavailable(f"the data folder {self._folder} cannot be used: {error.strerror}") from error
        except BaseException:
            self._release()
            raise
        return self

    def publish(self, address: str) -> None:
        """Say where this process answers, for commands beside it. On a full disk it stays unsaid."""
        assert self._descriptor is not None, "the lock is held"
        with suppress(OSError):
            os.pwrite(self._descriptor, address.encode(), 0)

    @classmethod
    def find_address(cls, folder: Path) -> str | None:
        """Return where the process answers that serves from a data folder; None if there is none, or it is unsaid."""
        if not cls.is_held(folder):
            return None
        try:
            return (folder / "lock").read_text(encoding="utf-8") or None
        except (OSError, UnicodeDecodeError):
            return None

    @classmethod
    def is_held(cls, folder: Path) -> bool:
        """Say whether a process serves from a data folder; touches nothing there."""
        try:
            descriptor = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._release()

    def _release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
