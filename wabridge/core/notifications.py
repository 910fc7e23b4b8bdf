"""What every inbox page says on top until it is put right."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from wabridge.broker import Change
from wabridge.core import health
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, StorageUnavailable
from wabridge.model import account, failures
from wabridge.model.account import Known
from wabridge.model.banner import Banner, BannerKind, Severity
from wabridge.model.ids import StaffId
from wabridge.model.staff import Actor
from wabridge.storage import account as stored_account
from wabridge.storage import (
    alerts,
    contacts,
    conversations,
    foreign,
    journal,
    messages,
    notifications,
    numbers,
    quarantine,
    standstills,
)
from wabridge.storage.database import Transaction

REFUSALS_TOLERATED = 3
REFUSALS_WITHIN = timedelta(minutes=10)
"""More refused signatures than this, and somebody knocks who is more than a passer-by: Meta with another secret."""

LATE_AFTER = timedelta(seconds=60)
"""So long may a webhook or an item of one wait for its worker before pages say so."""


async def list_banners(office: Office, *, viewer: StaffId | None = None) -> tuple[Banner, ...]:
    """Return the standing remarks, the gravest first. Never fails for the disk: that is one of them.

    viewer: whoever looks is told of their own failed messages as theirs.
    """
    now = office.clock.now()
    failing_since = office.database.failing_since
    try:
        banners = await office.database.read(
            lambda tx: [*_to(tx, viewer), *(b for look in _LOOKS for b in look(tx, now)), *_unseen(tx, viewer)]
        )
        if not office.vault.has_space():
            banners.append(Banner(kind="disk_nearly_full", severity="danger"))
        banners = _once(banners)
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

    def change(tx: Transaction) -> int:
        if kind == "notice_worry":
            return 0 if staff_id is None else notifications.set_seen_for(tx, kind, staff_id, now=now)
        if kind != "own_failed":
            return notifications.set_seen(tx, kind, staff_id=staff_id, now=now)
        return 0 if staff_id is None else notifications.set_seen_own(tx, staff_id, now=now)

    if await office.database.write(change):
        office.broker.announce(Change("notice", None))


def _once(banners: list[Banner]) -> list[Banner]:
    """Leave out what the pause of sending says already, with Meta's code and what to do."""
    paused = {failures.reason(int(b.detail)) for b in banners if b.kind == "sending_paused" and b.detail.isdecimal()}
    return [b for b in banners if b.kind != "payment_problem" or "payment" not in paused]


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
        stop = standstills.find(tx, number_id)
        if stop is not None:
            yield Banner(
                kind="sending_stopped",
                severity="danger",
                since=stop.begun_at,
                detail=stop.reason,
                name=stop.begun_by,
            )


def _lateness(tx: Transaction, now: datetime) -> Iterator[Banner]:
    oldest = health.find_oldest(tx, now)
    if oldest is not None and now - oldest > LATE_AFTER:
        yield Banner(kind="webhooks_late", severity="danger", since=oldest)


def _to(tx: Transaction, viewer: StaffId | None) -> Iterator[Banner]:
    """Return what is said to one person alone."""
    yield from _own(tx, viewer)
    yield from _notices(tx, viewer)


def _own(tx: Transaction, viewer: StaffId | None) -> Iterator[Banner]:
    own = notifications.count_own(tx, viewer) if viewer is not None else None
    if own is not None and own.number:
        contact = contacts.get(tx, own.contact_id) if own.contact_id is not None else None
        yield Banner(
            kind="own_failed",
            severity="warning",
            count=own.number,
            since=own.since,
            conversation_id=own.conversation_id,
            name=(contact.shown_name or contact.phone or contact.user_id or "") if contact else "",
        )


def _notices(tx: Transaction, viewer: StaffId | None) -> Iterator[Banner]:
    """Tell those who are named for it of legal notices that need somebody."""
    told = notifications.count_for(tx, "notice_worry", viewer) if viewer is not None else None
    if told is not None and told.number:
        yield Banner(kind="notice_worry", severity="warning", count=told.number, since=told.since)


def _unseen(tx: Transaction, viewer: StaffId | None) -> Iterator[Banner]:
    for kind, severity in _UNTIL_SEEN.items():
        unseen = notifications.count_open(tx, kind, viewer=viewer)
        if unseen.number:
            yield Banner(
                kind=kind,
                severity=severity,
                count=unseen.number,
                since=unseen.since,
                conversation_id=unseen.conversation_id,
            )


def _history(tx: Transaction, now: datetime) -> Iterator[Banner]:
    declined = notifications.count_open(tx, "history_declined")
    if declined.number:
        yield Banner(kind="history_declined", severity="info", since=declined.since)


def _foreign(tx: Transaction, now: datetime) -> Iterator[Banner]:
    elsewhere = notifications.count_open(tx, foreign.NOTICE)
    if elsewhere.number:
        yield Banner(kind="foreign_messages", severity="warning", since=elsewhere.since)


def _quarantine(tx: Transaction, now: datetime) -> Iterator[Banner]:
    unseen = quarantine.count_unseen(tx)
    if unseen.number:
        yield Banner(kind="quarantined", severity="warning", count=unseen.number, since=unseen.since)


def _identities(tx: Transaction, now: datetime) -> Iterator[Banner]:
    doubtful = alerts.count_open(tx)
    if doubtful.contact_id is not None:
        threads = conversations.list_for_contact(tx, doubtful.contact_id)
        yield Banner(
            kind="identity_changed",
            severity="warning",
            count=doubtful.people,
            since=doubtful.since,
            conversation_id=threads[0] if threads else None,
        )


def _held_messages(tx: Transaction, now: datetime) -> Iterator[Banner]:
    held, conversation_id = messages.count_held(tx)
    if held:
        yield Banner(kind="held_messages", severity="warning", count=held, conversation_id=conversation_id)


def _account(tx: Transaction, now: datetime) -> Iterator[Banner]:
    state = account.derive(stored_account.list_present(tx).values(), now=now)
    if held := state.restrictions:
        ends = [one.until for one in held if one.until is not None]
        yield Banner(
            kind="account_restricted",
            severity="danger",
            since=min(one.since for one in held),
            until=max(ends) if len(ends) == len(held) else None,
            detail=", ".join(one.word for one in held if one.word),
        )
    for topic, kind in _STANDING.items():
        known: Known | None = getattr(state, topic)
        if known is not None and account.KINDS[known.kind].severity == "danger":
            yield _standing(kind, known)
    for number in state.numbers:
        for kind, known in (("quality_low", number.quality), ("name_rejected", number.name)):
            if known is not None and account.KINDS[known.kind].severity == "warning":
                yield _standing(kind, known)


def _standing(kind: BannerKind, known: Known) -> Banner:
    return Banner(kind=kind, severity=account.KINDS[known.kind].severity, since=known.since, detail=known.said)


_STANDING: dict[str, BannerKind] = {
    "ban": "account_disabled",
    "deletion": "account_deleted",
    "connection": "account_disconnected",
    "review": "account_not_approved",
}
"""Topics of the account's state whose trouble stays on every page until the contrary news comes."""

_UNTIL_SEEN: dict[BannerKind, Severity] = {
    "failed": "warning",
    "possible_match": "warning",
    "media_expiring": "warning",
    "media_failed": "warning",
    **{manner.until_seen: manner.severity for manner in account.KINDS.values() if manner.until_seen},
}
"""Kinds of notification that stand on every page until somebody has seen them."""

_LOOKS: tuple[Callable[[Transaction, datetime], Iterator[Banner]], ...] = (
    _signatures,
    _pauses,
    _lateness,
    _account,
    _held_messages,
    _identities,
    _foreign,
    _quarantine,
    _history,
)
_GRAVEST_FIRST = ("danger", "warning", "info")
