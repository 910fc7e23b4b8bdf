"""What Meta demands of a filled template, whatever template it is (cloud-api 5.2, 9)."""

import re
from typing import Any

from wabridge.sandbox import checks, interactive
from wabridge.sandbox.interactive import MEDIA
from wabridge.sandbox.payloads import Json
from wabridge.sandbox.sendable import LONGEST, Content

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_SUB_TYPES = {"quick_reply": "payload", "url": "text", "copy_code": "coupon_code"}
_BROKEN = re.compile(r"[\n\t]| {5}")


def parse(part: Any) -> Content:
    """Read a template; raises Refusal. The words are only its name: what it says, only Meta's copy knows."""
    template = checks.an_object(part, "template", known={"name", "language", "components"})
    if not _NAME.fullmatch(checks.a_text(template, "name", "template", most=512)):
        raise checks.invalid("template.name is none")
    language = checks.inside(template, "language", "template", known={"code", "policy"})
    if not _LANGUAGE.fullmatch(checks.a_text(language, "code", "language", most=10)):
        raise checks.invalid("language.code is none")
    if language.get("policy", "deterministic") != "deterministic":
        raise checks.invalid("language.policy must be deterministic")
    seen = (
        [_component(each) for each in checks.a_list(template, "components", "template", most=20)]
        if ("components" in template)
        else []
    )
    checks.require_different(seen, "components")
    return Content(f"[{template['name']}]")


def _component(component: Any) -> str:
    known = {"type", "parameters", "sub_type", "index"}
    told = checks.an_object(component, "component", known=known)
    word = told.get("type")
    if word == "button":
        return _button(told)
    if not isinstance(word, str) or word not in ("header", "body") or {"sub_type", "index"} & set(told):
        raise checks.invalid("component.type must be header, body or button")
    parameters = checks.a_list(told, "parameters", "component", most=100)
    is_named = [_parameter(each, word) for each in parameters]
    if any(is_named) and not all(is_named):
        raise checks.refusal(132012, "Parameter format does not match", "parameters are named, or none is")
    return word


def _parameter(parameter: Any, part: str) -> bool:
    """Refuse a wrong parameter; says whether it is named."""
    word = parameter.get("type") if isinstance(parameter, dict) else None
    if word == "text":
        told = checks.an_object(parameter, "parameter", known={"type", "text", "parameter_name"})
        if _BROKEN.search(checks.a_text(told, "text", "parameter", most=LONGEST)):
            raise checks.refusal(132012, "Parameter format does not match", "parameter.text has line breaks or gaps")
        return checks.maybe_text(told, "parameter_name", "parameter", most=LONGEST) is not None
    if part != "header" or word not in (*MEDIA, "location"):
        raise checks.invalid("parameter.type does not belong here")
    told = checks.an_object(parameter, "parameter", known={"type", word})
    if word == "location":
        _place(checks.inside(told, word, "parameter", known={"latitude", "longitude", "name", "address"}))
    else:
        interactive.check_file(checks.inside(told, word, "parameter", known={"id", "link", "filename"}), word)
    return False


def _place(place: Json) -> None:
    checks.a_number(place, "latitude", "location", limit=90)
    checks.a_number(place, "longitude", "location", limit=180)
    for key in ("name", "address"):
        checks.maybe_text(place, key, "location", most=LONGEST)


def _button(told: Json) -> str:
    sub_type, index = told.get("sub_type"), told.get("index")
    if sub_type not in _SUB_TYPES:
        raise checks.invalid("component.sub_type is none that takes a parameter")
    if not isinstance(index, str) or not (index.isascii() and index.isdigit() and int(index) < 10):
        raise checks.invalid("component.index must be a text of one digit")
    (parameter,) = checks.a_list(told, "parameters", "component", most=1)
    word = _SUB_TYPES[sub_type]
    value = checks.an_object(parameter, "parameter", known={"type", word})
    if value.get("type") != word:
        raise checks.invalid(f"parameter.type must be {word}")
    checks.a_text(value, word, "parameter", most=15 if word == "coupon_code" else LONGEST)
    return f"button {index}"
