"""Who goes first, and that nobody waits for ever."""

from itertools import repeat

from wabridge.model.lane import Turns


def test_live_items_go_first_but_not_always() -> None:
    """After several live batches in a row the backlog has its turn, however busy it is."""
    turns = Turns()
    taken = []
    for _ in range(24):
        lane = turns.order[0]
        assert lane == "live" or not turns.steps_back(is_calm=False)
        turns.take(lane)
        taken.append(lane)
    assert taken == [*repeat("live", 7), "backlog"] * 3


def test_the_backlog_steps_back_while_others_are_at_work() -> None:
    """It waits for a calm moment, and goes on without one after a while."""
    turns = Turns()
    assert not turns.steps_back(is_calm=True)
    assert [turns.steps_back(is_calm=False) for _ in range(21)] == [*repeat(True, 20), False]
    assert turns.steps_back(is_calm=False)
    assert not turns.steps_back(is_calm=True)
