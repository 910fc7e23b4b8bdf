"""What waits for a person: the worklist, oldest first within the order of urgency, each with a reason."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from wabridge.model.contact import Contact
from wabridge.model.content import Content
from wabridge.model.followup import NextStep
from wabridge.model.ids import ConversationId, MessageId, NoticeId
from wabridge.model.notice_level import Level

TaskKind = Literal["unknown", "failed", "held", "overdue", "undelivered", "identity_changed"]
"""unknown: handed over without an answer, and nobody has decided. failed: it did not arrive, or Meta contradicts
itself. held: it waits for a decision, because it would go out late or its recipient has become doubtful. overdue: it
waits longer than the office's limit. undelivered: Meta took it more than a day ago and has reported no device since.
identity_changed: nobody has made sure who somebody is."""

KINDS: tuple[TaskKind, ...] = get_args(TaskKind)


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing somebody should decide or do. since: since when it waits.

    conversation_id: None where it is about a person and no message; contact: None for a group. is_stranded: it was
    written for a number from which the office no longer sends.
    """

    kind: TaskKind
    since: datetime
    conversation_id: ConversationId | None
    contact: Contact | None
    message_id: MessageId | None = None
    message_kind: str | None = None
    text: str | None = None
    content: Content | None = None
    author_name: str | None = None
    failure_code: int | None = None
    is_stranded: bool = False


class NoticeTask(msgspec.Struct, frozen=True, kw_only=True):
    """A legal notice about which somebody has to do something. since: its deadline, or when it was last heard of."""

    notice_id: NoticeId
    number: str
    title: str
    contact: Contact
    level: Level
    step: NextStep
    since: datetime


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing is sent at present. by: the person who stopped it, None for Meta's refusal."""

    since: datetime
    reason: str
    by: str | None = None
    code: int | None = None


class Worklist(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that waits for a person. tasks: the oldest of each kind, oldest first; counts: all there are.

    waiting: how many messages wait because nothing is sent. quarantined: items that could not be understood; None for
    whoever may not look at them.
    """

    tasks: tuple[Task, ...]
    counts: dict[TaskKind, int]
    stops: tuple[Stop, ...] = ()
    waiting: int = 0
    quarantined: int | None = None
    notices: tuple[NoticeTask, ...] = ()
    """Legal notices that are overdue, disputed, or answered in a way that a person has to judge."""

    @property
    def number(self) -> int:
        """How many things wait for somebody, all told."""
        return sum(self.counts.values()) + len(self.stops) + len(self.notices) + (self.quarantined or 0)
