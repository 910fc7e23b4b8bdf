"""What can be done to one message from its bubble: answering it, reacting to it."""

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of
from tests.web.test_accidents import fields, in_box, reply_form
from tests.web.test_carried import submit
from wabridge.model.ids import MessageId
from wabridge.storage import outbox

PAGE = "/conversations/1"
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation in which somebody has asked something."""
    await receive(desk.office, "Kapan sidang saya?")
    return desk


async def reactions(desk: Desk) -> list[object]:
    """Return the emoji that were queued, None for one that takes an earlier one off."""
    query = "SELECT json_extract(content, '$.body.emoji') FROM message WHERE kind = 'reaction' ORDER BY id"
    return await column(desk.office.database, query)


async def test_a_double_press_is_one_reaction(asked: Desk) -> None:
    """The same button of the same page puts one emoji; the next page can put another."""
    first = fields(await asked.show(PAGE), "/messages/1/react")
    for _ in range(2):
        assert (await asked.post("/messages/1/react", **{**first, "emoji": "👍"})).location == PAGE + "#m1"
    second = fields(await asked.show(PAGE), "/messages/1/react")
    await asked.post("/messages/1/react", **{**second, "emoji": "🙏"})
    await asked.post("/messages/1/react", **{**second, "emoji": ""})
    assert await reactions(asked) == ["👍", "🙏", None]


@pytest.mark.parametrize("changed", [{"emoji": "ok"}, {"after": ""}, {"after": "-1"}, {"after": "x"}])
async def test_only_the_pages_own_reactions_are_taken(asked: Desk, changed: dict[str, str]) -> None:
    """Other words than the page's emoji, or a form without its place in the story, are a bad request."""
    answer = await asked.post("/messages/1/react", **{"emoji": "👍", "after": "0", **changed})
    assert (answer.status, await reactions(asked)) == (400, [])


async def test_a_reaction_outside_the_window_is_refused_with_its_reason(asked: Desk, fake_clock: FakeClock) -> None:
    """When the 24 hours are over nothing is offered, and an old page's button says why it does nothing."""
    form = fields(await asked.show(PAGE), "/messages/1/react")
    fake_clock.advance(25 * 3600)
    assert not (await asked.show(PAGE)).all("details", "react")
    answer = await asked.post("/messages/1/react", **{**form, "emoji": "👍"})
    assert (answer.status, await reactions(asked)) == (409, [])
    assert "sudah lewat 24 jam" in text_of(answer.tree.one("p", "refusal"))


async def test_a_reaction_that_failed_does_not_stand_but_is_shown(asked: Desk) -> None:
    """A reaction that WhatsApp refused is not under its message; it stands on its own, with its reason."""
    form = fields(await asked.show(PAGE), "/messages/1/react")
    await asked.post("/messages/1/react", **{**form, "emoji": "👍"})
    assert len((await asked.show(PAGE)).all("span", "reaction")) == 1
    failed = MessageId(2)
    await asked.office.database.write(lambda tx: outbox.set_failed(tx, failed, code=131009, details="no"))
    page = await asked.show(PAGE)
    assert not page.all("span", "reaction")
    assert "👍" in text_of(page.one("li", id="m2"))


async def test_what_is_answered_stands_above_the_box_and_comes_back_with_a_refusal(asked: Desk) -> None:
    """The chosen message is in the form, and still is when a newer message holds the answer up."""
    page = await asked.show(PAGE + "?quote=1")
    assert "Kapan sidang saya?" in text_of(page.one("div", id="quoting"))
    form = fields(page, PAGE + "/reply")
    await receive(asked.office, "Halo?")
    answer = await asked.post(PAGE + "/reply", **{**form, "text": "Senin."})
    assert answer.status == 409
    again = fields(answer.tree, PAGE + "/reply")
    assert again["quoted_id"] == "1"
    await asked.post(PAGE + "/reply", **{**again, "text": "Senin."})
    assert await column(asked.office.database, "SELECT count(*) FROM message WHERE quoted_wamid IS NOT NULL") == [1]


@pytest.mark.parametrize("quote", ["99", "x", "0", ""])
async def test_what_is_not_there_is_not_answered(asked: Desk, quote: str) -> None:
    """An address that names no message here shows the page without one."""
    assert not (await asked.show(f"{PAGE}?quote={quote}")).all("input", name="quoted_id")


async def test_what_still_waits_is_not_offered(asked: Desk) -> None:
    """A message of ours that WhatsApp has not taken can be neither answered nor reacted to."""
    await asked.post(PAGE + "/reply", **{**await reply_form(asked), "text": "Senin."})
    page = await asked.show(PAGE)
    assert not page.one("li", id="m2").findall(".//button[@class='answer-this']")
    assert page.one("li", id="m1").findall(".//button[@class='answer-this']")


async def test_choosing_what_is_answered_keeps_what_is_written(asked: Desk) -> None:
    """Without script the text goes along: it stands in the box again, and once more when the choice is undone."""
    form = {**await reply_form(asked), "text": "Hari <Senin>,\npukul 9."}
    chosen = await asked.post(PAGE + "/quote", **{**form, "quote": "1"})
    assert (chosen.status, in_box(chosen.tree)) == (200, form["text"])
    again = fields(chosen.tree, PAGE + "/reply")
    assert (again["quoted_id"], again["form_token"]) == ("1", form["form_token"])
    let_go = await asked.post(PAGE + "/quote", **{**again, "text": form["text"], "quote": ""})
    assert in_box(let_go.tree) == form["text"]
    assert "quoted_id" not in fields(let_go.tree, PAGE + "/reply")
    assert await column(asked.office.database, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [0]


async def test_choosing_what_is_answered_keeps_the_chosen_file(asked: Desk) -> None:
    """A file that had been chosen already waits beside the box, as one of a refused answer does."""
    form = {**await reply_form(asked), "text": "Terlampir."}
    chosen = await submit(asked, PAGE + "/quote", form, file=PDF, last={"quote": "1"})
    assert (chosen.status, in_box(chosen.tree)) == (200, "Terlampir.")
    assert fields(chosen.tree, PAGE + "/reply")["quoted_id"] == "1"
    assert "surat.pdf" in text_of(chosen.tree.one("fieldset", "waiting-files"))
