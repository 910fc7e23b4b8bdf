import io
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, any_body
from tests.sandbox.test_talk import BUTTONS
from tests.sandbox.visitor import Visitor, Words
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.files import LARGEST_BYTES
from wabridge.sandbox.gestures import MENU
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.labels import KIND_LABELS, NEWS_LABELS
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.news import OCCURRENCES
from wabridge.sandbox.phone import PhonePage


@pytest.fixture
def handset(meta: PretendMeta, phone: PhonePage) -> Handset:
    """Return the phone of the client who is there from the start."""
    return meta.handset(PHONE)


def _file(name: str, content: bytes, mime_type: str, caption: str = "") -> Any:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(content), filename=name, content_type=mime_type)
    form.add_field("caption", caption)
    return form


async def _upload(visitor: Visitor, form: Any) -> tuple[int, str]:
    url = visitor.origin + "/phones/1/files"
    async with visitor.session.post(url, data=form, headers={"Origin": visitor.origin}) as response:
        return response.status, await response.text()


async def test_every_kind_and_all_news_have_a_button(visitor: Visitor, meta: PretendMeta) -> None:
    """The menus list everything there is, folded away, in the words of the page."""
    _, page = await visitor.see()
    words = Words(page)
    for label in (*KIND_LABELS["id"].values(), *NEWS_LABELS["id"].values()):
        assert label in words
    assert not [attributes for tag, attributes in words.attributes if tag == "details" and "open" in attributes]
    for kind in MENU:
        assert (await visitor.post("kinds", kind=kind))[0] == 200
    await meta.drain()
    for occurrence in OCCURRENCES:
        assert (await visitor.post("news", occurrence=occurrence))[0] == 200


@pytest.mark.parametrize(("path", "fields"), [("kinds", {"kind": "x"}), ("kinds", {}), ("news", {"occurrence": "x"})])
async def test_what_is_not_on_the_menu_is_refused(visitor: Visitor, path: str, fields: dict[str, str]) -> None:
    """A made-up kind or occurrence is a bad request."""
    assert (await visitor.post(path, **fields))[0] == 400


async def test_a_phone_that_is_off_sends_nothing(visitor: Visitor, meta: PretendMeta, handset: Handset) -> None:
    """No kind, no file and no reaction leaves a phone that is off."""
    bubble = meta.talk.write(handset, "Halo")
    await meta.drain()
    handset.is_on = False
    await visitor.post("kinds", kind="location")
    await _upload(visitor, _file("a.pdf", b"%PDF-", "application/pdf"))
    await visitor.post(f"bubbles/{bubble.key}", emoji="👍")
    assert (handset.bubbles, bubble.reaction) == ([bubble], "")


@pytest.mark.parametrize(
    ("mime_type", "kind", "said"),
    [
        ("image/jpeg", "image", {"caption": "Ini"}),
        ("video/mp4", "video", {"caption": "Ini"}),
        ("audio/ogg", "audio", {}),
        ("application/msword", "document", {"caption": "Ini", "filename": "../akta.docx"}),
        ("image/svg+xml", "document", {"caption": "Ini", "filename": "../akta.docx"}),
    ],
)
async def test_a_file_of_ones_own_reaches_the_office(
    visitor: Visitor, office: Office, meta: PretendMeta, mime_type: str, kind: str, said: dict[str, str]
) -> None:
    """An uploaded file is sent as what it is and can be fetched from its address."""
    status, _ = await _upload(visitor, _file("../akta.docx", b"bytes of a file", mime_type, "Ini"))
    await meta.drain()
    message = office.values("messages")[-1]
    assert (status, message["type"]) == (200, kind)
    element = message[kind]
    assert {key: element[key] for key in ("caption", "filename") if key in element} == said
    headers = {"Authorization": f"Bearer {meta.account.access_token}"}
    async with office.session.get(element["url"], headers=headers) as response:
        assert (response.status, await response.read()) == (200, b"bytes of a file")


@pytest.mark.parametrize(
    "form",
    [
        _file("a.bin", b"x" * (LARGEST_BYTES + 1), "application/octet-stream"),
        _file("a.bin", b"", "application/octet-stream"),
        _file("a.bin", b"x", "application/octet-stream", "x" * 1025),
    ],
    ids=["too large", "empty", "long caption"],
)
async def test_a_file_that_cannot_be_sent_is_explained(visitor: Visitor, handset: Handset, form: Any) -> None:
    """More than 5 MB, nothing, or an endless caption: the menu says what is asked, and nothing is sent."""
    status, page = await _upload(visitor, form)
    assert status == 200
    assert "paling besar 5 MB." in Words(page)
    assert ("details", {"class": "kinds", "id": "kinds", "open": None}) in Words(page).attributes
    assert handset.bubbles == []


async def test_files_come_by_their_own_form_only(visitor: Visitor, handset: Handset) -> None:
    """A plain form or broken multipart where a file belongs is refused."""
    assert (await visitor.post("files", file="x"))[0] == 415
    url, headers = visitor.origin + "/phones/1/files", {"Origin": visitor.origin}
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        broken = {**headers, "Content-Type": content_type}
        async with visitor.session.post(url, data=b"--y\r\n\r\n", headers=broken) as response:
            assert response.status in (200, 400)
    assert handset.bubbles == []


async def test_a_bubble_can_be_quoted_reacted_to_changed_and_deleted(
    visitor: Visitor, office: Office, meta: PretendMeta, handset: Handset
) -> None:
    """Each of it shows on the page and reaches the office."""
    bubble = meta.talk.write(handset, "Halo")
    touch = f"bubbles/{bubble.key}"
    _, page = await visitor.see(f"/phones/1?quote={bubble.key}")
    assert "Menjawab: Halo" in Words(page)
    await visitor.post("messages", text="Maksud saya", quotes=bubble.key)
    await visitor.post(touch, emoji="🙏")
    await visitor.post(touch, unreact="1")
    await visitor.post(touch, unreact="1")
    await visitor.post(touch, words="Halo Bu")
    await visitor.post(touch, words="Halo Bu")
    _, page = await visitor.see()
    assert "Halo Bu" in Words(page)
    assert "diubah" in Words(page)
    await visitor.post(touch, revoke="1")
    await visitor.post(touch, emoji="🙏")
    _, page = await visitor.see()
    assert "Pesan dihapus" in Words(page)
    await meta.drain()
    kinds = sorted(message["type"] for message in office.values("messages"))
    assert kinds == ["edit", "reaction", "reaction", "revoke", "text", "text"]


async def test_the_offices_bubbles_can_be_answered_but_not_changed(
    visitor: Visitor, office: Office, meta: PretendMeta, handset: Handset
) -> None:
    """A reaction and a button of a message of the office work; changing it, a made-up choice or bubble do not."""
    await office.send(any_body("interactive", BUTTONS))
    await meta.wait_until(lambda: bool(handset.visible()))
    bubble = meta.accepted[0].bubble
    touch = f"bubbles/{bubble.key}"
    await visitor.post(touch, revoke="1")
    await visitor.post(touch, words="Lain")
    await visitor.post(touch, choice="made up")
    await visitor.post(touch, choice="later")
    await visitor.post(touch, emoji="👍")
    assert (await visitor.post("bubbles/000000000000", emoji="👍"))[0] == 404
    _, page = await visitor.see()
    assert "Besok" in Words(page)
    await meta.wait_until(lambda: len(office.values("messages")) == 2)
    types = sorted(message["type"] for message in office.values("messages"))
    assert (types, bubble.text, bubble.reaction) == (["interactive", "reaction"], "Kapan?", "👍")


async def test_faults_are_switched_one_by_one_and_off_together(visitor: Visitor, meta: PretendMeta) -> None:
    """A switch turns its fault on and off, its group stays unfolded, and one button ends them all."""
    _, page = await visitor.post("faults", mixed_batch="1")
    assert meta.faults == {Fault.MIXED_BATCH}
    unfolded = {
        attributes["id"] for tag, attributes in Words(page).attributes if tag == "details" and "open" in attributes
    }
    assert unfolded == {"faults", "faults-written"}
    assert "1 menyala" in Words(page)
    await visitor.post("faults", no_status="1")
    await visitor.post("faults", mixed_batch="0")
    assert meta.faults == {Fault.NO_STATUS}
    await visitor.post("faults", none="1")
    assert meta.faults == set()
