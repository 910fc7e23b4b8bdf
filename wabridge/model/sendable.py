"""Which file can be sent, and as what: WhatsApp's types and sizes, decided by the bytes alone.

Whatever does not fit is refused here, before it is queued, with a word for why; the sentences hang on the words
(`web/enclosure_words.py`). Source: Meta, "media" (as of June 2026). Where Meta's page leaves a doubt (a grey picture)
the file is tried.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple, get_args

from wabridge.errors import FileTooLarge, FileUnfit
from wabridge.model import boxes, containers, filenames, filetypes, pictures
from wabridge.model.pictures import Picture

Kind = Literal["image", "video", "audio", "document", "sticker"]
KINDS: frozenset[str] = frozenset(get_args(Kind))

Unfit = Literal[
    "empty",
    "too_large",
    "damaged",
    "program",
    "macros",
    "archive",
    "picture_type",
    "picture_colours",
    "sticker_size",
    "video_type",
    "video_codec",
    "video_tracks",
    "audio_type",
    "audio_channels",
    "document_type",
    "too_many",
    "type",
]
"""Why a file cannot be sent. too_many: in one form. type: no such file is taken, and nobody knows better."""

UNFIT: tuple[Unfit, ...] = get_args(Unfit)

Read = Callable[[int, int], bytes]
"""Gives the bytes of a file from a place up to another one, as far as there are any."""

_MIB = 1024 * 1024
LARGEST_BYTES = 100 * _MIB
"""The largest file of any kind."""

LIMITS: dict[Kind, int] = {
    "audio": 16 * _MIB,
    "document": LARGEST_BYTES,
    "image": 5 * _MIB,
    "sticker": 100 * 1024,
    "video": 16 * _MIB,
}
ANIMATED_STICKER_BYTES = 500 * 1024
STICKER_PIXELS = 512

_CAPTIONED = frozenset({"image", "video", "document"})
_OPUS = "audio/ogg; codecs=opus"
"""Meta takes Ogg with Opus in it, and not the bare type."""


class Sendable(NamedTuple):
    """A file that WhatsApp takes. suffixes: those that fit its bytes, the one it gets otherwise first."""

    kind: Kind
    mime_type: str
    suffixes: tuple[str, ...]
    is_voice: bool = False
    is_animated: bool = False

    @property
    def limit_bytes(self) -> int:
        """How large it may be."""
        return ANIMATED_STICKER_BYTES if self.is_animated else LIMITS[self.kind]


_JPEG = Sendable("image", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"))
_PNG = Sendable("image", "image/png", ("png",))
_STICKER = Sendable("sticker", "image/webp", ("webp",))
_PDF = Sendable("document", "application/pdf", ("pdf",))
_TEXT = Sendable("document", "text/plain", ("txt", "csv", "log", "md", "text", "tsv", "ics", "vcf"))
_VIDEO = {
    "video/mp4": Sendable("video", "video/mp4", ("mp4", "m4v")),
    "video/3gpp": Sendable("video", "video/3gpp", ("3gp", "3gpp", "3g2")),
}
_M4A = Sendable("audio", "audio/mp4", ("m4a", "m4b", "mp4"))
_VOICE = Sendable("audio", _OPUS, ("ogg", "opus", "oga"), is_voice=True)
_SOUNDS = {
    "audio/mpeg": Sendable("audio", "audio/mpeg", ("mp3",)),
    "audio/aac": Sendable("audio", "audio/aac", ("aac",)),
    "audio/amr": Sendable("audio", "audio/amr", ("amr",)),
}
_XML = "application/vnd.openxmlformats-officedocument."
_OFFICE: dict[str, Sendable] = {
    "docx": Sendable("document", f"{_XML}wordprocessingml.document", ("docx",)),
    "xlsx": Sendable("document", f"{_XML}spreadsheetml.sheet", ("xlsx",)),
    "pptx": Sendable("document", f"{_XML}presentationml.presentation", ("pptx",)),
    "doc": Sendable("document", "application/msword", ("doc", "dot")),
    "xls": Sendable("document", "application/vnd.ms-excel", ("xls", "xlt")),
    "ppt": Sendable("document", "application/vnd.ms-powerpoint", ("ppt", "pps")),
}

_UNFIT_BEGINNINGS: tuple[tuple[bytes, int, Unfit], ...] = (
    (b"GIF8", 0, "picture_type"),
    (b"II*\0", 0, "picture_type"),  # TIFF
    (b"MM\0*", 0, "picture_type"),
    (b"BM", 0, "picture_type"),
    (b"WAVE", 8, "audio_type"),
    (b"fLaC", 0, "audio_type"),
    (b"#!AMR-WB\n", 0, "audio_type"),
    (b"OggS", 0, "audio_type"),  # anything but Opus
    (b"\x30\x26\xb2\x75", 0, "video_type"),  # Windows Media
    (b"AVI ", 8, "video_type"),
    (b"\x1aE\xdf\xa3", 0, "video_type"),  # Matroska, WebM
    (b"\x00\x00\x01\xba", 0, "video_type"),  # MPEG
    (b"{\\rtf", 0, "document_type"),
    (b"Rar!", 0, "archive"),
    (b"7z\xbc\xaf", 0, "archive"),
    (b"\x1f\x8b", 0, "archive"),
    (b"BZh", 0, "archive"),
    (b"MZ", 0, "program"),
    (b"\x7fELF", 0, "program"),
    (b"#!", 0, "program"),
)
_UNFIT_BRANDS: dict[bytes, Unfit] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"), "picture_type"),
    b"qt  ": "video_type",
}
_UNFIT_PACKAGES: dict[str, Unfit] = {
    "macros": "macros",
    "program": "program",
    "opendocument": "document_type",
    "other": "archive",
}
_BLANKS = b" \t\r\n\x0c"
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0c\x1b")) + b"\x7f"


def examine(size: int, read: Read, *, name: str | None) -> Sendable:
    """Return as what a file can be sent; raises FileUnfit.

    name: what its owner calls it; it only keeps programs out, whose bytes may look like a plain text.
    """
    if size == 0:
        raise FileUnfit("empty")
    if size > LARGEST_BYTES:
        raise FileTooLarge("too_large", limit_bytes=LARGEST_BYTES)
    if filenames.is_program(name):
        raise FileUnfit("program")
    found = _recognise(size, read)
    if size > found.limit_bytes:
        raise FileTooLarge("too_large", limit_bytes=found.limit_bytes)
    return found


def takes_caption(kind: str) -> bool:
    """Say whether a text may stand under a file of this kind."""
    return kind in _CAPTIONED


def sent_name(name: str | None, found: Sendable) -> str:
    """Return the name a file is sent under: safe to save, with a suffix that fits its bytes."""
    plain = filenames.safe(name, otherwise=f"{found.kind}.{found.suffixes[0]}")
    return plain if filenames.suffix(plain) in found.suffixes else f"{plain}.{found.suffixes[0]}"


def _recognise(size: int, read: Read) -> Sendable:
    head = read(0, min(size, filetypes.HEAD_BYTES))
    seen = filetypes.recognise(head)
    match seen.mime_type:
        case "image/jpeg":
            return _picture(_JPEG, pictures.look_into_jpeg(size, read))
        case "image/png":
            return _picture(_PNG, pictures.look_into_png(head))
        case "image/webp":
            return _sticker(pictures.look_into_webp(head))
        case "application/pdf":
            return _PDF
        case "video/mp4" | "video/3gpp":
            return _film(_VIDEO[seen.mime_type], boxes.list_tracks(size, read))
        case "audio/mp4":
            return _film(_M4A, boxes.list_tracks(size, read))
        case "audio/ogg" if head[28:36] == b"OpusHead":
            if head[37:38] != b"\1":
                raise FileUnfit("audio_channels")
            return _VOICE
        case known if known in _SOUNDS:
            return _SOUNDS[known]
    return _document(size, read, head)


def _picture(kind: Sendable, seen: Picture | None) -> Sendable:
    if seen is None:
        raise FileUnfit("damaged")
    if seen.bits != 8 or seen.channels not in (1, 3, 4) or seen.is_for_print:
        raise FileUnfit("picture_colours")
    return kind


def _sticker(seen: Picture | None) -> Sendable:
    if seen is None:
        raise FileUnfit("damaged")
    if (seen.width, seen.height) != (STICKER_PIXELS, STICKER_PIXELS):
        raise FileUnfit("sticker_size")
    return _STICKER._replace(is_animated=seen.is_animated)


def _film(kind: Sendable, tracks: list[boxes.Track] | None) -> Sendable:
    if tracks is None:
        raise FileUnfit("damaged")
    seen = [track.codec for track in tracks if track.sort == "video"]
    heard = [track.codec for track in tracks if track.sort == "audio"]
    if any(codec not in ("avc1", "avc3") for codec in seen) or any(codec != "mp4a" for codec in heard):
        raise FileUnfit("video_codec")
    if len(heard) > 1:
        raise FileUnfit("video_tracks")
    if not seen and not heard:
        raise FileUnfit("damaged")
    return kind if seen else _M4A


def _document(size: int, read: Read, head: bytes) -> Sendable:
    package = containers.recognise(size, read)
    if package in _OFFICE:
        return _OFFICE[package]
    if package is not None:
        raise FileUnfit(_UNFIT_PACKAGES[package])
    for beginning, place, reason in _UNFIT_BEGINNINGS:
        if head.startswith(beginning, place):
            raise FileUnfit(reason)
    if head[4:8] == b"ftyp":
        raise FileUnfit(_UNFIT_BRANDS.get(head[8:12], "type"))
    tail = read(max(0, size - filetypes.HEAD_BYTES), size)
    if (head + tail).translate(None, _CONTROLS) != head + tail:
        raise FileUnfit("type")
    if _is_markup(head):
        raise FileUnfit("picture_type" if b"<svg" in head.lower() else "program")
    return _TEXT


def _is_markup(head: bytes) -> bool:
    """Say whether a text begins as a page, a drawing or data of a program does: a phone would not show it as text."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS).startswith(b"<")
