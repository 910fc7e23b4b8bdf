"""The words for what does not fit about a message: where, what, and by how much."""

from collections.abc import Sequence

from wabridge.errors import Flaw
from wabridge.web.language import Msgid

PLACES: dict[str, Msgid] = {
    "text": Msgid("Text"),
    "caption": Msgid("Caption"),
    "header": Msgid("Heading"),
    "header_file": Msgid("File above the text"),
    "footer": Msgid("Line at the foot"),
    "label": Msgid("Word on the button"),
    "url": Msgid("Address of the page"),
    "buttons": Msgid("Buttons"),
    "button_title": Msgid("Button {number}"),
    "button_id": Msgid("Id of button {number}"),
    "sections": Msgid("Sections of the list"),
    "section_title": Msgid("Title of section {number}"),
    "section_rows": Msgid("Rows of section {number}"),
    "rows": Msgid("Rows of the list"),
    "row_title": Msgid("Row {number}"),
    "row_description": Msgid("Description of row {number}"),
    "row_id": Msgid("Id of row {number}"),
    "latitude": Msgid("Latitude"),
    "longitude": Msgid("Longitude"),
    "place_name": Msgid("Name of the place"),
    "place_address": Msgid("Address of the place"),
    "cards": Msgid("Contact cards"),
    "card_name": Msgid("Card {number}, name"),
    "card_phone": Msgid("Card {number}, phone"),
    "card_email": Msgid("Card {number}, e-mail"),
    "card_link": Msgid("Card {number}, link"),
    "card_address": Msgid("Card {number}, address"),
    "card_organisation": Msgid("Card {number}, organisation"),
    "card_birthday": Msgid("Card {number}, birthday"),
    "emoji": Msgid("Reaction"),
    "voice": Msgid("Voice message"),
}
"""By the place's name in the API."""

PROBLEMS: dict[str, Msgid] = {
    "missing": Msgid("{place}: nothing is written there."),
    "too_long": Msgid("{place}: {actual} characters; WhatsApp takes at most {limit}."),
    "too_many": Msgid("{place}: there are {actual}; WhatsApp takes at most {limit}."),
    "doubled": Msgid("{place}: the same is written twice."),
    "unwanted": Msgid("{place}: WhatsApp takes none with this kind of message."),
    "one_heading": Msgid("{place}: a heading in words or a file, not both."),
    "wrong_kind": Msgid("{place}: a file of another kind belongs there."),
    "no_address": Msgid("{place}: write it in full, beginning with https://."),
    "no_email": Msgid("{place}: write an address like name@example.com."),
    "no_day": Msgid("{place}: write the date like 1990-12-31."),
    "no_emoji": Msgid("{place}: a single emoji."),
    "no_voice": Msgid("{place}: the file must be Ogg with Opus."),
    "off_the_globe": Msgid("{place}: a number between -{limit} and {limit}."),
}


def english(flaw: Flaw) -> str:
    """Return what is wrong, for a program's programmer."""
    place = PLACES[flaw.place].format(number=flaw.number)
    return PROBLEMS[flaw.problem].format(place=place, actual=flaw.actual, limit=flaw.limit)


def detail(found: Sequence[Flaw]) -> str:
    """Return everything that is wrong in one line."""
    return " ".join(map(english, found))
