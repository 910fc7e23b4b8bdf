"""One message as the office sees it, in either direction."""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.content import Content, Reaction
from wabridge.model.decision import Decision, Handover, Likeness
from wabridge.model.delivery import Delivery, Status
from wabridge.model.event import EchoAuthor, Source
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.media import MediaFile
from wabridge.model.staff import ActorKind

Direction = Literal["inbound", "outbound"]
AuthorKind = ActorKind | EchoAuthor
HoldReason = Literal["late", "restored", "identity", "part"]
"""Why a pending message waits for a person. late: it waited longer than the office's limit. restored: it waited when a
backup was made that was put back since, and may have been sent after that. identity: since it was written something
about who the recipient is has changed. part: an earlier part of its text did not go for certain, and a text with a gap
must not arrive unasked. The last two are never stored with the message, but seen from what is so now."""


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


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A later message that does something to this one: kind is reaction, edit or revoke.

    at: Meta's time. text, content: what it says. author_name: who did it, in a group. direction: by whom else.
    """

    id: MessageId
    kind: str
    at: datetime
    text: str | None = None
    content: Content | None = None
    author_name: str | None = None
    direction: Direction = "inbound"
    files: tuple[MediaFile, ...] = ()
    status: Status | None = None
    """How far an effect of our own has come, None for everybody else's."""

    @property
    def emoji(self) -> str | None:
        """The sign of a reaction; None takes an earlier one off."""
        body = self.content.body if self.content else None
        return body.emoji if isinstance(body, Reaction) else None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a conversation.

    kind: Meta's type word ("text", "image", ...) or "unreadable". text: for text messages. content: what it says beside
    its text. quotes_unknown: it answers a message that is not stored here.
    written_at: Meta's time for inbound, ours for outbound; is_doubtful: Meta's time could not be used.
    delivery: outbound only; None as well for what was written elsewhere, as long as WhatsApp reported nothing of it.
    source: how it came. phone_status: how far the phone app said it was, in history.
    hold: outbound, waiting for a person's decision. failure_code: see delivery.
    """

    id: MessageId
    conversation_id: ConversationId
    contact_id: ContactId | None
    direction: Direction
    kind: str
    text: str | None
    content: Content | None = None
    written_at: datetime
    created_at: datetime
    is_doubtful: bool = False
    quoted_id: MessageId | None = None
    quotes_unknown: bool = False
    author_kind: AuthorKind | None = None
    author_name: str | None = None
    delivery: Delivery | None = None
    failure_details: str = ""
    source: Source = "live"
    phone_status: str | None = None
    hold: HoldReason | None = None
    tries: int = 0
    events: tuple[StatusEvent, ...] = ()
    versions: int = 0
    """How many other contents came under the same id."""
    effects: tuple[Effect, ...] = ()
    """What later messages did to this one, oldest first."""
    undo_until: datetime | None = None
    """So long its author may take it back before it leaves."""
    handovers: tuple[Handover, ...] = ()
    """Outbound: its attempts, oldest first."""
    decisions: tuple[Decision, ...] = ()
    """Outbound: what people decided about it, oldest first."""
    resends: bool = False
    """Somebody decided to send it again, and that is still to happen."""
    is_closed: bool = False
    """Somebody closed it, and nothing has been heard of it since."""
    part_of: MessageId | None = None
    """The first part of the text that this is a further part of."""
    queued_with: MessageId | None = None
    """The first message of those that the same click or request queued."""
    likenesses: tuple[Likeness, ...] = ()
    """Failures that Meta reported to the same person and that may be about this message."""
    files: tuple[MediaFile, ...] = ()
    """Every file that ever came with it, the first wanted first; `media.shown` says which one its content means."""

    @property
    def unknown_since(self) -> datetime | None:
        """When the newest attempt without a trustworthy answer was begun."""
        return max((each.opened_at for each in self.handovers if each.outcome == "unknown"), default=None)

    def undo_ends_at(self, now: datetime) -> datetime | None:
        """Return until when it can be taken back without a trace at Meta, None if that is over."""
        is_waiting = self.delivery is not None and self.delivery.status == "pending" and self.hold is None
        return self.undo_until if is_waiting and self.undo_until is not None and now < self.undo_until else None

    @property
    def reaction_history(self) -> tuple[Effect, ...]:
        """Every reaction and every removal of one, oldest first."""
        return tuple(effect for effect in self.effects if effect.kind == "reaction")

    @property
    def reactions(self) -> tuple[Effect, ...]:
        """The reactions that stand: the last of each person, if it is not a removal."""
        counted = (effect for effect in self.reaction_history if effect.status not in ("failed", "cancelled"))
        last = {(effect.direction, effect.author_name): effect for effect in counted}
        return tuple(effect for effect in last.values() if effect.emoji)

    @property
    def own_reaction(self) -> str | None:
        """The emoji of the office that stands."""
        return next((effect.emoji for effect in self.reactions if effect.direction == "outbound"), None)

    @property
    def own_reactions(self) -> int:
        """How often the office has reacted so far, or taken a reaction off."""
        return sum(effect.direction == "outbound" for effect in self.reaction_history)

    @property
    def edits(self) -> tuple[Effect, ...]:
        """The changes by whoever wrote it, oldest first; what was written at first stays in the message."""
        return tuple(effect for effect in self.effects if effect.kind == "edit")

    @property
    def revoked_at(self) -> datetime | None:
        """When whoever wrote it took it back."""
        return next((effect.at for effect in self.effects if effect.kind == "revoke"), None)
