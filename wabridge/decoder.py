"""A program of its own: reads a stranger's picture from its input and writes a small one to its output.

Decoding what a stranger made is how programs are taken over, so it happens where nothing can be had: this process is
started with an empty environment, holds no key and no file, and before it reads the first byte it gives up whatever a
decoder does not need. It imports nothing of wabridge and is imported by nothing.

Out: width and height of the small picture (two big-endian numbers of 16 bits), then WebP. Exit status 0, or nothing.
"""

import copy
import ctypes
import io
import os
import resource
import struct
import sys
import warnings
from contextlib import suppress
from pathlib import Path

from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE = 480
MOST_BYTES = 32 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""160 MB as RGBA."""
MOST_JPEG_PIXELS = 120_000_000
"""More than any phone makes; JPEG is decoded at a fraction of its size."""

_MEMORY_BYTES = 768 * 1024 * 1024
_CPU_SECONDS = 10

# Landlock (Linux 5.13 and later; see its documentation, "Userspace API"). The numbers are the same on every processor.
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT, _ASK_VERSION = 444, 446, 1
_NO_NEW_PRIVILEGES = 38
_EVERY_FILE, _EVERY_ADDRESS, _EVERY_SIGNAL = 0x1FFF, 0x3, 0x3
_SIZES = ((6, 24), (4, 16), (1, 8))
"""From which version on the kernel knows how many bytes of these."""
_QUALITY = 78
_READY = (
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
    MpoImagePlugin,  # what many phones write is a JPEG with a second picture behind it
    TiffImagePlugin,  # reads which side is up
    copy,
)
"""Whatever Pillow would import on its way has to be here before the doors close."""


def main() -> None:
    """Make one small picture; ends without output if there is none to be made."""
    give_up_rights()
    original = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        small = shrink(original)
    except Exception:  # noqa: BLE001  # whatever a broken picture does, there is no small one; nobody reads its words
        os._exit(1)
    sys.stdout.buffer.write(small)
    sys.stdout.flush()
    os._exit(0)  # a clean-up would want to open files


def give_up_rights() -> None:
    """Leave this process with memory, a little time, its input and its output."""
    Image.preinit()
    with suppress(OSError):  # if memory runs out on the machine, this process goes and not the gateway
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError):
        os.nice(10)
    shut_in()
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # the last: no file, no socket, no pipe from here on
    ):
        with suppress(OSError, ValueError):  # not every system knows each of them
            resource.setrlimit(what, (most, most))


def shut_in() -> None:
    """Let the kernel refuse every file, every connection, and a grip at other processes: their memory, signals to them.

    A kernel that knows less refuses less; the limits stand either way.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _ASK_VERSION)
    size = next((size for least, size in _SIZES if version >= least), 0)
    if not size:
        return
    refused = (ctypes.c_uint64 * 3)(_EVERY_FILE, _EVERY_ADDRESS, _EVERY_SIGNAL)
    libc.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    rules = libc.syscall(_LANDLOCK_CREATE, ctypes.byref(refused), ctypes.c_size_t(size), 0)
    libc.syscall(_LANDLOCK_RESTRICT, rules, 0)
    os.close(rules)


def shrink(original: bytes) -> bytes:
    """Return the small picture of a JPEG, PNG, WebP or GIF; raises whatever Pillow raises, and ValueError."""
    if len(original) > MOST_BYTES:
        raise ValueError("the file is too large")
    Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(original), formats=FORMATS) as picture:
        picture.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # JPEG alone can; the others stay as they are
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("the picture is too large")
        picture.seek(0)
        has_gaps = picture.has_transparency_data
        whole = picture.convert("RGBA" if has_gaps else "RGB")
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = ImageOps.exif_transpose(whole)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=None, xmp=b"")
    return struct.pack(">HH", *small.size) + out.getvalue()


if __name__ == "__main__":
    main()
