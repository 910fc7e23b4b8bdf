"""A person outside, and the identities they are known by."""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.event import Person
from wabridge.model.ids import ContactId

Standing = Literal["lead", "client", "former", "other"]
IdentityKind = Literal["phone", "user_id", "parent_user_id", "username"]
Learned = Literal["message", "status", "system", "hand", "card"]
"""How an identity came to be known. hand: somebody of the office typed it; card: it stood on a shared contact card."""

STANDINGS: tuple[Standing, ...] = ("lead", "client", "former", "other")
ACCOUNT_KINDS: frozenset[IdentityKind] = frozenset({"user_id", "parent_user_id"})
"""What names a WhatsApp account for certain, as long as Meta does not say that it changed."""


class Identity(msgspec.Struct, frozen=True):
    """A phone number (digits without plus), user id or username, with the times it was seen by Meta's clock.

    confirmed_at: when WhatsApp first showed it; None while only a person said so. replaced_at: another one took its
    place. moved_at: it passed to another contact and does not lead here any more.
    """

    kind: IdentityKind
    value: str
    first_seen_at: datetime
    last_seen_at: datetime
    learned: Learned = "message"
    confirmed_at: datetime | None = None
    replaced_at: datetime | None = None
    moved_at: datetime | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether another one took its place and it was not seen since."""
        return self.replaced_at is not None and self.replaced_at >= self.last_seen_at

    @property
    def is_here(self) -> bool:
        """Whether it leads to this contact."""
        return self.moved_at is None


class Contact(msgspec.Struct, frozen=True):
    """A person outside. name: what they call themselves on WhatsApp; given_name: what the office calls them here.

    own_name: what the office calls them in its phone app's address book. All may be empty.
    """

    id: ContactId
    name: str
    standing: Standing
    created_at: datetime
    identities: tuple[Identity, ...] = ()
    own_name: str = ""
    given_name: str = ""

    @property
    def shown_name(self) -> str:
        """The name on every page, "" if there is none: the office's own word first, here before its phone app."""
        return self.given_name.strip() or self.own_name.strip() or self.name.strip()

    @property
    def phone(self) -> str | None:
        """The phone number to write to, digits without plus: the newest that WhatsApp showed."""
        return self.current("phone")

    @property
    def user_id(self) -> str | None:
        """The newest business-scoped user id."""
        return self.current("user_id")

    @property
    def account(self) -> str | None:
        """The user id to write to, should no phone number be known; that of a group of businesses also serves."""
        return self.user_id or self.current("parent_user_id")

    @property
    def username(self) -> str | None:
        """The newest username: for people to read, never to recognise somebody by."""
        return self.current("username")

    @property
    def address(self) -> tuple[str | None, str | None]:
        """Phone number or user id to write to, exactly one of them; neither if nothing is known.

        A number nobody but people of the office vouches for is used only if there is nothing better.
        """
        phone, account = self.phone, self.account
        shown = any(i.value == phone and i.kind == "phone" and i.confirmed_at for i in self.identities)
        return (phone, None) if phone and (shown or not account) else (None, account)

    @property
    def person(self) -> Person:
        """Who they are now, by every identity that holds."""
        return Person(self.phone, self.user_id, self.current("parent_user_id"))

    def current(self, kind: IdentityKind) -> str | None:
        """Return the identity of a kind that holds now."""
        known = [i for i in self.identities if i.kind == kind and i.is_here]
        return max(known, key=_newness).value if known else None

    def has(self, kind: IdentityKind, value: str | None) -> bool:
        """Say whether an identity leads here."""
        return any(i.kind == kind and i.value == value and i.is_here for i in self.identities)


class MarketingChoice(msgspec.Struct, frozen=True):
    """What a contact last said about advertising messages. word: Meta's ("stop", "resume", ...), as it came."""

    word: str
    said_at: datetime

    @property
    def is_refusal(self) -> bool:
        """Whether they want none."""
        return self.word == "stop"


def _newness(identity: Identity) -> tuple[bool, bool, datetime, datetime]:
    return identity.confirmed_at is not None, not identity.is_replaced, identity.last_seen_at, identity.first_seen_at
