"""Each handing-over of a message to Meta: written before the call, settled once by what is known of it.

Rule 1: what was handed over never changes. Rule 2: a result is compare-and-set on an undecided attempt. Rule 3: an
attempt has one wamid for ever, and a wamid one attempt.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from wabridge.clock import Instant
from wabridge.model.delivery import Outcome
from wabridge.model.ids import AttemptId, ConversationId, MessageId, NumberId
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("attempts")

SettledBy = Literal["answer", "status", "restart", "staff"]


class Opening(NamedTuple):
    """What is about to be handed over. recipient: phone digits or user id; body: the exact bytes."""

    message_id: MessageId
    number_id: NumberId
    token: str
    recipient: str
    url: str
    body: bytes


class Settlement(NamedTuple):
    """What is known now. code and refusal_is_final: of a refusal."""

    outcome: Outcome
    by: SettledBy
    reason: str | None = None
    code: int | None = None
    refusal_is_final: bool = False


class Answer(NamedTuple):
    """What came back over HTTP. accepted_at: it was a 200 with an id; held: Meta's word for keeping it back."""

    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    accepted_at: datetime | None
    held: str = ""


class Attempt(NamedTuple):
    """An attempt as statuses find it."""

    id: AttemptId
    message_id: MessageId
    number_id: NumberId
    outcome: Outcome
    token: str
    wamid: str | None
    opened_at: datetime


class Undecided(NamedTuple):
    """An attempt of which nobody knows yet what came of it."""

    id: AttemptId
    message_id: MessageId
    outcome: Outcome
    recipient: str
    opened_at: datetime


class UnknownSend(NamedTuple):
    """The newest unsettled attempt to somebody."""

    attempt_id: AttemptId
    message_id: MessageId
    conversation_id: ConversationId


def open_(tx: Transaction, opening: Opening, *, instant: Instant) -> AttemptId:
    """Write down what is about to be handed over."""
    row = tx.one(
        _sql["open_"],
        {
            "message_id": opening.message_id,
            "number_id": opening.number_id,
            "token": opening.token,
            "recipient": opening.recipient,
            "opened_at": to_micros(instant.at),
            "monotonic_ns": instant.monotonic_ns,
            "boot_id": instant.boot_id,
            "request_url": opening.url,
            "request_body": opening.body,
        },
    )
    assert row is not None, "an insert returns its row"
    ledger.append(tx, Entry("wa.attempt", Subject("attempt", row["id"])))
    return AttemptId(row["id"])


def settle(tx: Transaction, attempt_id: AttemptId, settlement: Settlement, *, now: datetime) -> bool:
    """Store what came of an attempt, and say whether nobody knew before."""
    return tx.run(_sql["settle"], _bind_settlement(attempt_id, settlement, now)) > 0


def settle_many(tx: Transaction, attempt_ids: Iterable[AttemptId], settlement: Settlement, *, now: datetime) -> None:
    """Store the same result for those of many attempts of which nobody knew."""
    attempt_ids = list(attempt_ids)
    tx.run_many(_sql["settle"], [_bind_settlement(attempt_id, settlement, now) for attempt_id in attempt_ids])
    if settlement.by != "status":  # a status has a leaf of its own
        for attempt_id in attempt_ids:
            ledger.append(tx, Entry("wa.outcome", Subject("answer", attempt_id), revises=True))


def record_answer(tx: Transaction, attempt_id: AttemptId, answer: Answer) -> None:
    """Keep the exact answer of an attempt."""
    tx.run(
        _sql["record_answer"],
        {
            "attempt_id": attempt_id,
            "response_status": answer.status,
            "response_headers": json.dumps(answer.headers).encode() if answer.headers else None,
            "response_body": answer.body,
            "accepted_at": maybe_to_micros(answer.accepted_at),
            "held": answer.held or None,
        },
    )
    ledger.append(tx, Entry("wa.answer", Subject("answer", attempt_id), revises=True))


def set_wamid(tx: Transaction, attempt_id: AttemptId, wamid: str) -> bool:
    """Name an attempt by its wamid; False if it has one, or another attempt has this one."""
    return tx.run(_sql["set_wamid"], {"attempt_id": attempt_id, "wamid": wamid}) > 0


def add_remark(tx: Transaction, attempt_id: AttemptId, remark: str) -> None:
    """Add something odd to an attempt's reason."""
    tx.run(_sql["add_remark"], {"attempt_id": attempt_id, "remark": remark})


def get(tx: Transaction, attempt_id: AttemptId) -> Attempt:
    """Return an attempt; it must exist."""
    row = tx.one(_sql["get"], {"attempt_id": attempt_id})
    assert row is not None, "an attempt is never deleted"
    return _attempt(row)


def list_undecided(tx: Transaction) -> list[Undecided]:
    """Return every attempt whose outcome nobody knows, oldest first."""
    return [
        Undecided(
            AttemptId(row["id"]),
            MessageId(row["message_id"]),
            row["outcome"],
            row["recipient"],
            from_micros(row["opened_at"]),
        )
        for row in tx.all(_sql["list_undecided"])
    ]


def find_unknown_to(tx: Transaction, number_id: NumberId, recipient: str) -> UnknownSend | None:
    """Return the newest attempt to this recipient whose outcome is unknown."""
    row = tx.one(_sql["find_unknown_to"], {"number_id": number_id, "recipient": recipient})
    if row is None:
        return None
    return UnknownSend(AttemptId(row["id"]), MessageId(row["message_id"]), ConversationId(row["conversation_id"]))


def find_by_tokens(tx: Transaction, tokens: Iterable[str]) -> dict[str, Attempt]:
    """Return the attempts with these tokens, by token."""
    found = map(_attempt, tx.all(_sql["find_by_tokens"], {"tokens": json.dumps(list(tokens))}))
    return {attempt.token: attempt for attempt in found}


def find_by_wamids(tx: Transaction, number_id: NumberId, wamids: Iterable[str]) -> dict[str, Attempt]:
    """Return the attempts of a number with these wamids, by wamid."""
    binds = {"number_id": number_id, "wamids": json.dumps(list(wamids))}
    return {row["wamid"]: _attempt(row) for row in tx.all(_sql["find_by_wamids"], binds)}


def _bind_settlement(attempt_id: AttemptId, settlement: Settlement, now: datetime) -> dict[str, object]:
    return {
        "attempt_id": attempt_id,
        "outcome": settlement.outcome,
        "reason": settlement.reason,
        "code": settlement.code,
        "refusal_is_final": settlement.refusal_is_final,
        "now": to_micros(now),
        "settled_by": settlement.by,
    }


def _attempt(row: Row) -> Attempt:
    return Attempt(
        id=AttemptId(row["id"]),
        message_id=MessageId(row["message_id"]),
        number_id=NumberId(row["number_id"]),
        outcome=row["outcome"],
        token=row["token"],
        wamid=row["wamid"],
        opened_at=from_micros(row["opened_at"]),
    )
