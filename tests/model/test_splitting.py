"""Cutting a long text where people would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.model.splitting import split


@given(st.text(alphabet=st.sampled_from("ab. \n,!\u200d👩🏽é"), max_size=300), st.integers(2, 40))
def test_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    """Every part fits and says something, and together they say what the whole said, in its order."""
    parts = split(text, limit=limit)
    assert all(0 < len(part) <= limit and part == part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=9), max_size=60), st.integers(9, 40))
def test_no_word_is_cut_that_fits(words: list[str], limit: int) -> None:
    """As long as each word fits into a message, every word stays whole."""
    parts = split(" ".join(words), limit=limit)
    assert [word for part in parts for word in part.split()] == words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Satu.\n\nDua tiga empat.\nLima.", ("Satu.\n\nDua tiga", "empat.\nLima.")),
        ("Pasal satu dua.\n\nPasal dua.", ("Pasal satu dua.", "Pasal dua.")),
        ("Pasal satu dua\nPasal dua", ("Pasal satu dua", "Pasal dua")),
        ("Ini kalimat. Kalimat lain.", ("Ini kalimat.", "Kalimat lain.")),
        ("tanpa titik sama sekali di sini", ("tanpa titik sama", "sekali di sini")),
        ("x" * 40, ("x" * 16, "x" * 16, "x" * 8)),
        ("   ", ()),
        ("pendek", ("pendek",)),
    ],
)
def test_cuts_are_where_a_reader_expects_them(text: str, parts: tuple[str, ...]) -> None:
    """Between paragraphs if one ends in the second half, else between lines, sentences, words."""
    assert split(text, limit=16) == parts


def test_an_emoji_of_several_signs_stays_whole() -> None:
    """A sign that hangs on the one before it is not cut off from it."""
    family = "👩\u200d👩\u200d👧"
    assert split("xxxxxx" + family, limit=8) == ("xxxxxx", family)
    assert split("xxxxxxx👍🏽", limit=8) == ("xxxxxxx", "👍🏽")
