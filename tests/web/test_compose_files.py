"""A file above the words of a question with buttons or of a link, as a lawyer attaches it, without JavaScript."""

import json
from typing import Any

import aiohttp
import pytest

from tests.arrivals import column
from tests.documents import PDF
from tests.pictures import picture
from tests.web.desk import Answer, Desk, receive
from tests.web.parsed import Tree, text_of
from tests.web.served import PASSWORD
from tests.web.test_carried import end_session, return_to, sign_in
from wabridge.core import staff

ADDRESS = "/conversations/1/send/buttons"
QUESTION = {"text": "Surat ini sudah benar?", "button1": "Ya", "button2": "Belum"}
WAITING = "SELECT file_name FROM enclosure ORDER BY id"
HINT = "Gambar, video, atau dokumen; menggantikan judul berupa teks."


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation in which somebody has asked something."""
    await receive(desk.office, "Kapan sidang saya?")
    return desk


async def press(
    desk: Desk, page: Tree, *, file: tuple[str, bytes] = ("", b""), untick: bool = False, **typed: str
) -> Answer:
    """Fill a form in that is open in a browser, in the order of its fields, and press Send."""
    address = next(form.get("action", "") for form in page.all("form") if "/send/" in form.get("action", ""))
    form, said = aiohttp.FormData(default_to_multipart=True, quote_fields=False), {**QUESTION, **typed}
    if address == ADDRESS:
        form.add_field("text", said.pop("text"))
    for each in page.one("form", action=address).iter("input"):
        name = each.get("name", "")
        if each.get("type") == "file":
            form.add_field(name, file[1], filename=file[0], content_type="application/octet-stream")
        elif not (untick and each.get("type") == "checkbox"):
            form.add_field(name, said.pop(name, each.get("value", "")))
    if "text" in said:
        form.add_field("text", said["text"])
    headers = {"Origin": desk.url}
    async with desk.http.post(desk.url + address, data=form, headers=headers, allow_redirects=False) as response:
        return Answer(response.status, response.headers.get("Location", ""), await response.text())


async def sent(desk: Desk) -> list[Any]:
    """Return what was queued beside the text."""
    rows = await column(desk.office.database, "SELECT content FROM message WHERE direction = 'outbound' ORDER BY id")
    return [json.loads(row)["body"] for row in rows if isinstance(row, bytes)]


async def test_a_file_goes_above_the_buttons(asked: Desk) -> None:
    """A document is chosen, the form is sent, and the conversation shows it above the question."""
    page = await asked.show(ADDRESS)
    assert page.one("form", action=ADDRESS).get("enctype") == "multipart/form-data"
    assert HINT in page.texts("p", "hint")
    answer = await press(asked, page, file=("surat kuasa.pdf", PDF), footer="Kantor Hukum")
    assert (answer.status, answer.location) == (303, "/conversations/1#latest")
    (body,) = await sent(asked)
    assert (body["header"], body["footer"]) == (
        {"kind": "document", "text": None, "file_name": "surat kuasa.pdf", "place": None},
        "Kantor Hukum",
    )
    assert "surat kuasa.pdf" in " ".join((await asked.show("/conversations/1")).texts("p", "called"))


async def test_a_picture_goes_above_a_link(asked: Desk) -> None:
    """The link button takes a file as well, and a heading in words where there is none."""
    path = "/conversations/1/send/link"
    typed: dict[str, Any] = {"label": "Buka", "url": "https://kantor.example/7"}
    assert (await press(asked, await asked.show(path), file=("peta.jpg", picture()), **typed)).status == 303
    assert (await press(asked, await asked.show(path), header="Peta", **typed)).status == 303
    assert [(body["header"]["kind"], body["header"]["text"]) for body in await sent(asked)] == [
        ("image", None),
        ("text", "Peta"),
    ]


async def test_a_refused_form_keeps_its_file(asked: Desk) -> None:
    """What is too long comes back with its file, which goes with the mended form; it never stands beside the box."""
    broken = await press(asked, await asked.show(ADDRESS), file=("surat.pdf", PDF), button1="x" * 25, footer="Kaki")
    assert broken.status == 422
    assert text_of(broken.tree.one("fieldset", "waiting-files")).startswith("Berkas di atas teks surat.pdf")
    assert broken.tree.one("input", id="footer").get("value") == "Kaki"
    assert (await asked.show("/conversations/1")).all("input", name="enclosure") == []
    assert (await press(asked, broken.tree, button1="Ya")).status == 303
    assert (await sent(asked))[0]["header"]["file_name"] == "surat.pdf"
    assert await column(asked.office.database, WAITING) == []


async def test_a_kept_file_is_replaced_or_taken_back(asked: Desk) -> None:
    """Another file takes its place; unticked it is gone, and the form goes without."""
    broken = await press(asked, await asked.show(ADDRESS), file=("surat.pdf", PDF), button1="x" * 25)
    again = await press(asked, broken.tree, file=("foto.jpg", picture()), button1="x" * 25)
    assert await column(asked.office.database, WAITING) == ["foto.jpg"]
    assert (await press(asked, again.tree, untick=True, button1="Ya")).status == 303
    assert [body["header"] for body in await sent(asked)] == [None]
    assert await column(asked.office.database, WAITING) == []


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "new"])
async def test_one_form_with_a_file_sends_once(asked: Desk, is_kept: bool) -> None:
    """Pressed twice, whether the file was kept from before or comes anew, it is one message and nothing is left."""
    page, file = await asked.show(ADDRESS), ("surat.pdf", PDF)
    if is_kept:
        page, file = (await press(asked, page, file=file, button1="x" * 25)).tree, ("", b"")
    for _ in range(2):
        assert (await press(asked, page, file=file, button1="Ya")).status == 303
    assert len(await sent(asked)) == 1
    assert await column(asked.office.database, WAITING) == []


async def test_a_kept_file_that_is_gone_is_missed(asked: Desk) -> None:
    """A form whose file has been sent from elsewhere or forgotten says so; it never goes without it."""
    broken = await press(asked, await asked.show(ADDRESS), file=("surat.pdf", PDF), button1="x" * 25)
    await asked.office.database.write(lambda tx: tx.run("DELETE FROM enclosure"))
    answer = await press(asked, broken.tree, button1="Ya")
    assert (answer.status, await sent(asked)) == (404, [])
    assert "berkas" in text_of(answer.tree.one("div", id="refusal"))
    assert answer.tree.all("fieldset", "waiting-files") == []
    assert (await press(asked, answer.tree, file=("surat.pdf", PDF), button1="Ya")).status == 303


async def test_a_heading_is_in_words_or_a_file(asked: Desk) -> None:
    """Both at once are refused in words that say so, and so is a file that cannot stand there or be sent at all."""
    page = await asked.show(ADDRESS)
    both = await press(asked, page, file=("surat.pdf", PDF), header="Surat")
    assert (both.status, "tidak keduanya" in text_of(both.tree.one("div", id="refusal"))) == (422, True)
    sticker = await press(asked, page, file=("suara.mp3", b"ID3" + bytes(400)))
    assert (sticker.status, "berkas jenis lain" in text_of(sticker.tree.one("div", id="refusal"))) == (422, True)
    program = await press(asked, page, file=("a.exe", b"MZ" + bytes(99)), footer="Kaki")
    assert (program.status, "a.exe" in text_of(program.tree.one("div", id="refusal"))) == (422, True)
    assert program.tree.one("textarea", id="text").text == QUESTION["text"]
    assert await sent(asked) == []


async def test_no_file_is_taken_from_a_foreign_form(asked: Desk) -> None:
    """Without the page's own token a file is refused before it is kept."""
    assert (await press(asked, await asked.show(ADDRESS), file=("a.pdf", PDF), csrf="x")).status == 403
    assert await column(asked.office.database, WAITING) == []


async def test_what_was_filled_in_outlives_the_session(asked: Desk) -> None:
    """Sent after the session has ended, the words are back after signing in; the file is chosen again."""
    await staff.set_password(asked.office, asked.me.actor, PASSWORD)
    await sign_in(asked)
    page = await asked.show(ADDRESS)
    await end_session(asked)
    refused = await press(asked, page, file=("surat.pdf", PDF))
    back = await return_to(asked, refused, ADDRESS)
    assert (back.status, back.tree.one("textarea", id="text").text) == (200, QUESTION["text"])
    assert "Berkas yang tadi Anda pilih" in text_of(back.tree.one("p", "brought-back"))
    assert await column(asked.office.database, WAITING) == []
    assert (await press(asked, back.tree, file=("surat.pdf", PDF))).status == 303
