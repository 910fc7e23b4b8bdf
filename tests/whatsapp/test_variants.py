"""Odd, old, foreign and future payloads: each comes out as what it is, or is set aside where a person sees it."""

import json

import pytest

from tests.whatsapp import envelopes, variants
from tests.whatsapp.variants import PHONE, Told
from wabridge.model import content
from wabridge.model.event import InboundMessage, Item, Person, StatusReport, Unreadable, decode, encode
from wabridge.whatsapp import cutouts, payloads


def _split(body: bytes) -> list[Item]:
    """Return the items, after seeing that each can be stored and cut out and none lies in another."""
    items = payloads.split(body)
    places = [item.pointer for item in items]
    assert len(set(places)) == len(places)
    assert not any(one != other and one.startswith(other + "/") for one in places for other in places)
    for item in items:
        item.pointer.encode("utf-8")
        assert decode(encode(item.event)) == item.event
        assert cutouts.cut_out(body, item.pointer) is not None
    return items


@pytest.mark.parametrize(("parts", "told"), variants.MESSAGES.values(), ids=list(variants.MESSAGES))
def test_a_message_says_what_it_says(parts: variants.Json, told: Told) -> None:
    """Every type, old and new, whole or damaged: Ada's message with its words, and all that is known of it is kept."""
    (item,) = _split(variants.one(**parts))
    assert isinstance(item.event, InboundMessage)
    assert (item.event.type, item.event.text) == (told.type, told.text)
    assert item.event.sender.is_known
    kept = json.dumps(json.loads(content.encode(item.event.content or content.NOTHING)), ensure_ascii=False)
    assert [words for words in told.holds if words not in kept] == []


@pytest.mark.parametrize("parts", variants.UNREADABLE_MESSAGES.values(), ids=list(variants.UNREADABLE_MESSAGES))
def test_a_message_that_makes_no_sense_is_somebodys(parts: variants.Json) -> None:
    """What can't be understood names its reason and, unless a group is named, who wrote it."""
    (item,) = _split(variants.one(**parts))
    assert isinstance(item.event, Unreadable)
    assert item.event.reason
    assert item.event.sender.phone == (None if "group_id" in parts else PHONE)


@pytest.mark.parametrize(("body", "sender"), envelopes.SENDERS.values(), ids=list(envelopes.SENDERS))
def test_a_sender_is_known_by_the_shape_of_what_came(body: bytes, sender: Person) -> None:
    """Ids under other keys, as other types, missing or foreign: who wrote is whoever the values name."""
    (item,) = _split(body)
    assert isinstance(item.event, InboundMessage)
    assert item.event.sender == sender


@pytest.mark.parametrize(("body", "word"), envelopes.STATUSES.values(), ids=list(envelopes.STATUSES))
def test_a_status_is_a_status(body: bytes, word: str) -> None:
    """Whatever stands beside its id and its word, and whatever its word is, a status is kept as one."""
    (item,) = _split(body)
    assert isinstance(item.event, StatusReport)
    assert item.event.status == word


@pytest.mark.parametrize("body", envelopes.UNREADABLE_STATUSES.values(), ids=list(envelopes.UNREADABLE_STATUSES))
def test_a_status_that_makes_no_sense_is_set_aside(body: bytes) -> None:
    """A status without id or word is nobody's message and shows in no conversation."""
    (item,) = _split(body)
    assert isinstance(item.event, Unreadable)
    assert not item.event.sender.is_known


@pytest.mark.parametrize("body", envelopes.ENVELOPES.values(), ids=list(envelopes.ENVELOPES))
def test_three_texts_are_three_texts_in_any_envelope(body: bytes) -> None:
    """Parts missing, doubled, of another type or of tomorrow: the messages inside come out alike."""
    assert [_said(item) for item in _split(body)] == [("106540352242922", f"wamid.V{n}", "Halo") for n in range(3)]


@pytest.mark.parametrize("body", envelopes.STRAYS.values(), ids=list(envelopes.STRAYS))
def test_an_item_where_nobody_expects_one_is_set_aside(body: bytes) -> None:
    """Under a key of tomorrow, a misspelled one or one that stands twice: kept, its siblings unharmed."""
    items = _split(body)
    assert sorted(_said(item) for item in items if isinstance(item.event, InboundMessage)) == [
        ("106540352242922", f"wamid.V{n}", "Halo") for n in range(3)
    ]
    (stray,) = [item for item in items if not isinstance(item.event, InboundMessage)]
    assert isinstance(stray.event, Unreadable)
    found = cutouts.cut_out(body, stray.pointer)
    assert found is not None
    assert found.exact is not None
    assert b"wamid.V9" in found.exact


@pytest.mark.parametrize("body", envelopes.NOTHING_TO_READ.values(), ids=list(envelopes.NOTHING_TO_READ))
def test_what_nobody_can_read_is_announced(body: bytes) -> None:
    """What is no webhook, or one that says nothing, is an item of its own that says why."""
    items = _split(body)
    assert items
    assert all(isinstance(item.event, Unreadable) and item.event.reason for item in items)


def test_there_are_enough_of_them() -> None:
    """The tables hold at least 150 variants, and none twice."""
    bodies = [variants.one(**parts) for parts, _ in variants.MESSAGES.values()]
    bodies += [variants.one(**parts) for parts in variants.UNREADABLE_MESSAGES.values()]
    bodies += [body for body, _ in (*envelopes.SENDERS.values(), *envelopes.STATUSES.values())]
    tables = (envelopes.UNREADABLE_STATUSES, envelopes.ENVELOPES, envelopes.STRAYS, envelopes.NOTHING_TO_READ)
    bodies += [body for table in tables for body in table.values()]
    assert len(bodies) >= 150


def _said(item: Item) -> tuple[str | None, str | None, str | None]:
    assert isinstance(item.event, InboundMessage)
    return item.event.phone_number_id, item.event.wamid, item.event.text
