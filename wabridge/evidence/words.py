"""The words of certificates: one file for each language, sentences with places to fill and words to stress.

`*words*` are printed bold and `_words_` in italics. What is filled in is never looked at for such signs.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

Run = str | dict[str, str]
"""A piece of a sentence: plain, or `{"b": ...}` for bold and `{"i": ...}` for italics."""

_STRESSED = re.compile(r"(\*[^*]+\*|_[^_]+_)")
_PLACE = re.compile(r"\{(\w+)\}")


class Words:
    """The words of one language, with the office's time of day."""

    def __init__(self, language: str, *, zone: str, utc_offset_minutes: int) -> None:
        said = resources.files("wabridge.evidence").joinpath("words", f"{language}.toml").read_text("utf-8")
        self.table: dict[str, Any] = tomllib.loads(said)
        self._zone, self._offset = zone, timedelta(minutes=utc_offset_minutes)

    def get(self, key: str) -> Any:
        """Return what stands under a dotted key."""
        found: Any = self.table
        for part in key.split("."):
            found = found[part]
        return found

    def word(self, group: str, name: str) -> str:
        """Return the word for something, or the name itself if there is no word for it."""
        return str(self.table[group].get(name, name))

    def plain(self, key: str, **values: object) -> str:
        """Return a text without stress, filled in."""
        return _fill(str(self.get(key)), values)

    def say(self, key: str, **values: object) -> list[Run]:
        """Return a sentence in pieces, filled in."""
        return list(_pieces(str(self.get(key)), values))

    def say_all(self, key: str, **values: object) -> list[list[Run]]:
        """Return each sentence of a list in pieces, filled in."""
        return [list(_pieces(each, values)) for each in self.get(key)]

    def time(self, at: datetime | None) -> str:
        """Return a time as the office reads it."""
        if at is None:
            return str(self.table["unknown_time"])
        local = at.astimezone(UTC) + self._offset
        return self._written("time", local)

    def utc(self, at: datetime | None) -> str:
        """Return the time of day in UTC, with its date where that is another one."""
        if at is None:
            return ""
        there = at.astimezone(UTC)
        hour = self._written("hour", there)
        same = there.date() == (there + self._offset).date()
        return hour if same else f"{there.day} {self.table['months'][there.month - 1]}, {hour}"

    def _written(self, form: str, at: datetime) -> str:
        values = {
            "day": at.day,
            "month": self.table["months"][at.month - 1],
            "year": at.year,
            "hour": f"{at.hour:02}",
            "minute": f"{at.minute:02}",
            "second": f"{at.second:02}",
            "zone": self._zone,
        }
        return _fill(self.table[form], values)


def _pieces(sentence: str, values: dict[str, object]) -> Iterator[Run]:
    for piece in _STRESSED.split(sentence):
        if not piece:
            continue
        if _STRESSED.fullmatch(piece):
            yield {"b" if piece[0] == "*" else "i": _fill(piece[1:-1], values)}
        else:
            yield _fill(piece, values)


def _fill(text: str, values: dict[str, object]) -> str:
    # Not str.format: what is filled in may hold braces, and a place without a value is a fault of ours.
    return _PLACE.sub(lambda place: str(values[place[1]]), text)
