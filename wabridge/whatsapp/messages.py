"""One element of `messages`: a message from a person, or why it can't be understood.

Source: Meta, "messages webhook reference" and its page for each type.
"""

from typing import Any

from wabridge.model.event import InboundMessage, Person, Unreadable
from wabridge.whatsapp import contents, people, reading
from wabridge.whatsapp.contents import MEDIA_TYPES
from wabridge.whatsapp.people import Json

NO_OBJECT = "a message that is no object"


def read(
    message: Any, *, phone_number_id: str | None, contacts: dict[str, Json], only: Json | None
) -> InboundMessage | Unreadable:
    """Return what a message says.

    contacts: by their ids. only: the contact, when there is but one contact and one message.
    """
    if not isinstance(message, dict):
        return Unreadable(reason=NO_OBJECT, phone_number_id=phone_number_id)
    return read_from(message, _sender(message, contacts, only), phone_number_id=phone_number_id)


def read_from(message: Json, sender: Person, *, phone_number_id: str | None) -> InboundMessage | Unreadable:
    """Return what a message from somebody says."""
    wamid = reading.ident(message.get("id"))
    kind = reading.text(message.get("type"))
    body = reading.mapping(message.get("text")).get("body") if kind == "text" else None
    objection = _objection(message, phone_number_id=phone_number_id, wamid=wamid, sender=sender, body=body)
    if objection or phone_number_id is None or wamid is None or kind is None:
        return _unreadable(message, objection or "", phone_number_id=phone_number_id, wamid=wamid, sender=sender)
    return InboundMessage(
        phone_number_id=phone_number_id,
        wamid=wamid,
        sender=sender,
        type=kind,
        sent_at=reading.seconds(message.get("timestamp")),
        text=contents.edited_text(message) if kind == "edit" else body,
        content=contents.read(message, kind),
        file_url=contents.file_url(message, kind),
        quoted_wamid=reading.ident(reading.mapping(message.get("context")).get("id")),
        group_id=reading.ident(message.get("group_id")),
    )


def without_volatile(message: Json) -> Json:
    """Return what of a message stays the same when it comes again: all but the addresses of its files."""
    kept = message
    for key in MEDIA_TYPES & message.keys():
        if isinstance(message[key], dict):
            kept = kept | {key: {name: value for name, value in message[key].items() if name != "url"}}
    edit = message.get("edit")
    if isinstance(edit, dict) and isinstance(edit.get("message"), dict):
        kept = kept | {"edit": edit | {"message": without_volatile(edit["message"])}}
    return kept


def _objection(
    message: Json, *, phone_number_id: str | None, wamid: str | None, sender: Person, body: Any
) -> str | None:
    if phone_number_id is None:
        return "a message without our number"
    if wamid is None:
        return "a message without an id"
    kind = reading.text(message.get("type"))
    if kind is None:
        return "a message without a type"
    if not sender.is_known:
        return "a message without a sender"
    if kind == "text" and not isinstance(body, str):
        return "a text message without text"
    if _is_from_group(message) and reading.ident(message["group_id"]) is None:
        return "a group without an id"
    return None


def _unreadable(
    message: Json, reason: str, *, phone_number_id: str | None, wamid: str | None, sender: Person
) -> Unreadable:
    return Unreadable(
        reason=reason,
        phone_number_id=phone_number_id,
        wamid=wamid,
        # What was written in a group must not show up in the writer's own conversation.
        sender=Person() if _is_from_group(message) else sender,
        sent_at=reading.seconds(message.get("timestamp")),
    )


def _is_from_group(message: Json) -> bool:
    """Say whether a message names a group, be it one that cannot be read."""
    return message.get("group_id") not in (None, "")


def _sender(message: Json, contacts: dict[str, Json], only: Json | None) -> Person:
    own = (message.get("from_user_id"), message.get("from"), message.get("from_parent_user_id"))
    if message.get("type") == "system":
        # It comes without contacts, and a changed user id without `from`: whom it is about stands inside, the old id
        # first.
        system = reading.mapping(message.get("system"))
        own = own if any(own) else (system.get("previous_user_id"), system.get("user_id"), system.get("wa_id"))
    return people.read_or_only(own, contacts, only)
