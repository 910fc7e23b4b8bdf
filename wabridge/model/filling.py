"""What is put into the places of a template: which places there are, what fits, and what the person will read.

A place is called by its part: `header`, `header.latitude`, `body.1`, `body.nama`, `button.0` (buttons count from 0).
Rule 1: nothing here is cut or mended; what does not fit is a problem, told with its place. Rule 2: `render` and
`compose` read the same values, and what Meta makes of the one is the other.

Source: Meta, "message templates", and its error codes 132000, 132005 and 132012.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from wabridge.model import prompts
from wabridge.model.template import FILE_HEADERS, Button, Header, HeaderKind, Template, Wording
from wabridge.model.template_message import Filled, TemplateButton, TemplateMessage

BODY_CHARACTERS = 1024
HEADER_CHARACTERS = 60
URL_CHARACTERS = 2000
CODE_CHARACTERS = 15
PLACE_CHARACTERS = 1000

SlotKind = Literal["text", "file", "latitude", "longitude", "place", "suffix", "code"]
Reason = Literal[
    "missing",
    "not_there",
    "line_break",
    "spaces",
    "hidden_sign",
    "header_too_long",
    "body_too_long",
    "too_long",
    "not_in_address",
    "not_a_code",
    "not_degrees",
    "not_a_file",
    "wrong_kind",
    "file_gone",
]

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_ADDRESS_SIGNS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_CODE = re.compile(r"[A-Za-z0-9]+")
_FILE_ID = re.compile(r"[1-9][0-9]{0,17}")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile("[\n\r\t\u2028\u2029]")


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A place to fill in. name: the variable's, or the button's text; example: Meta's; limit: in characters."""

    key: str
    kind: SlotKind
    name: str = ""
    example: str = ""
    limit: int = 0
    file_kind: HeaderKind | None = None
    before: str = ""
    """Of an address: what stands before what is filled in."""
    is_needed: bool = True


class Problem(msgspec.Struct, frozen=True):
    """What does not fit, and where."""

    key: str
    reason: Reason


class ShownHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the text as the person will see it. file_id: ours; place: name and address, as far as given."""

    kind: HeaderKind
    text: str = ""
    file_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: tuple[str, ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A filled template as the person will see it; an unfilled place shows its variable."""

    header: ShownHeader | None
    body: str
    footer: str
    buttons: tuple[Button, ...]

    @property
    def text(self) -> str:
        """The words, one part below the other."""
        parts = (self.header.text if self.header else "", self.body, self.footer)
        return "\n\n".join(part for part in parts if part)


def variables(text: str) -> tuple[str, ...]:
    """Return the places in a text, numbers in their order, names as they first stand."""
    found = tuple(dict.fromkeys(_VARIABLE.findall(text)))
    return tuple(sorted(found, key=int)) if found and all(map(_is_number, found)) else found


def slots(wording: Wording, examples: Mapping[str, str] | None = None) -> tuple[Slot, ...]:
    """Return every place of a template, from top to bottom."""
    known = examples or {}
    found = _header_slots(wording.header) if wording.header else []
    found += [
        Slot(key=f"body.{name}", kind="text", name=name, limit=BODY_CHARACTERS) for name in variables(wording.body)
    ]
    found += [slot for index, button in enumerate(wording.buttons) for slot in _button_slots(index, button)]
    return tuple(msgspec.structs.replace(slot, example=known.get(slot.key, "")) for slot in found)


def clean(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values without blanks around them, and without empty ones."""
    stripped = {key: value.strip() for key, value in values.items()}
    return {key: value for key, value in stripped.items() if value}


def check(wording: Wording, values: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what does not fit, in the order of the places; nothing if it can be sent. values: cleaned."""
    places = slots(wording)
    problems = [Problem(slot.key, reason) for slot in places if (reason := _objection(slot, values.get(slot.key)))]
    known = {slot.key for slot in places}
    problems += [Problem(key, "not_there") for key in values if key not in known]
    return tuple(problems) or _objection_to_whole(wording, values)


def render(wording: Wording, values: Mapping[str, str]) -> Shown:
    """Return a template as the person will see it."""
    return Shown(
        header=_shown_header(wording.header, values) if wording.header else None,
        body=_filled(wording.body, "body.", values),
        footer=wording.footer,
        buttons=tuple(_shown_button(index, button, values) for index, button in enumerate(wording.buttons)),
    )


def compose(
    template: Template, values: Mapping[str, str], *, approved: bytes, payloads: Sequence[str]
) -> TemplateMessage:
    """Return a filled template as it is kept with its message; its words are the body that `render` gives.

    values: checked. approved: the components as Meta listed them. payloads: what comes back from each reply button.
    """
    shown = render(template.wording, values)
    return TemplateMessage(
        name=template.name,
        language=template.language,
        category=template.category,
        header=_kept_header(shown.header) if shown.header else None,
        footer=shown.footer or None,
        buttons=tuple(_kept_button(button) for button in shown.buttons),
        filled=(*_filled_texts(template.wording, values), *_filled_buttons(template.wording, values, payloads)),
        approved=approved.decode(),
        template_id=template.meta_id,
        version_id=template.version_id,
        version=template.version,
        confirmed_at=template.confirmed_at,
    )


def file_id(wording: Wording, values: Mapping[str, str]) -> int | None:
    """Return which of our files is to stand above the text; None where none belongs or none is named."""
    header = render(wording, values).header
    return None if header is None else header.file_id


def reply_buttons(wording: Wording) -> tuple[int, ...]:
    """Return which buttons are answers, counted from 0."""
    return tuple(index for index, button in enumerate(wording.buttons) if button.kind == "quick_reply")


def _kept_header(shown: ShownHeader) -> prompts.Header:
    if shown.kind == "location" and shown.latitude is not None and shown.longitude is not None:
        named = dict(zip(("name", "address"), shown.place, strict=False))
        place = prompts.Place(latitude=shown.latitude, longitude=shown.longitude, **named)
        return prompts.Header(kind="location", place=place)
    return prompts.Header(kind=shown.kind, text=shown.text or None)


def _kept_button(shown: Button) -> TemplateButton:
    assert shown.kind != "other", "a template with a button that nobody knows is not sent"
    return TemplateButton(kind=shown.kind, text=shown.text, value=shown.target or None)


def _filled_texts(wording: Wording, values: Mapping[str, str]) -> Iterator[Filled]:
    is_named = wording.format == "named"
    if wording.header is not None and wording.header.kind == "text":
        for name in variables(wording.header.text):
            yield Filled(part="header", value=values["header"], name=name if is_named else None)
    for name in variables(wording.body):
        yield Filled(part="body", value=values[f"body.{name}"], name=name if is_named else None)


def _filled_buttons(wording: Wording, values: Mapping[str, str], payloads: Sequence[str]) -> Iterator[Filled]:
    for index, payload in zip(reply_buttons(wording), payloads, strict=True):
        yield Filled(part="button", value=payload, button=index)
    for slot in slots(wording):
        if slot.kind in ("suffix", "code"):
            yield Filled(part="button", value=values[slot.key], button=int(slot.key.removeprefix("button.")))


def _header_slots(header: Header) -> list[Slot]:
    if header.kind in FILE_HEADERS:
        return [Slot(key="header", kind="file", file_kind=header.kind)]
    if header.kind == "location":
        return [
            Slot(key="header.latitude", kind="latitude"),
            Slot(key="header.longitude", kind="longitude"),
            Slot(key="header.name", kind="place", name="name", limit=PLACE_CHARACTERS),
            Slot(key="header.address", kind="place", name="address", limit=PLACE_CHARACTERS),
        ]
    return [Slot(key="header", kind="text", name=name, limit=HEADER_CHARACTERS) for name in variables(header.text)[:1]]


def _button_slots(index: int, button: Button) -> list[Slot]:
    key = f"button.{index}"
    if button.kind == "copy_code":
        return [Slot(key=key, kind="code", name=button.text, limit=CODE_CHARACTERS)]
    if button.kind == "url" and variables(button.target):
        before = _VARIABLE.sub("", button.target)
        limit = URL_CHARACTERS - len(before)
        return [Slot(key=key, kind="suffix", name=button.text, limit=limit, before=before)]
    return []


def _objection(slot: Slot, value: str | None) -> Reason | None:
    if not value:
        return "missing" if slot.is_needed else None
    if slot.kind == "file":
        return None if _FILE_ID.fullmatch(value) else "not_a_file"
    if slot.kind in ("latitude", "longitude"):
        return None if _degrees(value, 90 if slot.kind == "latitude" else 180) is not None else "not_degrees"
    if slot.limit and len(value) > slot.limit:
        return "too_long"
    if slot.kind == "suffix":
        return None if _ADDRESS_SIGNS.fullmatch(value) else "not_in_address"
    if slot.kind == "code":
        return None if _CODE.fullmatch(value) else "not_a_code"
    return _objection_to_words(value)


def _objection_to_words(value: str) -> Reason | None:
    if _BREAKS.search(value):
        return "line_break"
    if " " * 5 in value:
        return "spaces"
    return "hidden_sign" if _HIDDEN.search(value) else None


def _objection_to_whole(wording: Wording, values: Mapping[str, str]) -> tuple[Problem, ...]:
    shown = render(wording, values)
    if shown.header is not None and len(shown.header.text) > HEADER_CHARACTERS:
        return (Problem("header", "header_too_long"),)
    return (Problem("body", "body_too_long"),) if len(shown.body) > BODY_CHARACTERS else ()


def _shown_header(header: Header, values: Mapping[str, str]) -> ShownHeader:
    said = values.get("header", "")
    if header.kind in FILE_HEADERS:
        return ShownHeader(kind=header.kind, file_id=int(said) if _FILE_ID.fullmatch(said) else None)
    if header.kind == "location":
        place = (values.get("header.name", ""), values.get("header.address", ""))
        return ShownHeader(
            kind="location",
            latitude=_degrees(values.get("header.latitude", ""), 90),
            longitude=_degrees(values.get("header.longitude", ""), 180),
            place=tuple(part for part in place if part),
        )
    text = _VARIABLE.sub(lambda found: said or found[0], header.text)
    return ShownHeader(kind="text", text=text)


def _shown_button(index: int, button: Button, values: Mapping[str, str]) -> Button:
    value = values.get(f"button.{index}", "")
    if button.kind == "copy_code":
        return msgspec.structs.replace(button, target=value)
    if button.kind == "url" and value:
        return msgspec.structs.replace(button, target=_VARIABLE.sub(lambda _: value, button.target))
    return button


def _filled(text: str, prefix: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(prefix + found[1]) or found[0], text)


def _degrees(value: str, most: float) -> float | None:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()
