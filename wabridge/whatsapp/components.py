"""The components of a template, as Meta lists them.

Rule: reading never raises and drops nothing: what no reader takes stands in the wording as unknown, and a template with
something unknown is shown and not sent. What fills a template in is built by `template_messages`.

Source: Meta, "template components".
"""

from collections.abc import Sequence
from typing import Any

from wabridge.model.filling import slots, variables
from wabridge.model.template import Button, ButtonKind, Format, Header, HeaderKind, Wording
from wabridge.whatsapp import reading
from wabridge.whatsapp.fields import Fields
from wabridge.whatsapp.people import Json

_HEADERS: dict[str, HeaderKind] = {
    "TEXT": "text",
    "IMAGE": "image",
    "VIDEO": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
}
_BUTTONS: dict[str, ButtonKind] = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "phone_number",
    "COPY_CODE": "copy_code",
}
_TARGETS: dict[ButtonKind, str] = {"url": "url", "phone_number": "phone_number"}
_TEXT_PARTS = frozenset({"HEADER", "BODY", "FOOTER", "BUTTONS"})


def read(said: Any, *, parameter_format: str) -> Wording:
    """Return what a template says, part by part."""
    parts: dict[str, Json] = {}
    left: list[Any] = []
    for component in reading.elements(said):
        word = _word(component, "type")
        if word in _TEXT_PARTS and word not in parts:
            parts[word] = component
        else:
            left.append(component)
    header, strange_header = _header(parts.get("HEADER"))
    buttons, strange_buttons = _buttons(parts.get("BUTTONS"))
    left += [strange_header] if strange_header else []
    left += strange_buttons
    body = _left(parts.get("BODY"), "text", left)
    return Wording(
        format=_format(parameter_format, body, header),
        header=header,
        body=body,
        footer=_left(parts.get("FOOTER"), "text", left),
        buttons=buttons,
        unknown=tuple(field for component in left for field in Fields(_without_examples(component)).rest()),
    )


def read_examples(said: Any, wording: Wording) -> dict[str, str]:
    """Return Meta's examples by the place they stand for; a place without one is left out."""
    found: dict[str, str] = {}
    for component in map(reading.mapping, reading.elements(said)):
        given, word = reading.mapping(component.get("example")), _word(component, "type")
        if word == "HEADER":
            found |= _examples("header", variables(wording.header.text) if wording.header else (), given, "header_text")
        elif word == "BODY":
            found |= _examples("body", variables(wording.body), given, "body_text")
        elif word == "BUTTONS":
            for index, button in enumerate(map(reading.mapping, reading.elements(component.get("buttons")))):
                found |= _button_example(index, wording, button)
    known = {slot.key for slot in slots(wording)}
    return {key: value for key, value in found.items() if key in known}


def _header(said: Json | None) -> tuple[Header | None, Json | None]:
    if said is None:
        return None, None
    kind = _HEADERS.get(_word(said, "format") or "TEXT")
    text = reading.text(said.get("text")) or ""
    if kind is None or (kind == "text" and not text) or len(variables(text)) > 1:
        return None, said
    return (Header("text", text) if kind == "text" else Header(kind)), None


def _buttons(said: Json | None) -> tuple[tuple[Button, ...], list[Any]]:
    if said is None:
        return (), []
    found = reading.elements(said.get("buttons"))
    buttons = tuple(_button(reading.mapping(each)) for each in found)
    return buttons, [] if buttons else [said]


def _button(said: Json) -> Button:
    word = _word(said, "type")
    kind = _BUTTONS.get(word, "other")
    text = reading.text(said.get("text")) or ""
    target = reading.text(said.get(_TARGETS.get(kind, ""))) or ""
    # A button that lacks what it is made of, or with a place where none is known, is one of another kind.
    is_whole = bool(text or kind == "copy_code") and (bool(target) or kind not in _TARGETS)
    if kind == "other" or not is_whole or not _has_known_places(kind, target):
        return Button(kind="other", text=text, word=word)
    return Button(kind=kind, text=text, target=target)


def _has_known_places(kind: ButtonKind, target: str) -> bool:
    places = variables(target)
    return not places or (kind == "url" and len(places) == 1 and target.rstrip().endswith("}}"))


def _format(word: str, body: str, header: Header | None) -> Format:
    if word.upper() in ("NAMED", "POSITIONAL"):
        return "named" if word.upper() == "NAMED" else "positional"
    names = [*variables(body), *(variables(header.text) if header else ())]
    return "named" if any(not name.isdigit() for name in names) else "positional"


def _left(said: Json | None, key: str, left: list[Any]) -> str:
    """Return a part's text; a part without one is left over."""
    if said is None:
        return ""
    text = reading.text(said.get(key))
    if text is None:
        left.append(said)
    return text or ""


def _examples(part: str, names: Sequence[str], given: Json, key: str) -> dict[str, str]:
    named = {
        reading.text(each.get("param_name")) or "": reading.text(each.get("example"))
        for each in map(reading.mapping, reading.elements(given.get(f"{key}_named_params")))
    }
    listed = reading.elements(given.get(key))
    # Those of the body stand in a list of their own within the list.
    listed = listed[0] if listed and isinstance(listed[0], list) else listed
    ordered = dict(zip(names, map(reading.text, listed), strict=False))
    keys = {name: "header" if part == "header" else f"{part}.{name}" for name in names}
    return {keys[name]: said for name in names if (said := named.get(name) or ordered.get(name))}


def _button_example(index: int, wording: Wording, said: Json) -> dict[str, str]:
    given = said.get("example")
    example = reading.text(given[0] if isinstance(given, list) and given else given)
    if example is None or index >= len(wording.buttons):
        return {}
    # Of an address the whole is the example; what is filled in is only its end.
    before = next((slot.before for slot in slots(wording) if slot.key == f"button.{index}"), "")
    return {f"button.{index}": example.removeprefix(before)}


def _word(said: Any, key: str) -> str:
    return (reading.text(reading.mapping(said).get(key)) or "").upper()


def _without_examples(said: Any) -> Any:
    """Leave out examples: the addresses in them are signed anew with each list."""
    if isinstance(said, dict):
        return {key: _without_examples(value) for key, value in said.items() if key != "example"}
    return [_without_examples(each) for each in said] if isinstance(said, list) else said
