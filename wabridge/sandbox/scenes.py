"""News about a person, the number or the account as webhooks spell it (cloud-api 2.10, 2.17, 4.5, 9.4, 10)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wabridge.sandbox import backlog, kinds, payloads, wamids
from wabridge.sandbox.account import Account
from wabridge.sandbox.graph import RATE_LIMIT
from wabridge.sandbox.payloads import Json, Person, seconds


@dataclass(frozen=True, slots=True)
class Scene:
    """Whom and when the news is about."""

    account: Account
    person: Person
    at: datetime

    def value(self, **lists: Any) -> Json:
        """Return a value about this person."""
        return payloads.value(self.account, contacts=[payloads.contact(self.person)]) | lists

    def whom(self, phone_key: str, user_key: str) -> Json:
        """Return the person's ids under these keys."""
        phone = {} if self.person.hides_phone else {phone_key: self.person.phone}
        return phone | {user_key: self.person.user_id}


Built = tuple[str, Json]
"""A field and its value."""


def identity_changed(scene: Scene) -> Built:
    """The person's security code is another one."""
    message = payloads.message(
        scene.person,
        {
            "type": "system",
            "identity": {"acknowledged": True, "created_timestamp": seconds(scene.at), "hash": "DF2lS5v2W6x="},
            "system": {"type": "customer_identity_changed", "body": "Security code changed"},
        },
        at=scene.at,
    )
    return "messages", payloads.value(scene.account, messages=[message])


def value_error(scene: Scene) -> Built:
    """An error of the whole number, beside no message."""
    return "messages", payloads.value(scene.account, errors=[RATE_LIMIT.report()])


def group_message(scene: Scene) -> Built:
    """The person writes in a group."""
    parts = kinds.text("Halo semua") | {"group_id": "Y2FwaV9ncm91cDox"}
    return "messages", scene.value(messages=[payloads.message(scene.person, parts, at=scene.at)])


def echo(scene: Scene) -> Built:
    """Somebody at the office answered from its phone."""
    echo = {
        "from": scene.account.display_phone_number,
        **scene.whom("to", "to_user_id"),
        "id": wamids.outbound(scene.person.phone),
        "timestamp": seconds(scene.at),
        **kinds.text("Saya balas dari ponsel kantor."),
    }
    return "smb_message_echoes", scene.value(message_echoes=[echo])


def contact_sync(scene: Scene) -> Built:
    """The phone's address book has the person."""
    first = scene.person.name.partition(" ")[0]
    sync = {
        "type": "contact",
        "contact": {"full_name": scene.person.name, "first_name": first, "phone_number": scene.person.phone},
        "action": "add",
        "metadata": {"timestamp": seconds(scene.at)},
    }
    return "smb_app_state_sync", payloads.value(scene.account) | {"state_sync": [sync]}


def missed_call(scene: Scene) -> Built:
    """The person called and nobody answered."""
    call = {
        "id": "wacid." + secrets.token_hex(16).upper(),
        **scene.whom("from", "from_user_id"),
        "to": scene.account.display_phone_number,
        "event": "terminate",
        "timestamp": seconds(scene.at),
        "direction": "USER_INITIATED",
        "status": "FAILED",
    }
    return "calls", scene.value(calls=[call])


def handover(scene: Scene) -> Built:
    """An AI agent hands the person over."""
    value = {
        "messaging_product": "whatsapp",
        "sender": {"phone_number": scene.person.phone},
        "recipient": payloads.value(scene.account)["metadata"],
        "type": "control_passed",
        "timestamp": seconds(scene.at),
        "control_passed": {"previous_owner_role": "PREVIOUS", "new_owner_role": "NEW", "metadata": "needs human"},
    }
    return "messaging_handovers", value


def marketing_stopped(scene: Scene) -> Built:
    """The person wants no more advertising."""
    preference = {
        **scene.whom("wa_id", "user_id"),
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": "stop",
        "timestamp": int(seconds(scene.at)),
    }
    return "user_preferences", scene.value(user_preferences=[preference])


def restricted(scene: Scene) -> Built:
    """The account may not begin conversations."""
    ends = int(seconds(scene.at + timedelta(days=7)))
    restriction = {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": ends}
    return "account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]}


def template_rejected(_scene: Scene) -> Built:
    """A template was not approved."""
    template = {
        "event": "REJECTED",
        "message_template_id": 1689556908129835,
        "message_template_name": "pengingat_sidang",
        "message_template_language": "id",
        "reason": "INVALID_FORMAT",
    }
    return "message_template_status_update", template


def quality_flagged(scene: Scene) -> Built:
    """The number's quality falls."""
    number = {
        "display_phone_number": scene.account.display_phone_number,
        "event": "FLAGGED",
        "current_limit": "TIER_1K",
    }
    return "phone_number_quality_update", number


def name_rejected(scene: Scene) -> Built:
    """The number's name was not approved."""
    name = {
        "display_phone_number": scene.account.display_phone_number,
        "decision": "REJECTED",
        "requested_verified_name": "Kantor Hukum",
        "rejection_reason": "NAME_NOT_CONSISTENT",
    }
    return "phone_number_name_update", name


def alert(scene: Scene) -> Built:
    """Payment does not work."""
    alert = {
        "alert_severity": "CRITICAL",
        "alert_status": "ACTIVE",
        "alert_type": "PAYMENT_ISSUE",
        "alert_description": "There is a problem with the payment method.",
    }
    whom = {"entity_type": "PHONE_NUMBER", "entity_id": scene.account.phone_number_id}
    return "account_alerts", whom | {"alert_info": alert}


def pin_changed(scene: Scene) -> Built:
    """The number's PIN is another one."""
    return "security", {"display_phone_number": scene.account.display_phone_number, "event": "PIN_CHANGED"}


def history(scene: Scene) -> Built:
    """Messages from before the office joined."""
    return "history", backlog.chunk(scene.account, scene.person, scene.at)


def history_media(scene: Scene) -> Built:
    """The picture that the messages before left out."""
    return "history", backlog.media(scene.account, scene.person, scene.at)


def large_history(scene: Scene) -> Built:
    """As many old messages as a webhook can hold."""
    return "history", backlog.large_chunk(scene.account, scene.person, scene.at)
