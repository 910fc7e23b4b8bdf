"""What the pretend Meta takes and refuses of every type that can be sent (cloud-api 5.2)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, any_body, text_body
from tests.sandbox.test_talk import BUTTONS, LIST
from wabridge.sandbox import validation
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.validation import Send

LINK: dict[str, Any] = {
    "type": "cta_url",
    "body": {"text": "Lihat"},
    "action": {"name": "cta_url", "parameters": {"display_text": "Buka", "url": "https://t.test/77"}},
}
NUMBER = {
    "type": "request_contact_info",
    "body": {"text": "Nomor Anda?"},
    "action": {"name": "request_contact_info"},
}
PLACE = {"type": "location_request_message", "body": {"text": "Di mana?"}, "action": {"name": "send_location"}}
CARD = {"name": {"formatted_name": "Grace Example", "first_name": "Grace"}}
FULL_CARD = {
    **CARD,
    "phones": [{"phone": "+62 811-1", "type": "WORK", "wa_id": "62811"}],
    "emails": [{"email": "g@example.test", "type": "WORK"}],
    "urls": [{"url": "https://example.test"}],
    "addresses": [{"street": "Jl. Melati 2"}],
    "org": {"company": "PT Contoh"},
    "birthday": "1999-01-23",
}
REPLY: Any = BUTTONS["action"]["buttons"]  # type: ignore[index]  # it is a dict
PARAMETER = {"type": "text", "text": "Ada"}
NAMED = {"type": "text", "parameter_name": "nama", "text": "Ada"}
BUTTON = {
    "type": "button",
    "sub_type": "quick_reply",
    "index": "0",
    "parameters": [{"type": "payload", "payload": "ya"}],
}


def template(*components: Any, **changes: Any) -> Any:
    """Return a template part."""
    part: dict[str, Any] = {"name": "sidang", "language": {"code": "id"}}
    return part | ({"components": list(components)} if components else {}) | changes


def buttons(*replies: Any, **changes: Any) -> Any:
    """Return reply buttons with these replies."""
    return {**BUTTONS, "action": {"buttons": [{"type": "reply", "reply": reply} for reply in replies]}, **changes}


def rows(count: int, sections: int = 1) -> Any:
    """Return a list of so many rows in each of so many sections."""
    return {
        **LIST,
        "action": {
            "button": "Pilih",
            "sections": [
                {"title": f"S{s}", "rows": [{"id": f"{s}.{n}", "title": "x"} for n in range(count)]}
                for s in range(sections)
            ],
        },
    }


GOOD: list[tuple[str, Any]] = [
    ("image", {"link": "https://files.example/a.jpg", "caption": "x" * 1024}),
    ("video", {"link": "https://files.example/a.mp4"}),
    ("document", {"link": "https://files.example/a.pdf", "filename": "kuasa.pdf", "caption": "Kuasa"}),
    ("audio", {"link": "https://files.example/a.ogg", "voice": True}),
    ("sticker", {"link": "https://files.example/a.webp"}),
    ("location", {"latitude": -6.2, "longitude": 106, "name": "Kantor", "address": "Jl. Sudirman 1"}),
    ("location", {"latitude": "-6.2088", "longitude": "106"}),
    ("contacts", [CARD, FULL_CARD]),
    ("interactive", {**BUTTONS, "header": {"type": "image", "image": {"id": "7"}}, "footer": {"text": "x" * 60}}),
    ("interactive", rows(1, sections=10)),
    ("interactive", {**LIST, "header": {"type": "text", "text": "x" * 60}, "body": {"text": "x" * 4096}}),
    ("interactive", LINK),
    ("interactive", NUMBER),
    ("interactive", PLACE),
]

TEMPLATES: list[Any] = [
    template(),
    template({"type": "body", "parameters": [NAMED]}, BUTTON, {**BUTTON, "index": "1"}),
    template({"type": "header", "parameters": [{"type": "document", "document": {"id": "7", "filename": "a.pdf"}}]}),
    template(
        {"type": "header", "parameters": [{"type": "location", "location": {"latitude": 0, "longitude": 0}}]},
        {
            "type": "button",
            "sub_type": "copy_code",
            "index": "0",
            "parameters": [{"type": "coupon_code", "coupon_code": "77"}],
        },
    ),
]

WRONG: list[tuple[str, str, Any, int]] = [
    ("file without id", "image", {}, 131009),
    ("file with id and link", "image", {"id": "1", "link": "https://a.test"}, 131009),
    ("media id that is a number", "image", {"id": 1003}, 131009),
    ("long caption", "image", {"id": "1", "caption": "x" * 1025}, 100),
    ("empty caption", "image", {"id": "1", "caption": ""}, 131009),
    ("caption of a sound", "audio", {"id": "1", "caption": "Halo"}, 100),
    ("name of a picture", "image", {"id": "1", "filename": "a.jpg"}, 100),
    ("voice that is no boolean", "audio", {"id": "1", "voice": "true"}, 131009),
    ("file that is null", "sticker", None, 131009),
    ("place without longitude", "location", {"latitude": 1}, 131008),
    ("place off the globe", "location", {"latitude": 91, "longitude": 0}, 131009),
    ("coordinates in words", "location", {"latitude": "satu", "longitude": "1"}, 131009),
    ("coordinates with an exponent", "location", {"latitude": "1e1", "longitude": "1"}, 131009),
    ("coordinates in a text off the globe", "location", {"latitude": "91", "longitude": "0"}, 131009),
    ("nameless place with a name", "location", {"latitude": 1, "longitude": 1, "name": ""}, 131009),
    ("no cards", "contacts", [], 131009),
    ("258 cards", "contacts", [CARD] * 258, 131009),
    ("card with only the whole name", "contacts", [{"name": {"formatted_name": "Grace"}}], 131008),
    ("card without the whole name", "contacts", [{"name": {"first_name": "G", "last_name": "E"}}], 131008),
    ("card without a name", "contacts", [{"phones": [{"phone": "1"}]}], 131008),
    ("card with a phone of nothing", "contacts", [{**CARD, "phones": [{"type": "WORK"}]}], 131008),
    ("card with an empty address", "contacts", [{**CARD, "addresses": [{}]}], 131008),
    ("card with a null", "contacts", [{**CARD, "emails": None}], 131009),
    ("card with a strange birthday", "contacts", [{**CARD, "birthday": "23-01-99"}], 131009),
    ("reaction of words", "reaction", {"message_id": "wamid.X", "emoji": "ok"}, 131009),
    ("reaction without emoji", "reaction", {"message_id": "wamid.X"}, 131009),
    ("reaction to nothing", "reaction", {"emoji": ""}, 131008),
    ("interactive that is null", "interactive", None, 131009),
    ("interactive that is a list", "interactive", [], 131009),
    ("interactive of another kind", "interactive", {**BUTTONS, "type": "flow"}, 131009),
    ("unknown key", "interactive", {**BUTTONS, "colour": "red"}, 100),
    ("long words over buttons", "interactive", {**BUTTONS, "body": {"text": "x" * 1025}}, 100),
    ("no words over buttons", "interactive", {**BUTTONS, "body": None}, 131009),
    ("no buttons", "interactive", buttons(), 131009),
    ("four buttons", "interactive", {**BUTTONS, "action": {"buttons": REPLY * 2}}, 131009),
    ("equal titles", "interactive", buttons({"id": "1", "title": "Ya"}, {"id": "2", "title": "Ya"}), 131009),
    ("equal ids", "interactive", buttons({"id": "1", "title": "Ya"}, {"id": "1", "title": "Tidak"}), 131009),
    ("long title", "interactive", buttons({"id": "1", "title": "x" * 21}), 100),
    ("long id", "interactive", buttons({"id": "x" * 257, "title": "Ya"}), 100),
    ("button that is no reply", "interactive", {**BUTTONS, "action": {"buttons": [{"reply": {}}]}}, 131009),
    ("button that is a text", "interactive", {**BUTTONS, "action": {"buttons": ["a"]}}, 131009),
    ("long footer", "interactive", {**BUTTONS, "footer": {"text": "x" * 61}}, 100),
    ("empty footer", "interactive", {**BUTTONS, "footer": {"text": ""}}, 131009),
    ("long header", "interactive", {**BUTTONS, "header": {"type": "text", "text": "x" * 61}}, 100),
    ("picture over a list", "interactive", {**LIST, "header": {"type": "image", "image": {"id": "7"}}}, 131009),
    ("eleven rows", "interactive", rows(11), 131009),
    ("eleven rows in sections", "interactive", rows(1, sections=11), 131009),
    ("twelve rows in two sections", "interactive", rows(6, sections=2), 131009),
    (
        "two sections without titles",
        "interactive",
        {
            **LIST,
            "action": {
                "button": "Pilih",
                "sections": [{"rows": [{"id": str(n), "title": "x"}]} for n in range(2)],
            },
        },
        131008,
    ),
    ("link without address", "interactive", {**LINK, "action": {**LINK["action"], "parameters": {}}}, 131008),
    (
        "link to nowhere",
        "interactive",
        {**LINK, "action": {**LINK["action"], "parameters": {"display_text": "Buka", "url": "t.test"}}},
        131009,
    ),
    ("header over a question", "interactive", {**NUMBER, "header": {"type": "text", "text": "A"}}, 131009),
    ("footer under a question", "interactive", {**PLACE, "footer": {"text": "A"}}, 131009),
    ("question by its old name", "interactive", {**NUMBER, "action": {"name": "contact_request"}}, 131009),
    ("template with capitals", "template", template(name="Sidang"), 131009),
    ("template in no language", "template", template(language={"code": "ID"}), 131009),
    ("template without components", "template", template(components=[]), 131009),
    ("component of another type", "template", template({"type": "footer", "parameters": [PARAMETER]}), 131009),
    ("component without parameters", "template", template({"type": "body", "parameters": []}), 131009),
    ("two bodies", "template", template(*[{"type": "body", "parameters": [PARAMETER]}] * 2), 131009),
    ("named beside unnamed", "template", template({"type": "body", "parameters": [PARAMETER, NAMED]}), 132012),
    (
        "line break",
        "template",
        template({"type": "body", "parameters": [{"type": "text", "text": "a\nb"}]}),
        132012,
    ),
    (
        "picture in the body",
        "template",
        template({"type": "body", "parameters": [{"type": "image", "image": {"id": "7"}}]}),
        131009,
    ),
    ("index that is a number", "template", template({**BUTTON, "index": 0}), 131009),
    ("button of another type", "template", template({**BUTTON, "sub_type": "phone_number"}), 131009),
    ("button with another value", "template", template({**BUTTON, "parameters": [PARAMETER]}), 100),
]


@pytest.mark.parametrize(("kind", "part"), GOOD)
def test_every_type_is_taken(kind: str, part: Any) -> None:
    """A body within all limits is taken as what it is; whether its file or template is there is looked at later."""
    read = validation.parse(json.dumps(any_body(kind, part)).encode(), "application/json", own_number="6221")
    assert isinstance(read, Send)
    assert read.kind == kind


async def test_a_header_names_a_file_that_is_there_and_of_its_kind(meta: PretendMeta, office: Office) -> None:
    """The file above buttons is shown on the phone; one that is not known, or of another kind, is refused."""
    picture, letter = meta.files.keep(b"x", "image/jpeg"), meta.files.keep(b"x", "application/pdf")
    for media_id, code in ((picture.media_id, None), (letter.media_id, 131053), ("7", 131009)):
        header = {"type": "image", "image": {"id": media_id}}
        _, said = await office.send(any_body("interactive", {**BUTTONS, "header": header}))
        assert said.get("error", {}).get("code") == code
    assert [each.bubble.file for each in meta.accepted] == [picture]


@pytest.mark.parametrize("part", TEMPLATES)
async def test_every_form_of_a_template_is_understood(meta: PretendMeta, office: Office, part: Any) -> None:
    """A template of a right form is looked up: what is refused of it is that nobody knows it, and no violation."""
    status, said = await office.send(any_body("template", part))
    assert (status, said["error"]["code"], meta.violations) == (404, 132001, [])


@pytest.mark.parametrize(("kind", "part", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
async def test_a_wrong_part_is_refused_and_noted(
    meta: PretendMeta, office: Office, kind: str, part: Any, code: int
) -> None:
    """What breaks one of Meta's rules is refused with its code and noted as a violation."""
    status, said = await office.send(any_body(kind, part))
    assert (status, said["error"]["code"], len(meta.violations)) == (400, code, 1), said


async def test_a_part_must_be_there_and_alone(meta: PretendMeta, office: Office) -> None:
    """The object that the type names must be there, and no other type's beside it."""
    body = any_body("image", {"id": "7"})
    del body["image"]
    assert (await office.send(body))[1]["error"]["code"] == 131008
    assert (await office.send(any_body("image", {"id": "7"}) | {"text": {"body": "Halo"}}))[1]["error"]["code"] == 100
    both = text_body(recipient=meta.handset(PHONE).person.user_id)
    assert (await office.send(both))[1]["error"]["code"] == 131009


async def test_the_office_reacts_under_a_message(meta: PretendMeta, office: Office) -> None:
    """A reaction stands under its message, is reported as sent and no more, and goes with an empty one."""
    wamid = meta.client_writes(PHONE, "Sri", "Halo")
    await office.send(any_body("reaction", {"message_id": wamid, "emoji": "👍"}))
    await meta.drain()
    handset = meta.handset(PHONE)
    bubble = handset.find(wamid)
    assert bubble is not None
    assert (bubble.office_reaction, [each.is_from_office for each in handset.bubbles]) == ("👍", [False])
    assert office.words(meta.accepted[0].wamid) == ["sent"]
    await office.send(any_body("reaction", {"message_id": wamid, "emoji": ""}))
    assert bubble.office_reaction == ""
    quoting = any_body("reaction", {"message_id": wamid, "emoji": ""}, context={"message_id": wamid})
    assert (await office.send(quoting))[1]["error"]["code"] == 131009


@pytest.mark.parametrize("lost", ["unknown", "old", "deleted", "reaction"])
async def test_a_reaction_to_what_is_not_there_fails(meta: PretendMeta, office: Office, lost: str) -> None:
    """It is taken and fails afterwards: to a message that is unknown, too old, deleted, or a reaction itself."""
    wamid, handset = meta.client_writes(PHONE, "Sri", "Halo"), meta.handset(PHONE)
    (bubble,) = handset.bubbles
    if lost == "unknown":
        wamid = "wamid.NOBODY"
    elif lost == "old":
        bubble.at -= timedelta(days=30)
    elif lost == "deleted":
        bubble.is_revoked = True
    else:
        _, said = await office.send(any_body("reaction", {"message_id": wamid, "emoji": "👍"}))
        wamid = said["messages"][0]["id"]
    standing = bubble.office_reaction
    status, _ = await office.send(any_body("reaction", {"message_id": wamid, "emoji": "🙏"}))
    await meta.drain()
    (failed,) = [each for each in office.values("statuses") if each["status"] == "failed"]
    assert (status, failed["id"], failed["errors"][0]["code"]) == (200, meta.accepted[-1].wamid, 131009)
    assert bubble.office_reaction == standing
    assert meta.violations == []


@pytest.mark.parametrize(("question", "kind"), [(NUMBER, "contacts"), (PLACE, "location")])
async def test_questions_are_answered_with_what_they_ask_for(
    meta: PretendMeta, office: Office, question: Any, kind: str
) -> None:
    """The question for a number brings a card that was asked for, the one for a place a location."""
    await office.send(any_body("interactive", question))
    bubble = meta.accepted[0].bubble
    meta.talk.choose(meta.handset(PHONE), bubble, bubble.choices[0])
    await meta.drain()
    answer = office.values("messages")[-1]
    assert (answer["type"], answer["context"]["id"]) == (kind, bubble.wamid)
    assert kind != "contacts" or answer["contacts"][0]["origin"] == "contact_request"


async def test_who_is_typing_is_shown_with_the_blue_ticks(office: Office, meta: PretendMeta) -> None:
    """A typing indicator goes with mark-as-read, and only in Meta's form."""
    wamid = meta.client_writes(PHONE, "Sri", "Halo")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    assert (await office.send({**body, "typing_indicator": {"type": "text"}}))[0] == 200
    for wrong in (None, {}, {"type": "audio"}, {"type": "text", "seconds": 25}):
        assert (await office.send({**body, "typing_indicator": wrong}))[0] == 400
