"""When Meta is to be told that the office has read, or writes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.arrivals import ADA, arrive, column, text_message
from tests.outbound import ASSISTANT, LAWYER, PROGRAM, hear_from
from wabridge.core import conversations, ticks
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, NotFound
from wabridge.model.ids import ConversationId
from wabridge.model.staff import Actor
from wabridge.storage.instants import to_micros

RAISE = """
INSERT INTO identity_alert (contact_id, kind, happened_at, raised_at)
SELECT contact_id, 'number_changed', 1, 1 FROM conversation
"""


async def wanted(office: Office) -> list[object]:
    """Return which messages are to get blue ticks."""
    return await column(office.database, "SELECT message_id FROM tick")


def without(office: Office, *, read_receipts: bool = True, typing_indicator: bool = True) -> Office:
    """Return the office with something switched off."""
    chosen = replace(office.settings.office, read_receipts=read_receipts, typing_indicator=typing_indicator)
    return replace(office, settings=replace(office.settings, office=chosen))


async def test_whoever_opens_an_unread_conversation_gives_blue_ticks(office: Office) -> None:
    """The newest message of the person is told as read, once: a second look finds nothing unread."""
    thread = await hear_from(office)
    await hear_from(office)
    await conversations.mark_seen(office, LAWYER, thread)
    assert await wanted(office) == [2]
    await office.database.write(lambda tx: tx.run("DELETE FROM tick"))
    await conversations.mark_seen(office, ASSISTANT, thread)
    assert await wanted(office) == []


async def test_programs_do_not_read_for_the_office(office: Office) -> None:
    """A program that looks at a conversation is no person who has read it."""
    thread = await hear_from(office)
    await conversations.mark_seen(office, PROGRAM, thread)
    assert await wanted(office) == []


async def test_the_office_switches_each_off_by_itself(office: Office) -> None:
    """Without receipts reading tells nothing, without the indicator writing tells nothing."""
    thread = await hear_from(office)
    await conversations.mark_seen(without(office, read_receipts=False), LAWYER, thread)
    await ticks.mark_typing(without(office, typing_indicator=False), LAWYER, thread)
    assert await wanted(office) == []
    await ticks.mark_typing(without(office, read_receipts=False), LAWYER, thread)
    assert await column(office.database, "SELECT is_typing FROM tick") == [1]


async def test_nothing_is_told_to_somebody_who_may_be_a_stranger(office: Office) -> None:
    """While an identity alert is open neither reading nor writing is told."""
    thread = await hear_from(office)
    await office.database.write(lambda tx: tx.run(RAISE))
    await conversations.mark_seen(office, LAWYER, thread)
    await ticks.mark_typing(office, LAWYER, thread)
    assert await wanted(office) == []


async def test_what_is_older_than_thirty_days_is_left_alone(office: Office) -> None:
    """Meta takes no receipt for a message of more than 30 days ago."""
    thread = await hear_from(office, at=office.clock.now() - timedelta(days=31))
    await conversations.mark_seen(office, LAWYER, thread)
    assert await wanted(office) == []


@pytest.mark.parametrize("changed", ["source = 'history'", "wamid = 'wacid.1'", "wamid = NULL"])
async def test_only_what_came_live_as_a_message_is_told_of(office: Office, changed: str) -> None:
    """The phone's history, a call and what has no id of WhatsApp's get no ticks."""
    thread = await hear_from(office)
    await office.database.write(lambda tx: tx.run(f"UPDATE message SET {changed}"))  # a test's own words
    await conversations.mark_seen(office, LAWYER, thread)
    assert await wanted(office) == []


async def test_a_group_is_told_nothing(office: Office) -> None:
    """Groups are read-only here, and their members see no ticks of ours."""
    await arrive(office.database, text_message(sender=ADA, group_id="G1"), at=office.clock.now())
    await Inbound(office).look()
    (thread,) = await column(office.database, "SELECT id FROM conversation WHERE group_id IS NOT NULL")
    await conversations.mark_seen(office, LAWYER, ConversationId(int(str(thread))))
    assert await wanted(office) == []


async def test_writing_is_told_only_while_an_answer_can_be_sent(office: Office) -> None:
    """Outside the window nobody is told that an answer is being written; reading is told all the same."""
    thread = await hear_from(office)
    closed = to_micros(office.clock.now() - timedelta(hours=25))
    await office.database.write(lambda tx: tx.run("UPDATE conversation SET window_opened_at = ?", (closed,)))
    await ticks.mark_typing(office, LAWYER, thread)
    assert await wanted(office) == []
    await conversations.mark_seen(office, LAWYER, thread)
    assert await wanted(office) == [1]


async def test_who_may_not_answer_does_not_type(office: Office) -> None:
    """Writing needs the right to reply, and a conversation."""
    thread = await hear_from(office)
    with pytest.raises(NotAllowed):
        await ticks.mark_typing(office, Actor(kind="token", id=9, name="x", role="nobody"), thread)
    with pytest.raises(NotFound):
        await ticks.mark_typing(office, LAWYER, ConversationId(99))
