"""Webhooks of which an older reader did not understand something, as they lie in the database."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.arrivals import ADA, add_webhook
from tests.conftest import PHONE_NUMBER_ID
from wabridge.clock import Clock
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway import intake
from wabridge.gateway.account import Account
from wabridge.gateway.replay import Replay
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import Event, Person, Unreadable, encode, kind_of
from wabridge.model.ids import EventId, WebhookId
from wabridge.model.staff import Actor
from wabridge.storage import events, numbers
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.journal import Webhook

DEDUPE_KEY = bytes(range(32))
OPERATOR = Actor(kind="operator", id=0, name="command line", role="owner")
FIRST = "/entry/0/changes/0/value/messages/0"
SECOND = "/entry/0/changes/0/value/messages/1"
SENT_AT = 1772427500


def message(text: str = "Selamat siang", *, wamid: str = "wamid.1", **more: Any) -> dict[str, Any]:
    """Compose Meta's object of a text message of Ada's."""
    plain = {"from": ADA.phone, "id": wamid, "timestamp": str(SENT_AT), "type": "text", "text": {"body": text}}
    return {**plain, **more}


def body(*messages: object, field: str = "messages", **more: Any) -> bytes:
    """Compose the webhook around such objects."""
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": PHONE_NUMBER_ID}, **more}
    value |= {"messages": messages} if messages else {}
    entry = {"id": "200000000000002", "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def empty_news(value: object = None, *, account: str = "200000000000002") -> bytes:
    """Compose a webhook with news about an account in which nothing can be read."""
    entry = {"id": account, "changes": [{"field": "security", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def not_understood(reason: str = "a riddle", *, wamid: str | None = None, sender: Person = ADA) -> Unreadable:
    """Compose what an older reader made of a message of Ada's."""
    return Unreadable(reason=reason, phone_number_id=PHONE_NUMBER_ID, wamid=wamid, sender=sender)


async def misread(office: Office, stored: bytes, misreadings: Mapping[str, Event]) -> WebhookId:
    """Store a webhook whose items at these pointers were read so, the others as today, and let the workers settle all.

    A pointer that today's reader does not find stands for everything in it.
    """
    webhook_id = await office.database.write(lambda tx: _store(tx, stored, misreadings, office.clock))
    await work_off(office)
    return webhook_id


def _store(tx: Transaction, stored: bytes, misreadings: Mapping[str, Event], clock: Clock) -> WebhookId:
    numbers.ensure(tx, PHONE_NUMBER_ID)  # as every start does
    webhook_id = add_webhook(tx, at=clock.now(), body=stored)
    today = cut(webhook_id, stored, clock)
    rows = [row for row in today if not any((row.pointer + "/").startswith(pointer + "/") for pointer in misreadings)]
    for pointer, event in misreadings.items():
        same = next((row for row in today if row.pointer == pointer and row.kind == kind_of(event)), None)
        key = same.key if same else bytes(4) + hashlib.sha256(f"{webhook_id} {pointer}".encode()).digest()[:16]
        rows.append(NewEvent(webhook_id, pointer, kind_of(event), key, "new", clock.now(), encode(event)))
    events.add_many(tx, rows)
    events.set_watermark(tx, webhook_id)
    return webhook_id


def cut(webhook_id: WebhookId, stored: bytes, clock: Clock) -> list[NewEvent]:
    """Cut a webhook as intake does today."""
    webhook = Webhook(webhook_id, clock.now(), stored)
    return list(intake.cut(webhook, dedupe_key=DEDUPE_KEY, phone_number_ids={PHONE_NUMBER_ID}))


async def work_off(office: Office) -> None:
    """Let every worker settle what waits for it."""
    workers: Sequence[Inbound | Statuses | Account] = (
        Inbound(office),
        Statuses(office.database, office.broker, office.clock),
        Account(database=office.database, broker=office.broker, clock=office.clock),
    )
    for worker in workers:
        while await worker.look():
            pass


def replay(office: Office) -> Replay:
    """Return what `run.py replay` runs."""
    return Replay(office.database, office.clock, DEDUPE_KEY, OPERATOR)


async def states(database: Database) -> list[tuple[EventId, str, str, str | None]]:
    """Return id, kind, state and reason of every event."""
    rows = await database.read(lambda tx: tx.all("SELECT id, kind, state, reason FROM event ORDER BY id"))
    return [(row["id"], row["kind"], row["state"], row["reason"]) for row in rows]
