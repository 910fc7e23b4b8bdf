"""What one trip to the database's thread costs: six statements as six trips, and as one transaction function.

The reason for `Database.write(work)`; see docs/decisions.md.
"""

import argparse
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosqlite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: there is nothing to choose."""


async def measure(options: argparse.Namespace) -> int:
    """Print both times for one transaction, and their ratio."""
    rounds = 100 if options.small else 2000
    with tempfile.TemporaryDirectory() as folder:
        async with aiosqlite.connect(Path(folder) / "hops.db", isolation_level=None) as connection:
            await connection.execute("CREATE TABLE number (value INTEGER)")
            six = await _time(rounds, lambda: _six_trips(connection))
            trip: Callable[..., Awaitable[None]] = connection._execute  # noqa: SLF001  # measures exactly this
            one = await _time(rounds, lambda: trip(_one_trip, connection._conn))  # noqa: SLF001  # as above
    print(f"six statements, six trips: {six * 1e6:7.0f} us")
    print(f"six statements, one trip:  {one * 1e6:7.0f} us")
    print(f"ratio: {six / one:.1f}")
    return 0


async def _time(rounds: int, action) -> float:  # type: ignore[no-untyped-def]  # any awaitable factory
    begun = time.perf_counter()
    for _ in range(rounds):
        await action()
    return (time.perf_counter() - begun) / rounds


async def _six_trips(connection: aiosqlite.Connection) -> None:
    await connection.execute("BEGIN")
    for value in range(4):
        await connection.execute("INSERT INTO number VALUES (?)", (value,))
    await connection.execute("ROLLBACK")


def _one_trip(connection) -> None:  # type: ignore[no-untyped-def]  # sqlite3's connection
    connection.execute("BEGIN")
    for value in range(4):
        connection.execute("INSERT INTO number VALUES (?)", (value,))
    connection.execute("ROLLBACK")
