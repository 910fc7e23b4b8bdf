"""What messages say beside their text, as somebody reads it who knows no program."""

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from wabridge.evidence import contents
from wabridge.evidence.exhibits import Message
from wabridge.evidence.words import Words
from wabridge.model import content as c
from wabridge.model import prompts as p
from wabridge.model.template_message import Filled, TemplateButton, TemplateMessage

_AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
_HEADER = p.Header(text="Sidang")
_PLACE = p.Header(kind="location", place=p.Place(latitude=-7.79, longitude=110.36, name="Kantor"))
_BUTTONS = p.Buttons(
    buttons=(p.Button(button_id="id-1", title="Sudah saya baca"), p.Button(button_id="id-2", title="Bukan saya")),
    header=_PLACE,
    footer="Ref. NH-1",
)
_MENU = p.Menu(
    label="Pilih jam",
    sections=(p.Section(rows=(p.Row(row_id="id-3", title="09.00", description="pagi"),), title="Senin"),),
    header=_HEADER,
)
_TEMPLATE = TemplateMessage(
    name="pengingat",
    language="id",
    category="utility",
    buttons=(
        TemplateButton(kind="quick_reply", text="Ya", value="id-4"),
        TemplateButton(kind="url", text="Buka", value="https://contoh.example"),
    ),
    filled=(Filled(part="button", value="id-4", button=0),),
    approved='[{"id-5":1}]',
)
_CARD = c.Card(name="Siti", phones=(c.CardPhone("0812", label="rumah"),), emails=("siti@contoh.example",))
_PLAIN: tuple[tuple[c.Body, str, str], ...] = (
    (_BUTTONS, "Tombol: “Sudah saya baca” · “Bukan saya”", "Buttons: “Sudah saya baca” · “Bukan saya”"),
    (_MENU, "Senin: “09.00” (pagi)", "Senin: “09.00” (pagi)"),
    (_TEMPLATE, "Tombol: “Ya” · “Buka” (https://contoh.example)", "Made from the template “pengingat” (id)"),
    (p.LinkButton(label="Baca", url="https://c.example"), "Tombol tautan: “Baca” (https://c.example)", "Link button"),
    (p.NumberRequest(), "Meminta nomor telepon penerima", "Asks for the recipient's telephone number"),
    (p.LocationRequest(), "Meminta lokasi penerima", "Asks for the recipient's location"),
    (c.Choice(title="Bukan saya", choice_id="id-6"), "Menekan tombol “Bukan saya”", "Pressed the button “Bukan saya”"),
    (c.Choice(title="A", description="B", choice_id="id-7"), "Memilih “A” (B) dari daftar", "Chose “A” (B)"),
    (c.Media(kind="document", file_name="a.pdf", file_id="id-8"), "Dokumen: a.pdf", "Document: a.pdf"),
    (c.Media(kind="audio", is_voice=True), "Pesan suara: tanpa nama", "Voice message: without a name"),
    (c.Media(kind="image", caption="Bukti"), "Keterangan: Bukti", "Caption: Bukti"),
    (
        c.Location(latitude=-7.5, longitude=110.5, name="Rumah", link="https://peta.example"),
        "Lokasi: Rumah  ·  lintang -7.5, bujur 110.5",
        "Link: https://peta.example",
    ),
    (c.Cards((_CARD,)), "Kartu kontak: Siti  ·  Telepon: 0812 (rumah)  ·  Surel: siti@contoh.example", "Contact card:"),
    (c.CallPermission(is_given=True, expires_at=_AT), "Mengizinkan kantor menelepon.", "Allows the office to call."),
    (c.Reaction(emoji="👍", target_wamid="id-9"), "Memberi reaksi 👍 pada pesan yang tidak ada", "Reacted with 👍"),
    (c.Reaction(target_wamid="id-9"), "Menarik kembali reaksi", "Took the reaction to"),
    (c.System(news="number_changed", old_identities=("1",), new_identities=("2",)), "mengganti nomor", "1 → 2"),
    (c.Call(direction="incoming", outcome="missed", duration_seconds=3), "Panggilan masuk, tidak terjawab", "Incoming"),
    (c.Preference(word="stop"), "Orang ini tidak menghendaki iklan dari kantor", "wants no advertising"),
    (c.GroupChange(word="group_create", subject="Keluarga"), "Grup dibuat", "Name of the group: Keluarga"),
    (c.Handover(previous="A", new="B"), "beralih dari A kepada B", "passed from A to B"),
    (c.Placeholder(what="poll", note="Setuju?"), "jajak pendapat", "does not pass on the content: a poll"),
    (c.Placeholder(fields=(c.Field(("product", "price"), "5"),)), "Produk Harga: 5", "Product Price: 5"),
    (c.Placeholder(fields=(c.Field(("new_thing",), "x"),)), "new_thing: x", "new_thing: x"),
    (c.Edit(target_wamid="wamid.1", body=_BUTTONS), "Mengubah pesan P-0001 menjadi:", "Changed message P-0001 into:"),
    (c.Revocation(target_wamid="wamid.1"), "Menghapus pesan P-0001", "Deleted message P-0001"),
)


def read(said: c.Content, language: str = "id", *, text: str = "", asked: c.Body | None = None) -> str:
    words = Words(language, zone="WIB", utc_offset_minutes=420)
    plain = Message(ref="P-0002", person="A", direction="inbound", kind="x", t_written=_AT, t_recorded=_AT, text=text)
    first = msgspec.structs.replace(plain, ref="P-0001", content=c.Content(body=asked))
    message = msgspec.structs.replace(plain, content=said, context_id="wamid.1")
    return "\n".join(contents.lines(message, {"wamid.1": first}, words))


@pytest.mark.parametrize(("body", "indonesian", "english"), _PLAIN)
def test_every_content_is_told_in_words(body: c.Body, indonesian: str, english: str) -> None:
    """What was seen, pressed or sent is said in both languages, without notation and without a machine's ids."""
    said = {language: read(c.Content(body=body), language) for language in ("id", "en")}
    assert indonesian in said["id"]
    assert english in said["en"]
    for text in said.values():
        assert not any(sign in text for sign in ("{", "[", "id-", "_id")), text


def test_no_kind_of_content_is_forgotten() -> None:
    """A kind that can be in a conversation and is not told here does not go unnoticed."""
    assert {type(body) for body, _, _ in _PLAIN} == set(get_args(c.Body))


def test_what_came_beside_a_text_is_told() -> None:
    """Forwarding, the advertisement, unknown fields and errors stand under the text."""
    said = c.Content(
        forwarded="often",
        referral=(c.Field(("headline",), "Konsultasi"),),
        more=(c.Field(("baru",), "1"),),
        errors=(c.ReportedError(code=131051, title="Unsupported"),),
    )
    assert read(said).splitlines() == [
        "Diteruskan berkali-kali: belum tentu ditulis oleh orang ini",
        "Orang ini datang lewat iklan:",
        "Judul: Konsultasi",
        "baru: 1",
        "Galat yang dilaporkan WhatsApp: 131051 Unsupported",
    ]


def test_a_row_of_a_list_is_no_button() -> None:
    """What was chosen from a list that is in the report is told as chosen from it."""
    assert read(c.Content(body=c.Choice(title="09.00")), asked=_MENU) == "Memilih “09.00” dari daftar"


def test_a_caption_is_told_once() -> None:
    """What stands as the text of a message is not said again beside it."""
    assert read(c.Content(body=c.Media(kind="image", caption="Bukti")), text="Bukti") == "Gambar: tanpa nama"
