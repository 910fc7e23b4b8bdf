"""A conversation with files in every state, for the gallery, and the files themselves."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from tests.pictures import picture
from tests.web.messages import NOW, inbound
from wabridge.model.content import Content, Media
from wabridge.model.ids import ConversationId, MediaId, MessageId
from wabridge.model.media import REASONS, Appearance, Kept, MediaFile, Thumbnail
from wabridge.model.message import Message

SAMPLES = Path(__file__).resolve().parents[2] / "wabridge/sandbox/static"
LONG_NAME = "Surat_Kuasa_Khusus_" + "yang_sangat_panjang_" * 8 + "final_revisi_3.pdf"
_WIDE, _TALL = (480, 300), (270, 480)


def messages() -> tuple[Message, ...]:
    """Return one message for each thing that can be said of a file."""
    shown = (
        _stored("image", "image/jpeg", caption="Ini KTP saya, Bu.", small=_WIDE),
        _stored("image", "image/jpeg", small=_TALL),
        _stored("sticker", "image/webp", small=(480, 480)),
        _stored("audio", "audio/ogg", is_voice=True),
        _stored("audio", "audio/mpeg", file_name="rekaman rapat.mp3"),
        _stored("video", "video/mp4", caption="Suara bising dari sebelah"),
        _stored("document", "application/pdf", file_name="Akta Jual Beli.pdf", size=1_234_567),
        _stored("document", "application/octet-stream", file_name=LONG_NAME.replace("pdf", "docx"), size=84_000),
        _stored("document", "image/png", file_name="Denah tanah.png", small=_WIDE),
        _stored("audio", "audio/amr", file_name="suara.amr"),
        _stored("image", "image/png"),
        _stored("document", None, file_name="baru saja datang.pdf"),
    )
    doubtful = (
        _stored("image", "image/jpeg", small=_WIDE, is_as_claimed=False),
        _stored("document", "application/pdf", file_name="bukti.pdf", is_as_claimed=False),
        _stored("document", "application/octet-stream", file_name="Undangan Pernikahan.pdf.apk"),
        _stored("document", "application/octet-stream", file_name="foto.jpg"),
        _stored("document", "application/pdf", file_name="gambar\u202egpj.pdf"),
    )
    missing = (
        _missing("image", state="waiting"),
        _missing("document", state="waiting", file_name=LONG_NAME),
        *(_missing("document", state="waiting", reason=reason, file_name="Akta.pdf") for reason in REASONS[:2]),
        *(_missing("image", state="failed", reason=reason) for reason in REASONS),
        (Media(kind="image"), None),
        (Media(kind="document", file_id="1", file_name="Akta.pdf", mime_type="application/pdf"), None),
    )
    return tuple(_message(number, *one) for number, one in enumerate((*shown, *doubtful, *missing), 1))


async def give_out(request: web.Request) -> web.Response:
    """Give out a file or a small picture of a kind that fits the number."""
    number, is_small = int(request.match_info["number"]), request.match_info["rest"] == "/thumbnail"
    if is_small:
        size = {2: _TALL, 3: (480, 480)}.get(number, _WIDE)
        return web.Response(body=picture("WEBP", size=size), content_type="image/webp")
    name = {4: "voice.ogg", 5: "voice.ogg", 6: "video.mp4"}.get(number, "photo.jpg")
    kind = {4: "audio/ogg", 5: "audio/ogg", 6: "video/mp4"}.get(number, "image/jpeg")
    return web.Response(body=(SAMPLES / name).read_bytes(), content_type=kind)


def _stored(
    kind: str,
    mime_type: str | None,
    *,
    small: tuple[int, int] | None = None,
    size: int = 303_833,
    is_as_claimed: bool | None = True,
    **said: Any,
) -> tuple[Media, MediaFile]:
    kept = Kept("0" * 32, "k", size)
    look = None if mime_type is None else Appearance(mime_type, Thumbnail(kept, *small) if small else None)
    return _both(
        kind, said, state="stored", kept=kept, stored_at=NOW, sha256="0" * 64, appearance=look,
        is_as_claimed=is_as_claimed,
    )  # fmt: skip


def _missing(kind: str, *, state: str, reason: str | None = None, **said: Any) -> tuple[Media, MediaFile]:
    return _both(kind, said, state=state, reason=reason)


def _both(kind: str, said: dict[str, Any], **known: Any) -> tuple[Media, MediaFile]:
    body = Media(kind=kind, file_id="1", mime_type="image/jpeg" if kind == "image" else "application/pdf", **said)
    file = MediaFile(
        id=MediaId(0),
        message_id=MessageId(1),
        conversation_id=ConversationId(1),
        kind=kind,
        file_id="1",
        file_name=body.file_name,
        wanted_at=NOW,
        expires_at=NOW + timedelta(days=7),
        next_try_at=NOW + timedelta(minutes=10),
        **known,
    )
    return body, file


def _message(number: int, body: Media, file: MediaFile | None) -> Message:
    files = (msgspec.structs.replace(file, id=MediaId(number)),) if file else ()
    return inbound(number, kind=body.kind, text=None, content=Content(body=body), files=files)
