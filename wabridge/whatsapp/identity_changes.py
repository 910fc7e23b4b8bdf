"""One element of `user_id_update`: whose user id has become another one, told as the system message about it tells it.

Source: Meta, "business-scoped user IDs".
"""

from typing import Any

from wabridge.model.content import Content, System
from wabridge.model.event import InboundMessage, Unreadable
from wabridge.whatsapp import people, reading
from wabridge.whatsapp.fields import Fields
from wabridge.whatsapp.people import Json

KIND = "system"
_IDS = ("user_id", "parent_user_id")


def read(change: Any, phone_number_id: str, contacts: dict[str, Json]) -> InboundMessage | Unreadable:
    """Return which id took the place of which; the phone number beside them is the one of now."""
    if not isinstance(change, dict):
        return Unreadable(reason="a changed user id that is no object", phone_number_id=phone_number_id)
    before = tuple(filter(None, (_told(change, key, "previous") for key in _IDS)))
    phone = reading.ident(change.get("wa_id"))
    now = tuple(filter(None, (*(_told(change, key, "current") for key in _IDS), phone)))
    person = people.read(before) if before else people.read(now, people.find_contact(contacts, now))
    at = reading.seconds(change.get("timestamp"))
    if not now or not person.is_known:
        reason = "a changed user id of nobody knows whom"
        return Unreadable(reason=reason, phone_number_id=phone_number_id, sender=person, sent_at=at)
    fields = Fields(change)
    fields.drop("wa_id", "timestamp", *_IDS)
    said = fields.text("detail")
    body = System(news="user_id_changed", said=said, old_identities=before, new_identities=now)
    return InboundMessage(
        phone_number_id=phone_number_id,
        wamid="",
        sender=person,
        type=KIND,
        sent_at=at,
        content=Content(body=body, more=fields.rest()),
    )


def _told(change: Json, key: str, when: str) -> str | None:
    """Return an id as it was or is; one that is told only once is the one of now."""
    told = change.get(key)
    if isinstance(told, dict):
        return reading.ident(told.get(when))
    return reading.ident(told) if when == "current" else None
