"""A webhook body, cut into items: one per message, status, reported error and account change.

Rule 1: nothing here raises, whatever the bytes are. Rule 2: nothing disappears: what can't be understood becomes an
Unreadable of its own and never costs its siblings. Rule 3: an item's identity depends on the item alone, not on the
batch around it or on how its JSON is spelled.

Source: Meta, "webhooks" (payload format).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from wabridge.model.event import AccountEvent, Event, InboundMessage, Item, Unreadable
from wabridge.whatsapp import decoding, messages, people, reading, statuses, strays
from wabridge.whatsapp.people import Json

ERRORS = "errors"
"""The field of the account event that stands for one error beside the messages. Meta has no field of that name."""

_MESSAGES = "messages"
_ARRAYS = ("messages", "statuses", "errors")
_LAST_SECOND = 2**32 - 1

# The keys of each level of the envelope under which no item stands that is not read.
_WEBHOOK = frozenset({"entry"})
_ENTRY = frozenset({"changes"})
_CHANGE = frozenset({"value"})
_VALUE = frozenset(_ARRAYS)


class _Scope(NamedTuple):
    """Where an item stands, and whom it concerns."""

    pointer: str
    phone_number_id: str | None = None
    business_account_id: str | None = None
    at: int | None = None


def split(body: bytes) -> list[Item]:
    """Return the items of a body, each on its own; never raises."""
    try:
        decoded = decoding.decode(body)
    except decoding.NotJson as fault:
        return [Item(pointer="", event=Unreadable(reason=str(fault)), identity=body)]
    items = list(_items(decoded.value, _Scope("")))
    return items if decoded.is_sound else [_mended(item) for item in items]


def _items(root: Any, scope: _Scope) -> Iterator[Item]:
    if isinstance(root, dict) and "entry" in root:
        for pointer, entry in _elements(root["entry"], scope.pointer + "/entry"):
            yield from _entry(entry, pointer)
        yield from _besides(root, _WEBHOOK, scope)
    elif isinstance(root, dict) and ("value" in root or "field" in root):
        # Some test tools send a change without its envelope.
        yield from _change(root, scope)
    elif isinstance(root, dict) and _has_known_array(root):
        # Some relays send the value alone.
        yield from _conversation(root, root, _scoped(root, scope))
    elif isinstance(root, list) and not scope.pointer and any(isinstance(element, dict) for element in root):
        # Some relays send several webhooks as one list.
        for pointer, element in _elements(root, ""):
            yield from _items(element, _Scope(pointer))
    else:
        yield _unreadable(root, scope, "not a webhook")


def _entry(entry: Any, pointer: str) -> Iterator[Item]:
    if not isinstance(entry, dict) or entry.get("changes") is None:
        yield _unreadable(entry, _Scope(pointer), "an entry without changes")
        return
    scope = _Scope(pointer, None, reading.ident(entry.get("id")), reading.seconds(entry.get("time")))
    for place, change in _elements(entry["changes"], pointer + "/changes"):
        yield from _change(change, scope._replace(pointer=place))
    yield from _besides(entry, _ENTRY, scope)


def _change(change: Any, scope: _Scope) -> Iterator[Item]:
    if not isinstance(change, dict):
        yield _unreadable(change, scope, "a change that is no object")
        return
    field, value = reading.text(change.get("field")), change.get("value")
    scope = _scoped(value, scope)
    if field == _MESSAGES or (field is None and _has_known_array(value)):
        yield from _conversation(change, value, scope, inside="/value")
    elif field is None:
        yield _unreadable(change, scope, "a change without a field")
    else:
        yield _account(field, value, scope)


def _scoped(value: Any, scope: _Scope) -> _Scope:
    """Return the scope with our number, which the value names."""
    metadata = reading.mapping(reading.mapping(value).get("metadata"))
    return scope._replace(phone_number_id=reading.ident(metadata.get("phone_number_id")))


def _conversation(change: Json, value: Any, scope: _Scope, inside: str = "") -> Iterator[Item]:
    """Yield the items of a value of messages; if there are none, all that stands around it is one."""
    inner = scope._replace(pointer=scope.pointer + inside)
    items = list(_value(value, inner)) if isinstance(value, dict) else []
    if not items:
        yield _unreadable(change, scope, "a change with nothing known in it")
        return
    yield from items
    yield from _besides(value, _VALUE, inner)
    if inside:
        yield from _besides(change, _CHANGE, scope)


def _value(value: Json, scope: _Scope) -> Iterator[Item]:
    number, place = scope.phone_number_id, scope.pointer
    if (found := value.get("messages")) is not None:
        contacts = people.by_id(value.get("contacts"))
        only = _only_contact(value, found)
        for pointer, message in _elements(found, place + "/messages"):
            event = messages.read(message, phone_number_id=number, contacts=contacts, only=only)
            yield _message_item(event, message, pointer, number)
    if (found := value.get("statuses")) is not None:
        for pointer, status in _elements(found, place + "/statuses"):
            report = statuses.read(status, phone_number_id=number)
            yield Item(pointer, report, _identity(number, status), _clip(_own_time(status)))
    if (found := value.get("errors")) is not None:
        for pointer, error in _elements(found, place + "/errors"):
            yield _account(ERRORS, error, scope._replace(pointer=pointer))


def _besides(container: Json, known: frozenset[str], scope: _Scope) -> Iterator[Item]:
    """Yield what looks like items where none are expected: under a key nobody knows, or one that stands twice."""
    for pointer, part in strays.find(container, known, scope.pointer):
        yield _unreadable(part, scope._replace(pointer=pointer), "an item in an unexpected place")


def _only_contact(value: Json, found: Any) -> Json | None:
    """Return the contact of the only message, if it is the only one itself: then they belong together without an id."""
    contacts = reading.elements(value.get("contacts"))
    is_alone = len(contacts) == 1 and isinstance(contacts[0], dict) and (not isinstance(found, list) or len(found) == 1)
    return contacts[0] if is_alone else None


def _message_item(event: InboundMessage | Unreadable, message: Any, pointer: str, number: str | None) -> Item:
    if isinstance(message, dict):
        identity = _identity(number, messages.without_volatile(message), event.wamid)
        return Item(pointer, event, identity, _clip(event.sent_at))
    return Item(pointer, event, _identity(number, message))


def _account(field: str, value: Any, scope: _Scope) -> Item:
    event = AccountEvent(
        field=field,
        phone_number_id=scope.phone_number_id,
        business_account_id=scope.business_account_id,
        value=value,
    )
    whom = (scope.phone_number_id, scope.business_account_id, field, scope.at)
    return Item(scope.pointer, event, decoding.canonical([*whom, value]), _clip(scope.at))


def _unreadable(thing: Any, scope: _Scope, reason: str) -> Item:
    event = Unreadable(reason=reason, phone_number_id=scope.phone_number_id)
    return Item(
        scope.pointer, event, _identity(scope.phone_number_id, thing, scope.business_account_id), _clip(scope.at)
    )


def _mended(item: Item) -> Item:
    """Return the item with everything replaced that storage would choke on."""
    plain = msgspec.to_builtins(item.event)
    mended = decoding.mend(plain)
    if mended == plain:
        return item
    event: Event = msgspec.convert(mended, type(item.event))
    if isinstance(event, InboundMessage):
        event = msgspec.structs.replace(event, repaired=True)
    return msgspec.structs.replace(item, event=event)


def _elements(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield each element with its pointer; what stands where a list belongs counts as its only element."""
    if isinstance(value, list):
        for index, element in enumerate(value):
            yield f"{pointer}/{index}", element
    else:
        yield pointer, value


def _has_known_array(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in _ARRAYS)


def _identity(number: str | None, thing: Any, name: str | None = None) -> bytes:
    return decoding.canonical([number, name]) + decoding.canonical(thing)


def _own_time(status: Any) -> int | None:
    return reading.seconds(status.get("timestamp")) if isinstance(status, dict) else None


def _clip(seconds: int | None) -> int:
    return min(seconds or 0, _LAST_SECOND)
