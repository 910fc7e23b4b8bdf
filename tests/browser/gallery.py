"""Every page in every state, drawn from plain objects and served with the real style sheet and security policy."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from tests.browser import (
    account_pages,
    compose_pages,
    every_file,
    every_kind,
    evidence_pages,
    export_pages,
    notice_pages,
    search_pages,
    sent_kinds,
    signin_pages,
    template_pages,
    worklists,
)
from tests.web.messages import NOW, inbound, line, outbound, person, view
from wabridge.core.sending import TakenBack
from wabridge.errors import NewerMessage, OtherChat, PhoneTaken, TextTooLong
from wabridge.model.banner import Banner, BannerKind
from wabridge.model.contact import STANDINGS, Contact, Identity, IdentityKind
from wabridge.model.conversation import ConversationView
from wabridge.model.delivery import Delivery
from wabridge.model.identity import Alert
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId, StaffId, WebhookId
from wabridge.model.message import Message, StatusEvent
from wabridge.model.pacing import ContactMark, Wait
from wabridge.model.page import Page
from wabridge.model.profile import Done, Profile
from wabridge.model.quarantine import QuarantinedLine, Trial
from wabridge.model.source import Source
from wabridge.model.staff import StaffMember
from wabridge.web import ladder, people, reasons, remarks, rendering, waits
from wabridge.web.language import Speech
from wabridge.web.originals import Original
from wabridge.web.sources import PARTS, Piece

SARI = StaffMember(StaffId(1), "sari", "Sari Lestari, S.H., M.H.", "lawyer", "id", has_password=True)
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'"
)
LONG_NAME = "Ny. Raden Ayu Sri Wahyuningsih Kusumadewi Hadiningrat binti Suryokusumo"
LONG_WORD = "https://contoh.example/" + "sangatpanjang" * 20

NAMED = msgspec.structs.replace(person(), own_name="Pak Budi (perkara 12)")

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
        "seen": 0,
        "newer": (),
        "about": None,
        "before": None,
        "may_write": shown.window_is_open and not shown.is_read_only,
        "form_token": "t",
        "text_limit": 4096,
        "refusal": None,
        "types_visibly": True,
        "parts_needed": None,
        "quoted": None,
        "waiting": (),
        "unfit": None,
        "draft": "",
        "typed": {},
        "taken_back": None,
        "together": {},
        "note_limit": 500,
        "may_notify": True,
        "about_notices": notice_pages.about(shown.messages),
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
    content = Original(kept=text.encode(), text=text, is_exact=True, is_shortened=True, sha256="0" * 64)
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


def _profile() -> Profile:
    """Return somebody about whom there is everything to say."""

    def known(kind: IdentityKind, value: str, minutes: int, **more: Any) -> Identity:
        return Identity(kind, value, _at(minutes), _at(minutes + 9), confirmed_at=_at(minutes), **more)

    identities = (
        known("phone", "6281234567890", -90000, replaced_at=_at(-10)),
        known("phone", "6281299998888", -10, learned="system"),
        known("phone", "6281277776666", -99000, moved_at=_at(-500)),
        known("user_id", "ID.13491208655302741918", -90000, replaced_at=_at(-10)),
        known("user_id", "ID.99887766554433221100" + "9" * 100, -10, learned="status"),
        known("username", "ratna.wulandari_1990", -300),
        Identity("phone", "6221500123", _at(-5), _at(-5), "hand"),
    )
    contact = Contact(
        ContactId(1), LONG_NAME, "client", _at(-90000), identities, given_name="Ibu Ratna (perkara waris)"
    )
    alert = Alert(
        id=4, contact_id=1, kind="number_changed", happened_at=_at(-10), raised_at=_at(-9), old_value="6281234567890",
        new_value="6281299998888",
    )  # fmt: skip
    done = Alert(
        id=2, contact_id=1, kind="number_passed_on", happened_at=_at(-500), raised_at=_at(-500), resolved_at=_at(-400),
        new_value="6281277776666", other_contact_id=2, resolution="call", note="Suaranya dikenal, " * 9,
        actor_name="Sari Lestari, S.H., M.H.",
    )  # fmt: skip
    acts = tuple(Done(_at(-60), "Sari Lestari, S.H., M.H.", verb, "Ibu Ratna") for verb in people.DONE)
    other = person(LONG_NAME)
    return Profile(
        contact=contact, alerts=(alert, done), conversation_ids=(ConversationId(1),), joined=(other,),
        likely_same=(person("", phone=None),), acts=acts,
    )  # fmt: skip


def _contact() -> dict[str, Case]:
    given: dict[str, Any] = {
        "refusal": None, "taken_by": None, "typed": {}, "saved": None, "standings": STANDINGS, "name_limit": 100,
        "note_limit": 500, "may_change": True, "here": "/contacts/1",
    }  # fmt: skip
    profile = _profile()
    return {
        "contact": ("contact.html", {**given, "profile": profile}),
        "contact-plain": ("contact.html", {**given, "profile": Profile(contact=person("", phone=None))}),
        "contact-refused": (
            "contact.html",
            {**given, "profile": Profile(contact=person()), "refusal": remarks.REFUSALS[PhoneTaken], "taken_by": 2},
        ),
        "conversation-doubtful": _conversation(
            view(
                inbound(),
                outbound(9, hold="identity"),
                line=line(profile.contact, window_closes_at=_at(900)),
                alerts=profile.alerts,
            )
        ),
        "conversation-deciding-doubtful": _conversation(
            msgspec.structs.replace(worklists.deciding(), alerts=profile.alerts[:1])
        ),
    }


def _worklist() -> dict[str, Case]:
    return {
        "conversation-deciding": _conversation(worklists.deciding()),
        "conversation-held": _conversation(worklists.held()),
        "conversation-undoing": _conversation(worklists.undoing(), together={MessageId(70): 3}),
        "conversation-stranded": _conversation(worklists.stranded(), may_notify=False),
        "conversation-taken-back": _conversation(
            view(inbound()),
            taken_back=TakenBack("Baik, Pak. " * 30, number=3, has_left=1, files=2),
            draft="Baik, Pak. " * 30,
        ),
        "conversation-brought-back": _conversation(view(inbound()), brought_back="words, no file", draft=LONG_WORD),
        "conversation-other-chat": _conversation(
            view(inbound()), refusal=remarks.REFUSALS[OtherChat], draft="Baik, Pak."
        ),
        "conversation-newer": _conversation(
            view(inbound(), inbound(2, text=LONG_WORD)),
            newer=(inbound(2, text="Pak, jangan dulu."), inbound(3, text=LONG_WORD)),
            refusal=remarks.REFUSALS[NewerMessage],
            draft="Baik, saya kirim sekarang.",
        ),
        "worklist": ("worklist.html", {"worklist": worklists.full()}),
        "worklist-empty": ("worklist.html", {"worklist": worklists.empty()}),
    }


def _sources() -> dict[str, Case]:
    given: dict[str, Any] = {"webhook_id": WebhookId(7), "arrived_at": NOW, "digest": bytes(32), "body": b""}
    place = "/entry/0/changes/0/value/messages/0"
    found = [
        Source(event_id=EventId(n), part=part, kind="message", pointer=place, **given)
        for n, part in enumerate(PARTS, 1)
    ]
    text = '{\n  "id": "wamid.X",\n  "text": "' + LONG_WORD + '"\n}'
    exact = Original(kept=text.encode(), text=text, is_exact=True, is_shortened=False, sha256="0" * 64)
    rewritten = Original(kept=b"{}", text="{}", is_exact=False, is_shortened=False, sha256="0" * 64)
    cut = (exact, rewritten, None, exact)
    pieces = [Piece(source, original) for source, original in zip(found, cut, strict=True)]
    reports = (_reported("sent", 1), _reported("read", 5), _reported("failed", 9, code=131026))
    known = Delivery(status="read", accepted_at=_at(1), delivered_is_implied=True, conflict=True, twice=True)
    odd = outbound(9, delivery=known, events=reports)
    return {
        "sources": ("sources.html", {"message": inbound(), "pieces": pieces, "ladder": None}),
        "sources-none": ("sources.html", {"message": outbound(), "pieces": [], "ladder": ladder.climb(outbound())}),
        "sources-ladder": ("sources.html", {"message": odd, "pieces": pieces[-1:], "ladder": ladder.climb(odd)}),
    }


def _conversations() -> dict[str, Case]:
    return {
        "conversation": _conversation(view(*_messages(), earlier=MessageId(1), blocked_until=_at(2))),
        "conversation-waiting": _conversation(_waiting()),
        "conversation-kinds": _conversation(view(*every_kind.messages())),
        "conversation-phone": _conversation(view(*every_kind.elsewhere(), line=line(NAMED))),
        "conversation-files": _conversation(view(*every_file.messages())),
        "conversation-sent": _conversation(view(*sent_kinds.messages()), quoted=inbound(2, text="Jadi, Pak. " * 30)),
        "conversation-empty": _conversation(view()),
        "conversation-attached": _conversation(
            view(inbound()), waiting=compose_pages.attached(), typed={"as_sound": "1"}, draft="Mohon didengar."
        ),
        **compose_pages.cases(),
        "conversation-closed": _conversation(view(inbound(), line=line(person()), window_is_open=False)),
        "conversation-group": _conversation(view(inbound(), line=line(None), window_is_open=False, is_read_only=True)),
        "conversation-refused": _conversation(
            view(inbound()), refusal=remarks.REFUSALS[TextTooLong], parts_needed=2, draft="Panjang sekali. " * 300
        ),
        "conversation-happenings": _conversation(account_pages.happenings()),
    }


def cases() -> dict[str, Case]:
    """Return each page's template and what it is drawn from."""
    kinds = BannerKind.__args__  # type: ignore[attr-defined]  # a Literal knows its words
    banners = tuple(
        Banner(kind=k, severity="danger", count=2, since=NOW, conversation_id=1, detail="190") for k in kinds
    )
    account = {"here": "/account", "done": None, "refusal": None}
    return {
        "inbox": ("inbox.html", {"page": _lines(), "unread": 2, "worklist": None}),
        "inbox-empty": ("inbox.html", {"page": Page(()), "unread": 0, "worklist": None}),
        "inbox-alarmed": (
            "inbox.html",
            {"page": _lines(), "unread": 2, "banners": banners, "worklist": worklists.full()},
        ),
        **_conversations(),
        "account": ("account.html", account),
        **evidence_pages.cases(),
        **export_pages.cases(),
        **account_pages.cases(),
        **notice_pages.cases(),
        **search_pages.cases(),
        **template_pages.cases(),
        **_contact(),
        **_quarantine(),
        **_sources(),
        **signin_pages.cases(SARI),
        **_worklist(),
        "unsent": (
            "unsent.html",
            {
                "conversation_id": 1,
                "refusal": remarks.REFUSED,
                "draft": "Isi",
                "form_token": "t",
                "quoted_id": None,
                "seen": 7,
            },
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
            "brought_back": None,
        }
        speech = Speech(spoken, pages.catalogues[spoken], ZoneInfo("Asia/Jakarta"))
        said = rendering.draw(pages, template, speech, {**standing, **context})
        return web.Response(text=said, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    app = web.Application()
    app.router.add_get("/{spoken:id|en}/{name}", show)
    app.router.add_get("/media/{number}{rest:.*}", every_file.give_out)
    rendering.add_static(app.router)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
