"""One tolerant reader for the values of Meta's optional keys.

Rule: nothing here raises. What has the wrong type reads as if it were missing, except that ids and times may be numbers
or texts: Meta's own samples show both. Fractions of a second are cut off.
"""

import re
from typing import Any

from wabridge.model.event import ReportedError

_DIGITS = re.compile(r"([0-9]{1,18})(?:\.[0-9]{1,18})?")
_LAST_SECOND = 253402300799
"""The end of the year 9999. What is later is no time in seconds."""


def text(value: Any) -> str | None:
    """Return a text that is not empty."""
    return value if isinstance(value, str) and value else None


def ident(value: Any) -> str | None:
    """Return an id, which may have come as a number."""
    if isinstance(value, str):
        return value or None
    return str(value) if _is_small_int(value) else None


def mapping(value: Any) -> dict[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def elements(value: Any) -> list[Any]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def seconds(value: Any) -> int | None:
    """Return a time in Unix seconds; 0 is how programs write that they know none."""
    number = _number(value)
    return number if number is not None and 0 < number <= _LAST_SECOND else None


def errors(value: Any) -> tuple[ReportedError, ...]:
    """Return the errors of a list, in the newer and the older form; one that stands where a list belongs counts."""
    if not value:
        return ()
    found = [value] if isinstance(value, dict) else elements(value)
    return tuple(_error(element) for element in found if isinstance(element, dict))


def code(value: Any) -> int | None:
    """Return an error code."""
    return _number(value)


def details(error: dict[str, Any]) -> str:
    """Return what an error says beyond its title; its place has changed over the years."""
    extra = error.get("error_data")
    return text(mapping(extra).get("details")) or text(extra) or text(error.get("details")) or ""


def _error(error: dict[str, Any]) -> ReportedError:
    return ReportedError(
        code=code(error.get("code")) or 0,
        title=text(error.get("title")) or text(error.get("message")) or "",
        details=details(error),
    )


def _number(value: Any) -> int | None:
    if isinstance(value, float):
        return int(value) if abs(value) < 2**63 else None
    if isinstance(value, str):
        found = _DIGITS.fullmatch(value)
        return int(found[1]) if found else None
    return value if _is_small_int(value) else None


def _is_small_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
