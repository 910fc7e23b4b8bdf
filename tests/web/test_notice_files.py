"""The forms of legal notices that take a file: judged by their words first, and given back with their words."""

from dataclasses import replace

import aiohttp

from tests.arrivals import column
from tests.conftest import MASTER_KEY
from tests.documents import PDF, WORD
from tests.pictures import moving
from tests.web.desk import Answer, Desk, open_desk, receive
from tests.web.parsed import text_of
from tests.web.test_enclosures import vault_of
from tests.web.test_notices import TYPED, draft
from wabridge.core.office import Office
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

FORM = "/conversations/1/notices"


async def press(desk: Desk, path: str, file: tuple[str, bytes], **typed: str) -> Answer:
    """Send a form with a file as a browser does: words first."""
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    for name, value in {"csrf": await desk.csrf(), **typed}.items():
        form.add_field(name, value)
    form.add_field("file", file[1], filename=file[0], content_type="application/octet-stream")
    async with desk.http.post(
        desk.url + path, data=form, headers={"Origin": desk.url}, allow_redirects=False
    ) as response:
        return Answer(response.status, response.headers.get("Location", ""), await response.text())


async def test_a_document_is_shown_with_its_size_and_can_be_left_out(desk: Desk) -> None:
    """It stands on the notice's page, stays when only words are changed, and goes when its box is ticked."""
    await receive(desk.office, "Halo")
    path = (await press(desk, FORM, ("Surat <b>.pdf", PDF), **TYPED)).location
    shown = text_of((await desk.show(path)).one("section", id="content"))
    assert "28 B" in shown
    for more, stays in (({"title": "Lain"}, True), ({"no_document": "1"}, False)):
        version = (await desk.show(f"{path}/edit")).one("input", name="version").get("value", "")
        assert (await desk.post(f"{path}/edit", **{**TYPED, "version": version, **more})).status == 303
        shown = text_of((await desk.show(path)).one("section", id="content"))
        assert ("Dokumen" in shown) is stays


async def test_what_was_refused_comes_back_without_its_file(desk: Desk) -> None:
    """Words, no PDF, a file that WhatsApp does not take: each has its sentence, and nothing of the file is left."""
    await receive(desk.office, "Halo")
    for file, typed, words in (
        (("a.pdf", PDF), {"title": ""}, "notis memerlukan judul"),
        (("a.docx", WORD), {}, "harus PDF"),
        (("a.gif", moving("GIF")), {}, "a.gif"),
    ):
        answer = await press(desk, FORM, file, **{**TYPED, **typed})
        assert answer.status == 422
        assert words in text_of(answer.tree.one("p", id="refusal"))
        assert answer.tree.one("input", name="matter").get("value") == "12/Pdt.G/2026"
        assert "pilihlah sekali lagi" in text_of(answer.tree.one("p", id="about-document"))
    assert vault_of(desk.office) == 0
    assert await column(desk.office.database, "SELECT id FROM notice") == []


async def test_on_a_full_disk_the_text_is_kept(office: Office) -> None:
    """503 with a sentence, and every word stands in its field."""
    folder = office.settings.data_folder
    keyring = Keyring.open_or_create(folder / "files" / "keyring", MASTER_KEY)
    full = replace(office, vault=Vault(folder / "vault", keyring, reserve_bytes=2**60))
    async with open_desk(full) as desk:
        await receive(office, "Halo")
        answer = await press(desk, FORM, ("a.pdf", PDF), **TYPED)
        assert answer.status == 503
        assert "disk penuh" in text_of(answer.tree.one("p", id="refusal"))
        assert answer.tree.one("textarea", id="text").text == TYPED["text"]


async def test_a_file_has_an_address_only_below_its_notice(desk: Desk) -> None:
    """Another notice's number or another file's leads nowhere."""
    await receive(desk.office, "Halo")
    path = (await press(desk, FORM, ("a.pdf", PDF), **TYPED)).location
    other = await draft(desk)
    async with desk.http.get(f"{desk.url}{path}/files/1") as response:
        assert (response.status, await response.read()) == (200, PDF)
        assert "attachment" in response.headers["Content-Disposition"]
        assert response.headers["Cache-Control"] == "private, no-store"
    assert [(await desk.get(each)).status for each in (f"{other}/files/1", f"{path}/files/2")] == [404, 404]
