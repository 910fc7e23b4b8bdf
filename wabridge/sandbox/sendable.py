"""What Meta demands of each type of message beside texts and interactive ones (cloud-api 5.2)."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from wabridge.sandbox import checks, interactive
from wabridge.sandbox.interactive import Choice
from wabridge.sandbox.payloads import Json

BODY_CHARACTERS = 4096
CAPTION_CHARACTERS = 1024
CARDS = 257
LONGEST = 1000
"""Of texts whose limit Meta does not tell."""

_MEDIA_KEYS = {
    "image": {"caption"},
    "video": {"caption"},
    "document": {"caption", "filename"},
    "audio": {"voice"},
    "sticker": set(),
}
_NAME_KEYS = {"formatted_name", "first_name", "last_name", "middle_name", "suffix", "prefix"}
_CARD_LISTS = {
    "phones": ("phone", {"phone", "type", "wa_id"}),
    "emails": ("email", {"email", "type"}),
    "urls": ("url", {"url", "type"}),
    "addresses": ("", {"street", "city", "state", "zip", "country", "country_code", "type"}),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Content(NamedTuple):
    """What an order says. words: what the phone shows; reaction: the emoji for the message it names.

    file_id: of an uploaded file; header: as what it stands above the words.
    """

    words: str
    choices: tuple[Choice, ...] = ()
    reaction_to: str | None = None
    file_id: str | None = None
    header: str | None = None
    is_voice: bool = False


def parse_text(part: Any) -> Content:
    """Read a plain text."""
    text = checks.an_object(part, "text", known={"body", "preview_url"})
    if not isinstance(text.get("preview_url", False), bool):
        raise checks.invalid("text.preview_url must be true or false")
    return Content(checks.a_text(text, "body", "text", most=BODY_CHARACTERS))


def parse_media(kind: str) -> Callable[[Any], Content]:
    """Return how a file of this kind is read."""

    def parse(part: Any) -> Content:
        file = checks.an_object(part, kind, known={"id", "link"} | _MEDIA_KEYS[kind])
        interactive.check_file({key: file[key] for key in ("id", "link", "filename") if key in file}, kind)
        if not isinstance(file.get("voice", False), bool):
            raise checks.invalid(f"{kind}.voice must be true or false")
        caption = checks.maybe_text(file, "caption", kind, most=CAPTION_CHARACTERS)
        words = caption or file.get("filename") or f"({kind})"
        return Content(words, file_id=file.get("id"), is_voice=file.get("voice", False))

    return parse


def parse_location(part: Any) -> Content:
    """Read a place."""
    place = checks.an_object(part, "location", known={"latitude", "longitude", "name", "address"})
    latitude = checks.a_number(place, "latitude", "location", limit=90)
    longitude = checks.a_number(place, "longitude", "location", limit=180)
    known = [checks.maybe_text(place, key, "location", most=LONGEST) for key in ("name", "address")]
    return Content(", ".join(filter(None, [*known, f"{latitude}, {longitude}"])))


def parse_contacts(part: Any) -> Content:
    """Read contact cards."""
    cards = checks.a_list({"contacts": part}, "contacts", "message", most=CARDS)
    return Content(", ".join(_card(card) for card in cards))


def _card(card: Any) -> str:
    told = checks.an_object(card, "contact", known={"name", "org", "birthday", *_CARD_LISTS})
    name = checks.inside(told, "name", "contact", known=_NAME_KEYS)
    for key in name:
        checks.a_text(name, key, "name", most=LONGEST)
    if len(name) < 2:
        raise checks.missing("another part of the name beside formatted_name")
    for key, (needed, known) in _CARD_LISTS.items():
        for entry in checks.a_list(told, key, "contact", most=100) if key in told else ():
            _check_entry(checks.an_object(entry, key, known=known), key, needed)
    if "org" in told:
        _check_entry(checks.inside(told, "org", "contact", known={"company", "department", "title"}), "org", "")
    if "birthday" in told and not _DAY.fullmatch(checks.a_text(told, "birthday", "contact", most=10)):
        raise checks.invalid("contact.birthday must be YYYY-MM-DD")
    return checks.a_text(name, "formatted_name", "name", most=LONGEST)


def _check_entry(entry: Json, name: str, needed: str) -> None:
    if not entry or (needed and needed not in entry):
        raise checks.missing(f"{name}.{needed or 'anything'}")
    for key in entry:
        checks.a_text(entry, key, name, most=LONGEST)


def parse_reaction(part: Any) -> Content:
    """Read a reaction; an empty emoji takes an earlier one off."""
    reaction = checks.an_object(part, "reaction", known={"message_id", "emoji"})
    emoji = reaction.get("emoji")
    if not isinstance(emoji, str) or len(emoji) > 32 or any(sign.isalpha() or sign.isspace() for sign in emoji):
        raise checks.invalid("reaction.emoji must be one emoji, or empty")
    return Content(emoji, reaction_to=checks.a_wamid(reaction, "message_id", "reaction."))


def parse_interactive(part: Any) -> Content:
    """Read what can be tapped."""
    words, choices = interactive.parse(part)
    header = part.get("header", {}).get("type", "text")
    if header == "text":
        return Content(words, choices)
    return Content(words, choices, file_id=part["header"][header].get("id"), header=header)
