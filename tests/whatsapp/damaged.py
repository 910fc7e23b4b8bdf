"""Samples with keys dropped, renamed, retyped, shuffled and doubled, for tests of what must hold all the same."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.whatsapp import samples

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


def drop(draw: st.DrawFn, container: Any, key: Any) -> None:
    del container[key]


def retype(draw: st.DrawFn, container: Any, key: Any) -> None:
    container[key] = copy.deepcopy(draw(JUNK))


def rename(draw: st.DrawFn, container: Any, key: Any) -> None:
    if isinstance(container, dict):
        container[draw(st.text(max_size=5))] = container.pop(key)


def shuffle(draw: st.DrawFn, container: Any, key: Any) -> None:
    if isinstance(container, list):
        container[:] = draw(st.permutations(container))
    else:
        pairs = draw(st.permutations(list(container.items())))
        container.clear()
        container.update(pairs)


def duplicate(draw: st.DrawFn, container: Any, key: Any) -> None:
    twin = copy.deepcopy(container[key])
    if isinstance(container, list):
        container.insert(key, twin)
    else:
        container[draw(st.sampled_from(["messages", "statuses", "errors", "contacts", "text", "id", "twin"]))] = twin


DAMAGES = (drop, retype, rename, shuffle, duplicate)


def damage(draw: st.DrawFn, root: Any) -> None:
    """Do up to four damages to a body."""
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(root))
        if not found:
            break
        container, key = draw(st.sampled_from(found))
        draw(st.sampled_from(DAMAGES))(draw, container, key)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """A sample with up to four damages, as bytes."""
    root = samples.parsed(draw(st.sampled_from(READABLE)))
    damage(draw, root)
    return json.dumps(root, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
