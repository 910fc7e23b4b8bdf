"""What a message says beside plain text: a table of types, each with its reader.

Rule 1: nothing here raises. Rule 2: a type without a reader, and any key that its reader does not know, is kept field
by field. Rule 3: text stands where a message's text stands, and is not repeated here.

Source: Meta, "messages webhook reference" and its page for each type.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from wabridge.model.content import (
    NOTHING,
    Body,
    CallPermission,
    Choice,
    Content,
    Edit,
    Field,
    Location,
    Media,
    Placeholder,
    Plain,
    Reaction,
    Revocation,
    System,
    flatten,
)
from wabridge.whatsapp import cards, decoding, people, reading
from wabridge.whatsapp.fields import Fields

MEDIA_TYPES = frozenset({"image", "video", "audio", "document", "sticker"})

_PEOPLE = ("from", "from_user_id", "from_parent_user_id")
_ENVELOPE = frozenset({*_PEOPLE, "group_id", "id", "timestamp", "type"})
"""Keys that the reader of messages understands; see `_unread`."""

_PLAIN_TEXT = _ENVELOPE | {"text"}


def read(message: dict[str, Any], kind: str) -> Content | None:
    """Return what a message of this type says beside its text; None if that is nothing."""
    unread = _unread(message)
    if (
        kind == "text"
        and message.keys() <= _PLAIN_TEXT
        and not unread
        and len(reading.mapping(message.get("text"))) == 1
    ):
        return None  # nearly every message, and nothing to take apart
    fields = Fields(message)
    fields.drop(*_ENVELOPE - unread)
    forwarded, errors = _context(fields), fields.errors()
    content = Content(
        body=_edit_or_other(fields, kind),
        forwarded=forwarded,
        referral=fields.inside("referral").rest(),
        more=fields.rest(),
        errors=errors,
    )
    return None if content == NOTHING else content


def _unread(message: dict[str, Any]) -> set[str]:
    """Return the keys around a message under which something stands that cannot be read: it is shown as it came."""
    unread = {key for key in _PEOPLE if message.get(key) and not people.is_identity(message[key])}
    told = message.get("timestamp")
    return unread if told in _NO_TIME or reading.seconds(told) is not None else unread | {"timestamp"}


def edited_text(message: dict[str, Any]) -> str | None:
    """Return the new text of a changed text message."""
    changed = reading.mapping(reading.mapping(message.get("edit")).get("message"))
    return reading.text(reading.mapping(changed.get("text")).get("body")) if changed.get("type") == "text" else None


def file_url(message: dict[str, Any], kind: str) -> str | None:
    """Return where a file can be fetched for a few minutes; it changes each time the message comes again."""
    if kind == "edit":
        message = reading.mapping(reading.mapping(message.get("edit")).get("message"))
        kind = reading.text(message.get("type")) or ""
    return reading.text(reading.mapping(message.get(kind)).get("url")) if kind in MEDIA_TYPES else None


def _edit_or_other(fields: Fields, kind: str) -> Body | None:
    if kind == "edit":
        return _edit(fields.inside("edit"))
    if kind == "revoke":
        return Revocation(target_wamid=fields.inside("revoke").ident("original_message_id"))
    return _plain(fields, kind)


def _plain(fields: Fields, kind: str) -> Plain | None:
    if kind == "contacts":
        return cards.read(fields)
    inner = fields.inside(kind)
    if kind == "text":
        inner.text("body")  # the message has it
        return None
    if inner.is_empty:
        return None
    if kind in MEDIA_TYPES:
        return _media(inner, kind)
    return _READERS.get(kind, _placeholder)(inner)


def _media(inner: Fields, kind: str) -> Media:
    inner.text("url")  # see file_url
    return Media(
        kind=kind,
        caption=inner.text("caption"),
        file_name=inner.text("filename"),
        mime_type=inner.text("mime_type"),
        file_id=inner.ident("id"),
        sha256=inner.text("sha256"),
        is_voice=inner.flag("voice"),
        is_animated=inner.flag("animated"),
    )


def _location(inner: Fields) -> Location:
    latitude, longitude = inner.degrees("latitude", "longitude", limits=(90, 180)) or (None, None)
    return Location(
        latitude=latitude,
        longitude=longitude,
        name=inner.text("name"),
        address=inner.text("address"),
        link=inner.text("url"),
    )


def _button(inner: Fields) -> Choice:
    return Choice(title=inner.text("text"), choice_id=inner.ident("payload"))


def _interactive(inner: Fields) -> Plain | None:
    kind = inner.text("type") or next((name for name in _ANSWERS if name in inner), None)
    if kind is None:
        return _placeholder(inner)
    answer = inner.inside(kind)
    if kind not in _ANSWERS:
        return Placeholder(fields=(Field(("type",), kind), *answer.rest()))
    return None if answer.is_empty else _ANSWERS[kind](answer)


def _choice(answer: Fields) -> Choice:
    return Choice(title=answer.text("title"), description=answer.text("description"), choice_id=answer.ident("id"))


def _form(answer: Fields) -> Placeholder:
    note, said = answer.text("body"), answer.text("response_json")
    return Placeholder(note=note, fields=(*answer.rest(), *_form_fields(said)))


def _form_fields(said: str | None) -> tuple[Field, ...]:
    """Return the answers of a filled-in form, which come as JSON within a text."""
    if said is None:
        return ()
    try:
        answers = decoding.decode(said.encode("utf-8", "surrogatepass"))
    except decoding.NotJson:
        return (Field(("answer",), said),)
    value = answers.value if answers.is_sound else decoding.mend(answers.value)
    return tuple(flatten(value))


def _permission(answer: Fields) -> CallPermission:
    said = answer.text("response")
    expires = answer.seconds("expiration_timestamp")
    return CallPermission(
        is_given={"accept": True, "reject": False}.get((said or "").lower()),
        answer=said,
        expires_at=None if expires is None else datetime.fromtimestamp(expires, UTC),
    )


def _reaction(inner: Fields) -> Reaction:
    return Reaction(target_wamid=inner.ident("message_id"), emoji=inner.text("emoji"))


def _order(inner: Fields) -> Placeholder:
    return Placeholder(note=inner.text("text"), fields=inner.rest())


def _system(inner: Fields) -> System:
    old = (inner.ident("previous_user_id"), inner.ident("previous_parent_user_id"), inner.ident("customer"))
    new = tuple(inner.ident(key) for key in ("wa_id", "new_wa_id", "user_id", "parent_user_id"))
    word = inner.peek("type")
    if word in _NEWS:
        inner.drop("type")
    return System(
        news=_NEWS.get(word, "other"),
        said=inner.text("body"),
        old_identities=tuple(value for value in old if value),
        new_identities=tuple(value for value in new if value),
    )


def _unsupported(inner: Fields) -> Placeholder:
    what = inner.text("type")
    return Placeholder(what=_NOT_PASSED_ON.get(what, what) if what else None, fields=inner.rest())


def _placeholder(inner: Fields) -> Placeholder:
    return Placeholder(fields=inner.rest())


def _edit(inner: Fields) -> Edit:
    target = inner.ident("original_message_id")
    changed = inner.inside("message")
    changed.drop(*_ENVELOPE - {"type"})
    changed.inside("context").drop_plain("from", "id")
    kind = changed.text("type")
    return Edit(target_wamid=target, kind=kind, body=None if kind is None else _plain(changed, kind))


def _context(fields: Fields) -> Literal["once", "often"] | None:
    context = fields.inside("context")
    context.drop_plain("from", "id")
    once, often = context.flag("forwarded"), context.flag("frequently_forwarded")
    return "often" if often else "once" if once else None


_NEWS: dict[str, Literal["number_changed", "user_id_changed", "security_code_changed"]] = {
    "user_changed_number": "number_changed",
    "customer_changed_number": "number_changed",
    "user_changed_user_id": "user_id_changed",
    "customer_identity_changed": "security_code_changed",
}
_NO_TIME = (None, "", 0, "0")
_NOT_PASSED_ON = {
    "edit": "changed message",
    "gif": "moving picture",
    "group_invite": "invitation to a group",
    "image": "picture",
    "keep_in_chat": "kept message",
    "link_preview": "link",
    "location": "place",
    "media_placeholder": "file",
    "pin": "pinned message",
    "poll_creation": "poll",
    "poll_update": "vote in a poll",
    "reaction": "reaction",
}
"""What WhatsApp says it does not pass on, in words; another word stays as it came."""
_ANSWERS: dict[str, Callable[[Fields], Plain]] = {
    "button_reply": _choice,
    "list_reply": _choice,
    "nfm_reply": _form,
    "call_permission_reply": _permission,
}
_READERS: dict[str, Callable[[Fields], Plain | None]] = {
    "location": _location,
    "button": _button,
    "interactive": _interactive,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
}
