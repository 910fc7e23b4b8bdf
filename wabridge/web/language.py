"""What a page says and how it writes moments: catalogues, choice of a language, the office's time zone.

Catalogues are read from `locales/*/messages.po` as they are; there is no build step. A msgid is the English sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NewType

from babel import Locale
from babel.dates import format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

Msgid = NewType("Msgid", str)
"""An English sentence that stands in every catalogue; placeholders are written {so}."""

LANGUAGES = ("id", "en")
_CLOCK = {"id": ("HH.mm", "HH.mm.ss"), "en": ("HH:mm", "HH:mm:ss")}
"""Hours and minutes, without and with seconds. Indonesian writes a dot between them (EYD V), as the certificates do."""
_FOLDER = Path(__file__).parent / "locales"


def read_catalogues() -> dict[str, Catalog]:
    """Return the catalogue of each language; raises if one cannot be read."""
    catalogues = {}
    for language in LANGUAGES:
        with (_FOLDER / language / "messages.po").open("rb") as file:
            catalogues[language] = read_po(file, locale=language, abort_invalid=True)
    return catalogues


def choose(accept_language: str, *, otherwise: str) -> str:
    """Return the language of ours that a browser likes best.

    accept_language: the header's value (RFC 9110, 12.5.4); otherwise: what is spoken if none of ours is named.
    """
    wishes: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        primary = "id" if primary == "in" else primary  # what older Androids call Indonesian
        if primary in LANGUAGES and (weight := _weight(parameters)) > 0:
            wishes.append((weight, primary))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else otherwise


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Speech:
    """One language, one time zone: everything a page needs to say things."""

    language: str
    catalogue: Catalog
    timezone: tzinfo

    def say(self, msgid: str, /, **values: object) -> Markup:
        """Return the sentence in this language, values escaped and filled in."""
        message = self.catalogue.get(msgid)
        said = message.string if message and isinstance(message.string, str) else ""
        return _fill(said or msgid, values)

    def say_count(self, number: int, singular: str, plural: str, **values: object) -> Markup:
        """Return the sentence that fits the number, which fills {number}."""
        message = self.catalogue.get(singular)
        forms: Iterable[str] = message.string if message and isinstance(message.string, (tuple, list)) else ()
        said = [form for form in forms if form] or [singular, plural]
        is_one = Locale.parse(self.language).plural_form(number) == "one"
        return _fill(said[0] if is_one else said[-1], {"number": self.number(number), **values})

    def local(self, at: datetime) -> datetime:
        """Return the moment on the office's clock."""
        return at.astimezone(self.timezone)

    def time(self, at: datetime, *, beside: datetime | None = None) -> Markup:
        """Return hours and minutes as a <time>, with as much of the date as is not that of the moment beside it."""
        minutes, _ = _CLOCK[self.language]
        if beside is None or self._same_day(at, beside):
            return self._element(at, minutes)
        same_year = self.local(at).year == self.local(beside).year
        return self._element(at, f"EEE d MMM {minutes}" if same_year else f"EEE d MMM y {minutes}")

    def clock_time(self, at: datetime) -> Markup:
        """Return the time with seconds, for a moment that is near."""
        return self._element(at, _CLOCK[self.language][1])

    def recent(self, at: datetime, now: datetime) -> Markup:
        """Return the moment as short as it is clear today: a time, a day, or a date."""
        if self._same_day(at, now):
            return self._element(at, _CLOCK[self.language][0])
        same_year = self.local(at).year == self.local(now).year
        return self._element(at, "d MMM" if same_year else "d MMM y")

    def moment(self, at: datetime) -> Markup:
        """Return date and time with seconds and time zone, as a record shows them."""
        return self._element(at, f"d MMM y {_CLOCK[self.language][1]}")

    def day(self, at: datetime) -> Markup:
        """Return the day with its name, as a <time>."""
        name = format_datetime(self.local(at), "EEEE, d MMMM y", locale=self.language)
        return Markup('<time datetime="{}">{}</time>').format(self.local(at).date().isoformat(), name)

    def day_of(self, at: datetime) -> str:
        """Return the day as something to compare and group by."""
        return self.local(at).date().isoformat()

    def zone(self, at: datetime) -> str:
        """Return what the office's time zone is called then, for example WIB."""
        return self.local(at).tzname() or ""

    def full(self, at: datetime) -> str:
        """Return the moment in full, to the second and with its time zone."""
        said = format_datetime(self.local(at), f"EEEE, d MMMM y, {_CLOCK[self.language][1]}", locale=self.language)
        return f"{said} {self.zone(at)}"

    def number(self, value: int) -> str:
        """Return a whole number as it is written in this language."""
        return format_decimal(value, locale=self.language)

    def _same_day(self, one: datetime, other: datetime) -> bool:
        return self.day_of(one) == self.day_of(other)

    def _element(self, at: datetime, pattern: str) -> Markup:
        said = format_datetime(self.local(at), pattern, locale=self.language)
        stamp = self.local(at).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, self.full(at), said)


def _fill(sentence: str, values: Mapping[str, object]) -> Markup:
    """Put values into a sentence: the sentence is plain text, and so is every value that is not Markup."""
    said = escape(sentence)
    return said.format(**values) if values else said
