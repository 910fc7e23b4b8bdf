"""What Meta demands of the body of POST /messages, for text, buttons, lists and mark-as-read (cloud-api 5.1 to 5.3).

Stricter than Meta in one place: `to` must be `+` and digits, because without `+` a country code may be prepended.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from wabridge.sandbox import interactive
from wabridge.sandbox.graph import GraphError, Refusal
from wabridge.sandbox.interactive import Choice

BODY_CHARACTERS = 4096
CALLBACK_CHARACTERS = 512

SEND_KEYS = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "text",
    "interactive",
    "context",
    "biz_opaque_callback_data",
}
READ_KEYS = {"messaging_product", "status", "message_id", "typing_indicator"}
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A well-formed order to send a text, with buttons or without."""

    address: str
    """`+` and digits, or a business-scoped user id."""
    text: str
    callback_data: str | None
    quoted_wamid: str | None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead:
    """A well-formed order to show the client blue ticks."""

    wamid: str


def parse(raw: bytes, content_type: str, *, own_number: str) -> Send | MarkRead:
    """Return the order; raises Refusal as Meta would refuse it."""
    body = _json_object(raw, content_type)
    if body.get("messaging_product") != "whatsapp":
        raise _refusal(100, "The parameter messaging_product is required.", "messaging_product must be whatsapp")
    return _parse_read(body) if "status" in body else _parse_send(body, own_number)


def find_json(raw: bytes) -> Any:
    """Return what the bytes say as JSON, or None if they say nothing."""
    try:
        return json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _parse_read(body: dict[str, Any]) -> MarkRead:
    _refuse_unknown_keys(body, READ_KEYS, "")
    if body["status"] != "read":
        raise _invalid("status must be read")
    return MarkRead(wamid=_wamid(body, "message_id"))


def _parse_send(body: dict[str, Any], own_number: str) -> Send:
    _refuse_unknown_keys(body, SEND_KEYS, "")
    if body.get("recipient_type", "individual") != "individual":
        raise _invalid("recipient_type must be individual")
    kind = body.get("type", "text")
    if kind not in ("text", "interactive"):
        raise _refusal(131051, "Unsupported message type", "the pretend Meta takes text and interactive only")
    address = _address(body)
    if address == f"+{own_number}":
        raise _refusal(131021, "Recipient cannot be sender", "to is the sender's own number")
    words, choices = (_text(body), ()) if kind == "text" else interactive.parse(body.get("interactive"))
    return Send(
        address=address,
        text=words,
        choices=choices,
        callback_data=_callback_data(body),
        quoted_wamid=_quoted_wamid(body),
    )


def _json_object(raw: bytes, content_type: str) -> dict[str, Any]:
    if content_type != "application/json":
        raise _refusal(100, "Invalid parameter", "Content-Type must be application/json")
    body = find_json(raw)
    if not isinstance(body, dict):
        raise _refusal(100, "Invalid parameter", "the body is not a JSON object in UTF-8")
    return body


def _address(body: dict[str, Any]) -> str:
    if "to" in body:  # wins over recipient (3.4)
        if isinstance(body["to"], str) and PHONE.fullmatch(body["to"]):
            return body["to"]
        raise _invalid("to must be + and digits")
    if "recipient" in body:
        if isinstance(body["recipient"], str) and USER_ID.fullmatch(body["recipient"]):
            return body["recipient"]
        raise _invalid("recipient must be a business-scoped user id")
    raise _missing("to")


def _text(body: dict[str, Any]) -> str:
    text = body.get("text")
    if text is None:
        raise _missing("text")
    if not isinstance(text, dict):
        raise _invalid("text must be an object")
    _refuse_unknown_keys(text, {"body", "preview_url"}, "text.")
    if not isinstance(text.get("preview_url", False), bool):
        raise _invalid("text.preview_url must be true or false")
    if "body" not in text:
        raise _missing("text.body")
    words = text["body"]
    if not isinstance(words, str) or not words.strip():
        raise _invalid("text.body must be a string with something in it")
    if len(words) > BODY_CHARACTERS:
        raise _refusal(100, "Invalid parameter", f"text.body is longer than {BODY_CHARACTERS} characters")
    return words


def _callback_data(body: dict[str, Any]) -> str | None:
    handle = body.get("biz_opaque_callback_data")
    if "biz_opaque_callback_data" not in body:
        return None
    if not isinstance(handle, str) or not handle:
        raise _invalid("biz_opaque_callback_data must be a string with something in it")
    if len(handle) > CALLBACK_CHARACTERS:
        raise _refusal(
            100, "Invalid parameter", f"biz_opaque_callback_data is longer than {CALLBACK_CHARACTERS} characters"
        )
    return handle


def _quoted_wamid(body: dict[str, Any]) -> str | None:
    if "context" not in body:
        return None
    if not isinstance(body["context"], dict):
        raise _invalid("context must be an object")
    _refuse_unknown_keys(body["context"], {"message_id"}, "context.")
    return _wamid(body["context"], "message_id")


def _wamid(holder: dict[str, Any], key: str) -> str:
    if key not in holder:
        raise _missing(key)
    wamid = holder[key]
    if not isinstance(wamid, str) or not wamid.startswith("wamid."):
        raise _invalid(f"{key} must be a wamid")
    return wamid


def _refuse_unknown_keys(holder: dict[str, Any], known: set[str], prefix: str) -> None:
    unknown = sorted(set(holder) - known)
    if unknown:
        raise _refusal(100, "Invalid parameter", f"Unexpected key {prefix}{unknown[0]}")


def _missing(name: str) -> Refusal:
    return _refusal(131008, "Required parameter is missing", f"{name} is missing")


def _invalid(sentence: str) -> Refusal:
    return _refusal(131009, "Parameter value is not valid", sentence)


def _refusal(code: int, title: str, details: str) -> Refusal:
    return Refusal(GraphError(http=400, code=code, title=title, details=details), is_violation=True)
