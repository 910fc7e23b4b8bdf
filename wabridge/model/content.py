"""What a message says beside plain text, in our own words.

`whatsapp.contents` writes these from Meta's JSON; they travel in the event and are stored as the message's content
(JSON, tagged by `type`). Programs see them through the API: names are added, never changed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from wabridge.model.prompts import Buttons, LinkButton, LocationRequest, Menu, NumberRequest
from wabridge.model.template_message import TemplateMessage


class Field(msgspec.Struct, frozen=True):
    """One thing that is known, with no word of its own here. name: the way to it, outermost part first."""

    name: tuple[str, ...]
    value: str


class ReportedError(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error as Meta words it. code 0 stands for none given."""

    code: int = 0
    title: str = ""
    details: str = ""


class Media(msgspec.Struct, frozen=True, kw_only=True, tag="media"):
    """A file, by what is said of it. kind: image, video, audio, document, sticker.

    file_id: what WhatsApp gives the file out by, for a few days. sha256: as it came, base64 or hexadecimal.
    """

    kind: str
    caption: str | None = None
    file_name: str | None = None
    mime_type: str | None = None
    file_id: str | None = None
    sha256: str | None = None
    is_voice: bool = False
    is_animated: bool = False


class Location(msgspec.Struct, frozen=True, kw_only=True, tag="location"):
    """A place. Degrees; both or none."""

    latitude: float | None = None
    longitude: float | None = None
    name: str | None = None
    address: str | None = None
    link: str | None = None


class CardPhone(msgspec.Struct, frozen=True):
    """A phone number on a card, as it is written there. whatsapp: the digits WhatsApp knows it by."""

    number: str | None
    label: str | None = None
    whatsapp: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A contact card. was_asked_for: the person answered our question for it."""

    name: str | None = None
    organisation: str | None = None
    phones: tuple[CardPhone, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    birthday: str | None = None
    vcard: str | None = None
    was_asked_for: bool = False


class Cards(msgspec.Struct, frozen=True, tag="cards"):
    """Shared contact cards."""

    cards: tuple[Card, ...] = ()


class Choice(msgspec.Struct, frozen=True, kw_only=True, tag="choice"):
    """A button or a row that was chosen. choice_id: what we called it when we offered it."""

    title: str | None = None
    description: str | None = None
    choice_id: str | None = None


class CallPermission(msgspec.Struct, frozen=True, kw_only=True, tag="call_permission"):
    """The answer to our question whether we may call. is_given: None for a word nobody knows yet."""

    is_given: bool | None = None
    answer: str | None = None
    expires_at: datetime | None = None


class Reaction(msgspec.Struct, frozen=True, kw_only=True, tag="reaction"):
    """A reaction to another message. emoji: None takes an earlier one off."""

    target_wamid: str | None = None
    emoji: str | None = None


class System(msgspec.Struct, frozen=True, kw_only=True, tag="system"):
    """News from WhatsApp about the person. said: Meta's sentence; identities as they came."""

    news: Literal["number_changed", "user_id_changed", "security_code_changed", "other"] = "other"
    said: str | None = None
    old_identities: tuple[str, ...] = ()
    new_identities: tuple[str, ...] = ()


CallDirection = Literal["incoming", "outgoing"]
CallOutcome = Literal["ringing", "ended", "missed", "rejected", "answered"]


class Call(msgspec.Struct, frozen=True, kw_only=True, tag="call"):
    """A call, as far as it has come. direction: seen from the office, None if nobody said.

    started_at: when it rang; duration_seconds: of an answered one. word: Meta's, where it is not one of ours.
    """

    direction: CallDirection | None = None
    outcome: CallOutcome | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_seconds: int | None = None
    word: str | None = None


class Preference(msgspec.Struct, frozen=True, kw_only=True, tag="preference"):
    """What a person wants of advertising messages. word, about: Meta's; said: Meta's sentence."""

    word: str
    about: str | None = None
    said: str | None = None


class GroupChange(msgspec.Struct, frozen=True, kw_only=True, tag="group_change"):
    """What happened to a group. word: Meta's; fields: who and what, as far as it came; subject: its new name."""

    word: str | None = None
    fields: tuple[Field, ...] = ()
    subject: str | None = None


class Placeholder(msgspec.Struct, frozen=True, kw_only=True, tag="placeholder"):
    """Any other message, with every field that is known.

    note: what the person wrote with it. what: which kind of message WhatsApp does not pass on.
    """

    note: str | None = None
    what: str | None = None
    fields: tuple[Field, ...] = ()


class Handover(msgspec.Struct, frozen=True, kw_only=True, tag="handover"):
    """Another party took the conversation over or gave it back: who held it and who holds it, in WhatsApp's words."""

    previous: str | None = None
    new: str | None = None
    note: str | None = None
    fields: tuple[Field, ...] = ()


Plain = (
    Media
    | Location
    | Cards
    | Choice
    | CallPermission
    | Reaction
    | System
    | Call
    | Preference
    | GroupChange
    | Handover
    | Placeholder
    | Buttons
    | Menu
    | LinkButton
    | NumberRequest
    | LocationRequest
    | TemplateMessage
)


class Edit(msgspec.Struct, frozen=True, kw_only=True, tag="edit"):
    """A changed message. kind and body: what it says now; a text stands where a message's text stands."""

    target_wamid: str | None = None
    kind: str | None = None
    body: Plain | None = None


class Revocation(msgspec.Struct, frozen=True, kw_only=True, tag="revocation"):
    """A message taken back by whoever wrote it."""

    target_wamid: str | None = None


Body = Plain | Edit | Revocation


class Content(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that a message says beside its text.

    forwarded: how often, as far as WhatsApp tells. referral: the advertisement that led here. more: what came besides
    and has no word of its own. errors: what WhatsApp reports about this message.
    """

    body: Body | None = None
    forwarded: Literal["once", "often"] | None = None
    referral: tuple[Field, ...] = ()
    more: tuple[Field, ...] = ()
    errors: tuple[ReportedError, ...] = ()


NOTHING = Content()


def encode(content: Content) -> bytes:
    """Return the content as it is stored."""
    return msgspec.json.encode(content)


def decode(stored: bytes) -> Content:
    """Read a stored content; raises msgspec.DecodeError if it is none."""
    return _decoder.decode(stored)


def target_wamid(content: Content | None) -> str | None:
    """Return which message this one reacts to, changes or takes back."""
    body = None if content is None else content.body
    return body.target_wamid if isinstance(body, Reaction | Edit | Revocation) else None


def error_fields(said: Content | None) -> tuple[Field, ...]:
    """Return what WhatsApp reports about something, for where it is shown by its fields alone."""
    errors = [{"code": e.code or None, "title": e.title, "details": e.details} for e in said.errors] if said else []
    return tuple(flatten({"errors": errors}))


def type_of(body: Body) -> str:
    """Return the word that a body is tagged with."""
    return str(body.__struct_config__.tag)


def flatten(value: Any, name: tuple[str, ...] = ()) -> Iterator[Field]:
    """Yield every single value of a JSON value with the way to it; what is empty says nothing."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from flatten(child, (*name, str(key)) if key else name)
    elif isinstance(value, list):
        for number, child in enumerate(value, 1):
            yield from flatten(child, (*name, str(number)) if len(value) > 1 else name)
    elif isinstance(value, bool):
        yield Field(name, "true" if value else "false")
    elif value is not None and value != "":
        yield Field(name, str(value))


_decoder = msgspec.json.Decoder(Content)
