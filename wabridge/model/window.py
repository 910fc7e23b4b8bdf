"""The customer service window: how long free text may be sent to a person.

It opens for 24 hours with each message from them, by Meta's timestamp, and is closed here 60 seconds early, because a
message takes a moment to reach Meta. Which types open it is a table: Meta is silent about some, and a wrongly open
window loses a
reply.
Source: Meta, "send messages" (customer service windows).
"""

from datetime import datetime, timedelta
from typing import NamedTuple

LENGTH = timedelta(hours=24)
MARGIN = timedelta(seconds=60)

OPENING_TYPES = frozenset(
    {
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "interactive",
        "button",
        "order",
    }
)
"""Types known to open the window. Reactions, system messages, unsupported and unknown types: Meta does not say, so
they do not."""

CALLS_OPEN = True
"""A call from a person opens the window like a message, whether anybody answered it or not; a call to them does not."""

OUTSIDE_TYPES = frozenset({"template"})
"""Types that may be sent while the window is closed. Source: Meta, "send messages"."""


class MessageTime(NamedTuple):
    """When a message counts as written. is_doubtful: Meta's time was missing or in our future."""

    at: datetime
    is_doubtful: bool


def message_time(*, sent_at: datetime | None, arrived_at: datetime) -> MessageTime:
    """Return Meta's time, or the arrival when that is missing or later than the arrival."""
    if sent_at is None or sent_at > arrived_at:
        return MessageTime(arrived_at, is_doubtful=True)
    return MessageTime(sent_at, is_doubtful=False)


def opens(message_type: str) -> bool:
    """Say whether a message of this type opens the window."""
    return message_type in OPENING_TYPES


def closes_at(opened_at: datetime) -> datetime:
    """Return when the window that opened then is closed for us."""
    return opened_at + LENGTH - MARGIN


def is_open(opened_at: datetime | None, *, now: datetime) -> bool:
    """Say whether free text may be handed over now."""
    return opened_at is not None and now < closes_at(opened_at)


def allows(message_type: str, opened_at: datetime | None, *, now: datetime) -> bool:
    """Say whether a message of this type may be handed over now, with a window that opened then."""
    return message_type in OUTSIDE_TYPES or is_open(opened_at, now=now)
