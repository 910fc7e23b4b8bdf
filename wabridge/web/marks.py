"""A text with WhatsApp's marks as a phone shows it: bold, slanted, struck through, as typed by a machine."""

import re

from markupsafe import Markup

from wabridge.model import marks
from wabridge.model.marks import Span, Style
from wabridge.web import texts

_ELEMENTS: dict[Style, Markup] = {
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
    "code": Markup("<code>{}</code>"),
    "block": Markup("<code>{}</code>"),
}
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def marked(text: str) -> Markup:
    """Return a text for a page as a phone shows it."""
    return Markup("").join(_span(span) for span in marks.parse(text))


def with_places(text: str) -> Markup:
    """Return the same with the places that are still to be filled in marked as such."""
    # As a plain text: what is put together of pieces of Markup would be escaped once more.
    return Markup(_PLACE.sub(r'<span class="place">\1</span>', str(marked(text))))  # noqa: S704 - escaped above


def _span(span: Span) -> Markup:
    inside = Markup("").join(map(_span, span.parts)) if span.parts else texts.visible(span.text)
    element = _ELEMENTS.get(span.style)
    return inside if element is None else element.format(inside)
