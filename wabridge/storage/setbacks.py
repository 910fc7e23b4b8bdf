"""What Meta's errors have done to others than the message: each counts once for an attempt, and is kept."""

from datetime import datetime
from typing import Literal

from wabridge.model.ids import AttemptId, ContactId, ConversationId, NumberId
from wabridge.model.pacing import ContactMark
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("setbacks")

CameBy = Literal["answer", "status"]


def add(tx: Transaction, attempt_id: AttemptId, code: int, *, came_by: CameBy, now: datetime) -> bool:
    """Keep that Meta said a code of an attempt, and say whether it had not said so yet."""
    binds = {"attempt_id": attempt_id, "code": code, "came_by": came_by, "now": to_micros(now)}
    return tx.run(_sql["add"], binds) > 0


def mark_contact(tx: Transaction, contact_id: ContactId, kind: str, *, code: int, now: datetime) -> None:
    """Keep with a person what a code says about them."""
    tx.run(_sql["mark_contact"], {"contact_id": contact_id, "kind": kind, "code": code, "now": to_micros(now)})


def list_marks(tx: Transaction, contact_id: ContactId) -> tuple[ContactMark, ...]:
    """Return what stands about a person, the newest first; what a sign of life has overruled is left out."""
    return tuple(
        ContactMark(row["kind"], row["code"], from_micros(row["first_at"]), from_micros(row["last_at"]), row["times"])
        for row in tx.all(_sql["list_marks"], {"contact_id": contact_id})
    )


def forget_unreachable(tx: Transaction, conversation_id: ConversationId) -> None:
    """Take back that a person cannot be reached: something has arrived on their device."""
    tx.run(_sql["forget_mark"], {"conversation_id": conversation_id})


def forget_doubt(tx: Transaction, contact_id: ContactId) -> None:
    """Take back that somebody may be another person: the office has made sure who it is."""
    tx.run(_sql["forget_doubt"], {"contact_id": contact_id})


def find_resumed(tx: Transaction, number_id: NumberId) -> datetime | None:
    """Return when sending from a number was resumed last."""
    row = tx.one(_sql["find_resumed"], {"number_id": number_id})
    return None if row is None else maybe_from_micros(row["at"])
