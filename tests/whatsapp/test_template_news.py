"""What a webhook says about one template."""

from typing import Any

import pytest

from wabridge.model.template import TemplateChange
from wabridge.whatsapp import template_news

NAMED = {
    "message_template_id": 1689556908129835,
    "message_template_name": "order_update",
    "message_template_language": "en-US",
}


def read(field: str, **value: Any) -> TemplateChange:
    """Return what a webhook about the sample template changes."""
    change = template_news.read(field, NAMED | value)
    assert change is not None
    return change


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("APPROVED", "approved"),
        ("REINSTATED", "approved"),
        ("UNARCHIVED", "approved"),
        ("PAUSED", "paused"),
        ("DISABLED", "disabled"),
        ("PENDING_DELETION", "pending_deletion"),
        ("FLAGGED", ""),
        ("WORD_OF_TOMORROW", "word_of_tomorrow"),
        (None, ""),
    ],
)
def test_an_event_is_a_status_unless_it_only_warns(event: str | None, status: str) -> None:
    """Each event's word becomes the status it leads to; what nobody knows is kept as it came, and is not approved."""
    assert read("message_template_status_update", event=event).status == status


def test_a_rejection_says_why() -> None:
    """Reason and recommendation are kept in Meta's words; the id is a number here, the language has a hyphen."""
    refusal = {"reason": "Parameters next to each other", "recommendation": "Separate parameters with text."}
    change = read("message_template_status_update", event="REJECTED", reason="INVALID_FORMAT", rejection_info=refusal)
    assert (change.meta_id, change.language, change.reason) == ("1689556908129835", "en_US", "INVALID_FORMAT")
    assert change.said == "Parameters next to each other. Separate parameters with text"


def test_a_category_that_is_only_announced_does_not_hold_yet() -> None:
    """The warning a day before names the present category and the coming one; only the change itself counts."""
    assert (
        read("template_category_update", new_category="MARKETING", previous_category="UTILITY").category == "marketing"
    )
    assert read("template_category_update", new_category="UTILITY", correct_category="MARKETING").category == ""


def test_quality_and_wording_are_told_apart() -> None:
    """A quality is taken as it is; of a new wording only that there is one."""
    assert read("message_template_quality_update", new_quality_score="RED").quality == "red"
    assert read("message_template_components_update", message_template_element="Hi").status == ""


@pytest.mark.parametrize("value", [None, [], "x", {}, {"event": 7, "message_template_id": True}])
def test_no_value_breaks_it(value: Any) -> None:
    """Whatever a webhook holds, the list is fetched and nothing else happens."""
    assert template_news.read("message_template_status_update", value) == TemplateChange()
    assert template_news.read("account_update", value) is None
