"""One element of `message_echoes`: what was written in the office's name elsewhere, or why it can't be understood.

It has the types of a message from a person, and names whom it was written to. Source: Meta, "smb_message_echoes
webhook reference".
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from wabridge.model.event import Echo, Item, Person, Unreadable
from wabridge.whatsapp import items, messages, people
from wabridge.whatsapp.light import Light, digits
from wabridge.whatsapp.people import Json
from wabridge.whatsapp.reading import ident

_RECIPIENT = ("to_user_id", "to", "to_parent_user_id")
_UNSAID = frozenset({*_RECIPIENT, "from"})


def read(found: Any, light: Light) -> Iterator[Item]:
    """Yield the items of a list of echoes."""
    contacts = people.by_id(light.value.get("contacts"))
    only = items.only_contact(light.value, found)
    for pointer, echo in items.elements(found, light.scope.pointer):
        event = read_one(echo, light, contacts=contacts, only=only)
        yield items.of_message(event, echo, light.scope._replace(pointer=pointer))


def read_one(echo: Any, light: Light, *, contacts: dict[str, Json], only: Json | None) -> Echo | Unreadable:
    """Return what an echo says. contacts, only: as for messages."""
    if not isinstance(echo, dict):
        return Unreadable(reason=messages.NO_OBJECT, phone_number_id=light.scope.phone_number_id, source=light.source)
    own = tuple(echo.get(key) for key in _RECIPIENT)
    return read_to(echo, people.read_or_only(own, contacts, only), light)


def read_to(echo: Json, recipient: Person, light: Light) -> Echo | Unreadable:
    """Return what an echo to somebody says; whom it is to may be known by its wamid alone."""
    number = light.scope.phone_number_id
    bare = {key: part for key, part in without_context(echo).items() if key not in _UNSAID or _is_odd(key, part, echo)}
    # With some sender, so that it is not missed: nobody outside has written this.
    said = messages.read_from(bare, recipient if recipient.is_known else _SOMEBODY, phone_number_id=number)
    if isinstance(said, Unreadable):
        # What was written in a group has lost its sender, and must not show up in somebody's own conversation.
        whom = recipient if recipient.is_known and said.sender.is_known else Person()
        return msgspec.structs.replace(said, sender=Person(), recipient=whom, author=light.author, source=light.source)
    event = Echo(
        phone_number_id=said.phone_number_id,
        wamid=said.wamid,
        recipient=recipient,
        type=said.type,
        sent_at=said.sent_at,
        text=said.text,
        content=said.content,
        file_url=said.file_url,
        quoted_wamid=said.quoted_wamid,
        group_id=said.group_id,
        author=light.author,
    )
    return light.shine_on(event, echo)


def without_context(message: Json) -> Json:
    """Return a message without what the phone app says of how it fared."""
    context = message.get("history_context")
    if not isinstance(context, dict) or not isinstance(context.get("status"), str):
        return message
    rest = {key: part for key, part in context.items() if key != "status"}
    bare = {key: part for key, part in message.items() if key != "history_context"}
    return bare | {"history_context": rest} if rest else bare


def is_own(message: Any, light: Light) -> bool:
    """Say whether a message is one of the office's.

    In the past it comes from us or names whom it was written to: our own number is not always told. Elsewhere it does
    both.
    """
    if not isinstance(message, dict) or _is_ours(message.get("to"), light):
        return False
    is_addressed, is_from_us = any(message.get(key) for key in _RECIPIENT), _is_ours(message.get("from"), light)
    return is_addressed or is_from_us if light.source == "history" else is_addressed and is_from_us


def _is_odd(key: str, part: Any, echo: Json) -> bool:
    """Say whether something stands beside an echo that names neither us nor anybody else."""
    if key == "from":
        return part is not None and ident(part) is None
    return bool(part) and not people.is_identity(part) and part != echo.get("group_id")


def _is_ours(number: Any, light: Light) -> bool:
    return light.own_phone is not None and digits(ident(number)) == light.own_phone


_SOMEBODY = Person(user_id="-")
