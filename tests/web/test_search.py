"""Searching, as people and programs meet it."""

import json
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element

import pytest

from tests.arrivals import text_message
from tests.web.desk import Desk, open_desk, receive
from tests.web.parsed import text_of
from tests.web.served import Served
from wabridge.core.office import Office
from wabridge.model.event import Person

DEWI = Person(user_id="ID.1035577892", username="dewi.k", profile_name="Dewi <b>Kusuma</b>")


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner, whom somebody without a phone number has written to."""
    await receive(office, text_message("Sidang di Sleman <script>", sender=DEWI))
    async with open_desk(office) as opened:
        yield opened


def links(element: Element) -> list[str | None]:
    """Return where the links in an element lead."""
    return [link.get("href") for link in element.iter("a")]


async def test_the_inbox_has_the_form(desk: Desk) -> None:
    """Whoever looks for somebody begins where the conversations are; words never go into an address."""
    form = (await desk.show("/inbox")).one("form", "search")
    assert (form.get("method"), form.get("action")) == ("post", "/search")


async def test_a_person_without_a_number_is_found_on_the_page(desk: Desk) -> None:
    """Person and message are found, lead to their places, and nothing in them is markup."""
    answer = await desk.post("/search", words="dewi")
    assert answer.status == 200
    assert answer.tree.texts("span", "name") == ["Dewi <b>Kusuma</b>"]
    assert links(answer.tree.one("li", "template-line")) == ["/conversations/1#latest"]
    answer = await desk.post("/search", words="sleman")
    (hit,) = answer.tree.all("li", "template-line")
    assert links(hit) == ["/conversations/1?through=1#m1"]
    assert "Sidang di Sleman <script>" in text_of(hit)


async def test_what_does_not_fit_is_said(desk: Desk) -> None:
    """Nothing found is said in words, and an empty question shows the form again."""
    said = text_of((await desk.post("/search", words="zzz")).tree.one("main"))
    assert "Tidak ada yang cocok." in said
    assert "Tidak ada pesan yang cocok." in said
    assert (await desk.post("/search", words=" ")).tree.all("section", "found") == []
    assert (await desk.show("/search")).all("section", "found") == []


async def test_a_form_of_somebody_elses_finds_nothing(desk: Desk) -> None:
    """Another site cannot have this browser search."""
    assert (await desk.post("/search", words="dewi", csrf="x")).status == 403


async def test_more_messages_follow_on_a_page_of_their_own(desk: Desk) -> None:
    """The button at the foot shows what comes after, without the people."""
    await receive(desk.office, *(text_message(f"Perkara {number}", sender=DEWI) for number in range(26)))
    first = (await desk.post("/search", words="perkara")).tree
    fields = {field.get("name", ""): field.get("value", "") for field in first.one("form", "more").iter("input")}
    second = (await desk.post("/search", **fields)).tree
    assert len(first.all("li", "template-line")) == 25
    assert len(second.all("li", "template-line")) == 1
    assert len(second.all("section", "found")) == 1


async def test_a_program_finds_people_and_messages(served: Served) -> None:
    """The API answers with contacts and messages as its lists give them; odd questions are refused."""
    await receive(served.office, text_message("Sidang di Sleman", sender=DEWI))
    headers = await served.bearer()

    async def ask(**question: object) -> tuple[int, dict[str, object]]:
        answer = await served.call("POST", "/api/v1/search", json=question, headers=headers)
        return answer.status, json.loads(answer.body)

    status, found = await ask(words="dewi")
    assert status == 200
    assert [contact["id"] for contact in found["contacts"]] == [1]  # type: ignore[attr-defined]
    _, found = await ask(words="sleman", limit=1)
    assert [message["text"] for message in found["messages"]["items"]] == ["Sidang di Sleman"]  # type: ignore[index]
    assert (await ask(words=""))[0] == 422
    assert (await ask(words="a", cursor="x"))[0] == 400
    assert (await served.call("POST", "/api/v1/search", json={"words": "a"})).status == 401
