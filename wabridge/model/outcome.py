"""What came of handing one message to Meta, and what follows from it.

Rule: only a refusal that is certain is called a refusal. Everything that may have reached Meta is `unknown`, and
never repeated on its own.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from wabridge.model.codes import Step


class Accepted(msgspec.Struct, frozen=True):
    """Meta took it and named it. held: it keeps a template back for a while, in Meta's word; "" if it does not."""

    wamid: str
    held: str = ""


class Refused(msgspec.Struct, frozen=True):
    """Meta said no, with a code whose meaning is known. details: Meta's own words, for staff."""

    code: int
    step: Step
    details: str = ""


class NotSent(msgspec.Struct, frozen=True):
    """Nothing left this machine (DNS, refused, connect or TLS failure). reason: one English word for the log."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """It may have reached Meta. reason: one English word for the log and the record; code: Meta's, if it is unsure."""

    reason: str
    code: int | None = None


Outcome = Accepted | Refused | NotSent | Unknown


class Exchange(msgspec.Struct, frozen=True):
    """The exact bytes of one HTTP exchange, without Authorization. Response fields are None as far as nothing came."""

    outcome: Outcome
    response_status: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: bytes | None = None
    retry_after_seconds: int = 0
    """How long Meta asks us to wait (`Retry-After`; not documented, honoured if it comes)."""


PauseReason = Literal["refused", "token_unreadable"]
"""refused: Meta's answer asks for a person; token_unreadable: the access token cannot be read on this machine."""


class Pause(msgspec.Struct, frozen=True):
    """All sending from one number stands still. code: Meta's; token: fingerprint of the access token that was used."""

    since: datetime
    reason: PauseReason
    code: int | None = None
    token: str | None = None


WINDOW_CLOSED = 131047
"""Meta's code for free text outside the customer service window; ours as well, when we do not even try."""

UNDELIVERABLE = 131026
"""Meta's code for a person who cannot be reached on WhatsApp; ours as well, when no address is known."""

UNFIT = 131009
"""Meta's code for a value that it does not take; ours as well, for what cannot be put into its form at all."""

IDENTITY_CHANGED = 137000
"""Meta's code for a recipient whose keys are not those that were pinned; ours as well, when a legal notice was approved
for another account than the one it would reach now."""

OPTED_OUT = 131050
"""Meta's code for a person who wants no advertising; ours as well, when we do not even try."""

TEMPLATE_NOT_APPROVED = -3
TEMPLATE_CHANGED = -4
"""Our own codes: between queueing and sending Meta withdrew the template, or approved another wording of it."""

AUTHOR_NOT_ALLOWED = -1
"""Our own code: whoever wrote it may no longer write. Meta's codes are never negative."""

RETRY_SECONDS = (2, 5, 15, 60, 300, 900, 1800, 3600)
"""Pauses before the next try after a retryable refusal or a failed connection. A try that comes after the office's
limit for lateness is not made: a person decides."""


LATER_SECONDS = (600, 1200, 1800)
"""The same for what passes by itself after minutes or hours; by the second one a person is asked."""


LONGEST_PAUSE = timedelta(seconds=RETRY_SECONDS[-1] * 1.25)
"""A pause that would last longer is from before the clock was put back, and counts as over."""


def retry_pause(tries: int, *, jitter: float) -> timedelta:
    """Return the pause after that many failed tries. jitter: 0.0 to 1.0, adds up to a quarter."""
    return _nth(RETRY_SECONDS, tries, jitter=jitter)


def later_pause(tries: int, *, jitter: float) -> timedelta:
    """Return the longer pause after that many failed tries. jitter: see retry_pause."""
    return _nth(LATER_SECONDS, tries, jitter=jitter)


def _nth(pauses: tuple[int, ...], tries: int, *, jitter: float) -> timedelta:
    base = pauses[min(max(tries, 1), len(pauses)) - 1]
    return timedelta(seconds=base * (1 + jitter / 4))
