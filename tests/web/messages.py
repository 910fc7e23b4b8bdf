"""Messages and people as pages get them, for tests that draw."""

from datetime import UTC, datetime
from typing import Any

from wabridge.model.contact import Contact, Identity, IdentityKind, Standing
from wabridge.model.conversation import ConversationLine, ConversationView
from wabridge.model.delivery import Delivery
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.message import Message

NOW = datetime(2026, 11, 23, 4, 5, tzinfo=UTC)
"""11.05 in Jakarta, on a Monday."""


def outbound(message_id: int = 1, *, delivery: Delivery | None = None, **more: Any) -> Message:
    """Return a message of a staff member."""
    words: dict[str, Any] = {"kind": "text", "text": "Baik, Pak.", "author_kind": "staff", "author_name": "Sari"}
    return _message(message_id, "outbound", delivery=delivery or Delivery(status="pending"), **{**words, **more})


def inbound(message_id: int = 1, **more: Any) -> Message:
    """Return a message of a person outside."""
    return _message(message_id, "inbound", **{"kind": "text", "text": "Halo", **more})


def person(name: str = "Budi Santoso", *, phone: str | None = "6281234567890", standing: Standing = "lead") -> Contact:
    """Return a person outside; without a phone they are known by a user id."""
    kind: IdentityKind = "phone" if phone else "user_id"
    identity = Identity(kind, phone or "ID.1349120865", NOW, NOW, confirmed_at=NOW)
    return Contact(ContactId(1), name, standing, NOW, (identity,))


def line(contact: Contact | None = None, **more: Any) -> ConversationLine:
    """Return a line of the inbox."""
    given: dict[str, Any] = {"id": ConversationId(1), "unread": 0, "last_activity_at": NOW}
    return ConversationLine(contact=contact, **{**given, **more})


def view(*messages: Message, **more: Any) -> ConversationView:
    """Return a conversation with Budi whose window is open."""
    given: dict[str, Any] = {
        "line": line(person(), window_closes_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC)),
        "earlier": None,
        "window_is_open": True,
        "is_read_only": False,
    }
    return ConversationView(messages=messages, **{**given, **more})


def _message(message_id: int, direction: str, **more: Any) -> Message:
    given: dict[str, Any] = {
        "id": MessageId(message_id),
        "conversation_id": ConversationId(1),
        "contact_id": ContactId(1),
        "direction": direction,
        "written_at": NOW,
        "created_at": NOW,
    }
    return Message(**{**given, **more})
