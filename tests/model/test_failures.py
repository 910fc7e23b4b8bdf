"""Codes and the keys that people's sentences hang on."""

from hypothesis import given
from hypothesis import strategies as st

from wabridge.model import failures, outcome


def test_every_code_has_a_known_key() -> None:
    """Codes map to a closed set of keys, and each key but "other" has codes."""
    assert set(failures.REASONS.values()) | {"other"} == set(failures.ALL)


def test_codes_a_lawyer_meets_have_their_reason() -> None:
    """The codes that occur every week say what they are."""
    assert failures.reason(131047) == "window_closed"
    assert failures.reason(131026) == "unreachable"
    assert failures.reason(190) == failures.reason(200) == failures.reason(299) == "token"
    assert failures.reason(131042) == "payment"
    assert failures.reason(130429) == "throttled"
    assert failures.reason(131000) == "unsure"
    assert failures.reason(outcome.AUTHOR_NOT_ALLOWED) == "author_gone"


def test_no_code_is_no_reason() -> None:
    """A missing code, and the 0 that stands for one, blame nobody."""
    assert failures.reason(None) == failures.reason(0) == "other"


@given(st.integers())
def test_any_number_has_a_key(code: int) -> None:
    """Codes nobody knows yet are "other"."""
    assert failures.reason(code) in failures.ALL
