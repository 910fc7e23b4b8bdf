"""What a dossier shows of each message: exact bytes, attempts, events, notices and confirmations.

Names of fields follow what courts and standards ask of such a record (ETSI EN 319 522, India's BSA 2023 schedule). A
field at its default is left out of the JSON. Every time is UTC. `t_meta` is Meta's, in whole Unix seconds as it stated
them; everything else is by our clock.
"""

from datetime import datetime
from typing import Literal

import msgspec

from wabridge.model.content import Content
from wabridge.model.delivery import Delivery

EventWord = Literal[
    "recorded",
    "accepted",
    "sent",
    "delivered",
    "read",
    "played",
    "failed",
    "refused",
    "not_sent",
    "unknown",
    "received",
    "written",
    "echoed",
    "edited",
    "revoked",
    "reacted",
    "answered",
    "confirmed",
    "question",
    "not_me",
    "overdue",
    "reminded",
    "other_channel",
    "note",
    "other",
]
"""What an event is, in one word. `recorded`: the office stored what it wants to send. `received`: an inbound message
came. `written`: the office wrote it elsewhere. `echoed`: Meta told of it as of one from the office's account.
`answered`: the person quoted a message. The rest are Meta's statuses, and the words of notices."""

EventSource = Literal["meta_webhook", "meta_answer", "office", "staff", "post"]


class Clock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How true our clock was, as last measured before an event."""

    measured_at: datetime
    is_synchronised: bool
    offset_ms: float | None = None
    source: str = ""


class Actor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Who did something. kind: staff, token, rule, operator, app, partner. authentication: how they had signed in."""

    kind: str
    name: str
    role: str = ""
    authentication: str = ""


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A file of a message. path: in the bundle, "" if its bytes are not there; then missing says why.

    stated_sha256: what WhatsApp said of it, as it came. is_as_stated: whether that is what arrived.
    """

    file_name: str
    mime_type: str
    size_bytes: int | None
    sha256: str
    path: str = ""
    missing: str = ""
    media_id: str = ""
    stated_sha256: str = ""
    is_as_stated: bool | None = None


class Submission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One attempt to hand a message over to Meta, with the paths of the exact bytes.

    outcome: open, accepted, refused, not_sent, unknown. settled_by: answer, status, restart, staff.
    """

    seq: int
    t_opened: datetime
    url: str
    recipient: str
    callback_data: str
    outcome: str
    request_path: str
    request_sha256: str
    t_settled: datetime | None = None
    settled_by: str = ""
    reason: str = ""
    code: int | None = None
    http_status: int | None = None
    response_path: str = ""
    response_headers_path: str = ""
    wamid: str = ""
    trace_id: str = ""
    leaves: tuple[int, ...] = ()


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One line of the timeline; it is never overwritten.

    event_etsi: the name of ETSI EN 319 522, if there is one. raw_path: the item as it arrived; body_sha256: of the
    whole webhook it came in. signature: which app secret verified that webhook (a fingerprint). repeats: how often
    the same came again, last at t_repeated. clock: ours, at that time. is_doubtful: Meta's time could not be used.
    leaf: the ledger's; None if it was not entered. happened, means, verdict, objection: of a
    notice's event, in the program's own words.
    """

    seq: int
    event: EventWord
    source: EventSource
    t_received: datetime
    t_meta: int | None = None
    event_etsi: str = ""
    monotonic_ns: int | None = None
    boot_id: str = ""
    clock: Clock | None = None
    raw_path: str = ""
    headers_path: str = ""
    body_path: str = ""
    body_sha256: str = ""
    signature: str = ""
    wamid: str = ""
    submission: int | None = None
    repeats: int = 0
    t_repeated: datetime | None = None
    code: int | None = None
    title: str = ""
    details: str = ""
    actor: Actor | None = None
    is_doubtful: bool = False
    is_backfilled: bool = False
    leaf: int | None = None
    happened: str = ""
    means: str = ""
    verdict: str = ""
    objection: str = ""


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The approved text that a message was made from. version: Meta's id of it, or ours."""

    name: str
    language: str
    text: str
    version: str = ""
    category: str = ""
    t_approved: datetime | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A message in or out. ref: what page and files call it ("P-0001").

    person: the ref of the other side. text: as displayed; content: what it says beside, as it is stored.
    t_written: Meta's time for inbound, ours for outbound. delivery: outbound, what is known of it from all events.
    raw_path: inbound, its item of the webhook. content_sha256: inbound of the bytes at raw_path, outbound of the newest
    request.
    withheld: why text and bytes are not shown, "" if they are. leaves: the ledger's, all that speak of it.
    conversation, conversation_seqs: the ledger's random name of it, and this message's places in it.
    """

    ref: str
    person: str
    direction: Literal["inbound", "outbound"]
    kind: str
    t_written: datetime
    t_recorded: datetime
    text: str = ""
    content: Content | None = None
    wamid: str = ""
    author: Actor | None = None
    approver: Actor | None = None
    template: Template | None = None
    quotes: str = ""
    context_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    submissions: tuple[Submission, ...] = ()
    events: tuple[Event, ...] = ()
    delivery: Delivery | None = None
    content_sha256: str = ""
    raw_path: str = ""
    source: str = "live"
    withheld: str = ""
    conversation: str = ""
    conversation_seqs: tuple[int, ...] = ()
    leaves: tuple[int, ...] = ()
    is_main: bool = False
    """Whether the report is about this message, and not only shows it as context."""


class Button(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A button that was offered. meaning: confirmed, question or not_me."""

    id: str
    title: str
    meaning: str


Response = Literal["confirmed", "question", "not_me", "refused", "quoted", "other_channel"]


class Confirmation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Something that answers a notice; only one that counts confirms it, and counts_not says why another does not.

    channel: button, reply, call, visit, post. context_id: the notice's wamid, as the answer named it.
    decides: the outcome is what it is by this answer. recorded_by: staff, if nobody pressed a button; happened_at: when
    it happened, as they say.
    """

    seq: int
    response: Response
    channel: str
    t_received: datetime
    counts: bool
    decides: bool = False
    t_meta: int | None = None
    counts_not: str = ""
    button_id: str = ""
    button_title: str = ""
    context_id: str = ""
    wamid: str = ""
    text: str = ""
    identity_key_hash: str = ""
    document_sha256: str = ""
    recorded_by: Actor | None = None
    happened_at: datetime | None = None
    raw_path: str = ""
    attachments: tuple[Attachment, ...] = ()
    leaf: int | None = None


NoticeOutcome = Literal[
    "open",
    "confirmed",
    "confirmed_late",
    "question",
    "not_me",
    "refused",
    "disputed",
    "overdue",
    "failed",
    "withdrawn",
    "reached",
    "closed",
    "not_sent",
]
"""reached: as far as the office wanted, and nobody confirmed. closed: the office let it rest before that."""


class Notice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A legal notice. messages: the refs that carried it, with reminders. wanted_level: what the office asked for.

    outcome: what is recorded up to the report's time; `overdue` means no answer until t_deadline, nothing else.
    """

    notice_id: str
    title: str
    person: str
    text: str
    document: Attachment | None
    content_sha256: str
    author: Actor
    approver: Actor | None
    t_approved: datetime | None
    wanted_level: str
    t_deadline: datetime | None
    outcome: NoticeOutcome
    t_outcome: datetime | None = None
    buttons: tuple[Button, ...] = ()
    messages: tuple[str, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    events: tuple[Event, ...] = ()
    receipt_number: str = ""
    """What the receipt sent to the client said: the checkpoint's size and short root."""
    leaves: tuple[int, ...] = ()
