"""What becomes of quarantined items when they are applied again after a fix."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.arrivals import ADA, BUDI, add_webhook, column
from tests.clocks import NOON, FakeClock
from tests.setaside import (
    DEDUPE_KEY,
    FIRST,
    OPERATOR,
    SECOND,
    SENT_AT,
    body,
    cut,
    empty_news,
    message,
    misread,
    not_understood,
    replay,
    states,
    work_off,
)
from wabridge.core import notifications
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import ConstraintViolated, NotFound
from wabridge.gateway.replay import Replay, Replayed
from wabridge.model.event import Event, Person, Unreadable
from wabridge.model.ids import EventId
from wabridge.storage import acts, events, quarantine
from wabridge.storage.quarantine import Choice

ALL = Choice()
CHANGE = "/entry/0/changes/0"
STATUS = {"id": "wamid.S", "status": "delivered", "timestamp": str(SENT_AT), "recipient_id": ADA.phone}
STATUS_PLACE = "/entry/0/changes/0/value/statuses/0"


async def rows(office: Office, sql: str) -> list[dict[str, Any]]:
    return [dict(row) for row in await office.database.read(lambda tx: tx.all(sql))]


async def shown(office: Office) -> list[tuple[Any, ...]]:
    """Return every message: conversation, kind, text, wamid and time."""
    found = await rows(office, "SELECT conversation_id, kind, text, wamid, written_at FROM message ORDER BY id")
    return [tuple(row.values()) for row in found]


async def test_a_placeholder_becomes_what_it_stood_for(office: Office) -> None:
    """After the fix the message stands where its placeholder stood: once, unread, with its window, by Meta's time."""
    await misread(office, body(message()), {FIRST: not_understood(wamid="wamid.1")})
    assert [row[1] for row in await shown(office)] == ["unreadable"]
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    await work_off(office)
    assert await shown(office) == [(1, "text", "Selamat siang", "wamid.1", SENT_AT * 1_000_000)]
    assert await states(office.database) == [(1, "message", "done", None)]
    (thread,) = await rows(office, "SELECT unread, window_opened_at, last_message_id FROM conversation")
    assert thread == {"unread": 1, "window_opened_at": SENT_AT * 1_000_000, "last_message_id": 1}
    assert await column(office.database, "SELECT relation FROM message_version") == ["replaced"]


async def test_a_placeholder_without_an_id_is_not_doubled(office: Office) -> None:
    """What an older reader could not even name gets its id and its content in the same place."""
    await misread(office, body(message()), {FIRST: not_understood()})
    await replay(office).run(ALL)
    await work_off(office)
    assert await shown(office) == [(1, "text", "Selamat siang", "wamid.1", SENT_AT * 1_000_000)]


async def test_a_message_under_the_wrong_sender_moves_to_the_right_one(office: Office) -> None:
    """If the sender is read otherwise today, no word of it shows in the conversation where the placeholder stood."""
    await misread(office, body(message()), {FIRST: not_understood(wamid="wamid.1", sender=BUDI)})
    await replay(office).run(ALL)
    await work_off(office)
    ((conversation, *_),) = await shown(office)
    lines = await rows(
        office, "SELECT c.id, c.last_message_id, i.value FROM conversation c JOIN identity i USING (contact_id)"
    )
    assert [(row["id"], row["last_message_id"]) for row in lines if row["value"] == BUDI.phone] == [(1, None)]
    assert [(row["id"], row["last_message_id"]) for row in lines if row["value"] == ADA.phone] == [(conversation, 1)]


async def test_an_item_with_a_banner_becomes_a_message_and_the_banner_goes(office: Office) -> None:
    """What showed nowhere is filed like any new message, and its remark leaves every page by itself."""
    await misread(office, body(message()), {FIRST: not_understood(sender=Person())})
    assert [banner.kind for banner in await notifications.list_banners(office)] == ["quarantined"]
    await replay(office).run(ALL)
    await work_off(office)
    assert [row[2] for row in await shown(office)] == ["Selamat siang"]
    assert await notifications.list_banners(office) == ()


async def test_siblings_of_the_item_are_left_alone(office: Office) -> None:
    """Only what is in quarantine is applied again, however much lies in the same webhook."""
    await misread(office, body(message("satu"), message("dua", wamid="wamid.2")), {SECOND: not_understood()})
    before = await rows(office, "SELECT * FROM event WHERE id = 1")
    await replay(office).run(ALL)
    await work_off(office)
    assert [row[2] for row in await shown(office)] == ["satu", "dua"]
    assert await rows(office, "SELECT * FROM event WHERE id = 1") == before


@pytest.mark.parametrize(
    ("stored", "misreading", "place", "kind"),
    [
        (body(statuses=[STATUS]), not_understood(sender=Person()), STATUS_PLACE, "status"),
        (body(field="security"), Unreadable("a riddle"), CHANGE, "account"),
    ],
)
async def test_every_kind_finds_its_worker(
    office: Office, stored: bytes, misreading: Event, place: str, kind: str
) -> None:
    """A delivery status and an account event that were unreadable go to the workers of their kind."""
    await misread(office, stored, {place: misreading})
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    assert await states(office.database) == [(1, kind, "new", "a riddle")]
    await work_off(office)
    assert await column(office.database, "SELECT count(*) FROM status_event") == [int(kind == "status")]
    assert await column(office.database, "SELECT count(*) FROM account_news") == [int(kind == "account")]
    assert await column(office.database, "SELECT state FROM event") == ["done"]


async def test_an_item_that_could_not_be_filed_is_filed_after_the_fix(office: Office) -> None:
    """A fault in filing, not in reading: the same row is tried again and takes its placeholder's place."""
    refuse = (
        "CREATE TRIGGER refuse BEFORE INSERT ON message WHEN NEW.kind = 'text' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    await office.database.write(lambda tx: tx.run(refuse))
    await misread(office, body(message()), {})
    assert (await states(office.database))[0][1:3] == ("message", "quarantined")
    await office.database.write(lambda tx: tx.run("DROP TRIGGER refuse"))
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    await work_off(office)
    assert [row[2] for row in await shown(office)] == ["Selamat siang"]
    assert (await states(office.database))[0][1:3] == ("message", "done")


async def test_what_cannot_be_understood_today_either_stays(office: Office) -> None:
    """An item that says nothing new is left as it is, and is counted as such; no page remarks on it again."""
    await misread(office, body("no object"), {})
    before = await rows(office, "SELECT * FROM event")
    await notifications.set_seen(office, OPERATOR, "quarantined")
    assert await replay(office).run(ALL) == Replayed(not_understood=1)
    assert await rows(office, "SELECT * FROM event") == before
    assert await notifications.list_banners(office) == ()


async def test_an_item_that_fails_otherwise_returns_with_the_new_reason(office: Office) -> None:
    """The new reason stands with the item, the old one in the trace, and the remark comes up again."""
    await misread(office, body(message(type=None)), {FIRST: not_understood("a riddle", sender=Person())})
    await notifications.set_seen(office, OPERATOR, "quarantined")
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    await work_off(office)
    assert await states(office.database) == [(1, "unreadable", "quarantined", "a message without a type")]
    (act,) = await office.database.read(lambda tx: acts.list_for(tx, "event", 1))
    assert (act.verb, act.actor_kind, act.detail) == ("put back", "operator", "unreadable: a riddle")
    assert [row[1] for row in await shown(office)] == ["unreadable"]


async def test_an_item_that_fails_as_before_is_no_news(office: Office) -> None:
    """A remark that somebody took down stays down while nothing has changed, and one that stands is counted once."""
    await misread(office, empty_news(), {})
    await misread(office, empty_news([]), {})
    await notifications.set_seen(office, OPERATOR, "quarantined")
    await misread(office, empty_news({}), {})
    assert await replay(office).run(ALL) == Replayed(put_back=3)
    await work_off(office)
    assert await office.database.read(quarantine.count) == 3
    assert [banner.count for banner in await notifications.list_banners(office)] == [1]


async def test_an_item_about_another_account_is_foreign(office: Office) -> None:
    """A replay knows, as intake does, whose account is whose."""
    await misread(office, empty_news(account="999"), {})
    going = Replay(office.database, office.clock, DEDUPE_KEY, OPERATOR, business_account_ids={"1"})
    assert await going.run(ALL) == Replayed(put_back=1)
    assert await states(office.database) == [(1, "account", "foreign", "account news with nothing in it")]


async def test_one_item_cut_into_many_ends_in_their_favour(office: Office) -> None:
    """If today's reader finds several items where one lay, they are rows of their own and the old one is closed."""
    stored = body(*(message(f"pesan {n}", wamid=f"wamid.{n}") for n in range(450)))
    await misread(office, stored, {CHANGE: Unreadable("a riddle")})
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    await work_off(office)
    assert [row[2] for row in await shown(office)] == [f"pesan {n}" for n in range(450)]
    assert await column(office.database, "SELECT reason FROM event WHERE id = 1") == ["cut again into 450"]
    assert await column(office.database, "SELECT DISTINCT state FROM event") == ["done"]
    assert await column(office.database, "SELECT sum(repeats) FROM event") == [0]
    assert [act.verb for act in await office.database.read(lambda tx: acts.list_for(tx, "event", 1))] == ["cut again"]


async def test_an_item_that_came_again_meanwhile_is_not_applied_twice(office: Office) -> None:
    """If the same item has come in another webhook since the fix, its row is the truth and the old one is closed."""
    await misread(office, body(statuses=[STATUS]), {STATUS_PLACE: not_understood(sender=Person())})
    await misread(office, body(statuses=[STATUS], extra=1), {})
    assert await replay(office).run(ALL) == Replayed(put_back=1)
    await work_off(office)
    assert await column(office.database, "SELECT count(*) FROM status_event") == [1]
    assert (await states(office.database))[0][2:] == ("done", "came again as event 2")


async def test_an_item_about_another_number_is_foreign(office: Office) -> None:
    """What turns out to be about a number that was never ours is kept and applied nowhere."""
    stored = body(message()).replace(b"100000000000001", b"100000000000009")
    await misread(office, stored, {FIRST: Unreadable("a riddle")})
    await replay(office).run(ALL)
    await work_off(office)
    assert (await states(office.database))[0][1:3] == ("message", "foreign")
    assert await shown(office) == []


async def test_a_choice_means_only_what_it_names(office: Office) -> None:
    """One item, or those whose reason holds the words, whatever their case; the others stay."""
    for n in range(3):
        riddle = not_understood(f"Riddle {n}", sender=Person())
        await misread(office, body(message(wamid=f"wamid.{n}")), {FIRST: riddle})
    assert await replay(office).run(Choice(event_id=EventId(2))) == Replayed(put_back=1)
    assert await replay(office).run(Choice(reason="riddle 0")) == Replayed(put_back=1)
    assert await replay(office).run(Choice(reason="nothing like it")) == Replayed()
    assert [state for _, _, state, _ in await states(office.database)] == ["new", "new", "quarantined"]
    for event_id in (2, 99):
        with pytest.raises(NotFound):
            await replay(office).run(Choice(event_id=EventId(event_id)))


async def test_replaying_twice_changes_nothing_more(office: Office) -> None:
    """The second replay finds nothing to do, before the workers came and after."""
    await misread(office, body(message()), {FIRST: not_understood()})
    assert [await replay(office).run(ALL) for _ in range(2)] == [Replayed(put_back=1), Replayed()]
    await work_off(office)
    before = (await shown(office), await states(office.database))
    assert await replay(office).run(ALL) == Replayed()
    await work_off(office)
    assert (await shown(office), await states(office.database)) == before
    assert len(await office.database.read(lambda tx: acts.list_for(tx, "event", 1))) == 1


async def test_two_replays_beside_running_workers_apply_each_item_once(office: Office) -> None:
    """However replays and workers interleave, every message stands once and every item left quarantine once."""
    texts = [f"pesan {n}" for n in range(250)]
    for part in range(0, 250, 50):
        stored = body(*(message(text, wamid=f"wamid.{text}") for text in texts[part : part + 50]))
        places = {f"{CHANGE}/value/messages/{n}": not_understood(f"riddle {part + n}") for n in range(50)}
        await misread(office, stored, places)
    worker = asyncio.create_task(Inbound(office).run())
    done = await asyncio.gather(*(replay(office).run(ALL) for _ in range(2)))
    office.broker.close()
    await worker
    await work_off(office)
    assert sum(each.put_back for each in done) == 250
    assert sorted(row[2] for row in await shown(office)) == sorted(texts)
    assert await column(office.database, "SELECT DISTINCT state FROM event") == ["done"]
    assert await column(office.database, "SELECT count(*) FROM act WHERE verb = 'put back'") == [250]


async def test_a_replay_that_is_cut_off_can_be_done_again(office: Office) -> None:
    """Whatever of it was committed is not repeated, and what was not is done the next time."""
    places = {f"{CHANGE}/value/messages/{n}": not_understood() for n in range(120)}
    await misread(office, body(*(message(str(n), wamid=f"wamid.{n}") for n in range(120))), places)
    refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON event WHEN OLD.id = 110 BEGIN SELECT RAISE(ABORT, 'no'); END"
    await office.database.write(lambda tx: tx.run(refuse))
    with pytest.raises(ConstraintViolated):
        await replay(office).run(ALL)
    assert await office.database.read(quarantine.count) == 20
    await office.database.write(lambda tx: tx.run("DROP TRIGGER refuse"))
    assert await replay(office).run(ALL) == Replayed(put_back=20)
    await work_off(office)
    assert sorted(int(row[2]) for row in await shown(office)) == list(range(120))


async def test_old_items_put_back_are_no_backlog(office: Office, fake_clock: FakeClock) -> None:
    """An item of last month waits since it was put back, so neither health nor the banner takes it for a backlog."""
    await misread(office, body(message()), {FIRST: not_understood(sender=Person())})
    fake_clock.advance(30 * 86400)
    await replay(office).run(ALL)
    assert await office.database.read(events.find_oldest_new) == NOON + timedelta(days=30)


async def test_a_webhook_cut_again_by_intake_knows_the_item(office: Office) -> None:
    """The row has today's key: when the same item comes once more it is a repeat and nothing else."""
    stored = body(message())
    await misread(office, stored, {FIRST: not_understood()})
    await replay(office).run(ALL)
    again = await office.database.write(partial(add_webhook, at=NOON, body=stored))
    await office.database.write(lambda tx: events.add_many(tx, cut(again, stored, office.clock)))
    assert await column(office.database, "SELECT repeats FROM event") == [1]


async def test_an_item_that_is_read_as_before_keeps_its_row_and_key(office: Office) -> None:
    """With the key that intake works with, the same item is the same row."""
    await misread(office, body(field="security"), {})
    before = await rows(office, "SELECT id, webhook_id, pointer, key, arrived_at FROM event")
    await replay(office).run(ALL)
    assert await rows(office, "SELECT id, webhook_id, pointer, key, arrived_at FROM event") == before
