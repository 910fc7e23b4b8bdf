"""What a file is decided by its bytes alone."""

from pathlib import Path

import pytest

from wabridge.model import filetypes
from wabridge.model.filetypes import UNKNOWN

SAMPLES = Path(__file__).resolve().parents[2] / "wabridge/sandbox/static"


@pytest.mark.parametrize(
    ("name", "mime_type", "is_shown"),
    [
        ("photo.jpg", "image/jpeg", True),
        ("sticker.webp", "image/webp", True),
        ("voice.ogg", "audio/ogg", True),
        ("video.mp4", "video/mp4", True),
        ("letter.pdf", "application/pdf", False),
    ],
)
def test_real_files_are_recognised(name: str, mime_type: str, is_shown: bool) -> None:
    """A picture, a sound and a film are shown; a PDF is recognised and saved."""
    found = filetypes.recognise((SAMPLES / name).read_bytes()[: filetypes.HEAD_BYTES])
    assert (found.mime_type, found.is_shown) == (mime_type, is_shown)
    assert filetypes.find(mime_type) == found


@pytest.mark.parametrize(
    ("head", "mime_type"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"#!AMR\n<", "audio/amr"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xf3\x40", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\0\0\0\x1cftypM4A ", "audio/mp4"),
        (b"\0\0\0\x1cftyp3gp5", "video/3gpp"),
    ],
)
def test_beginnings_are_recognised(head: bytes, mime_type: str) -> None:
    """Every kind that WhatsApp passes on has its line in the table."""
    assert filetypes.recognise(head).mime_type == mime_type


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b'<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        b" GIF89a",
        b"\n%PDF-1.4",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x1cftypheic",
        b"OggS" + bytes(24) + b"\x80theora",
        b"PK\x03\x04[Content_Types].xml",
        b"MZ\x90\0",
    ],
)
def test_whatever_is_not_in_the_table_is_plain_bytes(head: bytes) -> None:
    """Markup, archives, programs and unknown pictures are never shown inside a page."""
    assert filetypes.recognise(head) == UNKNOWN


def test_a_polyglot_goes_by_its_first_bytes() -> None:
    """A picture that is a page of HTML as well is a picture, and is never called HTML."""
    assert filetypes.recognise(b"GIF89a/*<script>*/=1//<html>").mime_type == "image/gif"
    assert filetypes.recognise(b"\xff\xd8\xff\xe0<script>").mime_type == "image/jpeg"


def test_a_type_that_was_never_recognised_is_unknown() -> None:
    """What somebody else calls a file means nothing."""
    assert filetypes.find("text/html") == filetypes.find(None) == filetypes.find("image/svg+xml") == UNKNOWN
