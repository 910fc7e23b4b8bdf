"""What holds of the account, out of news in any order."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import account
from wabridge.model.account import News, NewsKind, Restriction, Told
from wabridge.model.banner import BannerKind

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(*news: News) -> list[Told]:
    """Return these as told one hour after the other, the last of them now."""
    first = NOON - HOUR * (len(news) - 1)
    return [Told(id=n, news=each, at=first + HOUR * n) for n, each in enumerate(news)]


NEWS = st.builds(
    News,
    kind=st.sampled_from(get_args(NewsKind)),
    word=st.sampled_from(["", "A"]),
    about=st.sampled_from(["", "1", "2"]),
    limit=st.sampled_from(["", "TIER_250", "TIER_2K"]),
    restrictions=st.lists(
        st.builds(Restriction, st.sampled_from(["", "X", "Y"]), st.none() | st.just(NOON + HOUR)), max_size=2
    ).map(tuple),
)
TOLD = st.lists(
    st.builds(Told, id=st.integers(0, 99), news=NEWS, at=st.integers(-5, 5).map(lambda n: NOON + n * HOUR)),
    max_size=12,
    unique_by=lambda each: each.id,
)


def test_every_kind_is_treated() -> None:
    """No kind of news is left without its section and gravity, and every remark is one that pages know."""
    assert set(account.KINDS) == set(get_args(NewsKind))
    remarks = {manner.until_seen for manner in account.KINDS.values()} - {None}
    assert remarks <= set(get_args(BannerKind))
    assert {manner.section for manner in account.KINDS.values()} == set(account.SECTIONS)


@given(TOLD, st.randoms(use_true_random=False))
def test_order_and_repetition_say_nothing(news: list[Told], random: object) -> None:
    """Shuffled, doubled, or left with nothing but the newest of each topic: the same holds."""
    holds = account.derive(news, now=NOON)
    shuffled = [*news, *news]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands down a random.Random
    assert account.derive(shuffled, now=NOON) == holds
    assert account.derive(account.newest(news).values(), now=NOON) == holds


@pytest.mark.parametrize(
    ("before", "after", "topic"),
    [
        (News(kind="disabled"), News(kind="reinstated"), "ban"),
        (News(kind="disconnected"), News(kind="connected"), "connection"),
        (News(kind="review_failed"), News(kind="review_passed"), "review"),
        (News(kind="payment_problem"), News(kind="payment_settled"), "payment"),
    ],
)
def test_the_newest_of_a_topic_wins(before: News, after: News, topic: str) -> None:
    """The contrary news takes the place of the trouble, and an old trouble that comes late changes nothing."""
    news = told(before, after)
    for order in (news, news[::-1]):
        assert getattr(account.derive(order, now=NOON), topic).kind == after.kind


def test_of_the_same_second_the_last_one_counts() -> None:
    """Meta's times have seconds; what came last is the newer."""
    one = Told(id=1, news=News(kind="disabled"), at=NOON)
    two = Told(id=2, news=News(kind="reinstated"), at=NOON)
    for order in ([one, two], [two, one]):
        state = account.derive(order, now=NOON)
        assert state.ban is not None
        assert state.ban.kind == "reinstated"


def restricted(word: str = "X", until: datetime | None = None) -> News:
    """Return news of a restriction."""
    return News(kind="restricted", restrictions=(Restriction(word, until),))


def test_a_restriction_holds_until_its_end() -> None:
    """It holds before its end and not after; without an end it holds on."""
    for until, holds in ((NOON + HOUR, True), (NOON, False), (None, True)):
        assert bool(account.derive(told(restricted(until=until)), now=NOON).restrictions) is holds


def test_each_kind_of_restriction_holds_for_itself() -> None:
    """A second restriction does not end the first, the same one again replaces it."""
    state = account.derive(told(restricted("X"), restricted("Y"), restricted("X", NOON + HOUR)), now=NOON)
    assert [(held.word, held.until) for held in state.restrictions] == [("X", NOON + HOUR), ("Y", None)]


@pytest.mark.parametrize("kind", ["reinstated", "connected"])
def test_who_is_back_is_free(kind: NewsKind) -> None:
    """After the account was switched on or connected again, what was said before holds no more."""
    state = account.derive(told(restricted(), News(kind="deleted"), News(kind=kind)), now=NOON)
    assert (state.restrictions, state.deletion) == ((), None)
    state = account.derive(told(News(kind=kind), restricted(), News(kind="deleted")), now=NOON)
    assert state.restrictions
    assert state.deletion is not None


def test_a_restriction_without_a_word_still_holds() -> None:
    """News of a restriction that names none is a restriction."""
    assert account.derive(told(News(kind="restricted")), now=NOON).restrictions


def test_each_number_has_a_state_of_its_own() -> None:
    """Quality and name of one number say nothing about another."""
    news = told(
        News(kind="quality_low", about="1"),
        News(kind="quality_good", about="2"),
        News(kind="name_rejected", about="1", name="Kantor"),
    )
    one, two = account.derive(news, now=NOON).numbers
    assert (one.number, one.quality and one.quality.kind, one.name and one.name.name) == ("1", "quality_low", "Kantor")
    assert (two.number, two.quality and two.quality.kind, two.name) == ("2", "quality_good", None)


def test_the_limit_comes_from_whoever_named_it_last() -> None:
    """Quality news and capability news both name the limit."""
    news = told(News(kind="quality_low", about="1", limit="TIER_250"), News(kind="capability", limit="TIER_2K"))
    state = account.derive(news, now=NOON)
    assert state.limit is not None
    assert state.limit.word == "TIER_2K"
