"""What is known about outbound messages: read from attempts and status events, computed by `model.delivery`.

`message.status`, `conflict` and `failure_*` repeat the computed level, so that lists and queues can ask for it. What
the office itself said of a message (cancelled, given up before it was handed over) is only there; it counts as long
as Meta says nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from wabridge.model import delivery
from wabridge.model.decision import Handover, awaits_repetition
from wabridge.model.delivery import AttemptFacts, Delivery, OwnWord, Status, StatusFact
from wabridge.model.ids import AttemptId, ConversationId, MessageId
from wabridge.model.message import StatusEvent
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros

_sql = queries.load("delivery")


_ELSEWHERE = ("app", "partner")
"""Authors whose messages were written elsewhere: they have no attempts, and their statuses belong to the message."""


class Known(NamedTuple):
    """All that is known of one message's delivery. events: every status event, in order of arrival.

    handovers: its attempts, oldest first. resends: a person decided to send it again, and that is still to happen.
    """

    delivery: Delivery
    events: tuple[StatusEvent, ...]
    handovers: tuple[Handover, ...]
    resends: bool
    has_lapsed: bool


class Refreshed(NamedTuple):
    """A message whose level was computed again. before: the status that was stored, None if there was none."""

    message_id: MessageId
    conversation_id: ConversationId
    before: Status | None
    had_conflict: bool
    delivery: Delivery

    @property
    def went_wrong(self) -> bool:
        """Whether it has just become known that the message failed, or may have."""
        has_failed = self.delivery.status == delivery.FAILED and self.before != delivery.FAILED
        return has_failed or (self.delivery.conflict and not self.had_conflict)


def read_many(tx: Transaction, message_ids: Iterable[MessageId]) -> dict[MessageId, Known]:
    """Return what is known of these messages, in three queries; inbound ones are left out."""
    return {facts.message_id: facts.known for facts in _read(tx, message_ids)}


def facts(tx: Transaction, message_id: MessageId) -> list[AttemptFacts]:
    """Return the attempts of a message with everything known of each, oldest first."""
    return [attempt for read in _read(tx, [message_id]) for attempt in read.attempts]


def refresh(tx: Transaction, message_id: MessageId) -> Refreshed:
    """Compute and store a message's level; the message must be outbound."""
    return refresh_many(tx, [message_id])[0]


def refresh_many(tx: Transaction, message_ids: Iterable[MessageId]) -> list[Refreshed]:
    """Compute and store the levels of messages, in four statements."""
    read = _read(tx, message_ids)
    tx.run_many(_sql["refresh_many"], [_bind(message.message_id, message.known) for message in read])
    return [
        Refreshed(
            message.message_id,
            message.conversation_id,
            message.status,
            message.has_conflict,
            message.known.delivery,
        )
        for message in read
    ]


class _Read(NamedTuple):
    message_id: MessageId
    conversation_id: ConversationId
    status: Status | None
    has_conflict: bool
    attempts: list[AttemptFacts]
    known: Known


def _read(tx: Transaction, message_ids: Iterable[MessageId]) -> list[_Read]:
    wanted = {"message_ids": json.dumps(list(message_ids))}
    messages = tx.all(_sql["read_many__messages"], wanted)
    rows = tx.all(_sql["read_many__attempts"], wanted)
    attempt_ids = [AttemptId(row["id"]) for row in rows]
    events: dict[AttemptId, list[StatusEvent]] = defaultdict(list)
    for row in tx.all(_sql["read_many__events"], {"attempt_ids": json.dumps(attempt_ids)}):
        events[AttemptId(row["attempt_id"])].append(_status_event(row))
    attempts: dict[MessageId, list[Row]] = defaultdict(list)
    for row in rows:
        attempts[MessageId(row["message_id"])].append(row)
    own = _events_of_echoes(tx, messages)
    return [
        _read_echo(row, own[MessageId(row["id"])])
        if row["author_kind"] in _ELSEWHERE
        else _read_one(row, attempts[MessageId(row["id"])], events)
        for row in messages
    ]


def _events_of_echoes(tx: Transaction, messages: Iterable[Row]) -> dict[MessageId, list[StatusEvent]]:
    """Return what was reported of those messages that were written elsewhere."""
    found: dict[MessageId, list[StatusEvent]] = defaultdict(list)
    wanted = [row["id"] for row in messages if row["author_kind"] in _ELSEWHERE]
    for row in tx.all(_sql["read_many__events_of_echoes"], {"message_ids": json.dumps(wanted)}) if wanted else ():
        found[MessageId(row["message_id"])].append(_status_event(row))
    return found


def _read_echo(message: Row, events: Sequence[StatusEvent]) -> _Read:
    # WhatsApp knows a message of which it reports anything at all; it was not handed over by us, and never is.
    known = AttemptFacts(outcome="accepted", statuses=tuple(map(_status_fact, events)))
    return _Read(
        message_id=MessageId(message["id"]),
        conversation_id=ConversationId(message["conversation_id"]),
        status=message["status"],
        has_conflict=bool(message["conflict"]),
        attempts=[known],
        known=Known(delivery.assess([known]), tuple(events), handovers=(), resends=False, has_lapsed=False),
    )


def _read_one(message: Row, attempts: Sequence[Row], events: Mapping[AttemptId, list[StatusEvent]]) -> _Read:
    own_events = [events.get(AttemptId(row["id"]), []) for row in attempts]
    known = [_attempt_facts(row, each) for row, each in zip(attempts, own_events, strict=True)]
    in_order = sorted((event for each in own_events for event in each), key=lambda event: event.first_arrived_at)
    return _Read(
        message_id=MessageId(message["id"]),
        conversation_id=ConversationId(message["conversation_id"]),
        status=message["status"],
        has_conflict=bool(message["conflict"]),
        attempts=known,
        known=_know(message, attempts, known, in_order),
    )


def _know(
    message: Row, attempts: Sequence[Row], known: Sequence[AttemptFacts], in_order: Sequence[StatusEvent]
) -> Known:
    later = [facts for row, facts in zip(attempts, known, strict=True) if row["id"] > (message["after_attempt"] or 0)]
    goes_again = awaits_repetition(message["decided"], later)
    level = _assess(message, known, goes_again=goes_again)
    still_can = level.status in ("pending", "unknown")
    return Known(
        delivery=level,
        events=tuple(in_order),
        handovers=tuple(map(_handover, attempts)),
        resends=goes_again and still_can,
        has_lapsed=goes_again and not still_can,
    )


def _assess(message: Row, attempts: Sequence[AttemptFacts], *, goes_again: bool) -> Delivery:
    status = message["status"]
    if goes_again:
        return delivery.assess(attempts, goes_again=True)
    if status == "cancelled":
        return delivery.assess(attempts, own=OwnWord("cancelled"))
    by_meta = delivery.assess(attempts)
    if status != delivery.FAILED or by_meta.status != "pending":
        return by_meta
    # Stored as failed, and no attempt says so: it was given up before it was handed over.
    own = OwnWord("failed", message["failure_code"], message["failure_details"] or "")
    return delivery.assess(attempts, own=own)


def _handover(row: Row) -> Handover:
    return Handover(
        opened_at=from_micros(row["opened_at"]),
        outcome=row["outcome"],
        reason=row["reason"] or "",
        code=row["code"],
        response_status=row["response_status"],
        settled_by=row["settled_by"],
    )


def _attempt_facts(row: Row, events: Sequence[StatusEvent]) -> AttemptFacts:
    return AttemptFacts(
        outcome=row["outcome"],
        held=row["held"] is not None,
        accepted_at=maybe_from_micros(row["accepted_at"]),
        refusal_is_final=bool(row["refusal_is_final"]),
        code=row["code"],
        details=row["reason"] or "",
        statuses=tuple(_status_fact(event) for event in events),
    )


def _status_fact(event: StatusEvent) -> StatusFact:
    return StatusFact(
        status=event.status,
        at=event.reported_at,
        arrived_at=event.first_arrived_at,
        code=event.code,
        details=event.details or event.title,
    )


def _status_event(row: Row) -> StatusEvent:
    return StatusEvent(
        status=row["status"],
        reported_at=maybe_from_micros(row["reported_at"]),
        first_arrived_at=from_micros(row["arrived_at"]),
        last_arrived_at=from_micros(row["last_arrived_at"]),
        repeats=row["repeats"],
        code=row["code"],
        title=row["title"] or "",
        details=row["details"] or "",
    )


def _bind(message_id: MessageId, known: Known) -> dict[str, object]:
    level = known.delivery
    return {
        "message_id": message_id,
        "status": level.status,
        "conflict": level.conflict,
        "failure_code": level.failure_code,
        "failure_details": level.failure_details or None,
        "resends": known.resends,
        "has_lapsed": known.has_lapsed,
    }
