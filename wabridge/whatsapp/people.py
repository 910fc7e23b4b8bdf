"""Who an item is about: identities told by their shape, names from `contacts`.

The phone number may be missing, and either kind of id has been seen under the other's key. Source: Meta,
"business-scoped user IDs".
"""

from collections.abc import Iterable
from typing import Any

from wabridge.model import phone
from wabridge.model.event import Person
from wabridge.whatsapp import reading

Json = dict[str, Any]


def read(ids: Iterable[Any], contact: Json | None = None) -> Person:
    """Return the person behind these ids, the most trusted first, and their element of `contacts`."""
    name = username = key_hash = None
    if contact is not None:
        ids = (*ids, *_contact_ids(contact))
        profile = reading.mapping(contact.get("profile"))
        name = reading.text(profile.get("name"))
        username = reading.text(profile.get("username"))
        key_hash = reading.text(contact.get("identity_key_hash"))
    number = user_id = parent_user_id = None
    for value in ids:
        known = reading.ident(value)
        if known is None:
            continue
        if phone.is_whatsapp_phone(known):
            number = number or known.removeprefix("+")
        elif phone.is_parent_user_id(known):
            parent_user_id = parent_user_id or known
        elif phone.is_user_id(known):
            user_id = user_id or known
    return Person(
        phone=number,
        user_id=user_id,
        parent_user_id=parent_user_id,
        username=username.removeprefix("@") if username else None,
        profile_name=name,
        key_hash=key_hash,
    )


def read_or_only(ids: Iterable[Any], contacts: dict[str, Json], only: Json | None) -> Person:
    """Return the person behind these ids; if nobody can be made out by them, the only contact there is."""
    ids = tuple(ids)
    person = read(ids, find_contact(contacts, ids))
    return person if person.is_known or only is None else read((), only)


def is_identity(value: Any) -> bool:
    """Say whether a value has the shape of anything that somebody is known by."""
    known = reading.ident(value)
    return known is not None and (phone.is_whatsapp_phone(known) or phone.is_user_id(known))


def by_id(contacts: Any) -> dict[str, Json]:
    """Return the elements of `contacts` by each of their ids; the position in the list says nothing."""
    found: dict[str, Json] = {}
    for contact in reading.elements(contacts):
        if isinstance(contact, dict):
            for value in _contact_ids(contact):
                if known := _bare(value):
                    found.setdefault(known, contact)
    return found


def find_contact(contacts: dict[str, Json], ids: Iterable[Any]) -> Json | None:
    """Return the contact that has one of these ids."""
    return next((contacts[known] for known in map(_bare, ids) if known in contacts), None)


def _contact_ids(contact: Json) -> tuple[Any, Any, Any]:
    return contact.get("user_id"), contact.get("wa_id"), contact.get("parent_user_id")


def _bare(value: Any) -> str | None:
    known = reading.ident(value)
    return known.removeprefix("+") if known else None
