"""Where in the bytes of a body one value begins and ends, however deep it lies and however odd its neighbours are.

Rule 1: only the shape counts: quotation marks, brackets, commas. What no strict reader accepts (half a character, NaN,
bytes that are no UTF-8, nesting without end) is passed over like anything else. Rule 2: nothing here recurses.
"""

import json
import re
from collections.abc import Iterator

from wabridge.whatsapp import decoding

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)
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
    tokens = _TOKEN.finditer(body, *span)
    opening = next(tokens, None)
    if opening is None or opening[0] not in (b"{", b"["):
        return
    for number, (key, where) in enumerate(_parts(tokens, is_object=opening[0] == b"{")):
        if key is None:
            yield (str(number),), where
        else:
            name = _read(body[slice(*key)])
            yield (name, f"{name}{decoding.REPEATED}{number + 1}"), where


def _parts(tokens: Iterator[re.Match[bytes]], *, is_object: bool) -> Iterator[tuple[Span | None, Span]]:
    """Yield the places of each member's key and value, up to the bracket that closes the container."""
    key: Span | None = None
    value: Span | None = None
    depth, is_value = 0, not is_object
    for token in tokens:
        sign = token[0]
        if depth == 0 and sign in (b",", b"}", b"]"):
            if value is not None:
                yield key, value
            if sign != b",":
                return
            key, value, is_value = None, None, not is_object
        elif is_value:
            depth += (sign in (b"{", b"[")) - (sign in (b"}", b"]"))
            value = (token.start() if value is None else value[0], token.end())
        elif sign == b":":
            is_value = True
        else:
            key = token.span()


def _read(key: bytes) -> str:
    return decoding.storable_key(json.loads(key.decode("utf-8", "surrogateescape"), strict=False))
