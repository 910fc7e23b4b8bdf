"""What the phone app and other parties say: echoes, history, address book, standby, handovers."""

import copy
import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.whatsapp import samples
from tests.whatsapp.damaged import DAMAGES, places
from wabridge.model.content import Edit, Handover, Media, Revocation
from wabridge.model.event import (
    Echo,
    Event,
    HistoryReport,
    InboundMessage,
    Item,
    KnownName,
    Person,
    StatusReport,
    Unreadable,
    is_backlog,
)
from wabridge.whatsapp import cutouts, payloads

ADA = Person(phone="16505550123", user_id="US.13491208655302741918")
THREAD = "/entry/0/changes/0/value/history/0/threads/0/messages"


def _echoes(name: str) -> list[Echo]:
    found = samples.events(name)
    assert all(isinstance(event, Echo) for event in found)
    return [event for event in found if isinstance(event, Echo)]


def _reasons(events: list[Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, Unreadable)]


def test_echoes_have_the_types_of_messages() -> None:
    """What was typed on the phone is read like a message: text, files, changes and withdrawals, each to its person."""
    text, image, edit, revocation = _echoes("echoes_of_every_kind")
    assert text.recipient == Person(ADA.phone, ADA.user_id, profile_name="Ada Example")
    assert (text.text, text.content, text.author) == ("On my way", None, "app")
    assert image.content is not None
    assert isinstance(image.content.body, Media)
    assert image.content.more == ()
    assert edit.content is not None
    assert isinstance(edit.content.body, Edit)
    assert edit.text == "On my way, ten minutes"
    assert revocation.content is not None
    assert revocation.content.body == Revocation(target_wamid="wamid.ECHO2")
    assert not any(map(is_backlog, (text, image, edit, revocation)))


def test_an_echo_names_whom_it_was_written_to() -> None:
    """A user id is enough; without any it can belong only to what its wamid names."""
    (hidden,) = _echoes("echo_to_somebody_without_phone")
    assert hidden.recipient == Person(user_id=ADA.user_id)
    (lost,) = _echoes("echo_to_nobody_knows_whom")
    assert (lost.recipient, lost.wamid) == (Person(), "wamid.ECHO6")


def test_other_programs_are_told_apart_from_the_phone() -> None:
    """The field says who wrote in the office's name."""
    (echo,) = _echoes("echo_of_another_program")
    assert echo.author == "partner"


def test_a_chunk_of_history_is_cut_into_its_messages() -> None:
    """Progress and each message of each thread, the office's own told from the person's, as of the past."""
    report, *messages = samples.events("history_chunk")
    assert report == HistoryReport(phone_number_id=samples.NUMBER, phase=0, chunk=1, progress=55)
    own, placeholder, theirs, greeting = messages
    assert isinstance(own, Echo)
    assert (own.recipient, own.phone_status, own.content) == (ADA, "read", None)
    assert isinstance(placeholder, InboundMessage)
    assert (placeholder.sender, placeholder.type, placeholder.phone_status) == (ADA, "media_placeholder", "played")
    assert isinstance(theirs, InboundMessage)
    assert theirs.text == "Thanks"
    assert isinstance(greeting, Echo)
    assert greeting.recipient == Person(phone="16505550199")
    assert {event.source for event in (own, placeholder, theirs, greeting)} == {"history"}
    assert all(map(is_backlog, (report, *messages)))


def test_the_media_of_a_chunk_come_under_the_same_wamid() -> None:
    """Files of the past that come later are of the past as well, from both sides."""
    theirs, own = samples.events("history_media_of_a_chunk")
    assert isinstance(theirs, InboundMessage)
    assert (theirs.wamid, theirs.type, theirs.source) == ("wamid.H2", "image", "history")
    assert isinstance(own, Echo)
    assert (own.wamid, own.source) == ("wamid.H5", "history")


def test_each_bad_part_of_history_stands_alone() -> None:
    """What cannot be understood becomes an item of its own; the good message is there."""
    events = samples.events("history_with_bad_messages")
    assert [event.wamid for event in events if isinstance(event, InboundMessage)] == ["wamid.H7"]
    assert _reasons(events) == [
        "a part of the history that does not say which",
        "a message that is no object",
        "a message that is no object",
        "a message of the past without its writer",
        "a message without an id",
        "a thread without messages",
        "a thread without messages",
        "a part of the history with nothing known in it",
        "a part of the history with nothing known in it",
    ]


def test_declined_history_is_no_riddle() -> None:
    """That the office declined is read with and without the envelope."""
    for name, number in (("history_declined", samples.NUMBER), ("history_declined_without_envelope", None)):
        (event,) = samples.events(name)
        assert isinstance(event, HistoryReport)
        assert (event.phone_number_id, event.errors[0].code) == (number, 2593109)


def test_the_address_book_is_read_by_shape() -> None:
    """Numbers in any spelling, user ids, names in parts, removals; what is about nobody is said so."""
    events = samples.events("address_book")
    assert [event for event in events if isinstance(event, KnownName)] == [
        KnownName(samples.NUMBER, Person(phone="16505550123"), "Ada Example", 1790416950),
        KnownName(samples.NUMBER, Person(phone="16505550199"), None, 1790416951),
        KnownName(samples.NUMBER, Person(user_id="US.13491208655302741919"), "Grace Example"),
    ]
    assert _reasons(events) == ["an entry of the address book about nobody"] * 2


def test_standby_is_read_like_its_live_counterparts() -> None:
    """Messages, echoes and statuses of a conversation that another party holds come out, marked."""
    message, status, echo = samples.events("standby_in_full")
    assert isinstance(message, InboundMessage)
    assert (message.sender.profile_name, message.source) == ("Ada Example", "standby")
    assert isinstance(status, StatusReport)
    assert isinstance(echo, Echo)
    assert (echo.source, echo.author) == ("standby", "partner")


def test_a_handover_belongs_to_its_person() -> None:
    """Control that was passed becomes a line of the conversation; without a person it cannot."""
    event = samples.message("handover")
    assert (event.type, event.sender.phone, event.sent_at) == ("handover", "16505550123", 1790417000)
    assert event.content is not None
    assert event.content.body == Handover(previous="PREVIOUS", new="NEW", note="needs human")
    assert samples.unreadable("handover_of_nobody").reason == "a handover of nobody knows whose conversation"


@pytest.mark.parametrize(
    ("damage", "recipient"),
    [
        ({"type": None}, Person("16505550123")),
        ({"text": 5}, Person("16505550123")),
        ({"text": 5, "group_id": "g"}, Person()),
    ],
)
def test_whom_an_unreadable_echo_was_written_to_is_known(damage: dict[str, Any], recipient: Person) -> None:
    """So that its placeholder stands in their conversation; what was written in a group is in nobody's own."""
    echo = {"id": "wamid.E1", "from": "15550100200", "to": "16505550123", "timestamp": "1", "type": "text"}
    value = samples.parsed("echo_of_another_program")["entry"][0]["changes"][0]["value"] | {"contacts": []}
    value["message_echoes"] = [echo | {"text": {"body": "Halo"}} | damage]
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": "smb_message_echoes", "value": value}]}]})
    (item,) = payloads.split(body.encode())
    assert isinstance(item.event, Unreadable)
    assert (item.event.recipient, item.event.sender, item.event.wamid) == (recipient, Person(), "wamid.E1")


def test_lists_under_another_field_are_not_lost() -> None:
    """An echo among messages and a message among echoes are read for what they are."""
    root = samples.parsed("text")
    value = root["entry"][0]["changes"][0]["value"]
    value["message_echoes"] = samples.parsed("echo_of_another_program")["entry"][0]["changes"][0]["value"][
        "message_echoes"
    ]
    for field in ("messages", "smb_message_echoes"):
        root["entry"][0]["changes"][0]["field"] = field
        assert samples.wamids(payloads.split(json.dumps(root).encode())) == ["wamid.T1", "wamid.ECHO7"]


def test_one_message_of_the_past_can_be_cut_out_alone() -> None:
    """The pointer of an item leads to its very bytes, without the messages beside it."""
    body = samples.body("history_chunk")
    for item in payloads.split(body):
        cutout = cutouts.cut_out(body, item.pointer)
        assert cutout is not None
        assert cutout.exact is not None
        if isinstance(item.event, InboundMessage | Echo):
            assert json.loads(cutout.exact)["id"] == item.event.wamid


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "contact", "contact": {"full_name": "Ada"}, "action": "add", "metadata": {"timestamp": "1789576297"}},
        {"id": "wamid.H1", "type": "text", "text": {"body": "x"}, "threads": []},
        {"metadata": {}},
        "a word",
    ],
)
def test_what_stands_where_a_part_of_the_history_belongs_is_set_aside_as_a_whole(entry: Any) -> None:
    """An entry of the address book under the key of the history is kept with all it says, not in pieces."""
    root = samples.parsed("history_chunk")
    root["entry"][0]["changes"][0]["value"]["history"] = [entry]
    body = json.dumps(root).encode()
    (item,) = payloads.split(body)
    assert isinstance(item.event, Unreadable)
    cutout = cutouts.cut_out(body, item.pointer)
    assert cutout is not None
    assert cutout.exact is not None
    assert json.loads(cutout.exact) == entry


def test_both_ids_of_a_thread_are_kept() -> None:
    """A thread whose id stands twice is filed under the last, and a person is told of the other."""
    whole = samples.body("history_chunk")
    thread = samples.parsed("history_chunk")["entry"][0]["changes"][0]["value"]["history"][0]["threads"][0]
    known = json.dumps(thread["id"]).encode()
    body = whole.replace(b'"id": ' + known, b'"id": "6281200000777", "id": ' + known, 1)
    assert body != whole
    before, after = payloads.split(whole), payloads.split(body)
    (other,) = [item for item in after if item not in before]
    assert isinstance(other.event, Unreadable)
    cutout = cutouts.cut_out(body, other.pointer)
    assert cutout is not None
    assert cutout.exact == b'"6281200000777"'
    assert [item for item in after if item != other] == before


def test_history_comes_out_bit_by_bit() -> None:
    """A body need not be taken apart at once; what comes out is the same."""
    body = samples.body("history_chunk")
    assert list(payloads.iterate(body)) == payloads.split(body)


@settings(deadline=None)  # a busy machine is no fault
@given(st.data(), st.integers(0, 2))
def test_damage_to_one_message_of_the_past_costs_no_sibling(data: st.DataObject, victim: int) -> None:
    """Whatever is done to one message of a thread, the others come out unchanged and exactly once."""
    root = samples.parsed("history_chunk")
    untouched = payloads.split(json.dumps(root).encode())
    messages = root["entry"][0]["changes"][0]["value"]["history"][0]["threads"][0]["messages"]
    container, key = data.draw(st.sampled_from([(messages, victim), *places(messages[victim])]))
    damage = data.draw(st.sampled_from(DAMAGES[1:3] if container is messages else DAMAGES))
    damage(data.draw, container, key)
    items = payloads.split(json.dumps(root).encode("utf-8", "surrogatepass"))
    for sibling in untouched:
        if sibling.pointer != f"{THREAD}/{victim}":
            assert [item for item in items if item.pointer == sibling.pointer] == [sibling]
    assert len([item for item in items if item.pointer == f"{THREAD}/{victim}"]) == 1


@settings(deadline=None)  # a busy machine is no fault
@given(st.permutations(range(3)), st.lists(st.integers(0, 3), max_size=2))
def test_chunks_change_no_identity(order: list[int], cuts: list[int]) -> None:
    """However the messages of a thread are spread over chunks, each is found once, as the same item."""
    root = samples.parsed("history_chunk")
    history = root["entry"][0]["changes"][0]["value"]["history"]
    thread = history[0]["threads"][0]
    together = {item.identity for item in payloads.split(json.dumps(root).encode()) if _is_of(item, thread)}
    shuffled = [thread["messages"][place] for place in order]
    bounds = [0, *sorted(cuts), 3]
    history[:] = [_chunk(thread, shuffled[start:end]) for start, end in pairwise(bounds)]
    alone = [item.identity for item in payloads.split(json.dumps(root).encode()) if _is_of(item, thread)]
    assert len(alone) == 3
    assert set(alone) == together


def _chunk(thread: dict[str, Any], messages: list[Any]) -> dict[str, Any]:
    return {"metadata": {"phase": 0}, "threads": [copy.deepcopy(thread) | {"messages": messages}]}


def _is_of(item: Item, thread: dict[str, Any]) -> bool:
    ids = {message["id"] for message in thread["messages"]}
    return isinstance(item.event, InboundMessage | Echo) and item.event.wamid in ids


def test_a_message_of_the_past_to_us_is_the_other_sides() -> None:
    """That it names whom it was written to does not make it the office's, if that is the office."""
    root = samples.parsed("history_chunk")
    for message in root["entry"][0]["changes"][0]["value"]["history"][0]["threads"][0]["messages"]:
        message.setdefault("to", "+1 555-010-0200")
    events = [item.event for item in payloads.split(json.dumps(root).encode())]
    assert [type(event) for event in events] == [type(event) for event in samples.events("history_chunk")]


def test_an_echo_in_the_list_of_messages_is_no_clients() -> None:
    """What comes from our own number to somebody was written by the office, in whatever list it stands."""
    root = samples.parsed("echo_from_the_phone_app")
    value = root["entry"][0]["changes"][0]["value"]
    value["messages"] = value.pop("message_echoes")
    (item,) = payloads.split(json.dumps(root).encode())
    (echo,) = _echoes("echo_from_the_phone_app")
    assert item.event == echo
