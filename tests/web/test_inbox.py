"""The list of conversations, as it comes from the server."""

import pytest

from tests.arrivals import BUDI, column, text_message
from tests.clocks import FakeClock
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of


async def test_a_new_person_appears_as_a_prospective_client(desk: Desk) -> None:
    """Who writes for the first time stands in the inbox with name, number and preview."""
    await receive(desk.office, "Selamat siang")
    said = text_of((await desk.show("/inbox")).one("li", id="c1"))
    for words in ("Ada Example", "+62 812-3456-7890", "Selamat siang", "Calon klien", "1 belum dibuka"):
        assert words in said


async def test_unread_conversations_stand_first(desk: Desk, fake_clock: FakeClock) -> None:
    """What nobody has opened stands above what is newer but seen."""
    await receive(desk.office, "pertama")
    fake_clock.advance(60)
    await receive(desk.office, text_message("kedua", sender=BUDI, sent_at=desk.office.clock.now()))
    await desk.show("/conversations/2")
    assert [li.get("id") for li in (await desk.show("/inbox")).all("li", "line")] == ["c1", "c2"]


async def test_a_long_inbox_continues(desk: Desk) -> None:
    """Beyond the first fifty lines there is a way to the others, and none is shown twice."""
    people = [text_message("Halo", sender=BUDI.__class__(phone=f"62812345{n:05}")) for n in range(60)]
    await receive(desk.office, *people)
    first = await desk.show("/inbox")
    following = await desk.show(first.one("p", id="older").find("a").get("href"))  # type: ignore[union-attr, arg-type]  # the link is there
    ids = [li.get("id") for tree in (first, following) for li in tree.all("li", "line")]
    assert len(ids) == len(set(ids)) == 60


async def test_home_leads_to_the_inbox(desk: Desk) -> None:
    """The bare address is the inbox."""
    answer = await desk.get("/")
    assert (answer.status, answer.location) == (303, "/inbox")


async def test_seen_takes_a_remark_down(desk: Desk) -> None:
    """A remark that somebody has taken note of leaves every page."""
    await desk.office.database.write(
        lambda tx: tx.run("INSERT INTO notification (kind, created_at) VALUES ('quarantined', 1)")
    )
    assert (await desk.show("/inbox")).all("form", action="/notifications/quarantined/seen")
    answer = await desk.post("/notifications/quarantined/seen", back="/inbox")
    assert (answer.status, answer.location) == (303, "/inbox")
    assert not (await desk.show("/inbox")).all("form", action="/notifications/quarantined/seen")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/inbox\r\nX: y", "/login", ""])
async def test_a_button_never_leads_away(desk: Desk, back: str) -> None:
    """The way back is one of our pages, whatever the form says."""
    answer = await desk.post("/notifications/quarantined/seen", back=back)
    assert (answer.status, answer.location) == (303, "/inbox")


async def test_sending_is_resumed_by_a_button(desk: Desk) -> None:
    """Who may, lets sending go on from any page, and the remark is gone."""
    await receive(desk.office, "Halo")
    await desk.office.database.write(
        lambda tx: tx.run("UPDATE number SET paused_at = 1, paused_reason = 'token', paused_token = 'x'")
    )
    assert (await desk.show("/conversations/1")).all("form", action="/sending/resume")
    answer = await desk.post("/sending/resume", back="/conversations/1")
    assert (answer.status, answer.location) == (303, "/conversations/1")
    assert await column(desk.office.database, "SELECT paused_at FROM number") == [None]


async def test_a_form_from_elsewhere_changes_nothing(desk: Desk) -> None:
    """Without our token no button works."""
    assert (await desk.post("/sending/resume", csrf="forged")).status == 403
