"""Attempts: written once, settled once."""

import pytest

from tests.arrivals import ADA
from tests.clocks import NOON, FakeClock
from wabridge.errors import ConstraintViolated
from wabridge.model.ids import AttemptId, MessageId, NumberId
from wabridge.model.staff import Actor
from wabridge.storage import attempts, contacts, conversations, numbers, outbox
from wabridge.storage.attempts import Opening, Settlement
from wabridge.storage.database import Database, Transaction
from wabridge.storage.outbox import OutboundRow

LAWYER = Actor(kind="staff", id=1, name="Rina", role="lawyer")


def open_one(tx: Transaction, token: str = "a:1") -> AttemptId:
    """Queue a message to Ada and open an attempt for it."""
    number_id = numbers.ensure(tx, "111")
    known = contacts.find_by_identity(tx, ADA)
    contact_id = known.id if known else contacts.add(tx, ADA, standing="lead", now=NOON)
    conversation_id = conversations.ensure(tx, number_id, contact_id=contact_id, now=NOON)
    message_id = outbox.add_outbound(tx, OutboundRow(conversation_id, number_id, "Halo", LAWYER), now=NOON)
    opening = Opening(message_id, number_id, token, ADA.phone or "", "https://graph.test", b"{}")
    return attempts.open_(tx, opening, instant=FakeClock().clock.instant())


async def test_a_result_is_compare_and_set(database: Database) -> None:
    """The first known outcome stays; unknown gives way to what is known, never the other way round."""
    unknown, accepted, refused = (Settlement(word, "answer") for word in ("unknown", "accepted", "refused"))

    def work(tx: Transaction) -> list[bool]:
        attempt_id = open_one(tx)
        return [
            attempts.settle(tx, attempt_id, each, now=NOON) for each in (unknown, unknown, accepted, refused, unknown)
        ]

    assert await database.write(work) == [True, False, True, False, False]


async def test_an_attempt_has_one_wamid_and_a_wamid_one_attempt(database: Database) -> None:
    """The first name stays, and a taken name is not given twice."""

    def work(tx: Transaction) -> list[bool]:
        one, other = open_one(tx, "a:1"), open_one(tx, "a:2")
        return [
            attempts.set_wamid(tx, one, "wamid.1"),
            attempts.set_wamid(tx, one, "wamid.2"),
            attempts.set_wamid(tx, other, "wamid.1"),
            attempts.get(tx, one).wamid == "wamid.1",
            attempts.get(tx, other).wamid is None,
        ]

    assert await database.write(work) == [True, False, False, True, True]


@pytest.mark.parametrize("column", ["token", "recipient", "request_url", "request_body", "opened_at"])
async def test_what_was_handed_over_does_not_change(database: Database, column: str) -> None:
    """The database itself refuses to change the record of a request."""
    statements = {
        name: f"UPDATE attempt SET {name} = 0"
        for name in ("token", "recipient", "request_url", "request_body", "opened_at")
    }
    await database.write(open_one)
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: tx.run(statements[column]))


async def test_undecided_attempts_are_listed(database: Database) -> None:
    """Open and unknown ones are undecided; a settled one is not."""

    def work(tx: Transaction) -> list[str]:
        ids = [open_one(tx, f"a:{n}") for n in range(3)]
        attempts.settle(tx, ids[1], Settlement("unknown", "answer"), now=NOON)
        attempts.settle(tx, ids[2], Settlement("accepted", "answer"), now=NOON)
        return [each.outcome for each in attempts.list_undecided(tx)]

    assert await database.write(work) == ["open", "unknown"]


async def test_an_unknown_send_is_found_by_its_recipient(database: Database) -> None:
    """Only an unknown one counts, and only on the same number."""

    def work(tx: Transaction) -> list[MessageId | None]:
        attempt_id = open_one(tx)
        number_id, phone = numbers.ensure(tx, "111"), ADA.phone or ""
        seen = [attempts.find_unknown_to(tx, number_id, phone)]
        attempts.settle(tx, attempt_id, Settlement("unknown", "answer"), now=NOON)
        seen.append(attempts.find_unknown_to(tx, number_id, phone))
        seen.append(attempts.find_unknown_to(tx, NumberId(99), phone))
        return [each.message_id if each else None for each in seen]

    assert await database.write(work) == [None, MessageId(1), None]
