"""Delivery reports as the office gets them: in their order, or as the faults that are switched on have it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import UNDELIVERABLE
from wabridge.sandbox.payloads import Json

# What is held back, and behind which word it comes after all.
HELD_BACK: dict[Fault, tuple[str, str]] = {
    Fault.STATUSES_REORDERED: ("sent", "delivered"),
    Fault.DELIVERED_AFTER_READ: ("delivered", "read"),
    Fault.FAILED_THEN_SENT: ("sent", "failed"),
}
FAILING = frozenset({Fault.SENT_THEN_FAILED, Fault.FAILED_THEN_SENT})


class Emit(Protocol):
    """What posts one status."""

    def __call__(
        self,
        wamid: str,
        status: str,
        errors: Sequence[Json] | None = None,
        *,
        at: datetime | None = None,
        on_arrival: Callable[[], None] | None = None,
    ) -> object:
        """Post a status of that moment; call back when it was answered 200."""


class Reports:
    """Passes on what becomes of a message; remembers what it holds back."""

    def __init__(self, behaviour: Behaviour, now: Callable[[], datetime], emit: Emit) -> None:
        self._behaviour = behaviour
        self._now = now
        self._emit = emit
        self._held: dict[str, list[tuple[str, str, datetime]]] = {}

    def must_fail(self) -> bool:
        """Say whether what is sent now fails."""
        return bool(FAILING & self._behaviour.faults)

    def tell(self, wamid: str, word: str) -> None:
        """Report a status now, or leave it out, or keep it for later."""
        faults, now = self._behaviour.faults, self._now()
        if Fault.NO_STATUS in faults or (word == "delivered" and Fault.READ_ALONE in faults):
            return
        for fault, (held, until) in HELD_BACK.items():
            if fault in faults and word == held:
                self._held.setdefault(wamid, []).append((held, until, now))
                return
        self._post_in_turn(wamid, [(word, now), *self._take_held(wamid, word)])

    def _take_held(self, wamid: str, word: str) -> list[tuple[str, datetime]]:
        waiting = self._held.pop(wamid, [])
        kept = [each for each in waiting if each[1] != word]
        if kept:
            self._held[wamid] = kept
        return [(held, at) for held, until, at in waiting if until == word]

    def _post_in_turn(self, wamid: str, reports: list[tuple[str, datetime]]) -> None:
        """Post each when the one before it was answered: parallel connections keep no order."""
        (word, at), *others = reports
        errors = [UNDELIVERABLE.report()] if word == "failed" else None
        proceed = (lambda: self._post_in_turn(wamid, others)) if others else None
        self._emit(wamid, word, errors, at=at, on_arrival=proceed)
