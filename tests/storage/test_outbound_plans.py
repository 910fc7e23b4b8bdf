"""How the queries of the way out find their rows: by an index, however many messages there are."""

import re

import pytest

from wabridge.storage import queries
from wabridge.storage.database import Database

FULL_SCAN = re.compile(
    r"SCAN (message|conversation|attempt|status_event|event|m|c|a|s|e|earlier|late|n|d|own|decision)\b"
)
NOUNS = (
    "outbox",
    "attempts",
    "statuses",
    "delivery",
    "numbers",
    "decisions",
    "worklist",
    "standstills",
    "notifications",
    "deadlines",
)
# A number is made a handful of times in an office's life; what points at it has no index for that.
RARE = {("numbers", "ensure")}


def every_query() -> list[tuple[str, str]]:
    return [(noun, name) for noun in NOUNS for name in queries.load(noun) if (noun, name) not in RARE]


@pytest.mark.parametrize(("noun", "name"), every_query())
async def test_no_table_that_grows_is_read_from_end_to_end(database: Database, noun: str, name: str) -> None:
    """Every query uses an index on tables that grow with the years."""
    for step in await plan(database, noun, name):
        assert FULL_SCAN.search(step) is None or "USING INDEX" in step or "COVERING INDEX" in step, step


@pytest.mark.parametrize(
    ("noun", "name", "index"),
    [
        ("outbox", "list_ready", "SCAN message USING INDEX message_waiting"),
        ("outbox", "find_ready", "message_waiting (conversation_id=?"),
        ("outbox", "is_waiting_in", "message_waiting (conversation_id=?"),
        ("outbox", "hold_late", "message_waiting"),
        ("attempts", "list_undecided", "attempt_open"),
        ("attempts", "find_unknown_to", "attempt_open"),
        ("statuses", "adopt", "status_event_waiting (number_id=? AND wamid=?"),
        ("statuses", "prune", "status_event_waiting"),
        ("worklist", "list__unknown", "message_waiting"),
        ("worklist", "list__failed", "message_failed"),
        ("worklist", "list__held", "message_waiting"),
        ("worklist", "list__overdue", "message_waiting"),
        ("worklist", "list__undelivered", "message_on_its_way"),
        ("decisions", "list_likenesses", "notification_likeness"),
        ("delivery", "read_many__events", "status_event_attempt (attempt_id=?"),
    ],
)
async def test_what_waits_is_found_without_what_is_done(database: Database, noun: str, name: str, index: str) -> None:
    """Queues are read through indexes that hold nothing but what waits."""
    steps = await plan(database, noun, name)
    assert any(index in step for step in steps), steps


async def plan(database: Database, noun: str, name: str) -> list[str]:
    sql = queries.load(noun)[name]
    binds = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    rows = await database.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + sql, binds))
    return [row["detail"] for row in rows]
