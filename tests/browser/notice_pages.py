"""Legal notices for the gallery: the list full and empty, one notice in each state, the forms."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec

from tests.notices import DEADLINE, NOON, OLD_NONCE, approval, carrier, event, notice, version
from tests.web.messages import NOW, line, person
from wabridge.core.notice_lists import Overview, View
from wabridge.errors import NoticeChanged
from wabridge.model.delivery import Delivery
from wabridge.model.followup import next_step
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, MessageId, NoticeId
from wabridge.model.message import Message
from wabridge.model.notice import MEANS, OUTCOMES, WANTED, Document, Notice, NoticeEvent, Who
from wabridge.model.notice_level import Bucket, stand
from wabridge.web import notice_files, notice_timeline, notice_words, remarks

LONG_WORD = "https://contoh.example/" + "sangatpanjang" * 20
_PAPER = Document(file_id=1, name=f"{LONG_WORD}.pdf", mime_type="application/pdf", size_bytes=9, sha256="ab" * 32)
_PROGRAM = Who("rule", 0, "notices")

Case = tuple[str, dict[str, Any]]


def cases() -> dict[str, Case]:
    """Return every page of notices."""
    silent = notice(event("overdue", at=DEADLINE), event("escalated", "overdue", note="Rina, Dewi", by=_PROGRAM))
    drafted = notice(event("drafted"), carriers=(), approvals=())
    failed = notice(carriers=(carrier("failed"),))
    longer = version(id=2, number=2, title=LONG_WORD[:100], text=LONG_WORD * 8, document=_PAPER)
    long = msgspec.structs.replace(drafted, versions=(version(), longer))
    doubtful = Alert(
        id=3, contact_id=ContactId(1), kind="keys_changed", happened_at=NOW, raised_at=NOW, old_value="a", new_value="b"
    )
    disowned = Alert(id=4, contact_id=ContactId(1), kind="disowned", happened_at=NOW, raised_at=NOW)
    return {
        "notices": (
            "notices.html",
            {"overview": _overview(silent, failed, _answered(), drafted, long), "before": None},
        ),
        "notices-empty": ("notices.html", {"overview": Overview({}, (), 0, {}), "before": None}),
        "notices-older": ("notices.html", {"overview": _overview(over=40), "before": 40}),
        "notice-draft": _page(drafted),
        "notice-long": _page(long),
        "notice-enough": _page(notice(versions=(version(wanted="delivered"),), carriers=(carrier("delivered"),))),
        "notice-another": _page(drafted, needs_another=True),
        "notice-doubtful": _page(drafted, alerts=(disowned, doubtful)),
        "notice-approved": _page(notice(event("approved", version_id=1), carriers=())),
        "notice-overdue": _page(silent),
        "notice-answered": _page(_answered()),
        "notice-refused": _page(silent, refusal=notice_words.REFUSALS[NoticeChanged], outcome="refused"),
        "notice-new": _form({}),
        "notice-edit": _form({"title": "Judul", "text": LONG_WORD * 8, "deadline": "2026-11-30T10:00"}, long),
        "notice-unfit": _form({"title": ""}, refusal=remarks.REFUSED),
    }


def about(shown: Sequence[Message]) -> dict[MessageId, Any]:
    """Return what some messages of a conversation have to do with a notice."""
    roles = (("notice", None, None), ("answer", "not_counted", "other_identity"), ("receipt", None, None))
    marked = zip((message.id for message in shown[:3]), roles, strict=False)
    return {
        message_id: SimpleNamespace(notice_id=7, number="NH-2026-000001", role=role, word=word, objection=objection)
        for message_id, (role, word, objection) in marked
    }


def _answered() -> Notice:
    """Return a notice to which everything has happened."""
    at = NOON + timedelta(hours=1)
    verdicts = ("confirmed", "confirmed_late", "repeated", "question", "not_me", "responded", "not_counted")
    answers = [
        event("answered", word, happened_at=at, message_id=MessageId(5), note="Sudah saya baca", by=_PROGRAM)
        for word in verdicts
    ]
    objections = [
        event("answered", "not_counted", objection=word, happened_at=at, note="Sudah saya baca", by=_PROGRAM)
        for word in notice_words.OBJECTIONS
    ]
    worries = [event("escalated", word, note=name, by=_PROGRAM) for word, name in _worried()]
    records: list[NoticeEvent] = [
        event(
            "recorded", outcome, means=means, happened_at=at, note=LONG_WORD, reference="RR123456789ID", document=_PAPER
        )
        for outcome, means in zip(OUTCOMES, MEANS, strict=False)
    ]
    others = [
        event("reminded", "1", message_id=MessageId(6), by=_PROGRAM),
        event("reminded", "2", objection="WindowClosed", by=_PROGRAM),
        event("receipt", objection="Other", by=_PROGRAM),
        event("corrected", corrects=1, note="Keliru"),
    ]
    whole = notice(records[0], *answers, *objections, *worries, *records[1:], *others)
    failed = Delivery(status="failed", failed_at=at, failure_code=131026)
    read = Delivery(status="read", accepted_at=at, sent_at=at, delivered_is_implied=True, read_at=at, conflict=True)
    carriers = (carrier("failed", nonce=OLD_NONCE, delivery=failed), carrier(message_id=2, delivery=read))
    return msgspec.structs.replace(whole, carriers=carriers, approvals=(approval(key_hash="kunci"),))


def _worried() -> list[tuple[str, str]]:
    return [(word, "" if n == 0 else "Rina") for n, word in enumerate(notice_words.WORRIES)]


def _overview(*open_: Notice, over: int = 2) -> Overview:
    placed: dict[Bucket, tuple[Notice, ...]] = {}
    for found in open_:
        bucket = stand(found).bucket
        placed[bucket] = (*placed.get(bucket, ()), found)
    done = tuple(
        msgspec.structs.replace(notice(event("answered", "confirmed")), id=NoticeId(100 + n)) for n in range(over)
    )
    return Overview(placed, done, over, {ContactId(1): person("Ny. Raden Ayu Sri Wahyuningsih")}, cursor=3)


def _page(
    shown: Notice,
    *,
    alerts: tuple[Alert, ...] = (),
    needs_another: bool = False,
    refusal: Any = None,
    outcome: str = "",
) -> Case:
    standing = stand(shown)
    return "notice.html", {
        "view": View(shown, standing, person(), alerts, NOW, window_is_open=True),
        "notice": shown,
        "standing": standing,
        "version": shown.version,
        "step": next_step(shown, standing),
        "timeline": notice_timeline.lines(shown),
        "replies": [e for e in shown.events if e.word == "responded"],
        "needs_another": needs_another,
        "refusal": refusal,
        "typed": {"outcome": outcome, "form": "record" if outcome else ""},
        "now_local": "2026-11-23T10:00",
        "body_limit": 1024,
        "note_limit": 500,
        "reference_limit": 100,
        "outcomes": OUTCOMES,
        "means": MEANS,
        "unfit": None,
        "scan_types": notice_files.SCAN_TYPES,
    }


def _form(typed: dict[str, str], shown: Notice | None = None, *, refusal: Any = None) -> Case:
    return "notice_form.html", {
        "line": line(person()),
        "notice": shown,
        "typed": typed,
        "wanted": WANTED,
        "refusal": refusal,
        "title_limit": 100,
        "text_limit": 20000,
        "body_limit": 1024,
        "unfit": None,
        "document_types": notice_files.DOCUMENT_TYPES,
    }
