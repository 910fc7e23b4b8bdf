"""Legal notices as tests of the rules compose them: one that was approved for Ada and sent to her."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tests.arrivals import ADA
from wabridge.model.delivery import Delivery, Status
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, MessageId, NoticeId
from wabridge.model.notice import Approval, Carrier, EventKind, Notice, NoticeEvent, Version, Who, build_content

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
DEADLINE = NOON + timedelta(days=3)
NONCE, OLD_NONCE, STRANGE_NONCE = "a" * 32, "b" * 32, "c" * 32
RINA, DEWI = Who("staff", 1, "Rina"), Who("staff", 2, "Dewi")
PROGRAM = Who("rule", 0, "notices")


def version(**changes: Any) -> Version:
    """Compose a version."""
    text = "Sidang Anda dijadwalkan pada Senin, 30 November 2026."
    plain = Version(
        id=1,
        number=1,
        title="Jadwal sidang",
        matter="12/Pdt.G/2026",
        text=text,
        document=None,
        language="id",
        wanted="confirmed",
        deadline_at=DEADLINE,
        content=build_content(number="NH-2026-000001", text=text, document=None, language="id"),
        author=DEWI,
        created_at=NOON,
    )
    return msgspec.structs.replace(plain, **changes)


def approval(*, recipient: Person = ADA, version_id: int = 1, key_hash: str | None = None) -> Approval:
    """Compose an approval."""
    return Approval(
        version_id=version_id,
        at=NOON,
        by=RINA,
        sha256="0" * 64,
        recipient=recipient,
        recipient_name="Ada Example",
        key_hash=key_hash,
    )


def carrier(status: Status = "sent", *, nonce: str = NONCE, message_id: int = 1, **changes: Any) -> Carrier:
    """Compose a message of the notice."""
    plain = Carrier(
        message_id=MessageId(message_id),
        purpose="notice",
        version_id=1,
        nonce=nonce,
        commitment="0" * 64,
        at=NOON,
        delivery=Delivery(status=status),
        wamids=(f"wamid.N{message_id}",),
    )
    return msgspec.structs.replace(plain, **changes)


def event(kind: EventKind, word: str | None = None, *, at: datetime = NOON, **changes: Any) -> NoticeEvent:
    """Compose an event; each gets an id by its place in `notice`."""
    return msgspec.structs.replace(NoticeEvent(id=0, kind=kind, at=at, by=RINA, word=word), **changes)


def notice(*events: NoticeEvent, **changes: Any) -> Notice:
    """Compose a notice that was approved and sent, with these events after that."""
    plain = Notice(
        id=NoticeId(7),
        number="NH-2026-000001",
        conversation_id=ConversationId(1),
        contact_id=ContactId(1),
        author=DEWI,
        created_at=NOON,
        versions=(version(),),
        approvals=(approval(),),
        carriers=(carrier(),),
        events=tuple(msgspec.structs.replace(each, id=number) for number, each in enumerate(events, 1)),
    )
    return msgspec.structs.replace(plain, **changes)
