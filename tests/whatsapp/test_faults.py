"""What an answer to a send means."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wabridge.model.outcome import Accepted, Refused, Unknown
from wabridge.whatsapp import faults

ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+16505550123", "wa_id": "16505550123"}],
    "messages": [{"id": "wamid.OUT9"}],
}


def _error(code: object, **more: Any) -> bytes:
    error = {"message": f"(#{code}) Something", "type": "OAuthException", "code": code, "fbtrace_id": "Az8or2yhqk"}
    return json.dumps({"error": error | more}).encode()


def test_an_answer_with_an_id_is_accepted() -> None:
    """200 with the message's id is the only success."""
    assert faults.judge(200, json.dumps(ACCEPTED).encode()) == Accepted("wamid.OUT9")


@pytest.mark.parametrize(
    ("status", "code", "step"),
    [
        *[(401, 0, "pause"), (401, 190, "pause"), (403, 10, "pause"), (403, 200, "pause"), (403, 299, "pause")],
        *[(500, 3, "pause"), (403, 368, "pause"), (403, 131031, "pause"), (400, 131042, "pause")],
        *[(500, 131045, "pause"), (400, 133010, "pause"), (403, 131005, "pause")],
        *[(400, 4, "retry"), (429, 80007, "retry"), (400, 130429, "retry"), (400, 131056, "retry")],
        *[(503, 2, "retry"), (500, 131016, "retry"), (500, 131057, "retry"), (503, 133004, "retry")],
        *[(400, 100, "fail"), (400, 131008, "fail"), (400, 131009, "fail"), (400, 131047, "fail")],
        *[(400, 131026, "fail"), (404, 132001, "fail"), (400, 131049, "fail"), (403, 130497, "fail")],
    ],
)
def test_known_codes_are_refusals(status: int, code: int, step: str) -> None:
    """A code that the table knows is a refusal with its step, whatever the HTTP status is."""
    outcome = faults.judge(status, _error(code))
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.step) == (code, step)


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("code", [1, 131000])
@pytest.mark.parametrize("more", [{}, {"is_transient": True}])
def test_what_meta_does_not_know_is_unknown(status: int, code: int, more: dict[str, bool]) -> None:
    """The two codes by which Meta says that something went wrong leave open whether the message goes out."""
    assert faults.judge(status, _error(code, **more)) == Unknown("unsure", code)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"{}", "nameless"),
        (200, b'{"messages":[]}', "nameless"),
        (200, b'{"messages":[{}]}', "nameless"),
        (200, b'{"messages":[{"id":""}]}', "nameless"),
        (200, b'{"messages":[null]}', "nameless"),
        (200, b'{"messages":{"id":"wamid.1"}}', "nameless"),
        (200, _error(190), "nameless"),
        (200, b"", "empty"),
        (200, b"<html>Welcome to this hotel's wireless network</html>", "unreadable"),
        (307, _error(190), "redirect"),
        (302, b"", "redirect"),
        (404, b"<html>Not Found</html>", "unreadable"),
        (400, b"", "empty"),
        (400, b"{}", "unreadable"),
        (400, b'{"error":"no"}', "unreadable"),
        (400, b'{"error":{"message":"no"}}', "unreadable"),
        (502, b"<html>Bad Gateway</html>", "unreadable"),
        (503, b"\n", "empty"),
        (400, b"[" * 5000, "unreadable"),
    ],
)
def test_everything_else_is_unknown(status: int, body: bytes, reason: str) -> None:
    """What is neither an id nor an error object of Meta's may have reached the person."""
    assert faults.judge(status, body) == Unknown(reason)


def test_an_unknown_code_of_a_server_is_unknown() -> None:
    """With 5xx and a code that no table marks as a refusal the message may have gone out; transient or not."""
    assert faults.judge(500, _error(987654)) == Unknown("unsure", 987654)
    assert faults.judge(503, _error(987654, is_transient=True)) == Unknown("unsure", 987654)


def test_an_unknown_code_of_a_bad_request_is_a_refusal() -> None:
    """Meta said no, if not why: with 4xx the message is given up, unless the status says too much at once."""
    assert faults.judge(400, _error(987654)) == Refused(987654, "fail", "(#987654) Something")
    assert faults.judge(429, _error(987654)) == Refused(987654, "retry", "(#987654) Something")


def test_a_negative_code_is_no_refusal() -> None:
    """Codes below zero are ours and stand in no table of Meta's: such an answer says nothing."""
    assert faults.judge(400, _error(-1)) == Unknown("unreadable")


def test_what_meta_calls_transient_is_tried_again() -> None:
    """A refusal that Meta marks as passing is repeated; one that needs a person still pauses."""
    for code in (131009, 987654):
        outcome = faults.judge(400, _error(code, is_transient=True))
        assert isinstance(outcome, Refused)
        assert outcome.step == "retry"
    paused = faults.judge(401, _error(190, is_transient=True))
    assert isinstance(paused, Refused)
    assert paused.step == "pause"


def test_a_number_that_does_not_exist_pauses() -> None:
    """The generic code 100 means a wrong number id when its subcode is 33, and then every message would fail."""
    outcome = faults.judge(400, _error(100, error_subcode=33))
    assert isinstance(outcome, Refused)
    assert outcome.step == "pause"


@pytest.mark.parametrize(
    ("more", "details"),
    [
        ({"error_data": {"messaging_product": "whatsapp", "details": "too many"}}, "too many"),
        ({"error_data": "a plain text"}, "a plain text"),
        ({"error_user_msg": "for people"}, "for people"),
        ({}, "(#130429) Something"),
        ({"message": None}, ""),
        ({"message": "x" * 5000}, "x" * 1000),
        ({"message": "half \ud83d"}, "half \ufffd"),
    ],
)
def test_metas_own_words_are_kept(more: dict[str, object], details: str) -> None:
    """The details come from wherever Meta put them this time, short enough to be shown and fit to be stored."""
    assert faults.judge(400, _error(130429, **more)) == Refused(130429, "retry", details)


def test_a_code_as_text_is_a_code() -> None:
    """A code between quotes is the same code."""
    assert isinstance(faults.judge(400, _error("190")), Refused)


@given(
    st.integers(200, 599),
    st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(repr).map(str.encode),
)
def test_no_answer_raises_or_counts_as_accepted(status: int, body: bytes) -> None:
    """Any bytes under any status have an outcome, and none without an id is a success."""
    assert isinstance(faults.judge(status, body), Unknown)
