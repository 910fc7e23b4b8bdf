"""What Meta says about account, number and templates, in our own words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.whatsapp import samples
from wabridge.model import account
from wabridge.model.account import News, Restriction
from wabridge.model.content import flatten
from wabridge.whatsapp import account_news

NUMBER = "15550100200"
TEMPLATE = "order_update (en_US)"

NEWS: list[tuple[str, News]] = [
    # payload file, what is read out of it beside its fields
    (
        "account_restricted",
        News(
            kind="restricted",
            word="ACCOUNT_RESTRICTION",
            restrictions=(Restriction("RESTRICTED_BIZ_INITIATED_MESSAGING", datetime.fromtimestamp(1791025200, UTC)),),
        ),
    ),
    ("account_violation", News(kind="violation", word="ACCOUNT_VIOLATION", said="ADULT")),
    ("account_disabled", News(kind="disabled", word="DISABLE")),
    ("account_to_be_disabled", News(kind="disable_planned", word="SCHEDULE_FOR_DISABLE")),
    ("account_reinstated", News(kind="reinstated", word="REINSTATE")),
    ("account_deleted", News(kind="deleted", word="ACCOUNT_DELETED")),
    ("account_offboarded", News(kind="disconnected", word="ACCOUNT_OFFBOARDED", said="USER_INITIATED")),
    (
        "account_disconnected_in_the_app",
        News(kind="disconnected", word="PARTNER_REMOVED", said="PRIMARY_INACTIVITY"),
    ),
    ("account_reconnected", News(kind="connected", word="ACCOUNT_RECONNECTED")),
    ("account_price_step", News(kind="account_changed", word="VOLUME_BASED_PRICING_TIER_UPDATE")),
    ("account_reviewed", News(kind="review_passed", word="APPROVED")),
    ("account_refused", News(kind="review_failed", word="REJECTED")),
    ("account_settings", News(kind="settings_changed")),
    (
        "alert_about_payment",
        News(kind="payment_problem", word="PAYMENT_ISSUE", said="There is a problem with the payment method."),
    ),
    (
        "alert_about_payment_is_over",
        News(kind="payment_settled", word="PAYMENT_ISSUE", said="The payment method works again."),
    ),
    ("alert_of_unknown_type", News(kind="alert", word="SOMETHING_NEW", said="Something new is there.")),
    (
        "alert_that_is_grave",
        News(kind="alert_grave", word="CAPABILITY_DEFERRED", said="A higher limit was deferred."),
    ),
    ("capability_of_the_business", News(kind="capability", limit="TIER_2K")),
    ("number_flagged", News(kind="quality_low", word="FLAGGED", about=NUMBER, limit="TIER_1K")),
    ("number_unflagged", News(kind="quality_good", word="UNFLAGGED", about=NUMBER, limit="TIER_1K")),
    ("number_downgraded", News(kind="limit_lowered", word="DOWNGRADE", about=NUMBER, limit="TIER_250")),
    ("number_upgraded", News(kind="limit_raised", word="UPGRADE", about=NUMBER, limit="TIER_10K")),
    (
        "number_with_more_throughput",
        News(kind="throughput_raised", word="THROUGHPUT_UPGRADE", about=NUMBER, limit="TIER_UNLIMITED"),
    ),
    ("number_joined", News(kind="number_joined", word="ONBOARDING", about=NUMBER, limit="TIER_250")),
    ("name_approved", News(kind="name_approved", word="APPROVED", about=NUMBER, name="Kantor Hukum Contoh")),
    (
        "name_rejected",
        News(
            kind="name_rejected",
            word="REJECTED",
            about=NUMBER,
            name="Kantor Hukum Contoh",
            said="NAME_NOT_CONSISTENT",
        ),
    ),
    ("name_deferred", News(kind="name_changed", word="DEFERRED", about=NUMBER, name="Kantor Hukum Contoh")),
    ("username_approved", News(kind="username", word="approved", about=NUMBER, name="kantorcontoh")),
    ("pin_changed", News(kind="pin_changed", word="PIN_CHANGED", about=NUMBER)),
    ("pin_reset_requested", News(kind="pin_reset_requested", word="PIN_RESET_REQUEST", about=NUMBER)),
    ("pin_reset", News(kind="pin_reset", word="PIN_REQUEST_SUCCESS", about=NUMBER)),
    (
        "template_rejected",
        News(
            kind="template_rejected",
            word="REJECTED",
            about=TEMPLATE,
            said="Parameters next to each other. Separate parameters with text",
        ),
    ),
    ("template_paused", News(kind="template_paused", word="PAUSED", about=TEMPLATE, said="LOW_QUALITY")),
    ("template_approved", News(kind="template_approved", word="APPROVED", about=TEMPLATE)),
    ("template_disabled", News(kind="template_disabled", word="DISABLED", about=TEMPLATE)),
    (
        "template_locked",
        News(kind="template_locked", word="LOCKED", about=TEMPLATE, said="LOCKED. The template is locked for now"),
    ),
    ("template_with_low_quality", News(kind="template_quality_low", word="RED", about=TEMPLATE)),
    ("template_with_good_quality", News(kind="template_quality", word="GREEN", about=TEMPLATE)),
    ("template_category_changed", News(kind="template_category", word="MARKETING", about=TEMPLATE)),
    ("template_category_announced", News(kind="template_category_planned", word="MARKETING", about=TEMPLATE)),
    ("template_reworded", News(kind="template_wording", about=TEMPLATE)),
    ("flow_endpoint_is_slow", News(kind="flow", word="ENDPOINT_LATENCY", said="Flow endpoint is slow")),
    ("payment_configuration", News(kind="payment_settings")),
    ("partner_solution", News(kind="partner", word="SOLUTION_CREATED")),
    ("automatic_event", News(kind="unasked")),
    ("consumer_profile", News(kind="unasked")),
    ("user_id_changed_by_a_field_of_its_own", News(kind="other")),
    ("field_of_tomorrow", News(kind="other")),
    (
        "call_with_an_error",
        News(
            kind="error",
            word="Calling is not allowed",
            said="The number has calling switched off.",
            code=138006,
        ),
    ),
]
FLAT = [name for name, _ in NEWS]


def read(name: str) -> News:
    """Return the only news of a file."""
    event = samples.account_event(name)
    news = account_news.read(event.field, event.value)
    assert news is not None
    return news


@pytest.mark.parametrize(("name", "expected"), NEWS)
def test_each_field_is_read_in_our_own_words(name: str, expected: News) -> None:
    """What a field says has its kind, and everything with a place of its own stands there."""
    event = samples.account_event(name)
    news = account_news.read(event.field, event.value)
    assert news is not None
    assert news.field == event.field[:64]
    found = {key: getattr(news, key) for key in expected.__struct_fields__ if key not in {"field", "fields"}}
    assert found == {key: getattr(expected, key) for key in found}


@pytest.mark.parametrize("name", FLAT)
def test_nothing_of_a_field_is_lost(name: str) -> None:
    """Every single value that came stands in the news, in a place of its own or among its fields."""
    event = samples.account_event(name)
    kept = {one.value for one in flatten(json.loads(account.encode(read(name))))}
    said = " ".join(kept)
    for one in flatten(event.value):
        value = one.value.replace("-", "_") if one.value == "en-US" else one.value.rstrip(".")
        assert value in said or value == "NONE" or _is_told_by_kind(one.name), one


def _is_told_by_kind(name: tuple[str, ...]) -> bool:
    """Say whether it is told by the kind of the news, or in another form: a date, a word whose meaning is the kind."""
    return name[-1] in {"event", "expiration", "message"}


@pytest.mark.parametrize("value", [None, "", "text", 7, [], [{"event": "X"}], {}, {"event": None, "x": []}])
def test_what_has_nothing_in_it_is_no_news(value: Any) -> None:
    """An event without any content, or whose content is no object, cannot be read."""
    assert account_news.read("account_update", value) is None


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("account_update", {"event": "WORD_OF_TOMORROW"}, "account_changed"),
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "NEW"}}, "ban_changed"),
        ("phone_number_quality_update", {"event": "WORD_OF_TOMORROW"}, "number_changed"),
        ("phone_number_name_update", {"decision": "WORD_OF_TOMORROW"}, "name_changed"),
        ("security", {"event": "WORD_OF_TOMORROW"}, "security_changed"),
        ("message_template_status_update", {"event": "WORD_OF_TOMORROW"}, "template_changed"),
        ("account_review_update", {"decision": "WORD_OF_TOMORROW"}, "review_changed"),
        ("account_alerts", {"alert_info": {"alert_type": "WORD_OF_TOMORROW"}}, "alert"),
        ("business_username_update", {"status": "WORD_OF_TOMORROW"}, "username"),
    ],
)
def test_a_word_nobody_knows_is_kept_as_it_came(field: str, value: dict[str, Any], kind: str) -> None:
    """An unknown word becomes news of the general kind of its field, with the word in it."""
    news = account_news.read(field, value)
    assert news is not None
    assert news.kind == kind
    assert news.word in ("WORD_OF_TOMORROW", "NEW")


def test_a_field_with_thousands_of_values_makes_news_of_a_bearable_size() -> None:
    """The news says the beginning of it; the event keeps everything."""
    news = account_news.read("field_of_tomorrow", {"parts": list(range(5000))})
    assert news is not None
    assert len(news.fields) == 200


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (130429, "error"),
        (131042, "payment_problem"),
        (368, "error_grave"),
        (190, "error_grave"),
        (131035, "delivery_lost"),
    ],
)
def test_an_error_beside_the_messages_is_as_grave_as_its_code(code: int, kind: str) -> None:
    """Payment, restriction, token and a dropped delivery are more than an error among others."""
    news = account_news.read(account_news.ERRORS, {"code": code, "title": "T", "error_data": {"details": "D"}})
    assert news is not None
    assert (news.kind, news.code, news.word, news.said) == (kind, code, "T", "D")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _spoil(draw: st.DrawFn, value: Any) -> Any:
    """Return the value with some keys dropped, retyped or renamed."""
    if isinstance(value, dict):
        kept = {}
        for key, child in value.items():
            fate = draw(st.sampled_from(["keep", "keep", "keep", "drop", "retype", "rename"]))
            if fate != "drop":
                name = draw(st.text(max_size=5)) if fate == "rename" else key
                kept[name] = draw(_JSON) if fate == "retype" else _spoil(draw, child)
        return kept
    if isinstance(value, list):
        return [_spoil(draw, child) for child in value]
    return value


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, Any]:
    """A field with a spoiled value."""
    event = samples.account_event(draw(st.sampled_from(FLAT)))
    return event.field, _spoil(draw, event.value)


@settings(deadline=None)  # a busy machine is no fault
@given(spoiled())
def test_no_damage_raises_and_what_comes_out_can_be_stored(damaged: tuple[str, Any]) -> None:
    """Keys dropped, renamed or retyped: there is news or none, and news can be written down and read again."""
    news = account_news.read(*damaged)
    assert news is None or account.decode(account.encode(news)) == news
