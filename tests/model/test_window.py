"""The customer service window."""

from datetime import UTC, datetime, timedelta

import pytest

from wabridge.model import window

OPENED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
CLOSES = OPENED + timedelta(hours=24) - timedelta(seconds=60)


def test_the_window_closes_a_minute_before_meta_says() -> None:
    """It is open for 24 hours less 60 seconds from the message that opened it, to the microsecond."""
    assert window.closes_at(OPENED) == CLOSES
    assert window.is_open(OPENED, now=OPENED)
    assert window.is_open(OPENED, now=CLOSES - timedelta(microseconds=1))
    assert not window.is_open(OPENED, now=CLOSES)


def test_nobody_has_written_so_it_is_closed() -> None:
    """Without a message from the person there is no window."""
    assert not window.is_open(None, now=OPENED)


@pytest.mark.parametrize("kind", ["text", "image", "audio", "document", "interactive", "button", "contacts", "order"])
def test_what_people_write_opens_it(kind: str) -> None:
    """Every message a person writes opens the window."""
    assert window.opens(kind)


@pytest.mark.parametrize("kind", ["reaction", "system", "unsupported", "unreadable", "edit", "revoke", "hologram", ""])
def test_what_is_doubtful_does_not_open_it(kind: str) -> None:
    """Types of which Meta does not say that they open it do not: a wrongly open window loses a reply."""
    assert not window.opens(kind)


def test_metas_time_counts_even_when_it_is_old() -> None:
    """A message that came days late counts from when it was written."""
    written = OPENED - timedelta(days=6)
    assert window.message_time(sent_at=written, arrived_at=OPENED) == (written, False)
    assert window.message_time(sent_at=OPENED, arrived_at=OPENED) == (OPENED, False)


@pytest.mark.parametrize("sent_at", [None, OPENED + timedelta(microseconds=1), OPENED + timedelta(days=400)])
def test_a_time_that_cannot_be_true_is_replaced_and_flagged(sent_at: datetime | None) -> None:
    """A time that is missing or in our future counts as the arrival, and is marked as doubtful."""
    assert window.message_time(sent_at=sent_at, arrived_at=OPENED) == (OPENED, True)
