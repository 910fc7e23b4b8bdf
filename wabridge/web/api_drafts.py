"""What a program asks to be sent, in our own words: the nouns that messages are shown with, and nothing unknown.

Names here are the API's: add, never rename. What may be left out in a request may be null when a message is shown.
"""

from typing import Annotated, Literal

import msgspec

from wabridge.model.content import Body, Card, CardPhone, Cards, Location, Reaction
from wabridge.model.draft import Draft
from wabridge.model.ids import ContactId, MessageId
from wabridge.model.prompts import (
    Button,
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Row,
    Section,
)

Id = Annotated[int, msgspec.Meta(gt=0, lt=10**18)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a request: a key that is not known is refused."""


class NewLocation(Strict, frozen=True, kw_only=True, tag="location"):
    """A place to send."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None

    def body(self) -> Body:
        """Return it as a message says it."""
        return Location(latitude=self.latitude, longitude=self.longitude, name=self.name, address=self.address)


class NewPhone(Strict, frozen=True, kw_only=True):
    """A phone number on a card, as it is to be written there."""

    number: str
    label: str | None = None


class NewCard(Strict, frozen=True, kw_only=True):
    """A contact card."""

    name: str
    organisation: str | None = None
    phones: tuple[NewPhone, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    birthday: str | None = None


class NewCards(Strict, frozen=True, kw_only=True, tag="cards"):
    """Contact cards to share: written out, or made of contacts of the office."""

    cards: tuple[NewCard, ...] = ()
    contact_ids: tuple[Id, ...] = ()

    def body(self) -> Body:
        """Return the cards that are written out."""
        return Cards(tuple(_card(card) for card in self.cards))


class NewReaction(Strict, frozen=True, kw_only=True, tag="reaction"):
    """An emoji under a message; null takes it off."""

    message_id: Id
    emoji: str | None

    def body(self) -> Body:
        """Return it without the message it stands under."""
        return Reaction(emoji=self.emoji or None)


class NewHeader(Strict, frozen=True, kw_only=True):
    """What stands above the words."""

    text: str
    kind: Literal["text"] = "text"


class NewButton(Strict, frozen=True, kw_only=True):
    """A reply button; without an id it is known by its number."""

    title: str
    button_id: str | None = None


class NewButtons(Strict, frozen=True, kw_only=True, tag="buttons"):
    """Reply buttons under the message's text."""

    buttons: tuple[NewButton, ...]
    header: NewHeader | None = None
    footer: str | None = None

    def body(self) -> Body:
        """Return it as a message says it."""
        made = (Button(button_id=b.button_id or str(n), title=b.title) for n, b in enumerate(self.buttons, 1))
        return Buttons(buttons=tuple(made), header=_header(self.header), footer=self.footer)


class NewRow(Strict, frozen=True, kw_only=True):
    """A line of a list; without an id it is known by its title."""

    title: str
    description: str | None = None
    row_id: str | None = None


class NewSection(Strict, frozen=True, kw_only=True):
    """Lines that belong together."""

    rows: tuple[NewRow, ...]
    title: str | None = None


class NewMenu(Strict, frozen=True, kw_only=True, tag="menu"):
    """A list that opens by its button, under the message's text."""

    label: str
    sections: tuple[NewSection, ...]
    header: NewHeader | None = None
    footer: str | None = None

    def body(self) -> Body:
        """Return it as a message says it."""
        sections = tuple(Section(rows=tuple(map(_row, each.rows)), title=each.title) for each in self.sections)
        header = _header(self.header)
        return Menu(label=self.label, sections=sections, header=header, footer=self.footer)


class NewLinkButton(Strict, frozen=True, kw_only=True, tag="link_button"):
    """A button that opens a web page, under the message's text."""

    label: str
    url: str
    header: NewHeader | None = None
    footer: str | None = None

    def body(self) -> Body:
        """Return it as a message says it."""
        header = _header(self.header)
        return LinkButton(label=self.label, url=self.url, header=header, footer=self.footer)


class NewNumberRequest(Strict, frozen=True, kw_only=True, tag="number_request"):
    """A question for the person's phone number."""

    def body(self) -> Body:
        """Return it as a message says it."""
        return NumberRequest()


class NewLocationRequest(Strict, frozen=True, kw_only=True, tag="location_request"):
    """A question where the person is."""

    def body(self) -> Body:
        """Return it as a message says it."""
        return LocationRequest()


NewContent = (
    NewLocation | NewCards | NewReaction | NewButtons | NewMenu | NewLinkButton | NewNumberRequest | NewLocationRequest
)


def draft(text: str | None, content: NewContent | None, *, quoted_id: int | None) -> Draft:
    """Return what is to be sent; cards of contacts are the caller's to add."""
    return Draft(
        text=text,
        body=None if content is None else content.body(),
        quoted_id=None if quoted_id is None else MessageId(quoted_id),
        target_id=MessageId(content.message_id) if isinstance(content, NewReaction) else None,
    )


def contact_ids(content: NewContent | None) -> tuple[ContactId, ...]:
    """Return whose cards are to be shared."""
    return tuple(map(ContactId, content.contact_ids)) if isinstance(content, NewCards) else ()


def _header(header: NewHeader | None) -> Header | None:
    return None if header is None else Header(kind=header.kind, text=header.text)


def _row(row: NewRow) -> Row:
    return Row(row_id=row.row_id or row.title, title=row.title, description=row.description)


def _card(card: NewCard) -> Card:
    return Card(
        name=card.name,
        organisation=card.organisation,
        phones=tuple(CardPhone(phone.number, phone.label) for phone in card.phones),
        emails=card.emails,
        addresses=card.addresses,
        links=card.links,
        birthday=card.birthday,
    )
