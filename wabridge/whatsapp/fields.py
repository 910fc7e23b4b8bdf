"""An object of Meta's, taken apart key by key.

Rule 1: nothing here raises; what has the wrong type reads as if it were missing. Rule 2: what nobody took is left over
and comes out of `rest`, so that a new key, or an old one in a new shape, is still shown.
"""

import math
from collections.abc import Container
from typing import Any, TypeVar

from wabridge.model import content
from wabridge.model.content import Field, ReportedError
from wabridge.whatsapp import people, reading

_NAMES = {
    "catalog_id": "catalogue",
    "context": "",
    "ctwa_clid": "advertisement click",
    "image_url": "picture address",
    "item_price": "price",
    "media_type": "media",
    "product_items": "product",
    "product_retailer_id": "article",
    "referred_product": "about product",
    "source_id": "source number",
    "source_type": "source",
    "source_url": "link",
    "thumbnail_url": "picture address",
    "video_url": "video address",
    "welcome_message": "greeting",
}
"""Meta's keys in words, where the key does not speak for itself. A page translates the words it knows."""


_T = TypeVar("_T")


class Fields:
    """The keys of one object and of those inside it."""

    def __init__(self, value: Any) -> None:
        self._left: dict[str, Any] = dict(value) if isinstance(value, dict) else {"": value}
        self._inside: list[tuple[tuple[str, ...], Fields]] = []
        self.is_empty = all(map(_is_nothing, self._left.values()))

    def __contains__(self, key: str) -> bool:
        return not _is_nothing(self._left.get(key))

    def text(self, key: str) -> str | None:
        """Take a text that is not empty."""
        return self._take(key, reading.text(self._left.get(key)))

    def ident(self, key: str) -> str | None:
        """Take an id, which may have come as a number."""
        return self._take(key, reading.ident(self._left.get(key)))

    def peek(self, key: str) -> str:
        """Look at a word or an id and leave it where it is; "" if it is neither."""
        return reading.ident(self._left.get(key)) or ""

    def word(self, key: str, known: Container[str]) -> str | None:
        """Take a word in capitals, if it is one of these."""
        said = self.peek(key).upper()
        return self._take(key, said if said in known else None)

    def seconds(self, key: str) -> int | None:
        """Take a time in Unix seconds."""
        return self._take(key, reading.seconds(self._left.get(key)))

    def code(self, key: str) -> int | None:
        """Take the number of an error."""
        return self._take(key, reading.code(self._left.get(key)))

    def flag(self, key: str) -> bool:
        """Take a yes or no; what is missing is a no."""
        value = self._left.get(key)
        return bool(self._take(key, value if isinstance(value, bool) else None))

    def degrees(self, *keys: str, limits: tuple[float, ...]) -> list[float] | None:
        """Take the degrees under all of these keys, or none of them; they may have come as texts."""
        numbers = [_number(self._left.get(key), limit) for key, limit in zip(keys, limits, strict=True)]
        found = [number for number in numbers if number is not None]
        if len(found) < len(keys):
            return None
        self.drop(*keys)
        return found

    def inside(self, key: str) -> "Fields":
        """Open an object within this one."""
        child = Fields(self._left.pop(key, None))
        self._inside.append(((key,), child))
        return child

    def each(self, key: str) -> list["Fields"]:
        """Open the elements of a list; what stands where a list belongs counts as its only element."""
        value = self._left.pop(key, None)
        elements = value if isinstance(value, list) else [] if value is None else [value]
        children = [Fields(element) for element in elements]
        for number, child in enumerate(children, 1):
            self._inside.append(((key, str(number)) if len(children) > 1 else (key,), child))
        return children

    def errors(self) -> tuple[ReportedError, ...]:
        """Take what WhatsApp reports; of an error only what is not read here is left over, and never Meta's link."""
        found = reading.errors(self._left.get("errors"))
        for error in self.each("errors") if found else ():
            error.code("code")
            told = {error.text("title"), error.text("details")}
            error.text("href")
            extra = error.inside("error_data")
            told |= {extra.text("details"), extra.text("")}
            if error.peek("message") in told or told == {None}:
                error.text("message")
        return found

    def drop(self, *keys: str) -> None:
        """Leave out what is said elsewhere, whatever it is."""
        for key in keys:
            self._left.pop(key, None)

    def drop_plain(self, *keys: str) -> None:
        """Leave out ids and words that are said elsewhere; what stands there in another shape stays."""
        for key in keys:
            self.ident(key)

    def drop_people(self, *keys: str) -> None:
        """Leave out whom it is about; what nobody can be known by stays."""
        self.drop(*(key for key in keys if people.is_identity(self._left.get(key))))

    def rest(self) -> tuple[Field, ...]:
        """Take everything that is left, here and inside, in our own words."""
        left, self._left = self._left, {}
        children, self._inside = self._inside, []
        own = [Field(_named(field.name), field.value) for field in content.flatten(left)]
        for name, child in children:
            own += [Field((*_named(name), *field.name), field.value) for field in child.rest()]
        return tuple(own)

    def _take(self, key: str, value: _T) -> _T:
        if value is not None:
            del self._left[key]
        return value


def _named(name: tuple[str, ...]) -> tuple[str, ...]:
    words = (_NAMES.get(part, part.replace("_", " ")) for part in name)
    return tuple(word for word in words if word)


def _number(value: Any, limit: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
