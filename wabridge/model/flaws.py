"""What is wrong with a draft: where, what, and by how much. Source of the limits: Meta, "send messages".

Places are named as the API spells them; pages have a word for each.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from wabridge.errors import Flaw
from wabridge.model import emoji, limits
from wabridge.model.content import Body, Card, Cards, Location, Media, Reaction
from wabridge.model.draft import Draft
from wabridge.model.prompts import Buttons, Header, LinkButton, LocationRequest, Menu, NumberRequest, Row
from wabridge.model.template_message import TemplateMessage

WORDS: dict[type, int] = {
    Buttons: limits.PROMPT_CHARACTERS,
    Menu: limits.MENU_CHARACTERS,
    LinkButton: limits.PROMPT_CHARACTERS,
    NumberRequest: limits.PROMPT_CHARACTERS,
    LocationRequest: limits.PROMPT_CHARACTERS,
    TemplateMessage: limits.TEXT_CHARACTERS,
}
"""How long the words above a body may be; other bodies have none. A template's own rules are its maker's."""

_CAPTIONED = ("image", "video", "document")
_HEADERS: dict[type, tuple[str, ...]] = {
    Buttons: ("text", "image", "video", "document"),
    LinkButton: ("text", "image", "video", "document"),
    Menu: ("text",),
}
_SPACE = re.compile(r"\s")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""An address as the web's forms take it (HTML, "valid e-mail address")."""


def find(draft: Draft) -> tuple[Flaw, ...]:
    """Return everything about a draft that WhatsApp would refuse; of a plain text its length is another's matter."""
    if draft.body is None:
        return ()
    longest = WORDS.get(type(draft.body))
    if longest is None:
        words = [Flaw("text", "unwanted")] if draft.text else []
    else:
        words = list(_text("text", draft.text, longest, is_needed=True))
    return (*words, *_body(draft.body))


def _body(body: Body) -> Iterator[Flaw]:
    match body:
        case Media():
            yield from _media(body)
        case Location():
            yield from _location(body)
        case Cards():
            yield from _count("cards", body.cards, 1, limits.CARDS)
            for number, card in enumerate(body.cards, 1):
                yield from _card(card, number)
        case Reaction():
            if body.emoji is not None and not emoji.is_one(body.emoji):
                yield Flaw("emoji", "no_emoji")
        case Buttons():
            yield from _frame(body)
            yield from _buttons(body)
        case Menu():
            yield from _frame(body)
            yield from _menu(body)
        case LinkButton():
            yield from _frame(body)
            yield from _text("label", body.label, limits.LABEL_CHARACTERS, is_needed=True)
            yield from _url(body.url)


def _media(media: Media) -> Iterator[Flaw]:
    if media.caption and media.kind not in _CAPTIONED:
        yield Flaw("caption", "unwanted")
    else:
        yield from _text("caption", media.caption, limits.CAPTION_CHARACTERS)


def _location(place: Location) -> Iterator[Flaw]:
    for name, degrees, most in (("latitude", place.latitude, 90), ("longitude", place.longitude, 180)):
        if degrees is None:
            yield Flaw(name, "missing")
        elif not math.isfinite(degrees) or abs(degrees) > most:
            yield Flaw(name, "off_the_globe", limit=most)
    yield from _text("place_name", place.name, limits.LINE_CHARACTERS)
    yield from _text("place_address", place.address, limits.LINE_CHARACTERS)


def _card(card: Card, number: int) -> Iterator[Flaw]:
    yield from _text("card_name", card.name, limits.LINE_CHARACTERS, number=number, is_needed=True)
    lines = {
        "card_phone": [each.number or "" for each in card.phones],
        "card_email": card.emails,
        "card_link": card.links,
        "card_address": card.addresses,
    }
    for place, values in lines.items():
        yield from _count(place, values, 0, limits.LINES, number=number)
        for value in values:
            yield from _text(place, value, limits.LINE_CHARACTERS, number=number, is_needed=True)
    for value in card.emails:
        if value.strip() and not _EMAIL.fullmatch(value):
            yield Flaw("card_email", "no_email", number)
    for value in card.links:
        if value.strip() and not _is_address(value):
            yield Flaw("card_link", "no_address", number)
    for phone in card.phones:
        yield from _text("card_phone", phone.label, limits.LINE_CHARACTERS, number=number)
        yield from _text("card_phone", phone.whatsapp, limits.LINE_CHARACTERS, number=number)
    yield from _text("card_organisation", card.organisation, limits.LINE_CHARACTERS, number=number)
    if card.birthday is not None and not _is_day(card.birthday):
        yield Flaw("card_birthday", "no_day", number)


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


def _frame(prompt: Buttons | Menu | LinkButton) -> Iterator[Flaw]:
    if prompt.header is not None:
        yield from _header(prompt.header, _HEADERS[type(prompt)])
    yield from _text("footer", prompt.footer, limits.FOOTER_CHARACTERS)


def _header(header: Header, kinds: tuple[str, ...]) -> Iterator[Flaw]:
    if header.kind not in kinds:
        yield Flaw("header", "unwanted")
    elif header.kind == "text":
        yield from _text("header", header.text, limits.HEADER_CHARACTERS, is_needed=True)


def _buttons(prompt: Buttons) -> Iterator[Flaw]:
    yield from _count("buttons", prompt.buttons, 1, limits.BUTTONS)
    for number, button in enumerate(prompt.buttons, 1):
        yield from _text("button_title", button.title, limits.BUTTON_TITLE_CHARACTERS, number=number, is_needed=True)
        yield from _text("button_id", button.button_id, limits.BUTTON_ID_CHARACTERS, number=number, is_needed=True)
    yield from _doubled("button_title", [button.title for button in prompt.buttons])
    yield from _doubled("button_id", [button.button_id for button in prompt.buttons])


def _menu(menu: Menu) -> Iterator[Flaw]:
    yield from _text("label", menu.label, limits.LABEL_CHARACTERS, is_needed=True)
    yield from _count("sections", menu.sections, 1, limits.SECTIONS)
    are_several = len(menu.sections) > 1
    for number, section in enumerate(menu.sections, 1):
        title, longest = section.title, limits.SECTION_TITLE_CHARACTERS
        yield from _text("section_title", title, longest, number=number, is_needed=are_several)
        if not section.rows:
            yield Flaw("section_rows", "missing", number)
    rows = [row for section in menu.sections for row in section.rows]
    yield from _count("rows", rows, 0, limits.ROWS)
    for number, row in enumerate(rows, 1):
        yield from _row(row, number)
    yield from _doubled("row_id", [row.row_id for row in rows])


def _row(row: Row, number: int) -> Iterator[Flaw]:
    yield from _text("row_title", row.title, limits.ROW_TITLE_CHARACTERS, number=number, is_needed=True)
    yield from _text("row_description", row.description, limits.ROW_DESCRIPTION_CHARACTERS, number=number)
    yield from _text("row_id", row.row_id, limits.ROW_ID_CHARACTERS, number=number, is_needed=True)


def _url(url: str) -> Iterator[Flaw]:
    yield from _text("url", url, limits.URL_CHARACTERS, is_needed=True)
    if url and not _is_address(url):
        yield Flaw("url", "no_address")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and not _SPACE.search(url)


def _text(
    place: str, value: str | None, limit: int, *, number: int | None = None, is_needed: bool = False
) -> Iterator[Flaw]:
    if not value or not value.strip():
        if is_needed:
            yield Flaw(place, "missing", number)
    elif len(value) > limit:
        yield Flaw(place, "too_long", number, len(value), limit)


def _count(place: str, values: Sequence[object], least: int, most: int, *, number: int | None = None) -> Iterator[Flaw]:
    if len(values) < least:
        yield Flaw(place, "missing", number)
    elif len(values) > most:
        yield Flaw(place, "too_many", number, len(values), most)


def _doubled(place: str, values: Iterable[str]) -> Iterator[Flaw]:
    seen: set[str] = set()
    for number, value in enumerate(values, 1):
        if value and value in seen:
            yield Flaw(place, "doubled", number)
        seen.add(value)
