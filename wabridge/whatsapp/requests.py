"""Request bodies for POST /messages: one envelope, and the part of it that says what.

What is empty is left out: a strict reader takes neither null nor "". Source: Meta, "send messages".
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from wabridge.model.content import Body, Cards, Location, Media, Reaction
from wabridge.model.prompts import Buttons, LinkButton, LocationRequest, Menu, NumberRequest, Place
from wabridge.model.template_message import TemplateMessage
from wabridge.whatsapp import cards, prompts, template_messages

CAPTIONED = frozenset({"image", "video", "document"})


class Recipient(NamedTuple):
    """Whom it goes to. phone: digits without plus, preferred because it keeps phone numbers in what comes back.

    identity_key_hash: Meta hands it over only if the person's key is still this one.
    """

    phone: str | None = None
    user_id: str | None = None
    identity_key_hash: str | None = None


class Said(NamedTuple):
    """What is to be said. media_id: what Meta knows the uploaded file by, of a file or a header that is one."""

    text: str | None = None
    body: Body | None = None
    quoted_wamid: str | None = None
    media_id: str | None = None


def build(recipient: Recipient, said: Said, *, token: str) -> bytes:
    """Return the exact bytes that hand over a message.

    token: comes back in every status. Raises ValueError when there is no recipient, when something is missing that this
    kind of message needs, or when a text is not Unicode.
    """
    body: dict[str, object] = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if recipient.phone:
        # Without plus Meta may put the country code of the business number before it.
        body["to"] = "+" + recipient.phone
    elif recipient.user_id:
        body["recipient"] = recipient.user_id
    else:
        raise ValueError("a message needs a recipient")
    kind, part = _build_part(said)
    body["type"] = kind
    body[kind] = part
    if said.quoted_wamid and kind != "reaction":
        body["context"] = {"message_id": said.quoted_wamid}
    if recipient.identity_key_hash:
        body["recipient_identity_key_hash"] = recipient.identity_key_hash
    body["biz_opaque_callback_data"] = token
    return msgspec.json.encode(body)


def build_read(wamid: str, *, is_typing: bool) -> bytes:
    """Return the bytes that give a message and all before it blue ticks; with "typing…" for 25 seconds, if so."""
    body: dict[str, object] = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    return msgspec.json.encode(body | ({"typing_indicator": {"type": "text"}} if is_typing else {}))


def _build_part(said: Said) -> tuple[str, object]:
    if said.body is None:
        return "text", {"preview_url": False, "body": _needed(said.text, "text")}
    if isinstance(said.body, Media):
        return said.body.kind, _build_media(said.body, said)
    builder = _BUILDERS.get(type(said.body))
    if builder is None:
        raise ValueError("this kind of message cannot be sent")
    kind, build_part = builder
    return kind, build_part(said.body, said)


def _build_media(media: Media, said: Said) -> dict[str, object]:
    part: dict[str, object] = {"id": _needed(said.media_id, "file")}
    if media.caption and media.kind in CAPTIONED:
        part["caption"] = media.caption
    if media.file_name and media.kind == "document":
        part["filename"] = media.file_name
    if media.is_voice and media.kind == "audio":
        part["voice"] = True
    return part


def _build_location(place: Location, _: Said) -> dict[str, object]:
    if place.latitude is None or place.longitude is None:
        raise ValueError("a location needs coordinates")
    return prompts.build_place(
        Place(latitude=place.latitude, longitude=place.longitude, name=place.name, address=place.address)
    )


def _build_reaction(reaction: Reaction, _: Said) -> dict[str, object]:
    return {"message_id": _needed(reaction.target_wamid, "message to react to"), "emoji": reaction.emoji or ""}


def _build_prompt(prompt: prompts.Prompt, said: Said) -> dict[str, object]:
    return prompts.build(prompt, text=_needed(said.text, "text"), media_id=said.media_id)


def _build_template(template: TemplateMessage, said: Said) -> dict[str, object]:
    return template_messages.build(template, media_id=said.media_id)


def _build_cards(shared: Cards, _: Said) -> list[dict[str, object]]:
    return [cards.build(card) for card in shared.cards]


_BUILDERS: dict[type, tuple[str, Callable[[Any, Said], object]]] = {
    Location: ("location", _build_location),
    Cards: ("contacts", _build_cards),
    Reaction: ("reaction", _build_reaction),
    Buttons: ("interactive", _build_prompt),
    Menu: ("interactive", _build_prompt),
    LinkButton: ("interactive", _build_prompt),
    NumberRequest: ("interactive", _build_prompt),
    LocationRequest: ("interactive", _build_prompt),
    TemplateMessage: ("template", _build_template),
}


def _needed(value: str | None, what: str) -> str:
    if not value:
        raise ValueError(f"the message has no {what}")
    return value
