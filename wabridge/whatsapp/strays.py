"""Items that stand where nobody looks for them: under a key of tomorrow, a misspelled one, or one that stands twice.

Rule 1: nothing here raises. Rule 2: only what looks like an item counts; a new key that says something about the others
is no item, and costs nobody's attention.
"""

from collections.abc import Iterator
from typing import Any

from wabridge.whatsapp import decoding

_BESIDE_AN_ID = frozenset({"type", "timestamp", "status", "from", "from_user_id"})
_BESIDE_A_CODE = frozenset({"title", "message", "details", "error_data"})


def find(container: dict[str, Any], known: frozenset[str], pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield what holds items under other keys than these, with its RFC 6901 pointer; elements of a list one by one."""
    for key, value in container.items():
        if key in known or not isinstance(value, dict | list):
            continue
        place = f"{pointer}/{_step(key)}"
        if decoding.REPEATED in key and value:
            yield place, value  # what has lost its place may be anything that stands there
            continue
        if isinstance(value, dict):
            if holds_item(value):
                yield place, value
            continue
        for number, element in enumerate(value):
            if holds_item(element):
                yield f"{place}/{number}", element


def find_repeated(container: dict[str, Any], key: str, pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield the words and numbers that stood under a key before its last value; lists and objects are `find`'s."""
    for name, value in container.items():
        if name.startswith(key + decoding.REPEATED) and not isinstance(value, dict | list):
            yield f"{pointer}/{_step(name)}", value


def holds_item(value: Any) -> bool:
    """Say whether a value is an item or holds one; how deep it can be is for `decoding` to decide."""
    if isinstance(value, dict):
        if "id" in value and not _BESIDE_AN_ID.isdisjoint(value):
            return True
        if "code" in value and not _BESIDE_A_CODE.isdisjoint(value):
            return True
        value = value.values()
    elif not isinstance(value, list):
        return False
    for part in value:  # noqa: SIM110 - this runs for every webhook, and a generator costs as much as the rest
        if isinstance(part, dict | list) and holds_item(part):
            return True
    return False


def _step(key: str) -> str:
    """Return a key as a step of a pointer that can be stored."""
    return decoding.storable_key(key).replace("~", "~0").replace("/", "~1")
