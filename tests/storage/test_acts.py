"""What people did, as it is kept."""

import pytest

from wabridge.clock import Clock
from wabridge.errors import ConstraintViolated
from wabridge.model.staff import Actor
from wabridge.storage import acts
from wabridge.storage.acts import Act
from wabridge.storage.database import Database

RINA = Actor(kind="staff", id=7, name="Rina", role="lawyer")


async def test_an_act_keeps_who_what_and_when(database: Database, clock: Clock) -> None:
    """An act is found by what it was done to, with the actor's name of that day."""
    now = clock.now()
    await database.write(lambda tx: acts.add(tx, RINA, "replied", subject_kind="message", subject_id=3, now=now))
    await database.write(lambda tx: acts.add(tx, RINA, "replied", subject_kind="message", subject_id=4, now=now))
    found = await database.read(lambda tx: acts.list_for(tx, "message", 3))
    assert found == [Act(now, "staff", 7, "Rina", "replied", "")]


@pytest.mark.parametrize("sql", ["UPDATE act SET actor_name = 'x'", "DELETE FROM act"])
async def test_an_act_stays(database: Database, clock: Clock, sql: str) -> None:
    """Nobody rewrites or removes what was done."""
    now = clock.now()
    await database.write(lambda tx: acts.add(tx, RINA, "replied", subject_kind="message", subject_id=3, now=now))
    with pytest.raises(ConstraintViolated):
        await database.write(lambda tx: tx.run(sql))
