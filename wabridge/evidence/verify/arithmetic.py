"""The arithmetic of proofs: Ed25519 (RFC 8032), trees of hashes (RFC 6962 and 9162), signed notes (C2SP)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from wabridge.evidence.verify.words import Wrong

Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add_points(p: Point, q: Point) -> Point:
    """Return the sum of two points of the curve, in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply_point(factor: int, point: Point) -> Point:
    """Return a multiple of a point."""
    total: Point = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add_points(total, point)
        point, factor = add_points(point, point), factor >> 1
    return total


def point_of(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, None if they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether an Ed25519 signature is by a key."""
    if len(signature) != 64 or len(key) != 32:
        return False
    public, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    if public is None or r is None or base is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = multiply_point(s, base), add_points(r, multiply_point(h, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def unbase64(text: object) -> bytes:
    """Return what base64 stands for, if it is written in the one way it should be."""
    try:
        raw = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("form", text) from None
    if base64.b64encode(raw).decode() != text:
        raise Wrong("form", text)
    return raw


def verifier_key(text: str) -> tuple[str, bytes]:
    """Return name and 32 bytes of a C2SP verifier key."""
    name, _, rest = text.partition("+")
    number, _, encoded = rest.partition("+")
    raw = unbase64(encoded)
    if len(raw) != 33 or raw[:1] != b"\1" or number != key_id(name, raw[1:]).hex():
        raise Wrong("key", name)
    return name, raw[1:]


def fingerprint(key: bytes) -> str:
    """Return what people compare: SHA-256 of a key, in groups of four."""
    digits = hashlib.sha256(key).hexdigest()
    return " ".join(digits[n : n + 4] for n in range(0, 64, 4))


def key_id(name: str, key: bytes) -> bytes:
    """Return the four bytes that stand for a key in signed notes."""
    return hashlib.sha256(name.encode() + b"\n\1" + key).digest()[:4]


def note_lines(note: bytes, key: tuple[str, bytes]) -> list[str]:
    """Return the lines of a note that this key alone has signed."""
    text, gap, signature = note.decode("utf-8", "replace").rpartition("\n\n")
    begin = f"— {key[0]} "
    if not gap or not signature.startswith(begin) or not signature.endswith("\n") or signature.count("\n") != 1:
        raise Wrong("note")
    raw = unbase64(signature[len(begin) : -1])
    if raw[:4] != key_id(*key) or not is_signed(key[1], raw[4:], f"{text}\n".encode()):
        raise Wrong("signature")
    return text.split("\n")


def checkpoint_of(note: bytes, key: tuple[str, bytes]) -> tuple[int, bytes]:
    """Return size and root of a signed checkpoint."""
    lines = note_lines(note, key)
    if len(lines) != 3 or lines[0] != key[0] or not lines[1].isascii() or not lines[1].isdigit():
        raise Wrong("note")
    return int(lines[1]), unbase64(lines[2])


def parent(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def leads_to(root: bytes, *, index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """Say whether a path leads from a leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    here, last, found = index, size - 1, leaf
    if not 0 <= index < size:
        return False
    for step in path:
        if last == 0:
            return False
        if here % 2 == 1 or here == last:
            found = parent(step, found)
            while here % 2 == 0 and here != 0:
                here, last = here // 2, last // 2
        else:
            found = parent(found, step)
        here, last = here // 2, last // 2
    return last == 0 and found == root


def is_continued(old: int, new: int, *, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether a tree is the beginning of a later one (RFC 9162, 2.1.4.2)."""
    if old == new or not 0 < old < new:
        return old == new and old_root == new_root and not path
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    here, last = old - 1, new - 1
    while here % 2 == 1:
        here, last = here // 2, last // 2
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here % 2 == 1 or here == last:
            before, after = parent(step, before), parent(step, after)
            while here % 2 == 0 and here != 0:
                here, last = here // 2, last // 2
        else:
            after = parent(after, step)
        here, last = here // 2, last // 2
    return last == 0 and before == old_root and after == new_root
