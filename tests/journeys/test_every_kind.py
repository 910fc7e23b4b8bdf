"""From the raw webhook to the words on the page: every kind of message."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from tests.arrivals import add_webhook
from tests.clocks import FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.web.desk import Desk, open_desk
from tests.web.parsed import Tree, text_of
from tests.whatsapp import samples
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.gateway.intake import Intake

WRITTEN_AT = datetime.fromtimestamp(1790416800, UTC)
NOT_LOADED = "Sedang diunduh…"
CHANGED = "Perubahan atas pesan sebelumnya"
NOT_HERE = "Pesan itu tidak tersimpan di sini."

KINDS: list[tuple[str, list[str], str]] = [
    # payload file, what the bubble says, what the inbox says
    ("text", ["Is this still available?"], "Is this still available?"),
    ("image", ["Gambar", f"image/jpeg · {NOT_LOADED}", "my receipt"], "[Gambar] my receipt"),
    ("image_that_could_not_be_fetched", ["Gambar", "Tidak ada berkas", "larger than 100 MB", "131052"], "[Gambar]"),
    ("image_with_keys_of_tomorrow", ["my receipt", "image layers 2 depth", "blurred"], "[Gambar] my receipt"),
    ("video", ["Video", NOT_LOADED, "see the noise"], "[Video] see the noise"),
    ("voice_note", ["Pesan suara", f"audio/ogg; codecs=opus · {NOT_LOADED}"], "[Pesan suara]"),
    ("audio_file", ["Berkas audio", NOT_LOADED], "[Berkas audio]"),
    ("document", ["contract.pdf", NOT_LOADED, "signed"], "[Dokumen] signed"),
    ("sticker", ["Stiker", NOT_LOADED], "[Stiker]"),
    (
        "location",
        ["[Lokasi]", "Head office", "1 Example Way", "37.484700, -122.147700", "https://example.com/place"],
        "[Lokasi] Head office",
    ),
    ("location_of_the_moment", ["[Lokasi]", "-6.208800, 106.845600"], "[Lokasi]"),
    (
        "contact_card_in_full",
        ["Grace Example", "+1 650-555-0199", "di WhatsApp: +1 650-555-0199", "ext. 12", "Lead · Ops · Example Ltd"],
        "[Kartu kontak] Grace Example",
    ),
    ("contact_card_that_was_asked_for", ["Tanpa nama", "+16505550123", "permintaan kantor"], "[Kartu kontak]"),
    (
        "interactive_button_reply",
        ["Menanggapi pesan yang tidak tersimpan di sini", "Today 16:00", "slot-16"],
        "[Jawaban atas tombol, daftar, atau formulir] Today 16:00",
    ),
    ("interactive_list_reply", ["Express", "Next day"], "[Jawaban atas tombol, daftar, atau formulir] Express"),
    ("interactive_flow_reply", ["Sent", "rating 4", "days 2 Tue", "flow_token abc"], "Sent"),
    ("interactive_flow_reply_that_is_no_json", ["Sent", "Jawaban four stars"], "Sent"),
    ("interactive_call_allowed", ["[Mengizinkan kantor menelepon]", "Sampai"], "[Mengizinkan kantor menelepon]"),
    ("interactive_call_refused", ["[Tidak mengizinkan kantor menelepon]"], "[Tidak mengizinkan kantor menelepon]"),
    ("interactive_of_unknown_type", ["Katalog 194836987003835", "Nomor barang sku-1"], "[Jawaban atas tombol"),
    ("interactive_without_content", ["Isinya tidak ikut datang; aslinya tersimpan."], "[Jawaban atas tombol"),
    ("button", ["[Jawaban atas tombol]", "Confirm", "confirm:8841"], "[Jawaban atas tombol] Confirm"),
    ("reaction", ["👍", NOT_HERE], "👍"),
    ("reaction_removed", ["[Reaksi dicabut]", NOT_HERE], "[Reaksi dicabut]"),
    ("reaction_removed_with_empty_text", ["[Reaksi dicabut]", NOT_HERE], "[Reaksi dicabut]"),
    (
        "order",
        ["please gift wrap", "Produk 1 Nomor barang sku-1", "Produk 2 Harga 7", "Katalog 194836987003835"],
        "please gift wrap",
    ),
    (
        "system_number_changed",
        ["[Orang ini mengganti nomor teleponnya]", "Sekarang +1 219-555-0777", "US.99887766554433221100"],
        "[Orang ini mengganti nomor teleponnya]",
    ),
    ("system_number_changed_in_the_old_form", ["Sekarang +1 219-555-0777"], "[Orang ini mengganti nomor teleponnya]"),
    ("system_user_id_changed", ["Sebelumnya US.13491208655302741918"], "[Identitas WhatsApp orang ini berubah]"),
    ("system_security_code_changed", ["Security code changed", "DF2lS5v2W6x="], "[Kode keamanan orang ini berubah]"),
    ("edit_of_text", [CHANGED, NOT_HERE, "available in blue?"], "available in blue?"),
    ("edit_of_image", [CHANGED, "Gambar", "my receipt"], "my receipt"),
    ("revoke", ["Pesan sebelumnya dihapus", NOT_HERE], "[Pesan sebelumnya dihapus oleh pengirimnya]"),
    ("text_forwarded", ["Diteruskan: belum tentu ditulis", "Look"], "Look"),
    ("text_forwarded_many_times", ["Diteruskan berkali-kali", "Look"], "Look"),
    ("text_that_quotes", ["Menanggapi pesan yang tidak tersimpan di sini"], ""),
    (
        "text_from_an_advertisement",
        ["Datang lewat iklan", "Tautan https://fb.me/abc", "Judul Chat with us", "Sapaan Teks Hi! How can we help?"],
        "Hi",
    ),
    ("text_about_a_product", ["How much?", "Tentang produk Nomor barang sku-1"], "How much?"),
    ("unsupported_poll", ["jajak pendapat", "131051", "currently not supported"], "tidak diteruskan WhatsApp"),
    ("unavailable", ["aslinya tersimpan", "131060", "Open the phone."], "tidak diteruskan WhatsApp"),
    ("unknown_in_the_old_form", ["aslinya tersimpan", "131051"], "[Pesan jenis lain]"),
    ("message_of_unknown_type", ["[Pesan jenis lain]", "depth 3"], "[Pesan jenis lain]"),
]


@pytest.fixture
async def desk(office: Office, fake_clock: FakeClock) -> AsyncIterator[Desk]:
    """The owner at a desk, on the day the samples were written."""
    fake_clock.now = WRITTEN_AT
    async with open_desk(office) as opened:
        yield opened


async def deliver(office: Office, *names: str, **changes: Any) -> None:
    """Let the webhooks of these files take the whole road inwards. changes: to the message of each."""
    for name in names:
        root = samples.parsed(name)
        root["entry"][0]["changes"][0]["value"]["messages"][0].update(changes)
        body = json.dumps(root).replace(samples.NUMBER, PHONE_NUMBER_ID).encode()
        await office.database.write(partial(add_webhook, at=office.clock.now(), body=body))
    intake = Intake(
        database=office.database,
        broker=office.broker,
        clock=office.clock,
        dedupe_key=bytes(32),
        phone_number_ids=[PHONE_NUMBER_ID],
    )
    inbound = Inbound(office)
    while await intake.look() or await inbound.look():
        pass


async def bubbles(desk: Desk) -> list[str]:
    """Return what each message of the only conversation says."""
    return (await desk.show("/conversations/1")).texts("li", "message")


def test_every_payload_of_a_message_is_in_the_table() -> None:
    """No kind that has a reader is left out."""
    assert {samples.first_message(name).type for name, _, _ in KINDS} >= {
        *("text", "image", "video", "audio", "document", "sticker", "location", "contacts", "interactive", "button"),
        *("reaction", "order", "system", "edit", "revoke", "unsupported"),
    }


@pytest.mark.parametrize(("name", "said", "preview"), KINDS)
async def test_each_kind_reaches_the_page(desk: Desk, name: str, said: list[str], preview: str) -> None:
    """What Meta posts stands in the conversation and in the inbox, in words."""
    await deliver(desk.office, name)
    (line,) = (await desk.show("/inbox")).texts("span", "preview")
    assert preview in line
    (bubble,) = await bubbles(desk)
    assert [words for words in said if words not in bubble] == []


async def test_a_place_can_be_opened_and_a_number_dialled(desk: Desk) -> None:
    """Coordinates and phone numbers are links that need no service; nothing else a person wrote is one."""
    await deliver(desk.office, "location", "contact_card_in_full")
    links = [link.get("href") for bubble in (await _messages(desk)) for link in bubble.iter("a")]
    links = [link for link in links if link and not link.startswith("/")]  # those are ours
    assert links == ["geo:37.484700,-122.147700", "tel:+16505550199"]


async def test_nothing_of_a_message_is_markup(desk: Desk) -> None:
    """Captions, names, fields and reactions are shown as text, with hidden characters made visible."""
    evil = "<img src=x onerror=alert(1)>\u202egpj"
    await deliver(desk.office, "image", image={"caption": evil, "mime_type": evil, "filename": evil, evil: evil})
    await deliver(desk.office, "contact_card_in_full", contacts=[{"name": {"formatted_name": evil}, "org": evil}])
    await deliver(desk.office, "location", location={"name": evil, "address": evil, "url": "javascript:alert(1)"})
    await deliver(desk.office, "order", order={"text": evil, evil: [evil, evil]})
    await deliver(desk.office, "reaction", reaction={"message_id": "wamid.I1", "emoji": evil})
    tree = await desk.show("/conversations/1")
    assert not tree.all("img")
    assert not [link for link in tree.all("a") if "javascript" in link.get("href", "")]
    assert "[U+202E]" in " ".join(tree.texts("li", "message"))


async def test_a_reaction_stands_on_its_message(desk: Desk) -> None:
    """It is no line of its own; the last one counts, a removal takes it off, and the history stays to be seen."""
    await deliver(desk.office, "text")
    await deliver(desk.office, "reaction", reaction={"message_id": "wamid.T1", "emoji": "👍"})
    tree = await desk.show("/conversations/1")
    assert len(tree.all("li", "message")) == 1
    assert tree.texts("span", "reaction")[0].startswith("👍")
    await deliver(desk.office, "reaction_removed", reaction={"message_id": "wamid.T1"}, timestamp="1790416801")
    tree = await desk.show("/conversations/1")
    assert tree.texts("span", "reaction") == []
    (history,) = tree.texts("details", "kept")
    assert history.startswith("2 reaksi")
    assert "dicabut" in history


async def test_a_reaction_finds_its_message_when_it_comes_later(desk: Desk) -> None:
    """As long as its message is unknown a reaction is a line of its own; then it stands where it belongs."""
    await deliver(desk.office, "reaction", reaction={"message_id": "wamid.T1", "emoji": "👍"})
    assert len(await bubbles(desk)) == 1
    await deliver(desk.office, "text")
    (bubble,) = await bubbles(desk)
    assert "Is this still available?" in bubble
    assert "👍" in bubble


async def test_a_change_shows_the_new_and_keeps_the_old(desk: Desk) -> None:
    """A changed message says what it says now, when it was changed, and on demand what it said before."""
    await deliver(desk.office, "text", "edit_of_text")
    tree = await desk.show("/conversations/1")
    (bubble,) = tree.texts("li", "message")
    assert "available in blue?" in bubble
    assert "Diubah oleh pengirimnya pada" in bubble
    (before,) = tree.texts("details", "kept")
    assert before == "Yang tertulis sebelumnya Is this still available?"


async def test_a_withdrawal_marks_and_keeps_the_original(desk: Desk) -> None:
    """A deleted message says so first; what was written, with its changes, stays to be seen."""
    await deliver(desk.office, "text", "edit_of_text", "revoke")
    tree = await desk.show("/conversations/1")
    (bubble,) = tree.texts("li", "message")
    assert "Dihapus oleh pengirimnya pada" in bubble
    (before,) = tree.texts("details", "kept")
    assert "Is this still available?" in before
    assert "available in blue?" in before


async def test_a_quotation_jumps_to_a_message_far_above(desk: Desk) -> None:
    """The link of a quotation opens the page on which the quoted message stands."""
    await deliver(desk.office, "text")
    for number in range(101):
        await deliver(desk.office, "text", id=f"wamid.N{number}", timestamp=str(1790416801 + number))
    quoting = {"id": "wamid.Q", "context": {"from": "16505550123", "id": "wamid.T1"}, "timestamp": "1790417800"}
    await deliver(desk.office, "text", **quoting)
    tree = await desk.show("/conversations/1")
    (quoted,) = [link for link in tree.all("a") if "through" in link.get("href", "")]
    assert text_of(quoted) == "Menanggapi: Is this still available?"
    page, _, anchor = quoted.get("href", "").partition("#")
    assert (await desk.show(page)).one("li", id=anchor) is not None
    assert (await desk.show(page)).texts("p", "more") == ["Kembali ke pesan terbaru"]


async def _messages(desk: Desk) -> list[Any]:
    tree: Tree = await desk.show("/conversations/1")
    return tree.all("li", "message")
