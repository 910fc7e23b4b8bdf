"""One page of a list, and the cursor that asks for the next one.

A cursor names the last row that was shown, not how many came before it: rows that arrive meanwhile shift nothing.
"""

import re
from typing import Generic, TypeVar

import msgspec

from wabridge.errors import BadRequest

T = TypeVar("T")

_CURSOR = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18}){0,3}")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some rows of a list. next: the cursor of the following page, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def build_cursor(*parts: int) -> str:
    """Return the cursor for a row that is known by these numbers."""
    return ".".join(map(str, parts))


def parse_cursor(cursor: str, *, parts: int) -> tuple[int, ...]:
    """Return the numbers of a cursor; raises BadRequest if it is none."""
    if _CURSOR.fullmatch(cursor) is None or cursor.count(".") != parts - 1:
        raise BadRequest("this cursor is not one of ours")
    return tuple(int(part) for part in cursor.split("."))
