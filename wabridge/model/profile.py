"""Everything the office knows of who somebody is, as one page shows it."""

from datetime import datetime

import msgspec

from wabridge.model.contact import Contact
from wabridge.model.identity import Alert
from wabridge.model.ids import ConversationId


class Done(msgspec.Struct, frozen=True):
    """One thing that was done to a contact, and by whom."""

    at: datetime
    by: str
    verb: str
    detail: str


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A contact with what is known of them.

    alerts: newest first, resolved ones as well. joined: contacts that are read as part of this one. likely_same: those
    who may be the same person. acts: oldest first.
    """

    contact: Contact
    alerts: tuple[Alert, ...] = ()
    conversation_ids: tuple[ConversationId, ...] = ()
    joined: tuple[Contact, ...] = ()
    likely_same: tuple[Contact, ...] = ()
    acts: tuple[Done, ...] = ()

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """What nobody has made sure of yet."""
        return tuple(alert for alert in self.alerts if alert.resolved_at is None)
