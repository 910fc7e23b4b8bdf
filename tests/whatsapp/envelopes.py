"""Variants around the messages: senders, statuses, envelopes, other fields. Composed from Meta's pages, all invented."""
# ruff: noqa: E501 - one line a variant

from typing import Any

from tests.whatsapp.variants import (
    ACCOUNT,
    ERROR,
    NAMED,
    NUMBER,
    PHONE,
    TEXT,
    USER_ID,
    Json,
    encode,
    message,
    value,
    webhook,
)
from wabridge.model.event import Person

_ADA = Person(phone=PHONE, user_id=USER_ID, profile_name="Ada Example")
_NOBODY: Json = {"from": None, "from_user_id": None}


def _sent_by(contacts: Any, **parts: Any) -> bytes:
    return encode(webhook(value(contacts=contacts, messages=[message(**TEXT, **parts)])))


SENDERS: dict[str, tuple[bytes, Person]] = {
    "phone and user id": (_sent_by([NAMED]), _ADA),
    "phone only": (_sent_by([{"wa_id": PHONE}], from_user_id=None), Person(phone=PHONE)),
    "user id only": (_sent_by([{"user_id": USER_ID}], **{"from": None}), Person(user_id=USER_ID)),
    "user id under from": (_sent_by([], from_user_id=None, **{"from": USER_ID}), Person(user_id=USER_ID)),
    "phone under from_user_id": (_sent_by([], from_user_id=PHONE, **{"from": None}), Person(phone=PHONE)),
    "user id under wa_id": (_sent_by([{"wa_id": USER_ID}], **_NOBODY), Person(user_id=USER_ID)),
    "user id that is none": (_sent_by([NAMED | {"user_id": "nonsense"}], from_user_id="nonsense"), Person(phone=PHONE, profile_name="Ada Example")),
    "phone as a number": (_sent_by([], from_user_id=None, **{"from": int(PHONE)}), Person(phone=PHONE)),
    "phone with a plus": (_sent_by([NAMED], from_user_id=None, **{"from": "+" + PHONE}), _ADA),
    "letters in the user id": (_sent_by([], **_NOBODY | {"from_user_id": "ID.aB9"}), Person(user_id="ID.aB9")),
    "parent beside the user id": (_sent_by([], from_parent_user_id="US.ENT.118", **{"from": None}), Person(user_id=USER_ID, parent_user_id="US.ENT.118")),
    "ids of no shape at all beside the only contact": (_sent_by([NAMED], from_user_id="nobody", **{"from": "bla"}), _ADA),
    "no ids in the message": (_sent_by([NAMED], **_NOBODY), _ADA),
    "no contacts": (_sent_by(None), Person(phone=PHONE, user_id=USER_ID)),
    "contacts that are one object": (_sent_by(NAMED), Person(phone=PHONE, user_id=USER_ID)),
    "contacts of nothing": (_sent_by([None, 5, "Ada", [], {}]), Person(phone=PHONE, user_id=USER_ID)),
    "contact without a profile": (_sent_by([{"wa_id": PHONE}]), Person(phone=PHONE, user_id=USER_ID)),
    "profile of null": (_sent_by([NAMED | {"profile": None}]), Person(phone=PHONE, user_id=USER_ID)),
    "profile that is a text": (_sent_by([NAMED | {"profile": "Ada"}]), Person(phone=PHONE, user_id=USER_ID)),
    "name that is a number": (_sent_by([NAMED | {"profile": {"name": 5}}]), Person(phone=PHONE, user_id=USER_ID)),
    "username with its sign": (_sent_by([NAMED | {"profile": {"username": "@ada"}}]), Person(phone=PHONE, user_id=USER_ID, username="ada")),
    "username without its sign": (_sent_by([NAMED | {"profile": {"username": "ada"}}]), Person(phone=PHONE, user_id=USER_ID, username="ada")),
    "somebody else's contact": (_sent_by([{"wa_id": "16505550999", "profile": {"name": "Budi"}}]), Person(phone=PHONE, user_id=USER_ID)),
    "contacts in another order": (_sent_by([{"wa_id": "16505550999", "profile": {"name": "Budi"}}, NAMED]), _ADA),
}  # fmt: skip
"""One text each, and who must have written it."""


def _status(**parts: Any) -> bytes:
    usual = {"id": "wamid.V1", "status": "delivered", "timestamp": "1790416832", "recipient_id": PHONE}
    return encode(webhook(value(statuses=[{key: part for key, part in (usual | parts).items() if part is not None}])))


STATUSES: dict[str, tuple[bytes, str]] = {
    **{word: (_status(status=word), word) for word in ("sent", "delivered", "read", "played", "failed", "deleted", "warning")},
    **{word: (_status(status=word), word.lower()) for word in ("READ", "PENDING", "ERROR", "Delivered")},
    "word of tomorrow": (_status(status="teleported"), "teleported"),
    "no recipient": (_status(recipient_id=None), "delivered"),
    "recipient that is a user id": (_status(recipient_id=USER_ID), "delivered"),
    "recipient that is a number": (_status(recipient_id=int(PHONE)), "delivered"),
    "recipient that is an object": (_status(recipient_id={"id": PHONE}), "delivered"),
    "parent under its old name": (_status(parent_recipient_user_id="US.ENT.118"), "delivered"),
    "in a group": (_status(recipient_type="group", recipient_participant_id=PHONE), "delivered"),
    "in a group, old words": (_status(recipient_type="group", participant_recipient_id=PHONE), "delivered"),
    "time as a number": (_status(timestamp=1790416832), "delivered"),
    "no time": (_status(timestamp=None), "delivered"),
    "time that is none": (_status(timestamp="soon"), "delivered"),
    "id as a number": (_status(id=123456), "delivered"),
    "prices of before": (_status(conversation={"id": "72b1", "expiration_timestamp": 1790503200, "origin": {"type": "marketing"}}, pricing={"billable": True, "pricing_model": "CBP", "category": "marketing"}), "delivered"),
    "prices of null": (_status(pricing=None, conversation=[]), "delivered"),
    "our token": (_status(biz_opaque_callback_data="a:77"), "delivered"),
    "token that is an object": (_status(biz_opaque_callback_data={"a": 7}), "delivered"),
    "error in short": (_status(status="failed", errors=[{"code": 131026, "title": "Undeliverable"}]), "failed"),
    "error code in a text": (_status(status="failed", errors=[{"code": "131026"}]), "failed"),
    "error details in a text": (_status(status="failed", errors=[{"code": 131026, "error_data": "No."}]), "failed"),
    "error that is one object": (_status(status="failed", errors=ERROR), "failed"),
    "error that is a text": (_status(status="failed", errors="no"), "failed"),
    "errors of nothing": (_status(status="failed", errors=[None, 5, {}]), "failed"),
    "keys of tomorrow": (_status(mood={"colour": "blue"}, type="message"), "delivered"),
}  # fmt: skip
"""One status each, and its word."""

UNREADABLE_STATUSES: dict[str, bytes] = {
    "no id": _status(id=None),
    "id that is a list": _status(id=["wamid.V1"]),
    "no word": _status(status=None),
    "word that is a number": _status(status=3),
    "word that is empty": _status(status=""),
}

_MANY = [message(**TEXT, id=f"wamid.V{number}") for number in range(3)]
_VALUE = value(contacts=[NAMED], messages=_MANY)
_WHOLE = webhook(_VALUE)
_ENTRY = _WHOLE["entry"][0]
_CHANGE = _ENTRY["changes"][0]

ENVELOPES: dict[str, bytes] = {
    "as usual": encode(_WHOLE),
    "no object": encode({"entry": _WHOLE["entry"]}),
    "another object": encode(_WHOLE | {"object": "page"}),
    "entry that is one object": encode(_WHOLE | {"entry": _ENTRY}),
    "changes that are one object": encode(_WHOLE | {"entry": [_ENTRY | {"changes": _CHANGE}]}),
    "no id of the account": encode({"entry": [{"changes": [_CHANGE]}]}),
    "id of the account that is 0": encode(webhook(_VALUE, id="0")),
    "id of the account that is a number": encode(webhook(_VALUE, id=int(ACCOUNT), time=1790416800)),
    "entry without an envelope": encode(_ENTRY),
    "change without an envelope": encode(_CHANGE),
    "change without a field": encode(_WHOLE | {"entry": [{"changes": [{"value": _VALUE}]}]}),
    "field of null": encode(webhook(_VALUE, field=None)),
    "value alone, as relays send it": encode(_VALUE),
    "webhooks as a list": encode([_WHOLE]),
    "statuses and errors of null": encode(webhook(_VALUE | {"statuses": None, "errors": None})),
    "empty lists beside them": encode(webhook(_VALUE | {"statuses": [], "errors": []})),
    "contacts of null": encode(webhook(_VALUE | {"contacts": None})),
    "each in an entry of its own": encode({"entry": [webhook(value(messages=[each]))["entry"][0] for each in _MANY]}),
    "each in a change of its own": encode({"entry": [{"changes": [{"field": "messages", "value": value(messages=[each])} for each in _MANY]}]}),
    "with empty entries around": encode({"entry": [{"id": "1", "changes": []}, _ENTRY, {"id": "1", "changes": []}]}),
    "product of another name": encode(webhook(_VALUE | {"messaging_product": "telegram"})),
    "number with signs in it": encode(webhook(_VALUE | {"metadata": {"display_phone_number": "+1 555-010-0200", "phone_number_id": NUMBER}})),
    "our number as a number": encode(webhook(_VALUE | {"metadata": {"phone_number_id": int(NUMBER)}})),
    "keys of tomorrow in the envelope": encode(webhook(_VALUE | {"mood": {"colour": "blue"}}, region={"name": "ap"}) | {"version": [26]}),
    "slashes escaped": encode(_WHOLE).replace(b"/", b"\\/"),
    "letters plain and a mark before": b"\xef\xbb\xbf" + encode(_WHOLE),
    "white space everywhere": encode(_WHOLE).replace(b",", b" ,\r\n\t").replace(b":[", b" : ["),
    "a key that stands twice with the same": encode(_WHOLE).replace(b'"object":', b'"object":"whatsapp_business_account","object":'),
}  # fmt: skip
"""Three texts each: they must come out as three texts of our number, or be announced if the number is missing."""

_STRAY = message(**TEXT, id="wamid.V9")
STRAYS: dict[str, bytes] = {
    "messages under the key of standby": encode(webhook(_VALUE | {"standby": [_STRAY]})),
    "messages inside of standby without its field": encode(webhook(_VALUE | {"standby": {"messages": [_STRAY]}})),
    "messages under a key of tomorrow": encode(webhook(_VALUE | {"messages_v2": [_STRAY]})),
    "messages misspelled": encode(webhook(_VALUE | {"mesages": [_STRAY]})),
    "one message beside the list": encode(webhook(_VALUE | {"message": _STRAY})),
    "a message among the contacts": encode(webhook(_VALUE | {"contacts": [NAMED, _STRAY]})),
    "a message in the metadata": encode(webhook(_VALUE | {"metadata": _VALUE["metadata"] | {"extra": [_STRAY]}})),
    "messages beside the value": encode({"entry": [{"changes": [_CHANGE | {"messages": [_STRAY]}]}]}),
    "messages beside the changes": encode({"entry": [_ENTRY | {"messages": [_STRAY]}]}),
    "messages beside the entries": encode(_WHOLE | {"messages": [_STRAY]}),
    "a second value": encode(_WHOLE).replace(b'"value":', b'"value":' + encode(value(messages=[_STRAY])) + b',"value":'),
    "a second list of messages": encode(_WHOLE).replace(b'"messages":[', b'"messages":[' + encode(_STRAY) + b'],"messages":['),
    "a second entry": encode(_WHOLE).replace(b'"entry":', b'"entry":' + encode([webhook(value(messages=[_STRAY]))["entry"][0]]) + b',"entry":'),
    "a second name of the whole": encode(_WHOLE).replace(b'"object":', b'"object":"wamid.V9","object":'),
    "a second field": encode(_WHOLE).replace(b'"field":', b'"field":"wamid.V9","field":'),
    "a second number of ours": encode(_WHOLE).replace(b'"phone_number_id":', b'"phone_number_id":"wamid.V9","phone_number_id":'),
    "a second id of a contact": encode(webhook(_VALUE | {"contacts": [NAMED]})).replace(b'"wa_id":', b'"wa_id":"wamid.V9","wa_id":'),
    "a whole change within a value": encode(webhook(_VALUE | {"value": [{"field": "account_update", "value": {"event": "wamid.V9"}}]})),
    "an entry of the address book within a value": encode(webhook(_VALUE | {"code": {"state_sync": [{"contact": {"full_name": "wamid.V9"}, "action": "add"}]}})),
    "something that happened within a value": encode(webhook(_VALUE | {"wa_id": {"type": "wamid.V9", "timestamp": "1790000000"}})),
    "a word about advertising within a value": encode(webhook(_VALUE | {"code": [{"wa_id": PHONE, "value": "stop", "category": "marketing_messages", "detail": "wamid.V9"}]})),
    "messages under a key with slashes": encode(webhook(_VALUE | {"a/b~c": [_STRAY]})),
    "messages under half a character": encode(webhook(_VALUE | {"\ud83d": [_STRAY]})),
    "messages deep under a key of tomorrow": encode(webhook(_VALUE | {"v27": {"inner": {"list": [[_STRAY]]}}})),
}  # fmt: skip
"""Three texts each, and one where nobody expects it: that one must be set aside, and cost the others nothing."""

NOTHING_TO_READ: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "a text": b'"wamid.V1"',
    "an empty object": b"{}",
    "a form": b"payload=%7B%7D",
    "a page": b"<!DOCTYPE html>",
    "two bodies": encode(_WHOLE) * 2,
    "half a body": encode(_WHOLE)[:300],
    "a body within a text": encode(encode(_WHOLE).decode()),
    "entry of null": encode({"object": "whatsapp_business_account", "entry": None}),
    "entry that is a text": encode({"entry": encode(_WHOLE["entry"]).decode()}),
    "changes of null": encode({"entry": [{"id": "1", "changes": None}]}),
    "no changes": encode({"entry": [{"id": "1", "time": 1790416800}]}),
    "value of null": encode(webhook(None)),
    "value that is a list": encode(webhook([_VALUE])),
    "value that says nothing": encode(webhook(value())),
    "messages of null": encode(webhook(value(messages=None))),
    "messages that are a text": encode(webhook(value(messages="wamid.V1"))),
    "a message that is null": encode(webhook(value(messages=[None]))),
}
"""Bodies of which nothing can be understood: somebody must be told, once or more often, of each."""
