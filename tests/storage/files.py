"""Rows of files, and files in a vault, without anybody who fetches them."""

from datetime import datetime

from tests.arrivals import ADA, add_webhook
from tests.clocks import NOON
from wabridge.model.content import Media
from wabridge.model.ids import MediaId, MessageId, NumberId
from wabridge.model.window import MessageTime
from wabridge.storage import contacts, conversations, media, messages, numbers
from wabridge.storage.database import Database, Transaction
from wabridge.storage.messages import Content, InboundRow
from wabridge.storage.vault import Vault

FILE = Media(kind="document", file_id="1003383421387256", file_name="kuitansi.txt", mime_type="text/plain")


def add_message(tx: Transaction, wamid: str = "wamid.1", *, now: datetime = NOON) -> MessageId:
    """Store a message, as filing does."""
    webhook_id = add_webhook(tx, at=now)
    event = tx.one(
        "INSERT INTO event (webhook_id, pointer, kind, key, state, arrived_at, last_arrived_at, payload)"
        " VALUES (?, '', 'message', randomblob(20), 'done', 0, 0, x'') RETURNING id",
        (webhook_id,),
    )
    assert event is not None
    number_id: NumberId = numbers.ensure(tx, "1")
    known = contacts.find_by_identity(tx, ADA)
    contact_id = known.id if known else contacts.add(tx, ADA, standing="lead", now=now)
    row = InboundRow(
        conversation_id=conversations.ensure(tx, number_id, contact_id=contact_id, now=now),
        number_id=number_id,
        event_id=event["id"],
        wamid=wamid,
        content=Content("document", None, None),
        quoted_wamid=None,
        time=MessageTime(now, is_doubtful=False),
    )
    message_id = messages.add_inbound(tx, row, now=now)
    assert message_id is not None
    return message_id


def want(tx: Transaction, wamid: str = "wamid.1", *, expires_at: datetime, now: datetime = NOON) -> MediaId:
    """Want the file of a new message."""
    message_id = add_message(tx, wamid, now=now)
    media.add(tx, message_id, FILE, url=None, expires_at=expires_at, now=now)
    (file,) = media.find_for_messages(tx, [message_id])[message_id]
    return file.id


async def keep(database: Database, vault: Vault, media_id: MediaId, content: bytes) -> str:
    """Put a file into the vault and say so in its row; returns its name there."""
    async with vault.write("contact/1") as writer:
        await writer.write(content)
        kept = await writer.finish()
        digest = writer.sha256
    await database.write(lambda tx: media.mark_stored(tx, media_id, kept, sha256=digest, is_as_claimed=True, now=NOON))
    return kept.name
