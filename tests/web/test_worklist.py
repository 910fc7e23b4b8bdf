"""The worklist and the switch that stops all sending, as they come from the server."""

import pytest

from tests.arrivals import column
from tests.clocks import NOON, FakeClock
from tests.web.desk import Desk, open_desk, receive
from tests.web.parsed import text_of
from wabridge.core import sending, worklist
from wabridge.core.office import Office
from wabridge.errors import NotAllowed
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.staff import Actor
from wabridge.storage import notifications
from wabridge.storage.database import Transaction

PAGE = "/conversations/1"


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation, in which the office has answered."""
    await receive(desk.office, "Kapan sidang saya?")
    await desk.post(PAGE + "/reply", text="Kamis pukul 10.", form_token="t")
    return desk


def fail(tx: Transaction) -> None:
    """Let the answer fail, and say so."""
    tx.run("UPDATE message SET status = 'failed', failure_code = 131026 WHERE id = 2")
    notifications.add(tx, "failed", conversation_id=ConversationId(1), message_id=MessageId(2), now=NOON)


async def test_a_quiet_office_has_a_friendly_page(desk: Desk) -> None:
    """With nothing to do the page says so, and the inbox says nothing."""
    page = await desk.show("/worklist")
    assert text_of(page.one("div", id="empty")).startswith("Tidak ada yang menunggu")
    assert not (await desk.show("/inbox")).all("section", "waiting-work")


async def test_a_task_says_who_what_and_the_next_step(asked: Desk) -> None:
    """A failed message stands on both pages with its reason's advice, and leads to the message."""
    await asked.office.database.write(fail)
    for address in ("/worklist", "/inbox"):
        page = await asked.show(address)
        task = page.one("li", "task")
        for words in ("Ada Example", "Tidak sampai", "Kamis pukul 10.", "Telepon, atau gunakan cara lain."):
            assert words in text_of(task)
        link = task.find("a")
        assert link is not None
        assert link.get("href") == PAGE + "?through=2#m2"
    assert "Tidak sampai: 1" in text_of((await asked.show("/worklist")).one("p", "counts"))


async def test_what_waits_too_long_is_on_it(asked: Desk, fake_clock: FakeClock) -> None:
    """A message that has not left after the office's limit is overdue."""
    fake_clock.advance(31 * 60)
    assert "Menunggu terlalu lama" in text_of((await asked.show("/worklist")).one("li", "task"))


async def test_what_waits_at_a_number_that_is_ours_no_more_says_so(asked: Desk, fake_clock: FakeClock) -> None:
    """Page and worklist say why it will not leave, nothing looks open to write, and it can be cancelled."""
    await asked.office.database.write(lambda tx: tx.run("UPDATE number SET phone_number_id = '1'"))
    fake_clock.advance(31 * 60)
    assert "nomor yang tidak lagi dipakai" in text_of((await asked.show("/worklist")).one("li", "task"))
    page = await asked.show(PAGE)
    assert "nomor yang tidak lagi dipakai" in text_of(page.one("li", id="m2"))
    assert "Percakapan ini hanya dapat dibaca: kantor tidak lagi mengirim" in text_of(page.one("p", "closed"))
    assert not page.all("form", id="reply")
    assert (await asked.post("/messages/2/cancel")).status == 303
    assert not (await asked.show("/worklist")).all("li", "task")


async def test_somebody_may_stop_all_sending_and_everybody_sees_why(asked: Desk) -> None:
    """The banner names who and why; resuming it is recorded."""
    answer = await asked.post("/sending/stop", reason="Salah daftar penerima", back="/worklist")
    assert (answer.status, answer.location) == (303, "/worklist")
    banner = text_of((await asked.show("/inbox")).one("div", "banner"))
    assert "menghentikan semua pengiriman" in banner
    assert "Salah daftar penerima" in banner
    assert "1 pesan menunggu." in text_of((await asked.show("/worklist")).one("div", id="worklist"))
    assert (await asked.post("/sending/resume", what="stopped", back="/inbox")).status == 303
    assert not (await asked.show("/inbox")).all("div", "banner")
    verbs = await column(asked.office.database, "SELECT verb FROM act WHERE subject_kind = 'number' ORDER BY id")
    assert verbs == ["stopped_sending", "resumed_sending"]


async def test_a_stop_and_metas_pause_end_each_on_its_own(asked: Desk) -> None:
    """Resuming after Meta's refusal does not lift what a person has stopped."""
    await asked.post("/sending/stop", reason="", back="/inbox")
    await asked.post("/sending/resume", back="/inbox")
    assert len((await asked.show("/inbox")).all("div", "banner")) == 1


async def test_an_assistant_may_stop_but_not_resume(office: Office) -> None:
    """Whoever may write may pull the brake; letting go again takes the right to it."""
    async with open_desk(office, role="assistant") as desk:
        assert (await desk.post("/sending/stop", reason="Ada yang salah", back="/inbox")).status == 303
        assert not (await desk.show("/inbox")).all("form", action="/sending/resume")
        assert (await desk.post("/sending/resume", what="stopped", back="/inbox")).status == 403


async def test_neither_switch_nor_list_is_for_everybody(office: Office) -> None:
    """A program cannot stop everything, and who may not read has no worklist."""
    with pytest.raises(NotAllowed):
        await sending.stop_sending(office, Actor(kind="token", id=1, name="calendar", role="token"), "")
    with pytest.raises(NotAllowed):
        await worklist.get(office, Actor(kind="staff", id=8, name="Tamu", role="guest"))


async def test_the_author_is_told_of_their_own_failure_once(asked: Desk) -> None:
    """One banner, in the second person; seen by the author it is gone for everybody."""
    await asked.office.database.write(fail)
    (banner,) = (await asked.show("/inbox")).all("div", "banner")
    assert "Pesan Anda kepada" in text_of(banner)
    assert (await asked.post("/notifications/own_failed/seen", back="/inbox")).status == 303
    assert not (await asked.show("/inbox")).all("div", "banner")
    left = "SELECT count(*) FROM notification WHERE seen_at IS NULL AND kind <> 'message'"
    assert await column(asked.office.database, left) == [0]
