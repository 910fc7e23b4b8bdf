"""What becomes of delivery statuses: every one kept, ours applied, strangers waiting."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.arrivals import ADA, BUDI, arrive, column
from tests.clocks import NOON, FakeClock
from tests.conftest import PHONE_NUMBER_ID
from tests.noticing import WAMID, sent
from tests.outbound import WAY, get, hear_from, reply, says, status_of
from wabridge.core.office import Office
from wabridge.gateway import handover
from wabridge.gateway.handover import Opened, Result
from wabridge.gateway.statuses import Statuses
from wabridge.model.event import AccountEvent, Event, Person, ReportedError, StatusReport
from wabridge.model.ids import MessageId
from wabridge.model.outcome import Accepted, Exchange, Outcome, Refused, Unknown
from wabridge.storage import anchors, checkpoints, messages, numbers, statuses

CLIMB = ("sent", "failed", "delivered", "read")
"""What more reports may turn into what: only to the right."""

UNDELIVERABLE = ReportedError(131026, "Message undeliverable", "Message Undeliverable.")


def status(
    word: str, wamid: str = "wamid.1", *, token: str | None = None, to: Person = ADA, error: ReportedError | None = None
) -> StatusReport:
    """Compose a delivery status."""
    return StatusReport(
        phone_number_id=PHONE_NUMBER_ID,
        wamid=wamid,
        status=word,
        reported_at=int(NOON.timestamp()),
        recipient=Person(phone=to.phone),
        token=token,
        errors=(error,) if error else (),
    )


async def apply(office: Office, *arrived: Event) -> None:
    """Let items arrive in one webhook, and be worked off."""
    await arrive(office.database, *arrived, at=office.clock.now())
    worker = Statuses(office.database, office.broker, office.clock)
    while await worker.look():
        pass


async def hand_over(office: Office, outcome: Outcome | None, *, to: Person = ADA) -> tuple[MessageId, Opened, str]:
    """Queue a message and hand it over, with this outcome (None: still under way); return its token as well."""
    conversation_id = await hear_from(office, to)
    message_id = await reply(office, conversation_id, "Halo")
    opened = await office.database.write(
        lambda tx: handover.open_next(
            tx,
            conversation_id,
            way=WAY,
            instant=office.clock.instant(),
            settled_before=office.clock.now(),
            late_before=office.clock.now(),
        )
    )
    assert isinstance(opened, Opened)
    if outcome is not None:
        await answer(office, opened, outcome)
    (token,) = await column(office.database, "SELECT token FROM attempt WHERE id = ?", opened.attempt_id)
    return message_id, opened, str(token)


async def answer(office: Office, opened: Opened, outcome: Outcome) -> None:
    """Let the answer of a call come in."""
    result = Result(Exchange(outcome, 200, (), b"{}"), office.clock.now(), "fingerprint")
    await office.database.write(lambda tx: handover.settle(tx, opened, result, jitter=0.0))


@pytest.mark.parametrize("count", range(1, 5))
async def test_every_order_with_gaps_and_repetitions_only_goes_up(busy_office: Office, count: int) -> None:
    """Each order of each selection of the four words, once and with repetitions: all kept, never a step down."""
    for n, order in enumerate(permutations(("sent", "delivered", "read", "failed"), count)):
        wamid = f"wamid.{n}"
        message_id, _, _ = await hand_over(busy_office, Accepted(wamid))
        levels = []
        for word in (*order, order[0], order[-1]):
            await apply(busy_office, status(word, wamid))
            levels.append(CLIMB.index(await status_of(busy_office, message_id)))
        message = await get(busy_office, message_id)
        known = message.delivery
        assert known is not None
        assert levels == sorted(levels), order
        assert known.status == next(word for word in reversed(CLIMB) if word in order)
        assert known.conflict == ("failed" in order and bool({"delivered", "read"} & {*order}))
        assert known.delivered_is_implied == ("read" in order and "delivered" not in order)
        assert (known.delivered_at is None) == ("delivered" not in order)
        assert sorted(event.status for event in message.events) == sorted((*order, order[0], order[-1]))


async def test_a_batch_is_applied_as_a_whole(busy_office: Office) -> None:
    """Statuses of several messages in one webhook all find their messages."""
    first, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    second, _, _ = await hand_over(busy_office, Accepted("wamid.2"), to=BUDI)
    await apply(busy_office, status("sent"), status("read", "wamid.2", to=BUDI), status("delivered"))
    assert [await status_of(busy_office, each) for each in (first, second)] == ["delivered", "read"]
    assert await column(busy_office.database, "SELECT DISTINCT state FROM event WHERE kind = 'status'") == ["done"]


async def test_a_failed_status_is_shown_with_its_reason(busy_office: Office) -> None:
    """Accepted and then failed: failed, with Meta's code and words, and staff are told once."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, status("sent"), status("failed", error=UNDELIVERABLE))
    await apply(busy_office, status("failed", error=UNDELIVERABLE))
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert (message.delivery.status, message.delivery.failure_code) == ("failed", 131026)
    assert message.failure_details == "Message Undeliverable."
    assert await says(busy_office, "SELECT count(*) FROM notification WHERE kind = 'failed'", 1)


async def test_meta_may_find_the_window_closed_afterwards(busy_office: Office, fake_clock: FakeClock) -> None:
    """A failed status that says so closes our window, too, but not one that was opened after the message went."""
    window = "SELECT window_opened_at IS NULL FROM conversation"
    closed = status("failed", error=ReportedError(131047, "Re-engagement message", "More than 24 hours have passed."))
    await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, closed)
    assert await says(busy_office, window, 1)
    fake_clock.advance(60)
    await hear_from(busy_office)
    await apply(busy_office, closed)
    assert await says(busy_office, window, 0)


async def test_failed_beside_delivered_is_a_conflict(busy_office: Office) -> None:
    """Both are kept and shown, and staff are told."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, status("delivered"))
    await apply(busy_office, status("failed", error=UNDELIVERABLE))
    known = (await get(busy_office, message_id)).delivery
    assert known is not None
    assert (known.status, known.conflict) == ("delivered", True)
    assert await says(busy_office, "SELECT count(*) FROM notification WHERE kind = 'failed'", 1)


@pytest.mark.parametrize("word", ["sent", "failed", "warning"])
async def test_a_token_settles_what_is_unknown(busy_office: Office, word: str) -> None:
    """Whatever a status with the attempt's token says, Meta has the message; its wamid is learned from it."""
    message_id, opened, token = await hand_over(busy_office, Unknown("timeout"))
    assert await status_of(busy_office, message_id) == "unknown"
    await apply(busy_office, status(word, token=token))
    assert await status_of(busy_office, message_id) == ("failed" if word == "failed" else "sent")
    row = await busy_office.database.read(lambda tx: tx.one("SELECT * FROM attempt WHERE id = ?", (opened.attempt_id,)))
    assert row is not None
    assert (row["outcome"], row["settled_by"], row["wamid"], row["accepted_at"]) == (
        "accepted",
        "status",
        "wamid.1",
        None,
    )
    assert row["reason"] == "timeout"


async def test_a_status_without_an_attempt_waits_for_its_wamid(busy_office: Office) -> None:
    """A status that is faster than the answer is adopted when the answer names the wamid."""
    message_id, opened, _ = await hand_over(busy_office, None)
    await apply(busy_office, status("delivered"))
    assert await status_of(busy_office, message_id) == "pending"
    await answer(busy_office, opened, Accepted("wamid.1"))
    assert await status_of(busy_office, message_id) == "delivered"


async def test_a_token_brings_its_waiting_siblings(busy_office: Office) -> None:
    """Once a token names a wamid, statuses of that wamid that had no token belong to the attempt, too."""
    message_id, _, token = await hand_over(busy_office, Unknown("timeout"))
    await apply(busy_office, status("read"))
    await apply(busy_office, status("delivered"), status("sent", token=token))
    message = await get(busy_office, message_id)
    assert message.delivery is not None
    assert message.delivery.status == "read"
    assert len(message.events) == 3


async def test_an_answer_that_agrees_completes_the_status(busy_office: Office) -> None:
    """Settled by a status, the attempt stays settled by it; the answer adds the time and the bytes."""
    message_id, opened, token = await hand_over(busy_office, None)
    await apply(busy_office, status("sent", token=token))
    await answer(busy_office, opened, Accepted("wamid.1"))
    known = (await get(busy_office, message_id)).delivery
    assert known is not None
    assert (known.status, known.accepted_at) == ("sent", busy_office.clock.now())
    rows = await column(busy_office.database, "SELECT settled_by || coalesce(reason, '') FROM attempt")
    assert rows == ["status"]


@pytest.mark.parametrize(
    ("outcome", "remark"),
    [
        (Accepted("wamid.other"), "another wamid"),
        (Refused(130429, "retry"), "refused"),
        (Refused(131026, "fail"), "refused"),
        (Unknown("timeout"), "unknown"),
    ],
    ids=["other-wamid", "retry", "fail", "unknown"],
)
async def test_an_answer_that_disagrees_is_recorded_beside_it(
    busy_office: Office, outcome: Outcome, remark: str
) -> None:
    """What the status said stays, nothing is sent again, and the contradiction can be read from the record."""
    message_id, opened, token = await hand_over(busy_office, None)
    await apply(busy_office, status("sent", token=token))
    await answer(busy_office, opened, outcome)
    assert await status_of(busy_office, message_id) == "sent"
    (reason,) = await column(busy_office.database, "SELECT reason FROM attempt")
    assert remark in str(reason)
    assert await column(busy_office.database, "SELECT wamid FROM attempt") == ["wamid.1"]


async def test_a_wamid_of_another_attempt_is_not_taken_over(busy_office: Office) -> None:
    """If an answer names a wamid that belongs to another message, each keeps its own statuses."""
    first, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    second, _, _ = await hand_over(busy_office, Accepted("wamid.1"), to=BUDI)
    await apply(busy_office, status("read"))
    assert [await status_of(busy_office, each) for each in (first, second)] == ["read", "sent"]


async def test_storing_an_answer_twice_changes_nothing(busy_office: Office) -> None:
    """An outcome that is stored again after a doubtful commit leaves everything as it is."""
    message_id, opened, _ = await hand_over(busy_office, Refused(130429, "retry"))
    before = await busy_office.database.read(lambda tx: [tuple(row) for row in tx.all("SELECT * FROM message")])
    await answer(busy_office, opened, Refused(130429, "retry"))
    assert before == await busy_office.database.read(lambda tx: [tuple(row) for row in tx.all("SELECT * FROM message")])
    assert (await get(busy_office, message_id)).tries == 1


async def test_a_stranger_is_kept_and_harms_nobody(busy_office: Office) -> None:
    """A status of an unknown wamid is kept and waits, and its siblings are applied."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, status("delivered", "wamid.foreign"), status("delivered"))
    assert await status_of(busy_office, message_id) == "delivered"
    assert await busy_office.database.read(statuses.count_waiting) == 1


async def test_strangers_are_forgotten_after_35_days_and_counted(busy_office: Office, fake_clock: FakeClock) -> None:
    """What nobody adopted in 35 days is somebody else's: counted as foreign; ours stay for ever."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, status("delivered", "wamid.foreign"), status("delivered"))
    fake_clock.advance(timedelta(days=34).total_seconds())
    await apply(busy_office)
    assert await busy_office.database.read(statuses.count_waiting) == 1
    fake_clock.advance(timedelta(days=2).total_seconds())
    await apply(busy_office)
    assert await busy_office.database.read(statuses.count_waiting) == 0
    assert await says(busy_office, "SELECT count(*) FROM event WHERE state = 'foreign'", 1)
    assert len((await get(busy_office, message_id)).events) == 1


async def test_a_number_that_is_not_ours_is_foreign(busy_office: Office) -> None:
    """A status to a number nobody configured is counted, not applied."""
    await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, StatusReport("999", "wamid.1", "delivered"))
    assert await says(busy_office, "SELECT count(*) FROM event WHERE state = 'foreign'", 1)
    assert await says(busy_office, "SELECT count(*) FROM status_event", 0)


async def test_a_status_to_another_number_of_ours_never_matches(busy_office: Office) -> None:
    """Neither wamid nor token reaches an attempt of another number."""
    message_id, _, token = await hand_over(busy_office, Unknown("timeout"))
    await busy_office.database.write(lambda tx: numbers.ensure(tx, "222"))
    await apply(busy_office, StatusReport("222", "wamid.1", "delivered", token=token))
    assert await status_of(busy_office, message_id) == "unknown"
    assert await busy_office.database.read(statuses.count_waiting) == 1


async def test_a_likeness_is_shown_and_never_applied(busy_office: Office) -> None:
    """A failed status without token to the recipient of an unknown send is pointed out to staff."""
    message_id, _, _ = await hand_over(busy_office, Unknown("timeout"))
    await apply(busy_office, status("failed", "wamid.9", error=UNDELIVERABLE), status("failed", "wamid.8", to=BUDI))
    assert await status_of(busy_office, message_id) == "unknown"
    told = await column(busy_office.database, "SELECT message_id FROM notification WHERE kind = 'possible_match'")
    assert told == [message_id]


async def test_a_bad_item_is_set_aside_alone(busy_office: Office) -> None:
    """One item that cannot be applied is quarantined with a banner, and its siblings are applied."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await arrive(busy_office.database, status("sent"), AccountEvent("x"), status("read"), at=busy_office.clock.now())
    await busy_office.database.write(lambda tx: tx.run("UPDATE event SET kind = 'status' WHERE kind = 'account'"))
    await apply(busy_office)
    assert await status_of(busy_office, message_id) == "read"
    assert await says(busy_office, "SELECT count(*) FROM event WHERE state = 'quarantined'", 1)
    assert await says(busy_office, "SELECT count(*) FROM notification WHERE kind = 'quarantined'", 1)


@pytest.mark.parametrize("seconds", [None, -1, 10**18])
async def test_a_time_no_calendar_has_is_no_obstacle(busy_office: Office, seconds: int | None) -> None:
    """A status whose time is missing or absurd still counts."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, StatusReport(PHONE_NUMBER_ID, "wamid.1", "delivered", reported_at=seconds))
    assert await status_of(busy_office, message_id) == "delivered"


async def test_a_page_is_read_in_a_fixed_number_of_queries(busy_office: Office) -> None:
    """Repeated items are counted with first and last arrival, and inbound messages have no delivery."""
    message_id, _, _ = await hand_over(busy_office, Accepted("wamid.1"))
    await apply(busy_office, status("sent"))
    await busy_office.database.write(
        lambda tx: tx.run("UPDATE event SET repeats = 2, last_arrived_at = last_arrived_at + 5 WHERE kind = 'status'")
    )
    (event,) = (await get(busy_office, message_id)).events
    assert event.repeats == 2
    assert event.last_arrived_at == event.first_arrived_at + timedelta(microseconds=5)
    page = await busy_office.database.read(
        lambda tx: messages.list_page(tx, (messages.get(tx, message_id)).conversation_id, limit=9)
    )
    assert [message.delivery is None for message in page] == [False, True]


async def test_a_failure_for_want_of_payment_is_news_about_the_account(busy_office: Office) -> None:
    """Meta's code for payment in a status raises one remark, however many messages it fails, until it is seen."""
    await hand_over(busy_office, Accepted("wamid.1"))
    unpaid = ReportedError(131042, "Business eligibility payment issue", "The payment method does not work.")
    await apply(busy_office, status("failed", error=unpaid), status("failed", "wamid.2", error=unpaid))
    await apply(busy_office, status("failed", "wamid.3", error=unpaid))
    assert await says(busy_office, "SELECT count(*) FROM account_news WHERE kind = 'payment_problem'", 1)
    assert await says(busy_office, "SELECT count(*) FROM notification WHERE kind = 'payment_problem'", 1)
    await busy_office.database.write(lambda tx: tx.run("UPDATE notification SET seen_at = 1"))
    await apply(busy_office, status("failed", "wamid.4", error=unpaid))
    assert await says(busy_office, "SELECT count(*) FROM account_news WHERE kind = 'payment_problem'", 2)


async def test_a_report_on_a_notice_is_wanted_outside(office: Office) -> None:
    """What happens to a legal notice, and each report on it, asks for an anchor; a report on anything else does not."""

    async def wishes() -> list[str]:
        asked = await office.database.read(anchors.list_wishes)
        await office.database.write(lambda tx: tx.run("UPDATE anchor_wish SET checkpoint_id = 1"))
        return [wish.why for wish in asked]

    await office.database.write(lambda tx: numbers.ensure(tx, PHONE_NUMBER_ID))
    await office.database.write(lambda tx: checkpoints.add(tx, bytes(32)))
    await sent(office)
    assert await wishes() == ["notice"]
    await apply(office, status("delivered", WAMID))
    assert await wishes() == ["notice"]
    await hand_over(office, Accepted("wamid.1"), to=BUDI)
    await apply(office, status("delivered", to=BUDI))
    assert await wishes() == []
