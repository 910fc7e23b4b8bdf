"""Which characters the certificate's fonts can print, and a visible mark for each that they cannot.

What cannot be seen on paper is marked as well: control characters, overrides of the direction of writing, spaces of no
width. A joiner inside an emoji stays, and so do the marks of direction that Arabic needs, and the end of a line.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it comes without types

FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Emoji",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
    *(f"Noto Sans {script}" for script in (
        "Hebrew", "Devanagari", "Tamil", "Thai", "Bengali", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao",
        "Malayalam", "Myanmar", "Oriya", "Sinhala", "Telugu", "Armenian", "Georgian", "Ethiopic", "Symbols",
    )),
)  # fmt: skip
"""In the order in which they are asked for a character."""

_LONG_WORD = re.compile(r"[!-~]{65,}")
"""Longer than any checksum: an address, or a word that would run over the margin."""
_LINE_PART = 32
_KEPT = {0x0A, 0x200C, 0x200D, 0x200E, 0x200F, 0xFE0E, 0xFE0F}
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def font_folders() -> list[str]:
    """Return the folders that hold the fonts."""
    return [str(Path(str(resources.files(package)))) for package in FONT_PACKAGES]


class Marks(dict[int, str]):
    """A table for `str.translate` that marks what can't be printed. count: how often it did.

    refused: characters that the fonts have and that still could not be set; they are marked too.
    """

    def __init__(self, refused: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.count = 0
        self._refused = refused
        self._marked: dict[int, str] = {}

    def __missing__(self, code: int) -> str:
        """Return what is printed for a character that has not been met, or that is marked and so counted each time."""
        mark = self._marked.get(code)
        if mark is None and not (chr(code) in self._refused or _is_unprintable(code)):
            self[code] = chr(code)
            return chr(code)
        self.count += 1
        self._marked[code] = mark = f"[U+{code:04X}]"
        return mark

    def printable(self, text: str) -> str:
        """Return a text as it can be printed."""
        if not (text.isascii() and text.isprintable()) or self._refused:
            text = text.replace("\t", "    ").translate(self)
        return _LONG_WORD.sub(_breakable, text)

    def printable_all(self, view: Any) -> Any:
        """Return the same structure with every text made printable."""
        if isinstance(view, str):
            return self.printable(view)
        if isinstance(view, dict):
            return {key: self.printable_all(value) for key, value in view.items()}
        if isinstance(view, list):
            return [self.printable_all(each) for each in view]
        return view


def _breakable(word: re.Match[str]) -> str:
    # A space of no width, where a line may end; it is not printed, and counts as no mark.
    return "\u200b".join(word[0][n : n + _LINE_PART] for n in range(0, len(word[0]), _LINE_PART))


def is_right_to_left(text: str) -> bool:
    """Say whether a paragraph is written from the right: whether its first letter is."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL", "L"):
            return direction != "L"
    return False


def _is_unprintable(code: int) -> bool:
    if code in _KEPT:
        return False
    return unicodedata.category(chr(code)) in _INVISIBLE or code not in _coverage()


@lru_cache(maxsize=1)
def _coverage() -> frozenset[int]:
    paths = sorted(path for folder in font_folders() for path in Path(folder).glob("*.tt[fc]"))
    return frozenset(code for path in paths for code in _covered(path))


def _covered(path: Path) -> list[int]:
    # Of a collection the first: its regional variants cover the same characters.
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return list(font.getBestCmap())
