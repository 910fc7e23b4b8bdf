"""What the phone app hands over beside messages: the office's own names for people, and how its history comes along."""

from datetime import datetime

from wabridge.model.contact import IdentityKind
from wabridge.model.event import HistoryReport, KnownName, ReportedError
from wabridge.model.ids import ConversationId, EventId, NumberId
from wabridge.storage import contacts, conversations, instants, notifications, phone_app
from wabridge.storage.database import Transaction

WITHOUT_A_WORD = ReportedError(title="declined")
"""What is kept when WhatsApp says no without a word."""


def file_name(tx: Transaction, known: KnownName, *, arrived_at: datetime) -> set[ConversationId]:
    """Keep a name of the address book, and return the conversations that show it.

    It makes no contact: most people in an address book have never written to the office, and are nobody's lead.
    """
    said_at = instants.from_seconds(known.said_at) or arrived_at
    person = known.person
    identities: tuple[tuple[IdentityKind, str | None], ...] = (("phone", person.phone), ("user_id", person.user_id))
    news = [
        phone_app.set_name(tx, kind, value, name=known.name, said_at=said_at) for kind, value in identities if value
    ]
    contact = contacts.find_by_identity(tx, person) if any(news) else None
    return set(conversations.list_of_contact(tx, contact.id)) if contact else set()


def file_report(
    tx: Transaction,
    event_id: EventId,
    report: HistoryReport,
    *,
    number_id: NumberId | None,
    arrived_at: datetime,
    now: datetime,
) -> bool:
    """Keep how far the history is, and say whether staff were told: that the office declined is a fact, not a fault."""
    declined = None if report.progress is not None or report.phase is not None else WITHOUT_A_WORD
    declined = next(iter(report.errors), declined)
    phone_app.add_report(
        tx,
        event_id,
        number_id=number_id,
        phase=report.phase,
        progress=report.progress,
        declined=declined,
        arrived_at=arrived_at,
    )
    if declined:
        notifications.add(tx, "history_declined", event_id=event_id, now=now)
    return declined is not None
