"""The pages of templates and the API's list, as people and programs meet them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from tests.templates import ACCOUNT, HEARING, stock, with_account
from tests.web.desk import OPERATOR, Desk, open_desk
from tests.web.parsed import text_of
from tests.web.served import Served
from wabridge.core import tokens
from wabridge.core.office import Office
from wabridge.model.content import Field
from wabridge.model.template import Listed, TemplateId
from wabridge.model.template_sync import SyncState
from wabridge.storage import template_syncs, templates

EVIL = "<script>alert(1)</script>\u202egpj"


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner of an office with a business account."""
    async with open_desk(with_account(office)) as opened:
        yield opened


async def put(desk: Desk, **changed: object) -> TemplateId:
    """Let Meta list one template; returns its id."""
    plain = Listed(
        meta_id="1",
        name="contoh",
        language="id",
        category="utility",
        status="approved",
        wording=HEARING,
        components=b"[]",
    )
    listed = msgspec.structs.replace(plain, **changed)
    now = desk.office.clock.now()
    await desk.office.database.write(lambda tx: templates.put(tx, ACCOUNT, listed, at=now))
    return TemplateId(1)


async def names(desk: Desk, query: str) -> list[str]:
    """Return which templates the page lists for a query."""
    return (await desk.show(f"/templates{query}")).texts("span", "name")


async def test_before_the_first_list_the_page_says_so(desk: Desk) -> None:
    """Without templates nothing is claimed."""
    tree = await desk.show("/templates")
    assert tree.texts("p", "what") == ["Belum ada templat."]
    assert "belum pernah diambil" in text_of(tree.one("div", "sync"))


async def test_templates_are_found_by_language_category_and_words(desk: Desk) -> None:
    """Each filter narrows the list down; words are looked for in name and text."""
    await stock(desk.office)
    everything = await names(desk, "")
    assert len(everything) == 15
    assert await names(desk, "?language=en") == ["pemberitahuan_hukum", "pengingat_sidang"]
    assert await names(desk, "?category=marketing") == ["promo_konsultasi", "ucapan_hari_raya"]
    assert await names(desk, "?q=jatuh+TEMPO") == ["pengingat_pembayaran"]
    assert await names(desk, "?q=pengingat+sidang&language=id") == ["pengingat_sidang"]
    assert "survei_kepuasan" not in await names(desk, "?sendable=1")
    assert await names(desk, "?q=tidak+ada") == []


async def test_each_status_says_what_follows(desk: Desk) -> None:
    """What cannot be sent says why, in words, with Meta's own beside them."""
    ids = await stock(desk.office)
    await desk.office.database.write(
        lambda tx: templates.set_status(
            tx,
            ids["pengingat_sidang id"],
            "paused",
            said="Paused for 3 hours",
            paused_until=desk.office.clock.now() + timedelta(hours=3),
            at=desk.office.clock.now(),
        )
    )
    paused = await desk.show(f"/templates/{ids['pengingat_sidang id']}")
    assert paused.texts("h2")[0] == "Dijeda Meta"
    assert {"Kemungkinan sampai", "Keterangan Meta"} <= set(paused.texts("dt"))
    rejected = await desk.show(f"/templates/{ids['promo_konsultasi id']}")
    assert "TAG_CONTENT_MISMATCH" in rejected.texts("dd")
    code = await desk.show(f"/templates/{ids['kode_masuk id']}")
    assert code.texts("h2")[0] == "Disetujui, belum dapat dikirim dari sini"


async def test_a_template_is_shown_as_the_client_sees_it(desk: Desk) -> None:
    """Header, text with its marks, footer and buttons, filled in with Meta's examples."""
    ids = await stock(desk.office)
    tree = await desk.show(f"/templates/{ids['pengingat_pembayaran id']}")
    shown = tree.one("div", "as-sent")
    assert [text_of(each) for each in shown.iter("strong")] == ["Rp4.500.000"]
    assert [text_of(each) for each in shown.iter("li")] == [
        "Lihat tagihan https://kantor.example/tagihan/INV-2026-118",
        "Telepon kantor +622150005000",
    ]


async def test_what_is_to_be_filled_in_is_marked(desk: Desk) -> None:
    """In lists and in what is not filled in yet, a slot stands out with its name, also within bold words."""
    await put(desk, wording=msgspec.structs.replace(HEARING, body="Yth. {{nama}}, *{{tanggal}}*."))
    line = (await desk.show("/templates")).one("span", "preview")
    assert [(each.tag, text_of(each)) for each in line] == [("span", "nama"), ("strong", "tanggal")]
    assert [each.get("class") for each in line.iter("span")] == ["preview", "place", "place"]


async def test_what_meta_wrote_never_becomes_markup(desk: Desk) -> None:
    """Names, texts, statuses and unknown parts of a template are shown as text."""
    wording = msgspec.structs.replace(HEARING, body=f"*{EVIL}* {{{{1}}}}", unknown=(Field((EVIL,), EVIL),))
    template_id = await put(desk, wording=wording, status=EVIL, reason=EVIL, language="xx_YY", category=EVIL)
    listing, tree = await desk.show("/templates"), await desk.show(f"/templates/{template_id}")
    assert [script for page in (listing, tree) for script in page.all("script") if not script.get("src")] == []
    assert text_of(tree.one("div", "as-sent").find(".//strong") or tree.root).endswith("[U+202E]gpj")


async def test_earlier_wordings_stay_to_be_seen(desk: Desk) -> None:
    """A template that was changed shows what it said before."""
    template_id = await put(desk)
    await put(desk, wording=msgspec.structs.replace(HEARING, body="Lain {{nama}} sekali."))
    tree = await desk.show(f"/templates/{template_id}")
    assert "Naskah sebelumnya" in tree.texts("h2")
    (summary,) = [each for each in tree.texts("summary") if each.startswith("Naskah 1")]
    assert "sejak" in summary


async def test_a_failed_fetch_says_so_with_the_time_of_the_last_good_list(desk: Desk) -> None:
    """The page tells how old the list is, what went wrong, and Meta's code."""
    await stock(desk.office)
    now = desk.office.clock.now()
    failed = SyncState(begun_at=now, failures=1, reason="token", code=190, said="Session has expired", next_at=now)
    await desk.office.database.write(lambda tx: template_syncs.set_failed(tx, ACCOUNT, failed, now=now))
    said = text_of((await desk.show("/templates")).one("div", "sync"))
    assert "Sesuai daftar Meta" in said
    assert "Meta tidak menerima token akses" in said
    assert "190" in said


async def test_the_list_can_be_fetched_anew_by_a_button(desk: Desk) -> None:
    """Pressing it is a wish on the disk, and the page says that it is being granted."""
    answer = await desk.post("/templates/refresh")
    assert (answer.status, answer.location) == (303, "/templates")
    state = await desk.office.database.read(lambda tx: template_syncs.get(tx, ACCOUNT))
    assert state.is_wanted
    assert "Sedang diambil ulang." in text_of((await desk.show("/templates")).one("div", "sync"))


async def test_without_an_account_the_page_says_what_is_missing(office: Office) -> None:
    """There is no button that could not work, and pressing it all the same is refused."""
    async with open_desk(office) as desk:
        tree = await desk.show("/templates")
        assert "business_account_id" in text_of(tree.one("div", "sync"))
        assert tree.all("form", action="/templates/refresh") == []
        assert (await desk.post("/templates/refresh")).status == 409


async def test_a_template_that_is_not_there_is_not_found(desk: Desk) -> None:
    """An address of a template nobody knows is 404."""
    assert (await desk.get("/templates/999")).status == 404


async def test_an_office_without_an_account_has_none_for_programs(served: Served) -> None:
    """The API gives an empty list, and says that Meta's was never fetched."""
    answer = await served.call("GET", "/api/v1/templates", headers=await served.bearer())
    assert msgspec.json.decode(answer.body) == {"items": [], "next": None, "listed_at": None}


async def test_programs_get_one_template_whole(office: Office) -> None:
    """Places have the keys that a message fills in, with Meta's example beside each."""
    async with open_desk(with_account(office)) as desk:
        await stock(desk.office)
        secret = await tokens.add(desk.office, OPERATOR, "calendar")
        path = "/api/v1/templates?language=id&sendable=true&q=tagihan"
        answer = await desk.get(path, Authorization=f"Bearer {secret}")
        (payment,) = msgspec.json.decode(answer.text)["items"]
    assert [slot["key"] for slot in payment["slots"]] == ["body.1", "body.2", "body.3", "body.4", "button.0"]
    assert payment["slots"][4]["example"] == "INV-2026-118"
    assert (payment["can_be_sent"], payment["version"], payment["listed"]) == (True, 1, True)
