"""By what Meta knows a message: needed to answer it or to react to it."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model.event import Echo, InboundMessage, Person, decode
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.message import Direction
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros

_sql = queries.load("wamids")


class Known(NamedTuple):
    """A message as another one can name it. wamid: None as long as Meta has not taken it.

    person: with whom it was exchanged, by the identities that it went by itself.
    """

    conversation_id: ConversationId
    kind: str
    direction: Direction
    written_at: datetime
    wamid: str | None
    person: Person = Person()


def find(tx: Transaction, message_id: MessageId) -> Known | None:
    """Return what is needed to name a message, None if there is no such message."""
    row = tx.one(_sql["find"], {"message_id": message_id})
    if row is None:
        return None
    return Known(
        ConversationId(row["conversation_id"]),
        row["kind"],
        row["direction"],
        from_micros(row["written_at"]),
        row["wamid"],
        _person(row["payload"], row["recipient"]),
    )


def _person(payload: bytes | None, recipient: str | None) -> Person:
    if payload is None:
        is_phone = recipient is not None and recipient.isdigit()
        return Person(phone=recipient) if is_phone else Person(user_id=recipient)
    event = decode(payload)
    return event.person if isinstance(event, (InboundMessage, Echo)) else Person()
