"""One element of `statuses`: how a message of ours fares, or why it can't be understood.

Source: Meta, "status messages webhook reference".
"""

from typing import Any

import msgspec

from wabridge.model.event import Person, StatusReport, Unreadable
from wabridge.whatsapp import people, reading
from wabridge.whatsapp.people import Json


def read(status: Any, *, phone_number_id: str | None) -> StatusReport | Unreadable:
    """Return what a status says; its word may be one nobody knows yet."""
    if not isinstance(status, dict):
        return Unreadable(reason="a status that is no object", phone_number_id=phone_number_id)
    wamid = reading.ident(status.get("id"))
    word = reading.text(status.get("status"))
    if phone_number_id is None or wamid is None or word is None:
        # Without a sender: nobody has written this, so it must not show up in a conversation.
        return Unreadable(
            reason=_reason(phone_number_id, wamid),
            phone_number_id=phone_number_id,
            wamid=wamid,
            sent_at=reading.seconds(status.get("timestamp")),
        )
    return StatusReport(
        phone_number_id=phone_number_id,
        wamid=wamid,
        status=word.lower(),
        reported_at=reading.seconds(status.get("timestamp")),
        recipient=_recipient(status),
        token=reading.text(status.get("biz_opaque_callback_data")),
        errors=reading.errors(status.get("errors")),
    )


def own_time(status: Any) -> int | None:
    """Return Meta's time of a status, however unreadable it is."""
    return reading.seconds(status.get("timestamp")) if isinstance(status, dict) else None


def _reason(phone_number_id: str | None, wamid: str | None) -> str:
    if phone_number_id is None:
        return "a status without our number"
    return "a status without an id" if wamid is None else "a status without its word"


def _recipient(status: Json) -> Person:
    if status.get("recipient_type") == "group":
        names = ("recipient_participant_user_id", "recipient_participant_id", "recipient_participant_parent_user_id")
    else:
        names = ("recipient_user_id", "recipient_id", "recipient_parent_user_id")
    person = people.read([status.get(name) for name in names])
    key_hash = reading.text(status.get("recipient_identity_key_hash"))
    return person if key_hash is None else msgspec.structs.replace(person, key_hash=key_hash)
