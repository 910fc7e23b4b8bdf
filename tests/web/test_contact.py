"""The page of one contact, and what a person is asked before they write to somebody doubtful."""

import msgspec

from tests.arrivals import ADA, text_message
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of
from wabridge.model.content import Card, CardPhone, Cards, Content
from wabridge.model.event import InboundMessage, Person
from wabridge.storage import numbers

STRANGER = msgspec.structs.replace(ADA, user_id="ID.99887766554433221100", profile_name="Orang Lain")


def _card(*phones: CardPhone) -> InboundMessage:
    cards = Cards((Card(name="Grace Example", phones=phones),))
    return msgspec.structs.replace(text_message(), type="contacts", text=None, content=Content(body=cards))


async def test_the_page_says_how_somebody_is_known(desk: Desk) -> None:
    """Name, number, account and how each was learned stand on the page, and the conversation leads to it."""
    await receive(desk.office, "Halo")
    assert (await desk.show("/conversations/1")).one("div", id="person").find(".//h1/a").get("href") == "/contacts/1"  # type: ignore[union-attr]  # the link is there
    said = text_of((await desk.show("/contacts/1")).one("main", id="main"))
    for words in ("Ada Example", "+62 812-3456-7890", ADA.user_id or "", "dari pesan", "pesan dikirim ke sini"):
        assert words in said


async def test_somebody_without_a_number_is_written_to_by_their_account(desk: Desk) -> None:
    """The page says where messages go, also if WhatsApp shows no number; nothing on it is empty or a raw word."""
    hidden = Person(user_id="ID.42", username="sari.w")
    await receive(desk.office, text_message("Halo", sender=hidden, sent_at=desk.office.clock.now()))
    page = await desk.show("/contacts/1")
    assert page.texts("h1") == ["@sari.w"]
    (account,) = [each for each in page.all("li", "identity") if "ID.42" in text_of(each)]
    assert "pesan dikirim ke sini" in text_of(account)
    for path in ("/contacts/1", "/conversations/1", "/inbox"):
        assert "None" not in text_of((await desk.show(path)).one("main", id="main"))


async def test_the_offices_name_stays(desk: Desk) -> None:
    """What the office calls somebody is not replaced by what they call themselves; it can be taken away again."""
    await receive(desk.office, "Halo")
    assert (await desk.post("/contacts/1/name", name="  Ibu Ada  (waris)")).status == 303
    await receive(desk.office, text_message("lagi", sender=msgspec.structs.replace(ADA, profile_name="Ada Baru")))
    assert "Ibu Ada (waris)" in text_of((await desk.show("/inbox")).one("li", id="c1"))
    assert "Ada Baru" in text_of((await desk.show("/contacts/1")).one("main", id="main"))
    await desk.post("/contacts/1/name", name="")
    assert "Ada Baru" in text_of((await desk.show("/inbox")).one("li", id="c1"))
    assert (await desk.post("/contacts/1/name", name="x" * 101)).status == 422


async def test_the_standing_is_set(desk: Desk) -> None:
    """A prospective client becomes a client, and who did it is on the page."""
    await receive(desk.office, "Halo")
    assert (await desk.post("/contacts/1/standing", standing="client")).status == 303
    assert "Dijadikan klien" in text_of((await desk.show("/contacts/1")).one("main", id="main"))
    assert (await desk.post("/contacts/1/standing", standing="king")).status == 422


async def test_a_number_is_added_in_any_spelling(desk: Desk) -> None:
    """0812, 62812 and +62 812 are one number; what is none, or belongs to somebody else, is refused in words."""
    await receive(desk.office, "Halo", text_message(sender=Person(phone="6281377778888")))
    assert (await desk.post("/contacts/1/phone", phone="0813-1111-2222")).status == 303
    assert (await desk.post("/contacts/1/phone", phone="62 813 1111 2222")).status == 303
    page = await desk.show("/contacts/1")
    assert text_of(page.one("main", id="main")).count("+62 813-1111-2222") == 2  # known once, and added once
    wrong = await desk.post("/contacts/1/phone", phone="kantor")
    taken = await desk.post("/contacts/1/phone", phone="+62 813-7777-8888")
    assert (wrong.status, taken.status) == (422, 422)
    assert "bukan nomor telepon" in text_of(wrong.tree.one("p", id="refusal"))
    assert taken.tree.one("p", id="refusal").find("a").get("href") == "/contacts/2"  # type: ignore[union-attr]  # the link is there


async def test_a_card_is_saved_once(desk: Desk) -> None:
    """One click makes a contact of a card; the next one leads to the same contact."""
    await receive(desk.office, _card(CardPhone("0813-5555-6666"), CardPhone("+62 21 500123", None, "6281355556666")))
    form = (await desk.show("/conversations/1")).one("form", "save").get("action", "")
    first, again = await desk.post(form), await desk.post(form)
    assert (first.location, again.location) == ("/contacts/2", "/contacts/2")
    said = text_of((await desk.show("/contacts/2")).one("main", id="main"))
    for words in ("Grace Example", "Kontak lain", "+62 813-5555-6666", "dari kartu kontak", "Disimpan dari kartu"):
        assert words in said


async def test_a_card_adds_nothing_to_somebody_known(desk: Desk) -> None:
    """A card that names a known number leads to its owner and gives them no second number."""
    await receive(desk.office, _card(CardPhone("+" + (ADA.phone or "")), CardPhone("0813-9999-0000")))
    assert (await desk.post("/messages/1/cards/1/save")).location == "/contacts/1"
    assert "9999" not in text_of((await desk.show("/contacts/1")).one("main", id="main"))


async def test_a_card_without_a_number_is_refused(desk: Desk) -> None:
    """There is nobody to save when a card has no phone number, or there is no such card."""
    await receive(desk.office, _card(CardPhone("ext. 12")), "bukan kartu")
    assert (await desk.post("/messages/1/cards/1/save")).status == 422
    assert (await desk.post("/messages/1/cards/2/save")).status == 404
    assert (await desk.post("/messages/2/cards/1/save")).status == 404


async def test_a_doubtful_person_is_not_answered_unasked(desk: Desk) -> None:
    """The form asks whether somebody has made sure; without an answer the server refuses and keeps the text."""
    await desk.office.database.write(lambda tx: numbers.ensure(tx, desk.office.settings.whatsapp.phone_number_id))
    await receive(desk.office, "Halo", text_message("ini saya", sender=STRANGER))
    page = await desk.show("/conversations/1")
    assert "Identitas orang ini tidak lagi pasti" in text_of(page.one("div", id="composer-note"))
    alert = page.all("input", name="alert")[0].get("value", "")
    token = await desk.form_token("/conversations/1")
    refused = await desk.post("/conversations/1/reply", text="rahasia", form_token=token)
    assert refused.status == 409
    assert text_of(refused.tree.one("textarea", id="text")) == "rahasia"
    asked = {"text": "rahasia", "alert": alert, "clearance": "call", "note": "ditelepon"}
    assert (await desk.post("/conversations/1/reply", form_token=token, **asked)).status == 303
    said = text_of((await desk.show("/contacts/1")).one("main", id="main"))
    assert "memastikan lewat telepon" in said
    assert "ditelepon" in said
    assert "tidak lagi pasti" not in said


async def test_the_inbox_marks_whom_nobody_is_sure_of(desk: Desk) -> None:
    """Each conversation with an open identity alert is marked in the list, until somebody has made sure."""
    await receive(desk.office, "Halo", text_message(sender=Person(phone="6281377778888")))
    await receive(desk.office, text_message(sender=STRANGER))
    assert "Identitas belum pasti" in text_of((await desk.show("/inbox")).one("li", id="c1"))
    assert "Identitas belum pasti" not in text_of((await desk.show("/inbox")).one("li", id="c2"))


async def test_an_alert_is_closed_on_the_contacts_page(desk: Desk) -> None:
    """Made sure face to face: one form, and the banner is gone; without saying how it is refused."""
    await receive(desk.office, "Halo", text_message("ini saya", sender=STRANGER))
    alert = (await desk.show("/contacts/1")).all("input", name="alert")[0].get("value", "")
    assert (await desk.post("/contacts/1/verified", alert=alert)).status == 422
    assert (await desk.post("/contacts/1/verified", alert=alert, clearance="visit")).status == 303
    assert (await desk.post("/contacts/1/verified", alert=alert, clearance="visit")).status == 409
    assert "lagi pasti" not in text_of((await desk.show("/inbox")).one("section", id="banners"))


async def test_two_contacts_are_joined_by_a_person(desk: Desk) -> None:
    """A number that moved asks whether the two are one; the answer joins them, and can be taken back."""
    budi = Person(phone="6281377778888", user_id="ID.777", profile_name="Budi")
    await receive(desk.office, "Halo", text_message("saya Budi", sender=budi))
    await receive(desk.office, text_message("nomor baru", sender=msgspec.structs.replace(budi, phone=ADA.phone)))
    page = await desk.show("/contacts/2")
    assert "Mungkin orang yang sama" in text_of(page.one("main", id="main"))
    assert (await desk.post("/contacts/2/join", other="1")).status == 303
    assert (await desk.get("/contacts/2")).location == "/contacts/1"
    assert (await desk.get("/conversations/2")).location == "/conversations/1"
    assert "saya Budi" in text_of((await desk.show("/conversations/1")).one("main", id="main"))
    assert (await desk.post("/contacts/1/separate", other="2")).status == 303
    assert "saya Budi" in text_of((await desk.show("/conversations/2")).one("main", id="main"))


async def test_somebody_without_a_number_has_no_raw_id_where_people_look_first(desk: Desk) -> None:
    """Inbox and conversation call them by name, username, or as a person without a number; never "None"."""
    people = (Person(user_id="ES.20000000000000000002", username="lin.example"), Person(user_id="ES.3"))
    await receive(desk.office, *(text_message(sender=person) for person in people))
    for path in ("/inbox", "/conversations/1", "/conversations/2"):
        said = text_of((await desk.show(path)).one("main", id="main"))
        assert "None" not in said
        assert "ES." not in said
    inbox = text_of((await desk.show("/inbox")).one("main", id="main"))
    assert "@lin.example" in inbox
    assert "Pengguna WhatsApp tanpa nomor" in inbox


async def test_who_may_only_read_sees_no_forms(desk: Desk) -> None:
    """A contact that does not exist is not found; a form's address opened by itself leads to the page."""
    await receive(desk.office, "Halo")
    assert (await desk.get("/contacts/9")).status == 404
    assert (await desk.get("/contacts/1/name")).location == "/contacts/1"
