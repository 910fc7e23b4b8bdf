"""An export: a bundle of evidence that somebody asked for, why, and how far its making has come."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from wabridge.model.ids import ConversationId, ExportId, MessageId, NoticeId
from wabridge.model.media import Kept

ScopeKind = Literal["message", "conversation", "notice", "matter"]
SCOPES: tuple[ScopeKind, ...] = get_args(ScopeKind)

State = Literal["wanted", "running", "done", "failed", "cancelled"]
"""wanted: waits for its turn. done: the bundle lies in the vault of bundles. Whatever is over is asked for anew."""

Failure = Literal["too_many", "nothing", "certificate", "storage", "fault", "time"]
"""Why no bundle came of it. too_many: more messages than one report can carry. nothing: nothing in this scope.
certificate: the report could not be set. storage: the disk. time: it took too long. fault: this program's own."""

SealTime = Literal["unset", "missing", "timed", "lasting"]
"""The outside time in the seal of the report. unset: the office has named no authority. missing: none gave one in time.
timed: the seal has one (PAdES B-LT). lasting: and a second one covers all that checking it needs (B-LTA)."""

MOST_MESSAGES = 5000
"""So many messages go into one bundle: a longer period is split, because nobody reads a report of a thousand pages."""

REASON_CHARACTERS = 500


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be shown. from_at, until_at: of a conversation or matter, by the times messages were written.

    until_at itself is not in it any more; None is open.
    """

    kind: ScopeKind
    message_id: MessageId | None = None
    conversation_id: ConversationId | None = None
    notice_id: NoticeId | None = None
    matter: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in the period."""
        return (self.from_at is None or at >= self.from_at) and (self.until_at is None or at < self.until_at)


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope holds, before anybody has asked for it. shared: messages whose webhook concerns others as well.

    files_missing: files that are not here; before, after: messages of the same conversations outside the period;
    beside: other messages of them, where the scope is no conversation; unsent: notices of which nothing ever went;
    outside: notices of a matter that lie outside the period.
    """

    messages: int
    inbound: int
    outbound: int
    files: int
    files_missing: int
    shared: int
    before: int
    after: int
    beside: int = 0
    unsent: int = 0
    outside: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether it has to be split."""
        return self.messages > MOST_MESSAGES


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """One export. number: what the bundle is called; handed_to: who is to get it, as the exporter said.

    percent: how far it is, while it is running. kept, sha256 (hexadecimal), seal_time: of the bundle, once it is done;
    seal_time is None for bundles from before it was noted. removed_at, removed_by: the bundle is kept no longer.
    """

    id: ExportId
    number: str
    scope: Scope
    language: Literal["id", "en"]
    reason: str
    handed_to: str
    actor_name: str
    requested_at: datetime
    state: State
    percent: int = 0
    failure: Failure | None = None
    messages: int | None = None
    finished_at: datetime | None = None
    kept: Kept | None = None
    sha256: str = ""
    seal_time: SealTime | None = None
    removed_at: datetime | None = None
    removed_by: str | None = None

    @property
    def file_name(self) -> str:
        """What the bundle is called when it is saved."""
        return f"{self.number}.zip"

    @property
    def is_under_way(self) -> bool:
        """Whether it will still change by itself."""
        return self.state in ("wanted", "running")
