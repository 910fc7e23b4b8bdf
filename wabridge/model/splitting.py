"""Cutting a text that is too long for one message, where people would."""

import re

_BETWEEN = (
    re.compile(r"\n[ \t]*\n\s*"),  # paragraphs
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?…;:])\s+"),  # sentences
    re.compile(r"\s+"),
)
_HANGS_ON = re.compile("[\u0300-\u036f\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


def split(text: str, *, limit: int) -> tuple[str, ...]:
    """Return the text in parts of at most so many characters, none of them blank; nothing but white space is lost.

    Cut is at the last end of a paragraph that leaves no part less than half full, else of a line, a sentence, a word;
    only a word that is longer than that is cut itself.
    """
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        end, begin = _cut(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[begin:].strip()
    return (*parts, rest) if rest else tuple(parts)


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Return where the first part ends and the next one begins."""
    least = limit // 2
    for between in _BETWEEN:
        found = [gap for gap in between.finditer(text, 0, limit + 1) if least <= gap.start() <= limit]
        if found:
            return found[-1].start(), found[-1].end()
    earlier = [gap for gap in _BETWEEN[-1].finditer(text, 0, limit + 1) if 0 < gap.start() <= limit]
    if earlier:
        return earlier[-1].start(), earlier[-1].end()
    end = limit
    while end > 1 and (_HANGS_ON.match(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    end = end if end > 1 else limit
    return end, end
