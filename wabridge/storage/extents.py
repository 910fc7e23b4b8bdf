"""What a scope of evidence holds: which messages, and how many of what."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.ids import ConversationId, MessageId, NoticeId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import maybe_to_micros

_sql = queries.load("extents")


class Around(NamedTuple):
    """How many messages of conversations lie before and after a period."""

    earlier: int
    later: int


class Directions(NamedTuple):
    """How many messages came in and went out."""

    inbound: int
    outbound: int


class Files(NamedTuple):
    """How many files messages have, and how many of them are not here."""

    files: int
    missing: int


def list_conversations(tx: Transaction, conversation_ids: Iterable[ConversationId]) -> list[ConversationId]:
    """Return these conversations with all that is read as one with them."""
    rows = tx.all(_sql["list_conversations"], {"conversation_ids": _json(conversation_ids)})
    return [ConversationId(row["id"]) for row in rows]


def list_in_period(
    tx: Transaction, conversation_ids: Iterable[ConversationId], *, from_at: datetime | None, until_at: datetime | None
) -> list[MessageId]:
    """Return the messages of conversations that were written in a period, in that order."""
    binds = {**_period(from_at, until_at), "conversation_ids": _json(conversation_ids)}
    return [MessageId(row["id"]) for row in tx.all(_sql["list_in_period"], binds)]


def count_around(
    tx: Transaction, conversation_ids: Iterable[ConversationId], *, from_at: datetime | None, until_at: datetime | None
) -> Around:
    """Return how many messages of conversations lie outside a period."""
    row = tx.one(_sql["count_around"], {**_period(from_at, until_at), "conversation_ids": _json(conversation_ids)})
    assert row is not None, "an aggregate has a row"
    return Around(row["earlier"], row["later"])


def count_messages(tx: Transaction, message_ids: Iterable[MessageId]) -> Directions:
    """Return how many of these messages came in and went out."""
    row = tx.one(_sql["count_messages"], {"message_ids": _json(message_ids)})
    assert row is not None, "an aggregate has a row"
    return Directions(row["inbound"], row["outbound"])


def count_files(tx: Transaction, message_ids: Iterable[MessageId]) -> Files:
    """Return how many files these messages have."""
    row = tx.one(_sql["count_files"], {"message_ids": _json(message_ids)})
    assert row is not None, "an aggregate has a row"
    return Files(row["files"], row["missing"])


def count_shared(tx: Transaction, message_ids: Iterable[MessageId]) -> int:
    """Return how many of these messages came in a webhook that concerns others as well."""
    row = tx.one(_sql["count_shared"], {"message_ids": _json(message_ids)})
    assert row is not None, "an aggregate has a row"
    return int(row["shared"])


def count_beside(tx: Transaction, message_ids: Iterable[MessageId]) -> int:
    """Return how many other messages the conversations of these messages have."""
    row = tx.one(_sql["count_beside"], {"message_ids": _json(message_ids)})
    assert row is not None, "an aggregate has a row"
    return int(row["beside"])


def find_shown(tx: Transaction, message_id: MessageId) -> MessageId | None:
    """Return the message that is told in place of one: itself, or the message of ours that it turned out to be."""
    row = tx.one(_sql["find_shown"], {"message_id": message_id})
    return None if row is None else MessageId(row["id"])


def list_notices(tx: Transaction, message_ids: Iterable[MessageId]) -> list[NoticeId]:
    """Return the notices that these messages carry or answer."""
    rows = tx.all(_sql["list_notices"], {"message_ids": _json(message_ids)})
    return [NoticeId(row["notice_id"]) for row in rows]


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def _period(from_at: datetime | None, until_at: datetime | None) -> dict[str, object]:
    return {"from_at": maybe_to_micros(from_at), "until_at": maybe_to_micros(until_at)}
