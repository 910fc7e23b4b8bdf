"""What an outbound message offers a person to tap: buttons, a list, a link, a question for a number or a place.

The words above it are the message's text. What comes back is a `content.Choice`, a `content.Card` that was asked for
or a `content.Location`. Source of the kinds: Meta, "interactive messages".
"""

from typing import Literal

import msgspec

HeaderKind = Literal["text", "image", "video", "document", "location"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is. Degrees."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the words. text, file_name and place: for the kind that has one; a file is kept elsewhere."""

    kind: HeaderKind = "text"
    text: str | None = None
    file_name: str | None = None
    place: Place | None = None


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A reply button. button_id: what comes back when it is tapped."""

    button_id: str
    title: str


class Buttons(msgspec.Struct, frozen=True, kw_only=True, tag="buttons"):
    """Up to three buttons under the words; a tap on one is an answer."""

    buttons: tuple[Button, ...]
    header: Header | None = None
    footer: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a list. row_id: what comes back when it is chosen."""

    row_id: str
    title: str
    description: str | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of a list that belong together. title: needed where there are several sections."""

    rows: tuple[Row, ...]
    title: str | None = None


class Menu(msgspec.Struct, frozen=True, kw_only=True, tag="menu"):
    """A list that opens when its button is tapped; one line of it is an answer. label: what the button says."""

    label: str
    sections: tuple[Section, ...]
    header: Header | None = None
    footer: str | None = None


class LinkButton(msgspec.Struct, frozen=True, kw_only=True, tag="link_button"):
    """A button that opens a web page. Nothing comes back. label: what the button says."""

    label: str
    url: str
    header: Header | None = None
    footer: str | None = None


class NumberRequest(msgspec.Struct, frozen=True, tag="number_request"):
    """A question for the phone number of a person who is known by user id only; the answer is a contact card."""


class LocationRequest(msgspec.Struct, frozen=True, tag="location_request"):
    """A question where the person is; the answer is a location."""


Prompt = Buttons | Menu | LinkButton | NumberRequest | LocationRequest
