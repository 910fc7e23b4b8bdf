"""Which part of a file is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.web import ranges
from wabridge.web.ranges import BeyondTheEnd, Part

ETAG = '"abc"'


def _choose(wanted: str | None, *, if_range: str | None = None, size: int = 1000) -> Part | None:
    return ranges.choose(wanted, if_range=if_range, etag=ETAG, size=size)


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=990-5000", (990, 1000)),
        ("bytes=-10", (990, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes= 5-6 ", (5, 7)),
    ],
)
def test_one_range_is_cut_out(wanted: str, part: tuple[int, int]) -> None:
    """First and last byte are both meant; a range that reaches over the end ends there."""
    assert _choose(wanted) == part


@pytest.mark.parametrize(
    "wanted", [None, "", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b", "bytes=٣-٤"]
)
def test_what_makes_no_sense_gets_the_whole_file(wanted: str | None) -> None:
    """Several ranges, other units and nonsense are answered with everything."""
    assert _choose(wanted) is None


@pytest.mark.parametrize(
    ("wanted", "size"), [("bytes=1000-", 1000), ("bytes=-0", 1000), ("bytes=0-", 0), ("bytes=-1", 0)]
)
def test_a_range_beyond_the_end_is_refused(wanted: str, size: int) -> None:
    """Where no byte lies in the range, none is made up."""
    with pytest.raises(BeyondTheEnd):
        _choose(wanted, size=size)


@pytest.mark.parametrize("if_range", ['"other"', 'W/"abc"', "Mon, 23 Nov 2026 04:05:00 GMT", ""])
def test_a_part_never_continues_another_file(if_range: str) -> None:
    """With an If-Range that is not this file's mark, the whole file is sent."""
    assert _choose("bytes=5-", if_range=if_range) is None
    assert _choose("bytes=5-", if_range=ETAG) == (5, 1000)


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 1500))
def test_a_part_always_lies_in_the_file(first: int, last: int, size: int) -> None:
    """For any numbers, what is sent lies inside the file and is not empty."""
    try:
        part = _choose(f"bytes={first}-{last}", size=size)
    except BeyondTheEnd:
        assert first >= size
    else:
        assert part is None or 0 <= part.start < part.stop <= size
