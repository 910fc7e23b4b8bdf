"""The pretend Meta's templates: listed strictly, and every parameter of a send held against what was approved."""

import json
from typing import Any

import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.payloads import Json

BODY = [{"type": "text", "text": text} for text in ("Ada", "KTP", "Jumat")]
STRANGER = "+6281299990000"


async def list_page(office: Office, **query: str) -> tuple[int, Any]:
    """Ask for a page of the list."""
    account = office.meta.account
    url = f"{office.meta.base_url}/v25.0/{account.business_account_id}/message_templates"
    headers = {"Authorization": f"Bearer {account.access_token}"}
    async with office.session.get(url, params=query, headers=headers) as response:
        return response.status, await response.json()


async def send(office: Office, name: str, *components: Json, to: str = PHONE, language: str = "id") -> tuple[int, Any]:
    """Send a template."""
    template = {"name": name, "language": {"code": language}} | ({"components": list(components)} if components else {})
    return await office.send({"messaging_product": "whatsapp", "to": to, "type": "template", "template": template})


def body(*parameters: Json) -> Json:
    """Return the component that fills the text in."""
    return {"type": "body", "parameters": list(parameters)}


async def test_the_list_comes_page_by_page(office: Office) -> None:
    """Cursors lead on until there is no next; every entry comes once."""
    names: list[str] = []
    query = {"limit": "4"}
    while True:
        _, page = await list_page(office, **query)
        names += [entry["id"] for entry in page["data"]]
        if "next" not in page["paging"]:
            break
        query["after"] = page["paging"]["cursors"]["after"]
    assert names == [entry["id"] for entry in office.meta.templates.entries]


@pytest.mark.parametrize(
    ("query", "code"),
    [({"fields": "nonsense"}, 100), ({"limit": "0"}, 100), ({"page": "2"}, 100), ({"after": "nonsense"}, 131059)],
)
async def test_a_wrong_question_is_refused(office: Office, query: dict[str, str], code: int) -> None:
    """Unknown fields, limits, keys and cursors are answered as Meta answers them."""
    status, said = await list_page(office, **query)
    assert (status, said["error"]["code"]) == (400, code)


async def test_a_template_reaches_whoever_has_never_written(office: Office, meta: PretendMeta) -> None:
    """It needs no window, and the person sees its text filled in, with buttons that answer with their payloads."""
    replies = [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": f"q:{index}"}],
        }
        for index in range(2)
    ]
    status, _ = await send(office, "permintaan_dokumen", body(*BODY), *replies, to=STRANGER)
    assert status == 200
    bubble = meta.accepted[0].bubble
    assert bubble.text.startswith(
        "Yth. Ada, untuk melanjutkan penanganan urusan Anda kami memerlukan dokumen berikut: KTP."
    )
    assert [choice.parts()["button"] for choice in bubble.choices] == [
        {"payload": "q:0", "text": "Akan saya kirim"},
        {"payload": "q:1", "text": "Ada pertanyaan"},
    ]
    assert meta.violations == []


NAMED = {"type": "text", "parameter_name": "nama", "text": "Ada"}
ADDRESS = {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "INV-1"}]}


@pytest.mark.parametrize(
    ("name", "components", "code"),
    [
        ("tidak_ada", [], 132001),
        ("perubahan_jadwal", [], 132001),
        ("survei_kepuasan", [], 132015),
        ("permintaan_dokumen", [], 132000),
        ("permintaan_dokumen", [body(*BODY[:2])], 132000),
        ("permintaan_dokumen", [body(*BODY[:2], {"type": "text", "text": "a\nb"})], 132012),
        ("permintaan_dokumen", [body(*BODY[:2], {"type": "text", "text": "x" * 1000})], 132005),
        ("permintaan_dokumen", [body(*BODY), ADDRESS], 132012),
        ("pemberitahuan_hukum", [body(*BODY)], 131008),
        ("pemberitahuan_hukum", [body(*[NAMED] * 3)], 132000),
        ("pemberitahuan_hukum_berkas", [], 132012),
        ("pengingat_pembayaran", [body(*[*BODY, BODY[0]])], 131008),
        ("ada_kabar", [body(BODY[0])], 132000),
    ],
)
async def test_what_does_not_fit_the_template_is_refused(
    office: Office, name: str, components: list[Json], code: int
) -> None:
    """Each mismatch has Meta's own code, and nothing is taken."""
    status, said = await send(office, name, *components)
    assert (status >= 400, said["error"]["code"]) == (True, code)
    assert office.meta.accepted == []


async def test_a_language_that_is_not_there_is_refused(office: Office) -> None:
    """The name alone is not enough."""
    assert (await send(office, "ada_kabar", language="en"))[1]["error"]["code"] == 132001


async def test_a_change_is_told_by_its_webhook(office: Office, meta: PretendMeta) -> None:
    """Status, category and wording are announced by the fields Meta has for them; a removal is not."""
    meta.templates.set_status("ada_kabar", "id", "DISABLED")
    meta.templates.set_category("ada_kabar", "id", "MARKETING")
    meta.templates.reword("ada_kabar", "id", "Kabar lain.")
    meta.templates.remove("kode_masuk", "id")
    await meta.drain()
    fields = [c["field"] for raw in office.bodies for entry in json.loads(raw)["entry"] for c in entry["changes"]]
    assert sorted(fields) == [
        "message_template_components_update",
        "message_template_status_update",
        "template_category_update",
    ]
    assert meta.templates.find("kode_masuk", "id") is None
    assert meta.templates.get("ada_kabar", "id")["status"] == "DISABLED"
