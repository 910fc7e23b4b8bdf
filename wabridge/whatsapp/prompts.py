"""What an outbound message offers a person to tap, in Meta's words.

Source: Meta, "interactive messages": reply buttons, list, call-to-action URL, location request; "business-scoped user
IDs" for the question for a phone number; "location messages" for a place.
"""

from decimal import Decimal

from wabridge.model.prompts import (
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Place,
    Prompt,
    Section,
)

__all__ = ["Prompt", "build", "build_place"]

Part = dict[str, object]


def build(prompt: Prompt, *, text: str, media_id: str | None) -> Part:
    """Return the interactive part of a request. media_id: of a header that is a file; raises ValueError without."""
    match prompt:
        case Buttons():
            return _frame("button", prompt, text, media_id) | {"action": _reply_buttons(prompt)}
        case Menu():
            return _frame("list", prompt, text, media_id) | {"action": _list(prompt)}
        case LinkButton():
            return _frame("cta_url", prompt, text, media_id) | {"action": _link(prompt)}
        case NumberRequest():
            return {"type": "request_contact_info", "body": {"text": text}, "action": {"name": "request_contact_info"}}
        case LocationRequest():
            return {"type": "location_request_message", "body": {"text": text}, "action": {"name": "send_location"}}


def build_place(place: Place) -> Part:
    """Return a place as a message of its own and the header of a template name it."""
    part: Part = {"latitude": _degrees(place.latitude), "longitude": _degrees(place.longitude)}
    return part | {key: value for key, value in (("name", place.name), ("address", place.address)) if value}


def _degrees(value: float) -> str:
    """Return degrees as Meta's pages write them: as a text, and never with an exponent."""
    return format(Decimal(str(value)), "f")


def _frame(kind: str, prompt: Buttons | Menu | LinkButton, text: str, media_id: str | None) -> Part:
    frame: Part = {"type": kind}
    if prompt.header is not None:
        frame["header"] = _header(prompt.header, media_id)
    frame["body"] = {"text": text}
    if prompt.footer:
        frame["footer"] = {"text": prompt.footer}
    return frame


def _header(header: Header, media_id: str | None) -> Part:
    if header.kind == "text":
        if not header.text:
            raise ValueError("the header has no text")
        return {"type": "text", "text": header.text}
    if header.kind == "location" or not media_id:
        raise ValueError("the header has no file")
    file: Part = {"id": media_id}
    if header.kind == "document" and header.file_name:
        file["filename"] = header.file_name
    return {"type": header.kind, header.kind: file}


def _reply_buttons(prompt: Buttons) -> Part:
    replies = ({"id": button.button_id, "title": button.title} for button in prompt.buttons)
    return {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}


def _list(prompt: Menu) -> Part:
    return {"button": prompt.label, "sections": [_section(section) for section in prompt.sections]}


def _section(section: Section) -> Part:
    rows: list[Part] = []
    for row in section.rows:
        described: Part = {"description": row.description} if row.description else {}
        rows.append({"id": row.row_id, "title": row.title} | described)
    return {"title": section.title, "rows": rows} if section.title else {"rows": rows}


def _link(prompt: LinkButton) -> Part:
    return {"name": "cta_url", "parameters": {"display_text": prompt.label, "url": prompt.url}}
