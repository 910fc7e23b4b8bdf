"""Of a message that is understood nothing is passed over: what has no word of its own is kept as it came."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.whatsapp import samples, variants
from wabridge.model.event import AccountEvent, Echo, InboundMessage, encode
from wabridge.whatsapp import account_news, payloads

MARK = "marked 77"
NEVER_SAID = ("session",)
"""A call's offer of a connection names addresses of devices."""
SAID_OTHERWISE = {
    ("context", "from"),  # the message that is quoted is shown itself
    ("context", "id"),
    ("recipient", "display_phone_number"),  # our own number
    ("messaging_product",),
    ("addresses", "country_code"),  # the country is named beside it
    ("history_context", "status"),  # in small letters
}
"""Where another plain word says nothing that is not said elsewhere: the last names on the way to it."""


def _bodies() -> dict[str, Any]:
    """Return the webhooks of all files and variants that are JSON."""
    found = {}
    for name in samples.NAMES:
        try:
            found[name] = samples.parsed(name)
        except (ValueError, RecursionError):
            continue
    for name, (parts, _) in variants.MESSAGES.items():
        messages = [variants.message(**parts)]
        found[name] = variants.webhook(variants.value(contacts=[variants.NAMED], messages=messages))
    return found


def _news(root: Any) -> Iterator[AccountEvent]:
    """Yield what a webhook tells of the account."""
    for item in payloads.split(json.dumps(root).encode()):
        if isinstance(item.event, AccountEvent) and isinstance(item.event.value, dict):
            yield item.event


BODIES = _bodies()


def _at(root: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        root = root[int(step) if isinstance(root, list) else step]
    return root


def _objects(part: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(part, dict):
        yield way, part
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inside:
        yield from _objects(value, (*way, str(key)))


def _passed_over(root: Any, shapes: tuple[Any, ...], *, known_keys: bool) -> Iterator[tuple[str, ...]]:
    """Yield the ways to what can be put into the messages of a webhook without being kept, though they are understood.

    known_keys: in the place of what stands there; else beside it, under a key that nobody knows.
    """
    for item in payloads.split(json.dumps(root).encode()):
        if not isinstance(item.event, InboundMessage | Echo):
            continue
        for way, part in _objects(_at(root, item.pointer)):
            is_ours = {"from"} if isinstance(item.event, Echo) and not way else set()
            for key in part.keys() - is_ours if known_keys else ("brand_new",):
                for shape in shapes:
                    if not _is_kept(root, item.pointer, way, key, shape):
                        yield (*(step for step in way if not step.isdigit()), key)


def _is_kept(root: Any, pointer: str, way: tuple[str, ...], key: str, shape: Any) -> bool:
    changed = copy.deepcopy(root)
    _at(changed, "/".join((pointer, *way)))[key] = shape
    for item in payloads.split(json.dumps(changed).encode()):
        if item.pointer == pointer and isinstance(item.event, InboundMessage | Echo):
            return MARK.encode() in encode(item.event)
    return True  # not understood any more: set aside, with its bytes


@pytest.mark.parametrize("name", BODIES)
def test_a_key_that_nobody_knows_is_kept(name: str) -> None:
    """Whatever stands under a new key, anywhere in a message, is found in what is kept of it."""
    shapes = (MARK, {"inside": {"deeper": MARK}}, [1, MARK])
    passed_over = set(_passed_over(BODIES[name], shapes, known_keys=False))
    assert {way for way in passed_over if way[:1] != NEVER_SAID} == set()


@pytest.mark.parametrize("name", BODIES)
def test_a_known_key_in_an_unknown_shape_is_kept(name: str) -> None:
    """Whatever stands where a word was expected is found in what is kept of the message, or it is set aside."""
    passed_over = set(_passed_over(BODIES[name], ({"inside": MARK}, [MARK]), known_keys=True))
    assert {way for way in passed_over if way[:1] != NEVER_SAID} == set()


@pytest.mark.parametrize("name", BODIES)
def test_another_word_under_a_known_key_is_kept(name: str) -> None:
    """A word that nobody knows yet stands in what is kept, unless it says what is said elsewhere."""
    passed_over = set(_passed_over(BODIES[name], (MARK,), known_keys=True))
    assert {way for way in passed_over if way[:1] != NEVER_SAID and way[-2:] not in SAID_OTHERWISE} == set()


OUR_NUMBER = "display_phone_number"
"""Shown as its digits."""
NEWS = sorted(name for name, root in BODIES.items() if any(_news(root)))


@pytest.mark.parametrize("name", NEWS)
def test_of_news_about_the_account_nothing_is_passed_over(name: str) -> None:
    """A new key, another shape and another word: each is found in what the news says."""
    shapes = (MARK, {"inside": MARK}, [1, MARK])
    for event in _news(BODIES[name]):
        for way, part in _objects(event.value):
            for key in (*part, "brand_new"):
                for shape in shapes[key == OUR_NUMBER :]:
                    changed = copy.deepcopy(event.value)
                    _at(changed, "/".join(("", *way)))[key] = shape
                    said = msgspec.json.encode(account_news.read(event.field, changed))
                    assert MARK.encode() in said, (*way, key, shape)
