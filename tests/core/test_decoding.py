"""Strangers' pictures are decoded by another program, which has nothing that could be taken from it."""

import asyncio
import ctypes
import io
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import bomb, moving, picture, pieces, turned
from wabridge import decoder
from wabridge.core import decoding
from wabridge.core.decoding import Small

ROOT = Path(__file__).resolve().parents[2]


async def _shrink(content: bytes) -> Small | None:
    return await decoding.shrink(pieces(content))


@pytest.mark.parametrize(
    "content",
    [
        picture("JPEG"),
        picture("JPEG", mode="CMYK"),
        picture("JPEG", mode="L"),
        picture("JPEG", progressive=True),
        picture("MPO"),
        picture("PNG"),
        picture("PNG", mode="RGBA"),
        picture("WEBP"),
        picture("GIF", mode="P"),
    ],
)
async def test_every_shown_kind_becomes_small(content: bytes) -> None:
    """Each kind of picture that WhatsApp passes on has a small one with the same shape."""
    small = await _shrink(content)
    assert small is not None
    assert (small.width, small.height) == (480, 300)
    assert Image.open(io.BytesIO(small.webp)).size == (480, 300)


@pytest.mark.parametrize("form", ["WEBP", "GIF"])
async def test_a_moving_picture_stands_still(form: str) -> None:
    """Of an animated sticker the first frame is kept."""
    small = await _shrink(moving(form))
    assert small is not None
    assert not getattr(Image.open(io.BytesIO(small.webp)), "is_animated", False)


async def test_a_small_picture_stands_upright_and_tells_nothing() -> None:
    """The picture is turned as the phone was held; place, time and device are left behind."""
    small = await _shrink(turned())
    assert small is not None
    assert (small.width, small.height) == (300, 480)
    assert b"client" not in small.webp
    assert not Image.open(io.BytesIO(small.webp)).getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        picture("TIFF"),
        picture("PNG")[:60],
        picture("JPEG")[:300],
        bomb(),
        bytes(40 * 1024 * 1024),
    ],
    ids=["nothing", "svg", "pdf", "tiff", "half a png", "half a jpeg", "bomb", "too large"],
)
async def test_what_is_no_picture_has_no_small_one(content: bytes) -> None:
    """Other formats, broken files, files too large and pictures that unpack to gigabytes give nothing, and no error."""
    assert await _shrink(content) is None


async def test_a_decoder_that_takes_too_long_is_ended() -> None:
    """However long a picture keeps the decoder busy, the program goes on."""

    async def never() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await decoding.shrink(never(), seconds=0.5)


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('/tmp/from-a-picture', 'w')",
        "__import__('socket').socket()",
        "__import__('os').pipe()",
        "bytearray(2 << 30)",
    ],
)
def test_the_decoder_can_reach_nothing(attempt: str) -> None:
    """Once it begins to read, it opens no file and no connection and gets no more memory than it was given."""
    program = f"import runpy; runpy.run_path({decoder.__file__!r})['give_up_rights'](); print('closed'); {attempt}"
    tried = subprocess.run([sys.executable, "-I", "-c", program], env={}, capture_output=True, text=True, check=False)
    assert tried.stdout == "closed\n"
    assert tried.returncode != 0


def test_the_decoder_cannot_read_our_memory() -> None:
    """Where the kernel has Landlock, the memory of whoever started the decoder, keys and all, stays closed."""
    secret = ctypes.create_string_buffer(b"key")
    asked = (
        f"from tests.core.peeking import peek; peek({decoder.__file__!r}, {os.getpid()}, {ctypes.addressof(secret)})"
    )
    tried = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    before, after, version = map(int, tried.stdout.split())
    assert after == (-1 if version >= 1 else before)


def test_the_decoder_knows_nothing_of_ours() -> None:
    """It imports no module of wabridge, so that there is no key and no setting in it."""
    assert "wabridge" not in [line.split()[1] for line in _imports()]


def _imports() -> list[str]:
    lines = Path(decoder.__file__).read_text().splitlines()
    return [line for line in lines if line.startswith(("import ", "from "))]


@pytest.mark.parametrize("content", [bomb(7000, 7000), bytes(decoder.MOST_BYTES + 1)])
def test_sizes_are_refused_before_anything_is_decoded(content: bytes) -> None:
    """More bytes or more pixels than fit are refused at the header."""
    with pytest.raises(ValueError, match="too large"):
        decoder.shrink(content)
