"""Each handing-over of a file's bytes to Meta: written before the call, settled once, kept for ever."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from wabridge.clock import Instant
from wabridge.model.ids import AttemptId, MediaId, MessageId, NumberId, UploadId
from wabridge.model.media import MediaFile
from wabridge.model.outcome import NotSent, Refused, Unknown
from wabridge.model.upload import OutcomeWord, Taken, Upload, UploadExchange, UploadOutcome
from wabridge.storage import ledger, media, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("uploads")

_WORDS: dict[type[UploadOutcome], OutcomeWord] = {
    Taken: "taken",
    Refused: "refused",
    NotSent: "not_sent",
    Unknown: "unknown",
}


class Opening(NamedTuple):
    """What is about to be handed over. head: the form up to the file's first byte; token_mark: see find_usable."""

    media_id: MediaId
    number_id: NumberId
    url: str
    head: bytes
    sha256: str
    size: int
    token_mark: str


class Known(NamedTuple):
    """A file that Meta has. file_id: what it is named by."""

    id: UploadId
    media_id: MediaId
    file_id: str


def find_file(tx: Transaction, message_id: MessageId) -> MediaFile | None:
    """Return the file that goes out with a message, None if it has none."""
    files = media.find_for_messages(tx, [message_id]).get(message_id, ())
    return next((file for file in files if file.is_ours), None)


def find_usable(
    tx: Transaction, media_id: MediaId, *, number_id: NumberId, token_mark: str, since: datetime
) -> Known | None:
    """Return what a file is named by at Meta, if it was handed over since then, by this number and access token.

    token_mark: by which the access token is recognised; what another app has uploaded is not ours to name.
    """
    binds = {"media_id": media_id, "number_id": number_id, "token_mark": token_mark, "since": to_micros(since)}
    row = tx.one(_sql["find_usable"], binds)
    return None if row is None else _known(row)


def open_(tx: Transaction, opening: Opening, *, instant: Instant) -> UploadId:
    """Write down what is about to be handed over."""
    row = tx.one(
        _sql["open_"],
        {
            "media_id": opening.media_id,
            "number_id": opening.number_id,
            "opened_at": to_micros(instant.at),
            "monotonic_ns": instant.monotonic_ns,
            "boot_id": instant.boot_id,
            "request_url": opening.url,
            "request_head": opening.head,
            "sha256": opening.sha256,
            "size": opening.size,
            "token_mark": opening.token_mark,
        },
    )
    assert row is not None, "an insert returns its row"
    return UploadId(row["id"])


def settle(tx: Transaction, upload_id: UploadId, exchange: UploadExchange, *, now: datetime) -> bool:
    """Store what came of an upload, and say whether nobody knew before."""
    outcome = exchange.outcome
    has_answer = exchange.response_status is not None
    binds = {
        "upload_id": upload_id,
        "outcome": _WORDS[type(outcome)],
        "reason": outcome.details or None if isinstance(outcome, Refused) else getattr(outcome, "reason", None),
        "code": getattr(outcome, "code", None),
        "file_id": outcome.file_id if isinstance(outcome, Taken) else None,
        "now": to_micros(now),
        "response_status": exchange.response_status,
        "response_headers": msgspec.json.encode(exchange.response_headers) if has_answer else None,
        "response_body": exchange.response_body,
    }
    if tx.run(_sql["settle"], binds) == 0:
        return False
    ledger.append(tx, Entry("wa.upload", Subject("upload", upload_id), revises=True))
    return True


def settle_left_open(tx: Transaction, *, now: datetime) -> int:
    """Let uploads that the last run left open count as unknown: they are made again. Returns how many."""
    left = tx.all(_sql["settle_left_open"], {"now": to_micros(now)})
    for row in left:
        ledger.append(tx, Entry("wa.upload", Subject("upload", row["id"]), revises=True))
    return len(left)


def forget(tx: Transaction, media_id: MediaId, *, now: datetime) -> None:
    """Note that Meta does not know a file any more; it is uploaded anew."""
    tx.run(_sql["forget"], {"media_id": media_id, "now": to_micros(now)})


def forget_of(tx: Transaction, attempt_id: AttemptId, *, now: datetime) -> None:
    """Note that Meta did not take the file of an attempt: should its message go again, it is uploaded anew."""
    tx.run(_sql["forget_of"], {"attempt_id": attempt_id, "now": to_micros(now)})


def was_forgotten(tx: Transaction, media_id: MediaId, *, since: datetime) -> bool:
    """Say whether Meta did not know a file any more, since then."""
    return tx.one(_sql["was_forgotten"], {"media_id": media_id, "since": to_micros(since)}) is not None


def list_for(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, tuple[Upload, ...]]:
    """Return the uploads of those of these messages that have any, oldest first."""
    found: dict[MessageId, tuple[Upload, ...]] = {}
    for row in tx.all(_sql["list_for"], {"message_ids": json.dumps(list(message_ids))}):
        message_id = MessageId(row["message_id"])
        found[message_id] = (*found.get(message_id, ()), _upload(row))
    return found


def _known(row: Row) -> Known:
    return Known(UploadId(row["id"]), MediaId(row["media_id"]), row["file_id"])


def _upload(row: Row) -> Upload:
    return Upload(
        opened_at=from_micros(row["opened_at"]),
        sha256=row["sha256"],
        size=row["size"],
        outcome=row["outcome"],
        reason=row["reason"],
        code=row["code"],
        settled_at=maybe_from_micros(row["settled_at"]),
        file_id=row["file_id"],
        forgotten_at=maybe_from_micros(row["forgotten_at"]),
    )
