"""Blue ticks and "typing…" on their way to Meta: a courtesy that nothing waits for."""

from collections.abc import Callable

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.dispatch import AccessToken
from tests.outbound import LAWYER, hear_from
from wabridge.core import conversations, sending, ticks
from wabridge.core.office import Office
from wabridge.gateway.ticks import Ticks
from wabridge.model.outcome import Pause
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import numbers
from wabridge.whatsapp.cloud_api import CloudApi


@pytest.fixture
def worker(busy_office: Office, api: CloudApi, access_token: AccessToken) -> Ticks:
    """The worker at the pretend Meta."""
    return Ticks(
        database=busy_office.database,
        broker=busy_office.broker,
        clock=busy_office.clock,
        api=api,
        access_token=access_token.read,
        phone_number_id=PHONE_NUMBER_ID,
    )


def told(meta: PretendMeta) -> list[object]:
    """Return what Meta was told, without what is the same in all."""
    return [
        {key: value for key, value in request.body.items() if key not in ("messaging_product", "message_id")}
        for request in meta.requests
    ]


async def test_reading_and_writing_are_told_once(busy_office: Office, worker: Ticks, meta: PretendMeta) -> None:
    """A wish goes as Meta demands it, is forgotten before it goes, and names the newest message."""
    thread = await hear_from(busy_office)
    await conversations.mark_seen(busy_office, LAWYER, thread)
    await worker.look()
    await ticks.mark_typing(busy_office, LAWYER, thread)
    await worker.look()
    await worker.look()
    assert told(meta) == [{"status": "read"}, {"status": "read", "typing_indicator": {"type": "text"}}]
    (wamid,) = await column(busy_office.database, "SELECT wamid FROM message")
    assert meta.requests[0].body["message_id"] == wamid
    assert meta.violations == []


Trouble = Callable[[PretendMeta, AccessToken], None]


@pytest.mark.parametrize(
    "trouble",
    [
        lambda meta, _: meta.faults.add(Fault.TOKEN_EXPIRED),
        lambda _, access_token: setattr(access_token, "value", ""),
        lambda _, access_token: setattr(access_token, "value", "wrong"),
        lambda _, __: None,  # Meta does not know this message: 131009
    ],
    ids=["expired", "unreadable", "wrong", "unknown message"],
)
async def test_whatever_meta_says_nothing_comes_of_it(
    busy_office: Office, worker: Ticks, meta: PretendMeta, access_token: AccessToken, trouble: Trouble
) -> None:
    """A refusal pauses nothing, fails nothing and is not repeated."""
    thread = await hear_from(busy_office)
    await conversations.mark_seen(busy_office, LAWYER, thread)
    trouble(meta, access_token)
    await worker.look()
    assert await column(busy_office.database, "SELECT count(*) FROM tick") == [0]
    assert await column(busy_office.database, "SELECT paused_at FROM number") == [None]
    assert len(meta.requests) <= 1


async def test_a_meta_that_is_gone_stops_nothing(busy_office: Office, worker: Ticks, meta: PretendMeta) -> None:
    """Without a connection the wish is forgotten, and the next one tries afresh."""
    thread = await hear_from(busy_office)
    await meta.stop()
    await conversations.mark_seen(busy_office, LAWYER, thread)
    assert await worker.look() is False
    assert await column(busy_office.database, "SELECT count(*) FROM tick") == [0]


async def test_a_wish_that_is_too_old_is_dropped(
    busy_office: Office, worker: Ticks, meta: PretendMeta, fake_clock: FakeClock
) -> None:
    """Writing is told for twenty seconds, reading for ten minutes; after that it would be wrong."""
    thread = await hear_from(busy_office)
    await ticks.mark_typing(busy_office, LAWYER, thread)
    fake_clock.advance(30)
    await worker.look()
    assert told(meta) == [{"status": "read"}]
    await ticks.mark_typing(busy_office, LAWYER, thread)
    fake_clock.advance(601)
    await worker.look()
    assert len(meta.requests) == 1


async def test_nothing_is_told_while_sending_stands_still(
    busy_office: Office, worker: Ticks, meta: PretendMeta
) -> None:
    """A stop by a person and a pause by Meta hold for courtesies as well."""
    thread = await hear_from(busy_office)
    await sending.stop_sending(busy_office, LAWYER, "rapat")
    await ticks.mark_typing(busy_office, LAWYER, thread)
    await worker.look()
    await sending.resume_sending(busy_office, LAWYER, what="stopped")
    number_id = await busy_office.database.read(lambda tx: numbers.find(tx, PHONE_NUMBER_ID))
    assert number_id is not None
    pause = Pause(since=busy_office.clock.now(), reason="refused", code=190)
    await busy_office.database.write(lambda tx: numbers.set_pause(tx, number_id, pause))
    await ticks.mark_typing(busy_office, LAWYER, thread)
    await worker.look()
    assert meta.requests == []
