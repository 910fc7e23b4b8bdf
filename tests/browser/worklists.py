"""What waits for people, for the gallery: a full worklist, an empty one, a conversation full of decisions."""

from datetime import timedelta

from tests.web.messages import NOW, outbound, person, view
from wabridge.model.conversation import ConversationView
from wabridge.model.decision import Decision, Handover, Likeness
from wabridge.model.delivery import Delivery
from wabridge.model.ids import ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.offers import Offer
from wabridge.model.pacing import Wait
from wabridge.model.worklist import KINDS, Stop, Task, Worklist

LONG_NAME = "Ny. Raden Ayu Sri Wahyuningsih Kusumadewi Hadiningrat binti Suryokusumo"
LONG_WORD = "https://contoh.example/" + "sangatpanjang" * 20

_UNKNOWN = Delivery(status="unknown")
_LOST = Handover(
    opened_at=NOW - timedelta(minutes=5), outcome="unknown", reason="timeout", response_status=502, settled_by="answer"
)
_CLOSED = Decision(
    kind="close",
    at=NOW,
    actor_kind="staff",
    actor_name="Sari Lestari, S.H., M.H.",
    status="unknown",
    after_attempts=1,
    note="Sudah ditelepon; katanya belum menerima apa-apa. " + LONG_WORD,
)
_AGAIN = Decision(
    kind="resend", at=NOW, actor_kind="staff", actor_name="Sari", status="unknown", after_attempts=1, note=""
)


def full() -> Worklist:
    """Return a worklist with one task of each kind, both kinds of stops, and items in quarantine."""
    tasks = tuple(
        Task(
            kind=kind,
            since=NOW - timedelta(hours=30 - n),
            conversation_id=ConversationId(n + 1) if kind != "identity_changed" else None,
            contact=person(LONG_NAME if n == 1 else "Budi Santoso"),
            message_id=MessageId(n + 1) if kind != "identity_changed" else None,
            message_kind="text" if kind != "identity_changed" else None,
            text=LONG_WORD if n == 2 else "Baik, Pak. Sidang hari Kamis pukul 10, mohon membawa KTP asli.",
            author_name="Sari Lestari, S.H., M.H.",
            failure_code=131026,
        )
        for n, kind in enumerate(KINDS)
    )
    stops = (Stop(since=NOW, reason="refused", code=190), Stop(since=NOW, reason="Salah daftar penerima", by="Sari"))
    return Worklist(tasks=tasks, counts=dict.fromkeys(KINDS, 1), stops=stops, waiting=4, quarantined=2)


def empty() -> Worklist:
    """Return the worklist of a good day."""
    return Worklist(tasks=(), counts=dict.fromkeys(KINDS, 0))


def held() -> ConversationView:
    """Return a long text whose second part failed, so that the ones behind it are held."""
    failed = Delivery(status="failed", failed_at=NOW, failure_code=131026)
    read = Delivery(status="delivered", delivered_at=NOW)
    parts = (
        outbound(60, text="Bagian pertama. " * 40, delivery=read),
        outbound(61, text="Bagian kedua. " * 40, delivery=failed),
        *(
            outbound(n, text="Bagian berikutnya. " * 30 + LONG_WORD, hold="part", queued_with=MessageId(60))
            for n in (62, 63)
        ),
    )
    return view(*parts, offers={MessageId(61): Offer(None, may_close=True)})


def undoing() -> ConversationView:
    """Return what one click has sent and what one click takes back, or only one of it."""
    until = NOW + timedelta(seconds=8)
    return view(*(outbound(n, undo_until=until, queued_with=MessageId(70)) for n in (70, 71, 72)))


def stranded() -> ConversationView:
    """Return what was written for a number from which the office no longer sends."""
    wait = {MessageId(80): Wait("other_number")}
    return view(outbound(80), waits=wait, is_read_only=True)


def deciding() -> ConversationView:
    """Return a conversation whose messages wait for decisions, or have had them."""
    failed = Delivery(status="failed", failed_at=NOW, failure_code=131026)
    like = Likeness(reported_at=NOW, arrived_at=NOW, code=131026, title="Undeliverable")
    shown: dict[Message, Offer | None] = {
        outbound(50, delivery=_UNKNOWN, handovers=(_LOST,), likenesses=(like,)): Offer(None, may_close=True),
        outbound(51, delivery=_UNKNOWN, handovers=(_LOST,)): Offer("window_closed", may_close=True),
        outbound(52, delivery=_UNKNOWN, handovers=(_LOST,)): Offer("too_early", may_close=False),
        outbound(53, delivery=_UNKNOWN, handovers=(_LOST,), decisions=(_CLOSED,), is_closed=True): Offer(
            None, may_close=False
        ),
        outbound(54, delivery=_UNKNOWN, handovers=(_LOST,), decisions=(_AGAIN,), resends=True): Offer(
            "under_way", may_close=False
        ),
        outbound(55, delivery=Delivery(status="delivered", delivered_at=NOW), decisions=(_CLOSED,)): None,
        outbound(56, delivery=failed): Offer(None, may_close=True),
        outbound(57, delivery=failed): Offer("pointless", may_close=True),
        outbound(58, undo_until=NOW + timedelta(seconds=8)): None,
    }
    return view(*shown, offers={message.id: offer for message, offer in shown.items() if offer})
