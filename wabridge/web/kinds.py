"""The words for what messages say beside plain text: labels, summaries, names of fields, safe links."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from wabridge.model import content, phone
from wabridge.model.content import (
    Body,
    CallPermission,
    Card,
    Cards,
    Choice,
    Content,
    Edit,
    Field,
    Handover,
    Location,
    Media,
    Placeholder,
    Reaction,
    System,
)
from wabridge.web import happenings, words
from wabridge.web.language import Msgid

type_of = content.type_of

REACTIONS = ("👍", "🙏", "✅", "❤️", "😊", "😢")
"""What the page offers to react with."""
PROMPTS: dict[str, Msgid] = {
    "buttons": Msgid("Message with buttons"),
    "menu": Msgid("Message with a list"),
    "link_button": Msgid("Message with a link"),
    "number_request": Msgid("Question for the phone number"),
    "location_request": Msgid("Question for the location"),
}
"""What the office offers to tap, by the type of its body."""

MOST_FIELDS = 100
"""How many fields of one message a page shows."""

FORWARDED: dict[str, Msgid] = {
    "once": Msgid("Forwarded: not necessarily written by this person"),
    "often": Msgid("Forwarded many times: not necessarily written by this person"),
}
VOICE = Msgid("Voice message")
AUDIO = Msgid("Audio file")
REACTION_REMOVED = Msgid("Reaction taken off")
CALLS: dict[bool, Msgid] = {
    True: Msgid("Allows the office to call"),
    False: Msgid("Does not allow the office to call"),
}
CALLS_UNCLEAR = Msgid("Answer to the question whether the office may call")
NEWS: dict[str, Msgid] = {
    "number_changed": Msgid("This person changed their phone number"),
    "user_id_changed": Msgid("This person's WhatsApp identity changed"),
    "security_code_changed": Msgid("This person's security code changed"),
}
NOT_PASSED_ON: dict[str, Msgid] = {
    "changed message": Msgid("a changed message"),
    "moving picture": Msgid("a moving picture"),
    "invitation to a group": Msgid("an invitation to a group"),
    "picture": Msgid("a picture, perhaps one that can be seen only once"),
    "kept message": Msgid("a message that was kept"),
    "link": Msgid("a link with preview"),
    "place": Msgid("a location, perhaps a live one"),
    "file": Msgid("a file"),
    "pinned message": Msgid("a pinned message"),
    "poll": Msgid("a poll"),
    "vote in a poll": Msgid("a vote in a poll"),
    "reaction": Msgid("a reaction"),
}
FIELDS: dict[str, Msgid] = {
    "about product": Msgid("About product"),
    "advertisement click": Msgid("Mark of the click"),
    "answer": Msgid("Answer"),
    "article": Msgid("Article number"),
    "body": Msgid("Text"),
    "catalogue": Msgid("Catalogue"),
    "currency": Msgid("Currency"),
    "from": Msgid("Sender, as it came"),
    "greeting": Msgid("Greeting"),
    "held before": Msgid("Held before by"),
    "held now": Msgid("Held now by"),
    "headline": Msgid("Headline"),
    "link": Msgid("Link"),
    "media": Msgid("Kind of picture"),
    "name": Msgid("Name"),
    "picture address": Msgid("Address of the picture"),
    "price": Msgid("Price"),
    "product": Msgid("Product"),
    "quantity": Msgid("Quantity"),
    "source": Msgid("Source"),
    "source number": Msgid("Number of the source"),
    "text": Msgid("Text"),
    "timestamp": Msgid("Time, as it came"),
    "type": Msgid("Kind"),
    "video address": Msgid("Address of the video"),
}
"""Names of fields that are known; others are shown as they came."""

_DIALLED = re.compile(r"\+?[0-9][0-9 ().\-/]{2,30}")


class Summary(NamedTuple):
    """A message in one line. label: None for a text, which speaks for itself."""

    label: Msgid | None
    words: str


def summary(kind: str, text: str | None, known: Content | None) -> Summary:
    """Return what stands for a message in a list or a quotation."""
    body = None if known is None else known.body
    if kind == "text" and text:
        return Summary(None, text)
    said = text or _said(body)
    return Summary(label(kind, body), said or "")


def label(kind: str, body: Body | None) -> Msgid:
    """Return what kind of message it is, in words."""
    if (happening := happenings.label(body)) is not None:
        return happening
    if body is not None and (prompt := PROMPTS.get(type_of(body))) is not None:
        return prompt
    match body:
        case Media(kind="audio"):
            return VOICE if body.is_voice else AUDIO
        case Reaction(emoji=None):
            return REACTION_REMOVED
        case CallPermission():
            return CALLS_UNCLEAR if body.is_given is None else CALLS[body.is_given]
        case System() if body.news in NEWS:
            return NEWS[body.news]
    return words.placeholder(kind)


def card_lines(card: Card) -> list[tuple[Msgid, tuple[str, ...]]]:
    """Return what a contact card says beside name and phones."""
    return [
        (Msgid("Organisation"), tuple(filter(None, [card.organisation]))),
        (Msgid("E-mail"), card.emails),
        (Msgid("Address"), card.addresses),
        (Msgid("Link"), card.links),
        (Msgid("Birthday"), tuple(filter(None, [card.birthday]))),
    ]


def handover_fields(body: Handover) -> tuple[Field, ...]:
    """Return who held a conversation and who holds it, in WhatsApp's words, and what else came with it."""
    said = (("held before", body.previous), ("held now", body.new))
    return (*(Field((name,), value) for name, value in said if value), *body.fields)


def coordinates(place: Location) -> str:
    """Return latitude and longitude, as people write them."""
    return f"{place.latitude:.6f}, {place.longitude:.6f}"


def geo(place: Location) -> str:
    """Return the address of a place for any map (RFC 5870)."""
    return f"geo:{place.latitude:.6f},{place.longitude:.6f}"


def tel(number: str) -> str | None:
    """Return the address that dials a number as it stands on a card (RFC 3966), None if it is no number."""
    if not _DIALLED.fullmatch(number.strip()):
        return None
    return "tel:" + re.sub(r"[^0-9+]", "", number)


def whatsapp_number(value: str) -> str:
    """Return an identity as people read it."""
    return phone.show(value.removeprefix("+")) if phone.is_whatsapp_phone(value) else value


def _said(body: Body | None) -> str | None:
    if isinstance(body, Edit):
        body = body.body
    said = _SAID.get(type(body))
    return said(body) if said else None


_SAID: dict[type, Callable[[Any], str | None]] = {
    Media: lambda body: body.caption or body.file_name,
    Location: lambda body: body.name or body.address,
    Cards: lambda body: ", ".join(card.name for card in body.cards if card.name),
    Choice: lambda body: body.title,
    Reaction: lambda body: body.emoji,
    Placeholder: lambda body: body.note,
    Handover: lambda body: body.note,
}
