"""How fast messages may go: so many a second from a number, one in six seconds to a person with a burst before.

Both are the same rule: every message takes its share of time, and some of it may be borrowed from the future. What is
kept is one instant, until when everything that went is paid for. Source: Meta, "throughput" and "pair rate limits".
"""

from datetime import datetime, timedelta

import msgspec

from wabridge.model import limits

PAIR_SHARE = timedelta(seconds=limits.PAIR_SECONDS)
PAIR_CREDIT = PAIR_SHARE * (limits.PAIR_BURST - 2)
"""How much may be borrowed: one message less than Meta allows, because ours reach Meta a little after they went."""

BACKOFF_STEPS = 5
"""Back-off towards one person ends at 4^5 seconds, 17 minutes: before the office's usual limit for lateness."""
LONGEST_REST = timedelta(seconds=4**BACKOFF_STEPS * 1.25)
"""A longer rest than this is from before the clock was put back, and counts as over."""

_LONGEST_SLOWNESS_SECONDS = 600


class Wait(msgspec.Struct, frozen=True):
    """Why a message does not go now, and until when. code: Meta's, if it was Meta who asked for it.

    reason: what stands in the way, the first that applies. until is None where nobody knows.
    """

    reason: str
    until: datetime | None = None
    code: int | None = None


class ContactMark(msgspec.Struct, frozen=True):
    """What Meta's errors say about a person. times: how many messages met it."""

    kind: str
    code: int
    first_at: datetime
    last_at: datetime
    times: int


def pair_ready_at(borrowed_until: datetime, *, now: datetime) -> datetime:
    """Return when the next message to a person may go; not later than now if it may go at once."""
    return _possible(borrowed_until, now) - PAIR_CREDIT


def pair_borrow(borrowed_until: datetime, *, now: datetime) -> datetime:
    """Return until when a message that goes now, and those before it, will be paid back."""
    return max(_possible(borrowed_until, now), now) + PAIR_SHARE


def pair_backoff(rounds: int, *, jitter: float) -> timedelta:
    """Return how long to leave a person in peace after so many refusals in a row: 4^0, 4^1, ... seconds (131056)."""
    return timedelta(seconds=4 ** min(max(rounds - 1, 0), BACKOFF_STEPS) * (1 + jitter / 4))


def number_rest(base_seconds: int, rounds: int, *, jitter: float, asked_seconds: int = 0) -> timedelta:
    """Return how long a number rests after so many refusals in a row. asked_seconds: what Meta asked for."""
    grown = min(base_seconds * 2 ** min(max(rounds - 1, 0), 10), _LONGEST_SLOWNESS_SECONDS)
    asked = min(asked_seconds, _LONGEST_SLOWNESS_SECONDS)
    return timedelta(seconds=max(grown * (1 + jitter / 4), asked))


def _possible(borrowed_until: datetime, now: datetime) -> datetime:
    """Return the instant, or now if nobody can have borrowed so much: it is from before the clock was put back."""
    return borrowed_until if borrowed_until <= now + PAIR_CREDIT + PAIR_SHARE else now
