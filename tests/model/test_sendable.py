"""Which files can be sent, and as what: decided by the bytes."""

from contextlib import suppress

import pytest

from tests import documents
from tests.documents import FILM, PDF, VOICE, WORD, compound, film, package
from tests.pictures import moving, picture
from wabridge.errors import FileUnfit
from wabridge.model import sendable
from wabridge.model.sendable import Sendable

H264, AAC, HEVC = (b"vide", b"avc1"), (b"soun", b"mp4a"), (b"vide", b"hvc1")
SQUARE = (512, 512)


def examine(content: bytes, name: str | None = None, *, size: int | None = None) -> Sendable:
    """Examine a file; size: as if it were so long, with nothing but zeros behind what is given."""
    size = len(content) if size is None else size

    def read(start: int, stop: int) -> bytes:
        return content[start:stop].ljust(max(0, min(stop, size) - start), b"\0")

    return sendable.examine(size, read, name=name)


def refused(content: bytes, name: str | None = None, *, size: int | None = None) -> str:
    """Return why a file cannot be sent."""
    with pytest.raises(FileUnfit) as refusal:
        examine(content, name, size=size)
    assert refusal.value.reason in sendable.UNFIT
    return refusal.value.reason


@pytest.mark.parametrize(
    ("content", "kind", "mime_type"),
    [
        (picture("JPEG"), "image", "image/jpeg"),
        (picture("JPEG", mode="L"), "image", "image/jpeg"),
        (picture("PNG"), "image", "image/png"),
        (picture("PNG", mode="RGBA"), "image", "image/png"),
        (PDF, "document", "application/pdf"),
        (VOICE, "audio", "audio/ogg; codecs=opus"),
        (b"ID3\x04" + bytes(100), "audio", "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(100), "audio", "audio/aac"),
        (b"#!AMR\n<" + bytes(100), "audio", "audio/amr"),
        (film([AAC], brand=b"M4A "), "audio", "audio/mp4"),
        (film([AAC]), "audio", "audio/mp4"),
        (FILM, "video", "video/mp4"),
        (film([H264, AAC]), "video", "video/mp4"),
        (film([H264], brand=b"3gp5"), "video", "video/3gpp"),
        (WORD, "document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            package("[Content_Types].xml", "xl/workbook.xml"),
            "document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            package("[Content_Types].xml", "ppt/presentation.xml"),
            "document",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (compound("WordDocument"), "document", "application/msword"),
        (compound("Workbook", entries_first=30), "document", "application/vnd.ms-excel"),
        (compound("PowerPoint Document"), "document", "application/vnd.ms-powerpoint"),
        ("Nomor perkara;tanggal\n12/Pdt.G/2026;1 Oktober – pukul 9\n".encode(), "document", "text/plain"),
        (picture("WEBP", size=SQUARE), "sticker", "image/webp"),
        (picture("WEBP", size=SQUARE, lossless=True), "sticker", "image/webp"),
    ],
)
def test_what_whatsapp_takes_is_recognised_by_its_bytes(content: bytes, kind: str, mime_type: str) -> None:
    """Each sort of Meta's table goes as its own kind, whatever the file is called."""
    found = examine(content, "lampiran")
    assert (found.kind, found.mime_type) == (kind, mime_type)
    assert examine(content, "nama.xyz") == found


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (moving("GIF"), "picture_type"),
        (picture("TIFF"), "picture_type"),
        (picture("BMP"), "picture_type"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "picture_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture_type"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "picture_type"),
        (picture("PNG", mode="1"), "picture_colours"),
        (picture("JPEG", mode="CMYK"), "picture_colours"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(9), "damaged"),
        (picture("WEBP", size=(512, 511)), "sticker_size"),
        (b"\0\0\0\x14ftypqt  " + bytes(100), "video_type"),
        (b"\x1aE\xdf\xa3" + bytes(100), "video_type"),
        (b"RIFF\0\0\0\0AVI LIST", "video_type"),
        (film([HEVC, AAC]), "video_codec"),
        (film([H264, (b"soun", b"ac-3")]), "video_codec"),
        (film([H264, AAC, AAC]), "video_tracks"),
        (film([H264, AAC], cut=True), "damaged"),
        (film([]), "damaged"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio_type"),
        (b"OggS" + bytes(24) + b"\x01vorbis", "audio_type"),
        (VOICE[:37] + b"\2" + VOICE[38:], "audio_channels"),
        (b"{\\rtf1 surat}", "document_type"),
        (package("mimetype", "META-INF/manifest.xml", "content.xml"), "document_type"),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (package("berkas/a.pdf", "berkas/b.pdf"), "archive"),
        (package("META-INF/MANIFEST.MF", "Main.class"), "program"),
        (WORD[:-30], "archive"),
        (compound("Pesan"), "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "archive"),
        (b"Rar!\x1a\x07", "archive"),
        (b"MZ\x90\0", "program"),
        (b"#!/bin/sh\nrm -rf /\n", "program"),
        (b"<!doctype html><script>alert(1)</script>", "program"),
        (bytes(range(256)), "type"),
        (b"surat\0kuasa", "type"),
    ],
)
def test_what_whatsapp_does_not_take_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    """A picture, film, sound or document of another sort is refused, whatever its name promises."""
    assert refused(content) == reason
    assert refused(content, "surat.pdf") == reason


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (picture("JPEG"), 5 * 2**20),
        (FILM, 16 * 2**20),
        (VOICE, 16 * 2**20),
        (PDF, 100 * 2**20),
        (picture("WEBP", size=SQUARE), 100 * 1024),
    ],
)
def test_the_limit_of_its_kind_is_the_last_size_that_goes(content: bytes, limit: int) -> None:
    """Exactly the limit goes, a byte more does not, and the refusal says how large it may be."""
    assert examine(content, size=limit).limit_bytes == limit
    with pytest.raises(FileUnfit) as refusal:
        examine(content, size=limit + 1)
    assert (refusal.value.reason, refusal.value.limit_bytes) == ("too_large", limit)


def test_an_animated_sticker_may_be_larger() -> None:
    """What moves has 500 KB."""
    moves = bytearray(picture("WEBP", size=SQUARE))
    moves = bytearray(b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0" + (511).to_bytes(3, "little") * 2) + moves
    found = examine(bytes(moves))
    assert (found.kind, found.is_animated, found.limit_bytes) == ("sticker", True, 500 * 1024)


def test_a_program_by_name_is_refused_even_as_plain_text() -> None:
    """A batch file is a text by its bytes, and runs where it arrives."""
    assert refused(b"del /q *.*\r\n", "mulai.bat") == "program"
    assert refused(PDF, "surat.exe") == "program"


@pytest.mark.parametrize(
    ("name", "content", "sent"),
    [
        ("Surat Kuasa.pdf", PDF, "Surat Kuasa.pdf"),
        ("Surat Kuasa", PDF, "Surat Kuasa.pdf"),
        ("surat.docx", PDF, "surat.docx.pdf"),
        ("foto.JPG", picture("JPEG"), "foto.JPG"),
        ("daftar.csv", b"a;b\n", "daftar.csv"),
        ("../../etc/passwd", b"a\n", "_.._etc_passwd.txt"),
        (None, PDF, "document.pdf"),
        ("\u202efdp.exe", PDF, None),
    ],
)
def test_the_name_it_is_sent_under_tells_what_it_is(name: str | None, content: bytes, sent: str | None) -> None:
    """The last suffix fits the bytes, and no folder or hidden character is left."""
    if sent is None:
        assert refused(content, name) == "program"
    else:
        assert sendable.sent_name(name, examine(content, name)) == sent


def test_only_pictures_films_and_documents_take_a_caption() -> None:
    """A sound and a sticker stand alone."""
    taking = [kind for kind in sendable.LIMITS if sendable.takes_caption(kind)]
    assert sorted(taking) == ["document", "image", "video"]


def test_looking_into_a_file_never_fails_otherwise() -> None:
    """Cut at any byte, each sort is sent or refused, and nothing else happens."""
    for whole in (WORD, compound("WordDocument"), film([H264, AAC]), picture("JPEG", size=(8, 8)), documents.PDF):
        for end in range(0, len(whole), 7):
            with suppress(FileUnfit):
                examine(whole[:end])
        assert examine(whole).kind in sendable.LIMITS
