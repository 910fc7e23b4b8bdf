"""The small forms beside the reply box."""

import json
from typing import Any

import pytest

from tests.arrivals import BUDI, column
from tests.clocks import FakeClock
from tests.outbound import hear_from
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of
from tests.web.test_accidents import fields
from wabridge.model.event import Person
from wabridge.web.compose_drafts import READERS, read_sections
from wabridge.web.compose_words import FORMS

PAGE = "/conversations/1"


@pytest.fixture
async def asked(desk: Desk) -> Desk:
    """A desk with one conversation in which somebody has asked something."""
    await receive(desk.office, "Kapan sidang saya?")
    return desk


async def bodies(desk: Desk) -> list[Any]:
    """Return what was queued beside text."""
    rows = await column(desk.office.database, "SELECT content FROM message WHERE direction = 'outbound' ORDER BY id")
    return [json.loads(row)["body"] for row in rows if isinstance(row, bytes)]


async def fill(desk: Desk, kind: str, **typed: str) -> Any:
    """Fill a small form in as a browser does, and press its button."""
    path = f"{PAGE}/send/{kind}"
    return await desk.post(path, **{**fields(await desk.show(path), path), **typed})


def test_every_form_has_words_and_a_reader() -> None:
    """What the menu offers can be read, and nothing else is."""
    assert set(FORMS) == set(READERS)


async def test_the_menu_offers_every_form(asked: Desk) -> None:
    """Behind the plus stand templates, notices and every form; the question for a number only where none is known."""
    links = [link.get("href") for link in (await asked.show(PAGE)).one("details", "others").iter("a")]
    assert links == [
        f"{PAGE}/templates",
        f"{PAGE}/notices/new",
        *(f"{PAGE}/send/{kind}" for kind in FORMS if kind != "number"),
    ]
    await hear_from(asked.office, Person(user_id="ID.2000"))
    links = [link.get("href") for link in (await asked.show("/conversations/2")).one("details", "others").iter("a")]
    assert "/conversations/2/send/number" in links


SENT: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    (
        "location",
        {"coordinates": "-6.2, 106.8", "name": "Kantor"},
        {"type": "location", "latitude": -6.2, "name": "Kantor"},
    ),
    ("buttons", {"text": "Jadi?", "button1": "Ya", "button3": "Tidak", "header": "Janji"}, {"type": "buttons"}),
    (
        "list",
        {"text": "Kapan?", "label": "Pilih", "rows": "# Pagi\n09.00 | di kantor\n10.00"},
        {"type": "menu", "label": "Pilih"},
    ),
    (
        "link",
        {"text": "Lihat", "label": "Buka", "url": "https://kantor.example/7"},
        {"type": "link_button", "label": "Buka"},
    ),
    ("where", {}, {"type": "location_request"}),
    ("number", {}, {"type": "number_request"}),
    ("card", {"name": "Dewi", "phone": "0811-1", "email": "d@x.test"}, {"type": "cards"}),
]


@pytest.mark.parametrize(("kind", "typed", "said"), SENT, ids=[case[0] for case in SENT])
async def test_a_form_becomes_a_message(asked: Desk, kind: str, typed: dict[str, str], said: dict[str, Any]) -> None:
    """What is filled in is queued once, however often the button is pressed, and leads back to the conversation."""
    path = f"{PAGE}/send/{kind}"
    page = await asked.show(path)
    proposed = {each.get("name", ""): each.text or "" for each in page.all("textarea")}
    for _ in range(2):
        answer = await asked.post(path, **{**fields(page, path), **proposed, **typed})
        assert (answer.status, answer.location) == (303, f"{PAGE}#latest")
    (body,) = await bodies(asked)
    assert body.items() >= said.items()


async def test_a_number_that_is_known_brings_its_name(asked: Desk) -> None:
    """The card of a contact needs only the number: name and WhatsApp number come with it."""
    await hear_from(asked.office, BUDI)
    await fill(asked, "card", phone=f"+{BUDI.phone}")
    (body,) = await bodies(asked)
    assert body["cards"][0]["name"] == "Budi Contoh"
    assert body["cards"][0]["phones"][0]["whatsapp"] == BUDI.phone


async def test_what_does_not_fit_comes_back_with_what_was_typed(asked: Desk) -> None:
    """The form names what is too long and by how much, keeps everything, and sends after it is mended."""
    answer = await fill(asked, "buttons", text="Jadi?", button1="x" * 25, button2="Ya")
    assert answer.status == 422
    said = text_of(answer.tree.one("div", "refusal"))
    assert "Tombol 1: 25 karakter, padahal WhatsApp menerima paling banyak 20." in said
    again = fields(answer.tree, f"{PAGE}/send/buttons")
    assert (again["button1"], again["button2"], answer.tree.one("textarea", id="text").text) == (
        "x" * 25,
        "Ya",
        "Jadi?",
    )
    assert await bodies(asked) == []
    mended = await asked.post(f"{PAGE}/send/buttons", **{**again, "text": "Jadi?", "button1": "Tidak"})
    assert mended.status == 303


async def test_a_newer_message_holds_a_form_up(asked: Desk) -> None:
    """If the person wrote again meanwhile, it is shown first; pressed again, the form goes."""
    path = f"{PAGE}/send/where"
    form = fields(await asked.show(path), path)
    await receive(asked.office, "Saya sudah di kantor.")
    answer = await asked.post(path, **form, text="Di mana?")
    assert answer.status == 409
    assert "Saya sudah di kantor." in text_of(answer.tree.one("ol", "newer"))
    assert (await asked.post(path, **fields(answer.tree, path), text="Di mana?")).status == 303


async def test_outside_the_window_the_forms_lead_back(asked: Desk, fake_clock: FakeClock) -> None:
    """When the 24 hours are over no form opens, and one that was open says why it does nothing."""
    path = f"{PAGE}/send/where"
    form = fields(await asked.show(path), path)
    fake_clock.advance(25 * 3600)
    assert (await asked.get(path)).location == f"{PAGE}#latest"
    answer = await asked.post(path, **form, text="Di mana?")
    assert (answer.status, await bodies(asked)) == (409, [])
    assert "sudah lewat 24 jam" in text_of(answer.tree.one("div", "refusal"))


async def test_a_form_without_its_token_is_none(asked: Desk) -> None:
    """Without the token that makes it send once a form is a bad request, and an unknown form is not there."""
    assert (await asked.post(f"{PAGE}/send/where", text="Di mana?")).status == 400
    assert (await asked.get(f"{PAGE}/send/poll")).status == 404


def test_lines_of_a_list_are_read_as_people_write_them() -> None:
    """Blank lines count for nothing, a # begins a section, a bar parts title and description."""
    assert [
        (section.title, [(row.row_id, row.title, row.description) for row in section.rows])
        for section in read_sections("Satu\n\n# Dua \n Tiga | empat | lima\nEnam|\n#\nTujuh")
    ] == [
        (None, [("1", "Satu", None)]),
        ("Dua", [("2", "Tiga", "empat | lima"), ("3", "Enam", None)]),
        (None, [("4", "Tujuh", None)]),
    ]
    assert read_sections("") == ()
