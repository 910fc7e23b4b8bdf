"""Where in the bytes of a body one value begins and ends, however deep it lies and however odd its neighbours are.

Rule 1: only the shape counts: quotation marks, brackets, commas. What no strict reader accepts (half a character, NaN,
bytes that are no UTF-8, nesting without end) is passed over like anything else. Rule 2: nothing here recurses.
"""

import json
import re
from collections.abc import Iterator

from wabridge.whatsapp import decoding

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"?+)*+([\[\]{}]|\Z)', re.DOTALL)
"""The next bracket, whatever words and texts stand before it: what lies deeper need not be looked at word by word."""
_MARK = b"\xef\xbb\xbf"

Span = tuple[int, int]


def find(body: bytes, steps: list[str]) -> Span | None:
    """Return the place of the value that these steps lead to, None if there is none.

    A key that stands twice leads to its last value; the others are found by the names that `decoding` gives them.
    """
    start = len(_MARK) if body.startswith(_MARK) else 0
    span: Span | None = (start, len(body))
    for step in steps:
        if span is None:
            return None
        found = [where for name, where in _members(body, span) if step in name]
        span = found[-1] if found else None
    return span


def _members(body: bytes, span: Span) -> Iterator[tuple[tuple[str, ...], Span]]:
    """Yield each member of the object or list in a span with the names it has as a step, and its place."""
    opening = _TOKEN.search(body, *span)
    if opening is None or opening[0] not in (b"{", b"["):
        return
    parts = _parts(body, (opening.end(), span[1]), is_object=opening[0] == b"{")
    for number, (key, where) in enumerate(parts):
        if key is None:
            yield (str(number),), where
        else:
            name = _read(body[slice(*key)])
            yield (name, f"{name}{decoding.REPEATED}{number + 1}"), where


def _parts(body: bytes, span: Span, *, is_object: bool) -> Iterator[tuple[Span | None, Span]]:
    """Yield the places of each member's key and value, up to the bracket that closes the container."""
    at, stop = span
    key: Span | None = None
    value: Span | None = None
    is_value = not is_object
    while token := _TOKEN.search(body, at, stop):
        sign, at = token[0], token.end()
        if sign in (b",", b"}", b"]"):
            if value is not None:
                yield key, value
            if sign != b",":
                return
            key, value, is_value = None, None, not is_object
        elif is_value:
            if sign in (b"{", b"["):
                at = _end(body, (token.start(), stop))
            value = (token.start() if value is None else value[0], at)
        elif sign == b":":
            is_value = True
        else:
            key = token.span()


def _end(body: bytes, span: Span) -> int:
    """Return where the container ends that begins with a span."""
    depth = 0
    for bracket in _BRACKET.finditer(body, *span):
        depth += 1 if bracket[1] in (b"{", b"[") else -1
        if depth == 0:
            return bracket.end()
    return span[1]


def _read(key: bytes) -> str:
    return decoding.storable_key(json.loads(key.decode("utf-8", "surrogateescape"), strict=False))
