"""The pages of legal notices: making, approving, sending, what is known, what people record."""

from datetime import timedelta
from typing import Any

import pytest

from tests.arrivals import text_message
from tests.noticing import TEXT, WAMID, fail, follow_up, hear, look, pressed, take
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of
from wabridge.model.ids import ContactId, MessageId, NoticeId
from wabridge.model.notice import Notice
from wabridge.storage import alerts
from wabridge.storage.alerts import Occasion

TYPED = {"title": "Jadwal sidang", "matter": "12/Pdt.G/2026", "text": TEXT, "wanted": "confirmed", "language": "id"}


def deadline(desk: Desk, **ahead: float) -> str:
    """Return a moment as the form's field says it; the clock of the tests stands at noon in Jakarta."""
    return (desk.office.clock.now() + timedelta(hours=7) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


async def draft(desk: Desk, **typed: str) -> str:
    """Type a notice to Ada, who has written, and return its address."""
    await receive(desk.office, "Halo")
    answer = await desk.post("/conversations/1/notices", **{**TYPED, "deadline": deadline(desk, days=3), **typed})
    assert answer.status == 303, answer
    return answer.location


async def version_of(desk: Desk, path: str) -> str:
    """Return which version the page's forms speak of."""
    return str((await look(desk.office, NoticeId(int(path.rsplit("/", 1)[1])))).version.id)


async def send(desk: Desk, path: str) -> Notice:
    """Approve and send it, and let Meta have taken it."""
    for act in ("approve", "send"):
        assert (await desk.post(f"{path}/{act}", version=await version_of(desk, path))).status == 303
    found = await look(desk.office, NoticeId(int(path.rsplit("/", 1)[1])))
    await take(desk.office, MessageId(found.sent[-1].message_id))
    return await look(desk.office, found.id)


async def said(desk: Desk, path: str) -> str:
    """Return what a page says."""
    return text_of((await desk.show(path)).one("main", id="main"))


async def test_an_empty_list_says_how_to_begin(desk: Desk) -> None:
    """Without notices the page tells what one is for and where it begins."""
    assert "Belum ada notis hukum" in await said(desk, "/notices")


async def test_a_notice_begins_in_a_conversation(desk: Desk) -> None:
    """The conversation leads to the form, the form to the draft with its number; nothing is sent."""
    await receive(desk.office, "Halo")
    page = await desk.show("/conversations/1")
    assert page.one("a", href="/conversations/1/notices/new").text == "Notis hukum baru"
    form = await desk.show("/conversations/1/notices/new")
    assert form.one("input", name="deadline").get("value") == deadline(desk, days=3)
    path = await draft(desk)
    shown = await said(desk, path)
    for words in ("Notis NH-2026-000001", "Rancangan", TEXT, "12/Pdt.G/2026", "5 Mar 2026 12.00.00 WIB", "Setujui"):
        assert words in shown
    assert "Kirim notis" not in shown


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"title": ""}, 422), ({"deadline": "besok"}, 422), ({"wanted": "perhaps"}, 422), ({"text": ""}, 422)],
)
async def test_what_was_typed_comes_back_with_the_reason(desk: Desk, typed: dict[str, str], status: int) -> None:
    """A refused draft keeps what stood in its fields."""
    await receive(desk.office, "Halo")
    answer = await desk.post("/conversations/1/notices", **{**TYPED, **typed})
    assert answer.status == status
    assert text_of(answer.tree.one("p", id="refusal"))
    assert answer.tree.one("input", name="matter").get("value") == "12/Pdt.G/2026"


async def test_approving_shows_whom_it_is_for(desk: Desk) -> None:
    """Before the button stands the recipient as known, afterwards the recipient as frozen, and who approved."""
    path = await draft(desk)
    assert "Ada Example, +62 812-3456-7890" in await said(desk, path)
    assert (await desk.post(f"{path}/approve", version=await version_of(desk, path))).status == 303
    shown = await said(desk, path)
    for words in ("Disetujui oleh", "Disetujui untuk", "ID.13491208655302741918", "Sidik isi", "Kirim notis"):
        assert words in shown


async def test_a_long_text_says_why_it_cannot_be_approved(desk: Desk) -> None:
    """The page names the limit before anybody tries, and the refusal says it again."""
    path = await draft(desk, text="x" * 1025)
    assert "Teksnya 1.025 karakter" in await said(desk, path)
    answer = await desk.post(f"{path}/approve", version=await version_of(desk, path))
    assert answer.status == 422
    assert "lebih dari 1.024 karakter" in text_of(answer.tree.one("p", id="refusal"))


async def test_a_doubt_says_that_it_was_not_approved(desk: Desk) -> None:
    """Nothing was to be sent: the refusal of an approval speaks of the approval."""
    path = await draft(desk)
    version = await version_of(desk, path)
    now = desk.office.clock.now()
    occasion = Occasion(now, "system", None, now)
    await desk.office.database.write(lambda tx: alerts.add(tx, ContactId(1), "security_code_changed", occasion))
    answer = await desk.post(f"{path}/approve", version=version)
    assert answer.status == 409
    said_why = text_of(answer.tree.one("p", id="refusal"))
    assert said_why.startswith("Tidak disetujui: ")
    assert "Tidak dikirim" not in said_why


async def test_a_failed_notice_stands_where_it_needs_somebody(desk: Desk) -> None:
    """What did not arrive is not on its way: it has a place of its own on the list, with what to do next."""
    path = await draft(desk)
    found = await send(desk, path)
    await desk.office.database.write(lambda tx: fail(tx, found.carriers[0].message_id))
    page = await desk.show("/notices")
    place = text_of(page.one("section", id="failed"))
    assert found.number in place
    assert "kirim lagi notisnya" in place
    assert "Dalam pengiriman 0" in text_of(page.one("p", id="places"))


async def test_changing_it_voids_the_approval(desk: Desk) -> None:
    """The form warns of it, and the page shows the draft with its earlier version."""
    path = await draft(desk)
    version = await version_of(desk, path)
    await desk.post(f"{path}/approve", version=version)
    form = await desk.show(f"{path}/edit")
    assert "persetujuannya batal" in text_of(form.one("main", id="main"))
    assert form.one("input", name="deadline").get("value") == deadline(desk, days=3)
    answer = await desk.post(f"{path}/edit", version=version, **{**TYPED, "text": "Lain."})
    assert answer.status == 303
    shown = await said(desk, path)
    assert "Persetujuan batal karena notis diubah" in shown
    assert "1 versi sebelumnya" in shown
    stale = await desk.post(f"{path}/edit", version=version, **{**TYPED, "text": "Lain lagi."})
    assert stale.status == 409


async def test_the_timeline_says_who_when_and_what_it_does_not_show(desk: Desk) -> None:
    """Each line has its time, whose clock gave it, and the sentence about what it does not show."""
    path = await draft(desk)
    found = await send(desk, path)
    await hear(desk.office, pressed(found))
    await follow_up(desk.office)
    page = await desk.show(path)
    lines = [text_of(line) for line in page.one("ol", class_="timeline").iter("li")]
    assert len(lines) == 6
    (confirmed,) = [line for line in lines if "Akun penerima menekan tombol" in line]
    assert "menurut laporan Meta" in confirmed
    assert "bukan siapa yang memegang ponselnya" in confirmed
    assert any("Tanda terima dikirim kepada klien" in line for line in lines)
    assert "Dikonfirmasi" in text_of(page.one("section", id="standing"))


async def test_the_conversation_shows_what_belongs_to_a_notice(desk: Desk) -> None:
    """The message that carries it, its answer and its receipt lead to the notice."""
    found = await send(desk, await draft(desk))
    await hear(desk.office, pressed(found))
    await follow_up(desk.office)
    marks = (await desk.show("/conversations/1")).texts("p", "notice-mark")
    assert marks == [
        "Pesan ini memuat notis NH-2026-000001",
        "Jawaban atas notis NH-2026-000001: mengonfirmasinya",
        "Tanda terima konfirmasi notis NH-2026-000001",
    ]


async def test_an_answer_that_does_not_count_says_why(desk: Desk) -> None:
    """Under another message the press is shown with the reason, in the conversation and in the timeline."""
    path = await draft(desk)
    found = await send(desk, path)
    await hear(desk.office, pressed(found, quoted_wamid="wamid.ELSE"))
    for page in (path, "/conversations/1"):
        assert "Tombol itu berada di bawah pesan lain" in await said(desk, page)


async def test_what_came_another_way_is_recorded_and_corrected(desk: Desk) -> None:
    """A letter's receipt confirms; corrected, it is struck through and counts no more."""
    path = await draft(desk)
    await send(desk, path)
    typed = {"outcome": "confirmed", "means": "letter", "happened": deadline(desk), "reference": "RR123456789ID"}
    assert (await desk.post(f"{path}/record", note="Diterima sendiri", **typed)).status == 303
    shown = await said(desk, path)
    for words in ("Klien mengonfirmasi sudah membacanya", "lewat surat tercatat", "RR123456789ID", "Diterima sendiri"):
        assert words in shown
    page = await desk.show(path)
    event = page.one("input", name="event").get("value", "")
    assert (await desk.post(f"{path}/correct", event=event, note="Keliru orang")).status == 303
    after = await desk.show(path)
    assert len(after.all("li", "wrong")) == 1
    assert "Belum dikonfirmasi" not in text_of(after.one("section", id="standing"))


@pytest.mark.parametrize(
    "typed",
    [
        {"happened": ""},
        {"happened": "2099-01-01T10:00"},
        {"outcome": "maybe"},
        {"means": "pigeon"},
        {"note": ""},
    ],
)
async def test_a_record_that_says_too_little_comes_back(desk: Desk, typed: dict[str, str]) -> None:
    """Without when, how or what came of it nothing is recorded, and the form keeps what was typed."""
    path = await draft(desk)
    await send(desk, path)
    plain = {"outcome": "refused", "means": "call", "happened": deadline(desk), "note": "Menolak", **typed}
    answer = await desk.post(f"{path}/record", **plain)
    assert answer.status == 422
    assert text_of(answer.tree.one("p", id="refusal"))


async def test_a_written_reply_is_recorded_as_what_a_person_reads_in_it(desk: Desk) -> None:
    """Only where a reply quotes the notice is it offered as a way; the record names the message."""
    path = await draft(desk)
    await send(desk, path)
    assert "balasan tertulis" not in await said(desk, path)
    await hear(desk.office, text_message("Sudah saya baca", wamid="wamid.R", quoted_wamid=WAMID))
    page = await desk.show(path)
    assert "balasan tertulis" in text_of(page.one("main", id="main"))
    message = page.one("input", name="message").get("value", "")
    typed = {"outcome": "confirmed", "means": "reply", "happened": deadline(desk), "note": "Jelas"}
    assert (await desk.post(f"{path}/record", message=message, **typed)).status == 303
    assert "Dikonfirmasi" in text_of((await desk.show(path)).one("section", id="standing"))


async def test_the_list_sorts_by_what_is_known(desk: Desk, fake_clock: Any) -> None:
    """Drafts, what is on its way and what is overdue stand in their places with counts and next steps."""
    await draft(desk, title="Rancangan saja")
    path = await draft(desk, deadline=deadline(desk, hours=1))
    await send(desk, path)
    chips = (await desk.show("/notices")).one("p", id="places")
    assert "Dalam pengiriman 1" in text_of(chips)
    fake_clock.advance(2 * 3600)
    await follow_up(desk.office)
    page = await desk.show("/notices")
    overdue = page.one("section", id="overdue")
    assert "NH-2026-000002" in text_of(overdue)
    assert "surat tercatat" in text_of(overdue)
    assert "Rancangan saja" in text_of(page.one("section", id="draft"))


async def test_closing_needs_a_reason_and_ends_it(desk: Desk) -> None:
    """Closed it stands among the finished ones, with what is known of it."""
    path = await draft(desk)
    await send(desk, path)
    assert (await desk.post(f"{path}/close", note="")).status == 422
    assert (await desk.post(f"{path}/close", note="Perkara dicabut")).status == 303
    assert "NH-2026-000001" in text_of((await desk.show("/notices")).one("section", id="done"))


async def test_a_withdrawn_draft_is_kept(desk: Desk) -> None:
    """It stays under its number, and offers nothing more."""
    path = await draft(desk)
    assert (await desk.post(f"{path}/withdraw", note="Tidak perlu")).status == 303
    shown = await said(desk, path)
    assert "Ditarik" in shown
    assert "Setujui" not in shown


async def test_a_form_s_address_leads_to_the_notice(desk: Desk) -> None:
    """Loading the address of a pressed button anew shows the notice."""
    path = await draft(desk)
    for form in ("approve", "send", "withdraw", "record", "correct", "close"):
        answer = await desk.get(f"{path}/{form}")
        assert (answer.status, answer.location) == (303, path)
    assert (await desk.get("/notices/99")).status == 404
