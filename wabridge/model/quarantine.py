"""What could not be understood or applied, as people see it."""

from datetime import datetime

import msgspec

from wabridge.model.event import EventKind
from wabridge.model.ids import ConversationId, EventId, MessageId, WebhookId


class QuarantinedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item in quarantine.

    pointer: where it lies in its webhook (RFC 6901), "" for the whole body. reason: our own word, in English.
    repeats: how often it came again, last at last_arrived_at. message_id and conversation_id: the placeholder that
    stands for it, if one does.
    """

    id: EventId
    webhook_id: WebhookId
    pointer: str
    kind: EventKind
    reason: str
    arrived_at: datetime
    last_arrived_at: datetime
    set_aside_at: datetime
    repeats: int
    conversation_id: ConversationId | None = None
    message_id: MessageId | None = None


class Trial(msgspec.Struct, frozen=True):
    """One time somebody had an item applied again. before: what it was until then."""

    at: datetime
    by: str
    before: str


class QuarantinedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item in quarantine with everything known of it. body: the stored webhook it lies in, byte for byte."""

    line: QuarantinedLine
    body: bytes
    trials: tuple[Trial, ...] = ()
