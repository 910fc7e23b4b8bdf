"""How far a legal notice has come: one table, from events only.

The level is the highest rung for which there is an event; late and repeated events never take it away. A confirmation
beside a dispute is shown with it, not repaired. Silence is a rung of its own, and no confirmation.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple, get_args

import msgspec

from wabridge.model.notice import Notice, NoticeEvent, Wanted

Level = Literal[
    "draft",
    "approved",
    "withdrawn",
    "queued",
    "failed",
    "sent",
    "delivered",
    "displayed",
    "overdue",
    "responded",
    "unclear",
    "question",
    "refused",
    "not_me",
    "confirmed_late",
    "confirmed",
]
"""responded: a reply that quotes it. unclear: "read" was pressed, but something speaks against counting it.
confirmed_late: confirmed after the deadline. failed: Meta reports that it did not arrive, and it was not sent again."""

Bucket = Literal["draft", "waiting", "failed", "delivered", "displayed", "disputed", "overdue", "done"]
"""Where a notice stands on the list. waiting: nothing reported that it arrived. failed: it did
not arrive, and somebody has to do something. delivered: nothing reported that it was
displayed. displayed: nobody has confirmed. disputed: an answer, but no confirmation, or one that is contradicted."""
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)


class Rung(NamedTuple):
    """One rung: where a notice on it stands on the list, and what says so.

    events: kinds and words of events, "answered:confirmed"; statuses: of a message that carries the notice.
    """

    level: Level
    bucket: Bucket
    events: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


LADDER: tuple[Rung, ...] = (
    Rung("draft", "draft", ("drafted",)),
    Rung("approved", "draft", ("approved",)),
    Rung("withdrawn", "done", ("withdrawn",)),
    Rung("queued", "waiting", statuses=("pending", "unknown")),
    Rung("failed", "failed", statuses=("failed",)),
    Rung("sent", "waiting", statuses=("sent",)),
    Rung("delivered", "delivered", statuses=("delivered",)),
    Rung("displayed", "displayed", statuses=("read",)),
    Rung("overdue", "overdue", ("overdue",)),
    Rung("responded", "disputed", ("answered:responded",)),
    Rung("unclear", "disputed", ("answered:not_counted",)),
    Rung("question", "disputed", ("answered:question", "recorded:question")),
    Rung("refused", "disputed", ("recorded:refused",)),
    Rung("not_me", "disputed", ("answered:not_me", "recorded:not_me")),
    Rung("confirmed_late", "done", ("answered:confirmed_late", "recorded:confirmed_late")),
    Rung("confirmed", "done", ("answered:confirmed", "recorded:confirmed")),
)
"""Lowest first."""

_RANK: dict[Level, int] = {rung.level: rank for rank, rung in enumerate(LADDER)}
_BY_EVENT: dict[str, Level] = {word: rung.level for rung in LADDER for word in rung.events}
_BY_STATUS: dict[str, Level] = {word: rung.level for rung in LADDER for word in rung.statuses}
_BUCKETS: dict[Level, Bucket] = {rung.level: rung.bucket for rung in LADDER}

REACHED: frozenset[Level] = frozenset({"queued", "failed", "sent", "delivered", "displayed"})
"""What is known of the way there; beside it stands what came back."""
CONFIRMED: frozenset[Level] = frozenset({"confirmed", "confirmed_late"})
DISPUTED: frozenset[Level] = frozenset({"refused", "not_me"})
ENOUGH: dict[Wanted, frozenset[Level]] = {
    "delivered": frozenset({"delivered", "displayed"}),
    "displayed": frozenset({"displayed"}),
    "confirmed": CONFIRMED,
}
"""With which rungs the office has what it asked for. What is more than that still shows; a dispute is still one."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a notice stands.

    level: the highest rung; reach: how far it is known to have come, None if it was never sent; levels: every rung for
    which there is an event. is_overdue: the deadline passed without a confirmation before it. is_contradicted: there
    is a confirmation beside a dispute. is_closed: somebody of the office let it rest. is_enough: it has come as far as
    the office asked.
    """

    level: Level
    reach: Level | None
    levels: frozenset[Level]
    bucket: Bucket
    is_overdue: bool = False
    is_contradicted: bool = False
    is_closed: bool = False
    is_enough: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether it is confirmed, in time or late."""
        return self.level in CONFIRMED

    @property
    def is_over(self) -> bool:
        """Whether nothing more is awaited."""
        return self.bucket == "done"


def stand(notice: Notice) -> Standing:
    """Return where a notice stands."""
    levels = frozenset(_levels(notice))
    level = max(levels, key=_RANK.__getitem__)
    is_contradicted = bool(levels & CONFIRMED and levels & DISPUTED)
    is_closed = any(event.kind == "closed" for event in notice.counting)
    is_enough = bool(levels & ENOUGH[notice.told.wanted])
    bucket: Bucket = "disputed" if is_contradicted else _BUCKETS[level]
    if is_enough and bucket != "disputed":
        bucket = "done"
    return Standing(
        level=level,
        reach=highest_reached(levels),
        levels=levels,
        bucket="done" if is_closed else bucket,
        is_overdue="overdue" in levels and "confirmed" not in levels,
        is_contradicted=is_contradicted,
        is_closed=is_closed,
        is_enough=is_enough,
    )


def highest_reached(levels: frozenset[Level]) -> Level | None:
    """Return how far a notice is known to have come on its way, None if it never went."""
    reached = sorted(levels & REACHED, key=_RANK.__getitem__)
    return reached[-1] if reached else None


def confirmed_at(notice: Notice) -> datetime | None:
    """Return when the confirmation happened that counts, by the clock of whoever tells; None if there is none."""
    told = [event for event in notice.counting if level_of(notice, event) in CONFIRMED]
    return min((event.happened_at or event.at for event in told), default=None)


def level_of(notice: Notice, event: NoticeEvent) -> Level | None:
    """Return the rung that an event takes its notice to, None if it only tells something."""
    if event.kind == "approved" and event.version_id != notice.version.id:
        return None  # it was an approval of what has been changed since
    if event.kind == "overdue" and not _is_of_deadline(notice, event):
        return None  # it was sent again since, with another deadline
    word = event.word
    if event.kind == "recorded" and word == "confirmed" and _is_late(notice, event):
        word = "confirmed_late"
    return _BY_EVENT.get(event.kind if word is None else f"{event.kind}:{word}")


def _levels(notice: Notice) -> Iterator[Level]:
    yield "draft"
    for event in notice.counting:
        level = level_of(notice, event)
        if level is not None:
            yield level
    for carrier in notice.sent:
        if carrier.delivery.status != "failed" or carrier is notice.sent[-1]:  # else it was sent again since
            yield _BY_STATUS[carrier.delivery.status]


def _is_of_deadline(notice: Notice, event: NoticeEvent) -> bool:
    deadline = notice.told.deadline_at
    return deadline is not None and event.at >= deadline


def _is_late(notice: Notice, event: NoticeEvent) -> bool:
    deadline = notice.told.deadline_at
    return deadline is not None and (event.happened_at or event.at) > deadline
