"""What Meta says about the account, its numbers and its templates: one reader for each field.

Rule 1: nothing here raises. Rule 2: whatever a reader does not take is kept field by field, and so is everything of a
field without a reader of its own. Rule 3: an event's word that nobody knows becomes news as it came.

Source: Meta, "webhooks" (fields), and the page of each field.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from wabridge.model import failures
from wabridge.model.account import News, NewsKind, Restriction
from wabridge.whatsapp.fields import Fields

ERRORS = "errors"
"""The field of the account event that stands for one error beside the messages. Meta has no field of that name."""

_NOTHING_SAID = frozenset({"", "NONE"})
_LOST = 131035
"""In value.errors: Meta dropped a webhook, because the account keeps no storage."""

_FIELD_CHARACTERS = 64
"""A field's name is one short word of Meta's; whatever else stands in its place is kept in the event."""


_MOST_FIELDS = 200
"""A field nobody knows may bring thousands of values: so many stand in the news, all of them in the event."""


def read(field: str, value: Any) -> News | None:
    """Return what an account event says; None if there is nothing in it that could be read."""
    fields = Fields(value)
    if not isinstance(value, dict) or fields.is_empty:
        return None
    news = _READERS.get(field, _other)(fields)
    return msgspec.structs.replace(news, field=field[:_FIELD_CHARACTERS], fields=fields.rest()[:_MOST_FIELDS])


def _account_update(fields: Fields) -> News:
    word = fields.ident("event") or ""
    kind = _ACCOUNT.get(word, "account_changed")
    if kind == "restricted":
        found = tuple(map(_restriction, fields.each("restriction_info")))
        return News(kind=kind, word=word, restrictions=found or (Restriction(),))
    if kind == "violation":
        return News(kind=kind, word=word, said=fields.inside("violation_info").ident("violation_type") or "")
    if kind == "ban_changed":
        state = fields.inside("ban_info").ident("waba_ban_state") or ""
        return News(kind=_BANS.get(state, kind), word=state or word)
    if kind == "disconnected":
        return News(kind=kind, word=word, said=fields.inside("disconnection_info").ident("reason") or "")
    return News(kind=kind, word=word)


def _restriction(fields: Fields) -> Restriction:
    ends = fields.seconds("expiration")
    until = None if ends is None else datetime.fromtimestamp(ends, UTC)
    return Restriction(word=fields.ident("restriction_type") or "", until=until)


def _review(fields: Fields) -> News:
    word = fields.ident("decision") or ""
    return News(kind=_REVIEWS.get(word, "review_changed"), word=word)


def _capability(fields: Fields) -> News:
    return News(kind="capability", limit=fields.ident("max_daily_conversations_per_business") or "")


def _number_quality(fields: Fields) -> News:
    word = fields.ident("event") or ""
    limit = fields.ident("max_daily_conversations_per_business") or fields.ident("current_limit")
    kind = _QUALITIES.get(word, "number_changed")
    return News(kind=kind, word=word, about=_number(fields), limit=limit or "")


def _number_name(fields: Fields) -> News:
    word = fields.ident("decision") or ""
    return News(
        kind=_NAMES.get(word, "name_changed"),
        word=word,
        about=_number(fields),
        name=fields.ident("requested_verified_name") or "",
        said=_said(fields, "rejection_reason"),
    )


def _username(fields: Fields) -> News:
    word = fields.ident("status") or ""
    return News(kind="username", word=word, about=_number(fields), name=fields.ident("username") or "")


def _security(fields: Fields) -> News:
    word = fields.ident("event") or ""
    return News(kind=_SECURITY.get(word, "security_changed"), word=word, about=_number(fields))


def _alert(fields: Fields) -> News:
    alert = fields.inside("alert_info")
    word, said = alert.ident("alert_type") or "", alert.ident("alert_description") or ""
    is_over = alert.peek("alert_status").upper() in _OVER
    if "PAYMENT" in word.upper():
        return News(kind="payment_settled" if is_over else "payment_problem", word=word, said=said)
    if is_over:
        return News(kind="alert_over", word=word, said=said)
    grave = alert.peek("alert_severity").upper() in _GRAVE
    return News(kind="alert_grave" if grave else "alert", word=word, said=said)


def _template_status(fields: Fields) -> News:
    word = fields.ident("event") or ""
    refusal, other = fields.inside("rejection_info"), fields.inside("other_info")
    told = [_said(refusal, "reason"), _said(refusal, "recommendation")]
    told += [_said(other, "title"), _said(other, "description")]
    return News(
        kind=_TEMPLATES.get(word, "template_changed"),
        word=word,
        about=_template(fields),
        said=". ".join(text.rstrip(".") for text in told if text) or _said(fields, "reason"),
    )


def _template_quality(fields: Fields) -> News:
    word = fields.ident("new_quality_score") or ""
    kind: NewsKind = "template_quality_low" if word == "RED" else "template_quality"
    return News(kind=kind, word=word, about=_template(fields))


def _template_category(fields: Fields) -> News:
    about, planned = _template(fields), fields.ident("correct_category")
    if planned is not None:
        return News(kind="template_category_planned", word=planned, about=about)
    return News(kind="template_category", word=fields.ident("new_category") or "", about=about)


def _template_wording(fields: Fields) -> News:
    return News(kind="template_wording", about=_template(fields))


def _error(fields: Fields) -> News:
    code, title, message = fields.code("code") or 0, fields.ident("title") or "", fields.peek("message")
    details = fields.inside("error_data").text("details") or fields.text("details") or ""
    if not title or not details or message in (title, details):
        fields.drop_plain("message")
    said = details or (message if message != title else "")
    return News(kind=_error_kind(code), word=title or message, said=said, code=code)


def _error_kind(code: int) -> NewsKind:
    if code == _LOST:
        return "delivery_lost"
    return _ERRORS.get(failures.reason(code), "error")


def _settings(_fields: Fields) -> News:
    return News(kind="settings_changed")


def _partner(fields: Fields) -> News:
    return News(kind="partner", word=fields.ident("event") or "")


def _flow(fields: Fields) -> News:
    return News(kind="flow", word=fields.ident("event") or "", said=fields.ident("message") or "")


def _payment_settings(_fields: Fields) -> News:
    return News(kind="payment_settings")


def _group(fields: Fields) -> News:
    fields.seconds("timestamp")  # it is the news's own
    return News(kind="group")


def _unasked(_fields: Fields) -> News:
    """Read what Meta derives for advertisers, a profile's new picture, the phone app's address book."""
    return News(kind="unasked")


def _other(_fields: Fields) -> News:
    return News(kind="other")


def _number(fields: Fields) -> str:
    """Return the number as digits, which some samples of Meta's write with signs between them."""
    written = fields.ident("display_phone_number") or ""
    digits = "".join(sign for sign in written if sign.isascii() and sign.isdigit())
    return digits or written


def _template(fields: Fields) -> str:
    """Return a template's name with its language, or its id if it has no name."""
    name = fields.ident("message_template_name")
    language = fields.ident("message_template_language")
    known = name or fields.ident("message_template_id") or ""
    # Meta writes both en_US and en-US.
    return f"{known} ({language.replace('-', '_')})" if known and language else known


def _said(fields: Fields, key: str) -> str:
    said = fields.ident(key) or ""
    return "" if said in _NOTHING_SAID else said


Reader = Callable[[Fields], News]

_READERS: Mapping[str, Reader] = {
    "account_update": _account_update,
    "account_review_update": _review,
    "account_settings_update": _settings,
    "account_alerts": _alert,
    "automatic_events": _unasked,
    "business_capability_update": _capability,
    "business_username_update": _username,
    "consumer_profile": _unasked,
    "flows": _flow,
    "group_lifecycle_update": _group,
    "group_participants_update": _group,
    "group_settings_update": _group,
    "group_status_update": _group,
    "message_template_components_update": _template_wording,
    "message_template_quality_update": _template_quality,
    "message_template_status_update": _template_status,
    "partner_solutions": _partner,
    "payment_configuration_update": _payment_settings,
    "phone_number_name_update": _number_name,
    "phone_number_quality_update": _number_quality,
    "security": _security,
    "smb_app_state_sync": _unasked,
    "template_category_update": _template_category,
    ERRORS: _error,
}

FIELDS = frozenset(_READERS)
"""The fields with a reader of their own."""

_ACCOUNT: Mapping[str, NewsKind] = {
    "ACCOUNT_DELETED": "deleted",
    "ACCOUNT_OFFBOARDED": "disconnected",
    "ACCOUNT_RECONNECTED": "connected",
    "ACCOUNT_RESTRICTION": "restricted",
    "ACCOUNT_VIOLATION": "violation",
    "DISABLED_UPDATE": "ban_changed",
    "PARTNER_ADDED": "connected",
    "PARTNER_REMOVED": "disconnected",
}
_BANS: Mapping[str, NewsKind] = {
    "DISABLE": "disabled",
    "REINSTATE": "reinstated",
    "SCHEDULE_FOR_DISABLE": "disable_planned",
}
_REVIEWS: Mapping[str, NewsKind] = {"APPROVED": "review_passed", "REJECTED": "review_failed"}
_QUALITIES: Mapping[str, NewsKind] = {
    "DOWNGRADE": "limit_lowered",
    "FLAGGED": "quality_low",
    "ONBOARDING": "number_joined",
    "THROUGHPUT_UPGRADE": "throughput_raised",
    "UNFLAGGED": "quality_good",
    "UPGRADE": "limit_raised",
}
_NAMES: Mapping[str, NewsKind] = {
    "APPROVED": "name_approved",
    "AVAILABLE_WITHOUT_REVIEW": "name_approved",
    "DECLINED": "name_rejected",
    "REJECTED": "name_rejected",
}
_SECURITY: Mapping[str, NewsKind] = {
    "PIN_CHANGED": "pin_changed",
    "PIN_REQUEST_SUCCESS": "pin_reset",
    "PIN_RESET_REQUEST": "pin_reset_requested",
}
_TEMPLATES: Mapping[str, NewsKind] = {
    "APPROVED": "template_approved",
    "ARCHIVED": "template_leaving",
    "DELETED": "template_leaving",
    "DISABLED": "template_disabled",
    "FLAGGED": "template_flagged",
    "LIMIT_EXCEEDED": "template_over_limit",
    "LOCKED": "template_locked",
    "PAUSED": "template_paused",
    "PENDING_DELETION": "template_leaving",
    "REINSTATED": "template_approved",
    "REJECTED": "template_rejected",
    "UNARCHIVED": "template_approved",
}
_ERRORS: Mapping[failures.Reason, NewsKind] = {
    "payment": "payment_problem",
    "restricted": "error_grave",
    "token": "error_grave",
}
_OVER = frozenset({"CLOSED", "INACTIVE", "NONE", "RESOLVED"})
_GRAVE = frozenset({"CRITICAL", "WARNING"})
