"""A template: a text in one language that Meta has approved, with places to fill in.

Rule 1: the wording is what Meta approved, part by part; another wording is another version. Rule 2: what this program
cannot send is kept in the wording as it came, so that it is shown and never sent half. Rule 3: only what Meta calls
approved, and still lists, can be sent. How a template is filled in and read: `model/filling.py`.

Source: Meta, "message templates" (components, status, quality), as of 2026.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Literal, NewType

import msgspec

from wabridge.model.content import Field

TemplateId = NewType("TemplateId", int)
VersionId = NewType("VersionId", int)

Format = Literal["positional", "named"]
HeaderKind = Literal["text", "image", "video", "document", "location"]
FILE_HEADERS: frozenset[HeaderKind] = frozenset({"image", "video", "document"})
ButtonKind = Literal["quick_reply", "url", "phone_number", "copy_code", "other"]

MARKETING = "marketing"
CATEGORIES = ("utility", MARKETING, "authentication")

STATUSES = (
    "approved",
    "pending",
    "in_appeal",
    "rejected",
    "paused",
    "disabled",
    "locked",
    "limit_exceeded",
    "archived",
    "pending_deletion",
    "deleted",
)
"""Meta's words, in small letters; another word is kept as it came."""

APPROVED = "approved"
PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
"""How long Meta pauses a template, by the title it gives; the third time it is disabled."""


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands above the text. text: of a text header, with at most one place to fill in."""

    kind: HeaderKind
    text: str = ""


class Button(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What can be pressed below the text. target: the address or the phone number; word: Meta's, of another kind."""

    kind: ButtonKind
    text: str = ""
    target: str = ""
    word: str = ""


class Wording(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of a template that the person sees. unknown: parts that cannot be sent from here."""

    format: Format = "positional"
    header: Header | None = None
    body: str = ""
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    unknown: tuple[Field, ...] = ()

    @property
    def digest(self) -> bytes:
        """What tells one wording from another: SHA-256 of it."""
        return hashlib.sha256(encode(self)).digest()

    @property
    def is_understood(self) -> bool:
        """Whether every part of it can be sent from here."""
        return bool(self.body) and not self.unknown and all(b.kind != "other" for b in self.buttons)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A template as Meta lists it. meta_id: Meta's; examples: by place; components: as they came, JSON."""

    meta_id: str
    name: str
    language: str
    category: str
    status: str
    wording: Wording
    components: bytes
    examples: dict[str, str] = {}
    quality: str = ""
    reason: str = ""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A template as it is known here.

    status_at: since when, by Meta's time or the list's. reason, said: why, in Meta's word and sentence. version_id,
    version: the wording that holds, counted from 1. confirmed_at: when Meta's list last showed it like this.
    missing_since: since when Meta lists it no more.
    """

    id: TemplateId
    meta_id: str
    name: str
    language: str
    category: str
    status: str
    status_at: datetime
    version_id: VersionId
    version: int
    wording: Wording
    confirmed_at: datetime
    examples: dict[str, str] = {}
    quality: str = ""
    reason: str = ""
    said: str = ""
    paused_until: datetime | None = None
    missing_since: datetime | None = None

    @property
    def is_approved(self) -> bool:
        """Whether Meta lets it be sent."""
        return self.status == APPROVED and self.missing_since is None

    @property
    def can_be_sent(self) -> bool:
        """Whether it can be sent from here."""
        return self.is_approved and self.wording.is_understood

    @property
    def is_marketing(self) -> bool:
        """Whether Meta takes it for advertising, which people may refuse."""
        return self.category == MARKETING


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One wording of a template. number: from 1; components: as Meta listed them when it was first seen."""

    id: VersionId
    number: int
    wording: Wording
    components: bytes
    seen_at: datetime


class TemplateChange(msgspec.Struct, frozen=True, kw_only=True):
    """What Meta says has changed with a template; "" where it says nothing. title: Meta's, of a pause.

    Without any of it the wording has changed, which only the list shows.
    """

    meta_id: str = ""
    name: str = ""
    language: str = ""
    status: str = ""
    reason: str = ""
    said: str = ""
    title: str = ""
    category: str = ""
    quality: str = ""


def paused_until(title: str, at: datetime) -> datetime | None:
    """Return when a pause that Meta told of ends; None if it did not say which pause it is."""
    pause = PAUSES.get(title)
    return None if pause is None else at + pause


def fold_language(code: str) -> str:
    """Return a language code in the spelling of Meta's list; webhooks also write en-US."""
    return code.replace("-", "_")


def encode(wording: Wording) -> bytes:
    """Return a wording as it is stored; the same wording gives the same bytes."""
    return msgspec.json.encode(wording)


def decode(stored: bytes) -> Wording:
    """Read a stored wording; raises msgspec.DecodeError if it is none."""
    return _decoder.decode(stored)


_decoder = msgspec.json.Decoder(Wording)
