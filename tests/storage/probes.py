"""One value in the database, to see what became of a write."""

from pathlib import Path

from wabridge.storage import facts
from wabridge.storage.database import Database, Transaction


def set_(tx: Transaction, value: str) -> None:
    """Write the value."""
    facts.set_(tx, "probe", value)


async def find(database: Database) -> str | None:
    """Return what was written last, if anything was."""
    return await database.read(lambda tx: facts.find(tx, "probe"))


def path(data_folder: Path) -> Path:
    """Return the database's file."""
    return data_folder / "wabridge.db"


def log_bytes(data_folder: Path) -> int:
    """Return how long the write-ahead log is."""
    return (data_folder / "wabridge.db-wal").stat().st_size
