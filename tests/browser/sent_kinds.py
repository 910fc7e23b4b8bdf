"""What the office sends beside text, as the conversation shows it, with the longest that WhatsApp takes."""

from typing import Any

from tests.web.messages import NOW, inbound, outbound
from wabridge.model.content import Card, CardPhone, Cards, Choice, Content, Location, Reaction
from wabridge.model.delivery import Delivery
from wabridge.model.ids import MessageId
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
        _sent(609, "Lanjutan teks yang panjang.", None, kind="text", part_of=MessageId(600)),
    )


def _sent(message_id: int, text: str | None, content: Content | None, **more: Any) -> Message:
    given: dict[str, Any] = {"kind": "interactive", "text": text, "content": content, "delivery": _HERE, **more}
    return outbound(message_id, **given)
