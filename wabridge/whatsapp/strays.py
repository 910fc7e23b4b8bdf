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
        if isinstance(value, dict):
            if _holds_item(value):
                yield place, value
            continue
        for number, element in enumerate(value):
            if _holds_item(element):
                yield f"{place}/{number}", element


def _holds_item(value: Any) -> bool:
    """Say whether a value is an item or holds one, however deep."""
    level = [value]
    while level:
        inside: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                if _is_item(part):
                    return True
                inside += part.values()
            elif isinstance(part, list):
                inside += part
        level = [part for part in inside if isinstance(part, dict | list)]
    return False


def _is_item(thing: dict[str, Any]) -> bool:
    keys = thing.keys()
    return ("id" in keys and not _BESIDE_AN_ID.isdisjoint(keys)) or (
        "code" in keys and not _BESIDE_A_CODE.isdisjoint(keys)
    )


def _step(key: str) -> str:
    """Return a key as a step of a pointer that can be stored."""
    return decoding.storable_key(key).replace("~", "~0").replace("/", "~1")
