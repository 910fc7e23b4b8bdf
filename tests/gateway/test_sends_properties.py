"""Whatever Meta answers and reports, in whatever order, with restarts between: nothing twice, nothing out of order."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.arrivals import arrive
from tests.clocks import FakeClock
from tests.conftest import DATABASE_KEY, PHONE_NUMBER_ID
from tests.outbound import WAY, hear_from, reply, staff_up
from wabridge.broker import Broker
from wabridge.core.office import Office
from wabridge.gateway import handover
from wabridge.gateway.handover import Opened, Result
from wabridge.gateway.statuses import Statuses
from wabridge.model.codes import SECOND_TRY
from wabridge.model.event import Person, ReportedError, StatusReport
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.outcome import Accepted, Exchange, NotSent, Outcome, Refused, Unknown
from wabridge.settings import Settings
from wabridge.storage.database import Database
from wabridge.storage.keyring import Keyring
from wabridge.storage.vault import Vault

SETTLING = timedelta(seconds=120)
LATE = timedelta(minutes=30)

OUTCOMES = st.sampled_from(
    [
        Accepted("named by its attempt"),
        Refused(131056, "retry"),
        Refused(130429, "retry"),
        Refused(131026, "fail"),
        Refused(131047, "fail"),
        NotSent("refused"),
        Unknown("timeout"),
        Unknown("unreadable"),
        Unknown("unsure", 1),
        Unknown("unsure", 131000),
        Unknown("unsure", 987654),
    ]
)
STEPS = st.one_of(
    st.tuples(st.just("send"), OUTCOMES),
    st.tuples(st.just("send and restart"), OUTCOMES),
    st.tuples(st.just("status"), st.integers(0, 9), st.sampled_from(["sent", "delivered", "read", "failed"])),
    st.tuples(st.just("pass"), st.sampled_from([1, 7, 60, 121, 600])),
)


FAILED_AFTER_A_RETRY: list[tuple[object, ...]] = [
    ("send", Refused(131056, "retry")),
    ("pass", 60),
    ("send", Accepted("named by its attempt")),
    ("status", 1, "failed"),
    ("pass", 60),
    ("send", Accepted("named by its attempt")),
]
"""A storm found this: the failure was taken for one more passing refusal."""


@dataclass
class Attempt:
    """What the outside knows of one handing-over."""

    message_id: MessageId
    token: str
    wamid: str
    at: object
    outcome: Outcome | None = None
    was_reported: bool = False


@dataclass
class Life:
    """One conversation with three messages, and everything that happens to it."""

    office: Office
    clock: FakeClock
    conversation_id: ConversationId
    attempts: list[Attempt] = field(default_factory=list)

    async def do(self, step: tuple[object, ...]) -> None:
        match step:
            case ("send", outcome):
                await self._send(outcome)  # type: ignore[arg-type]
            case ("send and restart", _):
                await self._send(None)
                await self.office.database.write(lambda tx: handover.settle_left_open(tx, now=self.clock.now))
            case ("status", int(which), str(word)) if self.attempts:
                await self._report(self.attempts[which % len(self.attempts)], word)
            case ("pass", int(seconds)):
                self.clock.advance(seconds)
            case _:
                pass

    async def _send(self, outcome: Outcome | None) -> None:
        now = self.clock.now
        opened = await self.office.database.write(
            lambda tx: handover.open_next(
                tx,
                self.conversation_id,
                way=WAY,
                instant=self.office.clock.instant(),
                settled_before=now - SETTLING,
                late_before=now - LATE,
            )
        )
        if not isinstance(opened, Opened):
            return
        row = await self.office.database.read(
            lambda tx: tx.one("SELECT token FROM attempt WHERE id = ?", (opened.attempt_id,))
        )
        assert row is not None
        attempt = Attempt(opened.message_id, row["token"], f"wamid.{row['token']}", now, outcome)
        self._may_be_opened(attempt)
        self.attempts.append(attempt)
        if outcome is not None:
            said = Accepted(attempt.wamid) if isinstance(outcome, Accepted) else outcome
            result = Result(Exchange(said), now, "fingerprint")
            await self.office.database.write(lambda tx: handover.settle(tx, opened, result, jitter=0))

    def _may_be_opened(self, new: Attempt) -> None:
        """Fail if this message may have arrived already and this is not its one further attempt."""
        unsure = 0
        for before in self.attempts:
            if before.message_id != new.message_id or isinstance(before.outcome, Refused | NotSent):
                continue
            assert isinstance(before.outcome, Unknown), "sent again after it was accepted or left open"
            assert before.outcome.code in SECOND_TRY, "sent again though it may have arrived"
            assert not before.was_reported, "sent again though Meta reports that it has it"
            assert new.at - before.at >= SETTLING, "sent again before the settling time was over"  # type: ignore[operator]
            unsure += 1
        assert unsure <= 1, "a third attempt"

    async def _report(self, attempt: Attempt, word: str) -> None:
        attempt.was_reported = True
        errors = (ReportedError(code=131026),) if word == "failed" else ()
        status = StatusReport(PHONE_NUMBER_ID, attempt.wamid, word, token=attempt.token, errors=errors)
        await arrive(self.office.database, status, at=self.clock.now)
        await Statuses(self.office.database, self.office.broker, self.office.clock).look()


@pytest.fixture
def runner() -> asyncio.Runner:
    """An event loop for a test whose body is repeated many times."""
    return asyncio.Runner()


def test_no_message_is_sent_twice_without_a_decision(runner: asyncio.Runner, tmp_path: Path) -> None:
    """Only what was refused, or never left, goes again; beside it the one further attempt of codes 1 and 131000."""
    clock = FakeClock()
    phones = count(6281200000000)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(STEPS, max_size=20))
    @example(steps=FAILED_AFTER_A_RETRY)
    def live(steps: list[tuple[object, ...]]) -> None:
        runner.run(_live(office, clock, Person(phone=str(next(phones))), steps))

    with runner:
        office = runner.run(_open(tmp_path, clock))
        live()
        runner.run(office.database.close())


async def _open(folder: Path, clock: FakeClock) -> Office:
    plain = Settings(folder=folder)
    chosen = replace(plain, whatsapp=replace(plain.whatsapp, phone_number_id=PHONE_NUMBER_ID))
    database = await Database.open(folder / "data" / "wabridge.db", DATABASE_KEY, clock=clock.clock)
    vault = Vault(folder / "vault", Keyring.open_or_create(folder / "files" / "keyring", bytes(32)))
    office = Office(
        chosen, database, Broker(), clock.clock, session_key=bytes(32), is_sandbox=False, vault=vault, bundles=vault
    )
    await staff_up(office)
    return office


async def _live(office: Office, clock: FakeClock, person: Person, steps: list[tuple[object, ...]]) -> None:
    await office.database.write(lambda tx: tx.run("DELETE FROM number_pace"))
    life = Life(office, clock, await hear_from(office, person))
    for number in range(3):
        await reply(office, life.conversation_id, f"bagian {number}")
    for step in steps:
        await life.do(step)
    order = [attempt.message_id for attempt in life.attempts]
    assert all(earlier <= later for earlier, later in pairwise(order)), "out of order"
