from pathlib import Path

import pytest

from wabridge import storage
from wabridge.storage import queries
from wabridge.storage.database import Database, Params, Transaction

ROOM = Path(storage.__file__).parent
NOUNS = sorted(path.stem for path in ROOM.glob("*.sql"))
QUERIES = [(noun, name) for noun in NOUNS for name in queries.load(noun)]


class _Anything(dict[str, None]):
    """NULL under every name."""

    def __missing__(self, name: str) -> None:
        return None


@pytest.mark.parametrize(("noun", "name"), QUERIES)
async def test_every_query_compiles(database: Database, noun: str, name: str) -> None:
    """Every query in the room is one statement that the migrated schema understands."""
    sql = queries.load(noun)[name]
    assert await database.write(lambda tx: _compile(tx, sql))


@pytest.mark.parametrize("noun", NOUNS)
def test_no_query_is_left_over(noun: str) -> None:
    """Every query is used by the module beside its file."""
    source = (ROOM / f"{noun}.py").read_text(encoding="utf-8")
    assert [name for name in queries.load(noun) if f'"{name}"' not in source] == []


def test_a_file_is_read_by_its_names() -> None:
    """A query reaches from its name to the next; remarks before the first name are nobody's."""
    found = queries.parse("-- A remark.\n-- name: one\nSELECT 1;\n\n-- name: two\n-- why\nSELECT\n  2;\n")
    assert dict(found) == {"one": "SELECT 1;", "two": "-- why\nSELECT\n  2;"}


def test_a_name_used_twice_is_refused() -> None:
    """Two queries under one name would hide each other."""
    with pytest.raises(ValueError, match="twice"):
        queries.parse("-- name: one\nSELECT 1;\n-- name: one\nSELECT 2;\n")


def _compile(tx: Transaction, sql: str) -> bool:
    candidates: list[Params] = [_Anything(), *((None,) * n for n in range(40))]
    for params in candidates:
        try:
            tx.all(f"EXPLAIN {sql}", params)
        except Exception as error:
            if "number of bindings" not in str(error) and "Binding" not in str(error):
                raise
        else:
            return True
    return False
