"""One message as the office sees it, in either direction."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from wabridge.model.delivery import Delivery
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.staff import ActorKind

Direction = Literal["inbound", "outbound"]
HoldReason = Literal["late", "restored"]
"""Why a pending message waits for a person. late: it waited longer than the office's limit. restored: it waited when a
backup was made that was put back since, and may have been sent after that."""


class StatusEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One status object from Meta, as it is kept for ever.

    reported_at: Meta's time; repeats: how often it came again.
    """

    status: str
    reported_at: datetime | None
    first_arrived_at: datetime
    last_arrived_at: datetime
    repeats: int
    code: int | None = None
    title: str = ""
    details: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a conversation.

    kind: Meta's type word ("text", "image", ...) or "unreadable". text: for text messages. content: what else is
    known of other types.
    written_at: Meta's time for inbound, ours for outbound; is_doubtful: Meta's time could not be used.
    delivery: outbound only. hold: outbound, waiting for a person's decision. failure_code: see delivery.
    """

    id: MessageId
    conversation_id: ConversationId
    contact_id: ContactId | None
    direction: Direction
    kind: str
    text: str | None
    content: Any = None
    written_at: datetime
    created_at: datetime
    is_doubtful: bool = False
    quoted_id: MessageId | None = None
    author_kind: ActorKind | None = None
    author_name: str | None = None
    delivery: Delivery | None = None
    failure_details: str = ""
    hold: HoldReason | None = None
    tries: int = 0
    events: tuple[StatusEvent, ...] = ()
    versions: int = 0
    """How many other contents came under the same id."""
