"""A long text in parts: it arrives without a gap, or waits where somebody sees it."""

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.gateway.dispatch import Sending, eventually
from tests.outbound import LAWYER, get, has_status, hear_from, reply, status_of
from wabridge.core import decisions, replies, worklist
from wabridge.core import sending as sending_acts
from wabridge.core.office import Office
from wabridge.core.replies import Manner
from wabridge.errors import NotPending
from wabridge.model.draft import Draft
from wabridge.model.ids import ConversationId, MessageId
from wabridge.sandbox import answers
from wabridge.sandbox.meta import PretendMeta
from wabridge.storage import outbox

LONG = "\n\n".join(letter * 3000 for letter in "abcd")
WRONG = answers.graph_error(400, 131026)
LOST = answers.html(502, accepted=True)


async def write(office: Office, conversation_id: ConversationId) -> list[MessageId]:
    """Queue a text of four parts."""
    manner = Manner(in_parts=True)
    queued = await replies.queue(office, LAWYER, draft=Draft(text=LONG), conversation_id=conversation_id, manner=manner)
    return [queued.message_id, *queued.further]


async def holds(office: Office, parts: list[MessageId]) -> list[str | None]:
    """Return why each part waits for a person."""
    return [(await get(office, part)).hold for part in parts]


def arrived(meta: PretendMeta) -> str:
    """Return the first letters of what Meta took."""
    return "".join(message.text[0] for message in meta.accepted)


async def tasks(office: Office) -> list[tuple[str, MessageId | None]]:
    """Return what the worklist asks for."""
    return [(task.kind, task.message_id) for task in (await worklist.get(office, LAWYER)).tasks]


async def broken(office: Office, meta: PretendMeta, answer: answers.Answer) -> list[MessageId]:
    """Let the second of four parts get this answer, and a message of somebody else's follow; return all five."""
    conversation_id = await hear_from(office)
    meta.answers.extend([answers.usual(), answer])
    parts = await write(office, conversation_id)
    other = await reply(office, conversation_id, "sesudahnya")
    return [*parts, other]


async def test_what_comes_behind_a_failed_part_waits(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """The second part is refused for good: the third and fourth wait and say why; what was not part of it goes."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending():
        await eventually(lambda: has_status(busy_office, other, "sent"))
    assert arrived(meta) == "as"
    assert [await status_of(busy_office, part) for part in parts] == ["sent", "failed", "pending", "pending"]
    assert await holds(busy_office, parts) == [None, None, "part", "part"]
    assert await tasks(busy_office) == [("failed", parts[1]), ("held", parts[2]), ("held", parts[3])]


async def test_the_rest_goes_as_a_whole_when_somebody_says_so(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """Letting the fourth part go lets the third go before it; nothing is asked twice."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, other, "sent"))
        await replies.release(busy_office, LAWYER, parts[3])
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[3], "sent"))
    assert arrived(meta) == "ascd"
    with pytest.raises(NotPending):
        await replies.release(busy_office, LAWYER, parts[2])


async def test_a_part_that_fails_after_that_holds_what_is_behind_it(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """What somebody decided holds for the gap that they saw, and for no later one."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, other, "sent"))
        meta.answers.append(WRONG)
        await replies.release(busy_office, LAWYER, parts[2])
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[2], "failed"))
    assert await holds(busy_office, parts) == [None, None, None, "part"]


async def test_sending_the_failed_part_again_lets_the_rest_follow(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """The gap is closed: the second part goes in its old place, and the others after it."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, other, "sent"))
        await decisions.resend(busy_office, LAWYER, parts[1], attempts=1)
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[3], "sent"))
    assert arrived(meta) == "asbcd"
    assert await tasks(busy_office) == []


async def test_the_rest_can_be_taken_back(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """One press withdraws what is still here, and says what has left already."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending():
        await eventually(lambda: has_status(busy_office, other, "sent"))
        back = await sending_acts.take_back(busy_office, LAWYER, parts[2])
    assert (back.text[0], back.text[-1], back.number, back.has_left) == ("c", "d", 2, 1)
    assert [await status_of(busy_office, part) for part in parts] == ["sent", "failed", "cancelled", "cancelled"]


async def test_behind_an_unknown_part_nothing_goes_until_it_is_settled(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Long after Meta's time to report the rest still waits, and goes when a status settles what came before it."""
    *parts, other = await broken(busy_office, meta, LOST)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, parts[1], "unknown"))
        fake_clock.advance(120)
        run.ring()
        await eventually(lambda: has_status(busy_office, other, "sent"))
        assert await holds(busy_office, parts) == [None, None, "part", "part"]
        assert await tasks(busy_office) == [("unknown", parts[1])]
        await busy_office.database.write(
            lambda tx: tx.run("UPDATE message SET status = 'sent' WHERE id = ?", (parts[1],))
        )
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[3], "sent"))
    assert arrived(meta) == "abscd"


async def test_a_closed_matter_asks_what_becomes_of_the_rest(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Somebody closes the unknown part with a note: the rest stays, and is on the list of what waits for a person."""
    *parts, other = await broken(busy_office, meta, LOST)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, parts[1], "unknown"))
        fake_clock.advance(120)
        run.ring()
        await eventually(lambda: has_status(busy_office, other, "sent"))
        await decisions.close(busy_office, LAWYER, parts[1], note="Sudah ditelepon", attempts=1)
    assert await holds(busy_office, parts) == [None, None, "part", "part"]
    assert await tasks(busy_office) == [("held", parts[2]), ("held", parts[3])]


async def test_a_part_that_somebody_withdraws_alone_holds_the_rest(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """A gap that a person made is a gap as well."""
    conversation_id = await hear_from(busy_office)
    parts = await write(busy_office, conversation_id)
    await replies.cancel(busy_office, LAWYER, parts[1])
    other = await reply(busy_office, conversation_id, "sesudahnya")
    async with sending():
        await eventually(lambda: has_status(busy_office, other, "sent"))
    assert arrived(meta) == "as"
    assert await holds(busy_office, parts) == [None, None, "part", "part"]


async def test_a_held_part_does_not_make_what_is_behind_it_late(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """A restart an hour later holds no fresh message for the sake of a part that waits for a person."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending():
        await eventually(lambda: has_status(busy_office, other, "sent"))
    fake_clock.advance(3600)
    fresh = await reply(busy_office, (await get(busy_office, other)).conversation_id, "baru")
    async with sending():
        await eventually(lambda: has_status(busy_office, fresh, "sent"))
    assert await holds(busy_office, parts) == [None, None, "part", "part"]


async def test_a_second_try_waits_as_well_when_an_earlier_part_failed(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """Meta was unsure of the second part, and the first is reported as failed meanwhile: nothing goes by itself."""
    conversation_id = await hear_from(busy_office)
    meta.answers.extend([answers.usual(), answers.graph_error(500, 131000)])
    parts = await write(busy_office, conversation_id)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, parts[1], "unknown"))
        await busy_office.database.write(
            lambda tx: tx.run("UPDATE message SET status = 'failed' WHERE id = ?", (parts[0],))
        )
        fake_clock.advance(121)
        other = await reply(busy_office, conversation_id, "sesudahnya")
        run.ring()
        await eventually(lambda: has_status(busy_office, other, "sent"))
    assert arrived(meta) == "as"


async def test_only_what_goes_is_noted_as_let_go(busy_office: Office, meta: PretendMeta, sending: Sending) -> None:
    """Behind a second gap, that a person made, the last part waits on when the one before that gap is let go."""
    conversation_id = await hear_from(busy_office)
    meta.answers.append(WRONG)
    parts = await write(busy_office, conversation_id)
    await replies.cancel(busy_office, LAWYER, parts[2])
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, parts[0], "failed"))
        await replies.release(busy_office, LAWYER, parts[1])
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[1], "sent"))
    assert await holds(busy_office, parts) == [None, None, None, "part"]
    assert await column(busy_office.database, "SELECT subject_id FROM act WHERE verb = 'released'") == [parts[1]]


async def test_what_may_have_gone_before_a_restore_is_asked_of_each_part(
    busy_office: Office, meta: PretendMeta, sending: Sending
) -> None:
    """A backup was put back in which parts waited behind a gap: that they may have been sent since is what is said."""
    *parts, other = await broken(busy_office, meta, WRONG)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, other, "sent"))
        await busy_office.database.write(outbox.hold_all)
        assert await holds(busy_office, parts) == [None, None, "restored", "restored"]
        await replies.release(busy_office, LAWYER, parts[2])
        run.ring()
        await eventually(lambda: has_status(busy_office, parts[2], "sent"))
    assert arrived(meta) == "asc"
    assert await holds(busy_office, parts) == [None, None, None, "restored"]


async def test_what_may_have_arrived_is_not_said_to_be_taken_back(
    busy_office: Office, meta: PretendMeta, sending: Sending, fake_clock: FakeClock
) -> None:
    """An unknown part was to go once more: that is withdrawn with the rest, but its words may be with the client."""
    *parts, other = await broken(busy_office, meta, LOST)
    async with sending() as run:
        await eventually(lambda: has_status(busy_office, parts[1], "unknown"))
        fake_clock.advance(120)
        run.ring()
        await eventually(lambda: has_status(busy_office, other, "sent"))
    fake_clock.advance(3600)
    await decisions.resend(busy_office, LAWYER, parts[1], attempts=1)
    back = await sending_acts.take_back(busy_office, LAWYER, parts[2])
    assert (back.text[0], back.number, back.has_left) == ("c", 2, 2)
    assert [await status_of(busy_office, part) for part in parts] == ["sent", "unknown", "cancelled", "cancelled"]
    assert not (await get(busy_office, parts[1])).resends
