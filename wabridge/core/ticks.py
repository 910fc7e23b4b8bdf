"""Whether the client may see that somebody of the office has read, or is writing an answer.

The office switches each off by itself. Nothing is told while it is in doubt who the person is, in a group, and of what
is older than 30 days. It says nothing about a legal notice, in either direction: that has words of its own.
"""

from datetime import datetime, timedelta

from wabridge.broker import Topic
from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model import window
from wabridge.model.ids import ConversationId
from wabridge.model.staff import Actor
from wabridge.storage import alerts, conversations, ticks
from wabridge.storage.conversations import Conversation
from wabridge.storage.database import Transaction

LONGEST_AGE = timedelta(days=30)
"""Meta takes neither for older messages. Source: Meta, "mark messages as read", "typing indicators"."""


def want_read(tx: Transaction, office: Office, whole: Conversation, *, now: datetime) -> None:
    """Note that Meta is to be told that a conversation was read, if the office wants that and it may be told."""
    if office.settings.office.read_receipts:
        _want(tx, whole, is_typing=False, now=now)


async def mark_typing(office: Office, actor: Actor, conversation_id: ConversationId) -> None:
    """Note that somebody writes an answer; what cannot be told is left alone. Raises NotAllowed or NotFound."""
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
    if not office.settings.office.typing_indicator:
        return
    now = office.clock.now()

    def note(tx: Transaction) -> None:
        whole = conversations.get_whole(tx, conversation_id)
        if window.is_open(whole.window_opened_at, now=now):
            _want(tx, whole, is_typing=True, now=now)

    await office.database.write(note)
    office.broker.ring(Topic.TICKS, conversation_id)


def _want(tx: Transaction, whole: Conversation, *, is_typing: bool, now: datetime) -> None:
    if whole.contact_id is None or alerts.find_newest_open(tx, whole.contact_id) is not None:
        return
    newest = ticks.find_newest(tx, conversations.list_parts(tx, whole.id), since=now - LONGEST_AGE)
    if newest is not None:
        ticks.want(tx, whole.id, newest, is_typing=is_typing, now=now)
