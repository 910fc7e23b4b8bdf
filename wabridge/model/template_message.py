"""A message made from a template that Meta has approved: what the client sees, what was filled in, what was approved.

The words of its body, with everything filled in, are the message's text.
"""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.prompts import Header

ButtonKind = Literal[
    "quick_reply",
    "url",
    "phone_number",
    "copy_code",
    "otp",
    "flow",
    "catalog",
    "mpm",
    "spm",
    "voice_call",
    "request_contact_info",
]
"""Meta's types of template buttons, in lower case."""


class TemplateButton(msgspec.Struct, frozen=True, kw_only=True):
    """A button as the client sees it. value: where it leads or what it copies, with everything filled in."""

    kind: ButtonKind
    text: str
    value: str | None = None


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What was put in for one variable, in the order of the variables of its part.

    name: of a named variable. button: for the part "button", which one, counted from 0; the value of a reply button is
    what comes back when it is tapped. A header that is a file or a place has no variable.
    """

    part: Literal["header", "body", "button"]
    value: str
    name: str | None = None
    button: int | None = None


class TemplateMessage(msgspec.Struct, frozen=True, kw_only=True, tag="template"):
    """A filled template.

    name, language: what Meta knows it by, the language as Meta writes it. category: utility, marketing or
    authentication. header, footer, buttons: as the client sees them. approved: the components as Meta approved them,
    their JSON as it came, kept for ever with the message. template_id: Meta's. version_id, version: which of our
    versions of it this is; confirmed_at: when Meta's list had last shown it so.
    """

    name: str
    language: str
    category: str
    header: Header | None = None
    footer: str | None = None
    buttons: tuple[TemplateButton, ...] = ()
    filled: tuple[Filled, ...] = ()
    approved: str = ""
    template_id: str | None = None
    version_id: int | None = None
    version: int | None = None
    confirmed_at: datetime | None = None
