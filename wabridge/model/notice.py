"""A legal notice: an important message with a ladder of its own, proof of what was approved, and a follow-up.

A notice is drafted, approved as it stands (its content is frozen by a checksum, its recipient by their identities),
sent as a message with three buttons, and answered. Everything that happens to it is an event that is only ever added.
How far it has come is computed from the events by `notice_level`; whether an answer counts, by `confirmation`.
"""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from wabridge.model.delivery import Delivery
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, MessageId, NoticeId
from wabridge.model.media import Kept
from wabridge.model.staff import ActorKind

Choice = Literal["yes", "question", "notme"]
"""The three buttons: I have read it; I have a question; this is not me. Without the last two the first says little."""

CHOICES: tuple[Choice, ...] = ("yes", "question", "notme")
TITLES: dict[str, dict[Choice, str]] = {
    "id": {"yes": "Sudah saya baca", "question": "Ada pertanyaan", "notme": "Bukan saya"},
    "en": {"yes": "I have read this", "question": "I have a question", "notme": "This is not me"},
}
"""What stands on the buttons, by the notice's language; at most 20 characters."""

Wanted = Literal["delivered", "displayed", "confirmed"]
"""How far the office wants it to come: below that it asks for follow-up."""
WANTED: tuple[Wanted, ...] = ("confirmed", "displayed", "delivered")

Purpose = Literal["notice", "reminder", "receipt"]
"""What a message of a notice is for. Only the first carries the notice; a reminder asks again, a receipt answers."""

EventKind = Literal[
    "drafted",
    "edited",
    "approved",
    "approval_voided",
    "queued",
    "withdrawn",
    "answered",
    "receipt",
    "reminded",
    "escalated",
    "overdue",
    "recorded",
    "corrected",
    "closed",
]
"""edited: another version took the place of the one before. queued: somebody pressed send. answered: a button or a
quoting reply, judged. escalated: the people named for it were told. recorded: a person says what came by another way.
corrected: a person says that an earlier record was wrong."""

Means = Literal["call", "visit", "letter", "reply", "other"]
"""By what a confirmation came that no button gave. letter: a registered one, with the signed receipt; reply: what the
person wrote in the conversation, read by somebody of the office."""
MEANS: tuple[Means, ...] = ("call", "visit", "letter", "reply", "other")

Outcome = Literal["confirmed", "question", "refused", "not_me"]
OUTCOMES: tuple[Outcome, ...] = ("confirmed", "question", "refused", "not_me")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a notice. sha256: of its bytes, in hexadecimal; file_id: of the stored file."""

    file_id: int
    name: str
    mime_type: str
    size_bytes: int
    sha256: str


class NewFile(NamedTuple):
    """A file in the vault that no notice names yet. mime_type: by its bytes; name: the one it is sent under."""

    kept: Kept
    name: str
    mime_type: str
    sha256: str


class Who(msgspec.Struct, frozen=True):
    """Who did something, as they were called then."""

    kind: ActorKind
    id: int
    name: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says, as one person wrote it; it never changes. number: from 1.

    content: the exact bytes that an approval freezes, see build_content. deadline_at: until when an answer is awaited.
    """

    id: int
    number: int
    title: str
    matter: str
    text: str
    document: Document | None
    language: str
    wanted: Wanted
    deadline_at: datetime | None
    content: bytes
    author: Who
    created_at: datetime

    @property
    def sha256(self) -> str:
        """The checksum of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's word that a version may go, to the person as they were known then.

    sha256: of the content. recipient: the identities shown to the approver. key_hash: WhatsApp's fingerprint of the
    recipient's keys, if it was known. alert_id: the newest identity alert there was then, all resolved.
    """

    version_id: int
    at: datetime
    by: Who
    sha256: str
    recipient: Person
    recipient_name: str
    key_hash: str | None = None
    alert_id: int | None = None


class Carrier(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the notice. nonce: what its buttons carry; commitment: in hexadecimal, what Meta repeats.

    wamids: of the attempts that have one; is_open: some attempt may have reached Meta under an id nobody knows.
    """

    message_id: MessageId
    purpose: Purpose
    version_id: int
    nonce: str
    commitment: str
    at: datetime
    delivery: Delivery
    wamids: tuple[str, ...] = ()
    is_open: bool = False


class NoticeEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a notice.

    at: by our clock. happened_at: by Meta's clock for an answer, as somebody said for a record. word: the verdict of an
    answer, the outcome of a record. objection: why an answer does not confirm. means, reference, document: of a record.
    corrects: the event that this one says was wrong.
    """

    id: int
    kind: EventKind
    at: datetime
    by: Who
    happened_at: datetime | None = None
    message_id: MessageId | None = None
    version_id: int | None = None
    word: str | None = None
    objection: str | None = None
    means: Means | None = None
    note: str = ""
    reference: str = ""
    document: Document | None = None
    corrects: int | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A legal notice with everything that happened to it, oldest first. number: the office's reference number."""

    id: NoticeId
    number: str
    conversation_id: ConversationId
    contact_id: ContactId
    author: Who
    created_at: datetime
    versions: tuple[Version, ...]
    approvals: tuple[Approval, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    events: tuple[NoticeEvent, ...] = ()

    @property
    def version(self) -> Version:
        """What it says now."""
        return self.versions[-1]

    @property
    def told(self) -> Version:
        """What the person was sent last; of a notice that never went, what it says now."""
        sent = self.sent[-1].version_id if self.sent else None
        return next((each for each in self.versions if each.id == sent), self.version)

    @property
    def approval(self) -> Approval | None:
        """The approval that holds: one of the newest version, since nothing has changed."""
        return next((each for each in self.approvals if each.version_id == self.version.id), None)

    @property
    def sent(self) -> tuple[Carrier, ...]:
        """The messages that carry the notice itself and were not withdrawn, oldest first."""
        return tuple(c for c in self.carriers if c.purpose == "notice" and c.delivery.status != "cancelled")

    @property
    def is_underway(self) -> bool:
        """Whether a message with the notice may reach the person, or has."""
        return any(carrier.delivery.status != "failed" for carrier in self.sent)

    @property
    def nonce(self) -> str | None:
        """What the buttons carry that count now: those of the newest sending."""
        return self.sent[-1].nonce if self.sent else None

    @property
    def counting(self) -> tuple[NoticeEvent, ...]:
        """The events that nobody has corrected."""
        wrong = {event.corrects for event in self.events if event.corrects is not None}
        return tuple(event for event in self.events if event.id not in wrong)


def build_number(year: int, sequence: int) -> str:
    """Return the reference number, for example "NH-2026-000123"."""
    return f"NH-{year:04d}-{sequence:06d}"


def build_content(*, number: str, text: str, document: Document | None, language: str) -> bytes:
    """Return the exact bytes that an approval freezes: what the person will see, and nothing of what they won't."""
    return msgspec.json.encode(
        {
            "number": number,
            "text": text,
            "document": None if document is None else [document.name, document.mime_type, document.sha256],
            "footer": footer(number),
            "buttons": [TITLES[language][choice] for choice in CHOICES],
        }
    )


def footer(number: str) -> str:
    """Return the line under a notice, in whatever language."""
    return f"Ref. {number}"


def short_hash(sha256: str) -> str:
    """Return the first and the last eight digits of a checksum, as a receipt shows them."""
    return f"{sha256[:8]}…{sha256[-8:]}"
