"""The numbered changes of the schema. A file that has been released never changes; a new one is added behind it."""

import re
from pathlib import Path
from typing import NamedTuple

_FILE = re.compile(r"(\d{4})_\w+\.sql")


class Migration(NamedTuple):
    """One step of the schema. number: the schema's version once it is applied."""

    number: int
    script: str


def list_all() -> list[Migration]:
    """Return every migration in order; raises ValueError if a number is missing or used twice."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.sql")):
        match = _FILE.fullmatch(path.name)
        if match is None:
            raise ValueError(f"{path.name} is not named like a migration")
        found.append(Migration(int(match[1]), path.read_text(encoding="utf-8")))
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are numbered 1, 2, 3, ...")
    return found
