"""What Meta answers to a well-formed send when no script says otherwise: by fault, by speed limit, by window."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from wabridge.sandbox import answers
from wabridge.sandbox.answers import Answer
from wabridge.sandbox.behaviour import Behaviour
from wabridge.sandbox.faults import Fault
from wabridge.sandbox.graph import (
    NOTHING_TO_REACT_TO,
    OUTSIDE_WINDOW,
    PAIR_RATE_LIMIT,
    PAUSED_TEMPLATE,
    RATE_LIMIT,
    UNDELIVERABLE,
    GraphError,
)
from wabridge.sandbox.handset import Handset
from wabridge.sandbox.limits import Bucket, number_bucket, pair_bucket

FAULTY: dict[Fault, Answer] = {
    Fault.NO_ANSWER: answers.hang_after_accepting(),
    Fault.HTML_ANSWER: answers.html(502, accepted=True),
    Fault.ERROR_131000: answers.graph_error(500, 131000),
    Fault.ERROR_131016: answers.graph_error(500, 131016, message="Service unavailable"),
    Fault.RATE_LIMITED: answers.refuse(RATE_LIMIT),
    Fault.ERROR_AND_STATUS: answers.refuse(UNDELIVERABLE, also_status=True),
    Fault.TEMPLATE_PAUSED: answers.hold_then_fail(PAUSED_TEMPLATE),
    Fault.STATUS_BEFORE_ANSWER: answers.status_first(),
}
"""What a send is answered while a fault is switched on; the first one counts."""


class Policy:
    """Decides the usual answer; remembers how fast was sent.

    throttled: how many sends were refused for their speed, by code.
    """

    def __init__(self, behaviour: Behaviour, now: Callable[[], datetime]) -> None:
        self._behaviour = behaviour
        self._now = now
        self._rate = 0
        self._number_bucket: Bucket | None = None
        self._pair_buckets: dict[str, Bucket] = {}
        self.throttled: Counter[int] = Counter()

    def usual_answer(self, handset: Handset, kind: str = "text", reaction_to: str | None = None) -> Answer:
        """Return the answer to a send of this type to this client now. reaction_to: what a reaction is to stand under.

        A reaction to what the client has no more is taken and fails afterwards (5.2).
        """
        for fault, answer in FAULTY.items():
            if fault in self._behaviour.faults:
                return answer
        now = self._now()
        if not self._number_has_room(now):
            return self._throttle(RATE_LIMIT)
        if not self._pair_has_room(handset.person.phone, now):
            return self._throttle(PAIR_RATE_LIMIT)
        if handset.has_open_window(now) or kind == "template" or self._behaviour.window_mode == "ignore":
            is_lost = reaction_to is not None and not handset.takes_reaction(reaction_to, now)
            return answers.accept_then_fail(NOTHING_TO_REACT_TO) if is_lost else answers.accept()
        if self._behaviour.window_mode == "refuse":
            return answers.refuse(OUTSIDE_WINDOW)
        return answers.accept_then_fail(OUTSIDE_WINDOW)

    def _throttle(self, error: GraphError) -> Answer:
        self.throttled[error.code] += 1
        return answers.refuse(error)

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
