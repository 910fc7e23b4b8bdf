"""The broker: rings wake, rings may be lost, nothing depends on them."""

import asyncio

import pytest

from wabridge.broker import Broker, Change, Topic
from wabridge.errors import StorageUnavailable


async def test_a_ring_wakes_the_worker_at_once() -> None:
    """A worker need not wait for its patrol."""
    broker = Broker()
    broker.ring(Topic.OUTGOING, 1)
    async with asyncio.timeout(0.5):
        await broker.wait(Topic.OUTGOING, seconds=60)


async def test_without_a_ring_the_worker_looks_anyway() -> None:
    """A lost ring costs the patrol time and nothing else."""
    await Broker().wait(Topic.OUTGOING, seconds=0.01)


async def test_a_full_queue_drops_the_ring() -> None:
    """Ringing never waits and never fails."""
    broker = Broker()
    for number in range(5000):
        broker.ring(Topic.WEBHOOK, number)
    await broker.wait(Topic.WEBHOOK, seconds=60)


async def test_a_patrol_goes_on_while_there_is_more() -> None:
    """A worker that found a full batch looks again at once, and returns after close."""
    broker, looks = Broker(), 0

    async def look() -> bool:
        nonlocal looks
        looks += 1
        if looks == 3:
            broker.close()
        return True

    async with asyncio.timeout(1):
        await broker.patrol(Topic.INCOMING, look)
    assert looks == 3


async def test_failing_storage_makes_a_worker_wait_not_die() -> None:
    """A full disk ends no worker."""
    broker, looks = Broker(), 0

    async def look() -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise StorageUnavailable("full")
        broker.close()
        return False

    async with asyncio.timeout(5):
        await broker.patrol(Topic.INCOMING, look)
    assert looks == 2


async def test_another_error_ends_the_worker() -> None:
    """What is not an item's fault and not the disk's is not swallowed."""

    async def look() -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Broker().patrol(Topic.INCOMING, look)


async def test_changes_reach_every_open_page_until_hang_up() -> None:
    """Each listener gets each change; hanging up ends the streams."""
    broker = Broker()
    with broker.listen() as first, broker.listen() as second:
        broker.announce(Change("conversation", 7))
        assert await anext(first) == Change("conversation", 7)
        broker.hang_up()
        assert [change async for change in first] == []
        assert [change async for change in second] == []


async def test_a_page_that_does_not_read_is_cut_off() -> None:
    """A slow reader costs bounded memory and cannot hold up the others."""
    broker = Broker()
    with broker.listen() as slow:
        for number in range(1000):
            broker.announce(Change("conversation", number))
        assert [change async for change in slow] == []
