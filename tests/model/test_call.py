"""One call out of its pieces."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import call
from wabridge.model.content import Call, Content, Field, Reaction

PIECES = st.builds(
    lambda body: Content(body=body),
    st.builds(
        Call,
        direction=st.sampled_from([None, "incoming", "outgoing"]),
        outcome=st.sampled_from([None, "ringing", "ended", "missed", "rejected", "answered"]),
        started_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        ended_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        duration_seconds=st.none() | st.integers(0, 9999),
        word=st.none() | st.text(max_size=3),
    ),
)


@given(PIECES, PIECES, PIECES)
def test_the_order_of_the_pieces_says_nothing(one: Content, two: Content, three: Content) -> None:
    """However the pieces come, and however often, the call is the same."""
    merged = call.merge(call.merge(one, two), three)
    assert merged == call.merge(call.merge(three, one), two)
    assert call.merge(merged, two) == merged


def test_an_answered_call_stays_answered() -> None:
    """Ringing that is reported late takes nothing away, and the earliest beginning counts."""
    early, late = (datetime(2026, 11, 23, 3, minute, tzinfo=UTC) for minute in (1, 2))
    ended = Content(body=Call(direction="incoming", outcome="answered", started_at=late, duration_seconds=5))
    rings = Content(body=Call(direction="incoming", outcome="ringing", started_at=early))
    assert call.merge(ended, rings).body == Call(
        direction="incoming", outcome="answered", started_at=early, duration_seconds=5
    )


def test_what_is_besides_is_kept_once() -> None:
    """Fields of both pieces stay, each once."""
    one = Content(body=Call(), more=(Field(("a",), "1"),))
    two = Content(body=Call(), more=(Field(("a",), "1"), Field(("b",), "2")))
    assert call.merge(one, two).more == two.more


def test_what_is_no_call_adds_nothing() -> None:
    """Another kind of content under a call's id does not change the call."""
    known = Content(body=Call(outcome="ringing"))
    assert call.merge(known, Content(body=Reaction())) == known
    assert not call.is_from_outside(None)
