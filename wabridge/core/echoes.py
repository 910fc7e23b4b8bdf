"""What was written in the office's name elsewhere: in the phone app, or by another party.

Such a message is never handed over from here; what WhatsApp reports of it belongs to it all the same.
"""

from datetime import datetime

from wabridge.model.ids import NumberId
from wabridge.storage import attempts, delivery, messages, notifications, statuses
from wabridge.storage.database import Transaction

TO_NOBODY = "an echo to nobody knows whom"
"""Why an echo is set aside that names nobody, and whose wamid is not here."""


def was_sent_from_here(tx: Transaction, number_id: NumberId, wamid: str) -> bool:
    """Say whether an echo only repeats a message that went out from here."""
    return bool(attempts.find_by_wamids(tx, number_id, [wamid]))


def adopt_statuses(tx: Transaction, number_id: NumberId, wamid: str, *, now: datetime) -> None:
    """Give an echo what was reported of it before it was known."""
    message_id = messages.find_echoes(tx, number_id, [wamid]).get(wamid)
    if message_id is None or not statuses.adopt_for_echo(tx, message_id, number_id=number_id, wamid=wamid):
        return
    refreshed = delivery.refresh(tx, message_id)
    if refreshed.went_wrong:
        notifications.add(tx, "failed", conversation_id=refreshed.conversation_id, message_id=message_id, now=now)
