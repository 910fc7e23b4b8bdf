"""How one item from outside is filed: contact, conversation, message, window, unread count, notification.

Everything here happens inside one transaction of the inbound worker. A message is known by its wamid: what comes again
under it is nothing new, the content that a placeholder stood for, or a contradiction that is kept beside it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from wabridge.core import echoes, happenings, media, notice_answers, phone_app
from wabridge.core.identities import Recognition
from wabridge.errors import MalformedEvent
from wabridge.model import content, window
from wabridge.model.event import Echo, HistoryReport, InboundMessage, KnownName, Unreadable, decode, stand_in
from wabridge.model.ids import ConversationId, EventId, MessageId, NumberId
from wabridge.model.window import MessageTime
from wabridge.storage import conversations, events, instants, messages, notifications, numbers, quarantine
from wabridge.storage.database import Transaction
from wabridge.storage.events import StoredEvent
from wabridge.storage.messages import Content, InboundRow, KnownMessage

PLACEHOLDERS = frozenset({"unsupported", "unknown", "unreadable", "media_placeholder"})
"""Types that only say that something was written; the content may follow under the same wamid (Meta, error 131060, and
"history" for files of the past)."""

SILENT = frozenset({"system", "handover"})
"""Types nobody has written: they are shown, and ask for no attention."""


@dataclass(slots=True)
class Filed:
    """What a transaction has done.

    Conversations that changed, how many items left a remark for staff, whether there is a file to fetch, whether a
    legal notice was answered.
    """

    conversations: set[ConversationId] = field(default_factory=set)
    set_aside: int = 0
    wants_files: bool = False
    answers_notice: bool = False

    def add(self, other: "Filed") -> None:
        """Take over what another part has done."""
        self.conversations |= other.conversations
        self.set_aside += other.set_aside
        self.wants_files |= other.wants_files
        self.answers_notice |= other.answers_notice


class Filing:
    """One transaction's filing. What it has found once it does not look up again."""

    def __init__(self, tx: Transaction, now: datetime) -> None:
        self.filed = Filed()
        self._tx = tx
        self._now = now
        self._people = Recognition(tx, now)
        self._numbers: dict[str, NumberId] = {}
        self._done: list[EventId] = []
        self._notices: list[tuple[ConversationId, MessageId]] = []

    def file(self, stored: StoredEvent) -> None:
        """Do all that one item asks for; raises whatever is wrong with it."""
        event = decode(stored.payload)
        if isinstance(event, InboundMessage):
            self._place(stored, event)
        elif isinstance(event, Echo):
            if not self._place_echo(stored, event):
                self.set_aside(stored, stand_in(event, echoes.TO_NOBODY))
                return
        elif isinstance(event, KnownName):
            self.filed.conversations |= phone_app.file_name(self._tx, event, arrived_at=stored.arrived_at)
        elif isinstance(event, HistoryReport):
            self._note_history(stored, event)
        elif isinstance(event, Unreadable):
            self.set_aside(stored, event)
            return
        else:
            raise MalformedEvent("neither a message nor unreadable")
        self._done.append(stored.id)

    def set_aside(self, stored: StoredEvent, event: Unreadable) -> None:
        """Quarantine an item, with a placeholder in its conversation or else a banner."""
        is_news = quarantine.set_aside(self._tx, stored.id, reason=event.reason, now=self._now)
        if event.phone_number_id is None or not event.sender.is_known:
            # Also of what the office wrote elsewhere: its placeholder asks for nobody's attention.
            if is_news:
                notifications.add(self._tx, "quarantined", event_id=stored.id, now=self._now)
            self.filed.set_aside += 1
        self._place_unreadable(stored, event)

    def finish(self) -> None:
        """Settle what was filed and notify of it; both are cheaper together."""
        notifications.add_messages(self._tx, self._notices, now=self._now)
        events.settle_many(self._tx, self._done, "done", now=self._now)

    def _place_unreadable(self, stored: StoredEvent, event: Unreadable) -> None:
        """File a placeholder, if it is known whose conversation it belongs to."""
        if event.phone_number_id is None:
            return
        if event.sender.is_known:
            placeholder = InboundMessage(event.phone_number_id, event.wamid or "", event.sender, "unreadable")
            self._place(stored, structs.replace(placeholder, sent_at=event.sent_at, source=event.source))
        elif event.recipient.is_known:
            echo = Echo(event.phone_number_id, event.wamid or "", event.recipient, "unreadable", author=event.author)
            self._place_echo(stored, structs.replace(echo, sent_at=event.sent_at, source=event.source))

    def _place_echo(self, stored: StoredEvent, echo: Echo) -> bool:
        """File what was written in the office's name elsewhere; what went out from here is known already.

        False if nobody knows to whom it was: it names nobody, and nothing with its wamid is here.
        """
        number_id = self._number(echo.phone_number_id)
        if echoes.was_sent_from_here(self._tx, number_id, echo.wamid):
            return True
        is_addressed = echo.person.is_known or echo.group_id is not None
        if not is_addressed and messages.find_by_wamid(self._tx, number_id, echo.wamid) is None:
            return False
        self._place(stored, echo)
        echoes.adopt_statuses(self._tx, number_id, echo.wamid, now=self._now)
        return True

    def _note_history(self, stored: StoredEvent, report: HistoryReport) -> None:
        number_id = self._number(report.phone_number_id) if report.phone_number_id else None
        self.filed.set_aside += phone_app.file_report(
            self._tx, stored.id, report, number_id=number_id, arrived_at=stored.arrived_at, now=self._now
        )

    def _place(self, stored: StoredEvent, message: InboundMessage | Echo) -> None:
        sent_at = instants.from_seconds(message.sent_at)
        time = window.message_time(sent_at=sent_at, arrived_at=stored.arrived_at)
        number_id = self._number(message.phone_number_id)
        if happenings.keep_group_news(self._tx, number_id, message, stored, time):
            return
        known = messages.find_by_wamid(self._tx, number_id, message.wamid) if message.wamid else None
        row = InboundRow(
            conversation_id=self._conversation(number_id, message, stored, time, known),
            number_id=number_id,
            event_id=stored.id,
            wamid=message.wamid or None,
            content=_content(message),
            quoted_wamid=message.quoted_wamid,
            time=time,
            author_name=_author_name(message),
            target_wamid=content.target_wamid(message.content),
            echo_of=message.author if isinstance(message, Echo) else None,
            source=message.source,
            phone_status=message.phone_status,
            file_url=message.file_url,
        )
        opens_window = not row.is_quiet and happenings.opens_window(message)
        placeholder = self._find_own_placeholder(row, known) if stored.is_put_back else None
        if placeholder is not None:
            self._replace(placeholder, row, opens_window=opens_window)
            message_id = placeholder.id
        elif known is not None:
            self._compare(known, row, opens_window=opens_window)
            message_id = known.id
        else:
            message_id = self._store(row, opens_window=opens_window)
        self._judge(message, row, message_id)

    def _find_own_placeholder(self, row: InboundRow, known: KnownMessage | None) -> KnownMessage | None:
        """Return what stands for this very item since it was set aside, unless its wamid is another message's now."""
        own = messages.find_unreadable(self._tx, row.number_id, row.event_id)
        return own if own is None or known is None or known.id == own.id else None

    def _replace(self, placeholder: KnownMessage, row: InboundRow, *, opens_window: bool) -> None:
        """Let a placeholder become what it stood for, in the place where that belongs."""
        messages.set_place(self._tx, placeholder.id, row)
        if placeholder.conversation_id != row.conversation_id:
            # Its sender is read otherwise now: no preview may show one person's words in another's conversation.
            conversations.set_preview(self._tx, placeholder.conversation_id)
            self.filed.conversations.add(placeholder.conversation_id)
        if row.content.kind != placeholder.content.kind:
            moved = placeholder._replace(conversation_id=row.conversation_id)
            self._upgrade(moved, row, opens_window=opens_window)

    def _number(self, phone_number_id: str) -> NumberId:
        if phone_number_id not in self._numbers:
            self._numbers[phone_number_id] = numbers.ensure(self._tx, phone_number_id)
        return self._numbers[phone_number_id]

    def _conversation(
        self,
        number_id: NumberId,
        message: InboundMessage | Echo,
        stored: StoredEvent,
        time: MessageTime,
        known: KnownMessage | None,
    ) -> ConversationId:
        if message.group_id is not None:
            return conversations.ensure(self._tx, number_id, group_id=message.group_id, now=time.at)
        if known is not None and not message.person.is_known:
            return known.conversation_id  # the content of something of ours, whose recipient was named before
        if known is not None and not stored.is_put_back and self._people.is_stranger(message.person):
            # More of a message that is here, under a name for its writer that is new: it makes nobody a lead.
            return known.conversation_id
        contact_id = self._people.place(message, time.at, stored.id)
        happenings.keep_choice(self._tx, contact_id, message, stored, time)
        self.filed.conversations |= self._people.conversations
        return conversations.ensure(self._tx, number_id, contact_id=contact_id, now=time.at)

    def _store(self, row: InboundRow, *, opens_window: bool) -> MessageId:
        message_id = messages.add_inbound(self._tx, row, now=self._now)
        assert message_id is not None, "the wamid was looked for"
        self._want_file(message_id, row)
        self._record(row.conversation_id, message_id, row, opens_window=opens_window)
        return message_id

    def _judge(self, message: InboundMessage | Echo, row: InboundRow, message_id: MessageId) -> None:
        """Let an answer to a legal notice count, in the transaction that files it."""
        if notice_answers.judge_within(self._tx, message, row, message_id, now=self._now):
            self.filed.answers_notice = True

    def _record(
        self, conversation_id: ConversationId, message_id: MessageId, row: InboundRow, *, opens_window: bool
    ) -> None:
        """Let a conversation know of what was written in it now."""
        counts = row.content.kind not in SILENT and not row.is_quiet and not happenings.is_silent(row)
        conversations.record_inbound(
            self._tx,
            conversation_id,
            message_id=message_id,
            time=row.time,
            opens_window=opens_window,
            counts_as_unread=counts,
        )
        if counts:
            self._notices.append((conversation_id, message_id))
        self.filed.conversations.add(conversation_id)

    def _compare(self, known: KnownMessage, row: InboundRow, *, opens_window: bool) -> None:
        """Keep what came under a wamid that is already stored, unless it says nothing new."""
        if known.source == "history" and not row.is_quiet:
            # The phone app was faster in handing it over than WhatsApp in telling that it was written just now.
            messages.set_source(self._tx, known.id, row.source)
            media.bring_forward(self._tx, known.id)
            self._record(known.conversation_id, known.id, row, opens_window=opens_window)
        if happenings.is_call(known, row):
            self._merge_call(known, row)
            return
        self._want_file(known.id, row)
        versions = messages.list_versions(self._tx, known.id)
        if any(row.content.says_the_same_as(earlier) for earlier in (known.content, *versions)):
            return
        self.filed.conversations.add(known.conversation_id)
        was_placeholder, is_placeholder = (c.kind in PLACEHOLDERS for c in (known.content, row.content))
        if was_placeholder and not is_placeholder:
            self._upgrade(known, row, opens_window=opens_window)
            return
        # A placeholder that comes after its content contradicts nothing.
        relation: messages.Relation = "replaced" if is_placeholder else "conflicting"
        messages.add_version(self._tx, known.id, row.content, event_id=row.event_id, relation=relation, now=self._now)

    def _merge_call(self, known: KnownMessage, row: InboundRow) -> None:
        merged = happenings.merge_call(self._tx, known, row)
        if merged is None:
            return
        self._record_known(known, row, opens_window=merged)

    def _upgrade(self, known: KnownMessage, row: InboundRow, *, opens_window: bool) -> None:
        """Let a placeholder say what it stood for; what it said before is kept."""
        messages.add_version(
            self._tx, known.id, known.content, event_id=known.event_id, relation="replaced", now=self._now
        )
        messages.upgrade(self._tx, known.id, row)
        self._want_file(known.id, row)
        thread = self._record_known(known, row, opens_window=opens_window)
        if not row.is_quiet:
            conversations.mark_unread(self._tx, thread)

    def _record_known(self, known: KnownMessage, row: InboundRow, *, opens_window: bool) -> ConversationId:
        """Bring the thread up to date in which a message is read, and return it: where it was stored, or the whole."""
        thread = conversations.get_whole(self._tx, known.conversation_id).id
        self.filed.conversations |= {known.conversation_id, thread}
        conversations.record_inbound(
            self._tx, thread, message_id=known.id, time=row.time, opens_window=opens_window, counts_as_unread=False
        )
        return thread

    def _want_file(self, message_id: MessageId, row: InboundRow) -> None:
        """Ask for the file of a content, whether it is the message's own or that of a version."""
        if media.want(self._tx, message_id, row, now=self._now):
            self.filed.wants_files = True


def _content(message: InboundMessage | Echo) -> Content:
    beside = None if message.content is None else content.encode(message.content)
    return Content(message.type, message.text, beside)


def _author_name(message: InboundMessage | Echo) -> str | None:
    """Return who wrote in a group; elsewhere the conversation says it."""
    if message.group_id is None or isinstance(message, Echo):
        return None
    return message.sender.profile_name or message.sender.username
