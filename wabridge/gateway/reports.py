"""What a batch of delivery statuses does to the tables, in one transaction.

Rule 1: every status is kept, whatever it says and whosever it is. Rule 2: only a token or a wamid of ours ties it to
an attempt, and only a wamid to what was written in the office's name elsewhere; a likeness is shown to a person, never
applied.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from wabridge.gateway import account_news, consequences, naming, recipients
from wabridge.gateway.consequences import Setback
from wabridge.gateway.recipients import Receipt
from wabridge.model import failures
from wabridge.model.account import News
from wabridge.model.delivery import FAILED, LEVELS
from wabridge.model.event import ReportedError, StatusReport
from wabridge.model.ids import AttemptId, ConversationId, EventId, MessageId, NumberId
from wabridge.storage import anchors, attempts, delivery, instants, messages, notices, notifications, setbacks, statuses
from wabridge.storage.attempts import Attempt, Settlement
from wabridge.storage.database import Transaction
from wabridge.storage.statuses import NewStatus

_UNDECIDED = ("open", "unknown")


class Report(NamedTuple):
    """A status object that came to one of our numbers."""

    event_id: EventId
    arrived_at: datetime
    number_id: NumberId
    status: StatusReport


@dataclass(slots=True)
class Applied:
    """What has changed.

    has_settled: an attempt of which nobody knew. has_paused: sending now stands still. for_staff: how much went wrong
    that people should know.
    """

    conversations: set[ConversationId] = field(default_factory=set)
    has_settled: bool = False
    has_paused: bool = False
    for_staff: int = 0

    def add(self, other: "Applied") -> None:
        """Take over what another part has changed."""
        self.conversations |= other.conversations
        self.has_settled |= other.has_settled
        self.has_paused |= other.has_paused
        self.for_staff += other.for_staff


class _Match(NamedTuple):
    report: Report
    attempt: Attempt | None
    echo_id: MessageId | None = None


def apply(tx: Transaction, reports: Sequence[Report], *, now: datetime) -> Applied:
    """Keep these statuses and compute anew what they are about."""
    matches = _match(tx, reports)
    statuses.add_many(tx, [_row(match) for match in matches])
    unpaid = _note_payment_problem(tx, reports, now)
    adopted = _name_attempts(tx, matches)
    known = {match.attempt.id: match.attempt for match in matches if match.attempt}
    undecided = [attempt.id for attempt in known.values() if attempt.outcome in _UNDECIDED]
    attempts.settle_many(tx, undecided, Settlement("accepted", "status"), now=now)
    applied = Applied(has_settled=bool(undecided), for_staff=unpaid)
    places: dict[MessageId, ConversationId] = {}
    echoes = {match.echo_id for match in matches if match.echo_id is not None}
    for refreshed in delivery.refresh_many(tx, echoes | {attempt.message_id for attempt in known.values()}):
        places[refreshed.message_id] = refreshed.conversation_id
        applied.conversations.add(refreshed.conversation_id)
        if refreshed.went_wrong:
            applied.for_staff += 1
            notifications.add(
                tx, "failed", conversation_id=refreshed.conversation_id, message_id=refreshed.message_id, now=now
            )
    anchors.want_for_notices(tx, places)
    notices.want_look(tx, places, now=now)
    applied.has_paused = _count_errors(tx, matches, places, now)
    for conversation_id in _reached(matches, places):
        setbacks.forget_unreachable(tx, conversation_id)
    learned = recipients.learn(tx, _receipts(matches), now=now)
    applied.conversations |= learned
    applied.for_staff += len(learned)
    unclaimed = [match for match in matches if match.attempt is None and match.echo_id is None]
    strangers = [match.report for match in unclaimed if match.report.status.wamid not in adopted]
    applied.for_staff += _show_possible_matches(tx, strangers, now)
    return applied


def _match(tx: Transaction, reports: Sequence[Report]) -> list[_Match]:
    by_token = attempts.find_by_tokens(tx, {report.status.token for report in reports if report.status.token})
    wanted: dict[NumberId, set[str]] = defaultdict(set)
    for report in reports:
        wanted[report.number_id].add(report.status.wamid)
    by_wamid = {number_id: attempts.find_by_wamids(tx, number_id, wamids) for number_id, wamids in wanted.items()}
    echoes = {number_id: messages.find_echoes(tx, number_id, wamids) for number_id, wamids in wanted.items()}
    return [
        _Match(report, attempt, None if attempt else echoes[report.number_id].get(report.status.wamid))
        for report in reports
        for attempt in [_owner(report, by_token, by_wamid[report.number_id])]
    ]


def _owner(report: Report, by_token: dict[str, Attempt], by_wamid: dict[str, Attempt]) -> Attempt | None:
    attempt = by_token.get(report.status.token or "")
    if attempt is not None and attempt.number_id == report.number_id:
        return attempt
    return by_wamid.get(report.status.wamid)


def _name_attempts(tx: Transaction, matches: Iterable[_Match]) -> set[str]:
    """Give attempts that were found by their token the wamid, and what came under it; return these wamids."""
    named: dict[AttemptId, str] = {}
    for report, attempt, _ in matches:
        if attempt is None or attempt.wamid is not None or attempt.id in named or not report.status.wamid:
            continue
        wamid, message_id = report.status.wamid, attempt.message_id
        if naming.name(tx, attempt.id, wamid, number_id=report.number_id, message_id=message_id):
            named[attempt.id] = wamid
    return set(named.values())


def _count_errors(
    tx: Transaction, matches: Iterable[_Match], places: Mapping[MessageId, ConversationId], now: datetime
) -> bool:
    """Let each error take effect on others than its message; say whether sending now stands still."""
    has_paused = False
    for report, attempt, _ in matches:
        if attempt is None or report.status.status != FAILED:
            continue
        for error in report.status.errors:
            if error.code <= 0:  # 0 stands for a missing code here, and what is below reads as a reason of ours
                continue
            setback = Setback(
                attempt_id=attempt.id,
                number_id=attempt.number_id,
                conversation_id=places[attempt.message_id],
                opened_at=attempt.opened_at,
                code=error.code,
                step="fail",
                came_by="status",
                jitter=secrets.randbelow(1001) / 1000,
            )
            has_paused |= consequences.apply(tx, setback, now=now).has_paused
    return has_paused


def _reached(matches: Iterable[_Match], places: Mapping[MessageId, ConversationId]) -> set[ConversationId]:
    """Return the conversations in which something has arrived on a device."""
    return {
        places[attempt.message_id]
        for report, attempt, _ in matches
        if attempt is not None and LEVELS.get(report.status.status, 0) >= LEVELS["delivered"]
    }


def _note_payment_problem(tx: Transaction, reports: Sequence[Report], now: datetime) -> int:
    """Make news of a failure for want of payment, unless there is some that nobody has seen; return how much."""
    for report in reports:
        error = next((e for e in report.status.errors if failures.reason(e.code) == "payment"), None)
        if error is None or notifications.count_open(tx, "payment_problem").number:
            continue
        news = News(kind="payment_problem", word=error.title, said=error.details, code=error.code)
        account_news.keep(
            tx,
            report.event_id,
            news,
            reported_at=report.status.reported_at,
            arrived_at=report.arrived_at,
            now=now,
        )
        return 1
    return 0


def _show_possible_matches(tx: Transaction, strangers: Iterable[Report], now: datetime) -> int:
    """Point at unsettled sends to somebody to whom something nobody knows has failed; return how many."""
    shown = 0
    for report in strangers:
        recipient = _recipient(report.status)
        if report.status.status != FAILED or report.status.token or recipient is None:
            continue
        unknown = attempts.find_unknown_to(tx, report.number_id, recipient)
        if unknown is None:
            continue
        shown += 1
        notifications.add(
            tx,
            "possible_match",
            conversation_id=unknown.conversation_id,
            message_id=unknown.message_id,
            event_id=report.event_id,
            now=now,
        )
    return shown


def _receipts(matches: Iterable[_Match]) -> Iterator[Receipt]:
    for report, attempt, _ in matches:
        if attempt is not None:
            said_at = instants.from_seconds(report.status.reported_at) or report.arrived_at
            at = min(said_at, report.arrived_at)
            yield Receipt(attempt.message_id, report.status.recipient, report.event_id, at)


def _row(match: _Match) -> NewStatus:
    report, status = match.report, match.report.status
    error = status.errors[0] if status.errors else ReportedError()
    return NewStatus(
        event_id=report.event_id,
        attempt_id=match.attempt.id if match.attempt else None,
        number_id=report.number_id,
        wamid=status.wamid,
        token=status.token,
        recipient=_recipient(status),
        status=status.status,
        reported_at=instants.from_seconds(status.reported_at),
        arrived_at=report.arrived_at,
        code=error.code if error.code > 0 else None,  # a negative one would read as a reason of ours
        title=error.title or None,
        details=error.details or None,
        message_id=match.echo_id,
    )


def _recipient(status: StatusReport) -> str | None:
    return status.recipient.phone or status.recipient.user_id
