"""What people want of advertising messages."""

from datetime import datetime

from wabridge.model.contact import MarketingChoice
from wabridge.model.ids import ContactId, EventId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("marketing")


def set_choice(tx: Transaction, contact_id: ContactId, choice: str, *, said_at: datetime, event_id: EventId) -> None:
    """Keep what a contact wants, unless they have said something newer already."""
    binds = {"contact_id": contact_id, "choice": choice, "said_at": to_micros(said_at), "event_id": event_id}
    tx.run(_sql["set_choice"], binds)


def find(tx: Transaction, contact_id: ContactId) -> MarketingChoice | None:
    """Return what a contact said last, None if they never said anything."""
    row = tx.one(_sql["find"], {"contact_id": contact_id})
    return None if row is None else MarketingChoice(row["choice"], from_micros(row["said_at"]))


def is_refused(tx: Transaction, contact_id: ContactId) -> bool:
    """Say whether a contact wants no advertising: by their own word, or by Meta's when an advertisement was refused."""
    return tx.one(_sql["is_refused"], {"contact_id": contact_id}) is not None
