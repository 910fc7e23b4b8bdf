"""What may be decided about a message, and when."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.web.messages import NOW, outbound
from wabridge.model import delivery, offers
from wabridge.model.decision import Handover, awaits_repetition
from wabridge.model.delivery import AttemptFacts, Delivery, Status, StatusFact
from wabridge.model.message import Message
from wabridge.model.offers import Offer

ASKING = timedelta(seconds=60)


def offered(message: Message, *, window_is_open: bool = True) -> Offer | None:
    """Return what may be decided now, a minute being Meta's time to report."""
    return offers.offer(message, asking=ASKING, window_is_open=window_is_open, now=NOW)


def unknown(seconds_ago: float, **more: Any) -> Message:
    """Return a message without an answer that was handed over so long ago."""
    lost = Handover(opened_at=NOW - timedelta(seconds=seconds_ago), outcome="unknown")
    return outbound(delivery=Delivery(status="unknown"), handovers=(lost,), **more)


@pytest.mark.parametrize(
    ("seconds_ago", "objection"), [(59.0, "too_early"), (60.0, None), (86400.0, None), (-5.0, None)]
)
def test_meta_has_its_time_first(seconds_ago: float, objection: str | None) -> None:
    """Nobody is asked before the time is over; a clock that was put back keeps nobody from being asked."""
    made = offered(unknown(seconds_ago))
    assert made is not None
    assert (made.objection, made.may_close) == (objection, objection is None)


def test_outside_the_window_only_closing_is_left() -> None:
    """Free text cannot go; the matter can be laid to rest."""
    assert offered(unknown(600), window_is_open=False) == Offer("window_closed", may_close=True)


def test_what_goes_again_is_not_decided_twice() -> None:
    """While a repetition waits there is nothing to decide."""
    assert offered(unknown(600, resends=True)) == Offer("under_way", may_close=False)


def test_what_is_being_handed_over_is_not_decided() -> None:
    """An attempt under way may arrive after all: nobody is asked about what came of the one before it."""
    lost = unknown(600)
    second = Handover(opened_at=NOW, outcome="open")
    assert offered(msgspec.structs.replace(lost, handovers=(*lost.handovers, second))) == Offer("under_way", False)


def test_what_was_closed_can_still_be_sent_again() -> None:
    """Closing is not for ever: the person may call and say that nothing came."""
    assert offered(unknown(600, is_closed=True)) == Offer(None, may_close=False)


@pytest.mark.parametrize(
    ("code", "objection"),
    [(131026, None), (131047, None), (130429, None), (190, None), (-1, None), (None, None), (131009, "pointless"),
     (132001, "pointless"), (131050, "pointless"), (137000, "pointless")],
)  # fmt: skip
def test_a_failure_goes_again_where_that_can_help(code: int | None, objection: str | None) -> None:
    """What the very same message would meet again is not offered."""
    made = offered(outbound(delivery=Delivery(status="failed", failure_code=code)))
    assert made == Offer(objection, may_close=True)  # type: ignore[arg-type]  # the table's words


@pytest.mark.parametrize("status", ["pending", "delivered", "read", "cancelled"])
def test_what_is_well_needs_no_decision(status: Status) -> None:
    """Nothing is asked about a message that waits, arrived, or was withdrawn."""
    assert offered(outbound(delivery=Delivery(status=status))) is None


@pytest.mark.parametrize(("hours", "may_close"), [(23, False), (25, True)])
def test_a_day_without_a_device_can_be_closed(hours: int, may_close: bool) -> None:
    """A message that Meta took and nobody got may be laid to rest, but not sent again."""
    taken = Delivery(status="sent", accepted_at=NOW - timedelta(hours=hours))
    assert offered(outbound(delivery=taken)) == (Offer("answered", may_close=True) if may_close else None)


@pytest.mark.parametrize(
    ("later", "awaits"),
    [
        ([], True),
        ([AttemptFacts("refused")], True),
        ([AttemptFacts("not_sent"), AttemptFacts("refused")], True),
        ([AttemptFacts("open")], False),
        ([AttemptFacts("unknown")], False),
        ([AttemptFacts("accepted")], False),
        ([AttemptFacts("refused", refusal_is_final=True)], False),
        ([AttemptFacts("refused", statuses=(StatusFact("sent", NOW, NOW),))], False),
    ],
)
def test_only_what_surely_did_not_go_leaves_a_decision_standing(later: list[AttemptFacts], awaits: bool) -> None:
    """An attempt after the decision that may have reached Meta uses it up, whatever becomes of it."""
    assert awaits_repetition("resend", later) is awaits
    assert awaits_repetition("close", later) is False
    assert awaits_repetition(None, later) is False


@pytest.mark.parametrize(
    ("attempt", "status"),
    [
        (AttemptFacts("refused", refusal_is_final=True), "pending"),
        (AttemptFacts("unknown"), "unknown"),
        (AttemptFacts("accepted"), "sent"),
    ],
)
def test_what_goes_again_waits_unless_more_is_known(attempt: AttemptFacts, status: Status) -> None:
    """A failure that goes again is pending; what may have gone stays unknown; what went is sent."""
    assert delivery.assess([attempt], goes_again=True).status == status
