"""Small pictures of strangers' pictures, made by the program `wabridge/decoder.py`: one at a time, in nobody's company.

Rule: no byte of a stranger's picture is decoded in this process. What comes back is believed only as far as it is short
and begins as it must.
"""

import asyncio
import logging
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

log = logging.getLogger(__name__)

_PROGRAM = Path(__file__).resolve().parents[1] / "decoder.py"
SECONDS = 20.0
MOST_BYTES = 32 * 1024 * 1024
"""A larger file is not given to the decoder."""
_MOST_ANSWERED = 256 * 1024
_MOST_SIDE = 480


class Small(NamedTuple):
    """A small picture, as WebP."""

    width: int
    height: int
    webp: bytes


async def shrink(pieces: AsyncIterator[bytes], *, seconds: float = SECONDS) -> Small | None:
    """Return the small picture of a file that comes in pieces, None if there is none to be made of it.

    Whatever a picture does to the decoder ends here: it is killed after some seconds, and TimeoutError is raised.
    """
    # -I: no variable of the environment, no folder of a user's is looked at. The group of its own keeps a terminal's
    # Ctrl-C from it, which this process answers.
    decoder = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(_PROGRAM), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/",
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            await _feed(decoder, pieces)
            made = await _read(decoder)
            failed = await decoder.wait()
    except TimeoutError:
        log.warning("a picture took the decoder too long")
        raise
    finally:
        await _end(decoder)
    return None if failed else _checked(made)


async def _feed(decoder: Process, pieces: AsyncIterator[bytes]) -> None:
    assert decoder.stdin is not None  # PIPE was asked for
    with suppress(BrokenPipeError, ConnectionResetError):  # it has seen enough
        async for piece in pieces:
            decoder.stdin.write(piece)
            await decoder.stdin.drain()
    decoder.stdin.close()


async def _read(decoder: Process) -> bytes:
    assert decoder.stdout is not None  # PIPE was asked for
    made = bytearray()
    while piece := await decoder.stdout.read(_MOST_ANSWERED):
        made += piece
        if len(made) > _MOST_ANSWERED:
            decoder.kill()
            return b""
    return bytes(made)


async def _end(decoder: Process) -> None:
    with suppress(ProcessLookupError):
        if decoder.returncode is None:
            decoder.kill()
    await asyncio.shield(decoder.wait())


def _checked(made: bytes) -> Small | None:
    if len(made) < 16 or made[4:8] != b"RIFF" or made[12:16] != b"WEBP":
        return None
    width, height = struct.unpack(">HH", made[:4])
    fits = 0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE
    return Small(width, height, made[4:]) if fits else None
