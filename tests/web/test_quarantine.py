"""What could not be understood, as people see it."""

import json
import logging

import pytest

from tests.arrivals import ADA
from tests.clocks import FakeClock
from tests.setaside import FIRST, SECOND, body, empty_news, message, misread, not_understood, replay, work_off
from tests.web.desk import Desk, open_desk
from tests.web.parsed import text_of
from wabridge.core.office import Office
from wabridge.gateway import cutouts
from wabridge.model.event import Person
from wabridge.storage.quarantine import Choice
from wabridge.web import reasons

CANARY = "kenari di dalam tambang"


async def test_the_list_says_what_lies_there_and_why(desk: Desk, fake_clock: FakeClock) -> None:
    """Each item stands with its kind, reason, time, place and repeats, the newest first, and without its content."""
    await misread(desk.office, body(message(CANARY)), {FIRST: not_understood("a message without a type")})
    await desk.office.database.write(lambda tx: tx.run("UPDATE event SET repeats = 2"))
    fake_clock.advance(60)
    await misread(desk.office, empty_news(), {})
    answer = await desk.get("/quarantine")
    security, unreadable = answer.tree.all("li", "entry")
    assert "Sesuatu tentang akun kantor di WhatsApp" in text_of(security)
    assert "tidak ada isinya" in text_of(security)
    for words in ("12.00.00", "Tidak disebutkan jenis pesannya.", FIRST, "2 kali lagi", "Butir 1"):
        assert words in text_of(unreadable), words
    assert "2 butir" in text_of(answer.tree.one("p", id="number"))
    assert CANARY not in answer.text


async def test_a_placeholder_is_linked_while_it_stands_for_the_item(desk: Desk) -> None:
    """The list leads to the placeholder in its conversation; what shows nowhere says so on its page."""
    stored = body(message(), message(wamid="wamid.2"))
    await misread(desk.office, stored, {FIRST: not_understood(), SECOND: not_understood(sender=Person())})
    tree = await desk.show("/quarantine")
    (link,) = [a for a in tree.root.iter("a") if "/conversations/" in a.get("href", "")]
    conversation, _, place = link.get("href", "").partition("#")
    assert (await desk.show(conversation)).all("li", id=place)
    assert "Tidak tampak dalam percakapan mana pun." in text_of((await desk.show("/quarantine/2")).root)


async def test_an_item_is_shown_behind_a_click_and_alone(desk: Desk) -> None:
    """The page of an item holds its own content in a closed element, and nothing of the item beside it."""
    stored = body(message(CANARY + "<script>"), message("tetangga", wamid="wamid.2"))
    await misread(desk.office, stored, {FIRST: not_understood()})
    answer = await desk.get("/quarantine/2")
    (details,) = answer.tree.all("details", "original")
    assert details.get("open") is None
    (shown,) = details.iter("pre")
    assert json.loads("".join(shown.itertext())) == message(CANARY + "<script>")
    assert "tetangga" not in answer.text
    found = cutouts.cut_out(stored, FIRST)
    assert found is not None
    assert found.exact is not None
    assert f"{len(found.exact)} byte" in text_of(answer.tree.root)


async def test_an_item_without_bytes_of_its_own_says_that_it_is_canonical(desk: Desk) -> None:
    """What is not shown as it came is marked as such."""
    stray = json.dumps(message()).encode()
    await misread(desk.office, b'{"entry":[],"a":' + stray + b',"a":2,"a (repeated) 2":9}', {})
    assert "bentuk kanonik" in text_of((await desk.show("/quarantine/1")).root)


async def test_a_delivery_that_is_no_json_can_be_looked_at(desk: Desk) -> None:
    """Even bytes that nobody can read are shown, with what would hide or reorder them made visible."""
    await misread(desk.office, "bukan JSON \u202e\x01 \udcff".encode("utf-8", "surrogateescape"), {})
    tree = await desk.show("/quarantine/1")
    assert "bukan JSON [U+202E][U+0001] \ufffd" in text_of(tree.one("pre"))
    assert "seluruh kiriman" in text_of(tree.root)


async def test_the_banner_leads_there(desk: Desk) -> None:
    """Whoever may look is led there from the remark, and the remark can be taken down there."""
    await misread(desk.office, body("no object"), {})
    page = await desk.show("/quarantine")
    (banner,) = page.all("div", "banner")
    assert [a.get("href") for a in banner.iter("a")] == ["/quarantine"]
    answer = await desk.post("/notifications/quarantined/seen", back="/quarantine")
    assert (answer.status, answer.location) == (303, "/quarantine")
    assert not (await desk.show("/quarantine")).all("div", "banner")


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("lawyer", 200), ("assistant", 403)])
async def test_only_owner_and_lawyers_look_in(office: Office, role: str, status: int) -> None:
    """An assistant sees that something was set aside, but neither list nor content."""
    async with open_desk(office, role=role) as desk:  # type: ignore[arg-type]  # a role is data here
        await misread(office, body("no object"), {})
        for path in ("/quarantine", "/quarantine/1"):
            assert (await desk.get(path)).status == status
        (banner,) = (await desk.show("/inbox")).all("div", "banner")
        assert bool([*banner.iter("a")]) == (status == 200)


async def test_nobody_looks_in_without_signing_in(desk: Desk) -> None:
    """Without a session the way leads to the sign-in."""
    await desk.post("/logout")
    for path in ("/quarantine", "/quarantine/1"):
        assert (await desk.get(path)).location.startswith("/login")


async def test_what_was_applied_again_leaves_the_list_and_what_came_back_says_so(desk: Desk) -> None:
    """The page of an item that failed again tells when and by whom it was tried, and what it was before."""
    await misread(desk.office, body(message(type=None)), {FIRST: not_understood("a riddle")})
    await misread(desk.office, body(message(wamid="wamid.2")), {FIRST: not_understood()})
    await replay(desk.office).run(Choice())
    await work_off(desk.office)
    assert (await desk.get("/quarantine/2")).status == 404
    assert len((await desk.show("/quarantine")).all("li", "entry")) == 1
    said = text_of((await desk.show("/quarantine/1")).root)
    assert "Operator. Sebelumnya: unreadable: a riddle" in said


async def test_a_long_list_continues(desk: Desk) -> None:
    """Beyond the first fifty there is a way to the others, and none is shown twice."""
    await misread(desk.office, body(*(f"{n}" for n in range(60))), {})
    first = await desk.show("/quarantine")
    following = await desk.show(first.one("p", id="older").find("a").get("href"))  # type: ignore[union-attr, arg-type]  # the link is there
    ids = [li.get("id") for tree in (first, following) for li in tree.all("li", "entry")]
    assert len(ids) == len(set(ids)) == 60


async def test_an_empty_quarantine_says_so(desk: Desk) -> None:
    """When nothing lies there, the page says it."""
    assert "Karantina kosong." in text_of((await desk.show("/quarantine")).one("div", id="empty"))


async def test_a_large_item_is_shown_in_part(desk: Desk) -> None:
    """An item of megabytes costs no browser its life; the page says that there is more."""
    await misread(desk.office, body(message("x" * 1_000_000)), {FIRST: not_understood()})
    answer = await desk.get("/quarantine/1")
    assert len(answer.text) < 300_000
    assert "Hanya bagian awal" in answer.text


async def test_no_log_line_names_what_lies_there(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Looking at an item and having it applied again leave no word of it, nor a number, in the log."""
    caplog.set_level(logging.DEBUG, "wabridge")
    await misread(desk.office, body(message(CANARY)), {FIRST: not_understood()})
    await desk.show("/quarantine/1")
    await replay(desk.office).run(Choice())
    await work_off(desk.office)
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert said
    for private in (CANARY, ADA.phone or "", "wamid.1"):
        assert private not in said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("not JSON", reasons.REASONS["not JSON"]),
        ("cannot be filed: KeyError", "put into its conversation"),
        ("cannot be applied: KeyError", "taking effect"),
        ("no reader yet: security", "does not work with yet"),
        ("a reason of tomorrow", "could not understand or apply"),
    ],
)
def test_every_reason_has_words(said: str, words: str) -> None:
    """A reason is explained by its own words, its family's, or general ones."""
    assert words in reasons.reason(said)
