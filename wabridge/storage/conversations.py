"""Threads: one per (our number, contact), and one per group."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model import content
from wabridge.model.content import Content
from wabridge.model.ids import ContactId, ConversationId, MessageId, NumberId
from wabridge.model.message import Direction
from wabridge.model.window import MessageTime
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("conversations")


class Conversation(NamedTuple):
    """One thread. contact_id is None for a group, group_id for everything else."""

    id: ConversationId
    number_id: NumberId
    contact_id: ContactId | None
    group_id: str | None
    unread: int
    last_activity_at: datetime
    last_message_id: MessageId | None
    window_opened_at: datetime | None
    joined_to: ConversationId | None = None
    """The thread it is read as part of."""


class Line(NamedTuple):
    """One line of the inbox as it is stored."""

    id: ConversationId
    contact_id: ContactId | None
    unread: int
    last_activity_at: datetime
    window_opened_at: datetime | None
    preview_kind: str | None
    preview_text: str | None
    preview_content: Content | None
    preview_direction: Direction | None
    preview_status: str | None
    is_in_doubt: bool


class Opener(NamedTuple):
    """An item from outside that may have opened a window, as it was understood."""

    time: MessageTime
    payload: bytes


class Place(NamedTuple):
    """Where a line stands in the inbox: unread ones first, then the newest. at: microseconds since 1970."""

    is_unread: int
    at: int
    id: int


TOP = Place(1, 2**62, 2**62)
"""The place before the first line."""


def ensure(
    tx: Transaction,
    number_id: NumberId,
    *,
    contact_id: ContactId | None = None,
    group_id: str | None = None,
    now: datetime,
) -> ConversationId:
    """Return the thread with a contact or a group, made if there is none yet."""
    binds: dict[str, object] = {"number_id": number_id, "contact_id": contact_id, "group_id": group_id}
    row = tx.one(_sql["ensure__find" if group_id is None else "ensure__find_group"], binds)
    if row is None:
        row = tx.one(_sql["ensure__add"], {**binds, "now": to_micros(now)})
    assert row is not None, "an insert returns its row"
    return ConversationId(row["id"])


def find_group(tx: Transaction, number_id: NumberId, group_id: str) -> ConversationId | None:
    """Return the thread of a group, if there is one."""
    row = tx.one(_sql["ensure__find_group"], {"number_id": number_id, "group_id": group_id})
    return None if row is None else ConversationId(row["id"])


def get(tx: Transaction, conversation_id: ConversationId) -> Conversation:
    """Return a thread; raises NotFound."""
    row = tx.one(_sql["get"], {"conversation_id": conversation_id})
    if row is None:
        raise NotFound("no such conversation")
    return Conversation(
        id=ConversationId(row["id"]),
        number_id=NumberId(row["number_id"]),
        contact_id=row["contact_id"],
        group_id=row["group_id"],
        unread=row["unread"],
        last_activity_at=from_micros(row["last_activity_at"]),
        last_message_id=row["last_message_id"],
        window_opened_at=maybe_from_micros(row["window_opened_at"]),
        joined_to=row["joined_to"],
    )


def get_whole(tx: Transaction, conversation_id: ConversationId) -> Conversation:
    """Return a thread, or the one it is read as part of; raises NotFound."""
    found = get(tx, conversation_id)
    return found if found.joined_to is None else get(tx, found.joined_to)


def list_for_contact(tx: Transaction, contact_id: ContactId) -> list[ConversationId]:
    """Return the threads with a contact on all of our numbers, the liveliest first."""
    return [ConversationId(row["id"]) for row in tx.all(_sql["list_for_contact"], {"contact_id": contact_id})]


def list_parts(tx: Transaction, conversation_id: ConversationId) -> list[ConversationId]:
    """Return a thread and those that are read as part of it."""
    rows = tx.all(_sql["list_parts"], {"conversation_id": conversation_id})
    return [conversation_id, *(ConversationId(row["id"]) for row in rows)]


def list_page(tx: Transaction, *, after: Place = TOP, limit: int) -> list[Place]:
    """Return the places that follow one of them in the inbox."""
    places: list[Place] = []
    if after.is_unread:
        places = _list_part(tx, 1, after=after, limit=limit)
        after = Place(0, TOP.at, TOP.id)
    if len(places) < limit:
        places += _list_part(tx, 0, after=after, limit=limit - len(places))
    return places


def find_wholes(tx: Transaction, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, ConversationId]:
    """Return for each of these threads the one it is read as part of, or itself."""
    rows = tx.all(_sql["find_wholes"], {"conversation_ids": json.dumps(list(conversation_ids))})
    return {ConversationId(row["id"]): ConversationId(row["whole"]) for row in rows}


def get_lines(tx: Transaction, conversation_ids: Iterable[ConversationId]) -> dict[ConversationId, Line]:
    """Return the lines of these threads."""
    rows = tx.all(_sql["get_lines"], {"conversation_ids": json.dumps(list(conversation_ids))})
    return {line.id: line for line in map(_line, rows)}


def list_of_contact(tx: Transaction, contact_id: ContactId) -> list[ConversationId]:
    """Return every thread with a contact."""
    return [ConversationId(row["id"]) for row in tx.all(_sql["list_of_contact"], {"contact_id": contact_id})]


def record_inbound(
    tx: Transaction,
    conversation_id: ConversationId,
    *,
    message_id: MessageId,
    time: MessageTime,
    opens_window: bool,
    counts_as_unread: bool,
) -> None:
    """Bring a thread up to date with a message from outside."""
    at = to_micros(time.at)
    tx.run(
        _sql["record_inbound"],
        {
            "conversation_id": conversation_id,
            "message_id": message_id,
            "written_at": at,
            "opened_at": at if opens_window else None,
            "is_doubtful": time.is_doubtful,
            "unread": counts_as_unread,
        },
    )


def record_outbound(tx: Transaction, conversation_id: ConversationId, *, message_id: MessageId, now: datetime) -> None:
    """Bring a thread up to date with a message of ours."""
    binds = {"conversation_id": conversation_id, "message_id": message_id, "now": to_micros(now)}
    tx.run(_sql["record_outbound"], binds)


def set_preview(tx: Transaction, conversation_id: ConversationId) -> None:
    """Let a thread show its newest message, after one has left it."""
    tx.run(_sql["set_preview"], {"conversation_id": conversation_id})


def mark_unread(tx: Transaction, conversation_id: ConversationId) -> None:
    """Let a thread count as unread."""
    tx.run(_sql["mark_unread"], {"conversation_id": conversation_id})


def set_seen(tx: Transaction, conversation_id: ConversationId) -> bool:
    """Leave nothing unread in a thread, and say whether there was something."""
    return tx.run(_sql["set_seen"], {"conversation_id": conversation_id}) > 0


def list_openers(tx: Transaction, conversation_id: ConversationId, *, since: datetime) -> list[Opener]:
    """Return what came from outside into a thread since then, in no order."""
    rows = tx.all(_sql["list_openers"], {"conversation_id": conversation_id, "since": to_micros(since)})
    return [
        Opener(MessageTime(from_micros(row["written_at"]), bool(row["is_doubtful"])), row["payload"]) for row in rows
    ]


def set_window(tx: Transaction, conversation_id: ConversationId, opened: MessageTime | None) -> None:
    """Say what opened a window last; None if nothing has."""
    binds = {
        "conversation_id": conversation_id,
        "opened_at": None if opened is None else to_micros(opened.at),
        "is_doubtful": opened is not None and opened.is_doubtful,
    }
    tx.run(_sql["set_window"], binds)


def close_window(tx: Transaction, conversation_id: ConversationId, *, opened_before: datetime) -> None:
    """Forget a window that was open by then, because Meta says it was not."""
    binds = {"conversation_id": conversation_id, "opened_before": to_micros(opened_before)}
    tx.run(_sql["close_window"], binds)


def _list_part(tx: Transaction, is_unread: int, *, after: Place, limit: int) -> list[Place]:
    query = _sql["list_page__unread" if is_unread else "list_page__seen"]
    rows = tx.all(query, {"before_at": after.at, "before_id": after.id, "limit": limit})
    return [Place(is_unread, row["last_activity_at"], row["id"]) for row in rows]


def _line(row: Row) -> Line:
    return Line(
        id=ConversationId(row["id"]),
        contact_id=row["contact_id"],
        unread=row["unread"],
        last_activity_at=from_micros(row["last_activity_at"]),
        window_opened_at=maybe_from_micros(row["window_opened_at"]),
        preview_kind=row["preview_kind"],
        preview_text=row["preview_text"],
        preview_content=None if row["preview_content"] is None else content.decode(row["preview_content"]),
        preview_direction=row["preview_direction"],
        preview_status=row["preview_status"],
        is_in_doubt=bool(row["is_in_doubt"]),
    )
