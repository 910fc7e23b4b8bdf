"""Everything the pretend Meta can do to the program, by switch: nothing lost, nothing doubled, nothing taken back.

What the program has no page for yet shows as a placeholder in the conversation or as a banner; these tests say that it
shows, not how it looks.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.arrivals import column
from tests.clocks import FakeClock
from tests.journeys.site import SITI, Site, eventually
from wabridge.sandbox.faults import GROUPS, Fault
from wabridge.sandbox.gestures import MENU
from wabridge.sandbox.handset import Bubble, Handset
from wabridge.sandbox.news import OCCURRENCES
from wabridge.storage import events, journal
from wabridge.storage.database import Transaction

_WORDS = "Halo Bu, déngan “kutip” </b> 🙏"
_REFUSED = "Meta memakai app secret yang lain"
_PAUSED = "Pengiriman dijeda."


@pytest.fixture
async def troubled(site: Site) -> AsyncIterator[Site]:
    """A site whose pretend Meta is about to make trouble; every request to it must be well formed all the same."""
    yield site
    assert site.meta.violations == []


def _siti(site: Site) -> Handset:
    return site.meta.handset(SITI, "Siti Rahayu")


def _write(site: Site, words: str = _WORDS) -> Bubble:
    return site.meta.talk.write(_siti(site), words)


async def _kept(site: Site) -> list[dict[str, Any]]:
    """Return Siti's messages; she is found by her user id, for her number may be hidden."""
    return await site.messages(_siti(site).person.user_id)


async def _all_answered(site: Site) -> None:
    """Return once all bodies are stored, split, and each item has its state; none was answered anything but 200."""
    await site.meta.drain()

    def is_worked_off(tx: Transaction) -> bool:
        is_cut = events.watermark(tx) == journal.newest(tx) > 0
        return is_cut and events.find_oldest_new(tx) is None and events.find_oldest_backlog(tx) is None

    async def look() -> bool:
        return await site.office.database.read(is_worked_off)

    await eventually(look, seconds=60)
    assert (site.meta.courier.refused_count, site.meta.courier.unanswered_count) == (0, 0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.TWICE_AT_ONCE,
        Fault.ONCE_MORE,
        Fault.PLAIN_UTF8,
        Fault.ESCAPED_SLASHES,
        Fault.EXTRA_KEYS,
        Fault.HIDDEN_PHONE,
        Fault.PLACEHOLDER_FIRST,
        Fault.OLD_TIMES,
    ],
)
async def test_what_a_person_writes_is_filed_once_to_the_letter(troubled: Site, fault: Fault) -> None:
    """Posted twice, spelled otherwise, with odd keys, no number, its content late, a week old: one message."""
    troubled.meta.faults.add(fault)
    _write(troubled)
    await _all_answered(troubled)
    assert [message["text"] for message in await _kept(troubled)] == [_WORDS]
    assert await troubled.unread() == ["1"]
    assert await troubled.banners() == []


@pytest.mark.parametrize("fault", [Fault.UNKNOWN_TYPE, Fault.EMPTY_INTERACTIVE])
async def test_what_cannot_be_read_stands_where_it_was_written(troubled: Site, fault: Fault) -> None:
    """A type of tomorrow or an answer without its content is one bubble of its writer, and the next message arrives."""
    troubled.meta.faults.add(fault)
    _write(troubled)
    await _all_answered(troubled)
    assert len(await _kept(troubled)) == 1
    assert len((await troubled.show(await troubled.conversation())).all("li", "message")) == 1
    troubled.meta.faults.clear()
    await troubled.write("Sesudahnya")


async def test_a_batch_of_good_unknown_and_broken_items_costs_none_of_them(troubled: Site) -> None:
    """The good one is filed, the unknown and the broken one are placeholders, what has no sender is announced."""
    troubled.meta.faults.add(Fault.MIXED_BATCH)
    _write(troubled)
    await _all_answered(troubled)
    assert [message["text"] for message in await _kept(troubled)].count(_WORDS) == 1
    assert len((await troubled.show(await troubled.conversation())).all("li", "message")) == 3
    assert len(await troubled.banners()) == 1


async def test_a_field_of_tomorrow_is_announced_beside_the_message(troubled: Site) -> None:
    """A change nobody knows costs the message beside it nothing, and somebody is told of it."""
    troubled.meta.faults.add(Fault.UNKNOWN_FIELD)
    _write(troubled)
    await _all_answered(troubled)
    assert await troubled.texts() == [_WORDS]
    assert len(await troubled.banners()) == 1


async def test_what_goes_to_an_agent_does_not_pass_in_silence(troubled: Site) -> None:
    """A message on `standby` stands in the conversation, marked, counts as unread and can be answered."""
    troubled.meta.faults.add(Fault.STANDBY)
    _write(troubled)
    await _all_answered(troubled)
    (message,) = await _kept(troubled)
    assert (message["text"], message["source"]) == (_WORDS, "standby")
    assert await troubled.unread() == ["1"]
    page = await troubled.conversation()
    assert "Ditangani pihak lain" in await troubled.get(page)
    assert await troubled.submit(page, f"{page}/reply", text="Saya ambil alih") == 303
    assert await troubled.banners() == []


async def test_a_person_without_a_number_is_answered_by_user_id(troubled: Site) -> None:
    """Somebody whose number Meta hides can be answered from the page, and the answer is delivered."""
    troubled.meta.faults.add(Fault.HIDDEN_PHONE)
    _write(troubled)
    await _all_answered(troubled)
    user_id = _siti(troubled).person.user_id
    page = await troubled.conversation(user_id)
    assert await troubled.submit(page, f"{page}/reply", text="Selamat pagi") == 303
    await troubled.meta.wait_until(lambda: len(troubled.meta.accepted) == 1)
    await _all_answered(troubled)
    (request,) = troubled.meta.requests
    assert request.body["recipient"] == user_id
    assert "to" not in request.body
    await troubled.until_status((await _kept(troubled))[-1]["id"], "delivered")


async def test_an_old_message_does_not_open_the_window(troubled: Site) -> None:
    """Delivered almost a week late a message is filed with its own time, and free text is refused with the reason."""
    troubled.meta.faults.add(Fault.OLD_TIMES)
    _write(troubled)
    await _all_answered(troubled)
    (message,) = await _kept(troubled)
    assert (datetime.now(UTC) - datetime.fromisoformat(message["written_at"])).days == 6
    status, problem = await troubled.call("POST", "/messages", json={"to": "+" + SITI, "text": "Terlambat"})
    assert (status, problem["reason"]) == (409, "window_closed")


@pytest.mark.parametrize("is_empty", [False, True], ids=["emoji absent", "emoji empty"])
async def test_a_reaction_and_its_removal_cost_nothing(troubled: Site, is_empty: bool) -> None:
    """A reaction put on and taken back, in either form, is understood; the message below it stays as it was."""
    if is_empty:
        troubled.meta.faults.add(Fault.EMPTY_EMOJI)
    bubble = _write(troubled)
    await _all_answered(troubled)
    for emoji in ("👍", ""):
        troubled.meta.talk.react(_siti(troubled), bubble, emoji)
        await _all_answered(troubled)
    assert [message["text"] for message in await _kept(troubled)].count(_WORDS) == 1
    assert await troubled.banners() == []


async def test_an_edit_and_a_revocation_take_nothing_away(troubled: Site) -> None:
    """What was written first stays readable after it was changed and deleted."""
    bubble = _write(troubled)
    await _all_answered(troubled)
    troubled.meta.talk.edit(_siti(troubled), bubble, "Lain sama sekali")
    await _all_answered(troubled)
    troubled.meta.talk.revoke(_siti(troubled), bubble)
    await _all_answered(troubled)
    assert _WORDS in [message["text"] for message in await _kept(troubled)]
    assert await troubled.banners() == []


@pytest.mark.parametrize("fault", [None, Fault.NO_CONTEXT], ids=["with context", "without context"])
async def test_a_pressed_button_is_filed_with_or_without_what_it_answers(troubled: Site, fault: Fault | None) -> None:
    """A template's button stands in the conversation, with the quote if Meta names one."""
    await troubled.write("Halo")
    reply = await troubled.reply("Setuju?")
    await troubled.until_status(reply, "delivered")
    troubled.meta.faults.update({fault} if fault else ())
    troubled.meta.talk.send_kind(_siti(troubled), "button")
    await _all_answered(troubled)
    button = (await _kept(troubled))[-1]
    assert button["quoted_id"] == (None if fault else reply)


async def test_every_kind_of_the_menu_is_one_message(troubled: Site) -> None:
    """Whatever a person can send is answered 200 and shows in the conversation, once and in its order."""
    wamids = []
    for kind in MENU:
        wamids.append(troubled.meta.talk.send_kind(_siti(troubled), kind).wamid)
        await troubled.meta.drain()
    await _all_answered(troubled)
    assert len(set(wamids)) == len(MENU)
    assert len(await _kept(troubled)) == len(MENU)
    assert len((await troubled.show(await troubled.conversation())).all("li", "message")) == len(MENU)


async def test_a_changed_user_id_keeps_the_conversation(troubled: Site) -> None:
    """The news about a new id stands in the conversation, and what the person writes under it does too."""
    _write(troubled)
    await _all_answered(troubled)
    before = await troubled.conversation()
    troubled.meta.news.tell("user_id_changed", _siti(troubled))
    await _all_answered(troubled)
    assert len(await troubled.messages()) == 2
    await troubled.write("Saya, dengan tanda baru")
    assert await troubled.conversation() == before
    assert [contact["name"] for contact in await troubled.contacts()] == ["Siti Rahayu"]


@pytest.mark.parametrize("occurrence", sorted(set(OCCURRENCES) - {"large_history"}))
async def test_no_news_of_meta_stops_what_comes_behind(troubled: Site, occurrence: str) -> None:
    """Whatever else Meta says is answered 200, every item of it gets a state, and the next message arrives."""
    siti = _siti(troubled)
    _write(troubled)
    await _all_answered(troubled)
    troubled.meta.news.tell(occurrence, siti)
    await _all_answered(troubled)
    await troubled.write("Sesudahnya", phone=siti.person.phone)


async def test_a_status_of_a_foreign_message_is_kept_and_bothers_nobody(troubled: Site) -> None:
    """A report on what another program sent makes no contact, no banner, and no report of ours waits for it."""
    await troubled.write("Halo")
    troubled.meta.news.tell("foreign_status", _siti(troubled))
    await troubled.until_status(await troubled.reply("Balasan"), "delivered")
    await _all_answered(troubled)
    assert len(await troubled.contacts()) == 1
    assert await troubled.banners() == []


async def test_three_megabytes_of_history_hold_nobody_up(troubled: Site) -> None:
    """The largest chunk is answered 200; a message that comes behind it is filed, and the chunk does not disappear."""
    troubled.meta.news.tell("large_history", _siti(troubled))
    await troubled.write("Yang baru")
    await _all_answered(troubled)
    assert max(map(len, troubled.meta.courier.acknowledged)) > 2_900_000
    assert (await troubled.texts()).count("Yang baru") == 1
    (kept,) = await column(troubled.office.database, "SELECT count(*) FROM message WHERE source = 'history'")
    assert isinstance(kept, int)
    assert kept > 8_000
    assert await column(troubled.office.database, "SELECT unread FROM conversation") == [1]
    assert await troubled.banners() == []


_REPORTS: list[tuple[Fault, str, set[str], str]] = [
    (Fault.STATUS_BEFORE_ANSWER, "delivered", {"sent", "delivered"}, "Sampai di perangkat"),
    (Fault.STATUSES_REORDERED, "delivered", {"sent", "delivered"}, "Sampai di perangkat"),
    (Fault.READ_ALONE, "read", {"sent", "read"}, "Sampai (tersirat, waktunya tidak diketahui)"),
    (Fault.DELIVERED_AFTER_READ, "read", {"sent", "read", "delivered"}, "Ditampilkan di WhatsApp klien"),
    (Fault.SENT_THEN_FAILED, "failed", {"sent", "failed"}, "Gagal"),
    (Fault.FAILED_THEN_SENT, "failed", {"sent", "failed"}, "Gagal"),
    (Fault.NO_STATUS, "sent", set(), "Diterima sistem WhatsApp"),
    (Fault.ERROR_AND_STATUS, "failed", {"failed"}, "Gagal"),
    (Fault.TEMPLATE_PAUSED, "failed", {"failed"}, "Gagal"),
    (Fault.TWICE_AT_ONCE, "delivered", {"sent", "delivered"}, "Sampai di perangkat"),
    (Fault.EXTRA_KEYS, "delivered", {"sent", "delivered"}, "Sampai di perangkat"),
]


@pytest.mark.parametrize(("fault", "status", "words", "said"), _REPORTS, ids=[row[0] for row in _REPORTS])
async def test_what_is_shown_of_a_delivery_is_the_best_that_is_known(
    troubled: Site, fault: Fault, status: str, words: set[str], said: str
) -> None:
    """Whatever order reports come in, or none: the level is right, all of them are kept, the message went out once."""
    await troubled.write("Halo")
    troubled.meta.behaviour.read = "read" in words
    troubled.meta.faults.add(fault)
    message = await troubled.reply("Balasan")
    await troubled.until_status(message, status)
    await troubled.until_reports(message, *words)
    await _all_answered(troubled)
    known = await troubled.message(message)
    assert (known["status"], known["delivery"]["conflict"], known["delivery"]["twice"]) == (status, False, False)
    assert {event["status"] for event in known["events"]} == words
    assert said in await troubled.delivery(message)
    assert len(troubled.meta.requests) == 1


async def test_a_send_without_an_answer_is_settled_by_its_reports(troubled: Site) -> None:
    """Taken and never answered: the status that carries our token tells, and nothing is sent twice."""
    await troubled.write("Halo")
    troubled.meta.faults.add(Fault.NO_ANSWER)
    message = await troubled.reply("Balasan")
    await troubled.until_status(message, "delivered")
    await troubled.meta.stop()  # ends the answer that hangs
    assert await troubled.status_of(message) == "delivered"
    assert (len(troubled.meta.requests), len(troubled.meta.accepted)) == (1, 1)


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Fault.HTML_ANSWER, "delivered"), (Fault.ERROR_131000, "unknown")],
)
async def test_an_answer_that_decides_nothing_is_not_followed_by_a_second_try(
    timed: Site, time: FakeClock, fault: Fault, status: str
) -> None:
    """A page or an error of Meta's own leaves the message unknown until a report comes; it is never sent again."""
    await timed.write("Halo")
    timed.meta.faults.add(fault)
    message = await timed.reply("Balasan")
    await timed.until_status(message, status)
    timed.meta.faults.clear()
    time.advance(60 * 60)
    await timed.write("Sejam kemudian")
    await timed.until_status(await timed.reply("Berikutnya"), "delivered")
    assert await timed.status_of(message) == status
    assert len(timed.meta.requests) == 2


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.ERROR_131016])
async def test_a_burst_of_passing_refusals_delays_and_loses_nothing(timed: Site, time: FakeClock, fault: Fault) -> None:
    """While Meta says 130429 or 131016 messages wait; afterwards each goes out once, in its order."""
    await timed.write("Halo")
    timed.meta.faults.add(fault)
    messages = [await timed.reply(f"Nomor {number}") for number in range(3)]
    await timed.until_tried(messages[0])
    timed.meta.faults.clear()
    time.advance(60)
    for message in messages:
        await timed.until_status(message, "delivered")
    assert [taken.text for taken in timed.meta.accepted] == ["Nomor 0", "Nomor 1", "Nomor 2"]


async def test_a_token_that_expires_in_the_middle_stops_sending_only(troubled: Site) -> None:
    """What is not sent yet waits, people's messages come in, and after a person's decision all goes out once."""
    await troubled.write("Halo")
    await troubled.until_status(await troubled.reply("Sebelum"), "delivered")
    troubled.meta.faults.add(Fault.TOKEN_EXPIRED)
    messages = [await troubled.reply(f"Nomor {number}") for number in range(3)]
    await troubled.until_banner(_PAUSED)
    await troubled.write("Masih masuk")
    assert [await troubled.status_of(message) for message in messages] == ["pending"] * 3
    troubled.meta.faults.clear()
    assert await troubled.submit("/inbox", "/sending/resume") == 303
    for message in messages:
        await troubled.until_status(message, "delivered")
    assert [taken.text for taken in troubled.meta.accepted] == ["Sebelum", "Nomor 0", "Nomor 1", "Nomor 2"]


@pytest.mark.parametrize("fault", [Fault.UNSIGNED, Fault.WRONG_SIGNATURE, Fault.SHA1_SIGNATURE, Fault.OTHER_APP])
async def test_without_our_secret_nothing_gets_in_until_it_is_right(troubled: Site, fault: Fault) -> None:
    """A bad signature is refused and announced, nothing of it is kept; put right, Meta's repetition is filed once."""
    troubled.meta.faults.add(fault)
    _write(troubled)
    await troubled.meta.wait_until(lambda: troubled.meta.courier.refused_count >= 4)
    assert await troubled.office.database.read(journal.newest) == 0
    troubled.meta.faults.clear()
    await troubled.until_filed(_WORDS)
    await troubled.until_banner(_REFUSED)
    assert await troubled.texts() == [_WORDS]


async def test_everything_at_once_loses_and_doubles_nothing(troubled: Site) -> None:
    """With every fault switched on that lets a message through, ten messages are ten messages."""
    troubled.meta.faults.update({*GROUPS["files"], *GROUPS["reports"], Fault.TWICE_AT_ONCE, Fault.ONCE_MORE})
    troubled.meta.faults.update({Fault.EXTRA_KEYS, Fault.PLAIN_UTF8, Fault.PLACEHOLDER_FIRST, Fault.HIDDEN_PHONE})
    for number in range(10):
        _write(troubled, f"Nomor {number}")
    await _all_answered(troubled)
    texts = [message["text"] for message in await _kept(troubled)]
    assert sorted(map(str, texts)) == [f"Nomor {number}" for number in range(10)]
