"""How the hot queries find their rows: by an index, however many messages there are."""

import re

import pytest

from wabridge.storage import queries
from wabridge.storage.database import Database

GROWS = (
    "message|event|webhook|contact|identity|conversation|attempt|status_event|message_version|identity_alert|clearance"
)
NICKNAMES = "m|c|i|q|a|s|e|v|t|p|part|whole|known|alert|newer"
FULL_SCAN = re.compile(rf"SCAN ({GROWS}|{NICKNAMES})\b")

HOT = [
    *[("contacts", name) for name in ("find_holders", "get_many", "list_page", "see", "set_name")],
    *[("alerts", name) for name in queries.load("alerts") if name != "count_open"],
    *[("joins", name) for name in queries.load("joins")],
    *[("identities", name) for name in queries.load("identities")],
    *[("conversations", name) for name in queries.load("conversations")],
    *[("events", name) for name in ("add_many", "list_lane", "get", "settle", "find_oldest_new")],
    *[("quarantine", name) for name in ("set_aside__reason", "find", "put_back", "find_other", "close")],
    *[("effects", name) for name in queries.load("effects")],
    *[("account", name) for name in ("add", "find_present", "set_present")],
    *[("marketing", name) for name in queries.load("marketing")],
    *[("groups", name) for name in queries.load("groups")],
    *[("calls", name) for name in queries.load("calls")],
    *[("messages", name) for name in queries.load("messages") if name != "count_held"],
]


@pytest.mark.parametrize(("noun", "name"), HOT)
async def test_a_hot_query_reads_no_table_from_end_to_end(database: Database, noun: str, name: str) -> None:
    """No hot query scans a table that grows with the office's years."""
    for step in await plan(database, noun, name):
        assert FULL_SCAN.search(step) is None, step


@pytest.mark.parametrize(
    ("noun", "name", "index"),
    [
        ("conversations", "list_page__unread", "conversation_inbox (<expr>=? AND"),
        ("conversations", "list_page__seen", "conversation_inbox (<expr>=? AND"),
        ("messages", "list_page", "message_conversation (conversation_id=? AND"),
        ("messages", "list_lines", "message_conversation (conversation_id=? AND"),
        ("messages", "find_blocking", "message_waiting"),
        ("messages", "count_held", "message_waiting"),
        ("events", "list_lane", "event_new (kind=? AND is_backlog=?)"),
        ("events", "find_oldest_new", "event_new (kind=? AND is_backlog=?)"),
        ("events", "find_oldest_backlog", "event_new (kind=? AND is_backlog=?)"),
        ("messages", "find_unreadable", "message_unreadable (event_id=?)"),
        ("quarantine", "list_page", "message_unreadable (event_id=?)"),
        ("quarantine", "list_page", "event_quarantined (id<?)"),
        ("quarantine", "list_chosen", "event_quarantined (id>? AND"),
        ("quarantine", "count", "event_quarantined"),
        ("account", "list_page", "notification_event (event_id=?)"),
        ("account", "list_page__section", "account_news_section (section=? AND id<?)"),
        ("account", "count_by_section", "account_news_section"),
        ("foreign", "count", "event_foreign"),
        ("notifications", "count_open", "notification_open (kind=?)"),
        ("notifications", "set_seen", "notification_open (kind=?)"),
    ],
)
async def test_a_page_is_read_in_the_order_of_its_index(database: Database, noun: str, name: str, index: str) -> None:
    """A page is found through its own index and needs no sorting."""
    steps = await plan(database, noun, name)
    assert any(index in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


async def test_what_was_done_to_a_message_is_found_by_its_wamid(database: Database) -> None:
    """Effects are looked up in the small index of messages that name another one."""
    steps = await plan(database, "effects", "read_many")
    assert sum("message_target (number_id=? AND target_wamid=?" in step for step in steps) == 2, steps


async def test_a_banner_looks_at_what_is_set_aside_through_its_small_index(database: Database) -> None:
    """Thousands of unreadable items do not make every page read as many webhook items."""
    steps = await plan(database, "quarantine", "count_unseen")
    assert any("COVERING INDEX event_quarantined (id=? AND rowid=?)" in step for step in steps), steps


async def plan(database: Database, noun: str, name: str) -> list[str]:
    sql = queries.load(noun)[name]
    binds = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    rows = await database.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + sql, binds))
    return [row["detail"] for row in rows]
