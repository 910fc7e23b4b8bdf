"""One element of `state_sync`: what the phone app's address book calls somebody, or that it knows them no more.

Source: Meta, "smb_app_state_sync webhook reference".
"""

from collections.abc import Iterator
from typing import Any

from wabridge.model.event import Item, KnownName, Unreadable
from wabridge.whatsapp import items, people, reading
from wabridge.whatsapp.light import Light

_REMOVED = frozenset({"remove", "delete"})


def read(found: Any, light: Light) -> Iterator[Item]:
    """Yield the items of a list of changes of the address book."""
    number = light.scope.phone_number_id
    for pointer, change in items.elements(found, light.scope.pointer):
        event = _read_one(change, number)
        said_at = event.said_at if isinstance(event, KnownName) else None
        yield items.of_element(event, change, light.scope._replace(pointer=pointer), at=said_at)


def _read_one(change: Any, number: str | None) -> KnownName | Unreadable:
    told = reading.mapping(change)
    contact = reading.mapping(told.get("contact"))
    ids = (contact.get(key) for key in ("user_id", "phone_number", "parent_user_id"))
    person = people.read(_plain_number(value) for value in ids)
    is_removed = (reading.text(told.get("action")) or "").lower() in _REMOVED
    name = None if is_removed else _name(contact)
    if number is None or not person.is_known or (name is None and not is_removed):
        return Unreadable(reason=_reason(number, is_known=person.is_known), phone_number_id=number)
    said_at = reading.seconds(reading.mapping(told.get("metadata")).get("timestamp"))
    return KnownName(phone_number_id=number, person=person, name=name, said_at=said_at)


def _reason(number: str | None, *, is_known: bool) -> str:
    if number is None:
        return "an entry of the address book without our number"
    return "an entry of the address book without a name" if is_known else "an entry of the address book about nobody"


def _name(contact: dict[str, Any]) -> str | None:
    whole = reading.text(contact.get("full_name"))
    parts = filter(None, (reading.text(contact.get("first_name")), reading.text(contact.get("last_name"))))
    return (whole or " ".join(parts)).strip() or None


def _plain_number(value: Any) -> Any:
    """Return a phone number as WhatsApp writes it, if it came as people do."""
    return value.translate(_SPACING) if isinstance(value, str) and value[:1] == "+" else value


_SPACING = str.maketrans("", "", " -().")
