"""WhatsApp's marks, as a phone reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import marks
from wabridge.model.marks import Span

SIGNS = st.text(alphabet="ab 1*_~`\n.é", max_size=40)
_MARKS = {"bold": "*", "italic": "_", "strike": "~", "code": "`", "block": "```", "plain": ""}


def written(span: Span) -> str:
    """Return a span as it was typed."""
    mark = _MARKS[span.style]
    return mark + span.text + "".join(map(written, span.parts)) + mark


def outline(text: str) -> list[tuple[str, str]]:
    """Return the outermost spans by style and words."""
    return [(span.style, span.text or "".join(each.text for each in span.parts)) for span in marks.parse(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*besok*", [("bold", "besok")]),
        ("pukul *09.00* WIB", [("plain", "pukul "), ("bold", "09.00"), ("plain", " WIB")]),
        ("_miring_ dan ~coret~", [("italic", "miring"), ("plain", " dan "), ("strike", "coret")]),
        ("(*tebal*).", [("plain", "("), ("bold", "tebal"), ("plain", ").")]),
        ("`kode *x*`", [("code", "kode *x*")]),
        ("```dua\nbaris```", [("block", "dua\nbaris")]),
    ],
)
def test_a_mark_around_words_is_taken_for_one(text: str, expected: list[tuple[str, str]]) -> None:
    """Words between two marks of a kind are shown in its style, and the marks are not."""
    assert outline(text) == expected


@pytest.mark.parametrize(
    "text",
    ["2*3*4", "* tidak *", "*tidak *", "snake_case_name", "*satu\ndua*", "**", "a*b", "nomor 12*", "``` ```", "~"],
)
def test_a_mark_that_touches_no_word_stays_a_sign(text: str) -> None:
    """What a phone does not take for a mark is shown as it was typed."""
    assert marks.strip(text) == text


def test_marks_stand_in_each_other() -> None:
    """Bold words may be slanted in part."""
    (bold,) = marks.parse("*sidang _besok_*")
    assert bold.parts == (Span("plain", "sidang "), Span("italic", parts=(Span("plain", "besok"),)))


@given(SIGNS)
def test_nothing_is_lost_or_added(text: str) -> None:
    """All leaves and the marks around them make up what was written."""
    assert "".join(map(written, marks.parse(text))) == text
