"""What counts as one emoji: what a reaction may be.

Source: Unicode UTS #51, ED-17 (emoji sequence), told by general categories instead of its data files, so that emoji
younger than this Python are known as well.
"""

import re
import unicodedata

_JOINER = "\u200d"
_VARIATION = "\ufe0f"
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_SKIN = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_YOUNG = range(0x1F000, 0x1FB00)
_OTHERS = frozenset("\u203c\u2049\u2194\u2195\u2196\u2197\u2198\u2199\u21a9\u21aa\u25fd\u25fe\u2934\u2935\u3030\u303d")
LONGEST = 32


def is_one(text: str) -> bool:
    """Say whether a text is a single emoji, as people see it."""
    if not 0 < len(text) <= LONGEST:
        return False
    if _KEYCAP.fullmatch(text) or _FLAG.fullmatch(text):
        return True
    return all(_is_element(part) for part in text.split(_JOINER))


def _is_element(part: str) -> bool:
    if not part or not _is_picture(part[0]):
        return False
    rest = part[1:].replace(_VARIATION, "", 1)
    return rest == "" or (len(rest) == 1 and ord(rest) in _SKIN) or all(ord(sign) in _TAGS for sign in rest)


def _is_picture(sign: str) -> bool:
    if ord(sign) in _SKIN or _FLAG.match(sign * 2):
        return False
    return unicodedata.category(sign) == "So" or ord(sign) in _YOUNG or sign in _OTHERS
