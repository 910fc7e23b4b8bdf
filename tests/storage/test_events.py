"""The items of webhooks, as they are stored."""

from datetime import timedelta
from functools import partial

from tests.arrivals import add_webhook
from tests.clocks import NOON
from wabridge.model.ids import EventId, WebhookId
from wabridge.storage import events, quarantine
from wabridge.storage.database import Database, Row
from wabridge.storage.events import NewEvent

KEY = bytes(20)
LATER = NOON + timedelta(minutes=1)


def item(webhook_id: WebhookId, pointer: str = "/0", key: bytes = KEY, kind: str = "message") -> NewEvent:
    return NewEvent(webhook_id, pointer, kind, key, "new", LATER if webhook_id > 1 else NOON, b"{}")  # type: ignore[arg-type]  # the kind is data here


async def only_event(database: Database) -> Row:
    (row,) = await database.read(lambda tx: tx.all("SELECT * FROM event"))
    return row


async def test_the_same_item_in_another_webhook_is_a_repeat(database: Database) -> None:
    """An item is stored once; when it comes again the count and the last arrival say so."""
    first = await database.write(lambda tx: add_webhook(tx, at=NOON))
    second = await database.write(lambda tx: add_webhook(tx, at=LATER))
    for webhook_id in (first, second):
        await database.write(partial(events.add_many, rows=[item(webhook_id)]))
    row = await only_event(database)
    assert (row["webhook_id"], row["repeats"]) == (first, 1)
    assert row["last_arrived_at"] - row["arrived_at"] == 60_000_000


async def test_the_same_item_twice_in_one_body_is_a_repeat(database: Database) -> None:
    """A body that says the same thing in two places leaves one item."""
    webhook_id = await database.write(lambda tx: add_webhook(tx, at=NOON))
    await database.write(lambda tx: events.add_many(tx, [item(webhook_id, "/0"), item(webhook_id, "/1")]))
    assert (await only_event(database))["repeats"] == 1


async def test_cutting_a_webhook_again_changes_nothing(database: Database) -> None:
    """What was stored before a crash is not taken for a repeat afterwards."""
    webhook_id = await database.write(lambda tx: add_webhook(tx, at=NOON))
    for _ in range(2):
        await database.write(lambda tx: events.add_many(tx, [item(webhook_id)]))
    assert (await only_event(database))["repeats"] == 0


async def test_a_settled_item_waits_no_more(database: Database) -> None:
    """Each worker sees the items of its kind that are new, oldest first, until they are settled."""
    webhook_id = await database.write(lambda tx: add_webhook(tx, at=NOON))
    rows = [item(webhook_id, f"/{n}", bytes([n]) * 20) for n in range(3)]
    await database.write(lambda tx: events.add_many(tx, [*rows, item(webhook_id, "/9", b"s" * 20, "status")]))
    await database.write(lambda tx: events.settle(tx, EventId(1), "quarantined", reason="odd", now=NOON))
    await database.write(lambda tx: events.settle_many(tx, [EventId(2)], "done", now=NOON))
    waiting = await database.read(lambda tx: events.list_new(tx, "message", limit=10))
    assert [event.id for event in waiting] == [3]
    assert await database.read(quarantine.count) == 1


async def test_the_oldest_thing_that_waits_is_known(database: Database) -> None:
    """A webhook nobody has cut, and an item nobody has settled, both count as waiting since they arrived."""
    assert await database.read(events.find_oldest_new) is None
    webhook_id = await database.write(lambda tx: add_webhook(tx, at=NOON))
    assert await database.read(events.find_oldest_new) == NOON
    await database.write(lambda tx: events.set_watermark(tx, webhook_id))
    assert await database.read(events.find_oldest_new) is None
    await database.write(lambda tx: events.add_many(tx, [item(webhook_id, kind="status")]))
    assert await database.read(events.find_oldest_new) == NOON


async def test_the_watermark_is_remembered(database: Database) -> None:
    """A database in which nothing was cut begins before the first webhook."""
    assert await database.read(events.watermark) == 0
    await database.write(lambda tx: events.set_watermark(tx, WebhookId(41)))
    assert await database.read(events.watermark) == 41
