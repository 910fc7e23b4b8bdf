"""What one item of a webhook says, in our own words.

`whatsapp.payloads` writes these from Meta's JSON; they are stored as the payload of an event row (msgspec JSON,
tagged) and read back by the workers. Every optional thing is optional: Meta leaves out what it likes.
"""

from typing import Any, Literal

import msgspec

from wabridge.model import content
from wabridge.model.content import Content

EventKind = Literal["message", "status", "account", "unreadable"]
EventState = Literal["new", "done", "quarantined", "foreign"]
Source = Literal["live", "history", "standby"]
"""How a message came. history: the phone app handed over what was written before. standby: another party holds the
conversation, and WhatsApp tells what happens in it."""
EchoAuthor = Literal["app", "partner"]
"""Who wrote in the office's name elsewhere. app: somebody at the phone app; partner: another program or an AI agent."""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who an item is about; values are already classified by their shape.

    phone: digits without plus, as WhatsApp writes it. user_id: the business-scoped user id. key_hash: WhatsApp's
    fingerprint of their keys, while the identity check is on; nobody is recognised by it.
    """

    phone: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None
    username: str | None = None
    profile_name: str | None = None
    key_hash: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to recognise the person by; a username is not."""
        return bool(self.phone or self.user_id or self.parent_user_id)


ReportedError = content.ReportedError


class InboundMessage(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="message"):
    """A message from a person outside.

    sent_at: Unix seconds by Meta's clock, None when missing or unreadable. type: Meta's word, as it came. text: of text
    messages, and of edits of them. content: all that it says beside its text. file_url: where its file can be fetched
    for a few minutes. quoted_wamid: what it replies to.
    repaired: something in it had to be replaced to be stored (a lone surrogate, a NUL, nesting without end).
    phone_status: how far the phone app said it was, in history.
    """

    phone_number_id: str
    wamid: str
    sender: Person
    type: str
    sent_at: int | None = None
    text: str | None = None
    content: Content | None = None
    file_url: str | None = None
    quoted_wamid: str | None = None
    group_id: str | None = None
    repaired: bool = False
    source: Source = "live"
    phone_status: str | None = None

    @property
    def person(self) -> Person:
        """Whose conversation it belongs to."""
        return self.sender


class Echo(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="echo"):
    """A message written in the office's name elsewhere. recipient: whom to; the rest as in InboundMessage."""

    phone_number_id: str
    wamid: str
    recipient: Person
    type: str
    sent_at: int | None = None
    text: str | None = None
    content: Content | None = None
    file_url: str | None = None
    quoted_wamid: str | None = None
    group_id: str | None = None
    repaired: bool = False
    source: Source = "live"
    phone_status: str | None = None
    author: EchoAuthor = "app"

    @property
    def person(self) -> Person:
        """Whose conversation it belongs to."""
        return self.recipient


class KnownName(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="known_name"):
    """What the phone app's address book calls somebody. name: None for an entry taken out. said_at: by the app."""

    phone_number_id: str
    person: Person
    name: str | None = None
    said_at: int | None = None


class HistoryReport(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="history_report"):
    """How far the phone app is with handing over its history. errors: why it does not do so.

    phase: 0 the first day, 1 up to 90 days, 2 up to 180 days. progress: of all, in hundredths.
    """

    phone_number_id: str | None = None
    phase: int | None = None
    chunk: int | None = None
    progress: int | None = None
    errors: tuple[ReportedError, ...] = ()


class StatusReport(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="status"):
    """A delivery status. status: Meta's word in lower case, whatever it is; token: the callback data we sent along."""

    phone_number_id: str
    wamid: str
    status: str
    reported_at: int | None = None
    recipient: Person = Person()
    token: str | None = None
    errors: tuple[ReportedError, ...] = ()


class AccountEvent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="account"):
    """Anything about the account, the number, templates, or a field without a reader of its own; value as it came.

    reported_at: Unix seconds by Meta's clock, None when missing or unreadable.
    """

    field: str
    phone_number_id: str | None = None
    business_account_id: str | None = None
    value: Any = None
    reported_at: int | None = None


class Unreadable(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event", tag="unreadable"):
    """An item that could not be understood. sender and wamid are filled in as far as they could be read.

    recipient: whom it was written to, if the office did so elsewhere; then it has no sender. author: who did.
    """

    reason: str
    phone_number_id: str | None = None
    wamid: str | None = None
    sender: Person = Person()
    sent_at: int | None = None
    source: Source = "live"
    recipient: Person = Person()
    author: EchoAuthor = "app"


Event = InboundMessage | Echo | KnownName | HistoryReport | StatusReport | AccountEvent | Unreadable


class Item(msgspec.Struct, frozen=True):
    """One item cut out of a webhook body.

    pointer: RFC 6901 pointer into the body ("" for the whole body). identity: the bytes that make the item the same
    item when it comes again; stored only as an HMAC. at: Meta's Unix seconds, 0 when unknown (puts the key at the
    edge of its index). digest: SHA-256 of what lies at the pointer, as JSON with sorted keys, or as it came if it is no
    JSON.
    """

    pointer: str
    event: Event
    identity: bytes
    at: int = 0
    digest: bytes | None = None


def kind_of(event: Event) -> EventKind:
    """Say which worker an event belongs to."""
    return _KINDS[type(event)]


def is_backlog(event: Event) -> bool:
    """Say whether an event tells of the past, so that it may wait for those that do not."""
    return isinstance(event, KnownName | HistoryReport) or getattr(event, "source", "live") == "history"


def stand_in(event: Event, reason: str) -> Unreadable:
    """Return what is left of an event that cannot be stored or filed: whose it is, and nothing it says."""
    if isinstance(event, Unreadable):
        return msgspec.structs.replace(event, reason=reason, sender=_unnamed(event.sender))
    if not isinstance(event, InboundMessage | Echo) or event.group_id is not None:
        # What was written in a group must not show up in the writer's own conversation.
        return Unreadable(reason=reason, phone_number_id=event.phone_number_id)
    is_echo = isinstance(event, Echo)
    return Unreadable(
        reason=reason,
        phone_number_id=event.phone_number_id,
        wamid=event.wamid,
        sender=Person() if is_echo else _unnamed(event.person),
        recipient=_unnamed(event.person) if is_echo else Person(),
        author=event.author if isinstance(event, Echo) else "app",
        sent_at=event.sent_at,
        source=event.source,
    )


def encode(event: Event) -> bytes:
    """Return the event as it is stored."""
    return _encoder.encode(event)


def decode(payload: bytes) -> Event:
    """Read a stored event; raises msgspec.DecodeError if it is not one."""
    event: Event = _decoder.decode(payload)
    return event


def _unnamed(person: Person) -> Person:
    """Return somebody without the name they gave themselves, which may be what is wrong."""
    return msgspec.structs.replace(person, profile_name=None)


_KINDS: dict[type, EventKind] = {
    InboundMessage: "message",
    Echo: "message",
    KnownName: "message",
    HistoryReport: "message",
    StatusReport: "status",
    AccountEvent: "account",
    Unreadable: "unreadable",
}
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)
