"""Which items go first: what is happening now, before what is worked off of the past and of very large webhooks."""

from typing import Literal

Lane = Literal["live", "backlog"]

_EVERY = 8


class Turns:
    """Whose turn it is: live items first; once in a while the backlog, so that a rush does not starve it."""

    def __init__(self) -> None:
        self._turn = 0

    def next(self) -> tuple[Lane, Lane]:
        """Return the lanes in the order in which to look at them now."""
        self._turn = (self._turn + 1) % _EVERY
        return ("live", "backlog") if self._turn else ("backlog", "live")
