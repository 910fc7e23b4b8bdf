"""What Meta says about the account: kept as news, with what holds since and what every page must say."""

from datetime import timedelta
from typing import Any

import pytest

from tests.arrivals import arrive, column
from tests.clocks import NOON
from wabridge.broker import Broker, Change
from wabridge.clock import Clock
from wabridge.gateway.account import Account
from wabridge.model import account as model
from wabridge.model.account import AccountState
from wabridge.model.event import AccountEvent, Unreadable
from wabridge.storage import account as stored_account
from wabridge.storage.database import Database

HOUR = 3600
PAYMENT = {"alert_severity": "CRITICAL", "alert_type": "PAYMENT_ISSUE"}


@pytest.fixture
def account(database: Database, broker: Broker, clock: Clock) -> Account:
    """The worker."""
    return Account(database=database, broker=broker, clock=clock)


def event(field: str, *, hours: int = 0, **value: Any) -> AccountEvent:
    """Compose an event that Meta dates so many hours before noon."""
    return AccountEvent(field, value=value, reported_at=int(NOON.timestamp()) - hours * HOUR)


async def open_remarks(database: Database) -> list[object]:
    """Return the kinds of what nobody has seen yet."""
    return await column(database, "SELECT kind FROM notification WHERE seen_at IS NULL ORDER BY kind")


async def holds(database: Database) -> AccountState:
    """Return what holds."""
    present = await database.read(stored_account.list_present)
    return model.derive(present.values(), now=NOON)


@pytest.mark.parametrize(
    ("field", "value", "remark"),
    [
        ("account_update", {"event": "DISABLED_UPDATE"}, None),
        ("account_update", {"event": "ACCOUNT_VIOLATION"}, "account_violation"),
        ("account_update", {"event": "WORD_OF_TOMORROW"}, "account_alert"),
        ("account_alerts", {"alert_info": {"alert_type": "SOMETHING"}}, "account_alert"),
        ("account_alerts", {"alert_info": PAYMENT}, "payment_problem"),
        ("security", {"event": "PIN_CHANGED"}, "security_event"),
        ("phone_number_quality_update", {"event": "FLAGGED"}, None),
        ("phone_number_quality_update", {"event": "DOWNGRADE"}, "limit_lowered"),
        ("message_template_status_update", {"event": "REJECTED"}, "template_rejected"),
        ("message_template_status_update", {"event": "APPROVED"}, None),
        ("errors", {"code": 130429}, None),
        ("errors", {"code": 131042}, "payment_problem"),
        ("errors", {"code": 131035}, "delivery_lost"),
        ("consumer_profile", {"key": "value"}, None),
        ("something_new", {"key": "value"}, "account_alert"),
        ("x" * 500, {"key": "value"}, "account_alert"),
    ],
)
async def test_each_event_ends_done_as_news(
    account: Account, database: Database, broker: Broker, field: str, value: dict[str, Any], remark: str | None
) -> None:
    """It is kept in our words, raises the remark that its kind has, and pages are told."""
    await arrive(database, AccountEvent(field, value=value), at=NOON)
    with broker.listen() as changes:
        assert not await account.look()
        assert await anext(changes) == Change("notice", None)
    assert await column(database, "SELECT state FROM event") == ["done"]
    assert await column(database, "SELECT event_id FROM account_news") == [1]
    assert await open_remarks(database) == ([remark] if remark else [])


@pytest.mark.parametrize("value", [None, {}, [], "text", {"event": ""}])
async def test_what_has_nothing_in_it_is_set_aside_alone(account: Account, database: Database, value: Any) -> None:
    """An event without content is quarantined and shown; the ones beside it are news."""
    await arrive(database, event("security", event="PIN_CHANGED"), AccountEvent("security", value=value), at=NOON)
    await account.look()
    assert await column(database, "SELECT state FROM event ORDER BY id") == ["done", "quarantined"]
    assert await column(database, "SELECT reason FROM event WHERE id = 2") == ["account news with nothing in it"]
    assert await open_remarks(database) == ["quarantined", "security_event"]


@pytest.mark.parametrize("payload", [b"not ours", b'{"event":"unreadable","reason":"?"}'])
async def test_an_item_that_cannot_be_read_any_more_is_set_aside_alone(
    account: Account, database: Database, payload: bytes
) -> None:
    """An item whose stored form is no account event costs the ones beside it nothing."""
    await arrive(database, Unreadable("stands in"), event("security", event="PIN_CHANGED"), at=NOON)
    await database.write(lambda tx: tx.run("UPDATE event SET kind = 'account', payload = ? WHERE id = 1", (payload,)))
    await account.look()
    assert await column(database, "SELECT state FROM event ORDER BY id") == ["quarantined", "done"]
    assert await open_remarks(database) == ["quarantined", "security_event"]


async def test_a_backlog_is_settled_in_batches(account: Account, database: Database) -> None:
    """More items than one batch takes are settled over several."""
    await arrive(database, *(event("security", event="PIN_CHANGED") for _ in range(150)), at=NOON)
    assert [await account.look() for _ in range(3)] == [True, False, False]
    assert await column(database, "SELECT count(*) FROM account_news") == [150]


@pytest.mark.parametrize("is_reversed", [False, True])
async def test_what_holds_is_the_newest_by_metas_time(account: Account, database: Database, is_reversed: bool) -> None:
    """In whatever order the webhooks come, the account stands as Meta said last."""
    news = [
        event("phone_number_quality_update", hours=2, event="FLAGGED", display_phone_number="62"),
        event("phone_number_quality_update", hours=1, event="UNFLAGGED", display_phone_number="62"),
    ]
    for each in reversed(news) if is_reversed else news:
        await arrive(database, each, at=NOON)
        await account.look()
    (number,) = (await holds(database)).numbers
    assert number.quality is not None
    assert (number.quality.kind, number.quality.since) == ("quality_good", NOON - timedelta(hours=1))


async def test_a_time_in_our_future_counts_as_the_arrival(account: Account, database: Database) -> None:
    """Nothing that Meta dates tomorrow can hold for ever against what it says later."""
    await arrive(database, event("account_update", hours=-48, event="ACCOUNT_DELETED"), at=NOON)
    await account.look()
    known = (await holds(database)).deletion
    assert known is not None
    assert known.since == NOON


async def test_a_settled_payment_takes_its_remark_down(account: Account, database: Database) -> None:
    """The news that it is over closes the remark, as if somebody had seen it, and keeps nobody's name."""
    await arrive(database, event("account_alerts", hours=2, alert_info={**PAYMENT, "alert_status": "ACTIVE"}), at=NOON)
    await account.look()
    assert await open_remarks(database) == ["payment_problem"]
    await arrive(database, event("account_alerts", alert_info={**PAYMENT, "alert_status": "RESOLVED"}), at=NOON)
    await account.look()
    assert await open_remarks(database) == []
    assert await column(database, "SELECT seen_by FROM notification") == [None]


async def test_a_payment_problem_that_is_over_already_raises_no_remark(account: Account, database: Database) -> None:
    """If the news that it is over comes first, the older problem is kept and bothers nobody."""
    await arrive(database, event("account_alerts", alert_info={**PAYMENT, "alert_status": "RESOLVED"}), at=NOON)
    await arrive(database, event("account_alerts", hours=2, alert_info=PAYMENT), at=NOON)
    await account.look()
    assert await open_remarks(database) == []
    assert await column(database, "SELECT count(*) FROM account_news") == [2]


async def test_the_same_event_once_more_is_no_news(account: Account, database: Database) -> None:
    """An event that is applied again after a replay adds neither news nor remark."""
    await arrive(database, event("security", event="PIN_CHANGED"), at=NOON)
    await account.look()
    await database.write(lambda tx: tx.run("UPDATE event SET state = 'new'"))
    await account.look()
    assert await column(database, "SELECT count(*) FROM account_news") == [1]
    assert await open_remarks(database) == ["security_event"]
