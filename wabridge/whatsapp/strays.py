"""Items that stand where nobody looks for them: under a key of tomorrow, a misspelled one, or one that stands twice.

Rule 1: nothing here raises. Rule 2: only what looks like an item counts; a new key that says something about the others
is no item, and costs nobody's attention.
"""

from collections.abc import Iterator
from typing import Any

from wabridge.whatsapp import decoding

_LOOKS: tuple[tuple[str, frozenset[str]], ...] = (
    ("id", frozenset({"type", "timestamp", "status", "from", "from_user_id"})),
    ("code", frozenset({"title", "message", "details", "error_data"})),
    ("field", frozenset({"value"})),
    ("contact", frozenset({"action"})),
    ("group_id", frozenset({"type", "timestamp"})),
    ("category", frozenset({"value"})),
    ("timestamp", frozenset({"type", "event", "status"})),
)
"""What an item looks like, a key and one of these beside it: a message, status or call; an error; a whole change; an
entry of the address book; a change of a group; a word about advertising; anything else that happened at a time."""


def find(container: dict[str, Any], known: frozenset[str], pointer: str) -> Iterator[tuple[str, Any]]:
    """Yield what holds items under other keys than these, with its RFC 6901 pointer; elements of a list one by one."""
    for key, value in container.items():
        if key in known:
            continue
        place = f"{pointer}/{_step(key)}"
        if decoding.REPEATED in key:
            # What has lost its place may be anything that stands there, unless it says nothing else.
            if value and value != container[key.partition(decoding.REPEATED)[0]]:
                yield place, value
            continue
        if not isinstance(value, dict | list):
            continue
        if isinstance(value, dict):
            if holds_item(value):
                yield place, value
            continue
        for number, element in enumerate(value):
            if holds_item(element):
                yield f"{place}/{number}", element


def holds_item(value: Any) -> bool:
    """Say whether a value is an item or holds one; how deep it can be is for `decoding` to decide.

    An object in which a key stands twice counts as well: nobody reads but the last.
    """
    if isinstance(value, dict):
        for key, beside in _LOOKS:
            if key in value and not beside.isdisjoint(value):
                return True
        for key, part in value.items():
            if decoding.REPEATED in key or (isinstance(part, dict | list) and holds_item(part)):
                return True
        return False
    if isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list) and holds_item(part):
                return True
    return False


def _step(key: str) -> str:
    """Return a key as a step of a pointer that can be stored."""
    return decoding.storable_key(key).replace("~", "~0").replace("/", "~1")
