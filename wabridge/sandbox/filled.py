"""What Meta demands of a template that is sent, and what the person sees of it (cloud-api 5.2, 6.7, 9)."""

import re
from dataclasses import dataclass, replace
from typing import Any

from wabridge.sandbox.graph import PAUSED_TEMPLATE, GraphError, Refusal
from wabridge.sandbox.interactive import Choice
from wabridge.sandbox.payloads import Json
from wabridge.sandbox.templates import Templates
from wabridge.sandbox.validation import Send

BODY_CHARACTERS = 1024
HEADER_CHARACTERS = 60
PAYLOAD_CHARACTERS = 256
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_FILES = ("IMAGE", "VIDEO", "DOCUMENT")
_STATUSES = {
    "PAUSED": PAUSED_TEMPLATE,
    "DISABLED": GraphError(
        http=400, code=132016, title="Template is Disabled", details="Template has been disabled for low quality."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A template as the person sees it. replies: title and payload of each quick reply; links: title and target.

    header: as what the file media_id stands above the text.
    """

    name: str
    language: str
    text: str
    media_id: str | None = None
    header: str | None = None
    replies: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def fill(send: Send, said: Any, templates: Templates) -> Send:
    """Return a send of a template with what the person sees of it, and what comes back from its buttons."""
    seen = parse(said, templates)
    choices = tuple(
        Choice(
            kind="button",
            id=payload,
            title=title,
            answer={"type": "button", "button": {"payload": payload, "text": title}},
        )
        for title, payload in seen.replies
    )
    links = "".join(f"\n\n[{title}] {target}" for title, target in seen.links)
    return replace(send, text=seen.text + links, choices=choices, file_id=seen.media_id, header=seen.header)


def parse(said: Any, templates: Templates) -> Filled:
    """Return what the person sees of a template that is sent; raises Refusal as Meta would refuse it."""
    order = _object(said, "template", {"name", "language", "components"})
    name, language = _text(order, "name"), _object(order.get("language"), "language", {"code", "policy"})
    code = _text(language, "code")
    if language.get("policy", "deterministic") != "deterministic":
        raise _wrong(131009, "Parameter value is not valid", "language.policy must be deterministic")
    entry = templates.find(name, code)
    if entry is None:
        raise _refused(
            132001, "Template name does not exist in the translation", f"{name} does not exist in {code}", 404
        )
    if entry["status"] != "APPROVED":
        known = _STATUSES.get(entry["status"])
        if known:
            raise Refusal(known, is_violation=False)
        raise _refused(132001, "Template name does not exist in the translation", f"{name} is not approved", 404)
    return _fill(entry, _components(order))


def _components(order: Json) -> dict[str, Json]:
    """Return the components by part, of buttons by their place; raises Refusal for one that comes twice."""
    found: dict[str, Json] = {}
    said = order.get("components", [])
    if not isinstance(said, list):
        raise _wrong(131009, "Parameter value is not valid", "components must be a list")
    for each in said:
        component = _object(each, "component", {"type", "sub_type", "index", "parameters"})
        kind = component.get("type")
        if kind not in ("header", "body", "button"):
            raise _wrong(100, "Invalid parameter", f"component type {kind} is unknown")
        part = f"button {component.get('index')}" if kind == "button" else str(kind)
        if part in found or not isinstance(component.get("parameters"), list):
            raise _wrong(100, "Invalid parameter", f"{part} comes twice or has no parameters")
        found[part] = component
    return found


def _fill(entry: Json, sent: dict[str, Json]) -> Filled:
    names = entry["parameter_format"]
    shown: list[str] = []
    media_id = header = None
    replies: list[tuple[str, str]] = []
    links: list[tuple[str, str]] = []
    for part in entry["components"]:
        if part["type"] == "HEADER":
            media_id, text = _fill_header(part, sent.pop("header", None), names)
            header = part["format"].lower() if media_id else None
            shown.append(text)
        elif part["type"] == "BODY":
            text = _fill_text(part["text"], sent.pop("body", None), names)
            if len(text) > BODY_CHARACTERS:
                raise _refused(132005, "Template hydrated text too long", f"the body has {len(text)} characters")
            shown.append(text)
        elif part["type"] == "FOOTER":
            shown.append(part.get("text", ""))
        elif part["type"] == "BUTTONS":
            for index, button in enumerate(part["buttons"]):
                _fill_button(index, button, sent.pop(f"button {index}", None), replies, links)
    if sent:
        raise _wrong(132000, "Number of parameters does not match", f"the template has no {min(sent)}")
    return Filled(
        name=entry["name"],
        language=entry["language"],
        text="\n\n".join(text for text in shown if text),
        media_id=media_id,
        header=header,
        replies=tuple(replies),
        links=tuple(links),
    )


def _fill_header(part: Json, sent: Json | None, names: str) -> tuple[str | None, str]:
    kind = part["format"]
    if kind == "TEXT":
        text = _fill_text(part["text"], sent, names)
        if len(text) > HEADER_CHARACTERS:
            raise _refused(132005, "Template hydrated text too long", f"the header has {len(text)} characters")
        return None, text
    if sent is None or len(sent["parameters"]) != 1:
        raise _wrong(132012, "Parameter format does not match", f"header: Format mismatch, expected {kind}")
    parameter = _object(sent["parameters"][0], "parameter", {"type", kind.lower()})
    if parameter.get("type") != kind.lower():
        raise _wrong(132012, "Parameter format does not match", f"header: Format mismatch, expected {kind}")
    if kind in _FILES:
        file = _object(parameter.get(kind.lower()), kind.lower(), {"id", "filename"})
        return _text(file, "id"), ""
    place = _object(parameter.get("location"), "location", {"latitude", "longitude", "name", "address"})
    return None, f"{_text(place, 'name')}, {_text(place, 'address')}"


def _fill_text(text: str, sent: Json | None, names: str) -> str:
    is_named = names == "NAMED"
    places = list(dict.fromkeys(_PLACE.findall(text)))
    parameters = [] if sent is None else sent["parameters"]
    if len(places) != len(parameters):
        details = f"localizable_params ({len(parameters)}) does not match the expected number of params ({len(places)})"
        raise _wrong(132000, "Number of parameters does not match the expected number of params", details)
    if not is_named:
        places.sort(key=int)
    values: dict[str, str] = {}
    for place, each in zip(places, parameters, strict=True):
        parameter = _object(each, "parameter", {"type", "text", "parameter_name"} if is_named else {"type", "text"})
        if parameter.get("type") != "text":
            raise _wrong(132012, "Parameter format does not match format in the created template", "expected text")
        values[_text(parameter, "parameter_name") if is_named else place] = _checked(_text(parameter, "text"))
    if set(values) != set(places):
        raise _wrong(132000, "Number of parameters does not match", f"parameters are named {sorted(values)}")
    return _PLACE.sub(lambda found: values[found[1]], text)


def _checked(value: str) -> str:
    if re.search(r"[\n\t\r]| {5}", value):
        details = "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        raise _wrong(132012, "Parameter format does not match format in the created template", details)
    return value


def _fill_button(
    index: int, button: Json, sent: Json | None, replies: list[tuple[str, str]], links: list[tuple[str, str]]
) -> None:
    kind = button["type"]
    if kind == "QUICK_REPLY":
        payload = button["text"] if sent is None else _button_value(sent, "quick_reply", "payload", "payload")
        if len(payload) > PAYLOAD_CHARACTERS:
            raise _wrong(100, "Invalid parameter", f"the payload is longer than {PAYLOAD_CHARACTERS} characters")
        replies.append((button["text"], payload))
    elif kind == "URL" and _PLACE.search(button["url"]):
        if sent is None:
            raise _wrong(
                131008, "Required parameter is missing", f"Button at index {index} of type Url requires a parameter"
            )
        links.append((button["text"], _PLACE.sub(lambda _: _button_value(sent, "url", "text", "text"), button["url"])))
    elif kind == "COPY_CODE":
        if sent is None:
            raise _wrong(131008, "Required parameter is missing", f"Button at index {index} requires a coupon code")
        links.append((button.get("text", "Copy code"), _button_value(sent, "copy_code", "coupon_code", "coupon_code")))
    elif sent is not None:
        raise _wrong(132000, "Number of parameters does not match", f"button {index} takes no parameter")
    else:
        links.append((button["text"], button.get("url") or button.get("phone_number") or ""))


def _button_value(sent: Json, sub_type: str, kind: str, key: str) -> str:
    if sent.get("sub_type") != sub_type or len(sent["parameters"]) != 1:
        raise _wrong(132012, "Parameter format does not match", f"the button is of type {sub_type}")
    parameter = _object(sent["parameters"][0], "parameter", {"type", key})
    if parameter.get("type") != kind:
        raise _wrong(132012, "Parameter format does not match", f"the button's parameter is a {kind}")
    return _checked(_text(parameter, key))


def _object(said: Any, name: str, keys: set[str]) -> Json:
    if not isinstance(said, dict):
        raise _wrong(131008, "Required parameter is missing", f"{name} must be an object")
    unknown = sorted(set(said) - keys)
    if unknown:
        raise _wrong(100, "Invalid parameter", f"Unexpected key {unknown[0]} in {name}")
    return said


def _text(holder: Json, key: str) -> str:
    if key not in holder:
        raise _wrong(131008, "Required parameter is missing", f"{key} is missing")
    said = holder[key]
    if not isinstance(said, str) or not said.strip():
        raise _wrong(131009, "Parameter value is not valid", f"{key} must be a text with something in it")
    return said


def _wrong(code: int, title: str, details: str) -> Refusal:
    """Return how Meta refuses what no gateway should have sent."""
    return Refusal(GraphError(http=400, code=code, title=title, details=details), is_violation=True)


def _refused(code: int, title: str, details: str, http: int = 400) -> Refusal:
    """Return how Meta refuses what a gateway could not know."""
    return Refusal(GraphError(http=http, code=code, title=title, details=details), is_violation=False)
