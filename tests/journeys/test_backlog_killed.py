"""A very large history webhook, and the program is killed in the middle of it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.house import House, account, free_port
from tests.arrivals import column
from tests.journeys.site import eventually
from wabridge.clock import system_clock
from wabridge.sandbox import backlog, payloads
from wabridge.sandbox.courier import signature
from wabridge.sandbox.payloads import Person
from wabridge.storage import postponed
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.replacement import DATABASE, KEYRING

_BUDI = Person(phone="6281298765432", name="Budi", user_id="ID.100000000000002")


async def test_history_that_was_interrupted_is_worked_off_once(tmp_path: Path) -> None:
    """Killed while it is cut and filed, a webhook goes on at the next start, and each message is there exactly once."""
    house = House.make(tmp_path / "house", port=free_port(), api_url="http://127.0.0.1:9", account=account())
    old = backlog.large_chunk(house.account, _BUDI, datetime.now(UTC), size_bytes=400_000)
    count = len(old["history"][0]["threads"][0]["messages"])
    body = payloads.encode(payloads.batch(house.account, old, field="history"))
    try:
        await house.start()
        async with aiohttp.ClientSession() as session:
            proof = {"X-Hub-Signature-256": signature(house.account.app_secret, body)}
            async with session.post(f"{house.url}/webhook", data=body, headers=proof) as response:
                assert response.status == 200
        database = await _open(house)
        try:

            async def is_half_done() -> bool:
                return 0 < await _filed(database) < count

            await eventually(is_half_done, seconds=60)
            await house.kill()
            assert 0 < await _filed(database) < count
            await house.start()

            async def is_done() -> bool:
                waiting = await column(database, "SELECT count(*) FROM event WHERE state = 'new'")
                return await database.read(postponed.find_oldest) is None and waiting == [0]

            await eventually(is_done, seconds=60)
            assert await _filed(database) == count
            assert await column(database, "SELECT DISTINCT state FROM event") == ["done"]
            assert await column(database, "SELECT count(*) FROM message_version") == [0]
            assert await column(database, "SELECT max(repeats) FROM event") == [0]
        finally:
            await database.close()
    finally:
        await house.kill()


async def _filed(database: Database) -> int:
    (number,) = await column(database, "SELECT count(*) FROM message WHERE source = 'history'")
    assert isinstance(number, int)
    return number


async def _open(house: House) -> Database:
    data = house.folder / "data"
    keys = await asyncio.to_thread(Keyring.open_or_create, data / KEYRING, house.master_key())
    return await Database.open(data / DATABASE, keys.get("database"), clock=system_clock(), migrates=False)
