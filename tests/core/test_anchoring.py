"""Checkpoints that lie outside: within minutes for notices, daily for the rest, and never in the way."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import authority
from tests.arrivals import column
from tests.clocks import NOON, FakeClock
from tests.outside import GOOD, OTHER, Outside, open_outside
from wabridge.connectors import timestamps
from wabridge.core import anchoring
from wabridge.core.anchoring import Anchoring
from wabridge.core.office import Office
from wabridge.errors import SettingsError
from wabridge.evidence import anchors as evidence
from wabridge.settings import AnchorSettings
from wabridge.storage import anchors, ledger


@pytest.fixture
async def outside(office: Office, tmp_path: Path) -> AsyncIterator[Outside]:
    """An office whose day's anchor has been made, with one authority and one mailbox."""
    async with open_outside(office, tmp_path) as opened:
        yield opened


async def test_the_first_day_is_anchored_everywhere(outside: Outside) -> None:
    """At each place the same checkpoint lies, with the very bytes that check it years later."""
    kept = await outside.kept()
    assert [each.anchor.place.kind for each in kept] == ["timestamp", "mail"]
    assert len({each.note for each in kept}) == 1
    for each in kept:
        found = evidence.verify(
            each.anchor.place.kind, note=each.note, request=each.request, answer=each.answer, roots=[GOOD.root]
        )
        assert found.is_good
        other = evidence.verify(
            each.anchor.place.kind, note=b"x\n1\n", request=each.request, answer=each.answer, roots=[GOOD.root]
        )
        assert other.reason == "wrong_imprint"
    assert outside.post.letters == [kept[1].request]
    assert (kept[0].anchor.authority, kept[0].anchor.stated_at, kept[0].anchor.is_trusted) == (
        "Pretend Time",
        NOON,
        True,
    )
    assert await outside.office.database.read(ledger.size) > kept[0].size, "a leaf says so"


async def test_the_day_is_anchored_once(outside: Outside, fake_clock: FakeClock) -> None:
    """Until two in the morning nothing more leaves; then the next checkpoint does."""
    await outside.happen(None)
    fake_clock.advance(timedelta(hours=13, minutes=59).total_seconds())
    await outside.work()
    assert outside.asked == 1
    fake_clock.advance(120)
    await outside.work()
    assert outside.asked == 2


async def test_a_notice_is_anchored_within_minutes(outside: Outside, fake_clock: FakeClock) -> None:
    """Events of notices are gathered for a minute, and then lie outside together."""
    await outside.happen()
    await outside.work()
    assert outside.asked == 1
    fake_clock.advance(30)
    await outside.happen()
    fake_clock.advance(31)
    await outside.work()
    assert (outside.asked, len(outside.post.letters)) == (2, 2)
    assert (await outside.standing()).waiting_since is None
    await outside.work()
    assert outside.asked == 2


async def test_what_cannot_be_reached_is_said_and_tried_again(outside: Outside, fake_clock: FakeClock) -> None:
    """While nobody outside answers it is known since when; as soon as one does, the newest checkpoint lies there."""
    outside.status, outside.post.drops_at = 503, "EHLO"
    since = fake_clock.now
    await outside.happen()
    for _ in range(5):
        fake_clock.advance(3600)
        await outside.happen()
        fake_clock.advance(61)
        await outside.work()
    known = await outside.standing()
    assert known.waiting_since == since
    assert {each.reason for each in known.waiting} == {"busy", "cut_off"}
    assert not known.is_old(fake_clock.now)
    assert known.is_old(fake_clock.now + timedelta(days=2))
    outside.status, outside.post.drops_at = 200, ""
    fake_clock.advance(3600)
    await outside.work()
    known = await outside.standing()
    assert (known.waiting, known.waiting_since) == ((), None)
    assert len(await outside.kept()) == 4, "what a later checkpoint holds is not deposited again"
    assert "superseded" in await column(outside.office.database, "SELECT DISTINCT state FROM anchor")


async def test_pauses_grow_and_never_end(outside: Outside, fake_clock: FakeClock) -> None:
    """A place that stays silent is asked ever more rarely, and for ever."""
    outside.status = 503
    await outside.happen()
    fake_clock.advance(61)
    asked = outside.asked
    for _ in range(24 * 60):
        await outside.work()
        fake_clock.advance(60)
        outside.post.letters.clear()
    assert 25 < outside.asked - asked < 60


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        (lambda asked: authority.answer(GOOD, asked, now=NOON, imprint=bytes(32)), "wrong_imprint"),
        (lambda asked: authority.answer(GOOD, asked, now=NOON, nonce=1), "wrong_nonce"),
        (lambda asked: authority.answer(OTHER, asked, now=NOON), "untrusted"),
        (lambda _: authority.refuse(), "refused"),
        (lambda _: b"", "not_a_token"),
    ],
)
async def test_what_proves_nothing_is_no_anchor(
    outside: Outside, fake_clock: FakeClock, answering: Callable[[bytes], bytes], reason: str
) -> None:
    """An answer that is no good token is not kept as one, and mail goes on beside it."""
    outside.answering = answering
    await outside.happen()
    fake_clock.advance(61)
    await outside.work()
    known = await outside.standing()
    assert [each.reason for each in known.waiting] == [reason]
    assert len(await outside.kept()) == 3
    assert known.waiting_since is None, "one place outside has it"


async def test_killed_between_the_answer_and_its_row_it_is_asked_again(outside: Outside, fake_clock: FakeClock) -> None:
    """An answer that was never written down costs one more question, and leaves one anchor."""
    await outside.happen()
    fake_clock.advance(61)
    places = anchoring.places(outside.office)

    outside.status = 503
    await outside.work()
    outside.status = 200
    fake_clock.advance(61)
    due = await outside.office.database.read(lambda tx: anchors.find_due(tx, places, fake_clock.now))
    assert due is not None
    answered = await timestamps.fetch(outside.worker.session, places[0].address, due.note, roots=[GOOD.root])
    await outside.work()
    newest = (await outside.kept())[2]
    assert (newest.anchor.id, newest.note) == (due.anchor.id, due.note)
    assert newest.answer != answered.answer
    late = anchors.Proof(fake_clock.now, answered.request, answered.answer, "late")
    assert not await outside.office.database.write(lambda tx: anchors.keep(tx, due, late))


async def test_a_lost_password_names_itself(outside: Outside, fake_clock: FakeClock) -> None:
    """Without the password no mail goes, and the reason is the configuration; timestamps go on."""
    (outside.office.settings.folder / "password").unlink()
    await outside.happen()
    fake_clock.advance(61)
    await outside.work()
    assert [each.reason for each in (await outside.standing()).waiting] == ["settings"]


async def test_the_sandbox_anchors_nowhere(outside: Outside) -> None:
    """Nothing leaves the machine while it is only tried out."""
    trial = replace(outside.office, is_sandbox=True)
    assert anchoring.places(trial) == ()
    assert not await Anchoring(trial, outside.worker.session, outside.worker.trust).look()


async def test_a_leaf_finds_its_first_anchors(outside: Outside, fake_clock: FakeClock) -> None:
    """For each leaf the earliest anchor at each place is found, which tells since when it cannot have been changed."""
    position = await outside.office.database.read(ledger.size)
    for _ in range(2):
        await outside.happen()
        fake_clock.advance(61)
        await outside.work()
    covering = await outside.office.database.read(lambda tx: anchors.list_covering(tx, position))
    assert [each.anchor.place.kind for each in covering] == ["timestamp", "mail"]
    assert {each.anchor.checkpoint_id for each in covering} == {(await outside.kept())[2].anchor.checkpoint_id}


def test_a_root_that_cannot_be_read_stops_the_start(office: Office, tmp_path: Path) -> None:
    """A file that is no certificate is named; a good one is strict, none means this machine's."""
    (tmp_path / "root.pem").write_bytes(GOOD.root_pem)
    chosen = replace(office.settings, anchors=AnchorSettings(timestamp_roots=("root.pem",)))
    assert anchoring.read_trust(chosen) == ([GOOD.root], True, None)
    assert not anchoring.read_trust(office.settings).is_strict
    (tmp_path / "root.pem").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"root\.pem"):
        anchoring.read_trust(chosen)
