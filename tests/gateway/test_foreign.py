"""What comes for a number or account that is not set up here: remarked on, and ours once it is."""

import json
from functools import partial

import pytest

from tests.arrivals import add_webhook, column
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.test_intake import body, cut, message, status
from wabridge.broker import Broker
from wabridge.clock import Clock
from wabridge.gateway.intake import Intake
from wabridge.storage import foreign
from wabridge.storage.database import Database

ACCOUNT = "104996122399160"
MISTYPED = "106540352242299"


def intake(database: Database, broker: Broker, clock: Clock, *, number: str, account: str = "") -> Intake:
    """The worker of a program that was started with these ids."""
    return Intake(
        database=database,
        broker=broker,
        clock=clock,
        dedupe_key=bytes(range(32)),
        phone_number_ids={number},
        business_account_ids={account} - {""},
    )


async def post(database: Database, *bodies: bytes) -> None:
    for each in bodies:
        await database.write(partial(add_webhook, at=NOON, body=each))


def news(account: str) -> bytes:
    change = {"field": "security", "value": {"event": "PIN_CHANGED"}}
    return json.dumps({"entry": [{"id": account, "changes": [change]}]}).encode()


async def states(database: Database) -> list[object]:
    return await column(database, "SELECT kind || ' ' || state FROM event ORDER BY id")


async def test_messages_for_a_mistyped_number_are_filed_once_it_is_right(
    database: Database, broker: Broker, clock: Clock, fake_clock: FakeClock
) -> None:
    """Nothing that came while config.toml named another number is lost: it goes to its worker after the next start."""
    await post(database, body([message("1"), None], [status("1")]), body([message("2")], number="999"))
    await cut(intake(database, broker, clock, number=MISTYPED))
    assert set(await states(database)) == {"message foreign", "unreadable foreign", "status foreign"}
    fake_clock.advance(3600)
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID))
    assert await states(database) == ["message new", "unreadable new", "status new", "message foreign"]


async def test_news_of_an_account_comes_back_with_its_account(
    database: Database, broker: Broker, clock: Clock, fake_clock: FakeClock
) -> None:
    """The same with the id of the business account, given later or taken out again."""
    await post(database, news(ACCOUNT), news("7"))
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID, account="8"))
    assert await states(database) == ["account foreign", "account foreign"]
    fake_clock.advance(60)
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID, account=ACCOUNT))
    assert await states(database) == ["account new", "account foreign"]
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID))
    assert await states(database) == ["account new", "account new"]


async def test_a_status_that_nobody_knew_for_weeks_stays_foreign(
    database: Database, broker: Broker, clock: Clock
) -> None:
    """It was about our number all the time, and is not taken up again."""
    await post(database, body(statuses=[status("1")]))
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID))
    await database.write(lambda tx: tx.run("UPDATE event SET state = 'foreign', settled_at = arrived_at + 1"))
    await cut(intake(database, broker, clock, number=PHONE_NUMBER_ID, account=ACCOUNT))
    assert await states(database) == ["status foreign"]


@pytest.mark.parametrize("many", [1, 300])
async def test_each_foreign_number_with_messages_is_remarked_on_once(
    database: Database, broker: Broker, clock: Clock, many: int
) -> None:
    """Somebody must see that messages go nowhere, be they in a small or in a large webhook; statuses say nothing."""
    await post(database, body(statuses=[status("1")], number="999"), body([message("1")]))
    worker = intake(database, broker, clock, number=PHONE_NUMBER_ID)
    await cut(worker)
    remarks = "SELECT created_at IS NOT NULL FROM notification WHERE kind = 'foreign_messages' AND seen_at IS NULL"
    assert await column(database, remarks) == []
    await post(
        database, body([message(str(n)) for n in range(many)], number="999"), body([message("later")], number="999")
    )
    await cut(worker)
    assert await column(database, remarks) == [1]
    await post(database, body([message("4")], number="998"))
    await cut(worker)
    assert await column(database, remarks) == [1, 1]
    assert await database.read(foreign.count) == many + 2
