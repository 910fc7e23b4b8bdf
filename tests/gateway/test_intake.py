"""How stored webhooks become items, and whom they wake."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.arrivals import add_webhook, column
from tests.clocks import NOON
from tests.conftest import PHONE_NUMBER_ID
from wabridge.broker import Broker, Topic
from wabridge.clock import Clock
from wabridge.errors import ConstraintViolated
from wabridge.gateway.intake import Intake
from wabridge.model.event import InboundMessage, Unreadable, decode
from wabridge.storage import events
from wabridge.storage.database import Database

LATER = NOON + timedelta(seconds=30)


@pytest.fixture
def intake(database: Database, broker: Broker, clock: Clock) -> Intake:
    """The worker of an office with one number."""
    return Intake(
        database=database,
        broker=broker,
        clock=clock,
        dedupe_key=bytes(range(32)),
        phone_number_ids={PHONE_NUMBER_ID},
    )


def message(name: str) -> dict[str, Any]:
    return {
        "from": "6281234567890",
        "id": f"wamid.{name}",
        "timestamp": "1772427600",
        "type": "text",
        "text": {"body": f"Pesan {name}"},
    }


def status(name: str) -> dict[str, Any]:
    return {"id": f"wamid.{name}", "status": "sent", "timestamp": "1772427600", "recipient_id": "6281234567890"}


def body(messages: Sequence[object] = (), statuses: Sequence[object] = (), *, number: str = PHONE_NUMBER_ID) -> bytes:
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}}
    value |= {"messages": messages} if messages else {}
    value |= {"statuses": statuses} if statuses else {}
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


async def post(database: Database, *bodies: bytes) -> None:
    """Store bodies as the door does."""
    for each in bodies:
        await database.write(partial(add_webhook, at=NOON, body=each))


async def cut(intake: Intake) -> None:
    while await intake.look():
        pass


async def test_each_item_becomes_an_event(intake: Intake, database: Database) -> None:
    """Messages, statuses and what cannot be read of one body each get a row that says where it stood."""
    await post(database, body([message("1"), None, message("2")], [status("3")]))
    await cut(intake)
    place = "/entry/0/changes/0/value"
    rows = await database.read(lambda tx: tx.all("SELECT kind, pointer, state, arrived_at FROM event ORDER BY id"))
    assert [(row["kind"], row["pointer"], row["state"]) for row in rows] == [
        ("message", f"{place}/messages/0", "new"),
        ("unreadable", f"{place}/messages/1", "new"),
        ("message", f"{place}/messages/2", "new"),
        ("status", f"{place}/statuses/0", "new"),
    ]
    waiting = await database.read(lambda tx: events.list_new(tx, "message", limit=9))
    assert {event.arrived_at for event in waiting} == {NOON}
    read = [decode(event.payload) for event in waiting]
    assert [event.text for event in read if isinstance(event, InboundMessage)] == ["Pesan 1", "Pesan 2"]


async def test_the_same_item_in_another_batch_is_counted(intake: Intake, database: Database) -> None:
    """A message that comes again beside a new one adds only the new one."""
    await post(database, body([message("1")]), body([message("2"), message("1")]))
    await cut(intake)
    await post(database, body([message("1")], [status("1")]))
    await cut(intake)
    assert await column(database, "SELECT repeats FROM event ORDER BY id") == [2, 0, 0]


async def test_every_worker_concerned_is_woken(intake: Intake, database: Database, broker: Broker) -> None:
    """New items ring for the workers of their kinds."""
    security = {"field": "security", "value": {"event": "PIN_CHANGED"}}
    account = json.dumps({"entry": [{"id": "1", "changes": [security]}]}).encode()
    await post(database, body([message("1")], [status("1")]), account)
    await cut(intake)
    async with asyncio.timeout(1):
        for topic in (Topic.INCOMING, Topic.STATUS, Topic.ACCOUNT):
            await broker.wait(topic, seconds=60)


async def test_items_for_another_number_are_foreign(intake: Intake, database: Database, broker: Broker) -> None:
    """What is meant for a number that is not configured is kept, settled at once, and wakes nobody."""
    await post(database, body([message("1")], [status("1")], number="999"))
    await cut(intake)
    assert await column(database, "SELECT state FROM event") == ["foreign", "foreign"]
    assert await column(database, "SELECT count(*) FROM event WHERE settled_at IS NULL") == [0]
    assert await database.read(lambda tx: events.list_new(tx, "message", limit=9)) == []


@pytest.mark.parametrize(
    ("ours", "account", "state"),
    [
        ({"104996122399160"}, "104996122399160", "new"),
        ({"104996122399160"}, "999", "foreign"),
        ({"104996122399160"}, "0", "foreign"),
        ({"104996122399160"}, None, "new"),
        (set(), "999", "new"),
    ],
)
async def test_news_about_another_account_is_foreign(
    database: Database, broker: Broker, clock: Clock, ours: set[str], account: str | None, state: str
) -> None:
    """What names no number is told by its business account; without an id, ours or theirs, it counts as ours."""
    intake = Intake(
        database=database,
        broker=broker,
        clock=clock,
        dedupe_key=bytes(range(32)),
        phone_number_ids={PHONE_NUMBER_ID},
        business_account_ids=ours,
    )
    change = {"field": "security", "value": {"event": "PIN_CHANGED"}}
    await post(database, json.dumps({"entry": [{"id": account, "changes": [change]}]}).encode())
    await cut(intake)
    assert await column(database, "SELECT state FROM event") == [state]


@pytest.mark.parametrize(
    "broken",
    [b"", b"not JSON", b"[" * 5000, b"\xff\xfe{", b"null", b"{}", b'{"entry":null}', b'{"entry":[{"changes":[7]}]}'],
)
async def test_a_broken_body_never_stops_those_behind_it(intake: Intake, database: Database, broken: bytes) -> None:
    """Whatever a body is, intake goes past it, and the next one is cut."""
    await post(database, broken, body([message("1")]))
    await cut(intake)
    assert await database.read(events.watermark) == 2
    assert await column(database, "SELECT count(*) FROM event WHERE kind = 'message'") == [1]


async def test_what_cannot_be_stored_as_it_is_keeps_its_sender(intake: Intake, database: Database) -> None:
    """An item too deep to be stored becomes an unreadable one that still says who wrote it."""
    deep: dict[str, Any] = {}
    for _ in range(400):
        deep = {"a": deep}
    odd = message("1") | {"type": "interactive", "interactive": deep, "text": None}
    await post(database, body([odd, message("2")]))
    await cut(intake)
    stored = [decode(row) for row in await column(database, "SELECT payload FROM event ORDER BY id")]  # type: ignore[arg-type]  # payloads are bytes
    assert len(stored) == 2
    assert isinstance(stored[0], InboundMessage | Unreadable)
    assert "6281234567890" in repr(stored[0])


async def test_many_small_webhooks_are_one_transaction(intake: Intake, database: Database) -> None:
    """A backlog of small bodies is cut by a single look."""
    await post(database, *(body([message(str(n))]) for n in range(120)))
    assert await intake.look()
    assert not await intake.look()
    assert await column(database, "SELECT count(*) FROM event") == [120]


async def test_a_body_cut_short_is_cut_again_without_repeats(intake: Intake, database: Database) -> None:
    """Killed between two parts of a large body, intake begins it again, and nothing is lost or counted twice."""
    await post(database, body([message(str(n)) for n in range(450)]))
    pointer = "/entry/0/changes/0/value/messages/420"
    refuse = (
        f"CREATE TRIGGER t BEFORE INSERT ON event WHEN NEW.pointer = '{pointer}' BEGIN SELECT RAISE(ABORT, ''); END"
    )
    await database.write(lambda tx: tx.run(refuse))
    with pytest.raises(ConstraintViolated):
        await cut(intake)
    assert 384 <= len(await column(database, "SELECT id FROM event")) <= 420
    assert await column(database, "SELECT webhook_id FROM postponed_webhook") == [1]
    await database.write(lambda tx: tx.run("DROP TRIGGER t"))
    await cut(intake)
    assert await column(database, "SELECT count(*) FROM event") == [450]
    assert await column(database, "SELECT DISTINCT repeats FROM event") == [0]
    assert await column(database, "SELECT webhook_id FROM postponed_webhook") == []


async def test_the_watermark_never_passes_what_is_not_stored(intake: Intake, database: Database) -> None:
    """When a batch breaks off, the webhooks before the break are done and the others are not."""
    bodies = [body([message(f"{n}-{m}") for m in range(90)]) for n in range(4)]
    await post(database, *bodies)
    refuse = "CREATE TRIGGER t BEFORE INSERT ON event WHEN NEW.webhook_id = 4 BEGIN SELECT RAISE(ABORT, ''); END"
    await database.write(lambda tx: tx.run(refuse))
    with pytest.raises(ConstraintViolated):
        await intake.look()
    assert await database.read(events.watermark) == 2
    await database.write(lambda tx: tx.run("DROP TRIGGER t"))
    await cut(intake)
    assert await column(database, "SELECT count(*) FROM event") == [360]
    assert await column(database, "SELECT DISTINCT repeats FROM event") == [0]


async def test_a_huge_body_lets_the_door_through(intake: Intake, database: Database) -> None:
    """While a large body is cut and stored, urgent commits keep going through, and their rush does not stop it."""
    await post(database, body([message(f"{n:09}") | {"filler": "x" * 200} for n in range(320)]))
    cutting = asyncio.create_task(cut(intake))
    commits = 0
    while not cutting.done():
        await database.write(lambda tx: None, urgent=True)
        commits += 1
    await cutting
    assert await column(database, "SELECT count(*) FROM event") == [320]
    assert commits > 45


async def test_a_large_body_waits_for_small_ones(intake: Intake, database: Database) -> None:
    """What comes behind a large body, or while it is being cut, is cut before it goes on."""
    large = body([message(f"{n:09}") for n in range(600)])
    await post(database, body([message("1")]), large, body([message("2")]))
    assert await intake.look()
    assert await database.read(events.watermark) == 3
    assert await column(database, "SELECT count(*) FROM event") == [2]
    assert await intake.look()
    cut_so_far = len(await column(database, "SELECT id FROM event"))
    assert 2 < cut_so_far < 100
    await post(database, body([message("3")]))
    assert await intake.look()
    assert await column(database, "SELECT webhook_id FROM event ORDER BY id DESC LIMIT 1") == [4]
    await cut(intake)
    assert await column(database, "SELECT count(*) FROM event WHERE is_backlog") == [600]
    assert await column(database, "SELECT count(*) FROM event WHERE NOT is_backlog") == [3]


async def test_a_rush_does_not_starve_the_backlog(intake: Intake, database: Database) -> None:
    """Even if something live comes before each look, a large body is cut in the end."""
    await post(database, body([message(f"{n:09}") for n in range(600)]))
    for number in range(200):
        await post(database, body([message(f"live {number}")]))
        await intake.look()
    assert await column(database, "SELECT count(*) FROM event WHERE is_backlog") == [600]
    assert await column(database, "SELECT webhook_id FROM postponed_webhook") == []


async def test_backlog_that_comes_again_as_live_is_live(intake: Intake, database: Database) -> None:
    """An item of a large body that comes again by itself need not wait any more."""
    await post(database, body([message(f"{n:09}") for n in range(600)]))
    await cut(intake)
    await post(database, body([message(f"{7:09}")]))
    await cut(intake)
    assert await column(database, "SELECT pointer, repeats FROM event WHERE NOT is_backlog AND repeats = 1") == [
        "/entry/0/changes/0/value/messages/7"
    ]


async def test_keys_stand_in_the_order_of_time(intake: Intake, database: Database) -> None:
    """A key begins with Meta's seconds and reveals nothing else of the item."""
    await post(database, body([message("1")]))
    await cut(intake)
    (key,) = await column(database, "SELECT key FROM event")
    assert isinstance(key, bytes)
    assert len(key) == 20
    assert int.from_bytes(key[:4], "big") == 1772427600
