"""What the reader makes of each kind of message."""

import json

import pytest

from tests.whatsapp import samples
from wabridge.model.event import InboundMessage, Person, Unreadable
from wabridge.whatsapp import payloads

ADA = Person(phone="16505550123", user_id="US.13491208655302741918", profile_name="Ada Example")


def test_a_text() -> None:
    """A text has its number, wamid, sender with name, Meta's time and its words."""
    assert samples.message("text") == InboundMessage(
        phone_number_id=samples.NUMBER,
        wamid="wamid.T1",
        sender=ADA,
        type="text",
        sent_at=1790416800,
        text="Is this still available?",
    )


def test_a_quote_is_known_and_a_forward_quotes_nothing() -> None:
    """The message that is replied to is named; forwarding names none."""
    assert samples.message("text_that_quotes").quoted_wamid == "wamid.OUT7"
    assert samples.message("text_forwarded").quoted_wamid is None


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        (
            "text_without_phone",
            Person(user_id="ES.20000000000000000002", username="lin.example", profile_name="Lin Example"),
        ),
        (
            "text_with_parent_user_id",
            Person(
                phone="16505550123",
                user_id="US.13491208655302741918",
                parent_user_id="US.ENT.11815799212886844830",
                profile_name="Ada Example",
            ),
        ),
        ("text_with_user_id_in_from", Person(user_id="US.13491208655302741918", profile_name="Ada Example")),
        ("text_without_own_identity", ADA),
        ("text_without_contacts", Person(phone="16505550123", user_id="US.13491208655302741918")),
        ("system_number_changed", Person(phone="16505550123")),
        ("system_user_id_changed", Person(user_id="US.13491208655302741918")),
    ],
)
def test_the_sender_is_known_by_shape(name: str, sender: Person) -> None:
    """Phone numbers and user ids are told by their shape, under whichever key they come."""
    assert samples.message(name).sender == sender


def test_contacts_are_paired_by_id() -> None:
    """Names go with the ids they came with, not with the position in the list."""
    first, second = samples.events("two_people_in_another_order")
    assert isinstance(first, InboundMessage)
    assert isinstance(second, InboundMessage)
    assert (first.text, first.sender.profile_name) == ("I am Budi", "Budi Contoh")
    assert (second.text, second.sender.profile_name) == ("I am Ada", "Ada Example")


def test_a_number_as_timestamp_is_a_timestamp() -> None:
    """Meta's own samples show times as numbers and as texts; both count."""
    assert samples.message("text_with_integer_timestamp").sent_at == 1790416800


@pytest.mark.parametrize("said", [1790416800.5, "1790416800.5"])
def test_a_fraction_of_a_second_is_cut_off(said: object) -> None:
    """A time that is more exact than Meta's is a time."""
    body = samples.parsed("text")
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = said
    (item,) = payloads.split(json.dumps(body).encode())
    assert isinstance(item.event, InboundMessage)
    assert (item.event.sent_at, item.event.content) == (1790416800, None)


@pytest.mark.parametrize("said", ["0", 0, 0.5, -5, -1.5, "", None, "1790416800.", 1790416800000, "soon", [], True])
def test_what_is_no_time_is_missing(said: object) -> None:
    """A message whose time cannot be one is read as one without a time, never as one of 1970."""
    body = samples.parsed("text")
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = said
    (item,) = payloads.split(json.dumps(body).encode())
    assert isinstance(item.event, InboundMessage)
    assert item.event.sent_at is None


def test_a_group_message_names_its_group() -> None:
    """What was written in a group is marked as such."""
    assert samples.message("text_in_group").group_id == "Y2FwaV9ncm91cDox"


@pytest.mark.parametrize(
    ("name", "reason", "wamid", "sender"),
    [
        ("text_without_body", "a text message without text", "wamid.B0", ADA),
        ("text_without_our_number", "a message without our number", "wamid.T7", ADA),
        ("message_without_type", "a message without a type", "wamid.Q1", ADA),
        ("message_without_id", "a message without an id", None, ADA),
        ("message_without_sender", "a message without a sender", "wamid.Q2", Person()),
        ("message_in_group_without_type", "a message without a type", "wamid.Q4", Person()),
        ("message_in_group_with_unreadable_id", "a group without an id", "wamid.Q5", Person()),
    ],
)
def test_what_cannot_be_understood_says_what_is_known(
    name: str, reason: str, wamid: str | None, sender: Person
) -> None:
    """An unreadable message names its sender and wamid where they can be read, and never a group's member."""
    event = samples.unreadable(name)
    assert (event.reason, event.wamid, event.sender, event.sent_at) == (reason, wamid, sender, 1790416800)


def test_an_interactive_answer_without_content_is_a_message() -> None:
    """The message shows although its content is missing, and the error beside it is an item of its own."""
    message, error = samples.events("interactive_without_content")
    assert isinstance(message, InboundMessage)
    assert not isinstance(error, Unreadable)
    assert (message.type, message.content) == ("interactive", None)


@pytest.mark.parametrize("name", ["image", "edit_of_image"])
def test_a_new_address_of_a_file_does_not_make_a_new_message(name: str) -> None:
    """A repeated message is the same although Meta has given its file another address."""
    body = samples.body(name)
    moved = body.replace(b"hash=ARexample", b"hash=ARanother")
    assert moved != body
    assert payloads.split(moved)[0].identity == payloads.split(body)[0].identity


def test_the_address_of_a_place_is_content() -> None:
    """Another link in a location is another content."""
    body = samples.body("location")
    moved = body.replace(b"example.com/place", b"example.com/other")
    assert payloads.split(moved)[0].identity != payloads.split(body)[0].identity
