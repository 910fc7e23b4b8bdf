"""The customer service window of a thread, found anew from who wrote what in it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from wabridge.core import happenings
from wabridge.model import window
from wabridge.model.event import InboundMessage, decode
from wabridge.model.ids import ConversationId
from wabridge.storage import conversations
from wabridge.storage.conversations import Opener
from wabridge.storage.database import Transaction


def find_anew(tx: Transaction, conversation_ids: Iterable[ConversationId], *, without: Collection[str]) -> None:
    """Let the windows of threads be open only by what others wrote there than the people of these identities.

    A window that Meta's word has closed stays closed.
    """
    for conversation_id in conversation_ids:
        found = conversations.get(tx, conversation_id)
        if found.window_opened_at is None or found.joined_to is not None:
            continue
        since = found.window_opened_at - window.LENGTH
        conversations.set_window(tx, conversation_id, _newest(tx, conversation_id, since, without))


def _newest(
    tx: Transaction, conversation_id: ConversationId, since: datetime, without: Collection[str]
) -> window.MessageTime | None:
    openers: list[Opener] = []
    for part in conversations.list_parts(tx, conversation_id):
        openers += conversations.list_openers(tx, part, since=since)
    for opener in sorted(openers, key=lambda one: one.time.at, reverse=True):
        event = decode(opener.payload)
        if isinstance(event, InboundMessage) and happenings.opens_window(event):
            if not {event.sender.phone, event.sender.user_id, event.sender.parent_user_id}.isdisjoint(without):
                continue
            return opener.time
    return None
