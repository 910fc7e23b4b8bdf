"""WhatsApp's fingerprint of a person's keys, as far as it was seen. Another one is another phone, or another person."""

from wabridge.model.ids import ContactId
from wabridge.storage import alerts, queries
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("identity_keys")


def see(tx: Transaction, contact_id: ContactId, key_hash: str | None, occasion: Occasion) -> bool:
    """Note that a fingerprint was seen, if one came; say whether it raised an alert, being another than before."""
    if key_hash is None:
        return False
    before = find(tx, contact_id)
    tx.run(_sql["see"], {"contact_id": contact_id, "hash": key_hash, "at": to_micros(occasion.at)})
    if before is None or find(tx, contact_id) == before:
        return False
    return alerts.add(tx, contact_id, "keys_changed", occasion, old_value=before, new_value=key_hash)


def find(tx: Transaction, contact_id: ContactId) -> str | None:
    """Return the newest fingerprint of a contact's keys."""
    row = tx.one(_sql["find"], {"contact_id": contact_id})
    return None if row is None else str(row["hash"])
