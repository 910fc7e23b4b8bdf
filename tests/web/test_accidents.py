"""What must not happen by accident: a double send, an answer past a newer message, a text that cannot be taken back."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.web.desk import Desk, open_desk, receive
from tests.web.parsed import Tree, text_of
from wabridge.core.office import Office

PAGE = "/conversations/1"
DRAFT = 'Baik, "Ibu".\n  Sampai <besok>.'


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation in which somebody has asked something."""
    await receive(desk.office, "Kapan sidang saya?")
    return desk


async def sent(office: Office) -> list[object]:
    """Return what the office has queued and not withdrawn."""
    query = "SELECT text FROM message WHERE direction = 'outbound' AND status <> 'cancelled' ORDER BY id"
    return await column(office.database, query)


async def reply_form(desk: Desk) -> dict[str, str]:
    """Return the hidden fields of the reply form as the page has them now."""
    form = (await desk.show(PAGE)).one("form", id="reply")
    return {each.get("name", ""): each.get("value", "") for each in form.iter("input")}


def fields(page: Tree, action: str) -> dict[str, str]:
    """Return the hidden fields of a form on a page that was answered."""
    return {each.get("name", ""): each.get("value", "") for each in page.one("form", action=action).iter("input")}


def in_box(page: Tree) -> str:
    """Return what stands in the reply box."""
    return page.one("textarea", id="text").text or ""


async def test_a_newer_message_is_shown_before_anything_is_sent(asked: Desk) -> None:
    """The person wrote again while somebody was writing: nothing goes, the newer words stand there, the text stays."""
    form = await reply_form(asked)
    await receive(asked.office, "Maaf, jangan dibalas dulu.")
    answer = await asked.post(PAGE + "/reply", **{**form, "text": DRAFT})
    assert answer.status == 409
    assert in_box(answer.tree) == DRAFT
    assert "menulis lagi ketika Anda sedang menulis" in text_of(answer.tree.one("p", "refusal"))
    assert "Maaf, jangan dibalas dulu." in text_of(answer.tree.one("ol", "newer"))
    assert await sent(asked.office) == []
    again = await asked.post(PAGE + "/reply", **{**fields(answer.tree, PAGE + "/reply"), "text": DRAFT})
    assert again.status == 303
    assert await sent(asked.office) == [DRAFT]


async def test_a_second_try_after_a_storage_fault_asks_as_well(asked: Desk) -> None:
    """The page that keeps the text while nothing can be stored remembers what its writer had seen."""
    form, database = await reply_form(asked), asked.office.database
    await database.write(lambda tx: tx.run("PRAGMA query_only = 1"))
    answer = await asked.post(PAGE + "/reply", **{**form, "text": "a" * 4000})
    assert answer.status == 503
    kept = fields(answer.tree, PAGE + "/reply")
    assert kept["form_token"] == form["form_token"]
    await database.write(lambda tx: tx.run("PRAGMA query_only = 0"))
    await receive(asked.office, "Maaf, jangan dibalas dulu.")
    assert (await asked.post(PAGE + "/reply", **{**kept, "text": DRAFT})).status == 409
    assert await sent(asked.office) == []


async def test_what_we_wrote_ourselves_asks_nothing(asked: Desk) -> None:
    """Two answers in a row, from the page as it was before: both go."""
    form = await reply_form(asked)
    await asked.post(PAGE + "/reply", **{**form, "text": "Satu"})
    answer = await asked.post(PAGE + "/reply", **{**form, "text": "Dua", "form_token": "another"})
    assert answer.status == 303
    assert await sent(asked.office) == ["Satu", "Dua"]


async def test_two_tabs_and_the_back_button_send_what_was_written_once(asked: Desk) -> None:
    """Each drawn form sends once: pressed in one tab, again after going back, and both at once."""
    form = {**await reply_form(asked), "text": "Sekali saja"}
    other = {**await reply_form(asked), "text": "Dari jendela lain"}
    answers = await asyncio.gather(*(asked.post(PAGE + "/reply", **each) for each in (form, form, other, form)))
    assert {answer.status for answer in answers} == {303}
    assert (await asked.post(PAGE + "/reply", **form)).status == 303
    assert sorted(map(str, await sent(asked.office))) == ["Dari jendela lain", "Sekali saja"]


async def test_a_form_sent_again_after_a_newer_message_stays_one_message(asked: Desk) -> None:
    """It went out; the same form once more gets the same answer, although the person has written since."""
    form = {**await reply_form(asked), "text": "Sekali saja"}
    await asked.post(PAGE + "/reply", **form)
    await receive(asked.office, "Terima kasih")
    assert (await asked.post(PAGE + "/reply", **form)).status == 303
    assert await sent(asked.office) == ["Sekali saja"]


@pytest.mark.parametrize("path", [PAGE + "/reply", "/messages/2/undo", "/messages/2/resend", "/messages/2/close"])
async def test_the_address_of_an_answer_can_be_loaded_anew(asked: Desk, path: str) -> None:
    """A phone that wakes the tab up finds the conversation, not an error."""
    await asked.post(PAGE + "/reply", text="Baik", form_token="t")
    answer = await asked.get(path)
    assert (answer.status, answer.location.partition("#")[0]) == (303, PAGE)


@pytest.fixture
async def pausing(office: Office, fake_clock: FakeClock) -> Any:
    """A desk in an office with ten seconds for second thoughts."""
    settings = replace(office.settings, office=replace(office.settings.office, undo_seconds=10))
    async with open_desk(replace(office, settings=settings)) as desk:
        await receive(desk.office, "Kapan sidang saya?")
        yield desk


async def test_an_answer_can_be_taken_back_into_its_box(pausing: Desk) -> None:
    """Within the pause one press withdraws it; its text is in the box again, before what stood there."""
    assert (await pausing.post(PAGE + "/reply", **{**await reply_form(pausing), "text": "Kamis."})).status == 303
    page = await pausing.show(PAGE)
    assert "masih dapat ditarik sampai 12.00.10" in text_of(page.one("p", "undoing"))
    (button,) = [each for each in page.all("button") if "undo" in each.get("formaction", "")]
    assert (button.get("form"), button.get("formaction")) == ("reply", "/messages/2/undo")
    answer = await pausing.post("/messages/2/undo", **{**await reply_form(pausing), "text": "Oh ya,"})
    assert answer.status == 200
    assert in_box(answer.tree) == "Kamis.\n\nOh ya,"
    assert await sent(pausing.office) == []


async def test_a_text_in_parts_is_taken_back_as_a_whole(pausing: Desk) -> None:
    """One press on any part withdraws them all: half of what somebody wanted back does not leave."""
    long = "\n\n".join(letter * 3000 for letter in "abc")
    form = {**await reply_form(pausing), "text": long, "in_parts": "1"}
    assert (await pausing.post(PAGE + "/reply", **form)).status == 303
    assert len(await sent(pausing.office)) == 3
    answer = await pausing.post("/messages/3/undo", **{**await reply_form(pausing), "text": ""})
    assert (answer.status, in_box(answer.tree)) == (200, long)
    assert await sent(pausing.office) == []


async def test_after_the_pause_there_is_nothing_to_take_back(pausing: Desk, fake_clock: FakeClock) -> None:
    """When it has been handed over the press is refused, and what is being written stays."""
    await pausing.post(PAGE + "/reply", **{**await reply_form(pausing), "text": "Kamis."})
    fake_clock.advance(11)
    assert not (await pausing.show(PAGE)).all("p", "undoing")
    await pausing.office.database.write(lambda tx: tx.run("UPDATE message SET status = 'sent' WHERE id = 2"))
    answer = await pausing.post("/messages/2/undo", **{**await reply_form(pausing), "text": "Oh ya,"})
    assert answer.status == 409
    assert in_box(answer.tree) == "Oh ya,"
