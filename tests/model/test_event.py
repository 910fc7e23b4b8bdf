"""Events as they are stored."""

import msgspec
import pytest

from wabridge.model.content import Content, Edit, Media
from wabridge.model.event import (
    AccountEvent,
    Event,
    InboundMessage,
    Person,
    ReportedError,
    StatusReport,
    Unreadable,
    decode,
    encode,
    kind_of,
)

EVENTS: list[tuple[Event, str]] = [
    (InboundMessage(phone_number_id="1", wamid="w", sender=Person(phone="62812"), type="text", text="Halo"), "message"),
    (
        InboundMessage(
            "1",
            "w",
            Person(user_id="ID.1"),
            "edit",
            content=Content(body=Edit(kind="image", body=Media(kind="image")), errors=(ReportedError(3),)),
        ),
        "message",
    ),
    (StatusReport("1", "w", "read", 5, Person(phone="62812"), "a:0"), "status"),
    (AccountEvent("account_update", value={"event": "X", "list": [1, None, 2.5]}), "account"),
    (Unreadable("not JSON", sender=Person(profile_name="Ada")), "unreadable"),
]


@pytest.mark.parametrize(("event", "kind"), EVENTS)
def test_events_survive_storage(event: Event, kind: str) -> None:
    """What is written is read again as the same event, and each kind has its worker."""
    assert decode(encode(event)) == event
    assert kind_of(event) == kind


def test_absent_things_take_no_room() -> None:
    """What an item does not have is not stored."""
    assert encode(Unreadable("not JSON")) == b'{"event":"unreadable","reason":"not JSON"}'


@pytest.mark.parametrize("payload", [b"", b"{}", b"null", b'{"event":"other"}', b'{"event":"unreadable"}'])
def test_what_is_no_event_is_refused(payload: bytes) -> None:
    """A payload that is not one of ours is not read as one."""
    with pytest.raises(msgspec.DecodeError):
        decode(payload)


def test_names_alone_identify_nobody() -> None:
    """A person is known by a phone number or a user id of either sort, not by a name."""
    assert Person(phone="62812").is_known
    assert Person(user_id="ID.1").is_known
    assert Person(parent_user_id="ID.ENT.1").is_known
    assert not Person(username="ada", profile_name="Ada").is_known
