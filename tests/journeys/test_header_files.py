"""Files above the words on the whole road: handed in, uploaded, named in the header, on the client's phone."""

import hashlib
from typing import Any

import aiohttp
import pytest

from tests.documents import PDF
from tests.journeys.site import SITI, Site
from tests.journeys.test_templates import NOTICE, STRANGER, find

FILE_TEMPLATE = "pemberitahuan_hukum_berkas"


async def hand_in(site: Site, **words: str) -> dict[str, Any]:
    """Hand a document in as a program does."""
    form = aiohttp.FormData(default_to_multipart=True, quote_fields=False)
    for name, value in words.items():
        form.add_field(name, value)
    form.add_field("file", PDF, filename="somasi.pdf")
    status, file = await site.call("POST", "/files", data=form)
    assert status == 201, file
    return dict(file)


async def send(site: Site, **message: Any) -> dict[str, Any]:
    """Queue a message and return it once it has been delivered."""
    status, said = await site.call("POST", "/messages", json=message)
    assert status == 202, said
    await site.until_status(said["id"], "delivered")
    return await site.message(said["id"])


async def test_the_first_word_to_a_number_carries_a_document(site: Site) -> None:
    """A template goes to somebody who has never written; what the phone gets are the bytes that were handed in."""
    await find(site, FILE_TEMPLATE)
    file = await hand_in(site, to=f"+{STRANGER}")
    template = {"name": FILE_TEMPLATE, "language": "id", "values": NOTICE}
    message = await send(site, to=f"+{STRANGER}", template=template, file_id=file["id"])
    (taken,) = site.meta.uploads
    assert hashlib.sha256(taken.content).hexdigest() == file["sha256"]
    (header,) = [part for part in site.meta.requests[-1].body["template"]["components"] if part["type"] == "header"]
    assert header["parameters"] == [{"type": "document", "document": {"id": taken.media_id, "filename": "somasi.pdf"}}]
    assert site.meta.handset(STRANGER).bubbles[-1].file is not None
    assert message["media"]["sha256"] == file["sha256"]
    (handed_over,) = message["uploads"]
    assert (handed_over["outcome"], handed_over["sha256"], handed_over["file_id"]) == (
        "taken",
        file["sha256"],
        taken.media_id,
    )
    assert [contact["standing"] for contact in await site.contacts()] == ["lead"]
    assert site.meta.violations == []


@pytest.mark.parametrize(
    "content",
    [
        {"type": "buttons", "buttons": [{"title": "Ya"}, {"title": "Tidak"}]},
        {"type": "link_button", "label": "Buka", "url": "https://kantor.example/"},
    ],
    ids=["buttons", "link"],
)
async def test_a_document_stands_above_what_is_offered(site: Site, content: dict[str, Any]) -> None:
    """Buttons and a link carry a file inside the window, and the conversation shows it."""
    await site.write("Halo")
    file = await hand_in(site, to=f"+{SITI}")
    message = await send(site, to=f"+{SITI}", text="Mohon dibaca", content=content, file_id=file["id"])
    assert site.meta.requests[-1].body["interactive"]["header"] == {
        "type": "document",
        "document": {"id": site.meta.uploads[0].media_id, "filename": "somasi.pdf"},
    }
    assert message["content"]["header"]["file_name"] == "somasi.pdf"
    page = await site.show(await site.conversation())
    assert "somasi.pdf" in " ".join(page.texts("p", "called"))
    assert site.meta.violations == []
