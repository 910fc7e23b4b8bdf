"""What Meta answers to a well-formed send when no script says otherwise: speed limits first, then the window."""

from collections.abc import Callable
from datetime import datetime

from wabridge.sandbox import answers
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.graph import OUTSIDE_WINDOW, PAIR_RATE_LIMIT, RATE_LIMIT
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.limits import Bucket, number_bucket, pair_bucket


class Policy:
    """Decides the usual answer; remembers how fast was sent."""

    def __init__(self, behaviour: Behaviour, now: Callable[[], datetime]) -> None:
        self._behaviour = behaviour
        self._now = now
        self._rate = 0
        self._number_bucket: Bucket | None = None
        self._pair_buckets: dict[str, Bucket] = {}

    def usual_answer(self, handset: Handset) -> Answer:
        """Return the answer to a send to this client now."""
        now = self._now()
        if not self._number_has_room(now):
            return answers.refuse(RATE_LIMIT)
        if not self._pair_has_room(handset.person.phone, now):
            return answers.refuse(PAIR_RATE_LIMIT)
        if handset.has_open_window(now) or self._behaviour.window_mode == "ignore":
            return answers.accept()
        if self._behaviour.window_mode == "refuse":
            return answers.refuse(OUTSIDE_WINDOW)
        return answers.accept_then_fail(OUTSIDE_WINDOW)

    def _number_has_room(self, now: datetime) -> bool:
        rate = self._behaviour.throughput_per_second
        if rate is None:
            return True
        if self._number_bucket is None or rate != self._rate:
            self._rate, self._number_bucket = rate, number_bucket(rate, now)
        return self._number_bucket.take(now)

    def _pair_has_room(self, phone: str, now: datetime) -> bool:
        if not self._behaviour.pair_rate:
            return True
        return self._pair_buckets.setdefault(phone, pair_bucket(now)).take(now)
