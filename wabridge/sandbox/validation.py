"""What Meta demands of the body of POST /messages: the envelope, and mark-as-read (cloud-api 5.1 to 5.3).

Stricter than Meta in two places: `to` must be `+` and digits, because without `+` a country code may be prepended;
and only one of `to` and `recipient` may be there, because `to` would win.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wabridge.sandbox import checks, sendable, template_sends
from wabridge.sandbox.interactive import Choice
from wabridge.sandbox.sendable import Content

CALLBACK_CHARACTERS = 512

SEND_KEYS = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
}
READ_KEYS = {"messaging_product", "status", "message_id", "typing_indicator"}
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A well-formed order to send something."""

    address: str
    """`+` and digits, or a business-scoped user id."""
    text: str
    """What the phone shows of it."""
    callback_data: str | None
    quoted_wamid: str | None
    choices: tuple[Choice, ...] = ()
    kind: str = "text"
    reaction_to: str | None = None
    """The wamid under which its text stands as an emoji."""
    file_id: str | None = None
    """Of an uploaded file."""
    header: str | None = None
    """As what that file stands above the words."""
    is_voice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead:
    """A well-formed order to show the client blue ticks."""

    wamid: str
    is_typing: bool = False
    """Whether the client sees that somebody writes, for 25 seconds."""


def parse(raw: bytes, content_type: str, *, own_number: str) -> Send | MarkRead:
    """Return the order; raises Refusal as Meta would refuse it."""
    body = _json_object(raw, content_type)
    if body.get("messaging_product") != "whatsapp":
        raise checks.refusal(100, "The parameter messaging_product is required.", "messaging_product must be whatsapp")
    return _parse_read(body) if "status" in body else _parse_send(body, own_number)


def find_json(raw: bytes) -> Any:
    """Return what the bytes say as JSON, or None if they say nothing."""
    try:
        return json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _parse_read(body: dict[str, Any]) -> MarkRead:
    _refuse_unknown_keys(body, READ_KEYS)
    if body["status"] != "read":
        raise checks.invalid("status must be read")
    if "typing_indicator" in body:
        typing = checks.an_object(body["typing_indicator"], "typing_indicator", known={"type"})
        if typing.get("type") != "text":
            raise checks.invalid("typing_indicator.type must be text")
    return MarkRead(wamid=checks.a_wamid(body, "message_id"), is_typing="typing_indicator" in body)


def _parse_send(body: dict[str, Any], own_number: str) -> Send:
    if body.get("recipient_type", "individual") != "individual":
        raise checks.invalid("recipient_type must be individual")
    kind = body.get("type", "text")
    if kind not in PARTS:
        raise checks.refusal(131051, "Unsupported message type", "the pretend Meta does not take this type")
    _refuse_unknown_keys(body, SEND_KEYS | {kind})
    address = _address(body)
    if address == f"+{own_number}":
        raise checks.refusal(131021, "Recipient cannot be sender", "to is the sender's own number")
    if kind not in body:
        raise checks.missing(kind)
    content = PARTS[kind](body[kind])
    if content.reaction_to and "context" in body:
        raise checks.invalid("context does not belong to a reaction")
    if "recipient_identity_key_hash" in body:
        checks.a_text(body, "recipient_identity_key_hash", "message", most=200)
    return Send(
        address=address,
        text=content.words,
        choices=content.choices,
        callback_data=_callback_data(body),
        quoted_wamid=_quoted_wamid(body),
        kind=kind,
        reaction_to=content.reaction_to,
        file_id=content.file_id,
        header=content.header,
        is_voice=content.is_voice,
    )


PARTS: dict[str, Callable[[Any], Content]] = {
    "text": sendable.parse_text,
    **{kind: sendable.parse_media(kind) for kind in ("image", "video", "document", "audio", "sticker")},
    "location": sendable.parse_location,
    "contacts": sendable.parse_contacts,
    "reaction": sendable.parse_reaction,
    "interactive": sendable.parse_interactive,
    "template": template_sends.parse,
}


def _json_object(raw: bytes, content_type: str) -> dict[str, Any]:
    if content_type != "application/json":
        raise checks.refusal(100, "Invalid parameter", "Content-Type must be application/json")
    body = find_json(raw)
    if not isinstance(body, dict):
        raise checks.refusal(100, "Invalid parameter", "the body is not a JSON object in UTF-8")
    return body


def _address(body: dict[str, Any]) -> str:
    if "to" in body and "recipient" in body:
        raise checks.invalid("only one of to and recipient may be there")
    if "to" in body:
        if isinstance(body["to"], str) and PHONE.fullmatch(body["to"]):
            return body["to"]
        raise checks.invalid("to must be + and digits")
    if "recipient" in body:
        if isinstance(body["recipient"], str) and USER_ID.fullmatch(body["recipient"]):
            return body["recipient"]
        raise checks.invalid("recipient must be a business-scoped user id")
    raise checks.missing("to")


def _callback_data(body: dict[str, Any]) -> str | None:
    handle = body.get("biz_opaque_callback_data")
    if "biz_opaque_callback_data" not in body:
        return None
    if not isinstance(handle, str) or not handle:
        raise checks.invalid("biz_opaque_callback_data must be a string with something in it")
    if len(handle) > CALLBACK_CHARACTERS:
        raise checks.refusal(
            100, "Invalid parameter", f"biz_opaque_callback_data is longer than {CALLBACK_CHARACTERS} characters"
        )
    return handle


def _quoted_wamid(body: dict[str, Any]) -> str | None:
    if "context" not in body:
        return None
    context = checks.an_object(body["context"], "context", known={"message_id"})
    return checks.a_wamid(context, "message_id", "context.")


def _refuse_unknown_keys(body: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(body) - known)
    if unknown:
        raise checks.refusal(100, "Invalid parameter", f"Unexpected key {unknown[0]}")
