"""The table of levels: what may be said of a message, whatever came, in whatever order."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import NOON
from wabridge.model.delivery import AttemptFacts, Delivery, OwnWord, StatusFact, assess

WORDS = ("sent", "delivered", "read", "failed")
LADDER = ("pending", "unknown", "sent", "failed", "delivered", "read")
"""What more knowledge may turn into what, of one attempt: only to the right."""


def fact(word: str, *, after: int = 0, code: int | None = None) -> StatusFact:
    """A status event that Meta dates some seconds after noon."""
    at = NOON + timedelta(seconds=after)
    return StatusFact(word, at, at, code, "said by Meta" if code else "")


def accepted(*words: str) -> AttemptFacts:
    """An attempt that was answered with an id, with these statuses."""
    return AttemptFacts("accepted", NOON, statuses=tuple(fact(word, after=i) for i, word in enumerate(words)))


@pytest.mark.parametrize("order", list(permutations(WORDS)), ids="-".join)
def test_order_of_arrival_does_not_matter(order: tuple[str, ...]) -> None:
    """In all 24 orders of the four words the message is read, with every time and the contradiction."""
    times = {word: NOON + timedelta(seconds=WORDS.index(word)) for word in WORDS}
    facts = tuple(StatusFact(word, times[word], NOON + timedelta(hours=i)) for i, word in enumerate(order))
    known = assess([AttemptFacts("accepted", NOON, statuses=facts)])
    assert known == Delivery(
        status="read",
        accepted_at=NOON,
        sent_at=times["sent"],
        delivered_at=times["delivered"],
        read_at=times["read"],
        failed_at=times["failed"],
        conflict=True,
    )


@pytest.mark.parametrize(
    ("words", "status", "conflict"),
    [
        ((), "sent", False),
        (("sent",), "sent", False),
        (("sent", "sent"), "sent", False),
        (("delivered",), "delivered", False),
        (("delivered", "sent"), "delivered", False),
        (("read", "delivered", "sent", "read"), "read", False),
        (("played",), "read", False),
        (("failed",), "failed", False),
        (("sent", "failed"), "failed", False),
        (("failed", "sent"), "failed", False),
        (("failed", "delivered"), "delivered", True),
        (("read", "failed"), "read", True),
        (("deleted",), "sent", False),
        (("warning", "delivered"), "delivered", False),
    ],
)
def test_level_of_gaps_and_repetitions(words: tuple[str, ...], status: str, conflict: bool) -> None:
    """Gaps, repetitions and unknown words never cost a level; failed beside delivered is a conflict."""
    known = assess([accepted(*words)])
    assert (known.status, known.conflict) == (status, conflict)


def test_read_alone_implies_delivered_without_a_time() -> None:
    """A missing delivered under a read is marked as implied, and no time is invented for it."""
    known = assess([accepted("sent", "read")])
    assert (known.delivered_is_implied, known.delivered_at) == (True, None)


def test_delivered_is_never_shown_as_read() -> None:
    """However long it stays delivered, there is no time of reading."""
    known = assess([accepted("sent", "delivered", "delivered")])
    assert (known.status, known.read_at, known.delivered_is_implied) == ("delivered", None, False)


def test_earliest_time_counts() -> None:
    """Of a repeated word the first time by Meta's clock is shown; a status without a time hides none."""
    facts = (fact("sent", after=9), fact("sent", after=3), StatusFact("sent", None, NOON))
    assert assess([AttemptFacts("accepted", statuses=facts)]).sent_at == NOON + timedelta(seconds=3)


def test_nothing_handed_over_is_pending() -> None:
    """Without an attempt, during one, and while another is planned, a message is pending."""
    for attempts in ([], [AttemptFacts("open")], [AttemptFacts("refused", code=130429)], [AttemptFacts("not_sent")]):
        assert assess(attempts).status == "pending"


def test_unknown_stays_unknown_while_another_attempt_failed() -> None:
    """A failed attempt never speaks for one of which nobody knows."""
    assert assess([AttemptFacts("unknown"), accepted("failed")]).status == "unknown"


def test_final_refusal_is_failed_with_its_code() -> None:
    """A refusal after which nothing is planned is failed, with Meta's code and words."""
    known = assess([AttemptFacts("refused", refusal_is_final=True, code=131026, details="undeliverable")])
    assert (known.status, known.failure_code, known.failure_details) == ("failed", 131026, "undeliverable")


def test_failed_status_has_its_code() -> None:
    """The code of a failed status is shown, even if a repetition of it came without one."""
    statuses = (fact("failed"), fact("failed", after=1, code=131026))
    known = assess([AttemptFacts("accepted", NOON, statuses=statuses)])
    assert (known.failure_code, known.failure_details) == (131026, "said by Meta")


def test_refusal_that_is_reported_again_does_not_end_the_retries() -> None:
    """One refusal may come as the answer and as a failed status; the planned retry stays planned."""
    assert assess([AttemptFacts("refused", code=130429, statuses=(fact("failed"),))]).status == "pending"


def test_sign_of_life_after_a_refusal_ends_the_retries() -> None:
    """If Meta reports a refused attempt as sent after all, the message is no longer pending."""
    assert assess([AttemptFacts("refused", code=130429, statuses=(fact("sent"),))]).status == "sent"


def test_delivered_after_a_final_refusal_is_a_conflict() -> None:
    """A refusal and a delivery of the same attempt contradict each other, and both are shown."""
    known = assess([AttemptFacts("refused", refusal_is_final=True, code=100, statuses=(fact("delivered"),))])
    assert (known.status, known.conflict, known.failure_code) == ("delivered", True, 100)


def test_best_attempt_speaks() -> None:
    """Of several attempts the one that got furthest gives the status."""
    assert assess([accepted("failed"), accepted("sent")]).status == "sent"
    assert assess([accepted("read"), accepted("failed")]).status == "read"


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        (accepted(), accepted(), True),
        (accepted("delivered"), AttemptFacts("unknown", statuses=(fact("sent"),)), True),
        (accepted("failed"), accepted("delivered"), False),
        (accepted("failed", "delivered"), accepted("sent"), True),
        (AttemptFacts("refused", statuses=(fact("failed"),)), accepted("read"), False),
        (AttemptFacts("not_sent"), accepted("read"), False),
    ],
)
def test_two_attempts_that_may_have_arrived(first: AttemptFacts, second: AttemptFacts, twice: bool) -> None:
    """If two attempts reached the person or may have, that is said; a failed one does not count."""
    assert assess([first, second]).twice is twice


def test_withdrawn_is_cancelled_and_hides_no_event() -> None:
    """Cancelled holds only as long as Meta says nothing of the message."""
    own = OwnWord("cancelled")
    assert assess([], own=own).status == "cancelled"
    assert assess([AttemptFacts("refused", code=130429)], own=own).status == "cancelled"
    assert assess([accepted("sent")], own=own).status == "sent"
    assert assess([accepted("failed")], own=own).status == "failed"
    assert assess([AttemptFacts("unknown")], own=own).status == "unknown"


def test_given_up_is_failed_with_our_own_reason() -> None:
    """A message that was never handed over is failed with our words, until Meta reports it as sent."""
    own = OwnWord("failed", 131047, "not handed over")
    known = assess([AttemptFacts("refused", code=130429)], own=own)
    assert (known.status, known.failure_code, known.failure_details) == ("failed", 131047, "not handed over")
    assert assess([AttemptFacts("refused", statuses=(fact("sent"),))], own=own).status == "sent"


facts_in_any_order = st.lists(st.sampled_from([*WORDS, "played", "deleted", "warning"]).map(fact), max_size=8)
outcomes = st.sampled_from(["open", "accepted", "refused", "not_sent", "unknown"])


@given(outcome=outcomes, known=facts_in_any_order, more=facts_in_any_order)
def test_more_facts_never_lower_the_level(outcome: str, known: list[StatusFact], more: list[StatusFact]) -> None:
    """Whatever is already known of an attempt, further statuses only take the message up the ladder."""
    before = assess([AttemptFacts(outcome, statuses=tuple(known))])  # type: ignore[arg-type]  # hypothesis gives strings
    after = assess([AttemptFacts(outcome, statuses=(*known, *more))])  # type: ignore[arg-type]  # as above
    assert LADDER.index(after.status) >= LADDER.index(before.status)
    assert after.conflict >= before.conflict


@given(outcome=outcomes, facts=facts_in_any_order, data=st.data())
def test_any_order_tells_the_same(outcome: str, facts: list[StatusFact], data: st.DataObject) -> None:
    """The same statuses in another order give the same answer."""
    shuffled = data.draw(st.permutations(facts))
    one, other = (assess([AttemptFacts(outcome, statuses=tuple(each))]) for each in (facts, shuffled))  # type: ignore[arg-type]  # as above
    assert one == other


@pytest.mark.parametrize("before", [AttemptFacts("refused", code=131016), AttemptFacts("not_sent")])
def test_a_try_that_was_followed_by_another_says_nothing_more(before: AttemptFacts) -> None:
    """After a refusal that was tried again, the next attempt's failure is the message's: it waits for nothing."""
    assert assess([before, accepted("failed")]).status == "failed"
    assert assess([before, accepted()]).status == "sent"
    assert assess([before, AttemptFacts("unknown")]).status == "unknown"
    assert assess([accepted("failed"), before]).status == "pending"
