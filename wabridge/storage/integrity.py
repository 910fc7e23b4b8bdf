"""Whether the database file is sound: every page as it was sealed, every table as its indexes say, no row astray."""

from wabridge.storage import queries
from wabridge.storage.database import Transaction

_sql = queries.load("integrity")


def list_altered_pages(tx: Transaction) -> list[str]:
    """Return what is wrong with pages of the file: each carries a seal of its own (SQLCipher's HMAC)."""
    return [str(row[0]) for row in tx.all(_sql["pages"])]


def list_tables(tx: Transaction) -> list[str]:
    """Return the names of all tables."""
    return [row["name"] for row in tx.all(_sql["list_tables"])]


def list_faults(tx: Transaction, table: str) -> list[str]:
    """Return what is wrong with one table and its indexes."""
    return [str(row["fault"]) for row in tx.all(_sql["table"], {"table": table})]


def list_astray(tx: Transaction) -> list[str]:
    """Return which rows point to rows that are not there."""
    return [
        f"a row of {row['child']} points to a row of {row['parent']} that is not there"
        for row in tx.all(_sql["references"])
    ]
