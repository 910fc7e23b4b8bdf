"""Templates with a file above their text, as a lawyer fills them in, without JavaScript."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.arrivals import column
from tests.documents import PDF
from tests.pictures import picture
from tests.templates import stock, with_account
from tests.web.desk import Answer, Desk, open_desk
from tests.web.parsed import Tree, text_of
from tests.web.test_template_forms import hear
from wabridge.core.office import Office

WORDS = {"slot.body.nama": "Ibu Ada", "slot.body.perihal": "somasi", "slot.body.isi": "Surat terlampir."}
SENT = "SELECT count(*) FROM message WHERE direction = 'outbound'"
STRANGER = "0812-9999-0000"


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner of an office with a business account and templates."""
    async with open_desk(with_account(office)) as opened:
        yield opened


@pytest.fixture
async def template(desk: Desk) -> int:
    """The template with a document above its text."""
    return (await stock(desk.office))["pemberitahuan_hukum_berkas id"]


async def press(
    desk: Desk, address: str, page: Tree, do: str, *, file: tuple[str, bytes] = ("", b""), **words: str
) -> Answer:
    """Press a button of a form that is open in a browser."""
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    found = page.one("form", action=address)
    assert found.get("enctype") == "multipart/form-data"
    hidden = {
        each.get("name", ""): each.get("value", "") for each in found.iter("input") if each.get("type") == "hidden"
    }
    for name, value in ({**hidden, **words}).items():
        form.add_field(name, value)
    form.add_field("file", file[1], filename=file[0], content_type="application/octet-stream")
    for name, value in {**WORDS, "do": do}.items():
        form.add_field(name, value)
    headers = {"Origin": desk.url}
    async with desk.http.post(desk.url + address, data=form, headers=headers, allow_redirects=False) as response:
        return Answer(response.status, response.headers.get("Location", ""), await response.text())


async def test_a_file_is_chosen_looked_at_and_sent(desk: Desk, template: int) -> None:
    """The preview shows it above the text and keeps it; Send needs no second choice; the bubble shows the file."""
    conversation = await hear(desk)
    address = f"{conversation}/templates/{template}"
    looked = await press(desk, address, await desk.show(address), "preview", file=("somasi.pdf", PDF))
    assert looked.status == 200
    assert text_of(looked.tree.one("div", "as-sent")).startswith("Dokumen: somasi.pdf")
    assert await column(desk.office.database, SENT) == [0]
    sent = await press(desk, address, looked.tree, "send")
    assert (sent.status, sent.location) == (303, f"{conversation}#latest")
    assert await column(desk.office.database, "SELECT file_name FROM media") == ["somasi.pdf"]
    page = await desk.show(conversation)
    assert "somasi.pdf" in " ".join(page.texts("p", "called"))
    assert page.all("input", name="enclosure") == []


@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "new"])
async def test_one_form_with_a_file_sends_once(desk: Desk, template: int, is_kept: bool) -> None:
    """Pressed twice, whether the file was kept from before or comes anew, it is one message and nothing is left."""
    address = f"{await hear(desk)}/templates/{template}"
    file, page = ("somasi.pdf", PDF), await desk.show(address)
    if is_kept:
        page, file = (await press(desk, address, page, "preview", file=file)).tree, ("", b"")
    for _ in range(2):
        assert (await press(desk, address, page, "send", file=file)).status == 303
    assert await column(desk.office.database, SENT) == [1]
    assert await column(desk.office.database, "SELECT count(*) FROM enclosure") == [0]


async def test_a_file_that_does_not_fit_is_told_beside_its_slot(desk: Desk, template: int) -> None:
    """A picture instead of a document, a file that WhatsApp does not take, none at all; the words stay."""
    address = f"{await hear(desk)}/templates/{template}"
    page = await desk.show(address)
    wrong = await press(desk, address, page, "send", file=("foto.jpg", picture()))
    assert (wrong.status, wrong.tree.texts("p", "problem")) == (422, ["Di sini diperlukan berkas jenis lain."])
    right = await press(desk, address, wrong.tree, "preview", file=("somasi.pdf", PDF))
    assert right.tree.texts("p", "problem") == []
    assert await column(desk.office.database, "SELECT file_name FROM enclosure") == ["somasi.pdf"]
    broken = await press(desk, address, page, "send", file=("a.exe", b"MZ" + bytes(99)))
    assert "a.exe" in text_of(broken.tree.one("p", id="refusal"))
    none = await press(desk, address, page, "send")
    assert (none.status, none.tree.texts("p", "problem")) == (422, ["Bagian ini harus diisi."])
    assert none.tree.one("input", name="slot.body.isi").get("value") == "Surat terlampir."
    assert await column(desk.office.database, SENT) == [0]


async def test_the_first_word_may_carry_a_file(desk: Desk, template: int) -> None:
    """A number is typed, the preview keeps the file for it, and sending makes the contact."""
    address = f"/templates/{template}/send"
    page = await desk.show(address)
    looked = await press(desk, address, page, "preview", file=("somasi.pdf", PDF), to=STRANGER)
    assert await column(desk.office.database, "SELECT phone FROM enclosure") == ["6281299990000"]
    assert await column(desk.office.database, "SELECT count(*) FROM contact") == [0]
    other = await press(desk, address, looked.tree, "send", to="0812-9999-0001")
    assert other.tree.texts("p", "problem")[0].startswith("Berkas itu sudah tidak ada di sini, atau ditujukan")
    sent = await press(desk, address, other.tree, "send", to=STRANGER)
    assert (sent.status, sent.location) == (303, "/conversations/1#latest")
    assert await column(desk.office.database, "SELECT standing FROM contact") == ["lead"]


async def test_no_file_is_taken_from_a_foreign_form(desk: Desk, template: int) -> None:
    """Without the page's own token a file is refused before it is kept."""
    address = f"{await hear(desk)}/templates/{template}"
    refused = await press(desk, address, await desk.show(address), "preview", file=("a.pdf", PDF), csrf="x")
    assert refused.status == 403
    assert await column(desk.office.database, "SELECT count(*) FROM enclosure") == [0]
