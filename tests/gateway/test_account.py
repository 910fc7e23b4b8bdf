"""What Meta says about the account."""

import pytest

from tests.arrivals import arrive, column
from tests.clocks import NOON
from wabridge.broker import Broker, Change
from wabridge.clock import Clock
from wabridge.gateway.account import HARMLESS, Account
from wabridge.model.event import AccountEvent, Unreadable
from wabridge.storage.database import Database


@pytest.fixture
def account(database: Database, broker: Broker, clock: Clock) -> Account:
    """The worker."""
    return Account(database=database, broker=broker, clock=clock)


@pytest.mark.parametrize(
    "field",
    [
        "account_update",
        "account_alerts",
        "security",
        "phone_number_quality_update",
        "message_template_status_update",
        "errors",
        "something_new",
        "x" * 500,
    ],
)
async def test_what_has_no_reader_is_shown(account: Account, database: Database, broker: Broker, field: str) -> None:
    """An item without a reader is kept, set aside by name, notified, and pages are told."""
    await arrive(database, AccountEvent(field, value={"event": "DISABLED_UPDATE"}), at=NOON)
    with broker.listen() as changes:
        assert not await account.look()
        assert await anext(changes) == Change("notice", None)
    assert await column(database, "SELECT state FROM event") == ["quarantined"]
    assert await column(database, "SELECT reason FROM event") == [f"no reader yet: {field[:64]}"]
    assert await column(database, "SELECT event_id FROM notification WHERE kind = 'quarantined'") == [1]


async def test_harmless_items_alarm_nobody(account: Account, database: Database) -> None:
    """What asks nothing of anybody is kept and done."""
    await arrive(database, *(AccountEvent(field) for field in sorted(HARMLESS)), at=NOON)
    await account.look()
    assert await column(database, "SELECT DISTINCT state FROM event") == ["done"]
    assert await column(database, "SELECT count(*) FROM notification") == [0]


@pytest.mark.parametrize("payload", [b"not ours", b'{"event":"unreadable","reason":"?"}'])
async def test_an_item_that_cannot_be_read_any_more_is_shown(
    account: Account, database: Database, payload: bytes
) -> None:
    """An item whose stored form is no account event is set aside like the others."""
    await arrive(database, Unreadable("stands in"), at=NOON)
    await database.write(lambda tx: tx.run("UPDATE event SET kind = 'account', payload = ?", (payload,)))
    await account.look()
    assert await column(database, "SELECT state FROM event") == ["quarantined"]


async def test_a_backlog_is_settled_in_batches(account: Account, database: Database) -> None:
    """More items than one batch takes are settled over several."""
    await arrive(database, *(AccountEvent("security") for _ in range(150)), at=NOON)
    assert [await account.look() for _ in range(3)] == [True, False, False]
    assert await column(database, "SELECT count(*) FROM notification") == [150]
