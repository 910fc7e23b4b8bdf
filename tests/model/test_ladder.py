"""The rungs of a message: who says so, by whose clock, and what is not known."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest

from tests.clocks import NOON
from tests.web.messages import NOW, inbound, outbound
from wabridge.model.decision import Handover
from wabridge.model.delivery import AttemptFacts, Delivery, StatusFact, assess
from wabridge.model.ladder import Ladder, climb
from wabridge.model.message import StatusEvent

WORDS = ("sent", "delivered", "read", "failed")


def report(status: str, *, at: datetime | None, arrived: datetime = NOON, repeats: int = 0) -> StatusEvent:
    """A status object of Meta's."""
    return StatusEvent(
        status=status, reported_at=at, first_arrived_at=arrived, last_arrived_at=arrived, repeats=repeats
    )


def known(*events: StatusEvent, **more: Any) -> Ladder:
    """Return the ladder of a message that Meta accepted, with these reports."""
    facts = tuple(StatusFact(each.status, each.reported_at, each.first_arrived_at) for each in events)
    delivery = assess([AttemptFacts("accepted", NOON, statuses=facts)])
    ladder = climb(outbound(delivery=delivery, events=events, **more))
    assert ladder is not None
    return ladder


def rungs(ladder: Ladder) -> list[tuple[str, str]]:
    """Return each rung with who says so."""
    return [(step.rung, step.witness) for step in ladder.steps]


@pytest.mark.parametrize("order", list(permutations(WORDS)), ids="-".join)
def test_every_order_gives_the_same_rungs(order: tuple[str, ...]) -> None:
    """In all 24 orders each rung stands once, with Meta's time and ours, and the contradiction is said."""
    arrivals = {word: NOON + timedelta(hours=n) for n, word in enumerate(order, 1)}
    ladder = known(*(report(w, at=NOON + timedelta(seconds=WORDS.index(w)), arrived=arrivals[w]) for w in order))
    assert [step.level.code for step in ladder.steps] == ["L0", "L1", "L2", "L3", "L4", "L-"]
    by_meta = [(step.at, step.arrived_at) for step in ladder.steps[2:]]
    assert by_meta == [(NOON + timedelta(seconds=n), arrivals[word]) for n, word in enumerate(WORDS)]
    assert (ladder.top.rung, ladder.remarks) == ("displayed", ("conflict",))


def test_the_two_clocks_are_never_mixed() -> None:
    """What the office and Meta's answer say has our time only; a report without Meta's time gets none."""
    ladder = known(report("sent", at=None, arrived=NOON + timedelta(minutes=1)))
    assert [(step.at, step.arrived_at) for step in ladder.steps] == [
        (None, NOW),
        (None, NOON),
        (None, NOON + timedelta(minutes=1)),
    ]


def test_an_implied_arrival_has_neither_time() -> None:
    """Displayed without a report of the arrival: the arrival is implied, by nobody's clock."""
    ladder = known(report("read", at=NOON))
    (step,) = [each for each in ladder.steps if each.rung == "delivered"]
    assert (step.witness, step.at, step.arrived_at) == ("implied", None, None)
    assert "not_displayed" not in ladder.remarks


def test_repetitions_are_counted_and_the_first_time_stands() -> None:
    """Of several reports the one that Meta dates first gives the times; the others are counted."""
    late = report("delivered", at=NOON + timedelta(seconds=9), repeats=2)
    ladder = known(report("delivered", at=None), late, report("delivered", at=NOON, arrived=NOON + timedelta(days=1)))
    step = ladder.top
    assert (step.at, step.arrived_at, step.repeats) == (NOON, NOON + timedelta(days=1), 4)


@pytest.mark.parametrize(
    ("events", "remarks"),
    [
        ((), ("no_sent", "not_displayed")),
        (("sent",), ("not_displayed",)),
        (("delivered",), ("not_displayed",)),
        (("delivered", "read"), ()),
        (("delivered", "failed"), ("conflict", "not_displayed")),
        (("failed",), ()),
    ],
)
def test_missing_signals_are_said_as_such(events: tuple[str, ...], remarks: tuple[str, ...]) -> None:
    """That no report of displaying came is said of whatever got as far as Meta, and of nothing that failed."""
    assert known(*(report(word, at=NOON) for word in events)).remarks == remarks


def test_nobody_knows_is_said() -> None:
    """A message of which nobody knows stands at what was written down here, with the remark."""
    ladder = climb(outbound(delivery=Delivery(status="unknown")))
    assert ladder is not None
    assert (rungs(ladder), ladder.remarks) == ([("recorded", "office")], ("no_answer",))


def test_a_report_without_a_level_shows_that_meta_has_it() -> None:
    """If no answer came and a report settled it that carries nowhere, it is accepted, by the reports' word."""
    ladder = climb(outbound(delivery=Delivery(status="sent"), events=(report("warning", at=NOON),)))
    assert ladder is not None
    assert rungs(ladder) == [("recorded", "office"), ("accepted", "status")]


def test_a_failure_has_its_witness() -> None:
    """Refused by the answer, reported afterwards, or given up here: each is told apart, and a failure is the top."""
    failed = Delivery(status="failed")
    refused = climb(outbound(delivery=failed, handovers=(Handover(opened_at=NOW, outcome="refused"),)))
    given_up = climb(outbound(delivery=failed))
    reported = known(report("sent", at=NOON), report("failed", at=NOON))
    for ladder, witness in ((refused, "answer"), (given_up, "office"), (reported, "status")):
        assert ladder is not None
        assert (ladder.top.rung, ladder.top.witness) == ("failed", witness)


def test_there_is_no_ladder_where_nothing_can_be_known() -> None:
    """Inbound messages, and what was written elsewhere and never reported, have none."""
    assert climb(inbound()) is None
    assert climb(msgspec.structs.replace(outbound(author_kind="app"), delivery=None)) is None
