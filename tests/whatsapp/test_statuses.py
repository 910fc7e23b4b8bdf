"""What the reader makes of each kind of status."""

import json

import pytest

from tests.whatsapp import samples
from wabridge.model.event import Person, ReportedError, StatusReport, Unreadable
from wabridge.whatsapp import payloads


def test_a_status() -> None:
    """A status has its wamid, its word, Meta's time, the recipient and our token."""
    assert samples.status("status_delivered") == StatusReport(
        phone_number_id=samples.NUMBER,
        wamid="wamid.OUT9",
        status="delivered",
        reported_at=1790416832,
        recipient=Person(phone="16505550123", user_id="US.13491208655302741918"),
        token="a:0123456789abcdef0123456789abcdef",
    )


def test_a_status_of_older_versions() -> None:
    """A status with conversation, integer time and no contacts reads the same."""
    status = samples.status("status_read_before_version_24")
    assert (status.status, status.reported_at, status.recipient) == ("read", 1790416840, Person(phone="16505550123"))


def test_a_failure_keeps_metas_reason() -> None:
    """A failed status carries code, title and details."""
    details = "More than 24 hours have passed since the recipient last replied to the sender number."
    assert samples.status("status_failed").errors == (ReportedError(131047, "Re-engagement message", details),)


def test_a_groups_status_names_the_member() -> None:
    """In a group the recipient is the member, and every member's status is an item of its own."""
    first, second = samples.events("status_in_group")
    assert isinstance(first, StatusReport)
    assert isinstance(second, StatusReport)
    assert first.recipient == Person(phone="16505550123", user_id="US.13491208655302741918")
    assert second.recipient == Person(phone="6281200000002")
    assert len({item.identity for item in payloads.split(samples.body("status_in_group"))}) == 2


def test_an_unknown_word_is_kept() -> None:
    """A word nobody knows yet is a status all the same, in lower case."""
    assert samples.status("status_with_unknown_word").status == "warning"


def test_an_unreadable_status_has_no_sender() -> None:
    """A broken status never shows up as if the recipient had written something."""
    event = samples.unreadable("status_without_word")
    assert (event.reason, event.wamid) == ("a status without its word", "wamid.OUT9")
    assert event.sender == Person()


@pytest.mark.parametrize(
    ("status", "metadata", "reason"),
    [
        ("sent", {"phone_number_id": "1"}, "a status that is no object"),
        (None, {"phone_number_id": "1"}, "a status that is no object"),
        ({"status": "sent"}, {"phone_number_id": "1"}, "a status without an id"),
        ({"id": "wamid.1", "status": "sent"}, None, "a status without our number"),
    ],
)
def test_a_status_that_is_none_says_why(status: object, metadata: object, reason: str) -> None:
    """A status of the wrong shape, without id or without our number is unreadable, and says which."""
    value = {"metadata": metadata, "statuses": [status]}
    body = json.dumps({"field": "messages", "value": value}).encode()
    (item,) = payloads.split(body)
    assert isinstance(item.event, Unreadable)
    assert item.event.reason == reason


@pytest.mark.parametrize("change", [(b"1790416832", b"1790416833"), (b'"billable": false', b'"billable": true')])
def test_any_difference_makes_another_status(change: tuple[bytes, bytes]) -> None:
    """A status that differs in anything is another one: a false "known" would cost proof."""
    body = samples.body("status_delivered")
    other = body.replace(*change)
    assert other != body
    assert payloads.split(other)[0].identity != payloads.split(body)[0].identity


def test_one_error_without_its_list_is_its_reason() -> None:
    """A failure says why, also if the error stands where a list belongs."""
    root = samples.parsed("status_failed")
    status = root["entry"][0]["changes"][0]["value"]["statuses"][0]
    (status["errors"],) = status["errors"]
    (item,) = payloads.split(json.dumps(root).encode())
    assert isinstance(item.event, StatusReport)
    assert item.event.errors == samples.status("status_failed").errors
