import json
from typing import Any

import pytest

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, any_body, text_body
from wabridge.sandbox.faults import GROUPS, Fault
from wabridge.sandbox.gestures import MENU
from wabridge.sandbox.kinds import KINDS
from wabridge.sandbox.labels import FAULT_LABELS, GROUP_LABELS, KIND_LABELS, NEWS_LABELS
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.news import OCCURRENCES
from wabridge.sandbox.payloads import encode

BUTTONS = {
    "type": "button",
    "body": {"text": "Kapan?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "now", "title": "Hari ini"}},
            {"type": "reply", "reply": {"id": "later", "title": "Besok"}},
        ]
    },
}
LIST = {
    "type": "list",
    "body": {"text": "Perkara apa?"},
    "action": {
        "button": "Pilih",
        "sections": [
            {"rows": [{"id": "1", "title": "Pidana"}, {"id": "2", "title": "Perdata", "description": "Utang"}]}
        ],
    },
}


async def _said(meta: PretendMeta, office: Office) -> Any:
    """Return the newest message the office got."""
    await meta.drain()
    return office.values("messages")[-1]


@pytest.mark.parametrize("kind", MENU)
async def test_each_kind_names_its_type_and_brings_its_object(meta: PretendMeta, office: Office, kind: str) -> None:
    """A message of any kind has an id, a time, its writer and, unless it has none, the object its type names."""
    meta.talk.send_kind(meta.handset(PHONE), kind)
    message = await _said(meta, office)
    assert message["from"] == PHONE[1:]
    assert message["id"].startswith("wamid.")
    assert message["timestamp"].isdigit()
    assert message["type"] in message or message["errors"]
    assert ("context" in message) == (kind in KINDS and (KINDS[kind].answers_office or "context" in KINDS[kind].parts))


async def test_a_quoted_message_is_named_with_its_author(meta: PretendMeta, office: Office) -> None:
    """An answer quotes the office by its number and the person's own message by the person's."""
    handset = meta.handset(PHONE)
    await office.send(text_body())
    meta.talk.write(handset, "Ya", quoted_wamid=meta.accepted[0].wamid)
    theirs = (await _said(meta, office))["context"]
    assert theirs == {"from": meta.account.display_phone_number, "id": meta.accepted[0].wamid}
    own = handset.bubbles[-1]
    meta.talk.write(handset, "Maksud saya", quoted_wamid=own.wamid)
    assert (await _said(meta, office))["context"] == {"from": PHONE[1:], "id": own.wamid}
    assert handset.bubbles[-1].quoted_text == "Ya"


async def test_a_reaction_is_taken_back_in_both_forms(meta: PretendMeta, office: Office) -> None:
    """Without an emoji or with an empty one, each time under an id of its own."""
    handset = meta.handset(PHONE)
    bubble = meta.talk.write(handset, "Halo")
    ids = {meta.talk.react(handset, bubble, "👍")}
    assert (await _said(meta, office))["reaction"] == {"message_id": bubble.wamid, "emoji": "👍"}
    ids.add(meta.talk.react(handset, bubble, ""))
    assert (await _said(meta, office))["reaction"] == {"message_id": bubble.wamid}
    meta.faults.add(Fault.EMPTY_EMOJI)
    ids.add(meta.talk.react(handset, bubble, ""))
    assert (await _said(meta, office))["reaction"] == {"message_id": bubble.wamid, "emoji": ""}
    assert len(ids) == 3


async def test_an_edit_repeats_the_whole_message(meta: PretendMeta, office: Office) -> None:
    """A changed text brings the new text, a changed caption the whole file; a revocation names only the message."""
    handset = meta.handset(PHONE)
    bubble = meta.talk.write(handset, "Halo")
    meta.talk.edit(handset, bubble, "Halo Bu")
    message = await _said(meta, office)
    assert message["edit"]["original_message_id"] == bubble.wamid
    assert message["edit"]["message"] == {"type": "text", "text": {"body": "Halo Bu"}, "context": {"id": "M0"}}
    photo = meta.talk.send_kind(handset, "image")
    sent = (await _said(meta, office))["image"]
    meta.talk.edit(handset, photo, "Lain")
    assert (await _said(meta, office))["edit"]["message"]["image"] == sent | {"caption": "Lain"}
    meta.talk.revoke(handset, photo)
    assert (await _said(meta, office))["revoke"] == {"original_message_id": photo.wamid}
    assert (photo.is_edited, photo.is_revoked, photo.text) == (True, True, "")


@pytest.mark.parametrize(
    ("interactive", "index", "answer"),
    [
        (BUTTONS, 1, {"type": "button_reply", "button_reply": {"id": "later", "title": "Besok"}}),
        (LIST, 0, {"type": "list_reply", "list_reply": {"id": "1", "title": "Pidana"}}),
        (LIST, 1, {"type": "list_reply", "list_reply": {"id": "2", "title": "Perdata", "description": "Utang"}}),
    ],
)
async def test_what_the_office_offers_can_be_chosen(
    meta: PretendMeta, office: Office, interactive: Any, index: int, answer: Any
) -> None:
    """Buttons and rows are taken, and the choice comes back as Meta words it, quoting the question."""
    status, _ = await office.send(any_body("interactive", interactive))
    handset = meta.handset(PHONE)
    bubble = meta.accepted[0].bubble
    assert (status, bubble.text) == (200, interactive["body"]["text"])
    meta.talk.choose(handset, bubble, bubble.choices[index])
    message = await _said(meta, office)
    assert message["interactive"] == answer
    assert message["context"]["id"] == bubble.wamid


async def test_the_content_follows_its_placeholder(meta: PretendMeta, office: Office) -> None:
    """With 131060 two webhooks come under one wamid, the placeholder answered before the content is posted."""
    meta.faults.add(Fault.PLACEHOLDER_FIRST)
    bubble = meta.talk.write(meta.handset(PHONE), "Halo")
    await meta.drain()
    first, second = office.values("messages")
    assert {first["id"], second["id"]} == {bubble.wamid}
    assert (first["type"], first["errors"][0]["code"], second["type"]) == ("unsupported", 131060, "text")


async def test_webhooks_are_spoiled_as_switched(meta: PretendMeta, office: Office) -> None:
    """Standby moves the message, a missing number leaves no trace of it, a field of tomorrow stands beside."""
    handset = meta.handset(PHONE, "Sri Wahyuni")
    meta.faults.update({Fault.HIDDEN_PHONE, Fault.UNKNOWN_FIELD})
    meta.talk.write(handset, "Halo")
    await meta.drain()
    own, beside = json.loads(office.bodies[-1])["entry"][0]["changes"]
    assert PHONE[1:] not in json.dumps(own["value"]["contacts"])
    assert "from" not in own["value"]["messages"][0]
    assert own["value"]["contacts"][0]["profile"]["username"].startswith("@")
    assert beside["field"] not in ("messages", "")
    meta.faults.clear()
    meta.faults.add(Fault.STANDBY)
    meta.talk.write(handset, "Halo")
    await meta.drain()
    (change,) = json.loads(office.bodies[-1])["entry"][0]["changes"]
    assert (change["field"], "messages" in change["value"]) == ("standby", False)
    assert change["value"]["standby"]["messages"][0]["text"] == {"body": "Halo"}


async def test_extra_keys_stand_in_every_object(meta: PretendMeta, office: Office) -> None:
    """With that switch each object of each webhook has a key nobody knows, and what was there stays."""
    meta.faults.add(Fault.EXTRA_KEYS)
    meta.talk.write(meta.handset(PHONE), "Halo")
    message = await _said(meta, office)
    assert "hologram" in message
    assert "hologram" in message["text"]
    assert message["text"]["body"] == "Halo"


@pytest.mark.parametrize("occurrence", OCCURRENCES)
async def test_all_news_can_be_told(meta: PretendMeta, office: Office, occurrence: str) -> None:
    """Each occurrence is a webhook Meta could sign, of a size it could have."""
    meta.news.tell(occurrence, meta.handset(PHONE, "Sri Wahyuni"))
    await meta.drain()
    assert office.bodies
    assert all(len(body) <= 3_000_000 for body in office.bodies)


async def test_a_large_history_is_almost_three_megabytes(meta: PretendMeta, office: Office) -> None:
    """Thousands of messages, each with an id of its own, and the same ones when it is told again."""
    for _ in range(2):
        meta.news.tell("large_history", meta.handset(PHONE, "Sri Wahyuni"))
        await meta.drain()
    chunks = [json.loads(body)["entry"][0]["changes"][0]["value"]["history"] for body in office.bodies]
    ids = [message["id"] for message in chunks[0][0]["threads"][0]["messages"]]
    assert len(encode(chunks[0])) > 2_900_000
    assert len(set(ids)) == len(ids) > 5_000
    assert ids == [message["id"] for message in chunks[1][0]["threads"][0]["messages"]]


async def test_a_changed_number_moves_the_phone(meta: PretendMeta, office: Office) -> None:
    """The system message names both; afterwards the person writes from the new number under the new id."""
    handset = meta.handset(PHONE, "Sri Wahyuni")
    old = handset.person
    meta.news.tell("number_changed", handset)
    message = await _said(meta, office)
    assert (message["from"], message["system"]["type"]) == (old.phone, "user_changed_number")
    assert message["system"]["wa_id"] == handset.person.phone != old.phone
    assert message["system"]["user_id"] == handset.person.user_id != old.user_id
    assert meta.handset(handset.person.phone) is handset
    meta.talk.write(handset, "Nomor baru saya")
    assert (await _said(meta, office))["from"] == handset.person.phone


def test_everything_has_a_name_in_both_languages() -> None:
    """No kind, fault, group or news stands on the page without words, and no words are left over."""
    faults = {fault.value for members in GROUPS.values() for fault in members}
    assert faults == set(Fault)
    for language in ("id", "en"):
        assert set(KIND_LABELS[language]) == set(MENU)
        assert set(FAULT_LABELS[language]) == faults
        assert set(GROUP_LABELS[language]) == set(GROUPS)
        assert set(NEWS_LABELS[language]) == set(OCCURRENCES)
