"""The lists that a change can hold: messages, echoes, statuses, errors, history, the phone's address book.

Which list it is decides how it is read, not the field it came under: a list that turns up under another field is not
lost. The field only says in which light it stands.
"""

from collections.abc import Callable, Iterator
from typing import Any

from wabridge.model.event import Echo, InboundMessage, Item, Unreadable
from wabridge.whatsapp import echoes, history, items, messages, people, statuses, strays, sync
from wabridge.whatsapp.account_news import ERRORS
from wabridge.whatsapp.items import Scope
from wabridge.whatsapp.light import Light
from wabridge.whatsapp.people import Json


def read_live(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield what has just happened."""
    yield from read(Light.of(value, scope))


def read_from_partner(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield what another program has just written in the office's name."""
    yield from read(Light.of(value, scope)._replace(author="partner"))


def read_history(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield what the phone app hands over of the past."""
    yield from read(Light.of(value, scope)._replace(source="history"))


def read_errors(value: Json, scope: Scope) -> Iterator[Item]:
    """Yield what a value reports beside everything else in it."""
    if (found := value.get("errors")) is not None:
        yield from _errors(found, Light.of(value, scope).inside("errors"))


def holds_conversation(value: Any) -> bool:
    """Say whether a value brings what people wrote or how it fares, whatever field it came under."""
    return isinstance(value, dict) and any(strays.holds_item(value.get(name)) for name in _CONVERSATION)


def read(light: Light) -> Iterator[Item]:
    """Yield the items of every known list."""
    for name, read_list in ARRAYS.items():
        if (found := light.value.get(name)) is not None:
            yield from read_list(found, light.inside(name))


def _messages(found: Any, light: Light) -> Iterator[Item]:
    contacts = people.by_id(light.value.get("contacts"))
    only = items.only_contact(light.value, found)
    for pointer, message in items.elements(found, light.scope.pointer):
        event: InboundMessage | Echo | Unreadable
        if echoes.is_own(message, light):
            event = echoes.read_one(message, light, contacts=contacts, only=only)
        else:
            is_past = light.source == "history" and isinstance(message, dict)
            bare = echoes.without_context(message) if is_past else message
            event = messages.read(bare, phone_number_id=light.scope.phone_number_id, contacts=contacts, only=only)
            event = light.shine_on(event, message)
        yield items.of_message(event, message, light.scope._replace(pointer=pointer))


def _statuses(found: Any, light: Light) -> Iterator[Item]:
    for pointer, status in items.elements(found, light.scope.pointer):
        place = light.scope._replace(pointer=pointer)
        event = statuses.read(status, phone_number_id=place.phone_number_id)
        yield items.of_element(event, status, place, at=statuses.own_time(status))


def _errors(found: Any, light: Light) -> Iterator[Item]:
    for pointer, error in items.elements(found, light.scope.pointer):
        yield items.of_account(ERRORS, error, light.scope._replace(pointer=pointer), whole=error)


ARRAYS: dict[str, Callable[[Any, Light], Iterator[Item]]] = {
    "messages": _messages,
    "statuses": _statuses,
    "errors": _errors,
    "message_echoes": echoes.read,
    "history": history.read,
    "state_sync": sync.read,
}

_CONVERSATION = ("messages", "statuses", "message_echoes", "history")
