"""One item, cut out of the webhook it came in."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.whatsapp import samples
from wabridge.whatsapp import cutouts, decoding, payloads
from wabridge.whatsapp.cutouts import Cutout, cut_out

PLACE = "/entry/0/changes/0/value/messages/1"
THREE = (
    b'{ "entry" : [{"changes":[{"value":{"messages":[{"id":"wamid.A","text":{"body":"rahasia A"}},\n'
    b'  { "type":"text", "id" : "wamid.B", "text":{"body":"caf\\u00e9 \xf0\x9f\x98\x80 \\/"} , "n":1.50 },'
    b'{"id":"wamid.C"}]}}]}]}'
)

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def test_the_very_bytes_of_one_item_are_cut_out() -> None:
    """White space, escapes, order and number format stay as they came, and nothing of the neighbours is with them."""
    found = cut_out(THREE, PLACE)
    assert found is not None
    assert found.exact == (
        b'{ "type":"text", "id" : "wamid.B", "text":{"body":"caf\\u00e9 \xf0\x9f\x98\x80 \\/"} , "n":1.50 }'
    )
    assert found.canonical == '{"id":"wamid.B","n":1.5,"text":{"body":"café 😀 /"},"type":"text"}'.encode()
    assert found.is_exact


def test_the_whole_body_is_an_item_too() -> None:
    """The pointer to everything gives every byte."""
    found = cut_out(THREE, "")
    assert found is not None
    assert found.exact == THREE


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"a":[1, {"b":2} ]}',
        b'{"a":[NaN, {"b":2} ]}',
        b'{"a":["\\ud800", {"b":2} ]}',
        b'{"a":["\xff}]", {"b":2} ]}',
        b'{"a":["\n]\\"]", {"b":2} ]}',
        b'{"a":[' + b"[" * 5000 + b"]" * 5000 + b', {"b":2} ]}',
        b'{"a":[7], "a" : [1, {"b":2} ]}',
    ],
)
def test_odd_neighbours_cost_an_item_none_of_its_bytes(body: bytes) -> None:
    """Beside what no strict reader accepts, or a key that stands twice, an item is still cut out byte for byte."""
    assert cut_out(body, "/a/1") == Cutout(exact=b'{"b":2}', canonical=b'{"b":2}')


@pytest.mark.parametrize(
    "item", [b'{"b":"\\ud800"}', b'{"b":NaN}', b'{"b":"\xff"}', b'{"b":1,"b":2}', b"[" * 5000 + b"]" * 5000]
)
def test_an_odd_item_is_its_own_bytes(item: bytes) -> None:
    """What is odd within an item comes out as it came."""
    found = cut_out(b'{"a":[1,' + item + b',"\\ud800"]}', "/a/1")
    assert found is not None
    assert found.exact == item


def test_every_value_of_a_key_that_stands_twice_can_be_had() -> None:
    """The last one by the key, the earlier ones by the name that says so."""
    body = b'{"a":[{"b":1}],"c":0,"a":[{"b":2}]}'
    assert cut_out(body, "/a/0") == Cutout(b'{"b":2}', b'{"b":2}')
    assert cut_out(body, f"/a{decoding.REPEATED}1/0") == Cutout(b'{"b":1}', b'{"b":1}')


def test_keys_that_cannot_be_stored_lead_to_their_own_items() -> None:
    """Half a character, a NUL and no UTF-8 in a key: each has a pointer of its own that can be stored."""
    keys = ("\ud83d", "\udc00", "\0", "\udcff")
    body = b'{"\\ud83d":[1],"\\udc00":[2],"\\u0000":[3],"\xff":[4]}'
    pointers = [f"/{decoding.storable_key(key)}/0" for key in keys]
    assert [pointer.encode() for pointer in pointers]
    found = [cut_out(body, pointer) for pointer in pointers]
    assert [each and each.exact for each in found] == [b"1", b"2", b"3", b"4"]


def test_what_no_bytes_alone_would_say_is_given_in_canonical_form() -> None:
    """Where two things answer to a pointer, what was understood is written anew and marked as not exact."""
    body = b'{"x":0,"a":1,"a":2,"a (repeated) 2":9}'
    assert cut_out(body, "/a (repeated) 2") == Cutout(exact=None, canonical=b"1")


def test_what_is_no_json_is_its_bytes() -> None:
    """A body that nobody can read is shown as it is, and has no parts."""
    assert cut_out(b"<html>\xff", "") == Cutout(exact=b"<html>\xff", canonical=None)
    assert cut_out(b"<html>", "/entry") is None
    assert cutouts.readable(Cutout(b"<html>\xff", None)) == "<html>\ufffd"


@pytest.mark.parametrize("pointer", ["/entry/1", "/nothing", "/entry/x", "/entry/-", "/entry/0/changes/0/value/x/y"])
def test_a_pointer_to_nothing_finds_nothing(pointer: str) -> None:
    """A pointer that leads nowhere is no error and no other item."""
    assert cut_out(THREE, pointer) is None


def test_escaped_steps_are_read() -> None:
    """~1 stands for a slash and ~0 for a tilde (RFC 6901, 3)."""
    assert cut_out(b'{"a/b":{"~":7}}', "/a~1b/~0") == Cutout(b"7", b"7")


def test_half_a_character_can_be_shown() -> None:
    """What no page could carry is replaced for reading; the canonical form keeps it apart."""
    found = cut_out(b'{"a":"x\\ud800"}', "/a")
    assert found is not None
    cutouts.readable(found).encode("utf-8")


@pytest.mark.parametrize("name", samples.NAMES)
def test_every_item_of_every_payload_can_be_cut_out(name: str) -> None:
    """Whatever intake makes of a webhook, each of its items is found again in the stored bytes."""
    body = samples.body(name)
    for item in payloads.split(body):
        found = cut_out(body, item.pointer)
        assert found is not None
        if found.exact is not None and found.canonical is not None:
            assert decoding.canonical(decoding.decode(found.exact).value) == found.canonical
        cutouts.readable(found).encode("utf-8")


@given(before=values, item=values, after=values)
def test_exact_and_canonical_say_the_same(before: Any, item: Any, after: Any) -> None:
    """For any neighbours, the bytes that are cut out are the item's own."""
    for ascii_only in (True, False):
        body = json.dumps({"x": [before, item, after]}, ensure_ascii=ascii_only).encode()
        found = cut_out(body, "/x/1")
        assert found is not None
        assert found.exact == json.dumps(item, ensure_ascii=ascii_only).encode()
        assert found.canonical == decoding.canonical(item)
