"""What every inbox page says on top until it is put right."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from wabridge.broker import Change
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, StorageUnavailable
from wabridge.model.banner import Banner, BannerKind
from wabridge.model.ids import StaffId
from wabridge.model.staff import Actor
from wabridge.settings import Settings
from wabridge.storage import deadlines, events, journal, messages, notifications, numbers, quarantine
from wabridge.storage.database import Transaction

REFUSALS_TOLERATED = 3
REFUSALS_WITHIN = timedelta(minutes=10)
"""More refused signatures than this, and somebody knocks who is more than a passer-by: Meta with another secret."""

LATE_AFTER = timedelta(seconds=60)
"""So long may a webhook or an item of one wait for its worker before pages say so."""


async def list_banners(office: Office) -> tuple[Banner, ...]:
    """Return the standing remarks, the gravest first. Never fails for the disk: that is one of them."""
    now = office.clock.now()
    failing_since = office.database.failing_since
    try:
        banners = await office.database.read(
            lambda tx: [*(b for look in _LOOKS for b in look(tx, now)), *_past_their_time(tx, office.settings, now)]
        )
    except StorageUnavailable:
        banners, failing_since = [], failing_since or now
    if failing_since is not None:
        banners.append(Banner(kind="storage_failing", severity="danger", since=failing_since))
    if office.is_sandbox:
        banners.append(Banner(kind="sandbox", severity="info", detail=office.phone_url))
    return tuple(sorted(banners, key=lambda banner: _GRAVEST_FIRST.index(banner.severity)))


async def set_seen(office: Office, actor: Actor, kind: str) -> None:
    """Take a remark down until its cause comes again; raises NotAllowed. Who did it is kept with what it was about."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    now = office.clock.now()
    staff_id = StaffId(actor.id) if actor.kind == "staff" else None
    if await office.database.write(lambda tx: notifications.set_seen(tx, kind, staff_id=staff_id, now=now)):
        office.broker.announce(Change("notice", None))


def _signatures(tx: Transaction, now: datetime) -> Iterator[Banner]:
    since = now - REFUSALS_WITHIN
    refused = journal.refusals_since(tx, since)
    if refused > REFUSALS_TOLERATED:
        yield Banner(kind="signatures_refused", severity="danger", count=refused, since=since)


def _pauses(tx: Transaction, now: datetime) -> Iterator[Banner]:
    for number_id in numbers.list_all(tx).values():
        pause = numbers.get_pause(tx, number_id)
        if pause is not None:
            detail = pause.reason if pause.code is None else str(pause.code)
            yield Banner(kind="sending_paused", severity="danger", since=pause.since, detail=detail)


def _lateness(tx: Transaction, now: datetime) -> Iterator[Banner]:
    oldest = events.find_oldest_new(tx)
    if oldest is not None and now - oldest > LATE_AFTER:
        yield Banner(kind="webhooks_late", severity="danger", since=oldest)


def _unseen(tx: Transaction, now: datetime) -> Iterator[Banner]:
    for kind in _UNTIL_SEEN:
        unseen = notifications.count_open(tx, kind)
        if unseen.number:
            yield Banner(
                kind=kind,
                severity="warning",
                count=unseen.number,
                since=unseen.since,
                conversation_id=unseen.conversation_id,
            )


def _quarantine(tx: Transaction, now: datetime) -> Iterator[Banner]:
    unseen = quarantine.count_unseen(tx)
    if unseen.number:
        yield Banner(kind="quarantined", severity="warning", count=unseen.number, since=unseen.since)


def _held_messages(tx: Transaction, now: datetime) -> Iterator[Banner]:
    held, conversation_id = messages.count_held(tx)
    if held:
        yield Banner(kind="held_messages", severity="warning", count=held, conversation_id=conversation_id)


def _past_their_time(tx: Transaction, settings: Settings, now: datetime) -> Iterator[Banner]:
    late_before = now - timedelta(minutes=settings.office.late_after_minutes)
    settled_before = now - timedelta(seconds=settings.whatsapp.settling_seconds)
    passed: tuple[tuple[BannerKind, deadlines.Standing], ...] = (
        ("unknown_messages", deadlines.count_undecided(tx, settled_before=settled_before, now=now)),
        ("overdue_messages", deadlines.count_overdue(tx, waiting_since=late_before)),
    )
    for kind, standing in passed:
        if standing.number:
            yield Banner(
                kind=kind,
                severity="warning",
                count=standing.number,
                since=standing.since,
                conversation_id=standing.conversation_id,
            )


_UNTIL_SEEN: tuple[BannerKind, ...] = ("identity_changed", "failed", "possible_match")
"""Kinds of notification that stand on every page until somebody has seen them."""

_LOOKS: tuple[Callable[[Transaction, datetime], Iterator[Banner]], ...] = (
    _signatures,
    _pauses,
    _lateness,
    _held_messages,
    _unseen,
    _quarantine,
)
_GRAVEST_FIRST = ("danger", "warning", "info")
