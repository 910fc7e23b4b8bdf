"""`run.py replay` as the operator runs it: a process of its own, beside the server and without it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bench.house import House, account, free_port
from tests.arrivals import add_webhook
from tests.conftest import PHONE_NUMBER_ID
from tests.journeys.site import eventually
from tests.setaside import FIRST, body, message, not_understood
from wabridge.model.event import encode
from wabridge.model.ids import EventId
from wabridge.storage import events, quarantine
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.keyring import Keyring


@asynccontextmanager
async def open_data(house: House) -> AsyncIterator[Database]:
    """Open the house's database beside whoever works with it."""
    keyring = Keyring.open(house.folder / "data/keyring", house.master_key())
    database = await Database.open(house.folder / "data/wabridge.db", keyring.get("database"), readers=1)
    try:
        yield database
    finally:
        await database.close()


def leave_a_riddle(tx: Transaction, text: str) -> None:
    """Store a webhook with a message that an older reader did not understand."""
    misread = encode(not_understood("a riddle", wamid=f"wamid.{text}"))
    webhook_id = add_webhook(tx, at=datetime.now(UTC), body=body(message(text, wamid=f"wamid.{text}")))
    key = bytes(12) + webhook_id.to_bytes(8, "big")
    events.add_many(tx, [NewEvent(webhook_id, FIRST, "unreadable", key, "new", datetime.now(UTC), misread)])
    events.set_watermark(tx, webhook_id)


async def texts(database: Database) -> list[tuple[str, str | None]]:
    rows = await database.read(lambda tx: tx.all("SELECT kind, text FROM message ORDER BY id"))
    return [(row["kind"], row["text"]) for row in rows]


async def quarantined(house: House) -> int:
    """Return how many items health counts."""
    async with aiohttp.ClientSession() as session, session.get(f"{house.url}/health") as response:
        assert response.status == 200
        return int((await response.json())["checks"]["quarantine"]["count"])


async def test_the_operator_has_items_applied_again(tmp_path: Path) -> None:
    """Beside the server at once, without it at the next start; a second replay and a wrong number change nothing."""
    office = replace(account(), phone_number_id=PHONE_NUMBER_ID)
    house = House.make(tmp_path / "house", port=free_port(), api_url="http://127.0.0.1:9", account=office)
    await house.start()
    try:
        async with open_data(house) as database:
            await database.write(lambda tx: leave_a_riddle(tx, "satu"))

            async def is_set_aside() -> bool:
                return await quarantined(house) == 1

            await eventually(is_set_aside)
            assert await texts(database) == [("unreadable", None)]
            assert (
                await house.command("replay") == "1 item was put back and will be applied now, by the running server\n"
            )

            async def is_applied() -> bool:
                return await texts(database) == [("text", "satu")]

            await eventually(is_applied)
            assert await house.command("replay") == "0 items were put back\n"
            with pytest.raises(RuntimeError, match="event 99 is not in quarantine"):
                await house.command("replay", "99")

            await house.kill()
            await database.write(lambda tx: leave_a_riddle(tx, "dua"))
            await database.write(
                lambda tx: quarantine.set_aside(tx, EventId(2), reason="a riddle", now=datetime.now(UTC))
            )
            said = await house.command("replay", "--reason", "RIDDLE")
            assert said == "1 item was put back and will be applied at the next start\n"
            await house.start()

            async def are_applied() -> bool:
                return await texts(database) == [("text", "satu"), ("text", "dua")]

            await eventually(are_applied)
    finally:
        await house.kill()
