"""How text that somebody else wrote is put on a page: what would hide or reorder it is made visible."""

import re

from markupsafe import Markup, escape

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Control characters without tab and line feed, overrides and isolates of direction (UAX 9), interlinear marks."""

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def visible(text: str) -> Markup:
    """Return the text for a page, line breaks kept, hidden characters shown as [U+202E]."""
    return _marked(_LINE_ENDS.sub("\n", text))


def visible_line(text: str) -> Markup:
    """Return the text as one line, for names and previews."""
    return _marked(" ".join(text.split()))


def visible_text(text: str) -> str:
    """Return the text for an attribute: no markup in it, hidden characters as [U+202E]."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def excerpt(text: str, *, characters: int = 140) -> str:
    """Return the beginning of a text as one line, with an ellipsis if there is more."""
    line = " ".join(text[: characters * 4].split())
    return line if len(line) <= characters and len(text) <= characters * 4 else line[:characters].rstrip() + "…"


def _marked(text: str) -> Markup:
    said = str(escape(text))
    return Markup(_HIDDEN.sub(lambda found: f'<span class="mark">[U+{ord(found[0]):04X}]</span>', said))  # noqa: S704 - escaped above
