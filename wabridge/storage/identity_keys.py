"""WhatsApp's fingerprint of a person's keys, as far as it was seen. Another one is another phone, or another person."""

from datetime import datetime

from wabridge.model.ids import ContactId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("identity_keys")


def see(tx: Transaction, contact_id: ContactId, key_hash: str, *, at: datetime) -> None:
    """Note that a fingerprint was seen. at: Meta's time."""
    tx.run(_sql["see"], {"contact_id": contact_id, "hash": key_hash, "at": to_micros(at)})


def find(tx: Transaction, contact_id: ContactId) -> str | None:
    """Return the newest fingerprint of a contact's keys."""
    row = tx.one(_sql["find"], {"contact_id": contact_id})
    return None if row is None else str(row["hash"])
