"""Files of messages: wanted, fetched, kept or given up. The table is the queue.

Rule: a row says `stored` only after its file is whole and on the disk (see `vault`), and it never goes.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model.content import Media
from wabridge.model.ids import ContactId, ConversationId, MediaId, MessageId
from wabridge.model.media import LAST_TRIES, Kept, MediaFile, State
from wabridge.storage import appearances, ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("media")


class Due(NamedTuple):
    """A file that is to be fetched now. url: where it may still be had at once; last_tries: those made past its end."""

    file: MediaFile
    url: str | None
    contact_id: ContactId | None
    last_tries: int


class KeptRow(NamedTuple):
    """A file that is, or was, in the vault, and where."""

    file: MediaFile
    kept: Kept


class Expiring(NamedTuple):
    """A file that WhatsApp will forget before long."""

    id: MediaId
    message_id: MessageId
    conversation_id: ConversationId


class Waiting(NamedTuple):
    """How many files are not here yet, and how many of them could not be fetched at the first try."""

    waiting: int
    failing: int


def add(
    tx: Transaction,
    message_id: MessageId,
    file: Media,
    *,
    url: str | None,
    expires_at: datetime,
    now: datetime,
    is_past: bool = False,
) -> bool:
    """Want a message's file, and say whether there is something to fetch. A file wanted already is not wanted twice.

    is_past: it is of a message that a history brought, and is fetched after all others.
    """
    binds = {
        "message_id": message_id,
        "file_id": file.file_id or "",
        "kind": file.kind,
        "mime_type": file.mime_type,
        "file_name": file.file_name,
        "claimed_sha256": file.sha256,
        "url": url,
        "now": to_micros(now),
        "expires_at": to_micros(expires_at),
        "is_past": is_past,
    }
    return tx.run(_sql["add"], binds) > 0


def set_present(tx: Transaction, message_id: MessageId) -> None:
    """Let the files of a message no longer wait behind all others: it is none of the past after all."""
    tx.run(_sql["set_present"], {"message_id": message_id})


def get(tx: Transaction, media_id: MediaId) -> MediaFile:
    """Return a file; raises NotFound."""
    row = tx.one(_sql["get"], {"media_id": media_id})
    if row is None:
        raise NotFound("no such file")
    return _file(row)


def find_for_messages(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, tuple[MediaFile, ...]]:
    """Return the files of those of these messages that have any, the first wanted first."""
    found: dict[MessageId, tuple[MediaFile, ...]] = {}
    for row in tx.all(_sql["find_for_messages"], {"message_ids": json.dumps(list(message_ids))}):
        file = _file(row)
        found[file.message_id] = (*found.get(file.message_id, ()), file)
    return found


def list_due(
    tx: Transaction, *, now: datetime, implausible: datetime, busy: Iterable[ConversationId] = (), limit: int
) -> list[Due]:
    """Return what is to be fetched now. implausible: a next try later than this is one now; busy: none of these."""
    binds = {
        "now": to_micros(now),
        "implausible": to_micros(implausible),
        "busy": json.dumps(list(busy)),
        "limit": limit,
    }
    return [_due(row) for row in tx.all(_sql["list_due"], binds)]


def mark_stored(
    tx: Transaction, media_id: MediaId, kept: Kept, *, sha256: str, is_as_claimed: bool | None, now: datetime
) -> bool:
    """Note that a file is in the vault, whole and on the disk; False if it was not waited for any more."""
    binds = {
        "media_id": media_id,
        "name": kept.name,
        "key": kept.key,
        "size": kept.size,
        "sha256": sha256,
        "is_as_claimed": is_as_claimed,
        "now": to_micros(now),
    }
    if tx.run(_sql["mark_stored"], binds) == 0:
        return False
    ledger.append(tx, Entry("wa.media", Subject("media", media_id), revises=True))  # a lost file may come again
    return True


def postpone(
    tx: Transaction, media_id: MediaId, reason: str, *, sha256: str | None, next_try_at: datetime, now: datetime
) -> None:
    """Count a try that brought nothing, and let the next one wait. sha256: of what came and was not as announced."""
    binds = {
        "media_id": media_id,
        "reason": reason,
        "sha256": sha256,
        "next_try_at": to_micros(next_try_at),
        "now": to_micros(now),
    }
    tx.run(_sql["postpone"], binds)


def mark_failed(tx: Transaction, media_id: MediaId, reason: str) -> None:
    """Give a file up, until a person asks for it again. reason: a word of `model.media.Reason`."""
    tx.run(_sql["mark_failed"], {"media_id": media_id, "reason": reason})


def set_reason(tx: Transaction, reason: str) -> None:
    """Say why all files wait, without counting a try."""
    tx.run(_sql["set_reason"], {"reason": reason})


def is_anything_waiting(tx: Transaction, *, because: str | None = None, unless: str | None = None) -> bool:
    """Say whether a file waits for this reason, or for any other than that."""
    return tx.one(_sql["is_anything_waiting"], {"because": because, "unless": unless}) is not None


def hurry(tx: Transaction, reason: str, *, now: datetime) -> None:
    """Let all files that wait for a reason be fetched at once."""
    tx.run(_sql["hurry"], {"reason": reason, "now": to_micros(now)})


def retry_now(tx: Transaction, media_id: MediaId, *, now: datetime) -> bool:
    """Let a file that is not here be fetched at once, given up or not; False if it is here."""
    binds = {"media_id": media_id, "now": to_micros(now), "last_tries": LAST_TRIES - 1}
    return tx.run(_sql["retry_now"], binds) > 0


def set_alerted(tx: Transaction, media_id: MediaId, *, now: datetime) -> bool:
    """Note that a person was told of a file's coming end, and say whether it is the first time."""
    return tx.run(_sql["set_alerted"], {"media_id": media_id, "now": to_micros(now)}) > 0


def count_waiting(tx: Transaction) -> Waiting:
    """Return how many files are not here yet."""
    row = tx.one(_sql["count_waiting"])
    assert row is not None, "an aggregate has a row"
    return Waiting(row["waiting"], row["failing"])


def list_expiring(
    tx: Transaction, *, now: datetime, before: datetime, wanted_before: datetime, limit: int
) -> list[Expiring]:
    """Return the files that are not here, expire before that time, and that nobody was told of.

    wanted_before: only those that have been wanted since then or longer.
    """
    binds = {
        "now": to_micros(now),
        "before": to_micros(before),
        "wanted_before": to_micros(wanted_before),
        "limit": limit,
    }
    return [
        Expiring(MediaId(row["id"]), MessageId(row["message_id"]), ConversationId(row["conversation_id"]))
        for row in tx.all(_sql["list_expiring"], binds)
    ]


def is_there(tx: Transaction) -> bool:
    """Say whether this database is new enough to know of files."""
    return tx.one(_sql["is_there"]) is not None


def list_kept(tx: Transaction, *, after: MediaId, limit: int) -> list[KeptRow]:
    """Return what is, or was, in the vault, by id."""
    rows = tx.all(_sql["list_kept"], {"after": after, "limit": limit})
    return [KeptRow(_file(row), Kept(row["vault_name"], row["vault_key"], row["size"])) for row in rows]


def mark_lost(tx: Transaction, media_id: MediaId, kept: Kept, state: State, *, now: datetime) -> bool:
    """Note that a stored file is damaged or gone from the vault; False if it is another one by now.

    state: waiting, to fetch it again, or failed.
    """
    binds = {"media_id": media_id, "name": kept.name, "state": state, "now": to_micros(now)}
    return tx.run(_sql["mark_lost"], binds) > 0


def mark_found(tx: Transaction, media_id: MediaId) -> None:
    """Note that a lost file is in its place again."""
    tx.run(_sql["mark_found"], {"media_id": media_id})


def _due(row: Row) -> Due:
    return Due(_file(row), row["url"], row["contact_id"], row["last_tries"])


def _file(row: Row) -> MediaFile:
    is_stored = row["state"] == "stored"
    return MediaFile(
        id=MediaId(row["id"]),
        message_id=MessageId(row["message_id"]),
        conversation_id=ConversationId(row["conversation_id"]),
        kind=row["kind"],
        file_id=row["file_id"] or None,
        mime_type=row["mime_type"],
        file_name=row["file_name"],
        claimed_sha256=row["claimed_sha256"],
        state=row["state"],
        reason=row["reason"],
        tries=row["tries"],
        wanted_at=from_micros(row["wanted_at"]),
        expires_at=from_micros(row["expires_at"]),
        next_try_at=from_micros(row["next_try_at"]),
        kept=Kept(row["vault_name"], row["vault_key"], row["size"]) if is_stored else None,
        stored_at=maybe_from_micros(row["stored_at"]) if is_stored else None,
        sha256=row["sha256"],
        is_as_claimed=None if row["is_as_claimed"] is None else bool(row["is_as_claimed"]),
        appearance=appearances.read(row) if is_stored else None,
        is_ours=bool(row["is_ours"]),
    )
