"""A filled template, in Meta's words: only its name, its language and what was filled in.

Source: Meta, "template messages". A part without variables is left out, and so are components if there are none.
"""

from wabridge.model.template_message import Filled, TemplateMessage
from wabridge.whatsapp.prompts import build_place

Part = dict[str, object]

_BUTTON_WORDS = {
    "quick_reply": ("quick_reply", "payload", "payload"),
    "url": ("url", "text", "text"),
    "otp": ("url", "text", "text"),
    "copy_code": ("copy_code", "coupon_code", "coupon_code"),
}
"""By type of button: Meta's sub_type, the type of its parameter, the key of its value."""


def build(template: TemplateMessage, *, media_id: str | None) -> Part:
    """Return the template part of a request. media_id: of a header that is a file; raises ValueError without."""
    part: Part = {"name": template.name, "language": {"policy": "deterministic", "code": template.language}}
    components = [*_header(template, media_id), *_body(template), *_buttons(template)]
    return part | {"components": components} if components else part


def _header(template: TemplateMessage, media_id: str | None) -> list[Part]:
    header = template.header
    if header is None:
        return []
    if header.kind == "text":
        filled = [_text(each) for each in template.filled if each.part == "header"]
        return [{"type": "header", "parameters": filled}] if filled else []
    if header.kind == "location":
        if header.place is None:
            raise ValueError("the header has no place")
        return [{"type": "header", "parameters": [{"type": "location", "location": build_place(header.place)}]}]
    if not media_id:
        raise ValueError("the header has no file")
    file: Part = {"id": media_id}
    if header.kind == "document" and header.file_name:
        file["filename"] = header.file_name
    return [{"type": "header", "parameters": [{"type": header.kind, header.kind: file}]}]


def _body(template: TemplateMessage) -> list[Part]:
    filled = [_text(each) for each in template.filled if each.part == "body"]
    return [{"type": "body", "parameters": filled}] if filled else []


def _buttons(template: TemplateMessage) -> list[Part]:
    built: list[Part] = []
    for each in template.filled:
        if each.part != "button":
            continue
        if each.button is None or not 0 <= each.button < len(template.buttons):
            raise ValueError("the template has no such button")
        words = _BUTTON_WORDS.get(template.buttons[each.button].kind)
        if words is None:
            raise ValueError("this kind of button takes no value")
        sub_type, kind, key = words
        parameters = [{"type": kind, key: each.value}]
        built.append({"type": "button", "sub_type": sub_type, "index": str(each.button), "parameters": parameters})
    return built


def _text(filled: Filled) -> Part:
    named: Part = {"parameter_name": filled.name} if filled.name else {}
    return {"type": "text"} | named | {"text": filled.value}
