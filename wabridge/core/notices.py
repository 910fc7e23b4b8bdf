"""Legal notices as people make them: draft, change, approve, withdraw.

Rule 1: what is approved is frozen, content and recipient, and any change is a new draft. Rule 2: nothing is approved
while it is not certain who the recipient is. Sending is in `notice_sending`, what people record in `notice_records`,
reading in `notice_lists`.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wabridge.broker import Change, Topic
from wabridge.core import drafts, enclosures, notice_files, notice_log
from wabridge.core.office import Office
from wabridge.errors import (
    ConversationReadOnly,
    DeadlinePassed,
    NotAllowed,
    NotFound,
    NoticeChanged,
    NoticeTooLong,
    NoticeUnderway,
    NoticeUnfit,
    RecipientInDoubt,
    SelfApproval,
    StorageUnavailable,
)
from wabridge.model import followup, limits
from wabridge.model.ids import ConversationId, EnclosureId, NoticeId
from wabridge.model.notice import (
    TITLES,
    WANTED,
    Approval,
    Document,
    EventKind,
    NewFile,
    Notice,
    NoticeEvent,
    Version,
    Wanted,
    build_content,
)
from wabridge.model.notice_level import stand
from wabridge.model.staff import Actor, Right
from wabridge.storage import alerts, contacts, conversations, identity_keys, notices, numbers
from wabridge.storage import notice_files as stored_files
from wabridge.storage.database import Transaction
from wabridge.storage.notices import VersionRow

TITLE_CHARACTERS = 100
DRAFT_CHARACTERS = 20_000


class Wish(NamedTuple):
    """What a notice is to say. deadline_at: until when an answer is awaited; document: a stored file."""

    title: str
    text: str
    matter: str = ""
    document: Document | None = None
    language: str = "id"
    wanted: Wanted = "confirmed"
    deadline_at: datetime | None = None


async def draft(
    office: Office,
    actor: Actor,
    conversation_id: ConversationId,
    wish: Wish,
    *,
    file: NewFile | None = None,
    instead_of: EnclosureId | None = None,
) -> Notice:
    """Begin a notice under a reference number of its own. file: its document, just taken in.

    instead_of: what was handed in and copied into it; it is used up with the draft, so that it makes only one.
    Raises NotAllowed, NoticeUnfit, ConversationReadOnly or EnclosureGone.
    """
    require(actor, "draft_notice")
    fit, now = fitted(wish), office.clock.now()

    def work(tx: Transaction) -> Notice:
        thread = conversations.get_whole(tx, conversation_id)
        number_id = numbers.find(tx, office.settings.whatsapp.phone_number_id)
        if thread.contact_id is None or thread.number_id != number_id:
            raise ConversationReadOnly("this is a group, or a number that is no longer ours")
        year = now.astimezone(ZoneInfo(office.settings.office.timezone)).year
        added = notices.add(tx, actor, thread.id, thread.contact_id, year=year, now=now)
        said = _with_file(tx, added.id, fit, file, now)
        _add_version(tx, actor, added.id, added.number, said, number=1, now=now)
        return _note(tx, actor, added.id, "drafted", now)

    if instead_of is None:
        return await _tell(office, await office.database.write(work))
    used, made = await office.database.write(lambda tx: (enclosures.use_up(tx, actor, instead_of), work(tx)))
    with suppress(StorageUnavailable):  # the draft stands; the next start sweeps what no row names
        await asyncio.to_thread(office.vault.delete, [used])
    return await _tell(office, made)


async def edit(
    office: Office, actor: Actor, notice_id: NoticeId, wish: Wish, *, version_id: int, file: NewFile | None = None
) -> Notice:
    """Change what a notice says; an approval it had is void. version_id: what the writer had before their eyes.

    file: another document, just taken in.
    Raises NotAllowed, NotFound, NoticeUnfit, NoticeChanged or NoticeUnderway.
    """
    require(actor, "draft_notice")
    fit, now = fitted(wish), office.clock.now()

    def work(tx: Transaction) -> Notice:
        found = _get_open(tx, notice_id, version_id=version_id)
        said = _with_file(tx, notice_id, fit, file, now)
        if _row(found.number, said) == _said(found.version):
            return found
        _add_version(tx, actor, notice_id, found.number, said, number=found.version.number + 1, now=now)
        changed = _note(tx, actor, notice_id, "edited", now)
        if found.approval is not None:
            changed = _note(tx, actor, notice_id, "approval_voided", now, version_id=found.version.id)
        return changed

    return await _tell(office, await office.database.write(work))


async def approve(office: Office, actor: Actor, notice_id: NoticeId, *, version_id: int) -> Notice:
    """Let a notice go as it stands, to the person as they are known now. version_id: what the approver saw.

    Its document is read once more. Raises NotAllowed, SelfApproval, NotFound, NoticeChanged, NoticeUnderway,
    NoticeTooLong, NoticeDocumentLost, DeadlinePassed or RecipientInDoubt.
    """
    require(actor, "approve_notice")
    now = office.clock.now()
    seen = await office.database.read(lambda tx: notices.get(tx, notice_id))
    await notice_files.require_whole(office, notice_id, seen.version.document)

    def work(tx: Transaction) -> Notice:
        found = _get_open(tx, notice_id, version_id=version_id)
        if found.approval is not None:
            return found
        if found.version.id != seen.version.id:
            raise NoticeChanged("it was changed in the meantime")
        if office.settings.notices.approval_by_another and _is_by(found.version, actor):
            raise SelfApproval("somebody else than the author has to approve it")
        require_fit(found.version, now=now)
        notices.add_approval(tx, notice_id, _approval(tx, office, actor, found, now))
        return _note(tx, actor, notice_id, "approved", now, version_id=version_id)

    return await _tell(office, await office.database.write(work))


async def withdraw(office: Office, actor: Actor, notice_id: NoticeId, *, note: str = "") -> Notice:
    """Give a notice up before it has gone; raises NotAllowed, NotFound or NoticeUnderway."""
    require(actor, "draft_notice")
    said, now = clean_note(note), office.clock.now()

    def work(tx: Transaction) -> Notice:
        if _get_open(tx, notice_id).sent:
            raise NoticeUnderway("it was sent and failed: it can be sent again, or closed")
        return _note(tx, actor, notice_id, "withdrawn", now, note=said)

    return await _tell(office, await office.database.write(work))


def schedule(office: Office) -> followup.Schedule:
    """Return how this office follows its notices up."""
    settings = office.settings.notices
    return followup.Schedule(
        reminders=tuple(timedelta(hours=hours) for hours in settings.reminders_after_hours),
        warn_before=timedelta(hours=settings.warn_before_hours),
    )


def require(actor: Actor, right: Right) -> None:
    """Raise NotAllowed for whoever lacks a right."""
    if not actor.may(right):
        raise NotAllowed(f"{right.replace('_', ' ')} is not among this actor's rights")


def require_fit(version: Version, *, now: datetime) -> None:
    """Raise NoticeTooLong or DeadlinePassed for what cannot be sent as it is."""
    if len(version.text) > limits.BUTTON_BODY_CHARACTERS:
        raise NoticeTooLong(f"above buttons there is room for {limits.BUTTON_BODY_CHARACTERS} characters")
    if version.deadline_at is not None and version.deadline_at <= now:
        raise DeadlinePassed("the deadline lies in the past")


def fitted(wish: Wish) -> Wish:
    """Return a wish as it is stored; raises NoticeUnfit."""
    title, matter = (" ".join(drafts.clean(said).split()) for said in (wish.title, wish.matter))
    text = drafts.clean(wish.text)
    if not title or len(title) > TITLE_CHARACTERS or len(matter) > TITLE_CHARACTERS:
        raise NoticeUnfit(f"a notice has a title, and title and matter at most {TITLE_CHARACTERS} characters")
    if not text or len(text) > DRAFT_CHARACTERS:
        raise NoticeUnfit("a notice has a text, which says at least what the document is")
    if wish.language not in TITLES or wish.wanted not in WANTED:
        raise NoticeUnfit("no such language or level")
    return wish._replace(title=title, matter=matter, text=text)


def clean_note(note: str) -> str:
    """Return a note as it is stored; raises NoticeUnfit if it is too long."""
    said = drafts.clean(note)
    if len(said) > limits.NOTE_CHARACTERS:
        raise NoticeUnfit(f"a note has at most {limits.NOTE_CHARACTERS} characters")
    return said


async def _tell(office: Office, found: Notice) -> Notice:
    office.broker.ring(Topic.NOTICE, found.id)
    office.broker.announce(Change("notice", found.conversation_id))
    return found


def _note(
    tx: Transaction,
    actor: Actor,
    notice_id: NoticeId,
    kind: EventKind,
    now: datetime,
    *,
    version_id: int | None = None,
    note: str = "",
) -> Notice:
    happened = NoticeEvent(id=0, kind=kind, at=now, by=notice_log.who(actor), version_id=version_id, note=note)
    return notice_log.note(tx, notice_id, happened) or notices.get(tx, notice_id)


def _with_file(tx: Transaction, notice_id: NoticeId, wish: Wish, file: NewFile | None, now: datetime) -> Wish:
    if file is None:
        return wish
    return wish._replace(document=stored_files.add(tx, notice_id, file, now=now))


def _row(number: str, wish: Wish) -> VersionRow:
    content = build_content(number=number, text=wish.text, document=wish.document, language=wish.language)
    return VersionRow(
        title=wish.title,
        matter=wish.matter,
        text=wish.text,
        document=wish.document,
        language=wish.language,
        wanted=wish.wanted,
        deadline_at=wish.deadline_at,
        content=content,
    )


def _said(version: Version) -> VersionRow:
    return VersionRow(
        title=version.title,
        matter=version.matter,
        text=version.text,
        document=version.document,
        language=version.language,
        wanted=version.wanted,
        deadline_at=version.deadline_at,
        content=version.content,
    )


def _add_version(
    tx: Transaction, actor: Actor, notice_id: NoticeId, named: str, wish: Wish, *, number: int, now: datetime
) -> None:
    notices.add_version(tx, actor, notice_id, _row(named, wish), number=number, now=now)


def _get_open(tx: Transaction, notice_id: NoticeId, *, version_id: int | None = None) -> Notice:
    """Return a notice that has not gone; raises NotFound, NoticeUnderway or NoticeChanged."""
    found = notices.get(tx, notice_id)
    if found.is_underway or stand(found).is_over:
        raise NoticeUnderway("the notice has gone out, or was withdrawn")
    if version_id is not None and found.version.id != version_id:
        raise NoticeChanged("it was changed in the meantime")
    return found


def _is_by(version: Version, actor: Actor) -> bool:
    return (version.author.kind, version.author.id) == (actor.kind, actor.id)


def _approval(tx: Transaction, office: Office, actor: Actor, notice: Notice, now: datetime) -> Approval:
    contact = contacts.get(tx, notice.contact_id)
    newest = alerts.find_newest_open(tx, contact.id)
    if newest is not None:
        raise RecipientInDoubt("it is not sure who this person is now", alert_id=newest)
    if not contact.person.is_known:
        raise NotFound("nothing is known by which this person could be reached")
    known = alerts.list_for(tx, contact.id)
    pinned = identity_keys.find(tx, contact.id) if office.settings.notices.check_identity else None
    return Approval(
        version_id=notice.version.id,
        at=now,
        by=notice_log.who(actor),
        sha256=notice.version.sha256,
        recipient=contact.person,
        recipient_name=contact.shown_name,
        key_hash=pinned,
        alert_id=known[0].id if known else None,
    )
