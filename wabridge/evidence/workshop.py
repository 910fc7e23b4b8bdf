"""The process in which a bundle is made: everything comes in by a pipe, the bundle goes out by another.

Whoever starts it (COMMAND, in FOLDER, with an empty environment) writes what `orders` yields to its standard input and
takes the bundle from its standard output. No key stands in an argument, in the environment or in a file. On standard
error come lines of JSON: progress, a question to the time-stamp authority, and at the end what came of it.

Questions are answered on standard input behind the files, because this process reaches no network itself.
"""

import base64
import json
import logging
import os
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

import msgspec

from wabridge import errors
from wabridge.evidence.bundle import Files, Keys, produce
from wabridge.evidence.dossier import Dossier, File, Leaf, Opening
from wabridge.evidence.exhibits import Message

COMMAND = (sys.executable, "-W", "ignore", "-m", "wabridge.evidence.workshop")
FOLDER = Path(__file__).resolve().parents[2]

_LENGTH = struct.Struct(">Q")
END = _LENGTH.pack(0)
_PIECE = 1 << 20
_MANY: dict[str, type] = {"messages": Message, "files": File, "openings": Opening, "leaves": Leaf}
"""What a dossier has much of. It comes behind the order in small pieces, so that writing it keeps nobody waiting."""
_AT_ONCE = 50


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made. asks_time: authorities are asked for the seal's time; authority_roots: theirs, DER."""

    dossier: Dossier
    keys: Keys
    asks_time: bool = False
    authority_roots: tuple[bytes, ...] = ()


def orders(order: Order, files: Files) -> Iterator[bytes]:
    """Yield what goes into the workshop: the order, what its dossier has much of, each file's path and pieces."""
    whole = order.dossier
    bare = msgspec.structs.replace(whole, **dict.fromkeys(_MANY, ()))
    yield frame(msgspec.msgpack.encode(msgspec.structs.replace(order, dossier=bare)))
    for name in _MANY:
        several = getattr(whole, name)
        for start in range(0, len(several), _AT_ONCE):
            yield frame(msgspec.msgpack.encode(several[start : start + _AT_ONCE]))
        yield END
    for path, pieces in files:
        yield frame(path.encode())
        yield from (frame(piece) for piece in pieces if piece)
        yield END


def answer(stamped: bytes | None) -> bytes:
    """Return what goes in as the answer to a question: the authority's, or None if it could not be had."""
    return frame(stamped) if stamped else END


def work(given: BinaryIO, out: BinaryIO, told: TextIO) -> int:
    """Make the bundle that is ordered; returns the exit code."""
    tell = _Telling(told)
    try:
        order = _order(given)
        stamp = (lambda request: _ask(request, given, tell)) if order.asks_time else None
        made = produce(
            order.dossier,
            _files(given, len(order.dossier.files)),
            order.keys,
            out,
            tell.progress,
            stamp=stamp,
            authority_roots=order.authority_roots,
        )
        out.flush()
    except errors.CertificateNotMade as error:
        tell(failed=str(error))
        return 1
    tell(files=made.files, manifest_sha256=made.manifest_sha256, seal_time=made.seal_time)
    return 0


class _Telling:
    """Lines of JSON on standard error, each at once."""

    def __init__(self, told: TextIO) -> None:
        self._told = told

    def __call__(self, **said: object) -> None:
        self._told.write(json.dumps(said) + "\n")
        self._told.flush()

    def progress(self, done: int, steps: int) -> None:
        """Say how far it has come."""
        self(done=done, steps=steps)


def _ask(request: bytes, given: BinaryIO, tell: _Telling) -> bytes:
    tell(question=base64.b64encode(request).decode())
    stamped = _read(given)
    if not stamped:
        raise errors.NotAnchored("unreachable")
    return stamped


def _order(given: BinaryIO) -> Order:
    order = msgspec.msgpack.decode(_read(given), type=Order)
    many = {
        name: tuple(each for piece in iter(lambda: _read(given), b"") for each in _pieces(kind, piece))
        for name, kind in _MANY.items()
    }
    return msgspec.structs.replace(order, dossier=msgspec.structs.replace(order.dossier, **many))


def _pieces(kind: type, piece: bytes) -> list[object]:
    return msgspec.msgpack.decode(piece, type=list[kind])  # type: ignore[valid-type]  # known only while it runs


def _files(given: BinaryIO, count: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    for _ in range(count):
        path = _read(given).decode()
        yield path, iter(lambda: _read(given), b"")


def frame(piece: bytes) -> bytes:
    """Return a piece as it goes in; `END` ends a file."""
    return _LENGTH.pack(len(piece)) + piece


def _read(given: BinaryIO) -> bytes:
    head = given.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise errors.CertificateNotMade("the order broke off")
    length = _LENGTH.unpack(head)[0]
    piece = given.read(length)
    if len(piece) < length:
        raise errors.CertificateNotMade("the order broke off")
    return piece


def _main() -> int:
    # Standard error is for our lines alone, and whatever else writes to standard output must not end up in the bundle.
    logging.disable()
    with os.fdopen(os.dup(1), "wb", buffering=_PIECE) as out:
        os.dup2(2, 1)
        return work(sys.stdin.buffer, out, sys.stderr)


if __name__ == "__main__":
    sys.exit(_main())
