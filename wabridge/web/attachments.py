"""The words for files that came with messages: what each is, how far it has come, what is odd about it.

Rule: what a page shows of a file goes by its bytes; what its sender says of it is shown as said, and a contradiction is
put into words.
"""

from babel.numbers import format_decimal

from wabridge.model import filenames, filetypes, media
from wabridge.model.content import Media
from wabridge.model.filetypes import Family
from wabridge.model.media import MediaFile, Reason
from wabridge.model.prompts import Buttons, LinkButton
from wabridge.model.template import FILE_HEADERS
from wabridge.model.template_message import TemplateMessage
from wabridge.web import kinds
from wabridge.web.language import Msgid

shown = media.shown
is_program = filenames.is_program

REASONS: dict[Reason, Msgid] = {
    "gone": Msgid("WhatsApp does not give this file out, or not any more. Ask for it to be sent again."),
    "unreachable": Msgid("WhatsApp could not be reached."),
    "cut_off": Msgid("The connection broke while the file was on its way."),
    "server": Msgid("WhatsApp had a disturbance of its own."),
    "throttled": Msgid("WhatsApp asks us to wait a little."),
    "token": Msgid("WhatsApp refuses this office's access token."),
    "elsewhere": Msgid("Its address leads away from WhatsApp, so it was not followed."),
    "too_large": Msgid("It is larger than 100 MB. Ask for it to be sent in another way."),
    "changed": Msgid("What came is not the file that WhatsApp announced, so it was not kept."),
    "lost": Msgid("It was kept here, but is damaged or missing now."),
    "fault": Msgid("This program could not handle it. That is a fault of the program; please report it."),
}
NOT_HERE = Msgid("It is not here.")
"""For a reason that has no words yet."""

PROGRAM = Msgid("Program or page with scripts")

_FINAL: frozenset[Reason] = frozenset({"too_large"})
"""What no other try will change."""

_LONGEST_NAME, _NAME_END = 160, 40
"""Nobody reads more of a name, and it would push the conversation off the page; it is saved as long as it may be."""

_UNITS = ("B", "kB", "MB", "GB")

_SORTS: dict[Family, Msgid] = {
    "image": Msgid("Picture"),
    "video": Msgid("Video"),
    "audio": Msgid("Audio file"),
    "document": Msgid("PDF document"),
}
_SORTS_BY_SUFFIX: dict[str, Msgid] = {
    **dict.fromkeys(("doc", "docx", "odt", "rtf"), Msgid("Text document")),
    **dict.fromkeys(("xls", "xlsx", "ods", "csv"), Msgid("Spreadsheet")),
    **dict.fromkeys(("ppt", "pptx", "odp"), Msgid("Presentation")),
    **dict.fromkeys(("zip", "rar", "7z", "gz", "tar"), Msgid("Archive of files")),
    **dict.fromkeys(("heic", "heif", "tif", "tiff", "bmp", "avif"), Msgid("Picture")),
    **dict.fromkeys(("mov", "mkv", "webm", "avi"), Msgid("Video")),
    **dict.fromkeys(("wav", "flac", "wma"), Msgid("Audio file")),
    "txt": Msgid("Plain text"),
}
_PROMISES: dict[str, Family] = {
    "pdf": "document",
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp"), "image"),
    **dict.fromkeys(("mp4", "3gp", "m4a", "mp3", "aac", "amr", "ogg", "opus"), "video"),
}
"""What a file of this suffix has to be. Sound and film share their containers, so they are one here."""

_UNPLAYABLE = frozenset({"audio/amr", "audio/amr-wb"})
"""Sounds that browsers do not play; they are saved."""


def reason(file: MediaFile) -> Msgid:
    """Return why a file is not here, as a sentence."""
    return REASONS.get(file.reason, NOT_HERE) if file.reason else NOT_HERE


def may_retry(file: MediaFile) -> bool:
    """Say whether another try may bring the file, and none is being made already."""
    return not file.is_ours and file.state != "stored" and file.reason is not None and file.reason not in _FINAL


def family(file: MediaFile) -> Family | None:
    """Return as what a stored file is shown in the page; None: as a line that leads to it."""
    seen = file.appearance
    if seen is None or not seen.type.is_shown or seen.mime_type in _UNPLAYABLE:
        return None
    return None if seen.type.family == "image" and seen.thumbnail is None else seen.type.family


def sort(file: MediaFile) -> Msgid | None:
    """Return what sort of file it is: by its bytes if they tell, else by its name."""
    known = _SORTS.get(file.appearance.type.family) if file.appearance else None
    if known is None and is_program(file.file_name):
        return PROGRAM
    return known or _SORTS_BY_SUFFIX.get(filenames.suffix(file.file_name))


def badge(body: Media, file: MediaFile | None) -> str:
    """Return the suffix that stands for a file where there is no picture of it; "" if it has none."""
    claimed = (body.mime_type or "").partition(";")[0].strip().lower()
    seen = file.appearance.type if file and file.appearance else filetypes.UNKNOWN
    of_type = seen.suffix or filetypes.find(claimed).suffix
    return (filenames.suffix(body.file_name) or of_type.lstrip("."))[:5].upper()


def contradicts_name(file: MediaFile) -> bool:
    """Say whether the bytes are not what the name promises."""
    promised = _PROMISES.get(filenames.suffix(file.file_name))
    if promised is None or file.appearance is None:
        return False
    found = file.appearance.type.family
    return promised != ("video" if found == "audio" else found)


def above(body: TemplateMessage | Buttons | LinkButton, file: MediaFile | None) -> Media | None:
    """Return the file above the words as a message says it; None if none stands there."""
    header = body.header
    if header is None or header.kind not in FILE_HEADERS:
        return None
    return Media(kind=header.kind, file_name=header.file_name, mime_type=None if file is None else file.mime_type)


def title(body: Media) -> Msgid:
    """Return what a file is called that has no name."""
    return kinds.label(body.kind, body)


def alt(body: Media) -> str | None:
    """Return what its sender wrote under a picture, as its description; None if nothing."""
    return body.caption or body.file_name


def called(name: str) -> str:
    """Return a file's name as a page shows it: a very long one without its middle, its suffix always in sight."""
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - _NAME_END]}…{name[-_NAME_END:]}"


def size(language: str, size_bytes: int) -> str:
    """Return a file's size as people write it, in steps of a thousand."""
    number, unit = float(size_bytes), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    pattern = "#,##0.#" if number < 10 and unit > 0 else "#,##0"
    return f"{format_decimal(number, pattern, locale=language)} {_UNITS[unit]}"
