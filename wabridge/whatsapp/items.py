"""What every reader of a change needs: where it stands, and how an item is made of an element.

Rule: an item's identity depends on the item alone, not on the batch around it or on how its JSON is spelled.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from wabridge.model.event import AccountEvent, Echo, Event, InboundMessage, Item, Unreadable
from wabridge.whatsapp import decoding, messages, reading, strays
from wabridge.whatsapp.people import Json

_LAST_SECOND = 2**32 - 1


class Scope(NamedTuple):
    """Where an item stands, and whom it concerns."""

    pointer: str
    phone_number_id: str | None = None
    business_account_id: str | None = None
    at: int | None = None

    def at_place(self, *steps: str) -> "Scope":
        """Return the same for something further inside."""
        return self._replace(pointer="/".join((self.pointer, *steps)))


Reader = Callable[[Json, Scope], Iterator[Item]]
"""Yields the items of the value of one change. The scope's pointer leads to that value."""


def elements(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield each element with its pointer; what stands where a list belongs counts as its only element."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield f"{pointer}/{index}", element
    else:
        yield pointer, value


def of_message(event: InboundMessage | Echo | Unreadable, message: Any, scope: Scope) -> Item:
    """Return the item of an element that is a message, or should be one."""
    number = scope.phone_number_id
    if isinstance(message, dict):
        same = identity(number, messages.without_volatile(message), event.wamid)
        return Item(scope.pointer, event, same, clip(event.sent_at), digest(message))
    return of_element(event, message, scope)


def of_element(event: Event, element: Any, scope: Scope, *, at: int | None = None) -> Item:
    """Return the item of any other element. at: Meta's time.

    What is no object is the same only where the same was looked for: nothing among statuses is not nothing among
    messages.
    """
    sought = event.reason if isinstance(event, Unreadable) and not isinstance(element, dict) else None
    return Item(scope.pointer, event, identity(scope.phone_number_id, element, sought), clip(at), digest(element))


def of_account(field: str, value: Any, scope: Scope, *, whole: Any) -> Item:
    """Return the item of a change about the account, the number or the templates. whole: what the scope leads to."""
    event = AccountEvent(
        field=field,
        phone_number_id=scope.phone_number_id,
        business_account_id=scope.business_account_id,
        value=value,
        reported_at=scope.at,
    )
    whom = (scope.phone_number_id, scope.business_account_id, field, scope.at)
    return Item(scope.pointer, event, decoding.canonical([*whom, value]), clip(scope.at), digest(whole))


def unreadable(thing: Any, scope: Scope, reason: str) -> Item:
    """Return the item of something that cannot be understood."""
    event = Unreadable(reason=reason, phone_number_id=scope.phone_number_id)
    same = identity(scope.phone_number_id, thing, scope.business_account_id)
    return Item(scope.pointer, event, same, clip(scope.at), digest(thing))


def besides(container: Json, known: frozenset[str], scope: Scope) -> Iterator[Item]:
    """Yield what looks like items where none are expected: under a key nobody knows, or one that stands twice.

    known: the keys of the container under which no item stands that is not read.
    """
    for pointer, part in strays.find(container, known, scope.pointer):
        yield unreadable(part, scope._replace(pointer=pointer), "an item in an unexpected place")


def only_contact(value: Json, found: Any) -> Json | None:
    """Return the contact of the only message, if it is the only one itself: then they belong together without an id."""
    contacts = reading.elements(value.get("contacts"))
    if len(contacts) != 1 or not isinstance(contacts[0], dict):
        return None
    # One that stands there twice is one.
    is_alone = not isinstance(found, list) or all(element == found[0] for element in found)
    return contacts[0] if is_alone else None


def identity(number: str | None, thing: Any, name: str | None = None) -> bytes:
    """Return the bytes that make a thing the same thing when it comes again."""
    return decoding.canonical([number, name]) + decoding.canonical(thing)


def digest(element: Any) -> bytes:
    """Return the SHA-256 of an element as `cutouts` cuts it out: JSON with sorted keys and plain Unicode."""
    return hashlib.sha256(decoding.canonical(element)).digest()


def clip(seconds: int | None) -> int:
    """Return a time as a key can begin with it."""
    return min(seconds or 0, _LAST_SECOND)
