"""One item of a stored webhook, cut out of its bytes: what can be shown of one person without the others beside them.

Rule 1: nothing here raises for what the bytes are. Rule 2: what is not byte for byte as it came is marked as canonical.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from wabridge.whatsapp import decoding, envelopes, payloads, spans


class Cutout(NamedTuple):
    """What lies at a pointer. exact: its very bytes. canonical: the same as JSON with sorted keys and plain Unicode.

    exact is None if no bytes of the body, read alone, say what was understood. canonical is None if the bytes are no
    JSON at all.
    """

    exact: bytes | None
    canonical: bytes | None

    @property
    def is_exact(self) -> bool:
        """Whether the very bytes could be cut out."""
        return self.exact is not None


class Opened:
    """A stored body, read once for any number of its items."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._parts: dict[tuple[str, ...], list[msgspec.Raw] | dict[str, msgspec.Raw]] = {}
        self._decoded: decoding.Decoded | None = None
        with suppress(decoding.NotJson):
            self._decoded = decoding.decode(body)

    def cut_out(self, pointer: str) -> Cutout | None:
        """Return what lies at an RFC 6901 pointer, "" for the whole body; None if nothing does."""
        if self._decoded is None:
            return Cutout(self._body, None) if pointer == "" else None
        steps = _steps(pointer)
        try:
            canonical = decoding.canonical(_find(self._decoded.value, steps))
        except LookupError:
            return None
        part = self._quick(steps)
        if part is None or not _says(part, canonical):
            part = _by_shape(self._body, steps, canonical)
        return Cutout(part, canonical)

    def count_items(self) -> int:
        """Return how many items a body has in all, whosever they are."""
        return 1 if self._decoded is None else sum(1 for _ in payloads.iterate_decoded(self._decoded))

    def holds_only(self, pointers: Iterable[str]) -> bool:
        """Say whether a body says nothing of anybody but what lies at these pointers."""
        return envelopes.holds_only(None if self._decoded is None else self._decoded.value, pointers)

    def display_numbers(self) -> dict[str, str]:
        """Return how Meta writes the numbers that the body is about, as digits, by their ids."""
        return {} if self._decoded is None else envelopes.display_numbers(self._decoded.value)

    def _quick(self, steps: list[str]) -> bytes | None:
        try:
            return bytes(self._part(tuple(steps)))
        except (msgspec.DecodeError, UnicodeDecodeError, LookupError, RecursionError):
            return None

    def _part(self, steps: tuple[str, ...]) -> Any:
        """Return the raw part at these steps; what holds several stays split, for the next item beside it."""
        if not steps:
            return self._body
        *above, last = steps
        if tuple(above) not in self._parts:
            self._parts[tuple(above)] = _split(self._part(tuple(above)))
        whole = self._parts[tuple(above)]
        return whole[_index(last)] if isinstance(whole, list) else _member(whole, last)


def cut_out(body: bytes, pointer: str) -> Cutout | None:
    """Return what lies at an RFC 6901 pointer of a body that is read for this alone; None if nothing does."""
    return Opened(body).cut_out(pointer)


def readable(cutout: Cutout) -> str:
    """Return an item as text for a person: indented if it is JSON; what is no character is replaced."""
    if cutout.canonical is None:
        return (cutout.exact or b"").decode("utf-8", "replace")
    # canonical may hold halves of characters, which no page can carry
    plain = cutout.canonical.decode("utf-8", "surrogatepass").encode("utf-8", "replace")
    return msgspec.json.format(plain, indent=2).decode("utf-8")


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _find(value: Any, steps: list[str]) -> Any:
    for step in steps:
        value = value[_index(step)] if isinstance(value, list) else _member(value, step)
    return value


def _by_shape(body: bytes, steps: list[str], canonical: bytes) -> bytes | None:
    """Return the very bytes by looking at the shape of the body alone, slowly."""
    span = spans.find(body, steps)
    part = None if span is None else body[slice(*span)]
    return part if part is not None and _says(part, canonical) else None


def _split(part: Any) -> list[msgspec.Raw] | dict[str, msgspec.Raw]:
    raw = bytes(part)
    if raw.lstrip()[:1] == b"[":
        return msgspec.json.decode(raw, type=list[msgspec.Raw])
    return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])


def _says(part: bytes, canonical: bytes) -> bool:
    """Say whether a part, read alone, says what the body says there; what is cut off of it depends on its depth."""
    try:
        return decoding.CUT_OFF in canonical or decoding.canonical(decoding.decode(part).value) == canonical
    except decoding.NotJson:
        return False


def _index(step: str) -> int:
    if not (step.isascii() and step.isdigit() and len(step) <= len("9" * 9)):
        raise LookupError(step)
    return int(step)


def _member(value: Any, step: str) -> Any:
    if not isinstance(value, dict):
        raise LookupError(step)
    if step in value:
        return value[step]
    for key, part in value.items():
        if decoding.storable_key(key) == step:
            return part
    raise LookupError(step)
