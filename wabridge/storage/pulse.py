"""What the ledger's regular leaves count: when it was last heard of, what came, what was refused."""

from datetime import datetime

from wabridge.clock import Instant
from wabridge.evidence import commitment
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("pulse")

_MINUTE_MICROS = 60_000_000


def find_last(tx: Transaction) -> Instant | None:
    """Return when the newest leaf was written, by all clocks."""
    row = tx.one(_sql["find_last"])
    if row is None:
        return None
    leaf = commitment.parse(bytes(row["text"]))
    return Instant(from_micros(row["at"]), leaf.monotonic_ns, leaf.boot_id)


def count_refusals(tx: Transaction, *, since: datetime, until: datetime) -> int:
    """Return how many webhooks were refused in the whole minutes between two times."""
    binds = {"first": to_micros(since) // _MINUTE_MICROS, "last": to_micros(until) // _MINUTE_MICROS}
    row = tx.one(_sql["count_refusals"], binds)
    return 0 if row is None else int(row["refused"])
