"""What happened to a message, as lines of a timeline: each with its source, both clocks and its leaf."""

import json
from datetime import UTC, datetime
from typing import get_args

from wabridge.core.originals import Item
from wabridge.evidence.exhibits import Actor, Event, EventWord
from wabridge.storage.exhibits import AttemptRow, DoneRow, EchoRow, MessageRow, StatusRow, VersionRow

_WORDS = frozenset(get_args(EventWord))
_ETSI = {
    "accepted": "SubmissionAcceptance",
    "refused": "SubmissionRejection",
    "sent": "RelayToNonERDS",
    "delivered": "ContentConsignment",
    "read": "ContentAccessTracking",
    "played": "ContentAccessTracking",
    "failed": "ContentConsignmentFailure",
}
"""Names of ETSI EN 319 522 for the same events."""
_INBOUND: dict[str, EventWord] = {"reaction": "reacted", "edit": "edited", "revoke": "revoked"}
_TRACE = frozenset({"x-fb-trace-id", "x-fb-request-id"})


def author(row: MessageRow) -> Actor | None:
    """Return who wrote a message in the office's name, None for one from outside."""
    if row.author_kind is None:
        return None
    return Actor(kind=row.author_kind, name=row.author_name or "", role=row.author_role or "")


def beginning(row: MessageRow, item: Item | None, leaves: tuple[int, ...], *, is_backfilled: bool) -> Event:
    """Return how a message came to be here: received, or written."""
    if item is None:
        return Event(
            seq=0,
            event="recorded" if row.direction == "outbound" else "received",
            source="office",
            t_received=row.created_at,
            actor=author(row),
            is_backfilled=is_backfilled,
            leaf=_newest(leaves),
        )
    come: EventWord = "received" if row.direction == "inbound" else "written"
    word = _INBOUND.get(row.kind, come)
    doubtful = row.is_doubtful
    return _reported(
        item,
        word,
        at=item.row.arrived_at,
        meta=None if doubtful else row.written_at,
        wamid=row.wamid or "",
        leaves=leaves,
        is_doubtful=doubtful,
        is_backfilled=is_backfilled,
    )


def handing_over(attempt: AttemptRow, seq: int, response_path: str, leaves: tuple[int, ...]) -> list[Event]:
    """Return what came of an attempt, none while it is under way."""
    if attempt.settled_at is None or attempt.outcome not in _WORDS:
        return []
    word: EventWord = attempt.outcome  # type: ignore[assignment]  # it is one of the words
    return [
        Event(
            seq=0,
            event=word,
            source="meta_answer" if attempt.settled_by == "answer" else "office",
            t_received=attempt.settled_at,
            event_etsi=_ETSI.get(word, ""),
            raw_path=response_path,
            wamid=attempt.wamid or "",
            submission=seq,
            code=attempt.code,
            details=attempt.reason or "",
            leaf=_newest(leaves),
        )
    ]


def echo(row: EchoRow, item: Item, leaves: tuple[int, ...]) -> Event:
    """Return that Meta told of a message of ours as of one that was written elsewhere."""
    return _reported(
        item,
        "echoed",
        at=item.row.arrived_at,
        meta=None if row.is_doubtful else row.written_at,
        wamid=row.wamid,
        leaves=leaves,
        details=row.text or "",
        is_doubtful=row.is_doubtful,
    )


def version(row: VersionRow, item: Item, leaves: tuple[int, ...]) -> Event:
    """Return that another content came under the id of a message."""
    return _reported(
        item,
        "other",
        at=item.row.arrived_at,
        meta=None,
        wamid="",
        leaves=leaves,
        title=row.relation,
        details=row.text or "",
    )


def report(row: StatusRow, item: Item, leaves: tuple[int, ...], submission: int | None) -> Event:
    """Return a report of Meta's; a word that nobody knows is told as it came."""
    is_known = row.status in _WORDS
    word: EventWord = row.status if is_known else "other"  # type: ignore[assignment]  # it is one of the words
    return _reported(
        item,
        word,
        at=row.arrived_at,
        meta=row.reported_at,
        wamid=row.wamid,
        leaves=leaves,
        submission=submission,
        code=row.code,
        title=(row.title or "") if is_known else row.status,
        details=row.details or "",
    )


def done(row: DoneRow, leaves: tuple[int, ...]) -> Event:
    """Return what somebody of the office did or decided."""
    return Event(
        seq=0,
        event="note",
        source="staff" if row.actor_kind == "staff" else "office",
        t_received=row.at,
        title=row.verb,
        details=row.note,
        actor=Actor(kind=row.actor_kind, name=row.actor_name),
        leaf=_newest(leaves),
    )


def trace_id(headers: bytes | None) -> str:
    """Return the id by which Meta finds an exchange in its own records, as its answer named it."""
    try:
        pairs = json.loads(headers or b"[]")
        return next((str(value) for name, value in pairs if str(name).lower() in _TRACE), "")
    except (ValueError, TypeError):
        return ""


def unix_seconds(at: datetime | None) -> int | None:
    """Return Meta's time as it stated it, in whole seconds."""
    return None if at is None else int(at.astimezone(UTC).timestamp())


def _reported(  # noqa: PLR0913  # what one line of the timeline says
    item: Item,
    word: EventWord,
    *,
    at: datetime,
    meta: datetime | None,
    wamid: str,
    leaves: tuple[int, ...],
    submission: int | None = None,
    code: int | None = None,
    title: str = "",
    details: str = "",
    is_doubtful: bool = False,
    is_backfilled: bool = False,
) -> Event:
    row = item.row
    return Event(
        seq=0,
        event=word,
        source="meta_webhook",
        t_received=at,
        t_meta=unix_seconds(meta),
        event_etsi=_ETSI.get(word, ""),
        monotonic_ns=row.monotonic_ns,
        boot_id=row.boot_id,
        raw_path=item.path,
        headers_path=item.headers_path,
        body_path=item.body_path,
        body_sha256=row.digest.hex(),
        signature=row.secret_name,
        wamid=wamid,
        submission=submission,
        repeats=row.repeats,
        t_repeated=row.last_arrived_at if row.repeats else None,
        code=code,
        title=title,
        details=details,
        is_doubtful=is_doubtful,
        is_backfilled=is_backfilled,
        leaf=_newest(leaves),
    )


def _newest(leaves: tuple[int, ...]) -> int | None:
    return leaves[-1] if leaves else None
