"""What the faults make of a message and of the webhook around it; nothing here knows who is told."""

from typing import Any

from wabridge.sandbox import payloads, wamids
from wabridge.sandbox.account import Account
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import GraphError
from wabridge.sandbox.payloads import Json, Person

UNSUPPORTED_WEBHOOK = GraphError(
    http=400, code=131000, title="Something went wrong", details="Unsupported webhook payload"
)
NOT_READY = GraphError(http=400, code=131060, title="This message is currently unavailable")
TOMORROW = "hologram"
"""A name Meta does not use yet."""


def spoil(message: Json, faults: set[Fault]) -> Json:
    """Return the message as it is after the faults that befall messages."""
    if Fault.UNKNOWN_TYPE in faults:
        kind = message["type"]
        kept = {key: part for key, part in message.items() if key != kind}
        message = kept | {"type": TOMORROW, TOMORROW: {"was": kind, "content": message.get(kind)}}
    if Fault.EMPTY_INTERACTIVE in faults:
        kept = {key: part for key, part in message.items() if key != message["type"]}
        message = kept | {"type": "interactive"}
    if Fault.NO_CONTEXT in faults:
        message = {key: part for key, part in message.items() if key != "context"}
    return message


def placeholder(message: Json) -> Json:
    """Return what comes first, under the same wamid, when the content is not ready (2.15)."""
    kept = {key: part for key, part in message.items() if key in ("from", "from_user_id", "id", "timestamp")}
    return kept | {"type": "unsupported", "errors": [NOT_READY.report()], "unsupported": {"type": "media_placeholder"}}


def envelope(account: Account, person: Person, message: Json, faults: set[Fault]) -> Json:
    """Return the webhook in which a person's message comes."""
    contacts = [payloads.contact(person)]
    messages: list[Any] = [message]
    if Fault.MIXED_BATCH in faults:
        messages = [_of_tomorrow(message, person), message, _malformed(message, person), None]
    value = payloads.value(account, contacts=contacts, messages=messages)
    if Fault.EMPTY_INTERACTIVE in faults:
        value["errors"] = [UNSUPPORTED_WEBHOOK.report()]
    if Fault.STANDBY in faults:
        value["standby"] = {"messages": value.pop("messages")}
        return payloads.batch(account, value, field="standby")
    webhook = payloads.batch(account, value)
    if Fault.UNKNOWN_FIELD in faults:
        webhook["entry"][0]["changes"].append({"field": f"{TOMORROW}_update", "value": {TOMORROW: True}})
    return webhook


def with_extra_keys(thing: Any) -> Any:
    """Return the JSON with a key nobody knows in each of its objects."""
    if isinstance(thing, dict):
        return {key: with_extra_keys(part) for key, part in thing.items()} | {TOMORROW: {"since": 2027, "tags": [None]}}
    if isinstance(thing, list):
        return [with_extra_keys(part) for part in thing]
    return thing


def _of_tomorrow(message: Json, person: Person) -> Json:
    return spoil(message, {Fault.UNKNOWN_TYPE}) | {"id": wamids.inbound(person.phone)}


def _malformed(message: Json, person: Person) -> Json:
    return message | {"id": wamids.inbound(person.phone), "type": "text", "text": {"body": ["no", "text"]}}
