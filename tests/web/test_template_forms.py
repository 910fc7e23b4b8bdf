"""Choosing, filling in and sending a template, as a lawyer meets it, without JavaScript."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.arrivals import ADA, arrive, column, text_message
from tests.templates import stock, with_account
from tests.web.desk import Desk, open_desk
from tests.web.parsed import Tree, text_of
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.template import TemplateId
from wabridge.storage import templates

DOCUMENTS = {"slot.body.1": "Ibu Ada", "slot.body.2": "*KTP*", "slot.body.3": "Jumat"}


@pytest.fixture
async def desk(office: Office) -> AsyncIterator[Desk]:
    """The owner of an office with a business account."""
    async with open_desk(with_account(office)) as opened:
        yield opened


@pytest.fixture
async def ids(desk: Desk) -> dict[str, TemplateId]:
    """The pretend office's templates."""
    return await stock(desk.office)


async def hear(desk: Desk, *, days: int = 2, text: str = "Halo") -> str:
    """Let Ada write so many days ago; returns her conversation's address."""
    at = desk.office.clock.now() - timedelta(days=days)
    await arrive(desk.office.database, text_message(text, sender=ADA, sent_at=at), at=desk.office.clock.now())
    await Inbound(desk.office).look()
    (conversation_id,) = await column(desk.office.database, "SELECT id FROM conversation")
    return f"/conversations/{conversation_id}"


def hidden(page: Tree, address: str) -> dict[str, str]:
    """Return the hidden fields of the form that leads to an address."""
    form = page.one("form", action=address)
    return {each.get("name", ""): each.get("value", "") for each in form.iter("input") if each.get("type") == "hidden"}


async def send(desk: Desk, address: str, **fields: str) -> object:
    """Fill the form at an address in and press Send; returns where it leads, or the page that came back."""
    given = hidden(await desk.show(address), address)
    answer = await desk.post(address, **{**given, "do": "send"}, **fields)
    return answer.location or answer


async def test_outside_the_window_the_conversation_offers_templates(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """Where free text is refused there is a way on, in place of the box."""
    conversation = await hear(desk)
    page = await desk.show(conversation)
    assert page.all("textarea", id="text") == []
    assert [link.get("href") for link in page.all("a", "primary-link")] == [f"{conversation}/templates"]


async def test_inside_the_window_a_template_can_be_sent_as_well(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """The link stands beside Send."""
    conversation = await hear(desk, days=0)
    assert [link.get("href") for link in (await desk.show(conversation)).all("a", "template-link")] == [
        f"{conversation}/templates"
    ]


async def test_only_what_can_be_sent_is_offered(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """What is rejected, paused or pending, and what cannot be filled in, is left out; filters work as elsewhere."""
    conversation = await hear(desk)
    names = (await desk.show(f"{conversation}/templates")).texts("span", "name")
    assert "survei_kepuasan" not in names
    assert "pengingat_sidang" in names
    assert (await desk.show(f"{conversation}/templates?language=en")).texts("span", "name") == [
        "pemberitahuan_hukum",
        "pengingat_sidang",
    ]


async def test_without_any_template_it_is_no_dead_end(desk: Desk) -> None:
    """The page says so, leads to the reasons, and offers the phone."""
    conversation = await hear(desk)
    page = await desk.show(f"{conversation}/templates")
    assert page.texts("p", "what") == ["Saat ini tidak ada templat yang dapat dikirim."]
    assert [link.get("href") for link in page.all("a", href=f"tel:+{ADA.phone}")] != []


async def test_a_template_is_filled_in_looked_at_and_sent(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """The preview shows what the client will see, keeps what was typed, and sends nothing; Send leads back."""
    address = f"{await hear(desk)}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address)
    looked = await desk.post(address, **given, **DOCUMENTS, do="preview")
    assert looked.status == 200
    assert [text_of(each) for each in looked.tree.one("div", "as-sent").iter("strong")] == ["KTP"]
    assert looked.tree.one("input", name="slot.body.2").get("value") == "*KTP*"
    assert await column(desk.office.database, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [0]
    assert await send(desk, address, **DOCUMENTS) == address.partition("/templates")[0] + "#latest"
    assert await column(desk.office.database, "SELECT kind FROM message WHERE direction = 'outbound'") == ["template"]


async def test_a_sent_template_stands_in_the_conversation_as_the_client_sees_it(
    desk: Desk, ids: dict[str, TemplateId]
) -> None:
    """Text with its marks, footer, buttons, and, folded away, what was approved and filled in."""
    conversation = await hear(desk)
    await send(desk, f"{conversation}/templates/{ids['permintaan_dokumen id']}", **DOCUMENTS)
    bubble = (await desk.show(conversation)).one("div", "filled")
    assert [text_of(each) for each in bubble.iter("strong")] == ["KTP"]
    assert [text_of(each) for each in bubble.iter("li")] == ["Akan saya kirim", "Ada pertanyaan"]
    said = text_of(bubble)
    assert "Templat permintaan_dokumen (id), naskah 1" in said
    assert '"type":"QUICK_REPLY"' in said


async def test_what_does_not_fit_comes_back_with_its_reason_beside_it(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """422, with everything that was typed, and one sentence for each slot."""
    address = f"{await hear(desk)}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address)
    answer = await desk.post(address, **given, do="send", **{**DOCUMENTS, "slot.body.1": "x     y", "slot.body.3": " "})
    assert answer.status == 422
    assert answer.tree.texts("p", "problem") == [
        "Paling banyak empat spasi berturut-turut.",
        "Bagian ini harus diisi.",
    ]
    assert answer.tree.one("input", name="slot.body.2").get("value") == "*KTP*"


async def test_one_form_sends_once(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """A second press of the same form makes no second message."""
    address = f"{await hear(desk)}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address)
    for _ in range(2):
        assert (await desk.post(address, **given, **DOCUMENTS, do="send")).status == 303
    assert await column(desk.office.database, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [1]


async def test_who_wrote_meanwhile_is_shown_first(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """The form comes back with what the person wrote, and sends when it is pressed again."""
    conversation = await hear(desk)
    address = f"{conversation}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address)
    await hear(desk, days=0, text="Sudah saya kirim kemarin")
    answer = await desk.post(address, **given, **DOCUMENTS, do="send")
    assert answer.status == 409
    assert "Sudah saya kirim kemarin" in answer.tree.texts("ol", "newer")[0]
    again = hidden(answer.tree, address)
    assert (await desk.post(address, **again, **DOCUMENTS, do="send")).status == 303


async def test_a_wording_that_changed_meanwhile_is_shown_first(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """A form that was opened before the change is refused, and comes back with the new wording."""
    address = f"{await hear(desk)}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address) | {"version": "2"}
    answer = await desk.post(address, **given, **DOCUMENTS, do="send")
    assert answer.status == 409
    assert "naskah templat telah berubah" in text_of(answer.tree.one("p", "refusal"))


async def test_somebody_who_has_never_written_is_named_in_the_form(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """The number stands in no address; a number that is none is refused, a good one makes a lead."""
    address = f"/templates/{ids['permintaan_dokumen id']}/send"
    given = hidden(await desk.show(address), address)
    refused = await desk.post(address, **given, **DOCUMENTS, do="send", to="bukan nomor")
    assert refused.status == 422
    assert await column(desk.office.database, "SELECT count(*) FROM contact") == [0]
    location = await send(desk, address, **DOCUMENTS, to="0812-9999-0000")
    assert isinstance(location, str)
    assert location.startswith("/conversations/")
    page = await desk.show(location.removesuffix("#latest"))
    assert page.texts("span", "badge")[0] == "Calon klien"


async def test_a_contact_without_a_conversation_can_be_written_to(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """From the contact's page a template is chosen and sent."""
    await hear(desk)
    await desk.office.database.write(
        lambda tx: tx.run("INSERT INTO contact (id, name, standing, created_at) VALUES (7, 'Budi', 'other', 1)")
    )
    await desk.office.database.write(
        lambda tx: tx.run(
            "INSERT INTO identity (contact_id, kind, value, first_seen_at, last_seen_at, learned) "
            "VALUES (7, 'phone', '6281299990000', 1, 1, 'card')"
        )
    )
    assert [each.get("href") for each in (await desk.show("/contacts/7")).all("a", href="/contacts/7/templates")] != []
    location = await send(desk, f"/contacts/7/templates/{ids['permintaan_dokumen id']}", **DOCUMENTS)
    assert isinstance(location, str)
    assert await column(desk.office.database, "SELECT contact_id FROM conversation ORDER BY id") == [1, 7]


async def test_advertising_is_marked_and_refused_to_whom_it_is_unwelcome(
    desk: Desk, ids: dict[str, TemplateId]
) -> None:
    """The form warns; for who wants none it has no Send."""
    conversation = await hear(desk)
    address = f"{conversation}/templates/{ids['ucapan_hari_raya id']}"
    assert len((await desk.show(address)).all("button", value="send")) == 1
    await desk.office.database.write(
        lambda tx: tx.run(
            "INSERT INTO marketing_choice (contact_id, choice, said_at, event_id) VALUES (1, 'stop', 1, 1)"
        )
    )
    page = await desk.show(address)
    assert page.all("button", value="send") == []
    assert "menolak promosi" in page.texts("p", "problem")[0]


async def test_a_template_that_was_paused_meanwhile_has_no_send(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """The form of a template that cannot be sent says why."""
    conversation, template_id = await hear(desk), ids["permintaan_dokumen id"]
    now = desk.office.clock.now()
    await desk.office.database.write(lambda tx: templates.set_status(tx, template_id, "paused", at=now))
    page = await desk.show(f"{conversation}/templates/{template_id}")
    assert page.all("button", value="send") == []
    assert page.texts("p", "problem") != []


async def test_nothing_is_sent_without_the_forms_own_token(desk: Desk, ids: dict[str, TemplateId]) -> None:
    """Neither another site's form nor one without a token does anything."""
    address = f"{await hear(desk)}/templates/{ids['permintaan_dokumen id']}"
    given = hidden(await desk.show(address), address)
    assert (await desk.post(address, csrf="wrong", **DOCUMENTS, do="send", form_token="t")).status == 403
    assert (await desk.post(address, csrf=given["csrf"], **DOCUMENTS, do="send")).status == 400
    assert await column(desk.office.database, "SELECT count(*) FROM message WHERE direction = 'outbound'") == [0]
