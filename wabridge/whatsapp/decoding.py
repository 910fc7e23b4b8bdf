"""Webhook bytes as plain objects, whatever the bytes are.

Rule 1: only NotJson comes out. Rule 2: nesting ends at DEPTH, so whoever reads or stores what comes out never meets a
RecursionError. Rule 3: this file knows nothing of Meta's keys.

msgspec reads what is sound. Python's json, several times slower, reads what msgspec refuses: a byte-order mark, lone
surrogates, broken UTF-8, NaN, raw control characters, and keys that stand twice in one object. What can't be stored in
such a body is mended later, by `mend`, in what is kept of it.
"""

import hashlib
import json
import math
import re
from collections import Counter
from typing import Any, NamedTuple

import msgspec

DEPTH = 64
"""How deep objects and lists may stand in each other; Meta needs about a dozen levels."""

REPEATED = " (repeated) "
"""Stands in the name of what had the same key as something behind it in its object; a number follows."""

CUT_OFF = b"nested too deeply, sha256 "
"""Stands where something was nested too deeply to be kept apart; its digest follows."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_ESCAPED = re.compile(rb"\\u00(?:22|3[aA])")
_canonical_encoder = msgspec.json.Encoder(order="sorted")


class NotJson(Exception):
    """The bytes are no JSON in any reading."""


class Decoded(NamedTuple):
    """What a body says. is_sound: nothing in it needs mending. repeats_keys: some objects had a key more than once."""

    value: Any
    is_sound: bool
    repeats_keys: bool = False


def decode(body: bytes) -> Decoded:
    """Read a body; raises NotJson and nothing else."""
    try:
        decoded = _parse(body)
    except RecursionError:
        decoded = None
    if decoded is None or (_may_be_deep(body) and _is_deep(decoded.value)):
        try:
            decoded = _parse(_cut_deep_parts(body))
        except RecursionError:
            raise NotJson("nested without end") from None
    return decoded


def canonical(value: Any) -> bytes:
    """Return JSON with sorted keys and plain Unicode: equal values give equal bytes, however they were spelled."""
    try:
        return _canonical_encoder.encode(value)
    except UnicodeEncodeError:
        plain = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return plain.encode("utf-8", "surrogatepass")


def mend(value: Any) -> Any:
    """Return the value with U+FFFD for what cannot be stored as text: lone surrogates and NUL."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [mend(element) for element in value]
    if isinstance(value, tuple):
        return tuple(mend(element) for element in value)
    if isinstance(value, dict):
        return {mend(key): mend(element) for key, element in value.items()}
    return value


def storable_key(key: str) -> str:
    """Return a key as it can be stored and told apart: what was mended in it is followed by a digest of what it was."""
    mended = str(mend(key))
    if mended == key:
        return key
    return f"{mended} {hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _parse(body: bytes) -> Decoded:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _parse_leniently(body)
    if _may_repeat_keys(body, value) and (careful := _parse_leniently(body)).repeats_keys:
        return careful
    # A NUL can only be spelled this way; a backslash before it makes a false alarm, which costs time and nothing else.
    return Decoded(value, is_sound=b"\\u0000" not in body)


def _may_repeat_keys(body: bytes, value: Any) -> bool:
    """Say whether an object may have had a key twice, of which only the last is left in the value; False is certain.

    Written anew the value has as many keys as the body, unless some were dropped. Keys are counted by the quotation
    mark and the colon behind each; where the body may spell these otherwise, nothing is certain.
    """
    if b" :" in body or b"\n:" in body or b"\r:" in body or b"\t:" in body:
        return True
    if b"\\u00" in body and _ESCAPED.search(body):
        return True
    try:
        return body.count(b'":') != msgspec.json.encode(value).count(b'":')
    except (ValueError, OverflowError):
        return True


def _parse_leniently(body: bytes) -> Decoded:
    objects = _Objects()
    try:
        # Bytes that are no UTF-8 become lone surrogates: mended in what is kept, and told apart until then.
        text = body.decode("utf-8-sig", "surrogateescape")
        value = json.loads(
            text,
            strict=False,
            parse_constant=str,
            parse_int=_int_or_digits,
            parse_float=_float_or_digits,
            object_pairs_hook=objects.build,
        )
    except ValueError:
        raise NotJson("not JSON") from None
    return Decoded(value, is_sound=False, repeats_keys=objects.repeat_keys)


class _Objects:
    """Builds the objects of one body; of a key that stands twice the last counts, the others are kept beside it."""

    def __init__(self) -> None:
        self.repeat_keys = False

    def build(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) == len(pairs):
            return built
        self.repeat_keys = True
        left = Counter(key for key, _ in pairs)
        for number, (key, value) in enumerate(pairs, 1):
            left[key] -= 1
            if left[key]:
                built[f"{key}{REPEATED}{number}"] = value  # the number is the place among all keys, so it is unique
        return built


def _int_or_digits(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:  # Python refuses thousands of digits
        return digits


def _float_or_digits(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _may_be_deep(body: bytes) -> bool:
    return body.count(b"{") + body.count(b"[") > DEPTH


def _is_deep(value: Any) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEPTH):
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _cut_deep_parts(body: bytes) -> bytes:
    """Return the body with a mark in place of each part that is nested too deeply.

    The mark carries the part's digest, so that two items that differ only in there stay different, and begins with a
    NUL, so that what contains it counts as mended.
    """
    kept, depth, copied, cut_from = [], 0, 0, 0
    for token in _TOKEN.finditer(body):
        first = token[0][:1]
        if first in b"[{":
            depth += 1
            if depth == DEPTH + 1:
                cut_from = token.start()
        elif first in b"]}":
            if depth == DEPTH + 1:
                digest = hashlib.sha256(body[cut_from : token.end()]).hexdigest()
                kept += [body[copied:cut_from], b'"\\u0000', CUT_OFF, digest.encode(), b'"']
                copied = token.end()
            depth = max(depth - 1, 0)
    return b"".join([*kept, body[copied:]])
