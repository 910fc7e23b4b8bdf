"""From the door's journal to the last worker: each item of any webhook ends exactly once in a named state."""

import asyncio
import json
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.arrivals import add_webhook
from tests.clocks import NOON, FakeClock
from tests.conftest import DATABASE_KEY
from tests.whatsapp import damaged, samples
from wabridge.broker import Broker
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.account import Account
from wabridge.gateway.intake import Intake
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import Echo, InboundMessage, StatusReport, decode
from wabridge.settings import Settings
from wabridge.storage import numbers
from wabridge.storage.database import Database, Row
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault
from wabridge.whatsapp import payloads

_STATES = {"done", "quarantined", "foreign"}


async def _work_off(bodies: list[bytes]) -> tuple[list[Row], Counter[str], Counter[str]]:
    """Return the items, and how often each wamid is a message and a status, after all workers have rested."""
    clock, broker = FakeClock().clock, Broker()
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "wabridge.db", DATABASE_KEY, clock=clock)
        try:
            await database.write(lambda tx: numbers.ensure(tx, samples.NUMBER))
            for body in bodies:
                await database.write(partial(add_webhook, at=NOON, body=body))
            vault = Vault(Path(folder) / "vault", Keyring.open_or_create(Path(folder) / "files" / "keyring", bytes(32)))
            given = Settings(folder=Path(folder))
            office = Office(given, database, broker, clock, bytes(32), is_sandbox=False, vault=vault, bundles=vault)
            intake = Intake(
                database=database, broker=broker, clock=clock, dedupe_key=bytes(32), phone_number_ids={samples.NUMBER}
            )
            account = Account(database=database, broker=broker, clock=clock)
            for worker in (intake, Inbound(office), Statuses(database, broker, clock), account):
                while await worker.look():
                    pass
            rows = await database.read(lambda tx: tx.all("SELECT * FROM event ORDER BY id"))
            stored = await database.read(lambda tx: tx.all("SELECT wamid FROM message"))
            kept = await database.read(lambda tx: tx.all("SELECT wamid FROM status_event"))
            return rows, Counter(row["wamid"] for row in stored), Counter(row["wamid"] for row in kept)
        finally:
            await database.close()


@settings(deadline=None, max_examples=25)  # each example is a database of its own
@given(st.lists(damaged.bodies(), min_size=1, max_size=8))
def test_every_item_of_damaged_webhooks_has_one_state_and_one_effect(bodies: list[bytes]) -> None:
    """Each item is done, set aside or foreign; what is done is stored once, however often and wherever it came."""
    rows, messages, statuses = asyncio.run(_work_off(bodies))
    assert {row["state"] for row in rows} <= _STATES
    items = [item for body in bodies for item in payloads.split(body)]
    assert {(row["webhook_id"], row["pointer"]) for row in rows} <= {
        (number, item.pointer) for number, body in enumerate(bodies, 1) for item in payloads.split(body)
    }
    assert sum(row["repeats"] + 1 for row in rows) == len(items)
    done = [decode(row["payload"]) for row in rows if row["state"] == "done"]
    assert all(messages[event.wamid] == 1 for event in done if isinstance(event, InboundMessage | Echo) and event.wamid)
    reports = Counter(event.wamid for event in done if isinstance(event, StatusReport))
    assert reports == statuses


@settings(deadline=None, max_examples=15)  # each example is a database of its own
@given(st.lists(st.sampled_from(damaged.READABLE), min_size=1, max_size=4), st.booleans())
def test_merged_split_and_repeated_webhooks_store_the_same(names: list[str], is_escaped: bool) -> None:
    """All in one body, each alone, and everything twice in another spelling: the same messages and statuses."""
    entries = [entry for root in map(samples.parsed, names) for entry in root.get("entry") or []]
    merged, alone = [_bytes(entries, escaped=True)], [_bytes([entry], escaped=is_escaped) for entry in entries]
    once = asyncio.run(_work_off(alone))
    assert asyncio.run(_work_off(merged))[1:] == once[1:]
    assert asyncio.run(_work_off([*alone, *merged, *alone]))[1:] == once[1:]


def _bytes(entries: list[Any], *, escaped: bool) -> bytes:
    return json.dumps({"entry": entries}, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
