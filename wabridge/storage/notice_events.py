"""What happened to legal notices, and which messages carried them. Append-only."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from wabridge.model.delivery import Delivery
from wabridge.model.event import Person
from wabridge.model.ids import MessageId, NoticeId, NumberId
from wabridge.model.notice import Carrier, Document, NoticeEvent, Purpose, Who
from wabridge.storage import anchors, delivery, ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("notice_events")


class CarrierRow(NamedTuple):
    """A message that carries a notice, as it is stored. key_hash: what the recipient's keys must be."""

    message_id: MessageId
    version_id: int
    purpose: Purpose
    nonce: str
    salt: bytes
    commitment: str
    key_hash: str | None = None


class Handing(NamedTuple):
    """What is handed over with a message because it carries a notice. recipient: whom it was approved for."""

    commitment: str
    key_hash: str | None
    recipient: Person


class About(NamedTuple):
    """What a message has to do with a notice. word, objection: of an answer."""

    notice_id: NoticeId
    number: str
    role: Purpose | Literal["answer"]
    word: str | None
    objection: str | None


def add(tx: Transaction, notice_id: NoticeId, event: NoticeEvent) -> int | None:
    """Store an event and return its id; None if it happens once and has happened."""
    row = tx.one(
        _sql["add"],
        {
            "notice_id": notice_id,
            "kind": event.kind,
            "at": to_micros(event.at),
            "happened_at": maybe_to_micros(event.happened_at),
            "actor_kind": event.by.kind,
            "actor_id": event.by.id,
            "actor_name": event.by.name,
            "message_id": event.message_id,
            "version_id": event.version_id,
            "word": event.word,
            "objection": event.objection,
            "means": event.means,
            "note": event.note,
            "reference": event.reference,
            "document": None if event.document is None else msgspec.json.encode(event.document),
            "corrects": event.corrects,
        },
    )
    if row is None:
        return None
    ledger.append(tx, Entry(f"notice.{event.kind}", Subject("notice_event", row["id"])))
    anchors.want(tx, "notice")
    return int(row["id"])


def list_for(tx: Transaction, notice_ids: Iterable[NoticeId]) -> dict[NoticeId, tuple[NoticeEvent, ...]]:
    """Return everything that happened to these notices, oldest first."""
    found: dict[NoticeId, tuple[NoticeEvent, ...]] = defaultdict(tuple)
    for row in tx.all(_sql["list_for"], {"notice_ids": json.dumps(list(notice_ids))}):
        found[NoticeId(row["notice_id"])] += (_event(row),)
    return found


def add_carrier(tx: Transaction, notice_id: NoticeId, row: CarrierRow, *, now: datetime) -> None:
    """Store that a queued message carries a notice, asks about it, or is its receipt."""
    tx.run(_sql["add_carrier"], {**row._asdict(), "notice_id": notice_id, "at": to_micros(now)})
    ledger.append(tx, Entry("notice.carrier", Subject("notice_carrier", row.message_id)))
    anchors.want(tx, "notice")


def carriers_of(tx: Transaction, notice_ids: Iterable[NoticeId]) -> dict[NoticeId, tuple[Carrier, ...]]:
    """Return the messages of these notices with what is known of each, oldest first."""
    rows = tx.all(_sql["carriers_of"], {"notice_ids": json.dumps(list(notice_ids))})
    message_ids = [MessageId(row["message_id"]) for row in rows]
    known = delivery.read_many(tx, message_ids) if rows else {}
    attempts: dict[int, list[Row]] = defaultdict(list)
    for row in tx.all(_sql["list_attempts"], {"message_ids": json.dumps(message_ids)}) if rows else ():
        attempts[row["message_id"]].append(row)
    found: dict[NoticeId, tuple[Carrier, ...]] = defaultdict(tuple)
    for row in rows:
        about = known[MessageId(row["message_id"])].delivery
        found[NoticeId(row["notice_id"])] += (_carrier(row, attempts[row["message_id"]], about),)
    return found


def find_by_wamid(tx: Transaction, number_id: NumberId, wamid: str) -> NoticeId | None:
    """Return which notice a message of ours belongs to, by Meta's id of it."""
    row = tx.one(_sql["find_by_wamid"], {"number_id": number_id, "wamid": wamid})
    return None if row is None else NoticeId(row["notice_id"])


def is_known(tx: Transaction, number_id: NumberId, wamid: str) -> bool:
    """Say whether a message is known here under this id."""
    return tx.one(_sql["is_known"], {"number_id": number_id, "wamid": wamid}) is not None


def find_handing(tx: Transaction, message_id: MessageId) -> Handing | None:
    """Return what is handed over with a message because it carries a notice; None if it does not."""
    row = tx.one(_sql["find_handing"], {"message_id": message_id})
    if row is None:
        return None
    return Handing(row["commitment"], row["key_hash"], msgspec.json.decode(row["recipient"], type=Person))


def was_judged(tx: Transaction, message_id: MessageId) -> bool:
    """Say whether a message was taken as an answer already."""
    return tx.one(_sql["list_answered"], {"message_id": message_id}) is not None


def list_about(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, About]:
    """Return which of these messages have to do with a notice."""
    rows = tx.all(_sql["list_about"], {"message_ids": json.dumps(list(message_ids))})
    return {
        MessageId(row["message_id"]): About(
            NoticeId(row["notice_id"]), row["number"], row["role"], row["word"], row["objection"]
        )
        for row in rows
    }


def _event(row: Row) -> NoticeEvent:
    return NoticeEvent(
        id=row["id"],
        kind=row["kind"],
        at=from_micros(row["at"]),
        by=Who(row["actor_kind"], row["actor_id"], row["actor_name"]),
        happened_at=maybe_from_micros(row["happened_at"]),
        message_id=row["message_id"],
        version_id=row["version_id"],
        word=row["word"],
        objection=row["objection"],
        means=row["means"],
        note=row["note"],
        reference=row["reference"],
        document=None if row["document"] is None else msgspec.json.decode(row["document"], type=Document),
        corrects=row["corrects"],
    )


def _carrier(row: Row, attempts: list[Row], known: Delivery) -> Carrier:
    return Carrier(
        message_id=MessageId(row["message_id"]),
        purpose=row["purpose"],
        version_id=row["version_id"],
        nonce=row["nonce"],
        commitment=row["commitment"],
        at=from_micros(row["at"]),
        delivery=known,
        wamids=tuple(attempt["wamid"] for attempt in attempts if attempt["wamid"]),
        is_open=any(a["outcome"] in ("open", "unknown") and not a["wamid"] for a in attempts),
    )
