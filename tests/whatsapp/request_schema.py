"""The body of POST /messages as a JSON Schema, composed from cloud-api 5.1 to 5.3 and 3.4, 3.5: a third reading of it.

Where Meta's own pages and its machine-readable description of the interface ask for different things, it demands what
suits both: degrees in a text, a policy beside each language, no label of a number but HOME and WORK, whole addresses.

Nothing is allowed that is not named, nothing may be null, no text may be empty; both `to` and `recipient` never stand
together. What a schema cannot say (that ids differ) is left to the pretend Meta.
"""

from typing import Any

from jsonschema import Draft202012Validator

Schema = dict[str, Any]


def text(most: int, pattern: str = r"\S") -> Schema:
    """Return a text of 1 to so many characters, not blank."""
    return {"type": "string", "minLength": 1, "maxLength": most, "pattern": pattern}


def an_object(required: Schema, **optional: Schema) -> Schema:
    """Return an object with these keys and no others."""
    return {
        "type": "object",
        "properties": required | optional,
        "required": sorted(required),
        "additionalProperties": False,
    }


def a_list(of: Schema, most: int) -> Schema:
    """Return a list of one to so many."""
    return {"type": "array", "items": of, "minItems": 1, "maxItems": most}


def const(value: str) -> Schema:
    """Return one word."""
    return {"const": value}


LINE = text(1000)
WAMID = text(1000, r"^wamid\.")
FILE = {"id": text(40, r"^[0-9]+$")}
CAPTION = text(1024)
PLACE = an_object(
    {
        "latitude": text(400, r"^-?(90(\.0+)?|[0-8]?[0-9](\.[0-9]+)?)$"),
        "longitude": text(400, r"^-?(180(\.0+)?|(1[0-7]|[0-9])?[0-9](\.[0-9]+)?)$"),
    },
    name=LINE,
    address=LINE,
)
HEADER_FILES: list[Schema] = [
    an_object({"type": const(kind), kind: an_object(FILE, **({"filename": LINE} if kind == "document" else {}))})
    for kind in ("image", "video", "document")
]
HEADER_TEXT = an_object({"type": const("text"), "text": text(60)})


def interactive(kind: str, words: int, action: Schema, *, headers: list[Schema] | None = None) -> Schema:
    """Return one kind of interactive message; one that takes no header takes no footer either."""
    extras = {"header": {"oneOf": headers}, "footer": an_object({"text": text(60)})} if headers else {}
    required = {"type": const(kind), "body": an_object({"text": text(words)}), "action": action}
    return an_object(required, **extras)


REPLY = an_object({"type": const("reply"), "reply": an_object({"id": text(256), "title": text(20)})})
ROWS = a_list(an_object({"id": text(200), "title": text(24)}, description=text(72)), 10)
ONE_SECTION = {**a_list(an_object({"rows": ROWS}, title=text(24)), 1)}
SECTIONS = {**a_list(an_object({"rows": ROWS, "title": text(24)}), 10), "minItems": 2}
INTERACTIVE = {
    "oneOf": [
        interactive("button", 1024, an_object({"buttons": a_list(REPLY, 3)}), headers=[HEADER_TEXT, *HEADER_FILES]),
        interactive(
            "list",
            4096,
            an_object({"button": text(20), "sections": {"oneOf": [ONE_SECTION, SECTIONS]}}),
            headers=[HEADER_TEXT],
        ),
        interactive(
            "cta_url",
            1024,
            an_object(
                {
                    "name": const("cta_url"),
                    "parameters": an_object({"display_text": text(20), "url": text(2000, r"^https?://[^\s/]+\S*$")}),
                }
            ),
            headers=[HEADER_TEXT, *HEADER_FILES],
        ),
        interactive("request_contact_info", 1024, an_object({"name": const("request_contact_info")})),
        interactive("location_request_message", 1024, an_object({"name": const("send_location")})),
    ]
}
NAME = {
    **an_object(
        {"formatted_name": LINE},
        first_name=LINE,
        last_name=LINE,
        middle_name=LINE,
        suffix=LINE,
        prefix=LINE,
    ),
    "minProperties": 2,
}
CARD = an_object(
    {"name": NAME},
    phones=a_list(an_object({"phone": LINE}, type={"enum": ["HOME", "WORK"]}, wa_id=LINE), 100),
    emails=a_list(an_object({"email": text(1000, r"^[!-?A-~]+@[A-Za-z0-9.-]+$")}), 100),
    urls=a_list(
        an_object({"url": text(9000, r"^https?://[A-Za-z0-9.:@-]+([/?#]([!$&-;=?-Z_a-z~#]|%[0-9A-Fa-f]{2})*)?$")}), 100
    ),
    addresses=a_list(
        {**an_object({}, street=LINE, city=LINE, state=LINE, zip=LINE, country=LINE), "minProperties": 1}, 100
    ),
    org={**an_object({}, company=LINE, department=LINE, title=LINE), "minProperties": 1},
    birthday=text(10, r"^\d{4}-\d{2}-\d{2}$"),
)
PARAMETER_TEXT = an_object({"type": const("text"), "text": text(1024, r"^[^\n\t]*$")}, parameter_name=LINE)
HEADER_PLACE = an_object({"type": const("location"), "location": PLACE})


def button(sub_type: str, parameter: Schema) -> Schema:
    """Return a template's button with one value."""
    required = {
        "type": const("button"),
        "sub_type": const(sub_type),
        "index": text(1, r"^[0-9]$"),
        "parameters": a_list(parameter, 1),
    }
    return an_object(required)


COMPONENT = {
    "oneOf": [
        an_object(
            {
                "type": const("header"),
                "parameters": a_list({"oneOf": [PARAMETER_TEXT, HEADER_PLACE, *HEADER_FILES]}, 1),
            }
        ),
        an_object({"type": const("body"), "parameters": a_list(PARAMETER_TEXT, 100)}),
        button("quick_reply", an_object({"type": const("payload"), "payload": LINE})),
        button("url", an_object({"type": const("text"), "text": LINE})),
        button("copy_code", an_object({"type": const("coupon_code"), "coupon_code": text(15)})),
    ]
}
TEMPLATE = an_object(
    {
        "name": text(512, r"^[a-z0-9_]+$"),
        "language": an_object(
            {"policy": const("deterministic"), "code": text(10, r"^[a-z]{2,3}(_[A-Z]{2})?$")},
        ),
    },
    components=a_list(COMPONENT, 20),
)
PARTS: dict[str, Schema] = {
    "text": an_object({"body": text(4096), "preview_url": {"type": "boolean"}}),
    "image": an_object(FILE, caption=CAPTION),
    "video": an_object(FILE, caption=CAPTION),
    "document": an_object(FILE, caption=CAPTION, filename=text(240)),
    "audio": an_object(FILE, voice={"type": "boolean"}),
    "sticker": an_object(FILE),
    "location": PLACE,
    "contacts": a_list(CARD, 257),
    "reaction": an_object(
        {"message_id": WAMID, "emoji": {"type": "string", "maxLength": 32, "pattern": r"^[^A-Za-z\s]*$"}}
    ),
    "interactive": INTERACTIVE,
    "template": TEMPLATE,
}


def _send(kind: str, address: Schema) -> Schema:
    required = {
        "messaging_product": const("whatsapp"),
        "recipient_type": const("individual"),
        "type": const(kind),
        kind: PARTS[kind],
        **address,
    }
    context = {} if kind == "reaction" else {"context": an_object({"message_id": WAMID})}
    return an_object(required, biz_opaque_callback_data=text(512), recipient_identity_key_hash=text(200), **context)


ADDRESSES: list[Schema] = [
    {"to": text(16, r"^\+[1-9][0-9]{6,14}$")},
    {"recipient": text(135, r"^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$")},
]
READ = an_object(
    {"messaging_product": const("whatsapp"), "status": const("read"), "message_id": WAMID},
    typing_indicator=an_object({"type": const("text")}),
)
BODY: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "oneOf": [*(_send(kind, address) for kind in PARTS for address in ADDRESSES), READ],
}
VALIDATOR = Draft202012Validator(BODY)


def require_valid(body: Any) -> None:
    """Raise AssertionError with what is wrong about a body, in the words of its own kind's schema."""
    if VALIDATOR.is_valid(body):
        return
    kind = body.get("type")
    own = _send(kind, ADDRESSES["recipient" in body]) if kind in PARTS else READ
    wrong = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(own).iter_errors(body)]
    raise AssertionError("; ".join(wrong) or "several readings fit")
