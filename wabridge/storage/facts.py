"""Single values the program must remember: the epoch, watermarks, what the last start was for."""

from wabridge.storage import queries
from wabridge.storage.cipher import Transaction

_sql = queries.load("facts")


def find(tx: Transaction, name: str) -> str | None:
    """Return a fact's value, or None."""
    row = tx.one(_sql["find"], (name,))
    return None if row is None else str(row["value"])


def set_(tx: Transaction, name: str, value: str) -> None:
    """Remember a value in place of the earlier one."""
    tx.run(_sql["set_"], (name, value))
