"""What the phone app hands over of the past: chunks of threads of messages, or that the office does not want it.

Each message stands for itself: one that can't be understood costs no other. The times are the phone's. Source: Meta,
"history webhook reference".
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from wabridge.model.event import Echo, HistoryReport, InboundMessage, Item, Person, Unreadable
from wabridge.whatsapp import echoes, items, messages, people, reading
from wabridge.whatsapp.light import Light
from wabridge.whatsapp.people import Json

_CHUNK = frozenset({"errors", "metadata", "threads"})
_SAY_SOMETHING = frozenset({"errors", "threads"})
_THREAD = frozenset({"messages"})
_PROGRESS = ("phase", "chunk_order", "progress")


def read(found: Any, light: Light) -> Iterator[Item]:
    """Yield the items of a list of chunks."""
    light = light._replace(source="history")
    for pointer, chunk in items.elements(found, light.scope.pointer):
        inner = light._replace(scope=light.scope._replace(pointer=pointer))
        is_empty = True
        for item in _chunk(chunk, inner) if _is_chunk(chunk) else ():
            is_empty = False
            yield item
        if is_empty:
            yield items.unreadable(chunk, inner.scope, "a part of the history with nothing known in it")


def _is_chunk(chunk: Any) -> bool:
    """Say whether this is a part of the history; an item of another list that stands here is set aside as a whole."""
    if not isinstance(chunk, dict) or "id" in chunk:
        return False
    return not _SAY_SOMETHING.isdisjoint(chunk) or _says_which(_progress(chunk.get("metadata")))


def _chunk(chunk: Json, light: Light) -> Iterator[Item]:
    number = light.scope.phone_number_id
    if (errors := chunk.get("errors")) is not None:
        event = HistoryReport(phone_number_id=number, errors=reading.errors(errors))
        item = items.of_element(event, [light.scope.at, errors], light.inside("errors").scope)
        yield msgspec.structs.replace(item, digest=items.digest(errors))
    if (metadata := chunk.get("metadata")) is not None:
        yield _report(metadata, light.inside("metadata"))
    if (threads := chunk.get("threads")) is not None:
        for pointer, thread in items.elements(threads, light.inside("threads").scope.pointer):
            yield from _thread(thread, light._replace(scope=light.scope._replace(pointer=pointer)))
    yield from items.besides(chunk, _CHUNK, light.scope)


def _report(metadata: Any, light: Light) -> Item:
    found = _progress(metadata)
    if not _says_which(found):
        return items.unreadable(metadata, light.scope, "a part of the history that does not say which")
    phase, chunk, progress = found
    event = HistoryReport(phone_number_id=light.scope.phone_number_id, phase=phase, chunk=chunk, progress=progress)
    return items.of_element(event, metadata, light.scope)


def _progress(metadata: Any) -> tuple[int | None, ...]:
    told = reading.mapping(metadata)
    return tuple(reading.code(told.get(key)) for key in _PROGRESS)


def _says_which(progress: tuple[int | None, ...]) -> bool:
    phase, _, done = progress
    return phase is not None or done is not None


def _thread(thread: Any, light: Light) -> Iterator[Item]:
    told = reading.mapping(thread)
    found = told.get("messages")
    if found is None:
        yield items.unreadable(thread, light.scope, "a thread without messages")
        return
    context = reading.mapping(told.get("context"))
    known = people.find_contact(people.by_id(light.value.get("contacts")), (told.get("id"),))
    person = people.read((told.get("id"), *_ids(context)), known)
    for pointer, message in items.elements(found, light.inside("messages").scope.pointer):
        yield items.of_message(_message(message, person, light), message, light.scope._replace(pointer=pointer))
    yield from items.besides(told, _THREAD, light.scope)


def _message(message: Any, person: Person, light: Light) -> InboundMessage | Echo | Unreadable:
    number = light.scope.phone_number_id
    if not isinstance(message, dict):
        return Unreadable(reason=messages.NO_OBJECT, phone_number_id=number, source=light.source)
    if echoes.is_own(message, light):
        return echoes.read_to(message, person, light)
    if not any(message.get(key) for key in ("from", "from_user_id")):
        return Unreadable(
            reason="a message of the past without its writer",
            phone_number_id=number,
            wamid=reading.ident(message.get("id")),
            sent_at=reading.seconds(message.get("timestamp")),
            source=light.source,
        )
    event = messages.read_from(echoes.without_context(message), person, phone_number_id=number)
    return light.shine_on(event, message)


def _ids(context: Json) -> tuple[Any, ...]:
    return tuple(context.get(key) for key in ("user_id", "wa_id", "parent_user_id"))
