"""One encrypted connection: how it is opened, what a transaction can do on it, and what its failures are called.

Rule: only this file knows the library under the database. Its cursors, rows and errors are ours once they leave here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, Protocol, TypeVar

from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # ships no types

from wabridge.clock import Instant
from wabridge.errors import ConstraintViolated, StorageDamaged, StorageError, StorageUnavailable

T = TypeVar("T")
Params = Mapping[str, object] | Sequence[object]
Raw = Any
"""A connection of the library; it has no types of its own."""

PATIENCE_MS = 1000
"""How long a locked database is waited for."""

READONLY = 8
_UNAVAILABLE = {
    5: "the database is locked by another program",
    6: "the database is locked",
    7: "there is not enough memory",
    READONLY: "the database cannot be written to",
    10: "the disk reports an error",
    13: "the disk is full",
    14: "the database file cannot be opened",
    15: "the database is locked by another program",
}
_DAMAGED = {11: "the database file is damaged", 26: "the database file is damaged, or the key is another one"}
_CONSTRAINT = {
    18: "a value is too long",
    19: "a row contradicts the schema",
    20: "a value has another type than its column",
}
"""SQLite's primary result codes (sqlite.org/rescode.html) and what they mean to us."""

_FAULTS = (dbapi2.Error, OverflowError, UnicodeEncodeError)
_SUSPENDED = (CoroutineType, GeneratorType, AsyncGeneratorType)

_EVERY_CONNECTION = (
    "PRAGMA cipher_memory_security = OFF",  # halves the speed of writing
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # without it REPLACE goes around the triggers that forbid changes
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -8000",
)
WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 0",  # Database.run does it beside the writer
    "PRAGMA journal_size_limit = 16777216",
)
READER = ("PRAGMA query_only = ON",)
SCRATCH = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")
"""What a connection is for. SCRATCH: a file that is worth nothing until it is whole."""


class Row(Protocol):
    """One row of an answer: by name, by position, or all of it in order."""

    def __getitem__(self, key: str | int, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> list[str]:
        """Return the names of the columns."""
        ...


LastWord = Callable[["Transaction", list[Any]], None]
"""A function that is called once before COMMIT, with all that was handed in for it."""


class Transaction:
    """What a function may do between BEGIN and COMMIT.

    Everything raises StorageUnavailable, StorageDamaged or ConstraintViolated.
    """

    def __init__(self, raw: Raw, instant: Instant | None = None) -> None:
        self._raw = raw
        self._instant = instant
        self._end: StorageError | None = None
        self._last_words: list[tuple[LastWord, Any]] = []

    @property
    def instant(self) -> Instant:
        """When it began, by all clocks; raises RuntimeError in one that only reads."""
        if self._instant is None:
            raise RuntimeError("this transaction was not given the time")
        return self._instant

    def at_end(self, work: LastWord, each: object) -> None:
        """Let a function see this among all that was handed in for it, once, as the last thing before COMMIT.

        What a savepoint undoes is not handed in.
        """
        self._last_words.append((work, each))

    def say_last_words(self) -> None:
        """Call the functions that wait for the end."""
        handed_in: dict[LastWord, list[Any]] = {}
        for work, each in self._last_words:
            handed_in.setdefault(work, []).append(each)
        for work, all_of_it in handed_in.items():
            work(self, all_of_it)

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute a statement; returns how many rows it changed."""
        try:
            cursor = self._connection().execute(sql, params)
            changed: int = cursor.rowcount
            cursor.close()
        except _FAULTS as error:
            raise self._translated(error) from _cause(error)
        return changed

    def run_many(self, sql: str, rows: Iterable[Params]) -> None:
        """Execute a statement once for each row of parameters."""
        try:
            self._connection().executemany(sql, rows).close()
        except _FAULTS as error:
            raise self._translated(error) from _cause(error)

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row, or None; also what INSERT ... RETURNING says."""
        try:
            cursor = self._connection().execute(sql, params)
            row: Row | None = cursor.fetchone()
            cursor.close()
        except _FAULTS as error:
            raise self._translated(error) from _cause(error)
        return row

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """Return every row."""
        try:
            cursor = self._connection().execute(sql, params)
            rows: list[Row] = cursor.fetchall()
            cursor.close()
        except _FAULTS as error:
            raise self._translated(error) from _cause(error)
        return rows

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did, and only that, when it raises."""
        self.run("SAVEPOINT inner_part")
        before = len(self._last_words)
        try:
            yield
        except BaseException:
            del self._last_words[before:]
            if self._end is None:
                self.run("ROLLBACK TO inner_part")
                self.run("RELEASE inner_part")
            raise
        self.run("RELEASE inner_part")

    def _connection(self) -> Raw:
        if self._end is not None:
            raise self._end
        return self._raw

    def _translated(self, error: Exception) -> Exception:
        """Return our word for an error, and remember it if it ended the transaction."""
        ours = translated(error)
        # A full disk has already undone everything: what came after it would be written outside any transaction.
        if isinstance(ours, StorageError) and not self._raw.in_transaction:
            self._end = ours
        return ours


def connect(path: Path, key: bytes, purpose: Sequence[str]) -> Raw:
    """Return a connection to a file that exists; raises StorageUnavailable or StorageDamaged.

    purpose: WRITER, READER or SCRATCH. A wrong key and a file that is no database look the same: StorageDamaged.
    """
    with translating():
        raw = dbapi2.connect(
            f"{path.absolute().as_uri()}?mode=rw",  # a file that has gone is not made again, empty
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            timeout=PATIENCE_MS / 1000,
        )
        try:
            raw.execute("PRAGMA cipher_log_level = NONE")  # else it announces unreadable pages on standard error
            raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")  # before anything that touches a page
            for pragma in (*_EVERY_CONNECTION, *purpose):
                raw.execute(pragma).close()
            raw.execute("SELECT count(*) FROM sqlite_schema").close()
            raw.row_factory = dbapi2.Row
        except BaseException:
            raw.close()
            raise
        return raw


def transact(
    raw: Raw,
    work: Callable[[Transaction], T],
    *,
    begin: str = "BEGIN IMMEDIATE",
    instant: Callable[[], Instant] | None = None,
) -> T:
    """Run a function in a transaction; whatever it raises, nothing of it remains. instant: asked once it has begun."""
    with translating():
        if raw.in_transaction:  # an earlier rollback failed
            raw.execute("ROLLBACK")
        raw.execute(begin)
        try:
            tx = Transaction(raw, instant() if instant else None)
            result = work(tx)
            if isinstance(result, _SUSPENDED):
                raise TypeError("work in a transaction is a plain function")
            tx.say_last_words()
            tx.run("COMMIT")
        except BaseException:
            with suppress(dbapi2.Error):  # the cause is more telling, and the next transaction tries again
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
            raise
    return result


def statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one, each with the remarks before it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if dbapi2.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def copy(source: Raw, target: Raw) -> None:
    """Copy everything in one step; raises StorageUnavailable or StorageDamaged."""
    try:
        source.backup(target, pages=-1)
    except dbapi2.OperationalError as error:  # without a code here
        raise StorageUnavailable("the copy could not be written") from error
    except dbapi2.DatabaseError as error:
        raise StorageDamaged("the database could not be read to its end") from error


@contextmanager
def translating() -> Iterator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except dbapi2.Error as error:
        raise translated(error) from error


def translated(error: Exception) -> Exception:
    """Return our word for an error of the library; a mistake in the program stays what it is."""
    if isinstance(error, OverflowError):
        return ConstraintViolated("a whole number has more than 64 bits")
    if isinstance(error, UnicodeEncodeError):
        return ConstraintViolated("a text holds half a character")
    code = code_of(error)
    if code in _UNAVAILABLE:
        return StorageUnavailable(_UNAVAILABLE[code])
    if code in _DAMAGED:
        return StorageDamaged(_DAMAGED[code])
    if code in _CONSTRAINT:
        return ConstraintViolated(_CONSTRAINT[code])
    return error


def code_of(error: BaseException | None) -> int:
    """Return SQLite's primary result code, 0 if there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _cause(error: Exception) -> BaseException | None:
    """Return what may be shown as the cause: an encoding error carries the whole text it failed on."""
    return None if isinstance(error, UnicodeEncodeError) else error
