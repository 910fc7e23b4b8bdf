"""Fields that tell of a person or a group beside the messages: calls, preferences about advertising, ids, groups.

Rule 1: nothing here raises. Rule 2: each element is an item of its own; one that cannot be understood says so and costs
its siblings nothing. Rule 3: a call's offer of a connection (its SDP) names addresses of devices and is not read out of
the webhook.

Source: Meta, "calls webhook reference", "user preferences webhook reference", "business-scoped user IDs", "groups
webhooks".
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from wabridge.model.content import (
    Call,
    CallDirection,
    CallOutcome,
    Content,
    GroupChange,
    Preference,
)
from wabridge.model.event import Event, InboundMessage, Person, Unreadable
from wabridge.whatsapp import identity_changes, people, reading
from wabridge.whatsapp.fields import Fields
from wabridge.whatsapp.people import Json


class Found(NamedTuple):
    """One element of a list in a value: where it stands in the value, what it says, and the element itself.

    event: None if it tells of nobody, and is news about the account.
    """

    pointer: str
    event: Event | None
    element: Any
    at: int | None


Reader = Callable[[Json, str], Iterator[Found]]


def calls(value: Json, phone_number_id: str) -> Iterator[Found]:
    """Yield what the calls of a value, and the reports about calls of ours, say."""
    contacts = people.by_id(value.get("contacts"))
    own = _digits(reading.mapping(value.get("metadata")).get("display_phone_number"))
    for pointer, call in _elements(value, "calls"):
        yield _found(pointer, call, _call(call, phone_number_id, contacts, own))
    for pointer, status in _elements(value, "statuses"):
        yield _found(pointer, status, _call_status(status, phone_number_id, contacts))


def preferences(value: Json, phone_number_id: str) -> Iterator[Found]:
    """Yield what people want of advertising messages."""
    contacts = people.by_id(value.get("contacts"))
    for pointer, preference in _elements(value, "user_preferences"):
        yield _found(pointer, preference, _preference(preference, phone_number_id, contacts))


def user_ids(value: Json, phone_number_id: str) -> Iterator[Found]:
    """Yield whose user id has become another one, as the system message about it would tell it."""
    contacts = people.by_id(value.get("contacts"))
    for pointer, change in _elements(value, "user_id_update"):
        yield _found(pointer, change, identity_changes.read(change, phone_number_id, contacts))


def groups(value: Json, phone_number_id: str) -> Iterator[Found]:
    """Yield what has happened to groups."""
    for pointer, group in _elements(value, "groups"):
        yield _found(pointer, group, _group(group, phone_number_id))


READERS: Mapping[str, Reader] = {
    "calls": calls,
    "group_lifecycle_update": groups,
    "group_participants_update": groups,
    "group_settings_update": groups,
    "group_status_update": groups,
    "user_id_update": user_ids,
    "user_preferences": preferences,
}
"""By Meta's field. What a reader finds nothing in is news about the account, like a field that is not here."""

_LISTS: Mapping[Reader, frozenset[str]] = {
    calls: frozenset({"calls", "statuses"}),
    groups: frozenset({"groups"}),
    preferences: frozenset({"user_preferences"}),
    user_ids: frozenset({"user_id_update"}),
}
LISTS: Mapping[str, frozenset[str]] = {field: _LISTS[reader] for field, reader in READERS.items()}
"""Which lists of a value a field's reader reads."""


def _call(call: Any, number: str, contacts: dict[str, Json], own: str) -> InboundMessage | Unreadable:
    if not isinstance(call, dict):
        return Unreadable(reason="a call that is no object", phone_number_id=number)
    fields = Fields(call)
    direction = _DIRECTIONS.get(fields.word("direction", _DIRECTIONS) or "") or _guess_direction(call, own)
    side = "to" if direction == "outgoing" else "from"
    ids = (call.get(f"{side}_user_id"), call.get(side), call.get(f"{side}_parent_user_id"))
    person = people.read(ids, people.find_contact(contacts, ids))
    call_id, at = fields.ident("id"), fields.seconds("timestamp")
    body = _course(fields, direction, at)
    fields.drop(_NEVER_SAID)
    fields.drop_people(*_WHOM)
    return _filed(call_id, person, number, fields, body)


def _guess_direction(call: Json, own: str) -> CallDirection | None:
    """Tell it by the number that is ours, or by a user id, which only people have."""
    caller, called = _digits(call.get("from")), _digits(call.get("to"))
    if call.get("to_user_id") or (own and caller == own):
        return "outgoing"
    return "incoming" if call.get("from_user_id") or (own and (called == own or caller)) else None


def _course(fields: Fields, direction: CallDirection | None, at: int | None) -> Call:
    """Take what a call says of its course. at: when Meta sent this."""
    event, status = fields.word("event", _EVENTS), fields.ident("status")
    length, started, ended = fields.seconds("duration"), fields.seconds("start_time"), fields.seconds("end_time")
    if length is None and fields.peek("duration") == "0":
        fields.drop("duration")
    if event == "TERMINATE" and at is not None:
        ended = ended or at
        started = started or max(ended - (length or 0), 1)
    outcome = _outcome(event, status, length)
    return Call(
        direction=direction,
        outcome=outcome,
        started_at=_moment(started or at),
        ended_at=_moment(ended),
        duration_seconds=length,
        word=None if (status or "").upper() in _ENDED else status,
    )


def _outcome(event: str | None, status: str | None, length: int | None) -> CallOutcome | None:
    """Return how far a call has come, by Meta's words; None for words that nobody knows."""
    if event == "CONNECT":
        return "ringing"
    if length:
        return "answered"
    known = _ENDED.get((status or "").upper())
    return known or ("ended" if event == "TERMINATE" else None)


def _call_status(status: Any, number: str, contacts: dict[str, Json]) -> InboundMessage | Unreadable:
    """Read how a call of ours is getting on."""
    if not isinstance(status, dict):
        return Unreadable(reason="a call that is no object", phone_number_id=number)
    fields = Fields(status)
    ids = (status.get("recipient_user_id"), status.get("recipient_id"), status.get("recipient_parent_user_id"))
    person = people.read(ids, people.find_contact(contacts, ids))
    call_id, at, word = fields.ident("id"), fields.seconds("timestamp"), fields.ident("status")
    outcome = _REPORTED.get((word or "").upper())
    body = Call(direction="outgoing", outcome=outcome, started_at=_moment(at), word=None if outcome else word)
    fields.word("type", {"CALL"})
    fields.drop_people("recipient_id", "recipient_user_id", "recipient_parent_user_id")
    return _filed(call_id, person, number, fields, body)


def _filed(
    call_id: str | None,
    person: Person,
    number: str,
    left: Fields,
    body: Call,
) -> InboundMessage | Unreadable:
    at = None if body.started_at is None else int(body.started_at.timestamp())
    if call_id is None or not person.is_known:
        reason = "a call without an id" if call_id is None else "a call without a person"
        return Unreadable(reason=reason, phone_number_id=number, sender=person, sent_at=at)
    errors = left.errors()
    return InboundMessage(
        phone_number_id=number,
        wamid=call_id,
        sender=person,
        type="call",
        sent_at=at,
        content=Content(body=body, more=left.rest(), errors=errors),
    )


def _preference(preference: Any, number: str, contacts: dict[str, Json]) -> InboundMessage | Unreadable:
    if not isinstance(preference, dict):
        return Unreadable(reason="a preference that is no object", phone_number_id=number)
    fields = Fields(preference)
    ids = (preference.get("user_id"), preference.get("wa_id"), preference.get("parent_user_id"))
    fields.drop_people("user_id", "wa_id", "parent_user_id")
    person, at = people.read(ids, people.find_contact(contacts, ids)), fields.seconds("timestamp")
    word = fields.ident("value")
    if word is None or not person.is_known:
        reason = "a preference without its word" if word is None else "a preference without a person"
        return Unreadable(reason=reason, phone_number_id=number, sender=person, sent_at=at)
    category = fields.ident("category")
    body = Preference(word=word, about=category, said=fields.text("detail"))
    content = Content(body=body, more=fields.rest())
    return InboundMessage(
        phone_number_id=number, wamid="", sender=person, type="preference", sent_at=at, content=content
    )


def _group(group: Any, number: str) -> InboundMessage | Unreadable | None:
    if not isinstance(group, dict):
        return Unreadable(reason="a group that is no object", phone_number_id=number)
    group_id = reading.ident(group.get("group_id"))
    if group_id is None:
        return None  # that a group could not be made is told without one
    fields = Fields(group)
    fields.drop("group_id")
    at, word = fields.seconds("timestamp"), fields.ident("type")
    errors, subject = fields.errors(), _subject(group)
    content = Content(body=GroupChange(word=word, fields=fields.rest(), subject=subject), errors=errors)
    return InboundMessage(
        phone_number_id=number,
        wamid="",
        sender=Person(),
        type="group_change",
        sent_at=at,
        content=content,
        group_id=group_id,
    )


def _subject(group: Json) -> str | None:
    """Return what a group is called from now on: told when it is made, and when it was given another name."""
    told = reading.mapping(group.get("group_subject"))
    if told.get("update_successful") is False:
        return None
    return reading.text(told.get("text")) or reading.text(group.get("subject"))


def _elements(value: Json, key: str) -> Iterator[tuple[str, Any]]:
    """Yield each element with its place; what stands where a list belongs counts as its only element."""
    found = value.get(key)
    if isinstance(found, list):
        yield from ((f"/{key}/{index}", element) for index, element in enumerate(found))
    elif found is not None:
        yield f"/{key}", found


def _found(pointer: str, element: Any, event: InboundMessage | Unreadable | None) -> Found:
    at = reading.seconds(reading.mapping(element).get("timestamp")) if event is None else event.sent_at
    return Found(pointer, event, element, at)


def _digits(number: Any) -> str:
    return "".join(sign for sign in reading.ident(number) or "" if sign.isascii() and sign.isdigit())


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


_NEVER_SAID = "session"
"""See rule 3."""
_WHOM = tuple(f"{side}{key}" for side in ("from", "to") for key in ("", "_user_id", "_parent_user_id"))
"""Whom it is about is told by the conversation."""

_DIRECTIONS: Mapping[str, CallDirection] = {"USER_INITIATED": "incoming", "BUSINESS_INITIATED": "outgoing"}
_EVENTS = frozenset({"CONNECT", "TERMINATE"})
_REPORTED: Mapping[str, CallOutcome] = {"RINGING": "ringing", "ACCEPTED": "answered", "REJECTED": "rejected"}
_ENDED: Mapping[str, CallOutcome] = {
    "COMPLETED": "answered",
    "FAILED": "missed",
    "REJECTED": "rejected",
}
"""Meta says FAILED of a call that nobody took or that did not come about."""
