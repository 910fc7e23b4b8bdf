"""A call is one message, known by its id; its course becomes known piece by piece."""

from datetime import datetime

from wabridge.model import content
from wabridge.model.content import Content
from wabridge.model.ids import MessageId
from wabridge.storage import ledger, queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("calls")


def set_course(tx: Transaction, message_id: MessageId, course: Content, *, began_at: datetime) -> None:
    """Let a call say what is known of it now; the earliest beginning is its place."""
    binds = {"message_id": message_id, "content": content.encode(course), "began_at": to_micros(began_at)}
    tx.run(_sql["set_course"], binds)
    ledger.append(tx, Entry("wa.changed", Subject("message", message_id), revises=True))
