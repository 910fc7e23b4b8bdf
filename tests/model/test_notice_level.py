"""How far a legal notice has come."""

import itertools
from datetime import timedelta

import pytest

from tests.notices import DEADLINE, NOON, approval, carrier, event, notice, version
from wabridge.model import notice_level
from wabridge.model.delivery import Status
from wabridge.model.notice import NoticeEvent, Wanted, build_content, build_number, short_hash
from wabridge.model.notice_level import BUCKETS, LADDER, Bucket, Level, confirmed_at, stand

YES, LATE = event("answered", "confirmed"), event("answered", "confirmed_late")
NOT_ME, QUESTION = event("answered", "not_me"), event("answered", "question")
SILENCE, RESPONSE = event("overdue", at=DEADLINE), event("answered", "responded")


@pytest.mark.parametrize(
    ("status", "level", "bucket"),
    [
        ("pending", "queued", "waiting"),
        ("unknown", "queued", "waiting"),
        ("failed", "failed", "failed"),
        ("sent", "sent", "waiting"),
        ("delivered", "delivered", "delivered"),
        ("read", "displayed", "displayed"),
    ],
)
def test_the_way_is_what_whatsapp_reports(status: Status, level: Level, bucket: Bucket) -> None:
    """Each status of the message that carries the notice has its rung and its place on the list."""
    standing = stand(notice(carriers=(carrier(status),)))
    assert (standing.level, standing.reach, standing.bucket) == (level, level, bucket)


@pytest.mark.parametrize(
    ("statuses", "level", "bucket"),
    [
        (("failed", "pending"), "queued", "waiting"),
        (("failed", "failed"), "failed", "failed"),
        (("failed", "cancelled"), "failed", "failed"),
        (("failed", "sent"), "sent", "waiting"),
    ],
)
def test_what_was_sent_again_after_a_failure_is_on_its_way(
    statuses: tuple[Status, ...], level: Level, bucket: Bucket
) -> None:
    """A failure needs somebody until they have sent it again, and does so anew if that fails too or is withdrawn."""
    carriers = tuple(carrier(status, message_id=number) for number, status in enumerate(statuses, 1))
    standing = stand(notice(carriers=carriers))
    assert (standing.level, standing.bucket) == (level, bucket)


@pytest.mark.parametrize(
    ("wanted", "status", "events", "bucket"),
    [
        ("delivered", "sent", (), "waiting"),
        ("delivered", "delivered", (), "done"),
        ("delivered", "read", (), "done"),
        ("displayed", "delivered", (), "delivered"),
        ("displayed", "read", (), "done"),
        ("confirmed", "read", (), "displayed"),
        ("delivered", "sent", (YES,), "done"),
        ("displayed", "delivered", (LATE,), "done"),
        ("delivered", "delivered", (SILENCE,), "done"),
        ("delivered", "delivered", (NOT_ME,), "disputed"),
        ("displayed", "read", (QUESTION,), "disputed"),
        ("displayed", "read", (RESPONSE,), "disputed"),
    ],
)
def test_with_what_the_office_asked_for_nothing_more_is_awaited(
    wanted: Wanted, status: Status, events: tuple[NoticeEvent, ...], bucket: Bucket
) -> None:
    """The wanted rung or a confirmation ends it, and a question or a dispute is one all the same."""
    standing = stand(notice(*events, carriers=(carrier(status),), versions=(version(wanted=wanted),)))
    assert standing.bucket == bucket


@pytest.mark.parametrize(
    ("events", "level", "bucket"),
    [
        ((YES,), "confirmed", "done"),
        ((LATE,), "confirmed_late", "done"),
        ((SILENCE, LATE), "confirmed_late", "done"),
        ((SILENCE,), "overdue", "overdue"),
        ((RESPONSE,), "responded", "disputed"),
        ((QUESTION,), "question", "disputed"),
        ((QUESTION, YES), "confirmed", "done"),
        ((QUESTION, SILENCE), "question", "disputed"),
        ((NOT_ME,), "not_me", "disputed"),
        ((YES, NOT_ME), "confirmed", "disputed"),
        ((event("answered", "not_counted"),), "unclear", "disputed"),
        ((event("answered", "repeated"),), "displayed", "displayed"),
        ((event("recorded", "confirmed"),), "confirmed", "done"),
        ((event("recorded", "refused"),), "refused", "disputed"),
        ((event("withdrawn"),), "displayed", "displayed"),
        ((event("reminded"), event("escalated"), event("receipt")), "displayed", "displayed"),
    ],
)
def test_the_highest_rung_counts(events: tuple[NoticeEvent, ...], level: Level, bucket: Bucket) -> None:
    """The level is the highest rung for which there is an event, whatever the order."""
    for order in itertools.permutations(events):
        standing = stand(notice(*order, carriers=(carrier("read"),)))
        assert (standing.level, standing.bucket) == (level, bucket)


def test_nothing_that_comes_later_takes_a_level_away() -> None:
    """Whatever is added in whatever order, the level never goes down."""
    facts = (YES, NOT_ME, QUESTION, SILENCE, RESPONSE, event("answered", "not_counted"), LATE)
    ranks = [rung.level for rung in LADDER]
    for order in itertools.permutations(facts, 4):
        seen = [ranks.index(stand(notice(*order[:known])).level) for known in range(5)]
        assert seen == sorted(seen)


def test_a_confirmation_beside_a_dispute_is_no_end() -> None:
    """Somebody who read it, and somebody who says it is not theirs: a person has to look."""
    standing = stand(notice(YES, NOT_ME))
    assert standing.is_contradicted
    assert not standing.is_over


def test_silence_is_no_confirmation() -> None:
    """What was displayed and not answered until the deadline is overdue, and not confirmed."""
    standing = stand(notice(SILENCE, carriers=(carrier("read"),)))
    assert standing.reach == "displayed"
    assert standing.is_overdue
    assert not standing.is_confirmed


def test_a_late_confirmation_stays_late() -> None:
    """What was confirmed after the deadline is confirmed, and still overdue."""
    standing = stand(notice(SILENCE, LATE))
    assert standing.is_confirmed
    assert standing.is_overdue


def test_what_somebody_records_after_the_deadline_is_late() -> None:
    """A record counts by the time at which it happened, not by that at which it was written down."""
    after = DEADLINE + timedelta(minutes=1)
    in_time = event("recorded", "confirmed", at=after, happened_at=DEADLINE)
    assert stand(notice(in_time)).level == "confirmed"
    assert stand(notice(event("recorded", "confirmed", at=after, happened_at=after))).level == "confirmed_late"


def test_a_correction_takes_a_record_out_and_keeps_it() -> None:
    """What was corrected counts no more, and stands in the record for ever."""
    corrected = notice(event("recorded", "confirmed"), event("corrected", corrects=1))
    assert stand(corrected).level == "sent"
    assert len(corrected.events) == 2


def test_an_approval_holds_for_what_was_approved_only() -> None:
    """A change makes a draft of it again."""
    approved = event("approved", version_id=1)
    plain = notice(approved, carriers=())
    assert stand(plain).level == "approved"
    changed = notice(approved, carriers=(), versions=(version(), version(id=2, number=2)), approvals=(approval(),))
    assert changed.approval is None
    assert stand(changed).level == "draft"


def test_a_withdrawn_message_carries_nothing() -> None:
    """What was taken back before it left never went; the notice may go again."""
    taken_back = notice(event("approved", version_id=1), carriers=(carrier("cancelled"),))
    assert stand(taken_back).level == "approved"
    assert not taken_back.is_underway


def test_only_the_notice_itself_tells_how_far_it_came() -> None:
    """A reminder that was displayed does not show the notice to anybody."""
    reminded = notice(carriers=(carrier("sent"), carrier("read", message_id=2, purpose="reminder")))
    assert stand(reminded).level == "sent"


def test_a_closed_notice_keeps_its_level() -> None:
    """To let it rest says nothing about what the person did."""
    standing = stand(notice(SILENCE, event("closed")))
    assert (standing.level, standing.bucket) == ("overdue", "done")


def test_the_first_confirmation_gives_the_time() -> None:
    """It is confirmed when it was confirmed first, by the clock of whoever tells."""
    twice = notice(
        event("answered", "confirmed", happened_at=NOON + timedelta(hours=2)),
        event("recorded", "confirmed", happened_at=NOON + timedelta(hours=1)),
    )
    assert confirmed_at(twice) == NOON + timedelta(hours=1)
    assert confirmed_at(notice(SILENCE)) is None


def test_every_rung_has_its_place() -> None:
    """The table names each level once, and each place on the list is somebody's."""
    assert len({rung.level for rung in LADDER}) == len(LADDER)
    assert {rung.bucket for rung in LADDER} == set(BUCKETS)
    assert {rung.level for rung in LADDER} >= notice_level.REACHED | notice_level.CONFIRMED | notice_level.DISPUTED


def test_the_content_is_all_that_the_person_sees() -> None:
    """Another text, another document, another number: another content."""
    plain = build_content(number="NH-2026-000001", text="Halo", document=None, language="id")
    assert b"Sudah saya baca" in plain
    assert plain != build_content(number="NH-2026-000001", text="Halo.", document=None, language="id")
    assert plain != build_content(number="NH-2026-000002", text="Halo", document=None, language="id")
    assert short_hash("0123456789abcdef") == "01234567…89abcdef"
    assert build_number(2026, 123) == "NH-2026-000123"


def test_what_was_written_since_the_sending_changes_nothing_of_it() -> None:
    """Level wanted and deadline are those of the version that went, until another one goes."""
    fresh = version(id=2, number=2, wanted="delivered", deadline_at=None)
    found = notice(versions=(version(), fresh), carriers=(carrier("delivered"),))
    assert found.told == version()
    assert not stand(found).is_enough
    again = notice(versions=(version(), fresh), carriers=(carrier("failed"), carrier("delivered", version_id=2)))
    assert again.told == fresh
    assert stand(again).is_enough


def test_silence_at_a_deadline_that_another_one_has_replaced_is_none_of_the_new_one() -> None:
    """Sent again with a later deadline, it is not overdue for the first one any more."""
    fresh = version(id=2, number=2, deadline_at=DEADLINE + timedelta(days=7))
    failed, again = carrier("failed"), carrier("delivered", version_id=2, message_id=2)
    before = stand(notice(SILENCE, carriers=(failed,), versions=(version(), fresh)))
    assert (before.level, before.is_overdue) == ("overdue", True)
    after = stand(notice(SILENCE, carriers=(failed, again), versions=(version(), fresh)))
    assert (after.level, after.bucket, after.is_overdue) == ("delivered", "delivered", False)
    twice = event("overdue", at=DEADLINE + timedelta(days=8), id=2)
    assert stand(notice(SILENCE, twice, carriers=(failed, again), versions=(version(), fresh))).is_overdue
