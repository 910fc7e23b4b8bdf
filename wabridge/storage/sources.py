"""The items of stored webhooks that a message is made of."""

from wabridge.errors import NotFound
from wabridge.model.ids import EventId, MessageId, WebhookId
from wabridge.model.source import Source
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros

_sql = queries.load("sources")


def list_for(tx: Transaction, message_id: MessageId, *, limit: int) -> list[Source]:
    """Return where a message came from, none if it is ours and nothing was reported yet; raises NotFound."""
    if tx.one(_sql["get_known"], {"message_id": message_id}) is None:
        raise NotFound("there is no such message")
    return [_source(row) for row in tx.all(_sql["list_for"], {"message_id": message_id, "limit": limit})]


def _source(row: Row) -> Source:
    return Source(
        event_id=EventId(row["id"]),
        part=row["part"],
        kind=row["kind"],
        webhook_id=WebhookId(row["webhook_id"]),
        pointer=row["pointer"],
        arrived_at=from_micros(row["arrived_at"]),
        digest=bytes(row["digest"]),
        body=bytes(row["body"]),
    )
