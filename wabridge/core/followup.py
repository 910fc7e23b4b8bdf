"""The worker that follows legal notices up: receipts, reminders, silence at the deadline, and telling people.

The table says what has to be looked at (`next_at`), `model.followup` what has to be done. Each notice is one
transaction: what is done and that it was done are written together, so that a program that is killed in between does
it once. What became due while the program was down is due at its start.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from wabridge.broker import Change, Topic
from wabridge.core import notice_log, notice_sending, notices
from wabridge.core.office import Office
from wabridge.core.replies import Queued
from wabridge.errors import RequestError
from wabridge.model import followup
from wabridge.model.followup import Due, Worry
from wabridge.model.ids import ConversationId, NoticeId, StaffId
from wabridge.model.notice import EventKind, Notice, NoticeEvent
from wabridge.model.notice_level import CONFIRMED, stand
from wabridge.storage import ledger, notifications, staff, trees
from wabridge.storage import notices as stored
from wabridge.storage.database import Transaction

log = logging.getLogger(__name__)

NOTIFICATION = "notice_worry"
"""What the people who are named for it are told by."""
_AT_ONCE = 20
_HEAD_DIGITS = 12


class Followup:
    """The worker for legal notices."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def run(self) -> None:
        """Follow notices up until the broker closes."""
        await self._office.broker.patrol(Topic.NOTICE, self.look)

    async def look(self) -> bool:
        """Look at the notices that are due, and say whether there may be more."""
        now = self._office.clock.now()
        due = await self._office.database.read(lambda tx: stored.list_due(tx, now=now, limit=_AT_ONCE))
        for notice_id in due:
            await self._follow_up(notice_id, now)
        return len(due) == _AT_ONCE

    async def _follow_up(self, notice_id: NoticeId, now: datetime) -> None:
        office = self._office
        changed = await office.database.write(lambda tx: _Round(tx, office, notice_id, now).work())
        if changed is None:
            return
        office.broker.ring(Topic.OUTGOING, 0)
        office.broker.ring(Topic.OFFICE, 0)
        office.broker.announce(Change("conversation", changed))
        office.broker.announce(Change("notice", changed))


class _Round:
    """One look at one notice, in one transaction."""

    def __init__(self, tx: Transaction, office: Office, notice_id: NoticeId, now: datetime) -> None:
        self._tx = tx
        self._office = office
        self._now = now
        self._notice = stored.get(tx, notice_id)

    def work(self) -> ConversationId | None:
        """Do what is due and set the mark; return the conversation if something was done."""
        plan = notices.schedule(self._office)
        due = followup.due(self._notice, plan, now=self._now)
        if due.is_overdue:
            self._note("overdue")
        if due.receipt:
            self._send("receipt", "", self._thank)
        if due.reminder is not None:
            self._send("reminded", str(due.reminder), self._remind)
        # What has just been recorded may be one worry more.
        worries = followup.due(stored.get(self._tx, self._notice.id), plan, now=self._now).worries
        for worry in worries:
            self._tell(worry)
        found = stored.get(self._tx, self._notice.id)
        next_at = followup.next_at(found, plan, now=self._now)
        stored.mark(self._tx, found.id, is_over=stand(found).is_over, next_at=next_at)
        return found.conversation_id if due != Due() or worries else None

    def _thank(self) -> Queued:
        pressed = next(e for e in self._notice.counting if e.kind == "answered" and e.word in CONFIRMED)
        return notice_sending.thank(
            self._tx, self._office, self._notice, pressed, head=_ledger_head(self._tx), now=self._now
        )

    def _remind(self) -> Queued:
        return notice_sending.remind(self._tx, self._office, self._notice, now=self._now)

    def _send(self, kind: EventKind, word: str, send: Callable[[], Queued]) -> None:
        """Queue what is due, or record why it could not be: it is not tried again, people are told."""
        try:
            with self._tx.savepoint():
                queued = send()
        except RequestError as error:
            log.info("a message of a legal notice cannot be sent", extra={"why": type(error).__name__})
            self._note(kind, word, objection=type(error).__name__)
            return
        self._note(kind, word, message_id=queued.message_id)

    def _tell(self, worry: Worry) -> None:
        """Tell those who are named for it, or else the author and the approver."""
        told = _named(self._tx, self._office, self._notice)
        for staff_id in told:
            notifications.add_for(
                self._tx, NOTIFICATION, staff_id, conversation_id=self._notice.conversation_id, now=self._now
            )
        names = ", ".join(member.name for member in staff.list_all(self._tx) if member.id in told)
        self._note("escalated", worry, note=names)

    def _note(self, kind: EventKind, word: str = "", **more: Any) -> None:
        by = notice_log.who(notice_log.PROGRAM)
        happened = NoticeEvent(id=0, kind=kind, at=self._now, by=by, word=word or None)
        notice_log.add(self._tx, self._notice.id, msgspec.structs.replace(happened, **more))


def _ledger_head(tx: Transaction) -> str:
    """Return where the ledger stands, short enough to read aloud: how many leaves, and the beginning of the root."""
    size = ledger.size(tx)
    return f"{size}-{trees.root(tx, size).hex()[:_HEAD_DIGITS]}"


def _named(tx: Transaction, office: Office, notice: Notice) -> set[StaffId]:
    members = [member for member in staff.list_all(tx) if member.disabled_at is None]
    named = {member.id for member in members if member.login in office.settings.notices.tell}
    if named:
        return named
    concerned = [notice.version.author, *([notice.approval.by] if notice.approval else [])]
    ids = {each.id for each in concerned if each.kind == "staff"}
    own = {member.id for member in members if member.id in ids}
    return own or {member.id for member in members if member.role == "owner"}
