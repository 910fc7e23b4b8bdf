"""Sending every kind of message through the API."""

from typing import Any

import pytest

from tests.arrivals import BUDI, column
from tests.outbound import hear_from
from tests.web.served import Served
from tests.web.test_api import ask, hear

TO = {"to": "+62 812-3456-7890"}

SENT: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    (
        "place",
        {"content": {"type": "location", "latitude": -6.2, "longitude": 106.8, "name": " Kantor "}},
        "location",
        {"type": "location", "latitude": -6.2, "longitude": 106.8, "name": "Kantor", "address": None, "link": None},
    ),
    (
        "buttons",
        {"text": "Jadi?", "content": {"type": "buttons", "buttons": [{"title": "Ya"}], "header": {"text": "Janji"}}},
        "interactive",
        {
            "type": "buttons",
            "buttons": [{"button_id": "1", "title": "Ya"}],
            "header": {"kind": "text", "text": "Janji", "file_name": None, "place": None},
            "footer": None,
        },
    ),
    (
        "list",
        {
            "text": "Kapan?",
            "content": {"type": "menu", "label": "Pilih", "sections": [{"rows": [{"title": "Pagi"}]}], "footer": "WIB"},
        },
        "interactive",
        {
            "type": "menu",
            "label": "Pilih",
            "sections": [{"rows": [{"row_id": "Pagi", "title": "Pagi", "description": None}], "title": None}],
            "header": None,
            "footer": "WIB",
        },
    ),
    (
        "link",
        {"text": "Lihat", "content": {"type": "link_button", "label": "Buka", "url": "https://kantor.example/7"}},
        "interactive",
        {"type": "link_button", "label": "Buka", "url": "https://kantor.example/7", "header": None, "footer": None},
    ),
    ("number", {"text": "Nomor?", "content": {"type": "number_request"}}, "interactive", {"type": "number_request"}),
    (
        "where",
        {"text": "Di mana?", "content": {"type": "location_request"}},
        "interactive",
        {"type": "location_request"},
    ),
]


@pytest.mark.parametrize(("asked", "kind", "shown"), [case[1:] for case in SENT], ids=[case[0] for case in SENT])
async def test_every_kind_is_queued_and_shown_as_the_same_noun(
    served: Served, asked: dict[str, Any], kind: str, shown: dict[str, Any]
) -> None:
    """What is sent in our words is shown in the same words."""
    await hear(served)
    status, message = await ask(served, "POST", "/messages", headers=await served.bearer(), json=TO | asked)
    assert (status, message["kind"], message["content"]) == (202, kind, shown)


async def test_cards_are_written_out_or_made_of_contacts(served: Served) -> None:
    """A card that is written out and one of a contact go together; the contact's has its name and number."""
    await hear(served)
    await hear_from(served.office, BUDI)
    content = {
        "type": "cards",
        "cards": [{"name": "Grace", "phones": [{"number": "+62 811-1", "label": "WORK"}]}],
        "contact_ids": [2],
    }
    asked = TO | {"content": content}
    status, message = await ask(served, "POST", "/messages", headers=await served.bearer(), json=asked)
    cards = message["content"]["cards"]
    assert (status, [card["name"] for card in cards]) == (202, ["Grace", "Budi Contoh"])
    assert cards[1]["phones"][0]["whatsapp"] == BUDI.phone


async def test_a_message_is_answered_and_reacted_to(served: Served) -> None:
    """`quoted_id` names the message that is answered, a reaction the one it stands under."""
    await hear(served)
    headers = await served.bearer()
    status, message = await ask(served, "POST", "/messages", headers=headers, json=TO | {"text": "Ya", "quoted_id": 1})
    assert (status, message["quoted_id"]) == (202, 1)
    reaction = {"content": {"type": "reaction", "message_id": 1, "emoji": "👍"}}
    assert (await ask(served, "POST", "/messages", headers=headers, json=TO | reaction))[0] == 202
    _, shown = await ask(served, "GET", "/messages/1", headers=headers)
    assert [each["content"]["emoji"] for each in shown["reactions"]] == ["👍"]
    taken_off = {"content": {"type": "reaction", "message_id": 1, "emoji": None}}
    assert (await ask(served, "POST", "/messages", headers=headers, json=TO | taken_off))[0] == 202
    assert (await ask(served, "GET", "/messages/1", headers=headers))[1]["reactions"] == []


async def test_what_meta_does_not_know_is_not_answered(served: Served) -> None:
    """A message that still waits cannot be quoted: 409 with a reason."""
    await hear(served)
    headers = await served.bearer()
    _, first = await ask(served, "POST", "/messages", headers=headers, json=TO | {"text": "Satu"})
    asked = TO | {"text": "Dua", "quoted_id": first["id"]}
    status, problem = await ask(served, "POST", "/messages", headers=headers, json=asked)
    assert (status, problem["reason"]) == (409, "not_referable")


async def test_what_does_not_fit_is_named(served: Served) -> None:
    """422 says in a sentence and for programs what is too long, where and by how much, and nothing is queued."""
    await hear(served)
    titles = [{"title": "x" * 25}, {"title": "Ya"}, {"title": "Ya"}]
    asked = TO | {"text": "Jadi?", "content": {"type": "buttons", "buttons": titles}}
    status, problem = await ask(served, "POST", "/messages", headers=await served.bearer(), json=asked)
    assert (status, problem["reason"]) == (422, "unfit")
    assert problem["detail"] == (
        "Button 1: 25 characters; WhatsApp takes at most 20. Button 3: the same is written twice."
    )
    assert problem["flaws"][0] == {
        "place": "button_title",
        "problem": "too_long",
        "number": 1,
        "actual": 25,
        "limit": 20,
    }
    assert await column(served.office.database, "SELECT count(*) FROM message") == [1]


async def test_a_long_text_goes_in_parts_only_if_asked(served: Served) -> None:
    """Without consent a long text is refused with the number of parts; with it each part is a message, once per key."""
    await hear(served)
    headers = await served.bearer()
    text = "\n\n".join("Pasal. " * 200 for _ in range(5))
    status, problem = await ask(served, "POST", "/messages", headers=headers, json=TO | {"text": text})
    assert (status, problem["reason"], problem["parts"]) == (422, "text_too_long", 3)
    asked = TO | {"text": text, "in_parts": True, "quoted_id": 1}
    keyed = headers | {"Idempotency-Key": "long-1"}
    status, first = await ask(served, "POST", "/messages", headers=keyed, json=asked)
    assert (status, len(first["further_ids"])) == (202, 2)
    _, again = await ask(served, "POST", "/messages", headers=keyed, json=asked)
    assert (again["id"], again["further_ids"]) == (first["id"], first["further_ids"])
    parts = [first] + [(await ask(served, "GET", f"/messages/{i}", headers=headers))[1] for i in first["further_ids"]]
    assert "".join("".join(part["text"] for part in parts).split()) == "".join(text.split())
    assert [part["quoted_id"] for part in parts] == [1, None, None]
    assert [part["part_of"] for part in parts] == [None, first["id"], first["id"]]
    assert await column(served.office.database, "SELECT count(*) FROM message") == [4]


@pytest.mark.parametrize(
    "asked",
    [
        {"content": {"type": "location", "latitude": -6.2, "longitude": 106.8, "colour": "red"}},
        {"content": {"type": "location", "latitude": "-6.2", "longitude": 106.8}},
        {"content": {"type": "buttons", "buttons": [{"title": "Ya", "url": "https://x.test"}]}, "text": "Jadi?"},
        {"content": {"type": "poll"}},
        {"content": {"latitude": -6.2, "longitude": 106.8}},
        {"content": {"type": "reaction", "emoji": "👍"}},
        {"text": 5},
        {"text": "Halo", "preview_url": True},
        {"text": "Halo", "quoted_id": 0},
        {},
    ],
)
async def test_unknown_keys_and_shapes_are_refused(served: Served, asked: dict[str, Any]) -> None:
    """A key that nobody knows, a wrong type or nothing at all is 422 with a sentence."""
    await hear(served)
    status, problem = await ask(served, "POST", "/messages", headers=await served.bearer(), json=TO | asked)
    assert (status, bool(problem["detail"])) == (422, True)


async def test_a_contact_that_is_not_there_is_not_shared(served: Served) -> None:
    """A card of nobody is 404, before anything is queued."""
    await hear(served)
    asked = TO | {"content": {"type": "cards", "contact_ids": [99]}}
    assert (await ask(served, "POST", "/messages", headers=await served.bearer(), json=asked))[0] == 404
