"""Events as intake leaves them, for tests that begin behind it."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from tests.conftest import PHONE_NUMBER_ID
from wabridge.model.event import Event, InboundMessage, Person, encode, kind_of
from wabridge.model.ids import WebhookId
from wabridge.storage import events
from wabridge.storage.database import Database, Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.instants import to_micros

ADA = Person(phone="6281234567890", user_id="ID.13491208655302741918", profile_name="Ada Example")
BUDI = Person(phone="6281298765432", profile_name="Budi Contoh")


def text_message(
    text: str = "Halo",
    *,
    wamid: str | None = None,
    sender: Person = ADA,
    sent_at: datetime | None = None,
    quoted_wamid: str | None = None,
    group_id: str | None = None,
) -> InboundMessage:
    """Compose a text message; without a wamid it gets one of its own."""
    return InboundMessage(
        phone_number_id=PHONE_NUMBER_ID,
        wamid=wamid or f"wamid.{secrets.token_hex(8)}",
        sender=sender,
        type="text",
        sent_at=None if sent_at is None else int(sent_at.timestamp()),
        text=text,
        quoted_wamid=quoted_wamid,
        group_id=group_id,
    )


async def arrive(database: Database, *arrived: Event, at: datetime) -> None:
    """Store these as the items of one webhook."""
    await database.write(lambda tx: arrive_in(tx, arrived, at=at))


def arrive_in(tx: Transaction, arrived: Sequence[Event], *, at: datetime) -> None:
    """Store these as the items of one webhook, in a transaction that is open."""
    webhook_id = add_webhook(tx, at=at)
    events.add_many(
        tx,
        [
            NewEvent(webhook_id, f"/{n}", kind_of(event), secrets.token_bytes(20), "new", at, encode(event))
            for n, event in enumerate(arrived)
        ],
    )
    events.set_watermark(tx, webhook_id)


def add_webhook(tx: Transaction, *, at: datetime, body: bytes | None = None) -> WebhookId:
    """Store a webhook body without going through the door; without one it is like no other."""
    said = json.dumps({"made": secrets.token_hex(8)}).encode() if body is None else body
    row = tx.one(
        "INSERT INTO webhook (arrived_at, monotonic_ns, boot_id, secret_name, digest, headers, peer, body)"
        " VALUES (?, 0, 'test-boot', 'test', ?, x'5b5d', '127.0.0.1', ?) RETURNING id",
        (to_micros(at), hashlib.sha256(said).digest(), said),
    )
    assert row is not None
    return WebhookId(row["id"])


async def column(database: Database, sql: str, *params: object) -> list[object]:
    """Return the first column of an answer."""
    rows = await database.read(lambda tx: tx.all(sql, params))
    return [row[0] for row in rows]
