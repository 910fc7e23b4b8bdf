"""Every page in every state, drawn from plain objects and served with the real style sheet and security policy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.browser import every_kind
from tests.web.messages import NOW, inbound, line, outbound, person, view
from wabridge.errors import TextTooLong
from wabridge.model.banner import Banner, BannerKind
from wabridge.model.conversation import ConversationView
from wabridge.model.delivery import Delivery
from wabridge.model.ids import ConversationId, EventId, MessageId, StaffId, WebhookId
from wabridge.model.message import Message, StatusEvent
from wabridge.model.pacing import ContactMark, Wait
from wabridge.model.page import Page
from wabridge.model.quarantine import QuarantinedLine, Trial
from wabridge.model.staff import StaffMember
from wabridge.web import reasons, remarks, rendering, waits
from wabridge.web.language import Speech
from wabridge.web.quarantine import Content

SARI = StaffMember(StaffId(1), "sari", "Sari Lestari, S.H., M.H.", "lawyer", "id", has_password=True)
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)
LONG_NAME = "Ny. Raden Ayu Sri Wahyuningsih Kusumadewi Hadiningrat binti Suryokusumo"
LONG_WORD = "https://contoh.example/" + "sangatpanjang" * 20

Case = tuple[str, dict[str, Any]]


def _at(minutes: int) -> Any:
    return NOW + timedelta(minutes=minutes)


def _reported(status: str, minutes: int, **more: Any) -> StatusEvent:
    at = _at(minutes)
    return StatusEvent(status=status, reported_at=at, first_arrived_at=at, last_arrived_at=at, repeats=1, **more)


def _messages() -> tuple[Message, ...]:
    known = Delivery(status="read", accepted_at=_at(1), sent_at=_at(1), delivered_at=_at(2), read_at=_at(1500))
    failed = Delivery(status="failed", accepted_at=_at(1), failed_at=_at(2), failure_code=131026)
    odd = Delivery(status="delivered", delivered_at=_at(2), failed_at=_at(3), failure_code=1, conflict=True, twice=True)
    reports = (
        _reported("sent", 1),
        _reported("delivered", 2),
        _reported("failed", 3, code=131026, title="Undeliverable"),
    )
    deliveries = [
        known,
        failed,
        odd,
        Delivery(status="read", accepted_at=_at(1), delivered_is_implied=True, read_at=_at(3)),
        *(Delivery(status=status) for status in ("unknown", "sent", "delivered", "cancelled")),
    ]
    ours = [
        outbound(20 + n, delivery=delivery, events=reports, failure_details="Message undeliverable")
        for n, delivery in enumerate(deliveries)
    ]
    return (
        inbound(1, text=f"Selamat siang.\n\nSaya mau bertanya soal warisan.\n{LONG_WORD}", written_at=_at(-3000)),
        inbound(2, text="gambar\u202egnp.exe", is_doubtful=True, versions=2, quoted_id=MessageId(1)),
        inbound(3, text="السلام عليكم ورحمة الله"),
        inbound(4, kind="image", text=None),
        inbound(5, kind="unreadable", text=None),
        *ours,
        outbound(40, author_kind="token", author_name="Sistem perkara", quoted_id=MessageId(99)),
        outbound(41, hold="late"),
        outbound(42, tries=3),
    )


def _conversation(shown: ConversationView, **more: Any) -> Case:
    given: dict[str, Any] = {
        "view": shown,
        "by_id": {message.id: message for message in shown.messages},
        "arrivals": 0,
        "before": None,
        "may_write": shown.window_is_open and not shown.is_read_only,
        "form_token": "t",
        "text_limit": 4096,
        "refusal": None,
        "draft": "",
    }
    return "conversation.html", {**given, **more}


def _waiting() -> ConversationView:
    """Return a conversation with one message for each reason to wait, and everything that is said about a person."""
    pending = Delivery(status="pending")
    reasons_to_wait = {MessageId(50 + n): Wait(reason, _at(1), 131056) for n, reason in enumerate(waits.WAITS)}
    marks = tuple(ContactMark(kind, 131026, _at(-90), _at(-30), 2) for kind in waits.MARKS)
    return view(*(outbound(i, delivery=pending) for i in reasons_to_wait), waits=reasons_to_wait, marks=marks)


def _lines() -> Page[Any]:
    given = {"preview_kind": "text", "preview_text": "Baik, berkasnya kami terima.\nTerima kasih", "unread": 0}
    people = (
        person(),
        person(LONG_NAME, standing="client"),
        person("", standing="former"),
        person("", phone=None),
        None,
    )
    statuses = ("read", "delivered", "failed", "unknown", None)
    return Page(
        tuple(
            line(
                contact,
                **{**given, "id": ConversationId(n + 1), "unread": max(0, 2 - n)},
                preview_direction="outbound" if status else "inbound",
                preview_status=status,
                window_closes_at=_at(60 * n - 60),
            )
            for n, (contact, status) in enumerate(zip(people, statuses, strict=True))
        ),
        "1.2.3",
    )


def _quarantine() -> dict[str, Case]:
    given: dict[str, Any] = {"webhook_id": WebhookId(7), "arrived_at": NOW, "last_arrived_at": NOW, "set_aside_at": NOW}
    place = "/entry/0/changes/0/value/messages/0"
    message = QuarantinedLine(
        id=EventId(12), pointer=place, kind="message", reason="cannot be filed: KeyError", repeats=2,
        conversation_id=ConversationId(1), message_id=MessageId(5), **given,
    )  # fmt: skip
    whole = QuarantinedLine(id=EventId(3), pointer="", kind="unreadable", reason=LONG_WORD, repeats=0, **given)
    text = '{\n  "id": "wamid.X",\n  "text": "' + LONG_WORD + '"\n}'
    content = Content(text=text, is_exact=True, is_shortened=True, sha256="0" * 64, size_bytes=4000)
    shown = {"line": message, "trials": (Trial(NOW, "command line", "unreadable: not JSON"),), "content": content}
    return {
        "quarantine": ("quarantine.html", {"page": Page((message, whole), "3"), "number": 2, "reasons": reasons}),
        "quarantine-empty": ("quarantine.html", {"page": Page(()), "number": 0, "reasons": reasons}),
        "quarantined": ("quarantined.html", {**shown, "reasons": reasons}),
        "quarantined-whole": (
            "quarantined.html",
            {"line": whole, "trials": (), "content": None, "reasons": reasons},
        ),
    }


def cases() -> dict[str, Case]:
    """Return each page's template and what it is drawn from."""
    kinds = BannerKind.__args__  # type: ignore[attr-defined]  # a Literal knows its words
    banners = tuple(
        Banner(kind=k, severity="danger", count=2, since=NOW, conversation_id=1, detail="190") for k in kinds
    )
    account = {"here": "/account", "done": None, "refusal": None}
    return {
        "inbox": ("inbox.html", {"page": _lines(), "unread": 2}),
        "inbox-empty": ("inbox.html", {"page": Page(()), "unread": 0}),
        "inbox-alarmed": ("inbox.html", {"page": _lines(), "unread": 2, "banners": banners}),
        "conversation": _conversation(view(*_messages(), earlier=MessageId(1), blocked_until=_at(2))),
        "conversation-waiting": _conversation(_waiting()),
        "conversation-kinds": _conversation(view(*every_kind.messages())),
        "conversation-empty": _conversation(view()),
        "conversation-closed": _conversation(view(inbound(), line=line(person()), window_is_open=False)),
        "conversation-group": _conversation(view(inbound(), line=line(None), window_is_open=False, is_read_only=True)),
        "conversation-refused": _conversation(
            view(inbound()), refusal=remarks.REFUSALS[TextTooLong], draft="Panjang sekali. " * 300
        ),
        "account": ("account.html", account),
        **_quarantine(),
        "login": ("login.html", {"staff": None, "login": "sari", "error": ValueError(), "next": "/inbox"}),
        "link": ("signin_link.html", {"staff": None, "link_for": SARI}),
        "link-used": ("signin_link.html", {"staff": None, "link_for": None}),
        "unsent": (
            "unsent.html",
            {"conversation_id": 1, "refusal": remarks.REFUSED, "draft": "Isi", "form_token": "t"},
        ),
        "error": ("error.html", {"said": remarks.ERROR_PAGES[404], "reason": remarks.REFUSED, "status_code": 404}),
    }


@asynccontextmanager
async def serve_gallery() -> AsyncIterator[str]:
    """Serve the pages on a free port of loopback and yield the address."""
    pages = rendering.read_pages()
    drawn = cases()

    async def show(request: web.Request) -> web.Response:
        spoken, (template, context) = request.match_info["spoken"], drawn[request.match_info["name"]]
        standing = {
            "banners": (),
            "csrf": "c",
            "here": "/inbox",
            "now": NOW,
            "office_name": "Kantor Hukum",
            "staff": SARI,
        }
        speech = Speech(spoken, pages.catalogues[spoken], ZoneInfo("Asia/Jakarta"))
        said = rendering.draw(pages, template, speech, {**standing, **context})
        return web.Response(text=said, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    app = web.Application()
    app.router.add_get("/{spoken:id|en}/{name}", show)
    rendering.add_static(app.router)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
