"""Whatever happens to a body, cutting it neither raises nor loses anybody's message."""

import hashlib
import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.whatsapp import damaged, samples
from wabridge.model.event import decode, encode
from wabridge.whatsapp import cutouts, payloads

WHOLE = [name for name in damaged.READABLE if not name.startswith("lone_surrogate")]
"""Samples without half a character, which has no plain spelling."""


def _assert_storable(body: bytes) -> None:
    for item in payloads.split(body):
        assert decode(encode(item.event)) == item.event
        assert b"\\u0000" not in encode(item.event).replace(b"\\\\", b"")
        assert isinstance(item.identity, bytes)
        assert 0 <= item.at < 2**32


@settings(deadline=None)  # a busy machine is no fault
@given(damaged.bodies())
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
    container, key = data.draw(st.sampled_from([(messages, victim), *damaged.places(messages[victim])]))
    change = data.draw(st.sampled_from([damaged.retype, damaged.rename] if container is messages else damaged.DAMAGES))
    change(data.draw, container, key)
    items = payloads.split(json.dumps(root).encode("utf-8", "surrogatepass"))
    siblings = [item for item in untouched if item.pointer != f"/entry/0/changes/0/value/messages/{victim}"]
    for sibling in siblings:
        assert [item for item in items if item.pointer == sibling.pointer] == [sibling]


def _identities(body: bytes) -> Counter[bytes]:
    """Return what makes each item the same item when it comes again."""
    return Counter(item.identity for item in payloads.split(body))


def _shuffled(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        pairs = [(key, _shuffled(child, chance)) for key, child in node.items()]
        chance.shuffle(pairs)
        return dict(pairs)
    return [_shuffled(child, chance) for child in node] if isinstance(node, list) else node


@settings(deadline=None)  # a busy machine is no fault
@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False))
def test_spelling_changes_nothing(name: str, chance: random.Random) -> None:
    """Escaped or plain Unicode, escaped slashes, white space, keys in any order: the same items say the same."""
    root = samples.parsed(name)
    first = payloads.split(json.dumps(root).encode())
    for body in (
        json.dumps(root, ensure_ascii=False).encode("utf-8", "surrogatepass"),
        json.dumps(root, indent=3).encode(),
        json.dumps(root, separators=(" , ", " : ")).encode(),
        json.dumps(root).replace("/", "\\/").encode(),
        b"\xef\xbb\xbf" + json.dumps(root).encode(),
        json.dumps(_shuffled(root, chance)).encode(),
    ):
        items = payloads.split(body)
        assert {item.identity for item in items} == {item.identity for item in first}
        assert {item.pointer for item in items} == {item.pointer for item in first}


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.sampled_from(damaged.READABLE), min_size=2, max_size=5))
def test_merged_and_split_batches_hold_the_same_items(names: list[str]) -> None:
    """Entries of many webhooks in one body, or each in a body of its own: the same set of identities."""
    roots = [root for root in map(samples.parsed, names) if isinstance(root.get("entry"), list)]
    entries = [entry for root in roots for entry in root["entry"]]
    apart: Counter[bytes] = Counter()
    for entry in entries:
        apart += _identities(json.dumps({"entry": [entry]}).encode())
    assert not entries or _identities(json.dumps({"entry": entries}).encode()) == apart


@settings(deadline=None)  # a busy machine is no fault
@given(st.sampled_from(damaged.READABLE), st.data())
def test_a_key_that_stands_twice_costs_neither_value(name: str, data: st.DataObject) -> None:
    """Whichever key is repeated before itself, the items that were there stay, and what the other holds is kept."""
    root = samples.parsed(name)
    plain = {item.pointer for item in payloads.split(json.dumps(root).encode())}
    places = [place for place in damaged.places(root) if isinstance(place[0], dict)]
    container, key = data.draw(st.sampled_from(places))
    kept, container[key] = container[key], "@@"
    twin = [{"id": "wamid.TWIN", "type": "text", "from": "16505550199", "text": {"body": "kembar"}}]
    both = f"{json.dumps(key)}: {json.dumps(twin)}, {json.dumps(key)}: {json.dumps(kept)}"
    body = json.dumps(root).replace(f'{json.dumps(key)}: "@@"', both, 1).encode()
    items = payloads.split(body)
    found = [cutouts.cut_out(body, item.pointer) for item in items]
    assert any(each and b"wamid.TWIN" in (each.exact or b"") for each in found)
    assert plain <= {item.pointer for item in items}


@pytest.mark.parametrize("name", damaged.READABLE)
def test_the_digest_of_an_item_is_that_of_its_cutout(name: str) -> None:
    """What the ledger commits to is what can be cut out of the webhook years later."""
    body = json.dumps(samples.parsed(name)).encode()
    for item in payloads.split(body):
        cutout = cutouts.cut_out(body, item.pointer)
        assert cutout is not None
        assert cutout.canonical is not None
        assert item.digest == hashlib.sha256(cutout.canonical).digest()


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
