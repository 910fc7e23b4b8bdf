"""Reads the named queries of a `.sql` file: a line `-- name: find`, then one statement."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_NAME = re.compile(r"^-- name: *(\S+) *$", re.MULTILINE)
_FOLDER = Path(__file__).parent


def load(noun: str) -> Mapping[str, str]:
    """Return the queries of `<noun>.sql` in this room, by name; raises ValueError if a name comes twice."""
    return parse((_FOLDER / f"{noun}.sql").read_text(encoding="utf-8"))


def parse(text: str) -> Mapping[str, str]:
    """Return the queries of a text, by name; what stands before the first name is a remark."""
    _, *parts = _NAME.split(text)
    names, statements = parts[::2], parts[1::2]
    found = {name: statement.strip() for name, statement in zip(names, statements, strict=True)}
    if len(found) != len(names):
        raise ValueError("a query's name is used twice")
    return MappingProxyType(found)
