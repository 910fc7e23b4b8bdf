"""WhatsApp's marks in a text: which words a phone shows bold, slanted, struck through or as typed by a machine.

Rule 1: nothing is lost or added: the texts of all leaves and the marks around them make up what was written. Rule 2: a
mark counts only where a phone takes it for one: it touches a word inside and none outside, and ends on its own line.

Source: WhatsApp's help page "How to format your messages".
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

Style = Literal["plain", "bold", "italic", "strike", "code", "block"]

_STYLES: dict[str, Style] = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_FENCE = "```"


class Span(msgspec.Struct, frozen=True):
    """A stretch of text in one style. parts: what is inside; empty for plain text and code, which hold words only."""

    style: Style
    text: str = ""
    parts: tuple["Span", ...] = ()


def parse(text: str) -> tuple[Span, ...]:
    """Return a text as a phone shows it, without the marks that it takes for marks."""
    return tuple(_blocks(text))


def strip(text: str) -> str:
    """Return the words that a phone shows."""
    return "".join(_words(span) for span in parse(text))


def _words(span: Span) -> str:
    return span.text + "".join(map(_words, span.parts))


def _blocks(text: str) -> Iterator[Span]:
    """Cut out what stands between fences, which may span lines and holds no other marks."""
    while (start := text.find(_FENCE)) >= 0:
        end = text.find(_FENCE, start + len(_FENCE))
        inside = text[start + len(_FENCE) : end] if end >= 0 else ""
        if not inside.strip():
            break
        yield from _inline(text[:start])
        yield Span("block", inside)
        text = text[end + len(_FENCE) :]
    yield from _inline(text)


def _inline(text: str) -> Iterator[Span]:
    plain_from = at = 0
    while at < len(text):
        end = _closing(text, at)
        if end is None:
            at += 1
            continue
        if at > plain_from:
            yield Span("plain", text[plain_from:at])
        inside, style = text[at + 1 : end], _STYLES[text[at]]
        yield Span(style, inside) if style == "code" else Span(style, parts=tuple(_inline(inside)))
        plain_from = at = end + 1
    if plain_from < len(text):
        yield Span("plain", text[plain_from:])


def _closing(text: str, at: int) -> int | None:
    """Return where the mark that opens here is closed, None if none opens here or it is never closed."""
    mark, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if mark not in _STYLES or _is_word(before) or before == mark or not after.strip() or after == mark:
        return None
    line_end = text.find("\n", at)
    line_end = len(text) if line_end < 0 else line_end
    end = text.find(mark, at + 2, line_end)
    while end >= 0:
        follows = text[end + 1 : end + 2]
        if not text[end - 1].isspace() and not _is_word(follows):
            return end
        end = text.find(mark, end + 1, line_end)
    return None


def _is_word(sign: str) -> bool:
    return sign.isalnum()
