"""Messages as pages and the API read them, and those from outside as they are first stored.

Rule 1: what a webhook brings is known by (our number, wamid); other content under the same wamid is kept beside it.
Rule 2: what we send is written in `outbox`, and what became of it in `attempts` and `statuses`; here it is only read.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from heapq import nlargest
from typing import Any, Literal, NamedTuple

import msgspec

from wabridge.errors import NotFound
from wabridge.model import content
from wabridge.model.decision import Decision, Likeness
from wabridge.model.event import EchoAuthor, Source
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId, NumberId
from wabridge.model.media import MediaFile
from wabridge.model.message import Direction, Effect, Message
from wabridge.model.window import MessageTime
from wabridge.storage import conversations, decisions, delivery, effects, ledger, media, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("messages")

_NEWEST = (2**62, 2**62)


Relation = Literal["replaced", "conflicting"]
"""replaced: the placeholder of the content that is shown; conflicting: contradicts it."""


class Content(NamedTuple):
    """What a message says. content: what is known beside text, as JSON."""

    kind: str
    text: str | None
    content: bytes | None

    def says_the_same_as(self, other: "Content") -> bool:
        """Say whether two contents are equal; the order of JSON keys says nothing."""
        return self[:2] == other[:2] and _decoded(self.content) == _decoded(other.content)


class InboundRow(NamedTuple):
    """A message that a webhook brought, as it is first stored: from outside, or an echo of the office's own.

    author_name: who wrote it, in a group. target_wamid: what it reacts to, changes or takes back. echo_of: who wrote it
    in the office's name. phone_status: how far the phone app said it was. file_url: where its file can be fetched for a
    few minutes.
    """

    conversation_id: ConversationId
    number_id: NumberId
    event_id: EventId
    wamid: str | None
    content: Content
    quoted_wamid: str | None
    time: MessageTime
    author_name: str | None = None
    target_wamid: str | None = None
    echo_of: EchoAuthor | None = None
    source: Source = "live"
    phone_status: str | None = None
    file_url: str | None = None

    @property
    def direction(self) -> Direction:
        """Who wrote to whom."""
        return "outbound" if self.echo_of else "inbound"

    @property
    def is_quiet(self) -> bool:
        """Whether it asks for nobody's attention: the office wrote it itself, or it is of the past."""
        return self.echo_of is not None or self.source == "history"


class KnownMessage(NamedTuple):
    """A message that is already stored under a wamid."""

    id: MessageId
    conversation_id: ConversationId
    event_id: EventId | None
    content: Content
    source: Source


def add_inbound(tx: Transaction, row: InboundRow, *, now: datetime) -> MessageId | None:
    """Store a message from outside; None if its wamid is known already."""
    stored = tx.one(
        _sql["add_inbound"],
        {
            "conversation_id": row.conversation_id,
            "number_id": row.number_id,
            "event_id": row.event_id,
            "wamid": row.wamid,
            "kind": row.content.kind,
            "text": row.content.text,
            "content": row.content.content,
            "quoted_wamid": row.quoted_wamid,
            "written_at": to_micros(row.time.at),
            "is_doubtful": row.time.is_doubtful,
            "created_at": to_micros(now),
            "author_name": row.author_name,
            "target_wamid": row.target_wamid,
            "direction": row.direction,
            "author_kind": row.echo_of,
            "source": row.source,
            "phone_status": row.phone_status,
        },
    )
    if stored is None:
        return None
    ledger.append(tx, Entry("wa.inbound", Subject("message", stored["id"])))
    return MessageId(stored["id"])


def set_source(tx: Transaction, message_id: MessageId, source: Source) -> None:
    """Say how a message came, that was known another way before."""
    tx.run(_sql["set_source"], {"message_id": message_id, "source": source})


def find_by_wamid(tx: Transaction, number_id: NumberId, wamid: str) -> KnownMessage | None:
    """Return what a webhook brought under a wamid."""
    row = tx.one(_sql["find_by_wamid"], {"number_id": number_id, "wamid": wamid})
    return None if row is None else _known(row)


def find_echoes(tx: Transaction, number_id: NumberId, wamids: Iterable[str]) -> dict[str, MessageId]:
    """Return the messages with these wamids that were written in the office's name elsewhere, by wamid."""
    binds = {"number_id": number_id, "wamids": json.dumps(list(wamids))}
    return {row["wamid"]: MessageId(row["id"]) for row in tx.all(_sql["find_echoes"], binds)}


def put_behind(tx: Transaction, echo_id: MessageId, message_id: MessageId) -> None:
    """Let what seemed to be written elsewhere stand behind the message of ours that it is; it stays as it came."""
    row = tx.one(_sql["put_behind"], {"echo_id": echo_id, "message_id": message_id})
    if row is not None:
        conversations.set_preview(tx, ConversationId(row["conversation_id"]))


def find_unreadable(tx: Transaction, number_id: NumberId, event_id: EventId) -> KnownMessage | None:
    """Return the placeholder that stands for an item that could not be read or filed."""
    row = tx.one(_sql["find_unreadable"], {"number_id": number_id, "event_id": event_id})
    return None if row is None else _known(row)


def set_place(tx: Transaction, message_id: MessageId, row: InboundRow) -> None:
    """Let a placeholder stand where its content belongs: conversation, id, side, time and author."""
    tx.run(
        _sql["set_place"],
        {
            "message_id": message_id,
            "conversation_id": row.conversation_id,
            "wamid": row.wamid,
            "written_at": to_micros(row.time.at),
            "is_doubtful": row.time.is_doubtful,
            "author_name": row.author_name,
            "direction": row.direction,
            "author_kind": row.echo_of,
            "source": row.source,
            "phone_status": row.phone_status,
        },
    )
    ledger.append(tx, Entry("wa.changed", Subject("message", message_id), revises=True))


def list_versions(tx: Transaction, message_id: MessageId) -> list[Content]:
    """Return the other contents that came under a message's wamid."""
    rows = tx.all(_sql["list_versions"], {"message_id": message_id})
    return [Content(row["kind"], row["text"], row["content"]) for row in rows]


def add_version(
    tx: Transaction,
    message_id: MessageId,
    content: Content,
    *,
    event_id: EventId | None,
    relation: Relation,
    now: datetime,
) -> None:
    """Keep another content of a message. event_id: the item that brought it."""
    stored = tx.one(
        _sql["add_version"],
        {
            "message_id": message_id,
            "event_id": event_id,
            "relation": relation,
            "kind": content.kind,
            "text": content.text,
            "content": content.content,
            "now": to_micros(now),
        },
    )
    assert stored is not None, "an insert returns its row"
    ledger.append(tx, Entry("wa.version", Subject("version", stored["id"])))


def upgrade(tx: Transaction, message_id: MessageId, row: InboundRow) -> None:
    """Let a message say what came in place of its placeholder."""
    tx.run(
        _sql["upgrade"],
        {
            "message_id": message_id,
            "kind": row.content.kind,
            "text": row.content.text,
            "content": row.content.content,
            "quoted_wamid": row.quoted_wamid,
            "event_id": row.event_id,
            "target_wamid": row.target_wamid,
        },
    )
    ledger.append(tx, Entry("wa.changed", Subject("message", message_id), revises=True))


def get(tx: Transaction, message_id: MessageId) -> Message:
    """Return a message with everything known of its delivery; raises NotFound."""
    found = get_many(tx, [message_id])
    if not found:
        raise NotFound("no such message")
    return found[0]


def list_page(
    tx: Transaction, conversation_id: ConversationId, *, before: MessageId | None = None, limit: int
) -> list[Message]:
    """Return messages written before one of them, newest first; raises NotFound for a message from elsewhere."""
    return _list_before(tx, [conversation_id], before=before, limit=limit)


def list_lines(
    tx: Transaction,
    conversation_id: ConversationId,
    *,
    before: MessageId | None = None,
    through: MessageId | None = None,
    limit: int,
) -> list[Message]:
    """Return what stands on its own in a conversation, newest first; raises NotFound for a message from elsewhere.

    Left out is what is shown with the message it was done to. before: without that message; through: with it.
    """
    parts = conversations.list_parts(tx, conversation_id)
    at, message_id = _NEWEST
    if through is not None:
        at, message_id = _find_place(tx, parts, through)
        message_id += 1
    elif before is not None:
        at, message_id = _find_place(tx, parts, before)
    binds = {"before_at": at, "before_id": message_id, "limit": limit}
    found: list[tuple[int, MessageId]] = []
    for part in parts:
        rows = tx.all(_sql["list_lines"], {**binds, "conversation_id": part})
        found += [(row["written_at"], MessageId(row["id"])) for row in rows]
    return get_many(tx, [message_id for _, message_id in nlargest(limit, found)])


def list_for_contact(
    tx: Transaction, contact_id: ContactId, *, before: MessageId | None = None, limit: int
) -> list[Message]:
    """Return a contact's messages on all of our numbers, newest first; raises NotFound for a message from elsewhere."""
    rows = tx.all(_sql["list_conversations"], {"contact_id": contact_id})
    return _list_before(tx, [ConversationId(row["id"]) for row in rows], before=before, limit=limit)


def find_blocking(tx: Transaction, conversation_id: ConversationId) -> datetime | None:
    """Return when the newest attempt with an open end was begun in a conversation."""
    row = tx.one(_sql["find_blocking"], {"conversation_id": conversation_id})
    return None if row is None else maybe_from_micros(row["opened_at"])


def has_newer(tx: Transaction, conversation_id: ConversationId, *, seen: MessageId) -> bool:
    """Say whether the person wrote something after a message."""
    return tx.one(_sql["find_newer"], {"conversation_id": conversation_id, "seen": seen}) is not None


def count_held(tx: Transaction) -> tuple[int, ConversationId | None]:
    """Return how many messages wait for a person's decision, and where one of them is."""
    row = tx.one(_sql["count_held"])
    return (0, None) if row is None else (row["held"], row["conversation_id"])


def _list_before(
    tx: Transaction, conversation_ids: list[ConversationId], *, before: MessageId | None, limit: int
) -> list[Message]:
    place = _NEWEST if before is None else _find_place(tx, conversation_ids, before)
    found: list[tuple[int, MessageId]] = []
    for conversation_id in conversation_ids:
        binds = {"conversation_id": conversation_id, "before_at": place[0], "before_id": place[1], "limit": limit}
        found += [(row["written_at"], MessageId(row["id"])) for row in tx.all(_sql["list_page"], binds)]
    return get_many(tx, [message_id for _, message_id in nlargest(limit, found)])


def _find_place(tx: Transaction, conversation_ids: list[ConversationId], message_id: MessageId) -> tuple[int, int]:
    for conversation_id in conversation_ids:
        row = tx.one(_sql["find_place"], {"message_id": message_id, "conversation_id": conversation_id})
        if row is not None:
            return row["written_at"], row["id"]
    raise NotFound("no such message here")


def get_many(tx: Transaction, message_ids: list[MessageId]) -> list[Message]:
    """Return those of these messages that there are, in this order."""
    rows = {row["id"]: row for row in tx.all(_sql["get_many"], {"message_ids": json.dumps(message_ids)})}
    outbound = [i for i in message_ids if i in rows and rows[i]["status"] is not None]
    about = _About(
        known=delivery.read_many(tx, outbound) if outbound else {},
        done=effects.read_many(tx, rows),
        files=media.find_for_messages(tx, rows),
        decided=decisions.list_for(tx, outbound) if outbound else {},
        alike=decisions.list_likenesses(tx, outbound) if any(rows[i]["status"] == "unknown" for i in outbound) else {},
    )
    return [_message(rows[i], about) for i in message_ids if i in rows]


class _About(NamedTuple):
    """What stands beside messages, by message."""

    known: Mapping[MessageId, delivery.Known]
    done: Mapping[MessageId, tuple[Effect, ...]]
    files: Mapping[MessageId, tuple[MediaFile, ...]]
    decided: Mapping[MessageId, tuple[Decision, ...]]
    alike: Mapping[MessageId, tuple[Likeness, ...]]


def _known(row: Row) -> KnownMessage:
    content = Content(row["kind"], row["text"], row["content"])
    conversation_id = ConversationId(row["conversation_id"])
    return KnownMessage(MessageId(row["id"]), conversation_id, row["event_id"], content, row["source"])


def _message(row: Row, about: _About) -> Message:
    message_id = MessageId(row["id"])
    known = about.known.get(message_id)
    return Message(
        id=message_id,
        conversation_id=ConversationId(row["conversation_id"]),
        contact_id=row["contact_id"],
        direction=row["direction"],
        kind=row["kind"],
        text=row["text"],
        content=None if row["content"] is None else content.decode(row["content"]),
        written_at=from_micros(row["written_at"]),
        created_at=from_micros(row["created_at"]),
        is_doubtful=bool(row["is_doubtful"]),
        quoted_id=row["quoted_id"],
        quotes_unknown=bool(row["is_reply"]) and row["quoted_id"] is None,
        author_kind=row["author_kind"],
        author_name=row["author_name"],
        delivery=known.delivery if known else None,
        source=row["source"],
        phone_status=row["phone_status"],
        failure_details=row["failure_details"] or "",
        hold=row["hold"],
        tries=row["tries"],
        events=known.events if known else (),
        versions=row["versions"],
        effects=about.done.get(message_id, ()),
        files=about.files.get(message_id, ()),
        undo_until=maybe_from_micros(row["undo_until_at"]),
        handovers=known.handovers if known else (),
        decisions=about.decided.get(message_id, ()),
        resends=known is not None and known.resends,
        is_closed=known is not None and row["closed_as"] == known.delivery.status,
        part_of=row["part_of"],
        queued_with=row["queued_with"],
        likenesses=about.alike.get(message_id, ()),
    )


def _decoded(content: bytes | None) -> Any:
    return None if content is None else msgspec.json.decode(content)
