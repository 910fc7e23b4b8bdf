"""Files in an answer, from the page and from a program."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from tests.arrivals import column
from tests.documents import PDF, VOICE
from tests.gateway.dispatch import eventually
from tests.pictures import moving, picture
from tests.web.desk import Answer, Desk, open_desk, receive
from tests.web.parsed import text_of
from tests.web.served import Served
from wabridge.core.office import Office

CHAT = "/conversations/1"
OUTBOUND = "SELECT kind FROM message WHERE direction = 'outbound' ORDER BY id"

File = tuple[str, bytes]


@pytest.fixture
async def chat(desk: Desk) -> Desk:
    """A desk with one conversation that may be answered."""
    await receive(desk.office, "Halo")
    return desk


async def answer(
    desk: Desk, *files: File, text: str = "", chosen: tuple[str, ...] = (), as_sound: bool = False, **fields: str
) -> Answer:
    """Send the form of the page as a browser does: words first, then files."""
    page = await desk.show(CHAT)
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    words = [(field.get("name", ""), field.get("value", "")) for field in page.one("form", id="reply").iter("input")]
    hidden = [
        (name, value) for name, value in words if name not in ("file", "enclosure", "clearance", "note", "as_sound")
    ]
    more = [(name, value) for name, value in fields.items() if name not in dict(hidden)]
    for name, value in [*((n, fields.get(n, v)) for n, v in hidden), *more, ("text", text)]:
        form.add_field(name, value)
    for each in chosen:
        form.add_field("enclosure", each)
    if as_sound:
        form.add_field("as_sound", "1")
    for name, content in files or (("", b""),):
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
    async with desk.http.post(
        f"{desk.url}{CHAT}/reply", data=form, headers={"Origin": desk.url}, allow_redirects=False
    ) as response:
        return Answer(response.status, response.headers.get("Location", ""), await response.text())


def vault_of(office: Office) -> int:
    """Return how many files lie in the vault."""
    folder = office.settings.data_folder / "vault"
    return len(list(folder.iterdir())) if folder.exists() else 0


async def test_a_file_goes_with_an_answer(chat: Desk) -> None:
    """The form with a file leads to the message, which shows it like one that came in."""
    sent = await answer(chat, ("Surat Kuasa.pdf", PDF), text="Mohon ditandatangani")
    assert (sent.status, sent.location) == (303, "/conversations/1#latest")
    page = await chat.show(CHAT)
    assert "Surat Kuasa.pdf" in " ".join(page.texts("p", "called"))
    assert "Mohon ditandatangani" in page.texts("div", "text")
    assert await column(chat.office.database, OUTBOUND) == ["document"]


async def test_an_answer_without_a_file_goes_by_the_same_form(chat: Desk) -> None:
    """A field for files that is left empty is no file."""
    assert (await answer(chat, text="Baik")).status == 303
    assert await column(chat.office.database, OUTBOUND) == ["text"]
    refused = await answer(chat, text=" ")
    assert (refused.status, len(refused.tree.all("p", id="refusal"))) == (422, 1)


async def test_several_files_are_several_messages_in_order(chat: Desk) -> None:
    """Each has its own status; the text stands under the first that takes one."""
    await answer(chat, ("a.mp3", b"ID3" + bytes(99)), ("b.jpg", picture()), ("c.pdf", PDF), text="Berkas")
    assert await column(chat.office.database, OUTBOUND) == ["audio", "image", "document"]


async def test_a_file_that_does_not_fit_is_refused_in_words_and_all_else_is_kept(chat: Desk) -> None:
    """Name, reason and next step stand above the box; text and good files wait in it and go with the next try."""
    refused = await answer(chat, ("a.pdf", PDF), ("kucing.gif", moving("GIF")), text="Dua berkas")
    assert refused.status == 422
    (said,) = refused.tree.texts("p", "refusal")
    assert said.startswith("kucing.gif: WhatsApp hanya menerima gambar JPEG atau PNG.")
    assert refused.tree.one("textarea", id="text").text == "Dua berkas"
    (waiting,) = refused.tree.all("input", name="enclosure")
    assert await column(chat.office.database, OUTBOUND) == []
    again = await answer(chat, ("b.jpg", picture()), text="Dua berkas", chosen=(waiting.get("value", ""),))
    assert again.status == 303
    assert await column(chat.office.database, OUTBOUND) == ["document", "image"]
    assert (await chat.show(CHAT)).all("input", name="enclosure") == []


async def test_what_is_not_chosen_again_is_taken_back(chat: Desk) -> None:
    """A file whose box is no longer ticked is removed, and does not go."""
    await answer(chat, ("a.pdf", PDF), ("kucing.gif", moving("GIF")))
    assert vault_of(chat.office) == 1
    assert (await answer(chat, text="Tanpa berkas")).status == 303
    assert await column(chat.office.database, OUTBOUND) == ["text"]
    assert vault_of(chat.office) == 0


async def test_one_form_with_files_sends_once(chat: Desk) -> None:
    """The same form twice, also at once, is one message, and leaves no second file behind."""
    token = await chat.form_token(CHAT)
    tries = [answer(chat, ("a.pdf", PDF), form_token=token) for _ in range(3)]
    assert [each.status for each in await asyncio.gather(*tries)] == [303, 303, 303]
    assert await column(chat.office.database, OUTBOUND) == ["document"]
    assert vault_of(chat.office) == 1
    assert (await answer(chat, ("a.pdf", PDF + b" "), form_token=token)).status == 422


async def test_a_form_whose_files_waited_beside_the_box_sends_once(chat: Desk) -> None:
    """Its second press leads to what the first one sent; with other words it is refused, and they are kept."""
    refused = await answer(chat, ("a.pdf", PDF), ("kucing.gif", moving("GIF")), text="Berkas")
    (waiting,) = refused.tree.all("input", name="enclosure")
    chosen, token = (waiting.get("value", ""),), await chat.form_token(CHAT)
    new = ("b.jpg", picture())
    for _ in range(2):
        sent = await answer(chat, new, text="Berkas", chosen=chosen, form_token=token)
        assert (sent.status, sent.location) == (303, "/conversations/1#latest")
    assert await column(chat.office.database, OUTBOUND) == ["document", "image"]
    assert vault_of(chat.office) == 2
    other = await answer(chat, text="Kata lain", chosen=chosen, form_token=token)
    assert (other.status, other.tree.one("textarea", id="text").text) == (422, "Kata lain")
    assert (await answer(chat, text="Berkas", chosen=chosen)).status == 409


async def test_a_file_that_has_gone_is_never_another_one(chat: Desk) -> None:
    """An old page's form, or a program that asks late, does not send the file that was handed in next."""
    refused = await answer(chat, ("a.pdf", PDF), ("kucing.gif", moving("GIF")))
    old = tuple(each.get("value", "") for each in refused.tree.all("input", name="enclosure"))
    assert (await answer(chat, text="Ini berkasnya", chosen=old)).status == 303
    await answer(chat, ("Rahasia klien lain.pdf", PDF + b" "), ("kucing.gif", moving("GIF")))
    assert (await answer(chat, text="Ini berkasnya", chosen=old)).status == 409
    assert await column(chat.office.database, OUTBOUND) == ["document"]


@pytest.mark.parametrize("as_sound", [False, True])
async def test_a_recording_goes_as_its_sender_wants(chat: Desk, as_sound: bool) -> None:
    """Ogg with Opus is a voice message, or an audio file if that box is ticked; other files are what they are."""
    sent = await answer(chat, ("Catatan.ogg", VOICE), ("a.mp3", b"ID3" + bytes(99)), ("b.pdf", PDF), as_sound=as_sound)
    assert sent.status == 303
    query = "SELECT json_extract(content, '$.body.is_voice') FROM message WHERE direction = 'outbound' ORDER BY id"
    assert await column(chat.office.database, query) == [0 if as_sound else 1, 0, 0]


async def test_a_refused_recording_keeps_its_box_ticked(chat: Desk) -> None:
    """The file waits beside the box with the choice, which is in sight as long as a recording waits."""
    refused = await answer(chat, ("Catatan.ogg", VOICE), ("kucing.gif", moving("GIF")), as_sound=True)
    assert "checked" in refused.tree.one("input", name="as_sound").attrib
    assert refused.tree.one("label", "as-sound").get("class") == "as-sound wanted"
    again = await chat.show(CHAT)
    assert "checked" not in again.one("input", name="as_sound").attrib
    assert again.one("label", "as-sound").get("class") == "as-sound wanted"


async def test_too_many_files_are_refused_and_kept(chat: Desk) -> None:
    """Ten go at once; of eleven, ten wait in the box."""
    refused = await answer(chat, *[(f"{n}.pdf", PDF) for n in range(11)])
    assert refused.status == 422
    assert len(refused.tree.all("input", name="enclosure")) == 10


async def test_a_stranger_s_form_stores_no_byte(chat: Desk) -> None:
    """Without the page's own token, or signed out, nothing of a file is taken."""
    assert (await answer(chat, ("a.pdf", PDF), csrf="wrong")).status == 403
    page = await answer(chat, ("a.pdf", PDF), text="Halo", csrf="wrong")
    assert page.tree.one("textarea", id="text").text == "Halo"
    assert vault_of(chat.office) == 0


async def test_a_file_that_breaks_off_leaves_nothing(chat: Desk) -> None:
    """A browser that is closed in the middle of a file leaves no message and no file."""
    page = await chat.show(CHAT)
    fields = {name: page.all("input", name=name)[0].get("value", "") for name in ("csrf", "form_token", "seen")}
    words = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    head = f'{words}--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode()

    async def half() -> object:
        yield head + PDF * 4000
        raise ConnectionError

    headers = {"Origin": chat.url, "Content-Type": "multipart/form-data; boundary=x", "Content-Length": "9000000"}
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await chat.http.post(f"{chat.url}{CHAT}/reply", data=half(), headers=headers)
    await eventually(lambda: vault_of(chat.office) == 0)
    assert await column(chat.office.database, "SELECT count(*) FROM enclosure") == [0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"--x\r\n", 400),
        (b"--x--\r\n", 400),
        (b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n--x--\r\n", 400),
        (b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"a" * 70_000 + b"\r\n--x--\r\n", 413),
        (b"--x\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--x--", 400),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 101 + b"--x--\r\n", 400),
    ],
)
async def test_a_broken_form_is_refused(chat: Desk, body: bytes, status: int) -> None:
    """Whatever is no form is 400 or 413, and never a fault of ours."""
    headers = {"Origin": chat.url, "Content-Type": "multipart/form-data; boundary=x"}
    async with chat.http.post(f"{chat.url}{CHAT}/reply", data=body, headers=headers) as response:
        assert response.status == status


# ---- programs

Bearer = dict[str, str]


async def hand_in(
    served: Served, bearer: Bearer, content: bytes = PDF, *, name: str = "a.pdf", **words: str
) -> tuple[int, dict[str, object]]:
    """Hand a file in as a program does."""
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    for key, value in words.items():
        form.add_field(key, value)
    form.add_field("file", io.BytesIO(content), filename=name)
    async with served.http.post(f"{served.url}/api/v1/files", data=form, headers=bearer) as response:
        return response.status, await response.json()


async def test_a_program_hands_a_file_in_and_sends_it(served: Served) -> None:
    """201 with an id, the kind by its bytes, then a message that shows the file; a second use is 404."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    status, file = await hand_in(served, bearer, contact_id="1")
    assert (status, file["kind"], file["size"]) == (201, "document", len(PDF))
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    shown = await served.call("GET", f"/api/v1/files/{file['id']}", headers=bearer)
    assert shown.status == 200
    sent = {"contact_id": 1, "text": "Mohon dibaca", "file_id": file["id"]}
    queued = await served.call("POST", "/api/v1/messages", json=sent, headers=bearer)
    assert (queued.status, b'"sha256":"' in queued.body) == (202, True)
    assert (await served.call("POST", "/api/v1/messages", json=sent, headers=bearer)).status == 404


@pytest.mark.parametrize(("is_voice", "kept"), [(None, True), (True, True), (False, False)])
async def test_a_program_chooses_how_a_recording_goes(served: Served, is_voice: bool | None, kept: bool) -> None:
    """Null leaves it to the bytes; a voice message that is none, and a choice for a template, are refused."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    _, recording = await hand_in(served, bearer, VOICE, name="a.ogg", contact_id="1")
    sent = {"contact_id": 1, "file_id": recording["id"], "is_voice": is_voice}
    queued = await served.call("POST", "/api/v1/messages", json=sent, headers=bearer)
    assert (queued.status, json.loads(queued.body)["content"]["is_voice"]) == (202, kept)
    _, sound = await hand_in(served, bearer, b"ID3" + bytes(99), name="a.mp3", contact_id="1")
    wrong = {"contact_id": 1, "file_id": sound["id"], "is_voice": True}
    refused = json.loads((await served.call("POST", "/api/v1/messages", json=wrong, headers=bearer)).body)
    assert (refused["status"], refused["detail"]) == (422, "Voice message: the file must be Ogg with Opus.")
    template = {"contact_id": 1, "template": {"name": "halo", "language": "id"}, "is_voice": False}
    assert (await served.call("POST", "/api/v1/messages", json=template, headers=bearer)).status == 422


async def test_a_program_takes_a_file_back(served: Served) -> None:
    """204, and it is gone."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    _, file = await hand_in(served, bearer, contact_id="1")
    assert (await served.call("DELETE", f"/api/v1/files/{file['id']}", headers=bearer)).status == 204
    assert (await served.call("GET", f"/api/v1/files/{file['id']}", headers=bearer)).status == 404
    assert vault_of(served.office) == 0


async def test_what_a_program_cannot_send_is_refused_with_a_word(served: Served) -> None:
    """A problem names what is unfit; whom a file is for must stand before it."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    status, problem = await hand_in(served, bearer, moving("GIF"), contact_id="1")
    assert (status, problem["reason"], problem["unfit"]) == (422, "file_unfit", "picture_type")
    status, problem = await hand_in(served, bearer, b"\xff\xd8\xff" + bytes(9), contact_id="1")
    assert (status, problem["unfit"]) == (422, "damaged")
    assert (await hand_in(served, bearer))[0] == 422
    assert (await hand_in(served, bearer, contact_id="1", to="+6281234567890"))[0] == 422
    assert (await hand_in(served, bearer, contact_id="99"))[0] == 404
    assert (await hand_in(served, bearer, colour="red"))[0] == 422
    assert vault_of(served.office) == 0


async def test_a_file_over_the_limit_is_refused_while_it_comes(served: Served) -> None:
    """A picture over 5 MB is 413 with the limit."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    status, problem = await hand_in(served, bearer, picture() + bytes(5 * 2**20), contact_id="1")
    assert (status, problem["reason"], problem["limit_bytes"]) == (413, "file_too_large", 5 * 2**20)


@pytest.fixture
async def pausing(office: Office) -> AsyncIterator[Desk]:
    """A desk in an office with ten seconds for second thoughts, and one conversation."""
    settings = replace(office.settings, office=replace(office.settings.office, undo_seconds=10))
    async with open_desk(replace(office, settings=settings)) as opened:
        await receive(opened.office, "Halo")
        yield opened


STATUSES = "SELECT status FROM message WHERE direction = 'outbound' ORDER BY id"


async def test_all_files_of_one_click_are_taken_back_together(pausing: Desk) -> None:
    """Three files and a text went with one click: one press withdraws them all, the text is back, the page says it."""
    await answer(pausing, ("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF), text="Terlampir")
    await answer(pausing, ("d.pdf", PDF))
    button = (await pausing.show(CHAT)).one("button", formaction="/messages/3/undo")
    assert text_of(button) == "Tarik semuanya (3)"
    back = await pausing.post("/messages/3/undo", text="")
    assert back.tree.one("textarea", id="text").text == "Terlampir"
    said = text_of(back.tree.one("p", "taken-back"))
    assert "Pesan yang ditarik: 3." in said
    assert "perlu dipilih sekali lagi" in said
    assert await column(pausing.office.database, STATUSES) == ["cancelled"] * 3 + ["pending"]


async def test_each_file_of_a_click_can_be_taken_back_alone(pausing: Desk) -> None:
    """Beside the press for all there is one for this message only."""
    await answer(pausing, ("a.pdf", PDF), ("b.pdf", PDF))
    form = (await pausing.show(CHAT)).one("form", action="/messages/3/cancel")
    assert text_of(form) == "Yang ini saja"
    assert (await pausing.post("/messages/3/cancel")).status == 303
    assert await column(pausing.office.database, STATUSES) == ["pending", "cancelled"]


async def test_what_has_left_already_is_said(pausing: Desk) -> None:
    """The first file is with WhatsApp: the press on it withdraws the others, and says that one stays."""
    await answer(pausing, ("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF))
    await pausing.office.database.write(lambda tx: tx.run("UPDATE message SET status = 'sent' WHERE id = 2"))
    back = await pausing.post("/messages/2/undo", text="")
    said = text_of(back.tree.one("p", "taken-back"))
    assert "Pesan yang ditarik: 2." in said
    assert "tidak dapat ditarik: 1." in said
    assert await column(pausing.office.database, STATUSES) == ["sent", "cancelled", "cancelled"]


async def test_a_program_drafts_a_notice_with_a_document(served: Served) -> None:
    """The file that was handed in becomes the document, byte for byte, and is used up: no second draft is made."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    _, file = await hand_in(served, bearer, contact_id="1", name="Somasi.pdf")
    draft = {"conversation_id": 1, "title": "Somasi", "text": "Terlampir.", "file_id": file["id"]}
    made = await served.call("POST", "/api/v1/notices", json=draft, headers=bearer)
    said = json.loads(made.body)
    assert made.status == 201, said
    document = said["version"]["document"]
    assert document == {"name": "Somasi.pdf", "size": len(PDF), "sha256": hashlib.sha256(PDF).hexdigest()}
    again = await served.call("POST", "/api/v1/notices", json=draft, headers=bearer)
    assert (again.status, json.loads(again.body)["reason"]) == (404, "file_gone")
    page = json.loads((await served.call("GET", "/api/v1/notices", headers=bearer)).body)
    assert [each["number"] for each in page["items"]] == [said["number"]]
    assert len(list((served.office.settings.data_folder / "vault").iterdir())) == 1


async def test_a_document_that_is_no_pdf_or_for_another_person_makes_no_draft(served: Served) -> None:
    """It is refused with the reason, stays handed in, and nothing of a copy is left."""
    bearer = await served.bearer()
    await receive(served.office, "Halo")
    _, text = await hand_in(served, bearer, b"Halo", contact_id="1", name="a.txt")
    _, stranger = await hand_in(served, bearer, to="+6281999888777")
    for file, status in ((text, 422), (stranger, 404)):
        draft = {"conversation_id": 1, "title": "Somasi", "text": "Terlampir.", "file_id": file["id"]}
        made = await served.call("POST", "/api/v1/notices", json=draft, headers=bearer)
        assert made.status == status
        assert (await served.call("GET", f"/api/v1/files/{file['id']}", headers=bearer)).status == 200
    assert json.loads((await served.call("GET", "/api/v1/notices", headers=bearer)).body)["items"] == []
    assert len(list((served.office.settings.data_folder / "vault").iterdir())) == 2


async def test_what_an_answer_quotes_comes_back_with_it_whichever_message_is_pressed(pausing: Desk) -> None:
    """Two files answer a message: a press on the second one brings the quotation back as well."""
    await answer(pausing, ("a.pdf", PDF), ("b.pdf", PDF), text="Terlampir", quoted_id="1")
    back = await pausing.post("/messages/3/undo", text="")
    assert back.tree.one("input", name="quoted_id").get("value") == "1"


async def test_what_is_being_answered_stays_when_something_else_is_taken_back(pausing: Desk) -> None:
    """An answer to a certain message is being written: taking back what quoted nothing leaves it an answer to that."""
    await answer(pausing, text="Terlampir")
    back = await pausing.post("/messages/2/undo", text="Hari Senin.", quoted_id="1")
    assert back.tree.one("input", name="quoted_id").get("value") == "1"
