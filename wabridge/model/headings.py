"""A file above the words: above a template that was approved with one, above reply buttons, above a link button."""

from typing import Literal

import msgspec

from wabridge.errors import DraftUnfit, Flaw
from wabridge.model.content import Body
from wabridge.model.enclosure import Enclosure
from wabridge.model.prompts import Buttons, Header, LinkButton
from wabridge.model.template import FILE_HEADERS
from wabridge.model.template_message import TemplateMessage

_HEADED = (Buttons, LinkButton, TemplateMessage)


def headed(body: Body, file: Enclosure | None) -> Body:
    """Return what stands beside the words with its file above them; raises DraftUnfit if it does not belong there.

    A template says itself which kind of file it takes. file: None if there is none.
    """
    if not isinstance(body, _HEADED):
        if file is not None:
            raise _unfit("unwanted")
        return body
    wanted = body.header.kind if body.header is not None and body.header.kind in FILE_HEADERS else None
    if file is None:
        if wanted is not None:
            raise _unfit("missing")
        return body
    if wanted is None and isinstance(body, TemplateMessage):
        raise _unfit("unwanted")
    if wanted is None and body.header is not None:
        raise _unfit("one_heading")
    if file.kind not in ("image", "video", "document") or wanted not in (None, file.kind):
        raise _unfit("wrong_kind")
    name = file.name if file.kind == "document" else None
    return msgspec.structs.replace(body, header=Header(kind=file.kind, file_name=name))


def _unfit(problem: Literal["unwanted", "missing", "one_heading", "wrong_kind"]) -> DraftUnfit:
    return DraftUnfit((Flaw("header_file", problem),))
