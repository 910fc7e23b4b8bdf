"""Pictures made for tests, some of them ill-meant."""

import io
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

from PIL import Image


def picture(form: str = "JPEG", *, size: tuple[int, int] = (640, 400), mode: str = "RGB", **more: Any) -> bytes:
    """Return a picture that is red on the left and blue on the right."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    drawn.convert(mode).save(out, form, **more)
    return out.getvalue()


def moving(form: str) -> bytes:
    """Return a picture of three frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def turned() -> bytes:
    """Return a JPEG of 640 x 400 that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn right to see it
    exif[0x010E] = "taken at the client's house"
    return picture("JPEG", exif=exif)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of a few hundred bytes that claims to be a picture of many gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


async def pieces(content: bytes, *, length: int = 65536) -> AsyncIterator[bytes]:
    """Yield a file as the vault does."""
    for start in range(0, len(content), length):
        yield content[start : start + length]
