"""What later messages did to a message: reactions, changes, withdrawals. They are messages themselves."""

import json
from collections import defaultdict
from collections.abc import Iterable

from wabridge.model import content
from wabridge.model.ids import MessageId
from wabridge.model.media import MediaFile
from wabridge.model.message import Effect
from wabridge.storage import media, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros

_sql = queries.load("effects")


def read_many(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, tuple[Effect, ...]]:
    """Return what was done to each of these messages, oldest first; messages to which nothing was done are left out."""
    found: dict[MessageId, list[Effect]] = defaultdict(list)
    rows = tx.all(_sql["read_many"], {"message_ids": json.dumps(list(message_ids))})
    files = media.find_for_messages(tx, [MessageId(row["id"]) for row in rows if row["kind"] == "edit"])
    for row in rows:
        found[MessageId(row["target_id"])].append(_effect(row, files.get(row["id"], ())))
    return {message_id: tuple(effects) for message_id, effects in found.items()}


def _effect(row: Row, files: tuple[MediaFile, ...]) -> Effect:
    return Effect(
        id=MessageId(row["id"]),
        kind=row["kind"],
        at=from_micros(row["written_at"]),
        text=row["text"],
        content=None if row["content"] is None else content.decode(row["content"]),
        author_name=row["author_name"],
        direction=row["direction"],
        status=row["status"],
        files=files,
    )
