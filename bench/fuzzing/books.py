"""What a body holds, read without wabridge, held against what wabridge has made of it.

A thing is in a body if it has a mark in its id and looks like an item, or stands in a change of another field. After
the workers have rested each must lie under the pointer of an item that is done, quarantined or foreign.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bench.fuzzing.damages import Intact
from bench.fuzzing.grammar import MARK
from wabridge.gateway import cutouts
from wabridge.model.event import InboundMessage, decode
from wabridge.model.ids import MessageId
from wabridge.storage.database import Transaction

Pairs = list[tuple[str, Any]]
"""An object with all of its keys, also those that stand there twice."""

_BESIDE_AN_ID = {"type", "timestamp", "status", "from", "from_user_id"}
_LISTS = {"messages", "statuses", "message_echoes", "history", "state_sync", "groups", "calls", "user_preferences"}
"""Where a value of these has its items; a word beside them is none."""
_DEEPER = "standby"
"""Under this key the same lists stand one level deeper."""


class Row(NamedTuple):
    """An item as wabridge keeps it."""

    id: int
    body: bytes
    pointer: str
    kind: str
    state: str
    reason: str
    payload: bytes


def things(body: bytes) -> set[bytes]:
    """Return the marks of everything in a body that must not get lost; all of them if it is no JSON."""
    try:
        root = json.loads(
            body.decode("utf-8-sig", "surrogateescape"), strict=False, parse_int=str, object_pairs_hook=_Object
        )
    except (ValueError, RecursionError):
        return set(MARK.findall(body))
    return set(_marks_of_items(root)) | set(_marks_of_fields(root))


def list_rows(tx: Transaction, after: int, limit: int) -> list[Row]:
    """Return some items, by id."""
    rows = tx.all(
        "SELECT e.id, w.body, e.pointer, e.kind, e.state, e.reason, e.payload FROM event AS e"
        " JOIN webhook AS w ON w.id = e.webhook_id WHERE e.id > ? ORDER BY e.id LIMIT ?",
        (after, limit),
    )
    return [Row(r["id"], r["body"], r["pointer"], r["kind"], r["state"], r["reason"] or "", r["payload"]) for r in rows]


class Books:
    """What was found of all items so far.

    found: the marks that lie under an item; wrong: what is wrong with items; messages: the state and text of each item
    by its wamid. A flipped byte may give an item of one input the wamid of another's: both are kept.
    """

    def __init__(self) -> None:
        self.found: set[bytes] = set()
        self.wrong: list[str] = []
        self.messages: dict[str, set[tuple[str, str | None]]] = {}

    def enter(self, rows: Iterable[Row]) -> None:
        """Look at some items; those of one body stand together, so that it is read once."""
        opened = cutouts.Opened(b"")
        body: bytes | None = None
        for row in rows:
            if row.body != body:
                opened, body = cutouts.Opened(row.body), row.body
            self._enter(row, opened)

    def _enter(self, row: Row, opened: cutouts.Opened) -> None:
        if row.state not in {"done", "quarantined", "foreign"}:
            self.wrong.append(f"{_owner(row)}: an item is {row.state}")
        if (cutout := opened.cut_out(row.pointer)) is None:
            self.wrong.append(f"{_owner(row)}: nothing lies at the pointer of an item")
            return
        cutouts.readable(cutout).encode("utf-8")
        self.found.update(MARK.findall((cutout.canonical or b"") + (cutout.exact or b"")))
        if (
            cutout.exact is not None
            and cutout.canonical is not None
            and not _agree(row.body, cutout.exact, cutout.canonical)
        ):
            self.wrong.append(f"{_owner(row)}: the bytes and the canonical form of an item differ")
        event = decode(row.payload)
        if isinstance(event, InboundMessage):
            self.messages.setdefault(event.wamid, set()).add((row.state, event.text))


def list_unkept(tx: Transaction) -> list[str]:
    """Return the statuses that are done and not kept."""
    rows = tx.all(
        "SELECT id FROM event AS e WHERE kind = 'status' AND state = 'done'"
        " AND NOT EXISTS (SELECT 1 FROM status_event AS s WHERE s.event_id = e.id)"
    )
    return [f"event {row['id']}: a status is done and not kept" for row in rows]


def lost_siblings(intact: Iterable[Intact], messages: dict[str, set[tuple[str, str | None]]]) -> Iterator[str]:
    """Yield the messages that nothing was done to and that did not come out as they were."""
    for wamid, text in intact:
        found = messages.get(wamid, set())
        if not any(state == "done" and text in (None, said) for state, said in found):
            states = ", ".join(sorted(state for state, _ in found)) or "nowhere"
            yield f"{wamid}: the sibling of a damaged item is {states}"


def places_to_visit(tx: Transaction, *, every: int) -> list[str]:
    """Return pages and lists that show what came: some conversations, some messages, the quarantine."""
    conversations = [row["id"] for row in tx.all("SELECT id FROM conversation ORDER BY id")][::every]
    contacts = [row["id"] for row in tx.all("SELECT id FROM contact ORDER BY id")][::every]
    aside = [row["id"] for row in tx.all("SELECT id FROM event WHERE state = 'quarantined' ORDER BY id")][:: every * 9]
    messages = [MessageId(row["id"]) for row in tx.all("SELECT id FROM message ORDER BY id")][:: every * 9]
    return [
        "/inbox", "/account", "/quarantine", "/api/v1/contacts?limit=100",
        *(f"/conversations/{each}" for each in conversations),
        *(f"/quarantine/{each}" for each in aside),
        *(f"/api/v1/contacts/{each}/messages?limit=100" for each in contacts),
        *(f"/api/v1/messages/{each}{part}" for each in messages for part in ("", "/source")),
        *(f"/messages/{each}/source" for each in messages),
    ]  # fmt: skip


class _Object(Pairs):
    """Told apart from a list by its class."""


def _marks_of_items(root: Any) -> Iterator[bytes]:
    for part in _parts(root):
        if isinstance(part, _Object) and {key for key, _ in part} & _BESIDE_AN_ID:
            yield from (mark for key, value in part if key == "id" for mark in _marks(value))


def _marks_of_fields(root: Any) -> Iterator[bytes]:
    """Yield the marks in changes of other fields than messages, where the envelope leads to them."""
    for entry in _each(_last(root, "entry")):
        for change in _each(_last(entry, "changes")):
            name = _last(change, "field")
            if isinstance(name, str) and name not in ("", "messages"):
                inside = _past_envelope(_last(change, "value"))
                yield from (mark for each in inside for part in _parts(each) for mark in _marks(part))


def _past_envelope(value: Any) -> Iterator[Any]:
    """Yield what stands in a value, without what is said around its items: whose number, what people, what beside."""
    if not isinstance(value, _Object):
        yield value
        return
    deeper = [part for key, part in value if key == _DEEPER and isinstance(part, _Object)]
    holds_items = bool(deeper) or any(key in _LISTS and isinstance(part, list) for key, part in value)
    for part in deeper:
        yield from _past_envelope(part)
    for key, part in value:
        if key == "metadata" and isinstance(part, _Object):
            yield from (inner for _, inner in part if isinstance(inner, list))
        elif not holds_items or (isinstance(part, list) and key != "contacts"):
            yield part


def _parts(root: Any) -> Iterator[Any]:
    """Yield everything in a value, however deep."""
    level = [root]
    while level:
        part = level.pop()
        yield part
        if isinstance(part, _Object):
            level += [value for _, value in part]
        elif isinstance(part, list):
            level += part


def _last(thing: Any, key: str) -> Any:
    return next((value for name, value in reversed(thing) if name == key), None) if isinstance(thing, _Object) else None


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) and not isinstance(value, _Object) else [value]


def _marks(value: Any) -> list[bytes]:
    return MARK.findall(value.encode("utf-8", "surrogatepass")) if isinstance(value, str) else []


def _agree(body: bytes, exact: bytes, canonical: bytes) -> bool:
    """Say whether what was cut out lies in the body and names what the canonical form names."""
    return exact in body and set(MARK.findall(canonical)) <= set(MARK.findall(exact))


def _owner(row: Row) -> str:
    marks = MARK.findall(row.body)
    return marks[0].decode() if marks else "no mark"
