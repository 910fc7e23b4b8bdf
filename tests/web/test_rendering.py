"""How pages are drawn: escaped, in two languages, in the office's time."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from tests.web.messages import NOW, inbound, line, outbound, person, view
from tests.web.parsed import Tree, text_of
from wabridge.model.banner import Banner, BannerKind
from wabridge.model.conversation import Group
from wabridge.model.delivery import Delivery
from wabridge.model.ids import MessageId, StaffId
from wabridge.model.message import Message, StatusEvent
from wabridge.model.page import Page
from wabridge.model.staff import StaffMember
from wabridge.web import language, rendering, texts
from wabridge.web.language import Speech

PAGES = rendering.read_pages()
SARI = StaffMember(StaffId(1), "sari", "Sari Lestari", "lawyer", "id", has_password=True)
ASSISTANT = StaffMember(StaffId(2), "ujang", "Ujang", "assistant", "id", has_password=True)


def speech(spoken: str = "id", zone: str = "Asia/Jakarta") -> Speech:
    """Speak a language in a time zone."""
    return Speech(spoken, PAGES.catalogues[spoken], ZoneInfo(zone))


def draw(page: str, spoken: str = "id", /, **context: Any) -> Tree:
    """Draw a page for Sari."""
    standing = {
        "banners": (),
        "brought_back": None,
        "csrf": "c-1",
        "here": "/inbox",
        "now": NOW,
        "office_name": "Kantor",
        "staff": SARI,
    }
    return Tree(rendering.draw(PAGES, page, speech(spoken), {**standing, "worklist": None, **context}))


def conversation(
    *messages: Message, spoken: str = "id", draft: str = "", refusal: str | None = None, **more: Any
) -> Tree:
    """Draw the page of a conversation."""
    shown = view(*messages, **more)
    return draw(
        "conversation.html",
        spoken,
        view=shown,
        by_id={message.id: message for message in messages},
        arrivals=0,
        seen=0,
        newer=(),
        about=None,
        before=None,
        may_write=shown.window_is_open and not shown.is_read_only,
        form_token="t-1",
        text_limit=4096,
        refusal=refusal,
        types_visibly=True,
        unfit=None,
        waiting=(),
        parts_needed=None,
        quoted=None,
        draft=draft,
        typed={},
        taken_back=None,
        together={},
        may_notify=False,
    )


def test_what_people_write_is_never_markup() -> None:
    """Text, name and draft of others are shown as text."""
    evil = "<script>alert(1)</script>"
    tree = conversation(inbound(text=evil), line=line(person(evil)), draft=evil)
    scripts = [script.get("src", "").partition("?")[0] for script in tree.all("script")]
    assert scripts == [f"/static/{name}.js" for name in ("live", "countdown", "quoting", "files", "typing")]
    assert text_of(tree.one("div", "text")) == evil
    assert text_of(tree.one("h1")) == evil
    assert tree.one("textarea", id="text").text == evil


def test_pages_obey_their_own_security_policy() -> None:
    """No page carries a script or a style of its own, nor loads anything from elsewhere."""
    for tree in (conversation(inbound(), outbound(2)), draw("inbox.html", page=Page((line(person()),)), unread=0)):
        assert not tree.all("style")
        assert not [e for e in tree.root.iter() if {"style", "onclick", "onsubmit", "onload"} & set(e.attrib)]
        assert not [e for e in tree.root.iter() if e.get("src", "/").startswith(("http", "//"))]


def test_an_undefined_name_is_an_error() -> None:
    """A template that asks for what nobody gave fails instead of showing nothing."""
    with pytest.raises(UndefinedError):
        draw("inbox.html")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202egnp.exe", "a[U+202E]gnp.exe"),
        ("bell\x07", "bell[U+0007]"),
        ("\u2066isolated\u2069", "[U+2066]isolated[U+2069]"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("line\r\nline\rline", "line\nline\nline"),
    ],
)
def test_hidden_characters_become_visible(text: str, shown: str) -> None:
    """Controls and overrides of direction show as marks; what emoji are joined by stays."""
    assert texts.visible(text).striptags().split() == shown.split()
    assert texts.visible(text).count("\n") == shown.count("\n")


def test_a_long_text_is_shortened_for_a_preview() -> None:
    """A preview is one line with an ellipsis, however long the text."""
    assert texts.excerpt("kata " * 5000).endswith("kata…")
    assert len(texts.excerpt("x" * 5000)) == 141
    assert texts.excerpt("satu\n dua") == "satu dua"


def test_text_is_isolated_and_finds_its_own_direction() -> None:
    """Text of others cannot turn the page's direction."""
    tree = conversation(inbound(text="السلام عليكم"))
    assert tree.one("div", "text").get("dir") == "auto"


def test_links_in_messages_are_plain_text() -> None:
    """Nothing a stranger writes becomes a link."""
    tree = conversation(inbound(text="https://evil.example/"))
    assert not [a for a in tree.all("a") if "evil" in a.get("href", "")]


def test_times_are_the_offices_and_carry_their_full_date() -> None:
    """A time shows hours in the office's zone; its title tells day, seconds and zone."""
    shown = Tree(str(speech().time(NOW))).root
    assert (shown.text, shown.get("datetime")) == ("11.05", "2026-11-23T11:05:00+07:00")
    assert shown.get("title") == "Senin, 23 November 2026, 11.05.00 WIB"
    assert speech(zone="Asia/Jayapura").full(NOW).endswith("13.05.00 WIT")


def test_clocks_and_numbers_are_written_as_each_language_writes_them() -> None:
    """Indonesian has dots in times and thousands, English has colons and commas."""
    said = [(Tree(str(each.moment(NOW))).root.text, each.number(1024)) for each in (speech(), speech("en"))]
    assert said == [("23 Nov 2026 11.05.00", "1.024"), ("23 Nov 2026 11:05:00", "1,024")]
    assert speech("en").say_count(2500, "{number} line", "{number} lines") == "2,500 lines"


def test_a_time_on_another_day_says_the_day() -> None:
    """A status of the next day is not mistaken for one of the same day."""
    assert Tree(str(speech().time(NOW, beside=NOW - timedelta(days=1)))).root.text == "Sen 23 Nov 11.05"
    seen_on = (NOW, NOW + timedelta(days=1))
    assert [Tree(str(speech().recent(NOW, now))).root.text for now in seen_on] == ["11.05", "23 Nov"]


def test_a_time_in_another_year_says_the_year() -> None:
    """What was read a year later does not look as if it had been the same week."""
    assert Tree(str(speech().time(NOW, beside=NOW - timedelta(days=400)))).root.text == "Sen 23 Nov 2026 11.05"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "id"),
        ("en-US,en;q=0.9", "en"),
        ("in-ID", "id"),
        ("de, en;q=0.5, id;q=0.7", "id"),
        ("en;q=0", "id"),
        ("en;q=rubbish", "id"),
    ],
)
def test_a_browser_is_spoken_to_in_its_language(accepted: str, chosen: str) -> None:
    """Of the languages we speak the browser's favourite is taken, else the office's."""
    assert language.choose(accepted, otherwise="id") == chosen


def test_counted_sentences_follow_the_number() -> None:
    """English tells one from many, Indonesian does not."""
    report = ("{number} report from Meta", "{number} reports from Meta")
    assert [speech("en").say_count(n, *report) for n in (1, 2)] == ["1 report from Meta", "2 reports from Meta"]
    assert [speech("id").say_count(n, *report) for n in (1, 2)] == ["1 laporan dari Meta", "2 laporan dari Meta"]


def test_status_is_said_in_words_with_times() -> None:
    """A read message tells every step with its time, in Indonesian."""
    minutes = [NOW + timedelta(minutes=m) for m in (0, 0, 1, 3)]
    delivery = Delivery(
        status="read", accepted_at=minutes[0], sent_at=minutes[1], delivered_at=minutes[2], read_at=minutes[3]
    )
    assert conversation(outbound(delivery=delivery)).texts("p", "delivery") == [
        "Diterima sistem WhatsApp 11.05 · Terkirim 11.05 · "
        "Sampai di perangkat (belum tentu dibaca) 11.06 · Ditampilkan di WhatsApp klien 11.08"
    ]


def test_every_report_can_be_looked_up() -> None:
    """All of Meta's reports stand under the message with both times, and how often they came."""
    report = StatusEvent(status="delivered", reported_at=NOW, first_arrived_at=NOW, last_arrived_at=NOW, repeats=2)
    odd = StatusEvent(status="warped", reported_at=None, first_arrived_at=NOW, last_arrived_at=NOW, repeats=0)
    rows = conversation(outbound(delivery=Delivery(status="delivered"), events=(report, odd))).texts("tr")
    assert "dan 2 kali lagi" in rows[1]
    assert rows[2].startswith("warped tidak disebutkan")


def test_a_failure_is_explained_with_its_code() -> None:
    """A failed message says why and what to do; the code and Meta's words stand small beside it."""
    delivery = Delivery(status="failed", failed_at=NOW, failure_code=131026)
    tree = conversation(outbound(delivery=delivery, failure_details="Undeliverable"), spoken="en")
    assert "Call them" in text_of(tree.one("div", "failure"))
    assert tree.texts("p", "code") == ["Meta's code 131026 · Undeliverable"]


@pytest.mark.parametrize(("hold", "actions"), [(None, ["cancel"]), ("late", ["release", "cancel"])])
def test_what_waits_can_be_decided_about(hold: str | None, actions: list[str]) -> None:
    """A pending message can be cancelled, a held one also sent."""
    tree = conversation(outbound(7, hold=hold))
    forms = [form.get("action", "") for form in tree.all("form") if "/messages/" in form.get("action", "")]
    assert forms == [f"/messages/7/{action}" for action in actions]


def test_what_was_handed_over_cannot_be_cancelled() -> None:
    """There is no button that would promise to take back what Meta has."""
    tree = conversation(outbound(delivery=Delivery(status="sent")), outbound(2, delivery=Delivery(status="unknown")))
    assert not [form for form in tree.all("form") if "/cancel" in form.get("action", "")]


@pytest.mark.parametrize("kind", ["image", "unreadable", "something_new"])
def test_every_kind_has_a_placeholder(kind: str) -> None:
    """What cannot be shown says so, and that the original is kept."""
    assert "aslinya tersimpan" in conversation(inbound(kind=kind, text=None)).texts("p", "placeholder")[0]


def test_doubt_about_a_message_is_marked() -> None:
    """A time that is ours instead of Meta's, and other contents under the same id, are said."""
    first, second = conversation(inbound(is_doubtful=True, versions=2)).texts("span", "doubt")
    assert first.startswith("waktu tiba di sini")
    assert second.startswith("2 isi lain")


def test_a_quotation_leads_to_what_it_answers() -> None:
    """A reply links to the quoted message if it is on the page, and says so if it is not."""
    asked = (inbound(1, text="Kapan sidang?"), outbound(2, quoted_id=MessageId(1)), inbound(3, quoted_id=MessageId(99)))
    tree = conversation(*asked)
    assert tree.texts("p", "quoted") == ["Menanggapi: Kapan sidang?", "Menanggapi pesan sebelumnya"]
    assert tree.all("a", href="#m1")


def test_days_are_separated() -> None:
    """Each day of the office's calendar begins with its name."""
    late = NOW.replace(hour=16, minute=59)  # 23.59 in Jakarta
    tree = conversation(inbound(1, written_at=late), inbound(2, written_at=late + timedelta(minutes=2)))
    assert tree.texts("h2") == ["Senin, 23 November 2026", "Selasa, 24 November 2026"]


def test_the_reply_form_carries_its_tokens() -> None:
    """The form names who asked for it and what they had seen, and can send only once."""
    form = conversation(inbound()).one("form", "reply")
    hidden = {field.get("name"): field.get("value") for field in form.iter("input") if field.get("type") == "hidden"}
    assert hidden == {"csrf": "c-1", "form_token": "t-1", "seen": "0"}


def test_a_text_is_never_cut_by_the_browser() -> None:
    """A pasted text stays whole in the form: the server refuses what is too long, with the text kept."""
    field = conversation(inbound()).one("textarea", id="text")
    assert field.get("maxlength") is None
    assert field.get("data-limit") == "4096"


def test_a_closed_window_says_why_and_offers_the_phone() -> None:
    """Without a window there is no form, but the reason and a number to call."""
    tree = conversation(inbound(), line=line(person()), window_is_open=False)
    assert not tree.all("form", "reply")
    assert "24 jam" in text_of(tree.one("p", "closed"))
    assert len(tree.all("a", href="tel:+6281234567890")) == 2


def test_a_refused_draft_stays_even_without_a_form() -> None:
    """If the window closed while somebody wrote, the text is still there to copy."""
    tree = conversation(inbound(), line=line(person()), window_is_open=False, draft="Isi", refusal="Not sent")
    assert tree.one("textarea", id="text").text == "Isi"


def test_a_group_is_read_only() -> None:
    """A group's conversation says that it cannot be answered, and has no form."""
    tree = conversation(inbound(), line=line(None), window_is_open=False, is_read_only=True)
    assert "grup" in text_of(tree.one("p", "closed"))
    assert not tree.all("form", "reply")


def test_an_empty_inbox_says_what_will_happen() -> None:
    """A new office sees what to expect instead of a blank page."""
    assert "muncul di sini" in text_of(draw("inbox.html", page=Page(()), unread=0).one("div", id="empty"))


def test_a_line_of_the_inbox_tells_who_what_and_until_when() -> None:
    """Name, standing, number, preview, unread count, window and the last word about our own message."""
    ours = line(
        person(),
        unread=2,
        preview_kind="text",
        preview_text="Baik",
        preview_direction="outbound",
        preview_status="delivered",
        window_closes_at=NOW + timedelta(hours=3),
    )
    said = text_of(draw("inbox.html", page=Page((ours,)), unread=1).one("li", id="c1"))
    for words in (
        "Budi Santoso",
        "Calon klien",
        "+62 812-3456-7890",
        "Kantor: Baik",
        "2 belum dibuka",
        "Dapat dibalas s.d. 14.05",
        "Sampai di perangkat (belum tentu dibaca)",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        (person(" "), "+62 812-3456-7890"),
        (person("", phone=None), "Pengguna WhatsApp tanpa nomor"),
        (person("A\u202eB\nC"), "A[U+202E]B C"),
        (None, "Grup"),
    ],
)
def test_everybody_is_called_something(contact: Any, name: str) -> None:
    """Without a name people are called by number, never by a raw id, a group by what it is."""
    tree = draw("inbox.html", page=Page((line(contact),)), unread=0)
    assert tree.texts("span", "name") == [name]


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (Group(id="Y2FwaV9ncm91cDox", subject="Perkara 12"), "Perkara 12"),
        (Group(id="Y2FwaV9ncm91cDox", people=("Ada Example", "Budi")), "Ada Example, Budi"),
        (Group(id="Y2FwaV9ncm91cDox"), "Grup …91cDox"),
    ],
)
def test_groups_are_told_apart(group: Group, name: str) -> None:
    """A group is called by its subject, else by who writes in it, else by the end of its id."""
    tree = draw("inbox.html", page=Page((line(None, group=group),)), unread=0)
    assert tree.texts("span", "name") == [name]
    assert name in text_of(conversation(line=line(None, group=group)).one("h1"))


@pytest.mark.parametrize("spoken", language.LANGUAGES)
@pytest.mark.parametrize("kind", BannerKind.__args__)  # type: ignore[attr-defined]  # a Literal knows its words
def test_every_banner_says_what_to_do(kind: BannerKind, spoken: str) -> None:
    """Each kind of remark names what is wrong and what to do about it."""
    banner = Banner(kind=kind, severity="warning", count=2, since=NOW)
    tree = draw("inbox.html", spoken, page=Page(()), unread=0, banners=(banner,))
    assert all(tree.texts("p", "what") + tree.texts("p", "advice"))


def test_only_the_gravest_remark_takes_room() -> None:
    """However much is wrong, the rest is one line that opens; that this is a trial is never folded away."""
    kinds: tuple[BannerKind, ...] = ("sending_stopped", "quarantined", "failed", "sandbox")
    grave = (Banner(kind=kind, severity="warning", count=2, since=NOW) for kind in kinds)
    tree = draw("inbox.html", page=Page(()), unread=0, banners=tuple(grave))
    folded = tree.one("details", "more-banners")
    assert text_of(folded).startswith("2 pemberitahuan lain")
    assert len(tree.all("div", "banner")) == 4
    assert text_of(folded).count("Sejak") == 2
    alone = draw("inbox.html", page=Page(()), unread=0, banners=(Banner(kind="failed", severity="warning", count=1),))
    assert not alone.all("details", "more-banners")


def test_only_who_may_resume_sees_the_button() -> None:
    """The button that lets sending go on is not offered to those it would refuse."""
    paused = (Banner(kind="sending_paused", severity="danger", detail="190"),)
    seen = {
        staff.role: bool(
            draw("inbox.html", page=Page(()), unread=0, banners=paused, staff=staff).all(
                "form", action="/sending/resume"
            )
        )
        for staff in (SARI, ASSISTANT)
    }
    assert seen == {"lawyer": True, "assistant": False}


def test_an_unknown_banner_still_shows() -> None:
    """A remark of a kind that the page does not know is shown in general words."""
    banner = Banner(kind="novelty", severity="warning")  # type: ignore[arg-type]  # from a newer room
    tree = draw("inbox.html", page=Page(()), unread=0, banners=(banner,))
    assert "Ada yang perlu diperhatikan." in text_of(tree.one("div", "banner"))


def test_the_title_counts_what_is_unread() -> None:
    """A tab in the background tells that something has come."""
    assert text_of(draw("inbox.html", page=Page(()), unread=3).one("title")) == "(3) Percakapan · Kantor"
    assert text_of(conversation(line=line(person("Budi"), unread=2)).one("title")) == "(2) Budi · Kantor"
