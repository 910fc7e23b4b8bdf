"""How news goes on: what began ends, what was taken away comes back (cloud-api 4.5, 9.4, 10.4, 10.6)."""

import hashlib
from datetime import timedelta

from wabridge.sandbox import payloads
from wabridge.sandbox.payloads import Json, seconds
from wabridge.sandbox.scenes import Built, Scene

_TALKED_SECONDS = 120


def call_rings(scene: Scene) -> Built:
    """The person calls."""
    return "calls", scene.value(calls=[_call(scene) | {"event": "connect", "timestamp": seconds(scene.at)}])


def call_ends(scene: Scene) -> Built:
    """The same call is over; somebody at the office had taken it."""
    ended = scene.at + timedelta(seconds=_TALKED_SECONDS)
    course = {
        "event": "terminate",
        "timestamp": seconds(ended),
        "status": "COMPLETED",
        "start_time": seconds(scene.at),
        "end_time": seconds(ended),
        "duration": _TALKED_SECONDS,
    }
    return "calls", scene.value(calls=[_call(scene) | course])


def _call(scene: Scene) -> Json:
    # Both webhooks of a call are built apart from each other and must name the same one.
    known = hashlib.sha256(f"{scene.person.user_id} {scene.at.isoformat()}".encode()).hexdigest()
    return {
        "id": f"wacid.{known[:32].upper()}",
        **scene.whom("from", "from_user_id"),
        "to": scene.account.display_phone_number,
        "direction": "USER_INITIATED",
    }


def marketing_resumed(scene: Scene) -> Built:
    """The person allows advertising again."""
    preference = {
        **scene.whom("wa_id", "user_id"),
        "detail": "User requested to resume marketing messages",
        "category": "marketing_messages",
        "value": "resume",
        "timestamp": int(seconds(scene.at)),
    }
    return "user_preferences", scene.value(user_preferences=[preference])


def group_renamed(scene: Scene) -> Built:
    """Somebody gave the group another name."""
    group = {
        "timestamp": seconds(scene.at),
        "group_id": "Y2FwaV9ncm91cDox",
        "type": "group_settings_update",
        "group_subject": {"text": "Perkara 12/Pdt.G", "update_successful": True},
    }
    return "group_settings_update", payloads.value(scene.account) | {"groups": [group]}


def disabled(_scene: Scene) -> Built:
    """The account is switched off."""
    return "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}


def reinstated(_scene: Scene) -> Built:
    """The account is switched on again."""
    return "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}


def quality_restored(scene: Scene) -> Built:
    """The number's quality is good again."""
    number = {
        "display_phone_number": scene.account.display_phone_number,
        "event": "UNFLAGGED",
        "current_limit": "TIER_1K",
    }
    return "phone_number_quality_update", number


NEW_WORDING = (
    "Yth. {{nama}}, sidang perkara {{nomor_perkara}} diadakan pada *{{tanggal}}* pukul *{{waktu}}* di {{tempat}}. "
    "Mohon balas pesan ini apabila Anda berhalangan."
)


def template_paused(_scene: Scene) -> Built:
    """People found a template unpleasant."""
    template = {
        "event": "PAUSED",
        "message_template_id": 1689556908129835,
        "message_template_name": "pengingat_sidang",
        "message_template_language": "id",
        "reason": "LOW_QUALITY",
    }
    return "message_template_status_update", template


def template_approved(_scene: Scene) -> Built:
    """Meta lets it be sent again."""
    template = {
        "event": "APPROVED",
        "message_template_id": 1689556908129835,
        "message_template_name": "pengingat_sidang",
        "message_template_language": "id",
        "reason": "NONE",
    }
    return "message_template_status_update", template


def template_reworded(_scene: Scene) -> Built:
    """Somebody of the office has changed its text, and Meta approved it."""
    template = {
        "message_template_id": 1689556908129835,
        "message_template_name": "pengingat_sidang",
        "message_template_language": "id",
        "message_template_element": NEW_WORDING,
    }
    return "message_template_components_update", template


def alert_over(scene: Scene) -> Built:
    """Payment works again."""
    alert = {
        "alert_severity": "CRITICAL",
        "alert_status": "RESOLVED",
        "alert_type": "PAYMENT_ISSUE",
        "alert_description": "The payment method works again.",
    }
    whom = {"entity_type": "PHONE_NUMBER", "entity_id": scene.account.phone_number_id}
    return "account_alerts", whom | {"alert_info": alert}


def field_of_tomorrow(_scene: Scene) -> Built:
    """Meta invents a field."""
    return "brand_new_update", {"event": "SOMETHING", "level": 3}
