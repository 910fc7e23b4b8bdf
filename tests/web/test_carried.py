"""What was typed when the session had ended: nothing of it is sent, nothing of it is lost."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from tests.arrivals import BUDI, text_message
from tests.templates import stock, with_account
from tests.web.desk import Answer, Desk, open_desk, receive
from tests.web.parsed import Tree, text_of
from tests.web.served import PASSWORD
from tests.web.test_accidents import DRAFT, PAGE, fields, in_box, reply_form, sent
from tests.web.test_notices import TYPED, draft
from wabridge.core import identities, staff
from wabridge.core.office import Office
from wabridge.model.event import Person
from wabridge.model.ids import ContactId

REPLY = PAGE + "/reply"


@pytest.fixture
async def lawyer(office: Office) -> AsyncIterator[Desk]:
    """A desk in an office with templates and one conversation; whoever sits there has a password."""
    async with open_desk(with_account(office)) as desk:
        await receive(desk.office, "Kapan sidang saya?")
        await staff.set_password(desk.office, desk.me.actor, PASSWORD)
        await sign_in(desk)
        yield desk


async def sign_in(desk: Desk) -> None:
    """Sign in with the password, as in another window."""
    form = fields((await desk.get("/login")).tree, "/login")
    assert (await desk.post("/login", **{**form, "login": desk.me.login, "password": PASSWORD})).status == 303


async def end_session(desk: Desk) -> None:
    """Let the session end as it does after two weeks, with the page still open."""
    await desk.office.database.write(lambda tx: tx.run("UPDATE session SET ended_at = 1"))


async def submit(
    desk: Desk, path: str, typed: Mapping[str, str], *, file: bytes | None = None, last: Mapping[str, str] | None = None
) -> Answer:
    """Send a form in parts, as a browser sends one that may have a file. last: the button behind it."""
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in typed.items():
        form.add_field(name, value)
    if file is not None:
        form.add_field("file", file, filename="surat.pdf")
    for name, value in (last or {}).items():
        form.add_field(name, value)
    async with desk.http.post(
        desk.url + path, data=form, headers={"Origin": desk.url}, allow_redirects=False
    ) as answer:
        return Answer(answer.status, answer.headers.get("Location", ""), await answer.text())


async def return_to(desk: Desk, asked_to: Answer, path: str) -> Answer:
    """Sign in on the page that asked for it."""
    hidden = fields(asked_to.tree, path + "/signin")
    return await submit(desk, path + "/signin", {**hidden, "login": desk.me.login, "password": PASSWORD})


def typed_in(page: Tree, action: str) -> dict[str, str]:
    """Return everything that a form on a page would send, the buttons left out."""
    form = page.one("form", action=action)
    found = {each.get("name", ""): each.text or "" for each in form.iter("textarea")}
    for each in form.iter("select"):
        chosen = [option for option in each.iter("option") if "selected" in option.attrib]
        found[each.get("name", "")] = chosen[0].get("value", "") if chosen else ""
    return {**fields(page, action), **found}


async def test_a_text_sent_after_the_session_ended_is_back_after_signing_in(lawyer: Desk) -> None:
    """Nothing is sent, nothing is lost: the sign-in form carries the text, and it is back in its box."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    asked_to = await submit(lawyer, REPLY, {**form, "text": DRAFT})
    assert (asked_to.status, asked_to.location) == (401, "")
    assert DRAFT not in asked_to.text.partition("<form")[0]
    hidden = fields(asked_to.tree, REPLY + "/signin")
    assert hidden["was.text"].replace("\r\n", "\n") == DRAFT
    wrong = {**hidden, "login": lawyer.me.login, "password": "not this one"}
    again = await submit(lawyer, REPLY + "/signin", wrong)
    assert again.status == 401
    back = await return_to(lawyer, again, REPLY)
    assert (back.status, in_box(back.tree)) == (200, DRAFT)
    assert "Belum ada yang dikirim" in text_of(back.tree.one("p", "brought-back"))
    assert await sent(lawyer.office) == []
    done = await lawyer.post(REPLY, **{**fields(back.tree, REPLY), "text": in_box(back.tree)})
    assert done.status == 303
    assert await sent(lawyer.office) == [DRAFT]


async def test_what_one_click_had_sent_is_not_sent_by_signing_in(lawyer: Desk) -> None:
    """The first click went through, the second met the end of the session: the form stays the one message it was."""
    form = {**await reply_form(lawyer), "text": DRAFT}
    assert (await submit(lawyer, REPLY, form)).status == 303
    await end_session(lawyer)
    back = await return_to(lawyer, await submit(lawyer, REPLY, form), REPLY)
    assert fields(back.tree, REPLY)["form_token"] == form["form_token"]
    assert (await submit(lawyer, REPLY, {**fields(back.tree, REPLY), "text": DRAFT})).status == 303
    assert await sent(lawyer.office) == [DRAFT]


async def test_what_was_written_meanwhile_stands_beside_the_text(lawyer: Desk) -> None:
    """The person wrote while somebody signed in: it is shown beside the box, before anything is sent."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    asked_to = await submit(lawyer, REPLY, {**form, "text": DRAFT})
    await receive(lawyer.office, "Jangan dibalas dulu.")
    back = await return_to(lawyer, asked_to, REPLY)
    assert "Jangan dibalas dulu." in text_of(back.tree.one("ol", "newer"))


async def test_signing_in_in_another_window_brings_the_text_back_too(lawyer: Desk) -> None:
    """Whoever signed in elsewhere meanwhile presses the second button, and has their text."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    asked_to = await submit(lawyer, REPLY, {**form, "text": DRAFT})
    hidden = fields(asked_to.tree, REPLY + "/signin")
    too_early = await submit(lawyer, REPLY + "/signin", hidden)
    assert too_early.status == 401
    await sign_in(lawyer)
    back = await submit(lawyer, REPLY + "/signin", fields(too_early.tree, REPLY + "/signin"))
    assert (back.status, in_box(back.tree)) == (200, DRAFT)


async def test_a_page_of_an_earlier_session_keeps_the_text(lawyer: Desk) -> None:
    """Signed in anew in another tab: the old page's form is refused once, with its text."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    await sign_in(lawyer)
    answer = await submit(lawyer, REPLY, {**form, "text": DRAFT})
    assert answer.status == 403
    assert in_box(answer.tree) == DRAFT
    assert await sent(lawyer.office) == []


async def test_a_session_that_ended_shows_no_conversation(lawyer: Desk) -> None:
    """The way back of a text shows nothing of the conversation to somebody who has not signed in."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    answer = await submit(lawyer, REPLY, {**form, "text": DRAFT})
    assert "Kapan sidang saya?" not in answer.text


async def test_signing_in_from_somebody_elses_page_is_refused(lawyer: Desk) -> None:
    """Neither another site's form nor one without this browser's own proof signs anybody in."""
    await end_session(lawyer)
    typed = {"login": lawyer.me.login, "password": PASSWORD, "was.text": DRAFT}
    async with lawyer.http.post(
        lawyer.url + REPLY + "/signin", data=typed, headers={"Origin": "https://elsewhere.example"}
    ) as answer:
        assert answer.status == 403
    assert (await submit(lawyer, REPLY + "/signin", typed)).status == 403
    assert (await lawyer.get("/inbox")).location.startswith("/login")


async def test_where_signing_in_leads_is_never_in_the_form(lawyer: Desk) -> None:
    """What a form says cannot send anybody elsewhere: the words are shown on the page whose address it is."""
    form = await reply_form(lawyer)
    await end_session(lawyer)
    hostile = {**form, "text": DRAFT, "action": "https://elsewhere.example", "next": "//elsewhere.example"}
    asked_to = await submit(lawyer, REPLY, hostile)
    back = await return_to(lawyer, asked_to, REPLY)
    assert (back.status, back.location) == (200, "")
    assert {form.get("action", "")[0] for form in back.tree.all("form")} == {"/"}


SMALL = {
    "location": {"coordinates": "-6.2, 106.8", "name": "Kantor", "address": "Jl. Merdeka 1"},
    "card": {"name": "Dewi", "phone": "0811-1", "organisation": "Kantor", "email": "d@x.test"},
    "buttons": {"text": DRAFT, "button1": "Ya", "button2": "Tidak", "button3": "", "header": "Janji", "footer": "kaki"},
    "list": {"text": DRAFT, "label": "Pilih", "rows": "# Pagi\n09.00 | di kantor", "header": "", "footer": ""},
    "link": {"text": DRAFT, "label": "Buka", "url": "https://kantor.example/7", "footer": ""},
    "where": {"text": DRAFT},
}


@pytest.mark.parametrize("kind", SMALL)
async def test_every_small_form_comes_back_as_it_was_typed(lawyer: Desk, kind: str) -> None:
    """A place, a card, buttons, a list: each field stands as it was, with the token that the form had."""
    path = f"{PAGE}/send/{kind}"
    form = {**fields(await lawyer.show(path), path), **SMALL[kind]}
    await end_session(lawyer)
    back = await return_to(lawyer, await lawyer.post(path, csrf=form.pop("csrf"), **form), path)
    assert back.status == 200
    shown = typed_in(back.tree, path)
    del shown["csrf"]
    assert {name: value.replace("\r\n", "\n") for name, value in shown.items()} == form
    assert (await lawyer.post(path, **shown)).status == 303


async def test_a_template_comes_back_filled_in_and_asks_for_its_file(lawyer: Desk) -> None:
    """Every slot stands as it was; of the file it is said that it has to be chosen once more."""
    ids = await stock(lawyer.office)
    path = f"{PAGE}/templates/{ids['permintaan_dokumen id']}"
    form = typed_in(await lawyer.show(path), path)
    slots = {name: f"isi {name}" for name in form if name.startswith("slot.")}
    assert slots
    await end_session(lawyer)
    asked_to = await submit(lawyer, path, {**form, **slots, "do": "send"}, file=b"%PDF-1.7")
    back = await return_to(lawyer, asked_to, path)
    shown = typed_in(back.tree, path)
    assert {name: shown[name] for name in slots} == slots
    assert shown["form_token"] == form["form_token"]
    assert "perlu dipilih sekali lagi" in text_of(back.tree.one("p", "brought-back"))


async def test_signing_in_lasts_where_two_contacts_were_joined_meanwhile(lawyer: Desk) -> None:
    """A form without a word in it, of a conversation that is read as part of another one now: nobody signs in twice."""
    again = Person(phone="6281399990000", user_id="ID.5", profile_name="Ada juga")
    await receive(lawyer.office, text_message("Ini saya juga", sender=again, sent_at=lawyer.office.clock.now()))
    path = "/conversations/2/reply"
    form = fields(await lawyer.show("/conversations/2"), path)
    await identities.join(lawyer.office, lawyer.me.actor, ContactId(2), into=ContactId(1))
    await end_session(lawyer)
    back = await return_to(lawyer, await submit(lawyer, path, {**form, "text": ""}), path)
    assert back.status == 200
    assert back.tree.all("form", action=REPLY)
    assert (await lawyer.get("/inbox")).status == 200


async def test_a_notice_comes_back_as_it_was_typed(lawyer: Desk) -> None:
    """A new notice, a changed one and a record: their words are in their fields again."""
    path = f"{PAGE}/notices"
    form = {**typed_in(await lawyer.show(path + "/new"), path), **TYPED}
    await end_session(lawyer)
    back = await return_to(lawyer, await submit(lawyer, path, form, file=b"%PDF-1.7"), path)
    assert {**typed_in(back.tree, path), "csrf": "", "file": ""} == {**form, "csrf": "", "file": ""}
    made = await draft(lawyer)
    change = {**typed_in(await lawyer.show(made + "/edit"), made + "/edit"), "title": "Lain sekali"}
    await end_session(lawyer)
    back = await return_to(lawyer, await submit(lawyer, made + "/edit", change), made + "/edit")
    assert typed_in(back.tree, made + "/edit")["title"] == "Lain sekali"
    await end_session(lawyer)
    note = {"csrf": "", "note": "Klien menelepon."}
    back = await return_to(lawyer, await lawyer.post(made + "/withdraw", **note), made + "/withdraw")
    assert typed_in(back.tree, made + "/withdraw")["note"] == "Klien menelepon."


async def test_a_notice_of_an_earlier_session_keeps_its_words(lawyer: Desk) -> None:
    """Signed in anew in another tab: the old page's form is refused once, with everything that was typed."""
    path = f"{PAGE}/notices"
    form = {**typed_in(await lawyer.show(path + "/new"), path), **TYPED}
    await end_session(lawyer)
    await sign_in(lawyer)
    answer = await submit(lawyer, path, form)
    assert answer.status == 403
    assert typed_in(answer.tree, path)["text"] == TYPED["text"]


async def test_a_contacts_name_comes_back(lawyer: Desk) -> None:
    """What somebody calls a client stands in its field again."""
    await receive(lawyer.office, text_message("Halo", sender=BUDI, sent_at=lawyer.office.clock.now()))
    await end_session(lawyer)
    path = "/contacts/1/name"
    back = await return_to(lawyer, await lawyer.post(path, csrf="", name="Ibu Ratna"), path)
    assert typed_in(back.tree, path)["name"] == "Ibu Ratna"


async def test_the_largest_form_is_carried_whole(lawyer: Desk) -> None:
    """Whatever a form may say, the sign-in form carries: the last letter is there again."""
    form = await reply_form(lawyer)
    long = "ع" * 30_000 + "z"
    await end_session(lawyer)
    back = await return_to(lawyer, await submit(lawyer, REPLY, {**form, "text": long}), REPLY)
    assert in_box(back.tree) == long


@pytest.mark.parametrize("path", [REPLY, f"{PAGE}/send/location", f"{PAGE}/notices", "/contacts/1/name"])
async def test_the_sign_in_forms_address_can_be_loaded_anew(lawyer: Desk, path: str) -> None:
    """A phone that wakes the tab up is led to where the form is, and not to an error."""
    answer = await lawyer.get(path + "/signin")
    assert (answer.status, answer.location) == (303, path)
    assert (await lawyer.get(path)).status in (200, 303)
