"""The page of the account at WhatsApp and what stands between messages, in every state."""

from datetime import timedelta
from typing import Any, get_args

from tests.web.messages import NOW, inbound, line, view
from tests.web.messages import person as contact
from wabridge.core.account import AccountView
from wabridge.model import account
from wabridge.model.account import News, NewsKind, NewsLine, Restriction, Told
from wabridge.model.contact import MarketingChoice
from wabridge.model.content import Call, Content, Field, GroupChange, Preference
from wabridge.model.conversation import ConversationView
from wabridge.model.ids import EventId
from wabridge.model.message import Message
from wabridge.model.outcome import Pause
from wabridge.model.page import Page

LONG = "SOMETHING_VERY_LONG_" * 6
ABOUT: dict[str, str] = {
    "number": "622150005000",
    "security": "622150005000",
    "templates": "pengingat_sidang_dengan_nama_yang_panjang_sekali (id)",
}


def cases() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return each state with its template and what it is drawn from."""
    lines = tuple(_line(n, kind) for n, kind in enumerate(get_args(NewsKind), 1))
    told = [Told(id=one.id, news=one.news, at=one.reported_at or NOW) for one in lines]
    full = AccountView(
        phone_number_id="106540352242922",
        state=account.derive(told, now=NOW),
        pause=Pause(NOW, "refused", 131042),
        counts=dict.fromkeys(account.SECTIONS, 12),
        foreign=2,
    )
    quiet = AccountView(
        phone_number_id="106540352242922", state=account.derive([], now=NOW), pause=None, counts={}, foreign=0
    )
    return {
        "whatsapp": _page(full, Page(lines, "7"), section="alerts"),
        "whatsapp-empty": _page(quiet, Page(())),
    }


def _page(shown: AccountView, page: Page[NewsLine], *, section: str | None = None) -> tuple[str, dict[str, Any]]:
    sections = [name for name in account.SECTIONS if shown.counts.get(name)]
    given = {"view": shown, "page": page, "section": section, "sections": sections}
    return "whatsapp.html", {**given, "here": "/whatsapp"}


def _line(number: int, kind: NewsKind) -> NewsLine:
    manner = account.KINDS[kind]
    news = News(
        kind=kind,
        field="some_update",
        word=LONG if number % 5 == 0 else "SOME_WORD",
        about=ABOUT.get(manner.section, ""),
        said="Separate parameters with text. " * (number % 3),
        code=number % 2 * 131042,
        limit="TIER_2K" if kind == "capability" else "",
        name="Kantor Hukum Sari & Rekan" if kind.startswith("name") else "",
        restrictions=(Restriction("RESTRICTED_BIZ_INITIATED_MESSAGING", NOW + timedelta(days=7)), Restriction(LONG))
        if kind == "restricted"
        else (),
        fields=(Field(("message template category",), "UTILITY"), Field(("tomorrow", "1", LONG), LONG)),
    )
    return NewsLine(
        id=number,
        event_id=EventId(number),
        news=news,
        severity=manner.severity,
        section=manner.section,
        reported_at=NOW - timedelta(hours=number) if number % 4 else None,
        arrived_at=NOW,
        repeats=number % 3,
        needs_seeing=number % 3 == 0,
        seen_at=NOW,
        seen_by="Sari Lestari, S.H., M.H.",
    )


def happenings() -> ConversationView:
    """Return a conversation with every line that is no bubble."""
    calls = [
        Call(direction="incoming", outcome="ringing"),
        Call(direction="incoming", outcome="missed"),
        Call(direction="incoming", outcome="rejected"),
        Call(direction="incoming", outcome="answered", duration_seconds=125),
        Call(direction="outgoing", outcome="missed"),
        Call(direction="outgoing", outcome="answered", duration_seconds=40),
        Call(outcome="ended", word="SOMETHING_NEW"),
    ]
    shown = [_happening(n, "call", Content(body=body)) for n, body in enumerate(calls, 1)]
    for n, word in enumerate(("stop", "resume", "perhaps"), 20):
        said = f"User requested to {word} marketing messages"
        shown.append(_happening(n, "preference", Content(body=Preference(word=word, said=said))))
    fields = (Field(("group subject", "text"), "Perkara Warisan Keluarga Besar Kusumadewi"), Field((LONG,), LONG))
    for n, word in enumerate(("group_settings_update", "group_of_tomorrow"), 30):
        change = GroupChange(word=word, fields=fields)
        shown.append(_happening(n, "group_change", Content(body=change, more=fields)))
    shown.append(inbound(40, text="Saya tadi menelepon, apakah bisa bicara besok?"))
    return view(*shown, line=line(contact()), marketing=MarketingChoice("stop", NOW))


def _happening(number: int, kind: str, content: Content) -> Message:
    return inbound(number, kind=kind, text=None, content=content, is_doubtful=number % 4 == 0)
