"""Calls, words about advertising and changes of groups: each an item of its own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.whatsapp import samples
from wabridge.model.content import Call, Content, Field, GroupChange, Preference, ReportedError, System
from wabridge.model.event import AccountEvent, InboundMessage, Unreadable
from wabridge.whatsapp import payloads


def at(seconds: int) -> datetime:
    """A moment of the samples."""
    return datetime.fromtimestamp(seconds, UTC)


CALLS: list[tuple[str, str, Call]] = [
    (
        "call_rings",
        "wacid.HBgL1",
        Call(direction="incoming", outcome="ringing", started_at=at(1790416800)),
    ),
    (
        "call_ends",
        "wacid.HBgL1",
        Call(
            direction="incoming",
            outcome="answered",
            started_at=at(1790416805),
            ended_at=at(1790416925),
            duration_seconds=120,
        ),
    ),
    (
        "call_missed",
        "wacid.HBgL2",
        Call(direction="incoming", outcome="missed", started_at=at(1790416830), ended_at=at(1790416830)),
    ),
    (
        "call_rejected",
        "wacid.HBgL3",
        Call(direction="incoming", outcome="rejected", started_at=at(1790416830), ended_at=at(1790416830)),
    ),
    (
        "call_of_the_office",
        "wacid.HBgL4",
        Call(direction="outgoing", outcome="ringing", started_at=at(1790416800)),
    ),
    (
        "call_of_the_office_is_rejected",
        "wacid.HBgL4",
        Call(direction="outgoing", outcome="rejected", started_at=at(1790416810)),
    ),
]


@pytest.mark.parametrize(("name", "call_id", "body"), CALLS)
def test_a_call_says_how_far_it_has_come(name: str, call_id: str, body: Call) -> None:
    """Direction, outcome and times are read; the person is the one at the other end."""
    event = samples.message(name)
    assert (event.type, event.wamid) == ("call", call_id)
    assert event.content == Content(body=body)
    assert event.sender.phone == "16505550123"


def test_the_offer_of_a_connection_is_not_read_out() -> None:
    """Addresses of devices stay in the stored webhook."""
    assert b"IN IP4" in samples.body("call_rings")
    assert "IN IP4" not in str(samples.message("call_rings"))


def test_a_call_of_somebody_without_a_phone_number_is_theirs() -> None:
    """Who hides their number is known by their user id."""
    assert samples.message("call_without_phone_number").sender.user_id == "ES.20000000000000000002"


def test_an_error_beside_the_calls_is_about_the_account() -> None:
    """It is no call, and stands with the other errors."""
    assert samples.account_event("call_with_an_error").field == "errors"


@pytest.mark.parametrize(("word", "body"), [("stop", "user_preferences"), ("resume", "user_preferences_resumed")])
def test_a_word_about_advertising_is_the_persons(word: str, body: str) -> None:
    """What somebody wants of advertising comes with its time and Meta's sentence."""
    event = samples.message(body)
    assert event.sender.phone == "16505550123"
    assert event.content is not None
    said = f"User requested to {word} marketing messages"
    assert event.content.body == Preference(word=word, about="marketing_messages", said=said)


def test_a_change_of_a_group_names_the_group() -> None:
    """Everything that came stands in it, and it is nobody's own message."""
    event = samples.message("group_renamed")
    assert (event.type, event.group_id, event.sender.is_known) == ("group_change", "Y2FwaV9ncm91cDox", False)
    assert event.content is not None
    assert event.content.body == GroupChange(
        word="group_settings_update",
        fields=(
            Field(("request id",), "req-2"),
            Field(("group subject", "text"), "Perkara Contoh II"),
            Field(("group subject", "update successful"), "true"),
        ),
        subject="Perkara Contoh II",
    )


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        ({"type": "group_create", "subject": "Perkara 7"}, "Perkara 7"),
        ({"group_subject": {"text": "Perkara 8", "update_successful": False}}, None),
        ({"group_subject": {"text": 5}}, None),
        ({"group_subject": "Perkara 9"}, None),
        ({}, None),
    ],
)
def test_what_a_group_is_called_is_told_by_two_changes(told: dict[str, Any], subject: str | None) -> None:
    """Its making and its renaming say it; a renaming that failed says nothing."""
    value = {"metadata": {"phone_number_id": "1"}, "groups": [{"group_id": "g", **told}]}
    (event,) = split("group_lifecycle_update", value)
    assert event.content.body.subject == subject


def split(field: str, value: Any) -> list[Any]:
    """Return the events of one change."""
    root = {"entry": [{"id": samples.ACCOUNT, "changes": [{"field": field, "value": value}]}]}
    return [item.event for item in payloads.split(json.dumps(root).encode())]


def test_a_broken_call_costs_no_sibling() -> None:
    """Of several calls the one that cannot be understood says so alone, with as much as could be read."""
    good = samples.parsed("call_missed")["entry"][0]["changes"][0]["value"]
    without_id = {key: value for key, value in good["calls"][0].items() if key != "id"}
    without_person = {key: value for key, value in good["calls"][0].items() if not key.startswith("from")}
    calls = ["call", good["calls"][0], without_id, without_person]
    events = split("calls", {**good, "calls": calls})
    assert [type(event) for event in events] == [Unreadable, InboundMessage, Unreadable, Unreadable]
    assert [event.reason for event in events if isinstance(event, Unreadable)] == [
        "a call that is no object",
        "a call without an id",
        "a call without a person",
    ]
    assert events[2].sender.phone == "16505550123"


@pytest.mark.parametrize("field", ["calls", "user_preferences", "group_settings_update"])
@pytest.mark.parametrize("value", [None, "text", {}, {"metadata": {"phone_number_id": samples.NUMBER}}])
def test_a_field_with_nothing_of_its_own_in_it_is_about_the_account(field: str, value: Any) -> None:
    """Whatever stands there instead of the list is kept whole."""
    (event,) = split(field, value)
    assert isinstance(event, AccountEvent)
    assert (event.field, event.value) == (field, value)


@pytest.mark.parametrize(
    ("own", "call", "direction"),
    [
        ("15550100200", {"from": "16505550123", "to": "15550100200"}, "incoming"),
        ("+1 555-010-0200", {"from": "15550100200", "to": "16505550123"}, "outgoing"),
        ("15550100200", {"from": "16505550123"}, "incoming"),
        ("", {"from": "16505550123", "from_user_id": "US.13491208655302741918"}, "incoming"),
        ("", {"to": "16505550123", "to_user_id": "US.13491208655302741918"}, "outgoing"),
        ("", {"from": "16505550123", "to": "15550100200"}, None),
    ],
)
def test_a_call_without_its_direction_is_told_by_our_number(own: str, call: Any, direction: str | None) -> None:
    """Without Meta's word for it the number that is ours tells the direction, else nobody does."""
    metadata = {"phone_number_id": samples.NUMBER, "display_phone_number": own}
    (event,) = split("calls", {"metadata": metadata, "calls": [{"id": "wacid.1", "event": "connect", **call}]})
    assert event.content.body.direction == direction
    assert event.sender.phone == "16505550123"


def test_a_word_of_tomorrow_is_kept() -> None:
    """An outcome, a preference or a change that nobody knows stands there as it came."""
    metadata = {"phone_number_id": samples.NUMBER}
    call = {"id": "wacid.1", "from": "16505550123", "event": "terminate", "status": "BEAMED", "new": {"key": 1}}
    (event,) = split("calls", {"metadata": metadata, "calls": [call]})
    assert (event.content.body.outcome, event.content.body.word) == ("ended", "BEAMED")
    assert event.content.more == (Field(("new", "key"), "1"),)


@pytest.mark.parametrize(
    ("field", "own"),
    [
        ("group_settings_update", {"groups": [{"group_id": "g", "type": "group_suspend"}]}),
        ("user_preferences", {"user_preferences": [{"wa_id": "16505550123", "value": "stop"}]}),
        ("calls", {"calls": [{"id": "wacid.1", "from": "16505550123", "event": "connect"}]}),
    ],
)
def test_lists_of_another_field_beside_its_own_are_not_lost(field: str, own: Any) -> None:
    """A status, a group or a word about advertising under a field that does not read it is set aside."""
    others = {
        "statuses": [{"id": "wamid.S", "status": "read", "recipient_id": "16505550123"}],
        "groups": [{"id": "g2", "type": "group_create"}],
        "messages": [{"id": "wamid.M", "type": "text"}],
    }
    value = {"metadata": {"phone_number_id": samples.NUMBER}, **others, **own}
    root = {"entry": [{"id": samples.ACCOUNT, "changes": [{"field": field, "value": value}]}]}
    pointers = {item.pointer for item in payloads.split(json.dumps(root).encode())}
    assert {f"/entry/0/changes/0/value/{name}/0" for name in {*others, *own}} <= pointers


@pytest.mark.parametrize("field", ["field_of_tomorrow", "calls", "Messages"])
def test_what_people_wrote_under_a_field_of_tomorrow_is_theirs(field: str) -> None:
    """Messages, echoes and statuses are known by their lists: no message ends as a line on the account's page."""
    value = samples.parsed("text")["entry"][0]["changes"][0]["value"]
    (event,) = split(field, value)
    assert isinstance(event, InboundMessage)
    assert event == samples.message("text")
    (news,) = split(field, {"messages": ["a word"], "number": 3})
    assert isinstance(news, AccountEvent)


METADATA = {"metadata": {"phone_number_id": samples.NUMBER}}


@pytest.mark.parametrize(
    ("told", "old", "new"),
    [
        ({"user_id": {"previous": "ID.1", "current": "ID.2"}}, ("ID.1",), ("ID.2",)),
        ({"user_id": {"previous": "ID.1", "current": "ID.2"}, "wa_id": "628111"}, ("ID.1",), ("ID.2", "628111")),
        (
            {"parent_user_id": {"previous": "ID.ENT.1", "current": "ID.ENT.2"}, "user_id": "ID.2"},
            ("ID.ENT.1",),
            ("ID.2", "ID.ENT.2"),
        ),
    ],
)
def test_a_changed_user_id_is_told_like_the_system_message_about_it(
    told: dict[str, Any], old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    """The field of its own re-links a conversation as well; a phone number beside the ids is the one of now."""
    change = {"detail": "It has been updated.", "timestamp": "1790416800", **told}
    (event,) = split("user_id_update", {**METADATA, "user_id_update": [change]})
    assert (event.type, event.wamid, event.sent_at) == ("system", "", 1790416800)
    said = System(news="user_id_changed", said="It has been updated.", old_identities=old, new_identities=new)
    assert event.content == Content(body=said)
    assert event.sender.user_id in {*old, None}


def test_a_changed_user_id_of_nobody_costs_no_sibling() -> None:
    """What says neither before nor now is set aside; what is no object as well."""
    good = {"user_id": {"previous": "ID.1", "current": "ID.2"}}
    events = split("user_id_update", {**METADATA, "user_id_update": [5, {}, {"user_id": {"previous": "ID.1"}}, good]})
    assert [type(event) for event in events] == [Unreadable, Unreadable, Unreadable, InboundMessage]
    assert events[2].sender.user_id == "ID.1"


def test_a_group_that_could_not_be_made_is_news_about_the_account() -> None:
    """It has no id; what was asked for and why it failed is told."""
    failed = {"type": "group_create", "request_id": "r1", "subject": "Perkara 9", "errors": [{"code": 131000}]}
    (event,) = split("group_lifecycle_update", {**METADATA, "groups": [failed]})
    assert isinstance(event, AccountEvent)
    assert (event.field, event.value, event.phone_number_id) == ("group_lifecycle_update", failed, samples.NUMBER)


@pytest.mark.parametrize("field", ["calls", "group_settings_update"])
def test_what_an_error_says_besides_is_kept(field: str) -> None:
    """Of the errors of a call or a group nothing is left out that has no word of its own."""
    error = {"code": 138021, "title": "No media", "error_data": {"details": "The caller hung up.", "blame": "receiver"}}
    told = {"id": "wacid.1", "from": "628111", "group_id": "g", "event": "terminate", "errors": [error]}
    (event,) = split(field, {**METADATA, "calls": [told], "groups": [told]})[:1]
    assert event.content.errors == (ReportedError(138021, "No media", "The caller hung up."),)
    assert "receiver" in str(event.content)
