"""The timeline of a legal notice, as its page shows it."""

from datetime import timedelta

from tests.notices import NOON, carrier, event, notice
from wabridge.model.delivery import Delivery
from wabridge.web import notice_timeline, words


def test_what_happens_within_one_second_stands_in_the_order_in_which_it_follows() -> None:
    """Meta's whole seconds put no report before the preparing that led to it, nor an answer before what it answers."""
    soon = NOON + timedelta(milliseconds=600)
    known = Delivery(status="read", accepted_at=soon, sent_at=NOON, delivered_at=NOON, read_at=NOON)
    found = notice(
        event("drafted", at=soon),
        event("queued", at=soon, message_id=carrier().message_id),
        event("answered", "confirmed", at=soon, happened_at=NOON),
        carriers=(carrier(delivery=known),),
    )
    lines = notice_timeline.lines(found)
    assert [str(line.sentence) for line in lines[:-1]] == [
        "Drafted",
        "Prepared for sending",
        str(words.ACCEPTED),
        str(words.SENT),
        str(words.DELIVERED),
        str(words.READ),
    ]
    assert lines[-1].recorded_at == soon


def test_a_later_second_stands_later_whoever_tells_it() -> None:
    """A report that Meta dates a second later stands after what the office did in between."""
    later = NOON + timedelta(seconds=2)
    known = Delivery(status="delivered", accepted_at=NOON, sent_at=NOON, delivered_at=later)
    found = notice(
        event("queued", message_id=carrier().message_id),
        event("escalated", "overdue", at=NOON + timedelta(seconds=1), note="Rina"),
        carriers=(carrier(delivery=known),),
    )
    assert str(notice_timeline.lines(found)[-1].sentence) == str(words.DELIVERED)
