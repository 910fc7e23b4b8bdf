"""The thread with one contact on one of our numbers, as lists and pages show it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from wabridge.model.choice import Offered
from wabridge.model.contact import Contact, MarketingChoice
from wabridge.model.content import Content
from wabridge.model.identity import Alert
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.message import Direction, Message
from wabridge.model.offers import Offer
from wabridge.model.pacing import ContactMark, Wait

_SHORT_ID = 6
"""So many last characters tell two groups apart that nothing else is known of."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a group. subject: its name, if a webhook said it; people: some who write in it, if none did."""

    id: str
    subject: str | None = None
    people: tuple[str, ...] = ()

    @property
    def short_id(self) -> str:
        """The end of its id, for want of a name."""
        return self.id[-_SHORT_ID:]


class ConversationLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the inbox.

    contact: None for a group; then group says which. preview_*: the newest message. window_closes_at: also when that is
    over; None if the person has never opened it.
    """

    id: ConversationId
    contact: Contact | None
    group: Group | None = None
    unread: int
    last_activity_at: datetime
    preview_kind: str | None = None
    preview_text: str | None = None
    preview_content: Content | None = None
    preview_direction: Direction | None = None
    preview_status: str | None = None
    window_closes_at: datetime | None = None
    is_in_doubt: bool = False
    """Whether it is not certain who the contact is, as long as nobody has made sure."""


class ConversationView(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation, oldest message first. earlier: the cursor for older messages, if there are any.

    blocked_by: an earlier message with an unknown outcome is being settled, and what follows waits until then.
    quoted: what these messages answer in this conversation, as far as it is not among them. marketing: what the person
    last said about advertising. waits: what messages on their way out wait for. marks: what Meta's errors say about
    the person.
    """

    line: ConversationLine
    messages: tuple[Message, ...]
    earlier: MessageId | None
    window_is_open: bool
    is_read_only: bool
    blocked_until: datetime | None = None
    quoted: tuple[Message, ...] = ()
    offers: Mapping[MessageId, Offer] = {}
    """What may be decided about messages that did not arrive, or may not have."""
    marketing: MarketingChoice | None = None
    alerts: tuple[Alert, ...] = ()
    """What makes it doubtful who this person is, newest first, as long as nobody has made sure."""
    waits: dict[MessageId, Wait] = msgspec.field(default_factory=dict)
    marks: tuple[ContactMark, ...] = ()
    offered: Mapping[str, Offered] = {}
    """Which button of which message of ours the answers among these messages mean, by what came back."""

    def find_quoted(self, message_id: MessageId) -> Message | None:
        """Return a message of this conversation that is answered here and stands elsewhere."""
        return next((message for message in self.quoted if message.id == message_id), None)
