"""How a body is read strictly: what must be there, what may be, and how Meta refuses the rest (cloud-api 6.4)."""

import re
from typing import Any

from wabridge.sandbox.graph import GraphError, Refusal
from wabridge.sandbox.payloads import Json

_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,340})?")


def an_object(thing: Any, name: str, *, known: set[str]) -> Json:
    """Return it if it is an object with no other keys; raises Refusal."""
    if not isinstance(thing, dict):
        raise invalid(f"{name} must be an object")
    unknown = sorted(set(thing) - known)
    if unknown:
        raise refusal(100, "Invalid parameter", f"Unexpected key {name}.{unknown[0]}")
    return thing


def inside(holder: Json, key: str, name: str, *, known: set[str]) -> Json:
    """Return the object under a key that must be there; raises Refusal."""
    if key not in holder:
        raise missing(f"{name}.{key}")
    return an_object(holder[key], f"{name}.{key}", known=known)


def a_list(holder: Json, key: str, name: str, *, most: int) -> list[Any]:
    """Return the list under a key, of one entry at least; raises Refusal."""
    found = holder.get(key)
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise invalid(f"{name}.{key} must be a list of 1 to {most}")
    return found


def a_text(holder: Json, key: str, name: str, *, most: int) -> str:
    """Return the text under a key, with something in it; raises Refusal."""
    if key not in holder:
        raise missing(f"{name}.{key}")
    found = holder[key]
    if not isinstance(found, str) or not found.strip():
        raise invalid(f"{name}.{key} must be a text with something in it")
    if len(found) > most:
        raise refusal(100, "Invalid parameter", f"{name}.{key} is longer than {most} characters")
    return found


def maybe_text(holder: Json, key: str, name: str, *, most: int) -> str | None:
    """Return the text under a key if the key is there: then it must be one."""
    return a_text(holder, key, name, most=most) if key in holder else None


def a_number(holder: Json, key: str, name: str, *, limit: float) -> float:
    """Return the number under a key, between minus and plus the limit; it may stand in a text. Raises Refusal."""
    if key not in holder:
        raise missing(f"{name}.{key}")
    found = holder[key]
    if isinstance(found, str) and _DECIMAL.fullmatch(found):
        found = float(found)
    if isinstance(found, bool) or not isinstance(found, int | float) or not -limit <= found <= limit:
        raise invalid(f"{name}.{key} must be a number between {-limit} and {limit}")
    return found


def a_wamid(holder: Json, key: str, name: str = "") -> str:
    """Return the wamid under a key; raises Refusal."""
    if key not in holder:
        raise missing(name + key)
    wamid = holder[key]
    if not isinstance(wamid, str) or not wamid.startswith("wamid."):
        raise invalid(f"{name}{key} must be a wamid")
    return wamid


def require_different(values: list[str], what: str) -> None:
    """Refuse a list in which something stands twice."""
    if len(set(values)) < len(values):
        raise invalid(f"{what} must differ")


def missing(name: str) -> Refusal:
    """Return the refusal of a body in which something is missing."""
    return refusal(131008, "Required parameter is missing", f"{name} is missing")


def invalid(sentence: str) -> Refusal:
    """Return the refusal of a value that is none."""
    return refusal(131009, "Parameter value is not valid", sentence)


def refusal(code: int, title: str, details: str) -> Refusal:
    """Return a refusal that counts as a violation: ours must never send this."""
    return Refusal(GraphError(http=400, code=code, title=title, details=details), is_violation=True)
