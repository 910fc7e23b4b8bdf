"""Anchors: where a checkpoint of the ledger was deposited outside this house, and what keeps one from getting there.

An anchor limits how far back anybody, the office included, could rewrite the ledger without contradicting something
that lies elsewhere. It never holds up sending: while an outside place cannot be reached, reports say "not yet
anchored".
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Literal, get_args

import msgspec

Kind = Literal["timestamp", "mail"]
"""timestamp: a timestamp authority (RFC 3161) signed the checkpoint's digest. mail: it lies in a mailbox outside."""

Why = Literal["notice", "daily"]
"""What asked for an anchor. notice: something happened to a legal notice; daily: the day's end."""

State = Literal["wanted", "made", "superseded"]
"""superseded: a later checkpoint, whose tree begins with this one's, was anchored at the same place."""

Reason = Literal[
    "unreachable",
    "slow",
    "cut_off",
    "busy",
    "refused",
    "not_a_token",
    "wrong_imprint",
    "wrong_nonce",
    "bad_signature",
    "expired",
    "untrusted",
    "too_large",
    "tls",
    "login",
    "recipient",
    "settings",
]
"""Why it is not there yet. busy: the server asks to come back later. refused: it will not. not_a_token: what came is no
answer of RFC 3161. expired: the authority's certificate was not good at the time it states. untrusted: its certificate
leads to none of the roots. tls: no protected connection. login, recipient: refused by the mail server."""

REASONS: tuple[Reason, ...] = get_args(Reason)

PASSING: frozenset[str] = frozenset({"unreachable", "slow", "cut_off", "busy"})
"""What may pass by itself; for everything else somebody has to do something, and it is tried more rarely."""

GATHER = timedelta(seconds=60)
"""So long events of notices are gathered before a checkpoint is made for them."""

NOTICE_WITHIN = timedelta(minutes=5)
"""By then what happened to a notice is anchored, if the places outside can be reached."""

DAILY_AT = time(2, 0)
"""When the day's checkpoint is anchored, on the office's clock."""

OLD_AFTER = timedelta(days=2)
"""After that the page says that nothing was anchored for so long."""

_PAUSES_SECONDS = (30, 60, 120, 300, 900, 1800, 3600)
_LONG_PAUSE_SECONDS = 6 * 3600
"""Before the second try, the third, ...; the last one for ever. Longer where somebody has to act first."""


class Place(msgspec.Struct, frozen=True):
    """Somewhere outside. address: of a timestamp authority, or of a mailbox."""

    kind: Kind
    address: str


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """One checkpoint at one place. made_at: by our clock; stated_at: by the authority's own.

    authority: who signed, as its certificate says, or the mail server's answer. is_trusted: whether its certificate
    leads to a root that this office chose; None for mail.
    """

    id: int
    checkpoint_id: int
    place: Place
    state: State
    wanted_at: datetime
    tries: int = 0
    next_try_at: datetime | None = None
    reason: Reason | None = None
    made_at: datetime | None = None
    stated_at: datetime | None = None
    authority: str = ""
    is_trusted: bool | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How well the ledger is anchored now. newest: the newest anchor at each place that has one.

    waiting: what is not there yet; waiting_since: since when something that happened waits; None: nothing does.
    """

    places: tuple[Place, ...] = ()
    newest: tuple[Anchor, ...] = ()
    waiting: tuple[Anchor, ...] = ()
    waiting_since: datetime | None = None

    @property
    def last_made_at(self) -> datetime | None:
        """When anything was anchored for the last time."""
        return max((each.made_at for each in self.newest if each.made_at), default=None)

    def is_old(self, now: datetime) -> bool:
        """Say whether nothing was anchored for so long that people should know."""
        if not self.places:
            return False
        since = self.last_made_at or self.waiting_since
        return since is not None and now - since > OLD_AFTER


def next_try(now: datetime, *, tries: int, reason: str) -> datetime:
    """Return when a place is asked again. tries: how often in vain so far, this time included."""
    pause = _PAUSES_SECONDS[min(tries, len(_PAUSES_SECONDS)) - 1] if tries else 0
    if reason not in PASSING:
        pause = max(pause, _LONG_PAUSE_SECONDS if tries >= 3 else _PAUSES_SECONDS[min(tries, 3)])
    return now + timedelta(seconds=pause)


def daily_moment(now: datetime, zone: tzinfo) -> datetime:
    """Return the last moment at which the day's anchor was due."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), DAILY_AT, zone)
    return due if due <= local else datetime.combine(local.date() - timedelta(days=1), DAILY_AT, zone)


def is_due(wishes: Sequence[tuple[Why, datetime]], now: datetime) -> bool:
    """Say whether a checkpoint is to be made for what was asked for: each why, and since when."""
    return any(why != "notice" or now - since >= GATHER or now < since for why, since in wishes)
