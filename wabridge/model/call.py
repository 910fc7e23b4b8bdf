"""One call out of what Meta says about it piece by piece, in any order: that it rings, how it ended.

Rule: what is known of a call only grows; the same piece again changes nothing.
"""

from typing import TypeVar

from wabridge.model.content import Call, CallDirection, CallOutcome, Content

_T = TypeVar("_T")

_OUTCOMES: tuple[CallOutcome | None, ...] = (None, "ringing", "ended", "missed", "rejected", "answered")
"""Each says more than the ones before it."""
_DIRECTIONS: tuple[CallDirection | None, ...] = (None, "incoming", "outgoing")


def merge(one: Content, other: Content) -> Content:
    """Return what both say of the same call; what is no call adds nothing."""
    if not isinstance(one.body, Call) or not isinstance(other.body, Call):
        return one
    return Content(
        body=_merge_courses(one.body, other.body),
        more=tuple(dict.fromkeys((*one.more, *other.more))),
        errors=tuple(dict.fromkeys((*one.errors, *other.errors))),
    )


def is_from_outside(content: Content | None) -> bool:
    """Say whether it is a call that a person made to the office."""
    body = None if content is None else content.body
    return isinstance(body, Call) and body.direction == "incoming"


def _merge_courses(one: Call, other: Call) -> Call:
    return Call(
        direction=max(one.direction, other.direction, key=_DIRECTIONS.index),
        outcome=max(one.outcome, other.outcome, key=_OUTCOMES.index),
        started_at=min(_known(one.started_at, other.started_at), default=None),
        ended_at=max(_known(one.ended_at, other.ended_at), default=None),
        duration_seconds=max(_known(one.duration_seconds, other.duration_seconds), default=None),
        word=max(_known(one.word, other.word), default=None),
    )


def _known(*values: _T | None) -> list[_T]:
    return [value for value in values if value is not None]
