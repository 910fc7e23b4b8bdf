"""Bodies that a JSON library stumbles over."""

import json

import pytest

from tests.whatsapp import samples
from wabridge.model.content import Content, Field, Location, Placeholder
from wabridge.model.event import InboundMessage, Unreadable, decode, encode
from wabridge.whatsapp import decoding, payloads


def _messages(name: str) -> tuple[InboundMessage, InboundMessage]:
    first, second = samples.events(name)
    assert isinstance(first, InboundMessage)
    assert isinstance(second, InboundMessage)
    return first, second


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lone_surrogate_in_a_text", "broken \ufffd here"),
        ("nul_in_a_text", "a\ufffdb"),
        ("broken_utf8", "x\ufffd\ufffdy"),
    ],
)
def test_what_cannot_be_stored_is_replaced_and_said(name: str, text: str) -> None:
    """Half a surrogate pair, a NUL and bytes that are no UTF-8 are replaced and flagged; the sibling is untouched."""
    broken, sound = _messages(name)
    assert (broken.text, broken.repaired) == (text, True)
    assert (sound.text, sound.repaired) == ("sound", False)


def test_a_broken_name_is_repaired() -> None:
    """A lone surrogate in a name costs neither the message nor the other person's."""
    broken, sound = _messages("lone_surrogate_in_a_name")
    assert (broken.text, broken.sender.profile_name, broken.repaired) == ("hello", "Ada \ufffd", True)
    assert (sound.sender.profile_name, sound.repaired) == ("Budi Contoh", False)


@pytest.mark.parametrize("broken", [b"\\u0000", b"\\ud83d", b"\xff"])
def test_a_broken_error_is_repaired(broken: bytes) -> None:
    """What cannot be stored in the words of an error is replaced there, too."""
    (item,) = payloads.split(samples.body("unavailable").replace(b"Open the", b"Open " + broken))
    assert isinstance(item.event, InboundMessage)
    assert item.event.content is not None
    assert (item.event.content.errors[0].details, item.event.repaired) == ("Open \ufffd phone.", True)


def test_different_breakage_stays_different() -> None:
    """Two texts that look the same after the repair are still two contents."""
    body = samples.body("lone_surrogate_in_a_text")
    identities = {
        payloads.split(body.replace(b"\\ud83d", other))[0].identity for other in (b"\\ud83d", b"\\ud83e", b"\xff")
    }
    assert len(identities) == 3


def test_a_number_without_end_is_survived() -> None:
    """Thousands of digits become text; the message and its sibling are there."""
    order, sound = _messages("number_without_end")
    assert order.content == Content(body=Placeholder(fields=(Field(("price",), "9" * 5000),)))
    assert sound.text == "sound"


def test_a_large_number_is_kept_exactly() -> None:
    """A number over 64 bits keeps all of its digits."""
    body = samples.body("location").replace(b"37.4847", str(2**70).encode())
    (item,) = payloads.split(body)
    assert isinstance(item.event, InboundMessage)
    assert item.event.content is not None
    assert Field(("location", "latitude"), str(2**70)) in item.event.content.more
    assert decode(encode(item.event)) == item.event


def test_what_is_no_number_is_survived() -> None:
    """NaN and numbers beyond any range are no degrees and are kept as text; the sibling is there."""
    place, sound = _messages("not_a_number")
    odd = (Field(("location", "latitude"), "NaN"), Field(("location", "longitude"), "1e999"))
    assert place.content == Content(body=Location(), more=odd)
    assert sound.text == "sound"


def test_a_byte_order_mark_is_survived() -> None:
    """A mark before the JSON costs nothing."""
    assert samples.message("byte_order_mark").text == "marked"


def test_control_characters_are_survived() -> None:
    """A raw line break inside a text is read as one."""
    (item,) = payloads.split(samples.body("text").replace(b"still available", b"still\navailable"))
    assert isinstance(item.event, InboundMessage)
    assert item.event.text == "Is this still\navailable?"


@pytest.mark.parametrize("depth", [decoding.DEPTH, 500, 5_000, 100_000])
def test_endless_nesting_costs_one_field_only(depth: int) -> None:
    """Thousands of brackets inside one message: it is read, marked where they are kept, and its sibling is intact."""
    root = samples.parsed("message_of_unknown_type")
    messages = root["entry"][0]["changes"][0]["value"]["messages"]
    messages[0]["hologram"] = {"depth": "@@", "title": "deep"}
    messages.append(samples.parsed("text")["entry"][0]["changes"][0]["value"]["messages"][0])
    body = json.dumps(root).replace('"@@"', "[" * depth + '"]\\""' + "]" * depth).encode()
    deep, sound = payloads.split(body)
    assert isinstance(deep.event, InboundMessage)
    assert deep.event.content is not None
    assert isinstance(deep.event.content.body, Placeholder)
    assert Field(("title",), "deep") in deep.event.content.body.fields
    assert deep.event.repaired
    assert sound.event == samples.message("text")
    assert decode(encode(deep.event)) == deep.event
    other = payloads.split(body.replace(b'"]\\""', b'"[\\""'))[0]
    assert other.identity != deep.identity


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"3",
        b"[]",
        b'"text"',
        b"{}",
        b"{",
        b'{"entry"',
        b"\xff\xfe{}",
        b"<html></html>",
        b"[" * 5_000,
        b"[" * 5_000 + b"]" * 5_000,
        b"]" * 5_000,
        b'{"a":' * 100_000,
        b'"' + b'\\"' * 100_000,
        b'{"object":"page"}',
        b'"' + b"{" * 100 + b'"',
        b"{} {}",
    ],
)
def test_what_is_no_webhook_is_one_item(body: bytes) -> None:
    """A body that says nothing at all is one unreadable item that points at the whole."""
    (item,) = payloads.split(body)
    assert item.pointer == ""
    assert isinstance(item.event, Unreadable)
    assert item.event.reason
