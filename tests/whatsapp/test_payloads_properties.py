"""Whatever happens to a body, cutting it neither raises nor loses anybody's message."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.whatsapp import samples
from wabridge.model.event import decode, encode
from wabridge.whatsapp import payloads

READABLE = [name for name in samples.NAMES if name not in {"broken_utf8", "byte_order_mark", "number_without_end"}]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["\ud83d", "\0", "16505550123", "US.1", "wamid.X", [], {}, [[]], [None], [{}], {"id": {}}, 2**80]),
)
Place = tuple[Any, Any]


def places(node: Any) -> Iterator[Place]:
    """Yield each container of a body with each of its keys."""
    pairs = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
    for key, child in pairs:
        yield node, key
        yield from places(child)


def _drop(draw: st.DrawFn, container: Any, key: Any) -> None:
    del container[key]


def _retype(draw: st.DrawFn, container: Any, key: Any) -> None:
    container[key] = copy.deepcopy(draw(JUNK))


def _rename(draw: st.DrawFn, container: Any, key: Any) -> None:
    if isinstance(container, dict):
        container[draw(st.text(max_size=5))] = container.pop(key)


def _shuffle(draw: st.DrawFn, container: Any, key: Any) -> None:
    if isinstance(container, list):
        container[:] = draw(st.permutations(container))
    else:
        pairs = draw(st.permutations(list(container.items())))
        container.clear()
        container.update(pairs)


def _duplicate(draw: st.DrawFn, container: Any, key: Any) -> None:
    twin = copy.deepcopy(container[key])
    if isinstance(container, list):
        container.insert(key, twin)
    else:
        container[draw(st.sampled_from(["messages", "statuses", "errors", "contacts", "text", "id", "twin"]))] = twin


DAMAGES = (_drop, _retype, _rename, _shuffle, _duplicate)


def damage(draw: st.DrawFn, root: Any) -> None:
    """Do up to four damages to a body."""
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(root))
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        draw(st.sampled_from(DAMAGES))(draw, container, key)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with up to four damages, as bytes."""
    root = samples.parsed(draw(st.sampled_from(READABLE)))
    damage(draw, root)
    return json.dumps(root, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")


def _assert_storable(body: bytes) -> None:
    for item in payloads.split(body):
        assert decode(encode(item.event)) == item.event
        assert b"\\u0000" not in encode(item.event).replace(b"\\\\", b"")
        assert isinstance(item.identity, bytes)
        assert 0 <= item.at < 2**32


@settings(deadline=None)  # a busy machine is no fault
@given(damaged())
def test_no_damage_to_a_sample_raises(body: bytes) -> None:
    """Keys dropped, renamed, retyped, shuffled or doubled: everything that comes out can be stored."""
    _assert_storable(body)


@settings(deadline=None)  # a busy machine is no fault
@given(st.binary())
def test_no_bytes_raise(body: bytes) -> None:
    """Any bytes at all can be cut."""
    _assert_storable(body)


@settings(deadline=None)  # a busy machine is no fault
@given(st.sampled_from(samples.NAMES), st.data())
def test_no_cut_or_flipped_byte_raises(name: str, data: st.DataObject) -> None:
    """A body that breaks off, or has a byte changed, can be cut."""
    body = bytearray(samples.body(name))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] = data.draw(st.integers(0, 255))
    _assert_storable(bytes(body))
    _assert_storable(bytes(body[:place]))


@settings(deadline=None)  # a busy machine is no fault
@given(st.data(), st.integers(0, 2))
def test_damage_to_one_message_costs_no_sibling(data: st.DataObject, victim: int) -> None:
    """Whatever is done to one message of three, the other two come out unchanged and exactly once."""
    root = samples.parsed("batch_of_everything")
    messages = root["entry"][0]["changes"][0]["value"]["messages"]
    untouched = payloads.split(json.dumps(root).encode())
    container, key = data.draw(st.sampled_from([(messages, victim), *places(messages[victim])]))
    change = data.draw(st.sampled_from([_retype, _rename] if container is messages else DAMAGES))
    change(data.draw, container, key)
    items = payloads.split(json.dumps(root).encode("utf-8", "surrogatepass"))
    siblings = [item for item in untouched if item.pointer != f"/entry/0/changes/0/value/messages/{victim}"]
    for sibling in siblings:
        assert [item for item in items if item.pointer == sibling.pointer] == [sibling]


@st.composite
def texts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to six messages with ids of their own and any text."""
    bodies = draw(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=6))
    return [
        {"from": "16505550123", "id": f"wamid.{n}", "timestamp": "1790416800", "type": "text", "text": {"body": body}}
        for n, body in enumerate(bodies)
    ]


@settings(deadline=None)  # a busy machine is no fault
@given(texts(), st.data())
def test_ids_are_found_exactly_once_in_any_batch(messages: list[dict[str, Any]], data: st.DataObject) -> None:
    """However messages are spread over entries, changes and lists, each is found once, with the same identity."""
    alone = [payloads.split(_bodied([[[message]]]))[0] for message in messages]
    cuts = data.draw(st.lists(st.integers(0, len(messages)), max_size=3).map(sorted))
    parts = [messages[start:end] for start, end in zip([0, *cuts], [*cuts, len(messages)], strict=True)]
    shaped = [[part] for part in parts if part] if data.draw(st.booleans()) else [[part for part in parts if part]]
    items = payloads.split(_bodied(shaped, escaped=data.draw(st.booleans())))
    assert samples.wamids(items) == [message["id"] for message in messages]
    assert [(item.identity, item.event) for item in items] == [(item.identity, item.event) for item in alone]


def _bodied(entries: list[list[list[dict[str, Any]]]], *, escaped: bool = True) -> bytes:
    """Return a body: entries of changes of messages."""
    metadata = {"phone_number_id": samples.NUMBER}
    root = {
        "entry": [
            {"changes": [{"field": "messages", "value": {"metadata": metadata, "messages": part}} for part in changes]}
            for changes in entries
        ]
    }
    return json.dumps(root, ensure_ascii=escaped).encode()
