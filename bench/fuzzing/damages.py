"""What is done to a body before it is sent: to its objects, to its JSON, to its bytes."""

import copy
import gzip
import json
import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from bench.fuzzing import bodies, grammar
from bench.fuzzing.grammar import Source

Place = tuple[Any, Any]
"""A container and one of its keys."""


class Intact(NamedTuple):
    """A message that nothing was done to, beside one to which something was. text: what it must say afterwards."""

    wamid: str
    text: str | None


class Input(NamedTuple):
    """What is sent, one body after the other, and what of it must come out whole."""

    bodies: tuple[bytes, ...]
    intact: tuple[Intact, ...] = ()


def make(seed: int, number: int) -> Input:
    """Return one input; the same seed and number give the same one."""
    source = Source(random.Random(f"{seed}:{number}"), number)
    (recipe,) = source.chance.choices(list(_RECIPES), weights=list(_RECIPES.values()))
    return recipe(source)


def _sound(source: Source) -> Input:
    return Input((_spell(source, bodies.webhook(source)),))


def _damaged(source: Source) -> Input:
    root: Any = {"": bodies.webhook(source)}
    for _ in range(source.chance.choice((1, 1, 2, 3, 4))):
        _damage(source, _places(root))
    return Input((_spell(source, root.get("")),))


def _one_bad_item(source: Source) -> Input:
    people = [grammar.person(source) for _ in range(source.chance.randrange(2, 5))]
    messages = [grammar.message(source, who) for who in people]
    value = grammar.value(source, contacts=[grammar.contact(source, who) for who in people], messages=messages)
    if source.chance.random() < 0.3:
        value["statuses"] = [grammar.status(source, people[0])]
    victim = source.chance.randrange(len(messages))
    intact = [
        Intact(message["id"], message["text"]["body"] if message["type"] == "text" else None)
        for number, (message, who) in enumerate(zip(messages, people, strict=True))
        if number != victim and ("from" in message or "from_user_id" in message)
    ]
    for _ in range(source.chance.choice((1, 1, 2, 5))):
        _damage(source, _places(messages[victim]))
    if source.chance.random() < 0.2:
        whole = source.chance.choice((_retype, _duplicate))
        whole(source, messages, victim, [])
    change = {"field": "messages", "value": value}
    root = {"object": "whatsapp_business_account", "entry": [{"id": grammar.OURS[1], "changes": [change]}]}
    return Input((_spell(source, root),), tuple(intact))


def _key_twice(source: Source) -> Input:
    body = json.dumps(bodies.webhook(source), separators=(",", ":")).encode()
    twin = json.dumps(bodies.webhook(source), separators=(",", ":")).encode()
    for _ in range(source.chance.choice((1, 1, 2))):
        key = source.chance.choice(list(_KEY.finditer(body)))
        others = [match for match in _KEY.finditer(twin) if match[0] == key[0]]
        part = _part(twin, source.chance.choice(others).end()) if others else b"7"
        spaced = source.chance.choice((b"", b" ")) + b":"
        body = body[: key.start()] + key[0][:-1] + spaced + part + b"," + body[key.start() :]
    return Input((body,))


def _bytes(source: Source) -> Input:
    body = bytearray(_spell(source, bodies.webhook(source)))
    for _ in range(source.chance.choice((1, 1, 3, 20))):
        place = source.chance.randrange(len(body))
        deed = source.chance.randrange(4)
        if deed == 0:
            body[place] ^= 1 << source.chance.randrange(8)
        elif deed == 1:
            body[place:place] = source.chance.choice(_BYTES)
        elif deed == 2:
            del body[place : place + source.chance.choice((1, 2, 40))]
        else:
            body[place] = source.chance.randrange(256)
        body = body or bytearray(b"0")
    return Input((bytes(body),))


def _no_json(source: Source) -> Input:
    body = _spell(source, bodies.webhook(source))
    cut = source.chance.randrange(len(body))
    made: tuple[bytes, ...] = (
        body[:cut], body[cut:], body + body, body + b"\n" + body, gzip.compress(body), b"\0" + body,
        b"\xef\xbb\xbf" + body, body.decode("utf-8", "replace").encode("utf-16"), b"", b"payload=" + body,
        source.chance.randbytes(cut % 300), b"<html>" + body, json.dumps(body.decode("latin-1")).encode(),
    )  # fmt: skip
    return Input((source.chance.choice(made),))


def _nested(source: Source) -> Input:
    root = bodies.webhook(source)
    container, key = source.chance.choice(_places(root))
    kept, container[key] = container[key], "@@"
    depth = source.chance.choice((10, 40, *range(50, 68), 200, 900, 1100, 5000))
    opening, closing = source.chance.choice(((b"[", b"]"), (b'{"x":', b"}"), (b'{"id":"1","type":', b"}")))
    core = json.dumps(kept).encode()
    body = json.dumps(root).encode().replace(b'"@@"', opening * depth + core + closing * depth)
    return Input((body,))


def _regrouped(source: Source) -> Input:
    """Return several webhooks as one, or the items of one in several."""
    many = [bodies.webhook(source) for _ in range(source.chance.choice((2, 3)))]
    entries = [entry for root in many for entry in root["entry"]]
    merged = _spell(source, many[0] | {"entry": entries})
    alone = [_spell(source, many[0] | {"entry": [entry]}) for entry in entries]
    source.chance.shuffle(alone)
    return Input(source.chance.choice(((merged,), tuple(alone), (merged, *alone), (*alone, merged, merged))))


def _relayed(source: Source) -> Input:
    """Return what other vendors and test tools make of a webhook: parts of its envelope are missing or doubled."""
    root = bodies.webhook(source)
    entry = root["entry"][0]
    change = entry["changes"][0]
    made: tuple[Any, ...] = (
        root["entry"], entry, change, change["value"], [root], [root, bodies.webhook(source)], {"payload": root},
        {"entry": entry}, {"entry": [entry | {"changes": change}]}, {"entry": [change]}, root | change["value"],
        {"body": json.dumps(root)}, {"entry": json.dumps(root["entry"])}, entry["changes"], {"entry": [[entry]]},
        {"entry": [entry | change["value"]]}, {"entry": [entry | {"messaging": change["value"]}]},
    )  # fmt: skip
    return Input((_spell(source, source.chance.choice(made)),))


_RECIPES: dict[Callable[[Source], Input], int] = {
    _sound: 8,
    _damaged: 34,
    _one_bad_item: 24,
    _key_twice: 8,
    _bytes: 10,
    _no_json: 4,
    _nested: 3,
    _regrouped: 4,
    _relayed: 5,
}

_KEY = re.compile(rb'"[a-z_]+":')
_BYTES = (
    b"\0",
    b"\xff",
    b"\\",
    b'"',
    b"{",
    b"]",
    b",",
    b"\xed\xa0\xbd",
    b"\\u0000",
    b"\\ud83d",
    b"\r\n",
    b"\xe2\x80\xa8",
)
_STEP = json.JSONDecoder()


def _part(body: bytes, start: int) -> bytes:
    """Return the JSON value that begins at a place of a body in ASCII."""
    _, end = _STEP.raw_decode(body.decode("ascii"), start)
    return body[start:end]


def _spell(source: Source, root: Any) -> bytes:
    """Return the JSON of a body in one of the ways it is written."""
    way = source.chance.randrange(10)
    if way == 0:
        return json.dumps(root, indent=2).encode()
    if way == 1:
        return json.dumps(root, separators=(" ,", " : ")).encode()
    if way < 5:
        return json.dumps(root, ensure_ascii=False).encode("utf-8", "surrogatepass")
    plain = json.dumps(root, separators=(",", ":"))
    return (plain.replace("/", "\\/") if way < 7 else plain).encode()


def _places(node: Any) -> list[Place]:
    found: list[Place] = []
    level = [node]
    while level:
        part = level.pop()
        keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
        found += [(part, key) for key in keys]
        level += [part[key] for key in keys]
    return found


def _damage(source: Source, places: list[Place]) -> None:
    """Do something to one key."""
    if places:
        container, key = source.chance.choice(places)
        deed = source.chance.choice((_drop, _rename, _retype, _retype, _shuffle, _duplicate))
        deed(source, container, key, places)


def _drop(source: Source, container: Any, key: Any, places: list[Place]) -> None:
    del container[key]


def _rename(source: Source, container: Any, key: Any, places: list[Place]) -> None:
    if isinstance(container, dict):
        name = source.chance.choice((*_NAMES, str(key) + "s", str(key).upper(), "", "a/b~c", "\0", "\ud83d", "x" * 300))
        container[name] = container.pop(key)


def _retype(source: Source, container: Any, key: Any, places: list[Place]) -> None:
    old = container[key]
    choices: tuple[Any, ...] = (
        *_JUNK, [old], [old, old], {"x": old}, {str(key): old}, str(old), [], {}, None, json.dumps(old, default=str),
    )  # fmt: skip
    if isinstance(old, str) and len(old) < 30 and old.isascii() and old.isdigit():
        choices = (*choices, int(old), int(old), float(old))
    container[key] = copy.deepcopy(source.chance.choice(choices))


def _shuffle(source: Source, container: Any, key: Any, places: list[Place]) -> None:
    if isinstance(container, list):
        source.chance.shuffle(container)
        return
    pairs = list(container.items())
    source.chance.shuffle(pairs)
    container.clear()
    container.update(pairs)


def _duplicate(source: Source, container: Any, key: Any, places: list[Place]) -> None:
    twin = copy.deepcopy(container[key])
    if isinstance(container, list):
        container.insert(source.chance.randrange(len(container) + 1), twin)
        return
    containers = [place for place in places if isinstance(place[0], dict)]
    other, _ = source.chance.choice(containers) if containers else (container, key)
    other[source.chance.choice(_NAMES)] = twin


_NAMES = (
    "messages", "statuses", "errors", "contacts", "message_echoes", "history", "standby", "text", "id", "from", "type",
    "from_user_id", "timestamp", "metadata", "value", "field", "changes", "entry", "body", "group_id", "context",
    "interactive", "system", "edit", "errors", "referral", "code", "status", "recipient_id", "wa_id", "user_id",
)  # fmt: skip
_JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 1.5, 2**31, 2**63, 2**64, 2**70, -(2**70), 10**400, 1e308, float("nan"), float("inf"),
    "", " ", "\0", "\ud83d", "\udc00x", "x" * 5000, "\u202e", "1790416800", "-5", "1e5", "NaN", "0x10", "١٢٣",
    "16505550123", "ID.1", "US.ENT.1", "wamid.X", "text", "messages", "image", "system", "edit", "reaction", [], {},
    [[]], [None], [{}], {"id": {}}, {"id": "1", "type": "text"}, ["text"], {"body": {"body": "x"}}, "%s%n", "{{7*7}}",
    "<script>", "9" * 5000, "twin",
)  # fmt: skip
