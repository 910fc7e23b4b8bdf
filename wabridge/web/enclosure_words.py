"""The words for files that cannot be sent: why not, and what to do instead, as a table."""

from babel.numbers import format_decimal

from wabridge.errors import FileUnfit, WabridgeError
from wabridge.model import sendable
from wabridge.model.sendable import Unfit
from wabridge.web.language import Msgid, Speech

UNFIT: dict[Unfit, Msgid] = {
    "empty": Msgid("The file is empty. Choose it again, or look at it on your device first."),
    "too_large": Msgid(
        "The file is too large: WhatsApp takes at most {limit} of this kind. Make it smaller or divide it."
    ),
    "damaged": Msgid("The file is damaged or incomplete. Open it on your device, save it anew and attach that."),
    "program": Msgid("WhatsApp does not take programs or web pages. Send the text itself, or a PDF."),
    "macros": Msgid(
        "The document contains macros, which WhatsApp does not take. Save it as .docx, .xlsx, .pptx or PDF."
    ),
    "archive": Msgid("WhatsApp does not take archives such as ZIP. Attach the files in it one by one."),
    "picture_type": Msgid("WhatsApp takes pictures as JPEG or PNG only. Save it as JPEG or as PDF and attach that."),
    "picture_colours": Msgid(
        "The picture has colours for print or a depth that WhatsApp does not take. Save it as an ordinary JPEG."
    ),
    "sticker_size": Msgid("A WebP picture goes as a sticker and must have 512 × 512 pixels. Save pictures as JPEG."),
    "video_type": Msgid("WhatsApp takes videos as MP4 only. Save it as MP4 (H.264) and attach that."),
    "video_codec": Msgid(
        "The video is written in a way that WhatsApp does not take. Save it as MP4 with H.264 and AAC"
        " (on an iPhone: “Most compatible”)."
    ),
    "video_tracks": Msgid("The video has more than one sound track. Save it with one and attach that."),
    "audio_type": Msgid("WhatsApp takes sound as MP3, M4A, AAC, AMR or Opus only. Save it as MP3 and attach that."),
    "audio_channels": Msgid("A voice recording must be mono. Save it as mono, or as MP3."),
    "document_type": Msgid("WhatsApp does not take documents of this kind. Save it as PDF and attach that."),
    "too_many": Msgid("At most 10 files go at once. Send those below, then attach the others."),
    "type": Msgid("WhatsApp does not take files of this kind. Save it as PDF if that is possible."),
}

LARGEST_BYTES = sendable.LARGEST_BYTES

ACCEPT = ",".join(
    (
        "image/jpeg",
        "image/png",
        "image/webp",
        "video/mp4",
        "video/3gpp",
        "audio/mpeg",
        "audio/mp4",
        "audio/aac",
        "audio/amr",
        "audio/ogg",
        "application/pdf",
        "text/plain",
        *(".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt", ".csv", ".opus"),
    )
)
"""What a browser offers to choose. Naming JPEG makes an iPhone hand its pictures over as JPEG."""

_MIB = 1024 * 1024


def refusal(error: WabridgeError | None) -> FileUnfit | None:
    """Return an error as one about a file, None if it is about something else."""
    return error if isinstance(error, FileUnfit) else None


def sentence(speech: Speech, error: FileUnfit) -> str:
    """Return why a file cannot be sent, and what to do instead."""
    known = next((words for reason, words in UNFIT.items() if reason == error.reason), UNFIT["type"])
    return speech.say(known, limit=limit(speech.language, error.limit_bytes))


def limit(language: str, size_bytes: int) -> str:
    """Return a limit as Meta writes it: in megabytes or kilobytes of 1024."""
    if size_bytes >= _MIB:
        return f"{format_decimal(size_bytes // _MIB, locale=language)} MB"
    return f"{format_decimal(size_bytes // 1024, locale=language)} KB"
