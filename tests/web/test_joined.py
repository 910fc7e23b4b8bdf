"""Pages that were open while something about the person changed: nothing typed is lost, nothing decided unseen."""

import msgspec

from tests.arrivals import ADA, text_message
from tests.web.desk import Desk, receive
from tests.web.parsed import text_of
from wabridge.core import identities
from wabridge.model.event import Person
from wabridge.model.ids import ContactId

STRANGER = msgspec.structs.replace(ADA, user_id="ID.99887766554433221100", profile_name="Orang Lain")
RELEASE = "/messages/2/release"
_OTHER = "2"


async def _join_second(desk: Desk) -> None:
    again = Person(phone="6281399990000", user_id="ID.5", profile_name="Ada juga")
    await receive(desk.office, "Halo")
    await receive(desk.office, text_message("Ini saya juga", sender=again, sent_at=desk.office.clock.now()))
    await identities.join(desk.office, desk.me.actor, ContactId(2), into=ContactId(1))


async def test_a_refused_answer_keeps_its_text_when_two_contacts_were_joined_meanwhile(desk: Desk) -> None:
    """The text comes back with the reason, in a form that leads to the thread both are read in now."""
    await _join_second(desk)
    answer = await desk.post("/conversations/2/reply", text="x" * 4097, form_token="t")
    assert answer.status == 422
    assert answer.tree.one("textarea", id="text").text == "x" * 4097
    assert answer.tree.all("p", "refusal")
    assert answer.tree.all("form", action="/conversations/1/reply")


async def test_a_place_in_a_joined_conversation_is_still_found(desk: Desk) -> None:
    """An address that names a message leads to that message where both are read now."""
    await _join_second(desk)
    assert (await desk.get("/conversations/2?through=2")).location == "/conversations/1?through=2"


async def test_a_held_message_asks_about_an_alert_that_was_not_on_the_page(desk: Desk) -> None:
    """A page drawn before an identity alert came cannot let a message go in spite of it."""
    await receive(desk.office, "Halo")
    await desk.post("/conversations/1/reply", text="Berkas", form_token="t")
    await desk.office.database.write(lambda tx: tx.run("UPDATE message SET hold = 'late' WHERE id = 2"))
    assert "alert" not in await _form(desk)
    await receive(desk.office, text_message(sender=STRANGER, sent_at=desk.office.clock.now()))
    refused = await desk.post(RELEASE)
    assert refused.status == 409
    assert "Belum dikirim" in refused.text or "Tidak dikirim" in refused.text
    assert (await desk.post(RELEASE, alert=(await _form(desk))["alert"])).status == 303


async def _form(desk: Desk) -> dict[str, str]:
    form = (await desk.show("/conversations/1")).one("form", action=RELEASE)
    return {each.get("name", ""): each.get("value", "") for each in form.iter("input")}


async def test_a_message_of_another_chat_is_not_quoted_and_the_text_stays(desk: Desk) -> None:
    """It came from the person's other number: the page says so, keeps the text, and lets go of the quotation."""
    await _join_second(desk)
    page = await desk.show("/conversations/1?quote=2")
    form = page.one("form", id="reply")
    fields = {each.get("name", ""): each.get("value", "") for each in form.iter("input") if each.get("name") != "file"}
    refused = await desk.post("/conversations/1/reply", **{**fields, "text": "Baik, Bu.", "quoted_id": _OTHER})
    assert refused.status == 409
    assert "nomor lain milik orang ini" in text_of(refused.tree.one("p", "refusal"))
    assert refused.tree.one("textarea", id="text").text == "Baik, Bu."
    assert not refused.tree.all("input", name="quoted_id")


async def test_a_reaction_in_another_chat_is_refused_in_words_that_suit_it(desk: Desk) -> None:
    """Nobody who chose an emoji is told how to send an answer once more."""
    await _join_second(desk)
    refused = await desk.post("/messages/2/react", emoji="👍", after="0")
    assert refused.status == 409
    said = text_of(refused.tree.one("p", "refusal"))
    assert "diberi reaksi" in said
    assert "sekali lagi" not in said
