"""Payload variants as data: what is special about each, and what must come out. Composed from Meta's pages, all invented.

What is not named in a variant is as usual: one text message of Ada's to our number.
"""
# ruff: noqa: E501 - one line a variant

import json
from typing import Any, NamedTuple

NUMBER, ACCOUNT = "106540352242922", "104996122399160"
PHONE, USER_ID = "16505550123", "US.13491208655302741918"

Json = dict[str, Any]
USUAL: Json = {"from": PHONE, "from_user_id": USER_ID, "id": "wamid.V1", "timestamp": "1790416800"}
NAMED: Json = {"profile": {"name": "Ada Example"}, "wa_id": PHONE, "user_id": USER_ID}
TEXT: Json = {"type": "text", "text": {"body": "Halo"}}
ERROR: Json = {"code": 131051, "title": "Not supported", "message": "Not supported", "error_data": {"details": "No."}}
OLD_ERROR: Json = {"code": 501, "title": "Unknown message type", "details": "No."}
MEDIA: Json = {
    "id": "1003383421387256",
    "mime_type": "image/jpeg",
    "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=",
}


class Told(NamedTuple):
    """What a message must say. type: as it came; holds: words that must stand somewhere in what is kept of it."""

    type: str
    text: str | None = None
    holds: tuple[str, ...] = ()


def message(**parts: Any) -> Json:
    """Return an element of `messages`; None leaves a key out."""
    return {key: part for key, part in (USUAL | parts).items() if part is not None}


def value(**parts: Any) -> Json:
    """Return the value of a change."""
    metadata = {"display_phone_number": "15550100200", "phone_number_id": NUMBER}
    return {"messaging_product": "whatsapp", "metadata": metadata} | parts


def webhook(inner: Any, field: Any = "messages", **entry: Any) -> Json:
    """Return a whole body."""
    changes = [{"field": field, "value": inner}]
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": changes} | entry]}


def one(**parts: Any) -> bytes:
    """Return the body with one message."""
    return encode(webhook(value(contacts=[NAMED], messages=[message(**parts)])))


def encode(root: Any) -> bytes:
    """Return a body as Meta spells it."""
    return json.dumps(root, separators=(",", ":")).encode()


def _media(kind: str, **more: Any) -> Json:
    return {"type": kind, kind: MEDIA | more}


def _answer(kind: str, **more: Any) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, kind: more}}


def _unsupported(what: str) -> tuple[Json, Told]:
    return {"type": "unsupported", "errors": [ERROR], "unsupported": {"type": what}}, Told(
        "unsupported", holds=("131051",)
    )


_REPLY = {"from": "15550100200", "id": "wamid.OUT1"}

MESSAGES: dict[str, tuple[Json, Told]] = {
    "text": (TEXT, Told("text", "Halo")),
    "text with a link preview": ({"type": "text", "text": {"body": "https://a.example", "preview_url": True}}, Told("text", "https://a.example")),
    "empty text": ({"type": "text", "text": {"body": ""}}, Told("text", "")),
    "text of one space": ({"type": "text", "text": {"body": " "}}, Told("text", " ")),
    "long text": ({"type": "text", "text": {"body": "a" * 65536}}, Told("text", "a" * 65536)),
    "right to left": ({"type": "text", "text": {"body": "\u202eمرحبا"}}, Told("text", "\u202eمرحبا")),
    "time as a number": (TEXT | {"timestamp": 1790416800}, Told("text", "Halo")),
    "time in milliseconds": (TEXT | {"timestamp": "1790416800000"}, Told("text", "Halo")),
    "time with a fraction": (TEXT | {"timestamp": 1790416800.5}, Told("text", "Halo")),
    "time of another spelling": (TEXT | {"timestamp": "2026-09-26T10:00:00Z"}, Told("text", "Halo")),
    "no time": (TEXT | {"timestamp": None}, Told("text", "Halo")),
    "time before everything": (TEXT | {"timestamp": "-1"}, Told("text", "Halo")),
    "id as a number": (TEXT | {"id": 12345678901}, Told("text", "Halo")),
    "id of the dashboard": (TEXT | {"id": "ABGGFlA5Fpa"}, Told("text", "Halo")),
    "reply": (TEXT | {"context": _REPLY}, Told("text", "Halo")),
    "reply that names the number's id": (TEXT | {"context": {"from": NUMBER, "id": "wamid.OUT1"}}, Told("text", "Halo")),
    "forwarded": (TEXT | {"context": {"forwarded": True}}, Told("text", "Halo", ("once",))),
    "forwarded often": (TEXT | {"context": {"frequently_forwarded": True}}, Told("text", "Halo", ("often",))),
    "context of null": (TEXT | {"context": None}, Told("text", "Halo")),
    "context that is a text": (TEXT | {"context": "wamid.OUT1"}, Told("text", "Halo", ("wamid.OUT1",))),
    "context with an empty id": (TEXT | {"context": {"id": ""}}, Told("text", "Halo")),
    "about a product": (TEXT | {"context": _REPLY | {"referred_product": {"catalog_id": "19", "product_retailer_id": "sku-1"}}}, Told("text", "Halo", ("sku-1",))),
    "from an ad": (TEXT | {"referral": {"source_type": "ad", "source_id": "12", "ctwa_clid": "Aff", "welcome_message": {"text": "Hi!"}}}, Told("text", "Halo", ("Aff", "Hi!"))),
    "from a post with a video": (TEXT | {"referral": {"source_type": "post", "video_url": "https://v.example", "thumbnail_url": "https://t.example"}}, Told("text", "Halo", ("https://v.example",))),
    "referral that is a list": (TEXT | {"referral": [{"headline": "Satu"}]}, Told("text", "Halo", ("Satu",))),
    "old identity beside it": (TEXT | {"identity": {"acknowledged": True, "created_timestamp": "1790416817", "hash": "DF2l"}}, Told("text", "Halo", ("DF2l",))),
    "errors beside a text": (TEXT | {"errors": [ERROR]}, Told("text", "Halo", ("131051",))),
    "errors of null": (TEXT | {"errors": None}, Told("text", "Halo")),
    "errors that are one object": (TEXT | {"errors": ERROR}, Told("text", "Halo", ("131051",))),
    "errors that are texts": (TEXT | {"errors": ["too bad"]}, Told("text", "Halo", ("too bad",))),
    "image": (_media("image", caption="kuitansi"), Told("image", holds=("kuitansi", "1003383421387256"))),
    "image without anything": ({"type": "image", "image": {}}, Told("image")),
    "image of null": ({"type": "image", "image": None}, Told("image")),
    "image without its object": ({"type": "image"}, Told("image")),
    "image whose id is a number": (_media("image", id=1003383421387256), Told("image", holds=("1003383421387256",))),
    "image with a hash in hexadecimal": (_media("image", sha256="5d" * 32), Told("image", holds=("5d" * 32,))),
    "image with a link of the old interface": ({"type": "image", "image": {"link": "https://old.example/i", "id": "7"}}, Told("image", holds=("https://old.example/i",))),
    "image that could not be fetched": (_media("image") | {"errors": [{"code": 400, "title": "Media download failed", "details": "ServerThrottle"}]}, Told("image", holds=("ServerThrottle",))),
    "image that is a list": ({"type": "image", "image": [MEDIA]}, Told("image", holds=("1003383421387256",))),
    "file over the limit": ({"type": "document", "errors": [{"code": 131052, "title": "Media download error"}]}, Told("document", holds=("131052",))),
    "video": (_media("video", caption="suara"), Told("video", holds=("suara",))),
    "document": (_media("document", filename="surat.pdf"), Told("document", holds=("surat.pdf",))),
    "audio": (_media("audio", mime_type="audio/ogg; codecs=opus", voice=False), Told("audio", holds=("audio/ogg; codecs=opus",))),
    "voice of the old interface": ({"type": "voice", "voice": MEDIA}, Told("voice", holds=("1003383421387256",))),
    "voice said in words": (_media("audio", voice="true"), Told("audio", holds=("1003383421387256",))),
    "sticker": (_media("sticker", animated=True), Told("sticker", holds=("1003383421387256",))),
    "sticker of the old interface": (_media("sticker", metadata={"emojis": ["👍"], "is-first-party-sticker": 1}), Told("sticker", holds=("👍",))),
    "location": ({"type": "location", "location": {"latitude": -6.2, "longitude": 106.8}}, Told("location", holds=("-6.2",))),
    "location in texts": ({"type": "location", "location": {"latitude": "-6.2", "longitude": "106.8"}}, Told("location", holds=("-6.2",))),
    "location that is nowhere": ({"type": "location", "location": {"latitude": 1000, "longitude": 106.8}}, Told("location", holds=("1000",))),
    "location with a name only": ({"type": "location", "location": {"name": "Kantor"}}, Told("location", holds=("Kantor",))),
    "contact card": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Grace"}}]}, Told("contacts", holds=("Grace",))),
    "contact card with nothing but a number": ({"type": "contacts", "contacts": [{"phones": [{"phone": "+1 650-555-0199", "wa_id": 16505550199}], "origin": "contact_request"}]}, Told("contacts", holds=("16505550199",))),
    "contact card that is no list": ({"type": "contacts", "contacts": {"name": {"first_name": "Grace"}}}, Told("contacts", holds=("Grace",))),
    "no contact cards": ({"type": "contacts", "contacts": []}, Told("contacts")),
    "button reply": (_answer("button_reply", id="slot", title="Hari ini"), Told("interactive", holds=("Hari ini", "slot"))),
    "list reply": (_answer("list_reply", id="row", title="Kilat", description="Besok"), Told("interactive", holds=("Besok",))),
    "answer without its type": ({"type": "interactive", "interactive": {"button_reply": {"id": "slot", "title": "Hari ini"}}}, Told("interactive", holds=("Hari ini",))),
    "form": (_answer("nfm_reply", name="flow", body="Sent", response_json='{"rating":"4"}'), Told("interactive", holds=("4", "rating"))),
    "form whose answer is an object": (_answer("nfm_reply", response_json={"rating": "4"}), Told("interactive", holds=("4",))),
    "form that is an address": (_answer("nfm_reply", name="address_message", response_json='{"values":{"city":"Bandung"}}'), Told("interactive", holds=("Bandung",))),
    "permission to call, time in a text": (_answer("call_permission_reply", response="accept", expiration_timestamp="1791021611"), Told("interactive", holds=("accept",))),
    "permission refused": (_answer("call_permission_reply", response="reject"), Told("interactive", holds=("reject",))),
    "permission for ever": (_answer("call_permission_reply", response="accept", is_permanent=True), Told("interactive", holds=("accept",))),
    "product": (_answer("product", catalog_id="19", product_retailer_id="sku-1"), Told("interactive", holds=("sku-1",))),
    "answer without content": ({"type": "interactive"}, Told("interactive")),
    "answer of null": ({"type": "interactive", "interactive": None}, Told("interactive")),
    "template button": ({"type": "button", "button": {"payload": "ok", "text": "Setuju"}, "context": _REPLY}, Told("button", holds=("Setuju",))),
    "template button without context": ({"type": "button", "button": {"text": "Setuju"}}, Told("button", holds=("Setuju",))),
    "template button whose payload is a number": ({"type": "button", "button": {"payload": 5, "text": "Setuju"}}, Told("button", holds=("Setuju", "5"))),
    "reaction": ({"type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": "👍"}}, Told("reaction", holds=("👍",))),
    "reaction taken off": ({"type": "reaction", "reaction": {"message_id": "wamid.OUT1"}}, Told("reaction", holds=("wamid.OUT1",))),
    "reaction taken off by nothing": ({"type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": ""}}, Told("reaction", holds=("wamid.OUT1",))),
    "reaction of a family": ({"type": "reaction", "reaction": {"message_id": "wamid.OUT1", "emoji": "👩\u200d👧"}}, Told("reaction", holds=("👩\u200d👧",))),
    "order": ({"type": "order", "order": {"catalog_id": "19", "product_items": [{"product_retailer_id": "sku-1", "quantity": 2, "item_price": 30.5, "currency": "USD"}]}}, Told("order", holds=("30.5", "sku-1"))),
    "order in texts": ({"type": "order", "order": {"catalog_id": "19", "text": "", "product_items": [{"quantity": "2", "item_price": "30.5"}]}}, Told("order", holds=("30.5",))),
    "number changed": ({"type": "system", "system": {"type": "user_changed_number", "body": "Ada pindah", "wa_id": "12195550777", "user_id": "US.99"}}, Told("system", holds=("12195550777", "US.99"))),
    "number changed, old words": ({"type": "system", "system": {"type": "customer_changed_number", "body": "Ada pindah", "new_wa_id": "12195550777", "customer": PHONE, "identity": "x"}}, Told("system", holds=("12195550777",))),
    "user id changed": ({"type": "system", "from": None, "from_user_id": None, "system": {"type": "user_changed_user_id", "user_id": "US.99", "previous_user_id": USER_ID}}, Told("system", holds=("US.99",))),
    "security code": ({"type": "system", "identity": {"hash": "DF2l"}, "system": {"type": "customer_identity_changed", "body": "x"}}, Told("system", holds=("DF2l",))),
    "system news of tomorrow": ({"type": "system", "system": {"type": "user_moved_to_mars", "body": "Ada di Mars"}}, Told("system", holds=("Ada di Mars",))),
    "edit of a text": ({"type": "edit", "edit": {"original_message_id": "wamid.T1", "message": {"context": {"id": "M0"}, "type": "text", "text": {"body": "Baru"}}}}, Told("edit", "Baru")),
    "edit of a picture": ({"type": "edit", "edit": {"original_message_id": "wamid.T1", "message": _media("image", caption="Baru")}}, Told("edit", holds=("Baru",))),
    "edit without a message": ({"type": "edit", "edit": {"original_message_id": "wamid.T1"}}, Told("edit", holds=("wamid.T1",))),
    "revoke": ({"type": "revoke", "revoke": {"original_message_id": "wamid.T1"}}, Told("revoke", holds=("wamid.T1",))),
    "revoke of nothing": ({"type": "revoke", "revoke": {}}, Told("revoke")),
    **{f"not passed on: {what}": _unsupported(what) for what in (
        "button", "edit", "errors", "gif", "group_invite", "hsm", "image", "interactive", "keep_in_chat", "link_preview",
        "list", "location", "media_placeholder", "order", "pin", "poll_creation", "poll_update", "product", "reaction", "unknown",
    )},
    "not passed on, raw": ({"type": "unsupported", "errors": [ERROR], "unsupported": {"type": "unknown", "raw_type": "hologram"}}, Told("unsupported", holds=("hologram",))),
    "not passed on, not said what": ({"type": "unsupported", "errors": [ERROR]}, Told("unsupported", holds=("131051",))),
    "unavailable": ({"type": "unsupported", "errors": [{"code": 131060, "title": "This message is currently unavailable"}]}, Told("unsupported", holds=("131060",))),
    "unknown, old words": ({"type": "unknown", "errors": [OLD_ERROR]}, Told("unknown", holds=("501", "No."))),
    "short old error": ({"type": "unknown", "errors": [{"code": "501", "title": "Unknown"}]}, Told("unknown", holds=("501", "Unknown"))),
    "welcome": ({"type": "request_welcome"}, Told("request_welcome")),
    "type of tomorrow": ({"type": "hologram", "hologram": {"depth": 3}}, Told("hologram", holds=("3",))),
    "type of tomorrow that is a text": ({"type": "hologram", "hologram": "3D"}, Told("hologram", holds=("3D",))),
    "type in capitals": ({"type": "TEXT", "text": {"body": "Halo"}}, Told("TEXT", holds=("Halo",))),
    "placeholder of a history": ({"type": "media_placeholder", "history_context": {"status": "PLAYED"}}, Told("media_placeholder", holds=("PLAYED",))),
    "keys of tomorrow": (TEXT | {"mood": {"colour": "blue", "list": [1, None]}}, Told("text", "Halo", ("blue",))),
}  # fmt: skip
"""Messages that must come out as messages."""

UNREADABLE_MESSAGES: dict[str, Json] = {
    "no type": TEXT | {"type": None},
    "type that is a number": TEXT | {"type": 5},
    "type that is empty": TEXT | {"type": ""},
    "text without its object": {"type": "text"},
    "text of null": {"type": "text", "text": None},
    "text that is a text": {"type": "text", "text": "Halo"},
    "text that is a list": {"type": "text", "text": ["Halo"]},
    "text whose words are a number": {"type": "text", "text": {"body": 5}},
    "text whose words are an object": {"type": "text", "text": {"body": {"body": "Halo"}}},
    "text under another key": {"type": "text", "txt": {"body": "Halo"}},
    "no id": TEXT | {"id": None},
    "id that is an object": TEXT | {"id": {"id": "wamid.V1"}},
    "id that is empty": TEXT | {"id": ""},
    "group that is an object": TEXT | {"group_id": {"id": "g"}},
}
"""Messages of Ada's that can't be understood: she is known, so each must show in her conversation."""
