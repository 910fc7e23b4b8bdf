"""What stands in a webhook around its items: whether that says anything of anybody beside them.

Rule 1: nothing here raises. Rule 2: only what is known to say nothing counts as nothing; a key of tomorrow may name
somebody.
"""

from collections.abc import Iterable
from typing import Any

from wabridge.whatsapp import changes
from wabridge.whatsapp.items import elements
from wabridge.whatsapp.reading import mapping

_WEBHOOK = frozenset({"object", "entry"})
_ENTRY = frozenset({"id", "time", "changes"})
_CHANGE = frozenset({"field", "value"})
_METADATA = frozenset({"display_phone_number", "phone_number_id"})
_LISTS = frozenset(changes.ARRAYS) - {"history"}  # its items lie deeper, among other people's
_VALUE = frozenset({"messaging_product", "metadata", "contacts"}) | _LISTS
_WHOSE = ("wa_id", "user_id")


def holds_only(webhook: Any, pointers: Iterable[str]) -> bool:
    """Say whether a webhook, as it was decoded, says nothing of anybody but what lies at these pointers."""
    shown = frozenset(pointers)
    if "" in shown:
        return True
    if not _is_plain(webhook, _WEBHOOK, inside={"entry"}):
        return False
    return all(_is_entry(entry, place, shown) for place, entry in elements(webhook.get("entry"), "/entry"))


def display_numbers(webhook: Any) -> dict[str, str]:
    """Return how Meta writes the numbers that a decoded webhook is about, as digits, by their ids."""
    found: dict[str, str] = {}
    for _, entry in elements(mapping(webhook).get("entry"), ""):
        for _, change in elements(mapping(entry).get("changes"), ""):
            stated = mapping(mapping(mapping(change).get("value")).get("metadata"))
            number_id, number = stated.get("phone_number_id"), stated.get("display_phone_number")
            if isinstance(number_id, str) and isinstance(number, str):
                found[number_id] = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return found


def _is_entry(entry: Any, place: str, shown: frozenset[str]) -> bool:
    if place in shown:
        return True
    if not _is_plain(entry, _ENTRY, inside={"changes"}):
        return False
    return all(_is_change(change, at, shown) for at, change in elements(entry.get("changes"), f"{place}/changes"))


def _is_change(change: Any, place: str, shown: frozenset[str]) -> bool:
    at = f"{place}/value"
    if place in shown or at in shown:
        return place in shown or _is_plain(change, _CHANGE, inside={"value"})
    if not _is_plain(change, _CHANGE, inside={"value"}):
        return False
    value = change.get("value")
    if not _is_plain(value, _VALUE, inside=_LISTS | {"metadata", "contacts"}):
        return False
    if not _is_plain(value.get("metadata", {}), _METADATA):
        return False
    items = [item for name in _LISTS & set(value) for item in elements(value[name], f"{at}/{name}")]
    if not all(pointer in shown for pointer, _ in items):
        return False
    people = {said for _, item in items for said in mapping(item).values() if isinstance(said, str)}
    return all(_is_of(contact, people) for _, contact in elements(value.get("contacts", []), ""))


def _is_of(contact: Any, people: set[str]) -> bool:
    """Say whether a contact is somebody whom the items name."""
    return any(mapping(contact).get(name) in people for name in _WHOSE)


def _is_plain(value: Any, known: frozenset[str], *, inside: Iterable[str] = ()) -> bool:
    """Say whether an object has these keys only, and holds nothing deeper but under some of them."""
    if not isinstance(value, dict) or not known.issuperset(value):
        return False
    return not any(isinstance(said, dict | list) for name, said in value.items() if name not in frozenset(inside))
