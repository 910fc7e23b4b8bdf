"""Sending legal notices: the notice itself, reminders of it, and the receipt for a confirmation.

A notice goes as a message with three buttons while the window is open, and afterwards in an approved template with
three quick replies; its document stands above them. What carries it is written down with it in one transaction: which
version, which nonce its buttons bear, and the salted commitment that Meta repeats in its reports.
"""

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from wabridge.broker import Change, Topic
from wabridge.core import drafts, notice_files, notice_log, notice_templates, notices, replies
from wabridge.core.office import Office
from wabridge.core.replies import Manner, Queued
from wabridge.errors import (
    DeadlinePassed,
    NotAllowed,
    NoticeChanged,
    NoticeNotApproved,
    NoticeUnderway,
    RecipientChanged,
)
from wabridge.evidence import commitment
from wabridge.model import confirmation, notice_texts, window
from wabridge.model.draft import Draft
from wabridge.model.ids import MessageId, NoticeId
from wabridge.model.notice import (
    CHOICES,
    TITLES,
    Approval,
    Document,
    Notice,
    NoticeEvent,
    Purpose,
    Version,
    build_content,
    footer,
)
from wabridge.model.notice_level import stand
from wabridge.model.prompts import Button, Buttons, Header
from wabridge.model.staff import Actor
from wabridge.storage import contacts, conversations, enclosures, notice_events
from wabridge.storage import notices as stored
from wabridge.storage.database import Transaction
from wabridge.storage.enclosures import NewEnclosure
from wabridge.storage.notice_events import CarrierRow

_SALT_BYTES = 32


async def send(office: Office, actor: Actor, notice_id: NoticeId, *, version_id: int) -> MessageId:
    """Queue a notice that is approved, and return the message that carries it. version_id: what the sender saw.

    Its document is read once more, and a copy of it goes. It can be taken back as long as any reply. Raises NotAllowed,
    NotFound, NoticeChanged, NoticeNotApproved, NoticeUnderway, NoticeDocumentLost, DeadlinePassed, RecipientChanged,
    IdentityUnverified, NoNoticeTemplate, ConversationReadOnly or StorageUnavailable.
    """
    if actor.kind != "staff":
        raise NotAllowed("sending a notice stays with people")
    notices.require(actor, "reply")
    now = office.clock.now()

    def work(tx: Transaction, copy: NewEnclosure | None) -> Queued:
        found = stored.get(tx, notice_id)
        _require_sendable(tx, found, version_id=version_id, now=now)
        nonce = secrets.token_hex(16)
        draft = _compose(tx, office, found, nonce, said=found.version.text, document=found.version.document, now=now)
        if copy is not None:
            draft = msgspec.structs.replace(draft, enclosure_id=enclosures.add(tx, actor, copy, now=now))
        undo = timedelta(seconds=office.settings.office.undo_seconds)
        queued = _queue(tx, office, actor, found, draft, "notice", nonce, now, undo=undo)
        happened = NoticeEvent(
            id=0,
            kind="queued",
            at=now,
            by=notice_log.who(actor),
            message_id=queued.message_id,
            version_id=found.version.id,
        )
        notice_log.note(tx, notice_id, happened)
        return queued

    # Before a long document is read for nothing.
    seen = await office.database.read(lambda tx: _see(tx, notice_id, version_id=version_id, now=now))
    thread = seen.conversation_id
    async with notice_files.copied(office, notice_id, thread, seen.version.document) as copy:
        queued = await office.database.write(lambda tx: work(tx, copy))
    replies.tell(office, queued)
    office.broker.ring(Topic.NOTICE, notice_id)
    office.broker.announce(Change("notice", queued.conversation_id))
    return queued.message_id


def remind(tx: Transaction, office: Office, notice: Notice, *, now: datetime) -> Queued:
    """Queue a reminder of a notice, as part of a larger transaction; raises what `replies.queue_within` raises."""
    zone = ZoneInfo(office.settings.office.timezone)
    deadline = notice.told.deadline_at
    text = notice_texts.reminder(
        notice,
        sent_at=notice.sent[-1].at.astimezone(zone),
        deadline=None if deadline is None else deadline.astimezone(zone),
    )
    nonce = notice.nonce
    assert nonce is not None, "only what was sent is reminded of"
    draft = _compose(tx, office, notice, nonce, said=text, now=now)
    if notice.sent[-1].wamids and drafts.is_quotable(tx, notice.sent[-1].message_id, notice.conversation_id):
        draft = msgspec.structs.replace(draft, quoted_id=notice.sent[-1].message_id)
    return _queue(tx, office, notice_log.PROGRAM, notice, draft, "reminder", nonce, now)


def thank(tx: Transaction, office: Office, notice: Notice, answer: NoticeEvent, *, head: str, now: datetime) -> Queued:
    """Queue the receipt for a confirmation, as part of a larger transaction. head: where the ledger stands."""
    zone = ZoneInfo(office.settings.office.timezone)
    text = notice_texts.receipt(
        notice,
        pressed=TITLES[notice.version.language]["yes"],
        at=notice_log.happened_by(answer).astimezone(zone),
        head=head,
    )
    nonce = notice.nonce or ""
    return _queue(tx, office, notice_log.PROGRAM, notice, Draft(text=text), "receipt", nonce, now)


def _see(tx: Transaction, notice_id: NoticeId, *, version_id: int, now: datetime) -> Notice:
    found = stored.get(tx, notice_id)
    _require_sendable(tx, found, version_id=version_id, now=now)
    return found


def _require_sendable(tx: Transaction, notice: Notice, *, version_id: int, now: datetime) -> None:
    version, approval = notice.version, notice.approval
    if notice.is_underway or stand(notice).is_over:
        raise NoticeUnderway("the notice has gone out, or was withdrawn")
    if version.id != version_id:
        raise NoticeChanged("it was changed in the meantime")
    if approval is None or not _is_as_approved(notice, version, approval):
        raise NoticeNotApproved("nobody has approved it as it stands")
    if version.deadline_at is not None and version.deadline_at <= now:
        raise DeadlinePassed("the deadline lies in the past")
    if not confirmation.is_same(approval.recipient, contacts.get(tx, notice.contact_id).person):
        raise RecipientChanged("it was approved for another account than the contact has now")


def _is_as_approved(notice: Notice, version: Version, approval: Approval) -> bool:
    """Say whether the bytes that will go are those that were approved."""
    built = build_content(number=notice.number, text=version.text, document=version.document, language=version.language)
    return built == version.content and version.sha256 == approval.sha256


def _compose(
    tx: Transaction,
    office: Office,
    notice: Notice,
    nonce: str,
    *,
    said: str,
    document: Document | None = None,
    now: datetime,
) -> Draft:
    """Return what asks for an answer, as a message with buttons or, once the window is closed, as a template."""
    opened_at = conversations.get_whole(tx, notice.conversation_id).window_opened_at
    if window.is_open(opened_at, now=now):
        return Draft(text=said, body=_buttons(notice, nonce, document))
    # A template takes no line breaks. Of what was approved nothing is changed: then it does not fit.
    fits = said if said == notice.version.text else " ".join(said.split())
    return notice_templates.compose(tx, office, notice, nonce, said=fits, document=document)


def _buttons(notice: Notice, nonce: str, document: Document | None) -> Buttons:
    titles = TITLES[notice.version.language]
    return Buttons(
        buttons=tuple(
            Button(button_id=confirmation.build_button(notice.id, nonce, choice), title=titles[choice])
            for choice in CHOICES
        ),
        header=None if document is None else Header(kind="document", file_name=document.name),
        footer=footer(notice.number),
    )


# Each is its caller's own to say, as in `replies`.
def _queue(  # noqa: PLR0917
    tx: Transaction,
    office: Office,
    actor: Actor,
    notice: Notice,
    draft: Draft,
    purpose: Purpose,
    nonce: str,
    now: datetime,
    *,
    undo: timedelta = timedelta(0),
) -> Queued:
    """Queue a message of a notice and write down what it carries."""
    queued = replies.queue_within(
        tx, office, actor, draft, conversation_id=notice.conversation_id, now=now, manner=Manner(undo=undo)
    )
    salt = secrets.token_bytes(_SALT_BYTES)
    row = CarrierRow(
        message_id=queued.message_id,
        version_id=notice.version.id,
        purpose=purpose,
        nonce=nonce,
        salt=salt,
        commitment=commitment.commit(salt, commitment.digest(notice.version.content)).hex(),
        key_hash=None if notice.approval is None else notice.approval.key_hash,
    )
    notice_events.add_carrier(tx, notice.id, row, now=now)
    return queued
