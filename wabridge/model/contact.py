"""A person outside, and the identities they are known by."""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.ids import ContactId

Standing = Literal["lead", "client", "former", "other"]
IdentityKind = Literal["phone", "user_id"]


class Identity(msgspec.Struct, frozen=True):
    """A phone number (digits without plus) or a business-scoped user id, with the times it was seen."""

    kind: IdentityKind
    value: str
    first_seen_at: datetime
    last_seen_at: datetime


class Contact(msgspec.Struct, frozen=True):
    """A person outside. name: what they call themselves on WhatsApp, may be empty.

    own_name: what the office calls them in its phone app's address book, may be empty.
    """

    id: ContactId
    name: str
    standing: Standing
    created_at: datetime
    identities: tuple[Identity, ...] = ()
    own_name: str = ""

    @property
    def shown_name(self) -> str:
        """The name to show first: the office's own, which nobody outside can change."""
        return self.own_name.strip() or self.name

    @property
    def phone(self) -> str | None:
        """The phone number seen last, digits without plus."""
        return self._latest("phone")

    @property
    def user_id(self) -> str | None:
        """The business-scoped user id seen last."""
        return self._latest("user_id")

    def _latest(self, kind: IdentityKind) -> str | None:
        known = [i for i in self.identities if i.kind == kind]
        return max(known, key=lambda i: i.last_seen_at).value if known else None


class MarketingChoice(msgspec.Struct, frozen=True):
    """What a contact last said about advertising messages. word: Meta's ("stop", "resume", ...), as it came."""

    word: str
    said_at: datetime

    @property
    def is_refusal(self) -> bool:
        """Whether they want none."""
        return self.word == "stop"
