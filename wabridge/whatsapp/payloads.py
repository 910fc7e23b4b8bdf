"""A webhook body, cut into items: one per message, echo, status, reported error and account change.

Rule 1: nothing here raises, whatever the bytes are. Rule 2: nothing disappears: what can't be understood becomes an
Unreadable of its own and never costs its siblings. Rule 3: an item's identity depends on the item alone, not on the
batch around it or on how its JSON is spelled.

Source: Meta, "webhooks" (payload format).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

from wabridge.model.event import Echo, Event, InboundMessage, Item, Unreadable
from wabridge.whatsapp import account_news, beside_messages, changes, decoding, handovers, items, reading, standby
from wabridge.whatsapp.items import Reader, Scope, besides, elements, unreadable
from wabridge.whatsapp.people import Json

_MESSAGES = "messages"
_HISTORY = "history"

# The keys of each level of the envelope under which no item stands that is not read.
_WEBHOOK = frozenset({"entry"})
_ENTRY = frozenset({"changes"})
_CHANGE = frozenset({"value"})
_VALUE = frozenset(changes.ARRAYS)

READERS: dict[str, Reader] = {
    _MESSAGES: changes.read_live,
    "smb_message_echoes": changes.read_live,
    "message_echoes": changes.read_from_partner,
    _HISTORY: changes.read_history,
    "smb_app_state_sync": changes.read_live,
    "standby": standby.read,
    "messaging_handovers": handovers.read,
}
"""Which reader takes a change apart, by its field. What has no reader here is kept whole, as an account event."""


def split(body: bytes) -> list[Item]:
    """Return the items of a body, each on its own; never raises."""
    return list(iterate(body))


def iterate(body: bytes) -> Iterator[Item]:
    """Yield the items of a body one by one, so that a large one need not be taken apart at once; never raises."""
    try:
        decoded = decoding.decode(body)
    except decoding.NotJson as fault:
        yield Item(pointer="", event=Unreadable(reason=str(fault)), identity=body, digest=hashlib.sha256(body).digest())
        return
    yield from iterate_decoded(decoded)


def iterate_decoded(decoded: decoding.Decoded) -> Iterator[Item]:
    """Yield the items of a body that was read already."""
    found = _items(decoded.value, Scope(""))
    return found if decoded.is_sound else map(_mended, found)


def _items(root: Any, scope: Scope) -> Iterator[Item]:
    if isinstance(root, dict) and "entry" in root:
        for pointer, entry in elements(root["entry"], scope.pointer + "/entry"):
            yield from _entry(entry, pointer)
        yield from besides(root, _WEBHOOK, scope)
    elif isinstance(root, dict) and "changes" in root:
        # As above every level of the envelope, the one above it may be missing.
        yield from _entry(root, scope.pointer)
    elif isinstance(root, dict) and ("value" in root or "field" in root):
        # Some test tools send a change without its envelope.
        yield from _change(root, scope)
    elif isinstance(root, dict) and (_HISTORY in root or _has_known_array(root)):
        # Some relays send the value alone; that an office declines to hand over its history was seen so, too.
        field = _HISTORY if _HISTORY in root else _MESSAGES
        yield from _read(READERS[field], root, root, _in_metadata(root, scope))
    elif isinstance(root, list) and not scope.pointer and any(isinstance(element, dict) for element in root):
        # Some relays send several webhooks as one list.
        for pointer, element in elements(root, ""):
            yield from _items(element, Scope(pointer))
    else:
        yield unreadable(root, scope, "not a webhook")


def _entry(entry: Any, pointer: str) -> Iterator[Item]:
    if not isinstance(entry, dict) or entry.get("changes") is None:
        yield unreadable(entry, Scope(pointer), "an entry without changes")
        return
    scope = Scope(pointer, None, reading.ident(entry.get("id")), reading.seconds(entry.get("time")))
    for place, change in elements(entry["changes"], pointer + "/changes"):
        yield from _change(change, scope._replace(pointer=place))
    yield from besides(entry, _ENTRY, scope)


def _change(change: Any, scope: Scope) -> Iterator[Item]:
    if not isinstance(change, dict):
        yield unreadable(change, scope, "a change that is no object")
        return
    field, value = reading.text(change.get("field")), change.get("value")
    scope = _in_metadata(value, scope)
    if field is None and _has_known_array(value):
        field = _MESSAGES
    if field is None:
        yield unreadable(change, scope, "a change without a field")
    elif field in READERS:
        yield from _read(READERS[field], value, change, scope.at_place("value"))
    elif field in beside_messages.READERS:
        yield from _beside_messages(field, change, scope)
    else:
        yield from _of_no_reader(field, change, scope)


def _of_no_reader(field: str, change: Json, scope: Scope) -> Iterator[Item]:
    """Yield what a field without a reader tells: what people wrote, if that is what it brings, or else news."""
    value = change.get("value")
    if field not in account_news.FIELDS and changes.holds_conversation(value):
        yield from _read(READERS[_MESSAGES], value, change, scope.at_place("value"))
    else:
        yield items.of_account(field, value, scope, whole=change)


def _beside_messages(field: str, change: Json, scope: Scope) -> Iterator[Item]:
    """Yield what a field beside the messages tells of people and groups; without any it is news about the account."""
    value: Any = change.get("value")
    inner = scope.at_place("value")
    number, is_empty = scope.phone_number_id, True
    if number is not None and isinstance(value, dict):
        for place, event, element, at in beside_messages.READERS[field](value, number):
            is_empty = False
            there = inner._replace(pointer=inner.pointer + place)
            if event is None:
                yield items.of_account(field, element, there._replace(at=at or there.at), whole=element)
                continue
            thing = decoding.canonical([number, field]) + decoding.canonical(element)
            yield Item(there.pointer, event, thing, items.clip(at), items.digest(element))
        for item in changes.read_errors(value, inner):
            is_empty = False
            yield item
    if is_empty:
        yield from _of_no_reader(field, change, scope)
    else:
        yield from besides(value, beside_messages.LISTS[field] | {"errors"}, inner)
        yield from besides(change, _CHANGE, scope)


def _read(reader: Reader, value: Any, around: Json, scope: Scope) -> Iterator[Item]:
    """Yield the items of a value; if there are none, all that stands around it is one."""
    is_empty, outside = True, scope._replace(pointer=scope.pointer.removesuffix("/value"))
    if isinstance(value, dict):
        for item in reader(value, scope):
            is_empty = False
            yield item
    if is_empty:
        yield unreadable(around, outside, "a change with nothing known in it")
        return
    if reader is not handovers.read:  # to that, its whole value is one item
        is_opened = reader is standby.read and isinstance(value.get(standby.INSIDE), dict)
        yield from besides(value, _VALUE | {standby.INSIDE} if is_opened else _VALUE, scope)
    if value is not around:
        yield from besides(around, _CHANGE, outside)


def _in_metadata(value: Any, scope: Scope) -> Scope:
    metadata = reading.mapping(reading.mapping(value).get("metadata"))
    return scope._replace(phone_number_id=reading.ident(metadata.get("phone_number_id")))


def _mended(item: Item) -> Item:
    """Return the item with everything replaced that storage would choke on."""
    plain = msgspec.to_builtins(item.event)
    mended = decoding.mend(plain)
    if mended == plain:
        return item
    event: Event = msgspec.convert(mended, type(item.event))
    if isinstance(event, InboundMessage | Echo):
        event = msgspec.structs.replace(event, repaired=True)
    return msgspec.structs.replace(item, event=event)


def _has_known_array(value: Any) -> bool:
    return isinstance(value, dict) and any(isinstance(value.get(name), list) for name in changes.ARRAYS)
