"""The table of Meta's codes: complete, without contradictions, and safe about what nobody knows."""

from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import codes


def test_no_code_has_two_rules() -> None:
    """No code stands in two sections."""
    assert sum(map(len, codes.SECTIONS)) == len(codes.TABLE)


def test_only_two_codes_leave_meta_unsure() -> None:
    """Only 1 and 131000 are tried once more after the settling time."""
    assert codes.SECOND_TRY == (1, 131000)


def test_whoever_pauses_says_what_stops() -> None:
    """Every code that pauses says whether another token or a person ends it, and no other code stops anything."""
    for rule in [*codes.TABLE.values(), *codes.SUBCODES.values()]:
        assert (rule.step == "pause") == (rule.stops is not None)


@given(code=st.integers(0, 3_000_000), http=st.integers(400, 599), subcode=st.integers(0, 100), passing=st.booleans())
def test_a_code_nobody_knows_is_never_sent_again_unless_it_was_refused(
    code: int, http: int, subcode: int, passing: bool
) -> None:
    """With 5xx an unlisted code leaves the message to a person; with 4xx it is a refusal."""
    rule = codes.judge(code, http=http, subcode=subcode, is_transient=passing)
    if code in codes.TABLE or (code, subcode) in codes.SUBCODES:
        return
    assert (rule.step == "unsure") == (http >= 500)
    assert rule.stops is None


@given(code=st.sampled_from(sorted(codes.TABLE)), http=st.integers(400, 599))
def test_the_http_status_of_a_known_code_decides_nothing(code: int, http: int) -> None:
    """Meta's HTTP statuses are no contract."""
    assert codes.judge(code, http=http) == codes.TABLE[code]
