"""What the office sends beside text, as the conversation shows it, with the longest that WhatsApp takes."""

from typing import Any

import msgspec

from tests.browser.every_file import LONG_NAME
from tests.web.attached import missing, stored
from tests.web.messages import NOW, inbound, outbound
from wabridge.model.content import Card, CardPhone, Cards, Choice, Content, Location, Media, Reaction
from wabridge.model.delivery import Delivery
from wabridge.model.ids import MediaId, MessageId
from wabridge.model.media import MediaFile
from wabridge.model.message import Effect, Message
from wabridge.model.prompts import (
    Button,
    Buttons,
    Header,
    LinkButton,
    LocationRequest,
    Menu,
    NumberRequest,
    Row,
    Section,
)
from wabridge.model.template_message import Filled, TemplateButton, TemplateMessage
from wabridge.model.upload import FILE_LOST

_WORDS = "Apakah Bapak/Ibu jadi datang ke kantor besok pagi untuk menandatangani surat kuasa?"
_HERE = Delivery(status="delivered", delivered_at=NOW)


def messages() -> tuple[Message, ...]:
    """Return one message of each kind, answers among them."""
    buttons = Buttons(
        buttons=tuple(
            Button(button_id=str(n), title=title) for n, title in enumerate(("Ya, jadi", "Ganti hari", "M" * 20))
        ),
        header=Header(text="Janji temu"),
        footer="Kantor Hukum Lestari, jawab dengan satu ketukan",
    )
    rows = tuple(Row(row_id=str(n), title=f"Senin {9 + n}.00", description="di kantor, lantai 2") for n in range(3))
    menu = Menu(
        label="Lihat jadwal",
        sections=(Section(title="Minggu ini", rows=rows), Section(title="Minggu depan", rows=rows[:1])),
    )
    link = LinkButton(label="Buka berkas", url="https://kantor.example/" + "panjang" * 30)
    card = Card(name="Notaris Dewi Lestari", organisation="Notaris", phones=(CardPhone("+62 812-1111-2233", "CELL"),))
    thumb = Effect(
        id=MessageId(690),
        kind="reaction",
        at=NOW,
        content=Content(body=Reaction(emoji="🙏")),
        direction="outbound",
        status="pending",
    )
    refused = Content(body=Reaction(target_wamid="wamid.X", emoji="👍"))
    return (
        _sent(600, _WORDS, Content(body=buttons)),
        inbound(
            601,
            kind="interactive",
            text=None,
            quoted_id=MessageId(600),
            content=Content(body=Choice(title="Ya, jadi", choice_id="0")),
            effects=(thumb,),
        ),
        _sent(602, "Pilih jam yang cocok.", Content(body=menu)),
        _sent(603, "Berkas perkara dapat dibaca di sini.", Content(body=link)),
        _sent(604, "Boleh kami tahu nomor telepon Bapak/Ibu?", Content(body=NumberRequest())),
        _sent(605, "Di mana posisi Bapak/Ibu sekarang?", Content(body=LocationRequest())),
        _sent(606, None, Content(body=Location(latitude=-6.2088, longitude=106.8456, name="Kantor")), kind="location"),
        _sent(607, None, Content(body=Cards((card,))), kind="contacts"),
        outbound(
            608, kind="reaction", text=None, content=refused, delivery=Delivery(status="failed", failure_code=131009)
        ),
        *_files(),
        _sent(615, _TEMPLATE_TEXT, Content(body=_TEMPLATE), kind="template"),
        _sent(609, "Lanjutan teks yang panjang.", None, kind="text", part_of=MessageId(600)),
    )


_TEMPLATE = TemplateMessage(
    name="panggilan_sidang_" + "panjang_" * 6,
    language="id",
    category="utility",
    header=Header(text="Panggilan sidang"),
    footer="Kantor Hukum Lestari",
    buttons=(
        TemplateButton(kind="quick_reply", text="Saya hadir"),
        TemplateButton(kind="url", text="Lihat berkas", value="https://kantor.example/" + "panjang" * 12),
    ),
    filled=(Filled(part="body", value="Ibu Ratna"), Filled(part="button", value="berkas-12", button=1)),
    approved='[{"type": "BODY", "text": "Yth. {{1}}, sidang Anda hari Rabu pukul 10.00."}]',
    version=2,
    confirmed_at=NOW,
)
_TEMPLATE_TEXT = "Yth. *Ibu Ratna*, sidang Anda hari Rabu pukul 10.00."


def _files() -> tuple[Message, ...]:
    return (
        _file(610, "document", "application/pdf", file_name=LONG_NAME),
        _file(611, "image", "image/jpeg", small=(270, 480), caption="Denah kantor"),
        _file(612, "video", "video/mp4", caption="Jalan ke kantor"),
        _file(613, "audio", "audio/ogg", is_voice=True, delivery=Delivery(status="pending")),
        _lost(614),
    )


def _file(message_id: int, kind: str, mime_type: str, *, delivery: Delivery = _HERE, **said: Any) -> Message:
    return _with_file(message_id, *stored(kind, mime_type, **said), delivery=delivery)


def _lost(message_id: int) -> Message:
    body, file = missing("document", state="failed", reason="lost", file_name="Surat kuasa.pdf")
    return _with_file(message_id, body, file, delivery=Delivery(status="failed", failure_code=FILE_LOST))


def _with_file(message_id: int, body: Media, file: MediaFile, *, delivery: Delivery) -> Message:
    ours = msgspec.structs.replace(file, id=MediaId(message_id), message_id=MessageId(message_id), is_ours=True)
    return _sent(message_id, None, Content(body=body), kind=body.kind, files=(ours,), delivery=delivery)


def _sent(message_id: int, text: str | None, content: Content | None, **more: Any) -> Message:
    given: dict[str, Any] = {"kind": "interactive", "text": text, "content": content, "delivery": _HERE, **more}
    return outbound(message_id, **given)
