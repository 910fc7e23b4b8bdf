"""What people of the office record about a legal notice: what came by another way, what was recorded wrongly, its end.

Rule: nothing is ever changed. A record says who says it, what happened when and how; a mistake is corrected by another
record, and both stay. What WhatsApp brought is nobody's to correct.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.broker import Change, Topic
from wabridge.core import notice_log, notices
from wabridge.core.office import Office
from wabridge.errors import NotAllowed, NotFound, NoticeUnderway, RecordUnfit
from wabridge.model.ids import MessageId, NoticeId
from wabridge.model.limits import NAME_CHARACTERS
from wabridge.model.notice import Document, Means, NewFile, Notice, NoticeEvent, Outcome
from wabridge.model.notice_level import stand
from wabridge.model.staff import Actor
from wabridge.storage import notice_files
from wabridge.storage import notices as stored
from wabridge.storage.database import Transaction

_MINUTE = timedelta(minutes=1)
"""As exactly as a form says a time."""
CORRECTABLE = frozenset({"recorded", "closed"})


class Record(NamedTuple):
    """What came by another way. happened_at: when, as somebody says; reference: a number on a receipt, a witness.

    message_id: the written reply that somebody read as this.
    """

    outcome: Outcome
    means: Means
    happened_at: datetime
    note: str = ""
    reference: str = ""
    document: Document | None = None
    message_id: MessageId | None = None


async def record(
    office: Office, actor: Actor, notice_id: NoticeId, said: Record, *, scan: NewFile | None = None
) -> Notice:
    """Record what a person did by another way; raises NotAllowed, NotFound, RecordUnfit or NoticeUnfit.

    A letter has a reference or a scan, everything else a note: who says what is worth little without how.
    """
    now = office.clock.now()
    said = fitted(said, actor, has_scan=scan is not None, now=now)

    def work(tx: Transaction) -> Notice:
        found = stored.get(tx, notice_id)
        if not found.approvals or said.happened_at + _MINUTE <= found.created_at:
            raise RecordUnfit("nothing can have come of a notice before it was made and approved")
        if said.message_id is not None and all(e.message_id != said.message_id for e in found.events):
            raise NotFound("no such reply to this notice")
        happened = NoticeEvent(
            id=0,
            kind="recorded",
            at=now,
            happened_at=said.happened_at,
            by=notice_log.who(actor),
            message_id=said.message_id,
            version_id=found.version.id,
            word=said.outcome,
            means=said.means,
            note=said.note,
            reference=said.reference,
            document=said.document if scan is None else notice_files.add(tx, notice_id, scan, now=now),
        )
        return notice_log.note(tx, notice_id, happened) or found

    return _tell(office, await office.database.write(work))


def fitted(said: Record, actor: Actor, *, has_scan: bool, now: datetime) -> Record:
    """Return a record as it is stored; raises NotAllowed, RecordUnfit or NoticeUnfit."""
    _require_person(actor)
    note, reference = notices.clean_note(said.note), " ".join(said.reference.split())
    if said.happened_at > now:
        raise RecordUnfit("what is recorded has happened")
    if len(reference) > NAME_CHARACTERS:
        raise RecordUnfit(f"a reference has at most {NAME_CHARACTERS} characters")
    if not note and not (said.means == "letter" and (reference or has_scan or said.document)):
        raise RecordUnfit("a record says how it came about")
    return said._replace(note=note, reference=reference)


async def correct(office: Office, actor: Actor, notice_id: NoticeId, event_id: int, *, note: str) -> Notice:
    """Say that an earlier record of somebody's was wrong; both stay. Raises NotAllowed, NotFound or RecordUnfit."""
    _require_person(actor)
    now, said = office.clock.now(), notices.clean_note(note)
    if not said:
        raise RecordUnfit("a correction says why")

    def work(tx: Transaction) -> Notice:
        found = stored.get(tx, notice_id)
        wrong = next((event for event in found.events if event.id == event_id), None)
        if wrong is None or wrong.kind not in CORRECTABLE:
            raise NotFound("no such record of this notice")
        happened = NoticeEvent(id=0, kind="corrected", at=now, by=notice_log.who(actor), corrects=event_id, note=said)
        return notice_log.note(tx, notice_id, happened) or stored.get(tx, notice_id)

    return _tell(office, await office.database.write(work))


async def close(office: Office, actor: Actor, notice_id: NoticeId, *, note: str) -> Notice:
    """Let a notice rest, with a reason; what is known of it stays.

    Raises NotAllowed, NotFound, RecordUnfit or NoticeUnderway.
    """
    _require_person(actor)
    now, said = office.clock.now(), notices.clean_note(note)
    if not said:
        raise RecordUnfit("to let it rest needs a reason")

    def work(tx: Transaction) -> Notice:
        found = stored.get(tx, notice_id)
        standing = stand(found)
        if standing.is_closed:
            return found
        if not found.sent or (standing.is_over and not standing.is_contradicted):
            raise NoticeUnderway("nothing more is awaited of it")
        happened = NoticeEvent(id=0, kind="closed", at=now, by=notice_log.who(actor), note=said)
        return notice_log.note(tx, notice_id, happened) or found

    return _tell(office, await office.database.write(work))


def _require_person(actor: Actor) -> None:
    if actor.kind != "staff":
        raise NotAllowed("what came by another way is for people to say")
    notices.require(actor, "record_confirmation")


def _tell(office: Office, found: Notice) -> Notice:
    office.broker.ring(Topic.NOTICE, found.id)
    office.broker.announce(Change("notice", found.conversation_id))
    return found
