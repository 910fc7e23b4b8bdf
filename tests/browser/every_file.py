"""A conversation with files in every state, for the gallery, and the files themselves."""

from pathlib import Path

from aiohttp import web

from tests.pictures import picture
from tests.web.attached import message, missing, stored
from wabridge.model.content import Media
from wabridge.model.media import REASONS
from wabridge.model.message import Message

SAMPLES = Path(__file__).resolve().parents[2] / "wabridge/sandbox/static"
LONG_NAME = "Surat_Kuasa_Khusus_" + "yang_sangat_panjang_" * 8 + "final_revisi_3.pdf"
_WIDE, _TALL = (480, 300), (270, 480)


def messages() -> tuple[Message, ...]:
    """Return one message for each thing that can be said of a file."""
    shown = (
        stored("image", "image/jpeg", caption="Ini KTP saya, Bu.", small=_WIDE),
        stored("image", "image/jpeg", small=_TALL),
        stored("sticker", "image/webp", small=(480, 480)),
        stored("audio", "audio/ogg", is_voice=True),
        stored("audio", "audio/mpeg", file_name="rekaman rapat.mp3"),
        stored("video", "video/mp4", caption="Suara bising dari sebelah"),
        stored("document", "application/pdf", file_name="Akta Jual Beli.pdf", size=1_234_567),
        stored("document", "application/octet-stream", file_name=LONG_NAME.replace("pdf", "docx"), size=84_000),
        stored("document", "image/png", file_name="Denah tanah.png", small=_WIDE),
        stored("audio", "audio/amr", file_name="suara.amr"),
        stored("image", "image/png"),
        stored("document", None, file_name="baru saja datang.pdf"),
    )
    doubtful = (
        stored("image", "image/jpeg", small=_WIDE, is_as_claimed=False),
        stored("document", "application/pdf", file_name="bukti.pdf", is_as_claimed=False),
        stored("document", "application/octet-stream", file_name="Undangan Pernikahan.pdf.apk"),
        stored("document", "application/octet-stream", file_name="foto.jpg"),
        stored("document", "application/pdf", file_name="gambar\u202egpj.pdf"),
    )
    absent = (
        missing("image", state="waiting"),
        missing("document", state="waiting", file_name=LONG_NAME),
        *(missing("document", state="waiting", reason=reason, file_name="Akta.pdf") for reason in REASONS[:2]),
        *(missing("image", state="failed", reason=reason) for reason in REASONS),
        (Media(kind="image"), None),
        (Media(kind="document", file_id="1", file_name="Akta.pdf", mime_type="application/pdf"), None),
    )
    return tuple(message(number, *one) for number, one in enumerate((*shown, *doubtful, *absent), 1))


async def give_out(request: web.Request) -> web.Response:
    """Give out a file or a small picture of a kind that fits the number."""
    number, is_small = int(request.match_info["number"]), request.match_info["rest"] == "/thumbnail"
    if is_small:
        size = {2: _TALL, 3: (480, 480)}.get(number, _WIDE)
        return web.Response(body=picture("WEBP", size=size), content_type="image/webp")
    name = {4: "voice.ogg", 5: "voice.ogg", 6: "video.mp4"}.get(number, "photo.jpg")
    kind = {4: "audio/ogg", 5: "audio/ogg", 6: "video/mp4"}.get(number, "image/jpeg")
    return web.Response(body=(SAMPLES / name).read_bytes(), content_type=kind)
