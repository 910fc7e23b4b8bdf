"""Our own numbers and their pause."""

from tests.clocks import NOON
from wabridge.model.outcome import Pause
from wabridge.storage import numbers
from wabridge.storage.database import Database, Transaction


async def test_a_number_is_one_row(database: Database) -> None:
    """A number is made once and found by its id at Meta."""

    def work(tx: Transaction) -> tuple[object, ...]:
        before = numbers.find(tx, "111")
        made = numbers.ensure(tx, "111")
        other = numbers.ensure(tx, "222")
        return (
            before,
            made == numbers.ensure(tx, "111") == numbers.find(tx, "111"),
            numbers.list_all(tx)
            == {
                "111": made,
                "222": other,
            },
        )

    assert await database.write(work) == (None, True, True)


async def test_the_first_reason_of_a_pause_stays(database: Database) -> None:
    """A number is paused once, with the reason that came first, until it is cleared."""
    first = Pause(NOON, "refused", 190, "abcd")

    def work(tx: Transaction) -> list[object]:
        number_id = numbers.ensure(tx, "111")
        seen: list[object] = [numbers.get_pause(tx, number_id), numbers.set_pause(tx, number_id, first)]
        seen += [numbers.set_pause(tx, number_id, Pause(NOON, "token_unreadable")), numbers.get_pause(tx, number_id)]
        seen += [numbers.clear_pause(tx, number_id), numbers.get_pause(tx, number_id)]
        return [*seen, numbers.clear_pause(tx, number_id)]

    assert await database.write(work) == [None, True, False, first, True, None, False]
