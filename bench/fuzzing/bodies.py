"""Whole webhook bodies: entries of changes of every field that is known.

Source: Meta, "webhooks" (fields); every value is invented.
"""

from collections.abc import Callable
from typing import Any

from bench.fuzzing import grammar
from bench.fuzzing.grammar import OURS, Json, Source


def change(source: Source) -> Json:
    """Return a change of any field, mostly messages."""
    if source.chance.random() < 0.8:
        return grammar.conversation(source)
    name = source.chance.choice(tuple(FIELDS))
    return {"field": name.strip(), "value": FIELDS[name](source)}


def webhook(source: Source) -> Json:
    """Return a whole body: entries of changes."""
    entries: list[Json] = []
    for _ in range(source.chance.choice((1, 1, 1, 1, 2))):
        changes = [change(source) for _ in range(source.chance.choice((1, 1, 1, 2)))]
        entries.append({"id": OURS[1], "time": int(source.time()), "changes": changes})
    return {"object": "whatsapp_business_account", "entry": entries}


def _account(*words: str, **more: Any) -> Callable[[Source], Json]:
    """Return a maker of flat account news: some words with a mark in the first, and what else is always there."""

    def make(source: Source) -> Json:
        first, *others = words
        return {first: source.mark()} | source.maybe(**dict.fromkeys(others, source.words())) | more

    return make


def _template(**more: Any) -> Callable[[Source], Json]:
    def make(source: Source) -> Json:
        known = {
            "message_template_id": int(source.digits(16)),
            "message_template_name": source.mark(),
            "message_template_language": source.chance.choice(("en_US", "en-US", "id")),
        }
        return known | more

    return make


def _echoes(source: Source) -> Json:
    who = grammar.person(source)
    echo = grammar.message(source, who) | {
        "from": "15550100200",
        "to": who.get("phone"),
        "to_user_id": who.get("user_id"),
    }
    return grammar.value(source, contacts=[grammar.contact(source, who)], message_echoes=[echo])


def _history(source: Source) -> Json:
    if source.chance.random() < 0.1:
        return grammar.value(source, history=[{"errors": [grammar.error(source)]}])
    who = grammar.person(source)
    messages = [
        grammar.message(source, who)
        | {"history_context": {"status": source.chance.choice(("READ", "PLAYED", "ERROR"))}}
        for _ in range(source.chance.choice((1, 3, 20)))
    ]
    thread = {"id": who.get("phone"), "context": {"wa_id": who.get("phone")}, "messages": messages}
    chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 55}, "threads": [thread]}
    return grammar.value(source, history=[chunk])


def _late_history(source: Source) -> Json:
    return grammar.value(source, messages=[grammar.message(source, grammar.person(source))])


def _sync(source: Source) -> Json:
    card = {"full_name": source.mark(), "first_name": "Ada", "phone_number": "6281200000001"}
    action = source.chance.choice(("add", "remove", "edit"))
    item = {"type": "contact", "contact": card, "action": action, "metadata": {"timestamp": source.time()}}
    return grammar.value(source, state_sync=[item])


def _calls(source: Source) -> Json:
    call = {
        "id": "wacid." + source.mark(), "from": "6281200000001", "to": "15550100200", "timestamp": source.time(),
        "event": source.chance.choice(("connect", "terminate")), "direction": "USER_INITIATED",
        "session": {"sdp_type": "offer", "sdp": "v=0"}, "duration": 3,
    }  # fmt: skip
    report = {"id": "wacid." + source.mark(), "type": "call", "status": "RINGING", "timestamp": source.time()}
    return grammar.value(source, **source.chance.choice(({"calls": [call]}, {"statuses": [report]})))


def _preferences(source: Source) -> Json:
    item = {"wa_id": "6281200000001", "detail": source.mark(), "category": "marketing_messages", "value": "stop"}
    return grammar.value(source, user_preferences=[item | {"timestamp": int(source.time())}])


def _standby(source: Source) -> Json:
    who = grammar.person(source)
    parts = {
        "messages": [grammar.message(source, who)],
        "message_echoes": [grammar.message(source, who) | {"to": who.get("phone")}],
        "statuses": [grammar.status(source, who)],
    }
    return grammar.value(source, contacts=[grammar.contact(source, who)], standby=source.maybe(**parts))


def _handover(source: Source) -> Json:
    passed = {"previous_owner_role": "PREVIOUS", "new_owner_role": "NEW", "metadata": source.mark()}
    return grammar.value(source, type="control_passed", timestamp=source.time(), control_passed=passed)


def _groups(source: Source) -> Json:
    kinds = ("group_create", "group_participants_add", "group_settings_update", "group_suspend")
    group = {"timestamp": source.time(), "group_id": source.mark(), "type": source.chance.choice(kinds)}
    return grammar.value(source, groups=[group | source.maybe(errors=[grammar.error(source)], request_id="r")])


_RESTRICTION = [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1791025200}]
_ALERT = {"alert_severity": "CRITICAL", "alert_status": "ACTIVE", "alert_type": "OTHER", "alert_description": "x"}

FIELDS: dict[str, Callable[[Source], Any]] = {
    "message_echoes": _echoes,
    "smb_message_echoes": _echoes,
    "smb_app_state_sync": _sync,
    "history": _history,
    "history ": _late_history,
    "calls": _calls,
    "user_preferences": _preferences,
    "standby": _standby,
    "messaging_handovers": _handover,
    **dict.fromkeys(
        ("group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update"), _groups
    ),
    "message_template_status_update": _template(event="REJECTED", reason="INVALID_FORMAT", disable_info=None),
    "message_template_quality_update": _template(previous_quality_score="GREEN", new_quality_score="RED"),
    "message_template_components_update": _template(message_template_element="x"),
    "template_category_update": _template(new_category="MARKETING", previous_category="UTILITY"),
    "phone_number_quality_update": _account("display_phone_number", "current_limit", event="FLAGGED"),
    "phone_number_name_update": _account("requested_verified_name", "rejection_reason", decision="DECLINED"),
    "security": _account("requester", "display_phone_number", event="PIN_CHANGED"),
    "account_update": _account("phone_number", event="ACCOUNT_RESTRICTION", restriction_info=_RESTRICTION),
    "account_alerts": _account("entity_id", "entity_type", alert_info=_ALERT),
    "account_review_update": _account("decision"),
    "account_settings_update": _account("type", "timestamp"),
    "business_capability_update": _account("max_daily_conversations_per_business", max_phone_numbers_per_waba=25),
    "business_username_update": _account("username", "display_phone_number", status="approved"),
    "user_id_update": _account("user_id"),
    **dict.fromkeys(
        ("flows", "payment_configuration_update", "partner_solutions", "automatic_events", "consumer_profile"),
        _account("event", "flow_id"),
    ),
}
"""The value of each field. The one with a space behind it stands for what comes on `history` as bare messages."""
