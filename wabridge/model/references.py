"""Which messages another one can name: to answer it, or to react to it.

Source: Meta, "contextual replies" and "reaction messages": a reaction to a message of more than 30 days ago, or to a
reaction, does not arrive.
"""

from datetime import datetime, timedelta

from wabridge.model.limits import REACTION_DAYS
from wabridge.model.message import Message

UNREFERABLE = frozenset({"reaction", "edit", "revoke", "system", "handover", "call", "unreadable"})
"""Kinds that stand for no message on the person's phone."""

_AT_META = frozenset({"sent", "delivered", "read"})


def is_young(written_at: datetime, *, now: datetime) -> bool:
    """Say whether a message is young enough for a reaction."""
    return now - written_at <= timedelta(days=REACTION_DAYS)


def may_be_answered(message: Message) -> bool:
    """Say whether a message is offered for answering: Meta knows it, as far as anybody can tell from here."""
    if message.kind in UNREFERABLE or message.revoked_at is not None:
        return False
    known = message.delivery
    return known is None or known.status in _AT_META or known.accepted_at is not None


def may_be_reacted_to(message: Message, *, now: datetime) -> bool:
    """Say whether a message is offered for reactions."""
    return may_be_answered(message) and is_young(message.written_at, now=now)
