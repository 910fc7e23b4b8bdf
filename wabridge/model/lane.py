"""Which items go first: what is happening now, before what is worked off of the past and of very large webhooks."""

from typing import Literal

Lane = Literal["live", "backlog"]

_MOST_IN_A_ROW = 7
_MOST_STEPS_BACK = 20


class Turns:
    """Whose turn it is: live items first, and the backlog when nobody is in a hurry; neither of them starves."""

    def __init__(self) -> None:
        self._live_in_a_row = 0
        self._steps_back = 0

    @property
    def order(self) -> tuple[Lane, Lane]:
        """The lanes in the order in which to look at them now."""
        return ("backlog", "live") if self._live_in_a_row >= _MOST_IN_A_ROW else ("live", "backlog")

    def steps_back(self, *, is_calm: bool) -> bool:
        """Say whether the backlog had better wait a moment, because others are at work; not after many live items."""
        goes = is_calm or self._steps_back == _MOST_STEPS_BACK or self.order[0] == "backlog"
        self._steps_back = 0 if goes else self._steps_back + 1
        return not goes

    def take(self, lane: Lane) -> None:
        """Note that something of a lane is taken."""
        self._live_in_a_row = self._live_in_a_row + 1 if lane == "live" else 0
