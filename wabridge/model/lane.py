"""Which items go first: what is happening now, before what is worked off of the past and of very large webhooks."""

from typing import Literal

Lane = Literal["live", "backlog"]

_EVERY = 8
_MOST_STEPS_BACK = 20


class Turns:
    """Whose turn it is: live items first, and the backlog when nobody is in a hurry; neither of them starves."""

    def __init__(self) -> None:
        self._turn = 0
        self._steps_back = 0

    def next(self) -> tuple[Lane, Lane]:
        """Return the lanes in the order in which to look at them now: once in a while the backlog first."""
        self._turn = (self._turn + 1) % _EVERY
        return ("live", "backlog") if self._turn else ("backlog", "live")

    def steps_back(self, *, is_calm: bool) -> bool:
        """Say whether the backlog, whose turn it is, had better wait once more, because others are at work."""
        self._steps_back = 0 if is_calm or self._steps_back == _MOST_STEPS_BACK else self._steps_back + 1
        return self._steps_back > 0
