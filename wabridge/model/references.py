"""Which messages another one can name: to answer it, or to react to it.

Source: Meta, "contextual replies" and "reaction messages": a reaction to a message of more than 30 days ago, or to a
reaction, does not arrive.
"""

from datetime import datetime, timedelta

from wabridge.model.contact import Contact, IdentityKind
from wabridge.model.event import Person
from wabridge.model.limits import REACTION_DAYS
from wabridge.model.message import Message

UNREFERABLE = frozenset({"reaction", "edit", "revoke", "system", "handover", "call", "unreadable"})
"""Kinds that stand for no message on the person's phone."""

_AT_META = frozenset({"sent", "delivered", "read"})


def is_young(written_at: datetime, *, now: datetime) -> bool:
    """Say whether a message is young enough for a reaction."""
    return now - written_at <= timedelta(days=REACTION_DAYS)


def is_in_chat(exchanged_with: Person, contact: Contact) -> bool:
    """Say whether a message belongs to the chat in which the next message to a contact arrives.

    Somebody with two numbers has two chats, and in neither does WhatsApp know the other's messages. Whoever has changed
    their number has taken their chat along.
    """
    phone, account = contact.address
    if phone is not None and exchanged_with.phone is not None:
        return exchanged_with.phone == phone or not _stands(contact, "phone", exchanged_with.phone)
    other = exchanged_with.user_id
    return other in (None, account, contact.user_id) or not _stands(contact, "user_id", other)


def _stands(contact: Contact, kind: IdentityKind, value: str | None) -> bool:
    return any(i.kind == kind and i.value == value and i.is_here and i.replaced_at is None for i in contact.identities)


def may_be_answered(message: Message) -> bool:
    """Say whether a message is offered for answering: Meta knows it, as far as anybody can tell from here."""
    if message.kind in UNREFERABLE or message.revoked_at is not None:
        return False
    known = message.delivery
    return known is None or known.status in _AT_META or known.accepted_at is not None


def may_be_reacted_to(message: Message, *, now: datetime) -> bool:
    """Say whether a message is offered for reactions."""
    return may_be_answered(message) and is_young(message.written_at, now=now)
