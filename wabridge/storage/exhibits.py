"""What a bundle of evidence shows, as it is stored: messages, attempts, reports, items of webhooks, leaves.

Read for an export and for nothing else, a few hundred messages at a time, so that no reader is busy for long.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from wabridge.model.ids import AttemptId, ContactId, ConversationId, EventId, MessageId, NoticeId, WebhookId
from wabridge.storage import leaves, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.leaves import StoredLeaf
from wabridge.storage.witnessed import SubjectKind

_sql = queries.load("exhibits")


class MessageRow(NamedTuple):
    """A message. quoted_id: of the message that it answers, if that is stored."""

    id: MessageId
    conversation_id: ConversationId
    contact_id: ContactId | None
    direction: str
    kind: str
    text: str | None
    content: bytes | None
    quoted_wamid: str | None
    written_at: datetime
    created_at: datetime
    is_doubtful: bool
    wamid: str | None
    author_kind: str | None
    author_name: str | None
    author_role: str | None
    source: str
    target_wamid: str | None
    event_id: EventId | None
    quoted_id: MessageId | None


class EchoRow(NamedTuple):
    """What came as written elsewhere, and turned out to be a message of ours."""

    id: MessageId
    message_id: MessageId
    event_id: EventId
    wamid: str
    written_at: datetime
    is_doubtful: bool
    text: str | None


class VersionRow(NamedTuple):
    """Another content that came under the same id. relation: replaced or conflicting."""

    id: int
    message_id: MessageId
    relation: str
    kind: str
    text: str | None
    event_id: EventId


class AttemptRow(NamedTuple):
    """One handing-over, with the exact bytes in both directions."""

    id: AttemptId
    message_id: MessageId
    token: str
    recipient: str
    opened_at: datetime
    monotonic_ns: int
    boot_id: str
    url: str
    request: bytes
    outcome: str
    reason: str | None
    settled_at: datetime | None
    settled_by: str | None
    accepted_at: datetime | None
    wamid: str | None
    code: int | None
    status: int | None
    headers: bytes | None
    response: bytes | None


class StatusRow(NamedTuple):
    """One report of Meta's on an attempt, or on a message that was written elsewhere."""

    id: int
    message_id: MessageId
    attempt_id: AttemptId | None
    event_id: EventId
    wamid: str
    status: str
    reported_at: datetime | None
    arrived_at: datetime
    code: int | None
    title: str | None
    details: str | None


class DoneRow(NamedTuple):
    """Something somebody did or decided about a message. verb: in the past tense."""

    id: int
    message_id: MessageId
    verb: str
    at: datetime
    actor_kind: str
    actor_name: str
    note: str


class ItemRow(NamedTuple):
    """One item of a webhook, and when and how that webhook came. digest: SHA-256 of the whole body."""

    id: EventId
    webhook_id: WebhookId
    pointer: str
    repeats: int
    last_arrived_at: datetime
    item_digest: bytes | None
    arrived_at: datetime
    monotonic_ns: int
    boot_id: str
    secret_name: str
    digest: bytes


class Body(NamedTuple):
    """A webhook as it came. headers: JSON list of [name, value]."""

    headers: bytes
    body: bytes


class OfficeAct(NamedTuple):
    """Something that was done to people, tokens or sending. subject: staff, token, number."""

    at: datetime
    actor_kind: str
    actor_name: str
    verb: str
    subject: str
    detail: str


class AccessRow(NamedTuple):
    """Who could sign in, and from when to when."""

    name: str
    role: str
    from_at: datetime
    until_at: datetime | None


def list_messages(tx: Transaction, message_ids: Iterable[MessageId]) -> list[MessageRow]:
    """Return messages in the order in which they were written."""
    return [
        MessageRow(
            **{
                **_named(row, MessageRow),
                "written_at": from_micros(row["written_at"]),
                "created_at": from_micros(row["created_at"]),
                "is_doubtful": bool(row["is_doubtful"]),
            }
        )
        for row in tx.all(_sql["list_messages"], {"message_ids": _json(message_ids)})
    ]


def list_echoes(tx: Transaction, message_ids: Iterable[MessageId]) -> list[EchoRow]:
    """Return what came as written elsewhere, and turned out to be these messages."""
    return [
        EchoRow(
            id=MessageId(row["id"]),
            message_id=MessageId(row["message_id"]),
            event_id=EventId(row["event_id"]),
            wamid=row["wamid"],
            written_at=from_micros(row["written_at"]),
            is_doubtful=bool(row["is_doubtful"]),
            text=row["text"],
        )
        for row in tx.all(_sql["list_echoes"], {"message_ids": _json(message_ids)})
    ]


def list_versions(tx: Transaction, message_ids: Iterable[MessageId]) -> list[VersionRow]:
    """Return what else came under the ids of messages, in that order."""
    rows = tx.all(_sql["list_versions"], {"message_ids": _json(message_ids)})
    return [VersionRow(**_named(row, VersionRow)) for row in rows]


def list_attempts(tx: Transaction, message_ids: Iterable[MessageId]) -> list[AttemptRow]:
    """Return every handing-over of messages, oldest first."""
    return [
        AttemptRow(
            id=AttemptId(row["id"]),
            message_id=MessageId(row["message_id"]),
            token=row["token"],
            recipient=row["recipient"],
            opened_at=from_micros(row["opened_at"]),
            monotonic_ns=row["monotonic_ns"],
            boot_id=row["boot_id"],
            url=row["request_url"],
            request=bytes(row["request_body"]),
            outcome=row["outcome"],
            reason=row["reason"],
            settled_at=maybe_from_micros(row["settled_at"]),
            settled_by=row["settled_by"],
            accepted_at=maybe_from_micros(row["accepted_at"]),
            wamid=row["wamid"],
            code=row["code"],
            status=row["response_status"],
            headers=_maybe_bytes(row["response_headers"]),
            response=_maybe_bytes(row["response_body"]),
        )
        for row in tx.all(_sql["list_attempts"], {"message_ids": _json(message_ids)})
    ]


def list_statuses(tx: Transaction, message_ids: Iterable[MessageId]) -> list[StatusRow]:
    """Return every report on messages, in the order in which they came."""
    return [
        StatusRow(
            **{
                **_named(row, StatusRow),
                "reported_at": maybe_from_micros(row["reported_at"]),
                "arrived_at": from_micros(row["arrived_at"]),
            }
        )
        for row in tx.all(_sql["list_statuses"], {"message_ids": _json(message_ids)})
    ]


def list_decisions(tx: Transaction, message_ids: Iterable[MessageId]) -> list[DoneRow]:
    """Return what was decided about messages, oldest first."""
    rows = tx.all(_sql["list_decisions"], {"message_ids": _json(message_ids)})
    return [_done(row, verb=row["kind"], note=row["note"]) for row in rows]


def list_acts(tx: Transaction, message_ids: Iterable[MessageId]) -> list[DoneRow]:
    """Return what was done to messages, oldest first."""
    rows = tx.all(_sql["list_acts"], {"message_ids": _json(message_ids)})
    return [_done(row, verb=row["verb"], note=row["detail"]) for row in rows]


def list_items(tx: Transaction, event_ids: Iterable[EventId]) -> list[ItemRow]:
    """Return items of webhooks, webhook by webhook."""
    return [
        ItemRow(
            id=EventId(row["id"]),
            webhook_id=WebhookId(row["webhook_id"]),
            pointer=row["pointer"],
            repeats=row["repeats"],
            last_arrived_at=from_micros(row["last_arrived_at"]),
            item_digest=_maybe_bytes(row["item_digest"]),
            arrived_at=from_micros(row["body_arrived_at"]),
            monotonic_ns=row["monotonic_ns"],
            boot_id=row["boot_id"],
            secret_name=row["secret_name"],
            digest=bytes(row["digest"]),
        )
        for row in tx.all(_sql["list_items"], {"event_ids": _json(event_ids)})
    ]


def list_newest_bodies(tx: Transaction, *, limit: int) -> list[bytes]:
    """Return the webhooks of the newest messages and reports, the newest first."""
    return [row["body"] for row in tx.all(_sql["list_newest_bodies"], {"limit": limit})]


def list_whole(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[WebhookId, int]:
    """Return the webhooks under which nothing is stored but items of these messages, with how many these are.

    An item that was stored before stands under the webhook it came with first, so a webhook may still hold others'.
    """
    rows = tx.all(_sql["list_whole"], {"message_ids": _json(message_ids)})
    return {WebhookId(row["webhook_id"]): row["items"] for row in rows}


def get_body(tx: Transaction, webhook_id: WebhookId) -> Body:
    """Return a webhook as it came; it must exist."""
    row = tx.one(_sql["get_body"], {"webhook_id": webhook_id})
    assert row is not None, "a stored webhook does not go"
    return Body(bytes(row["headers"]), bytes(row["body"]))


def list_leaves(tx: Transaction, kind: SubjectKind, ids: Iterable[int], *, size: int) -> list[StoredLeaf]:
    """Return the leaves, of the first so many, that speak of rows."""
    binds = {"kind": kind, "ids": _json(ids), "size": size}
    return [leaves.stored(row) for row in tx.all(_sql["list_leaves"], binds)]


def list_run(tx: Transaction, conversation_id: ConversationId, *, first: int, last: int, size: int) -> list[StoredLeaf]:
    """Return the leaves of a conversation from one of its numbers to another, both of them in it."""
    binds: dict[str, object] = {"conversation_id": conversation_id, "first": first, "last": last, "size": size}
    return [leaves.stored(row) for row in tx.all(_sql["list_run"], binds)]


def find_last_number(tx: Transaction, conversation_id: ConversationId, *, size: int) -> int | None:
    """Return the newest number of a conversation among the first so many leaves."""
    row = tx.one(_sql["find_last_number"], {"conversation_id": conversation_id, "size": size})
    return None if row is None else row["last"]


def has_moved(tx: Transaction, conversation_ids: Iterable[ConversationId], *, size: int) -> bool:
    """Say whether conversations have leaves behind the first so many."""
    return tx.one(_sql["has_moved"], {"conversation_ids": _json(conversation_ids), "size": size}) is not None


def find_thread(tx: Transaction, conversation_id: ConversationId) -> str | None:
    """Return what the ledger calls a conversation."""
    row = tx.one(_sql["find_thread"], {"conversation_id": conversation_id})
    return None if row is None else row["name"]


def list_approvals(tx: Transaction, notice_id: NoticeId) -> list[int]:
    """Return the approvals of a notice, oldest first."""
    return [row["id"] for row in tx.all(_sql["list_approvals"], {"notice_id": notice_id})]


def find_contact(tx: Transaction, conversation_id: ConversationId) -> ContactId | None:
    """Return whose conversation it is; None for a group."""
    row = tx.one(_sql["find_contact"], {"conversation_id": conversation_id})
    return None if row is None else ContactId(row["id"])


def list_of_the_system(
    tx: Transaction, *, from_at: datetime, until_at: datetime, size: int, limit: int
) -> list[StoredLeaf]:
    """Return the leaves of a period that speak of no row: starts, heartbeats, keys, restores."""
    binds = {"from_at": to_micros(from_at), "until_at": to_micros(until_at), "size": size, "limit": limit}
    return [leaves.stored(row) for row in tx.all(_sql["list_of_the_system"], binds)]


def list_office_acts(tx: Transaction, *, from_at: datetime, until_at: datetime, limit: int) -> list[OfficeAct]:
    """Return what was done in a period to staff, tokens and sending, oldest first."""
    binds = {"from_at": to_micros(from_at), "until_at": to_micros(until_at), "limit": limit}
    return [
        OfficeAct(
            from_micros(row["at"]),
            row["actor_kind"],
            row["actor_name"],
            row["verb"],
            row["subject_kind"],
            row["detail"],
        )
        for row in tx.all(_sql["list_office_acts"], binds)
    ]


def list_access(tx: Transaction, *, from_at: datetime) -> list[AccessRow]:
    """Return who could sign in at some time since then."""
    return [
        AccessRow(row["name"], row["role"], from_micros(row["created_at"]), maybe_from_micros(row["disabled_at"]))
        for row in tx.all(_sql["list_access"], {"from_at": to_micros(from_at)})
    ]


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def _named(row: Row, shape: type[tuple[object, ...]]) -> dict[str, Any]:
    names: tuple[str, ...] = shape._fields  # type: ignore[attr-defined]  # a NamedTuple's
    return {name: row[name] for name in names}


def _done(row: Row, *, verb: str, note: str) -> DoneRow:
    at = from_micros(row["at"])
    return DoneRow(row["id"], MessageId(row["message_id"]), verb, at, row["actor_kind"], row["actor_name"], note)


def _maybe_bytes(value: bytes | None) -> bytes | None:
    return None if value is None else bytes(value)
