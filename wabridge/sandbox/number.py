"""The phone number as a node of the Graph, for GET /{phone_number_id} (cloud-api 11.3)."""

from typing import Any

from wabridge.sandbox.account import Account
from wabridge.sandbox.graph import GraphError, Refusal

DEFAULT_FIELDS = "id,display_phone_number,verified_name,quality_rating"


def describe(account: Account, fields: str | None) -> dict[str, Any]:
    """Return the fields asked for; raises Refusal for one that isn't there."""
    known = _all_fields(account)
    asked = [name.strip() for name in (fields or DEFAULT_FIELDS).split(",")]
    for name in asked:
        if name not in known:
            title = f"Tried accessing nonexisting field ({name}) on node type (WhatsAppBusinessPhoneNumber)"
            raise Refusal(GraphError(http=400, code=100, title=title), is_violation=True)
    return {name: known[name] for name in dict.fromkeys(["id", *asked])}


def _all_fields(account: Account) -> dict[str, Any]:
    entities = [
        {"entity_type": "PHONE_NUMBER", "id": account.phone_number_id, "can_send_message": "AVAILABLE"},
        {"entity_type": "WABA", "id": account.business_account_id, "can_send_message": "AVAILABLE"},
    ]
    return {
        "id": account.phone_number_id,
        "display_phone_number": f"+{account.display_phone_number}",
        "verified_name": "Pretend Office",
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "name_status": "APPROVED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "is_on_biz_app": False,
        "health_status": {"can_send_message": "AVAILABLE", "entities": entities},
    }
