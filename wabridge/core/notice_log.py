"""The one way in which something happens to a legal notice: an event, and the mark that makes the follow-up look."""

from datetime import datetime

from wabridge.model.event import Person
from wabridge.model.ids import NoticeId
from wabridge.model.notice import Notice, NoticeEvent, Who
from wabridge.model.notice_level import stand
from wabridge.model.staff import Actor
from wabridge.storage import contacts, notice_events, notices
from wabridge.storage.database import Transaction

PROGRAM = Actor(kind="rule", id=0, name="notices", role="rule")
"""Who acts where the office has set that the program does."""


def note(tx: Transaction, notice_id: NoticeId, event: NoticeEvent) -> Notice | None:
    """Let something have happened to a notice, and return how it stands then; None if it had happened before."""
    if not add(tx, notice_id, event):
        return None
    found = notices.get(tx, notice_id)
    notices.mark(tx, notice_id, is_over=stand(found).is_over, next_at=event.at)
    return found


def add(tx: Transaction, notice_id: NoticeId, event: NoticeEvent) -> bool:
    """Store an event, with a leaf of the ledger; False if it had happened before."""
    return notice_events.add(tx, notice_id, event) is not None


def who(actor: Actor) -> Who:
    """Return an actor as a record names them."""
    return Who(actor.kind, actor.id, actor.name)


def find_recipient(tx: Transaction, notice: Notice) -> Person | None:
    """Return whom a notice was approved for, with what WhatsApp itself has shown of the same account since.

    What was known at the approval is never replaced; None if nobody approved it.
    """
    if notice.approval is None:
        return None
    frozen = notice.approval.recipient
    contact = contacts.get(tx, notice.contact_id)
    shown = {i.kind for i in contact.identities if i.confirmed_at is not None and i.is_here and not i.is_replaced}
    now = contact.person
    return Person(
        phone=frozen.phone or (now.phone if "phone" in shown else None),
        user_id=frozen.user_id or (now.user_id if "user_id" in shown else None),
        parent_user_id=frozen.parent_user_id or (now.parent_user_id if "parent_user_id" in shown else None),
    )


def happened_by(event: NoticeEvent) -> datetime:
    """Return when something happened, by the clock of whoever tells."""
    return event.happened_at or event.at
