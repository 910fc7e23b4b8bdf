"""Sending a template: to whom it may go, what it has to fit, and what is kept of it."""

from datetime import timedelta

import msgspec
import pytest

from tests.arrivals import ADA, column
from tests.outbound import LAWYER, PROGRAM, get, hear_from, staff_up
from tests.templates import ACCOUNT, stock, with_account
from wabridge.core import template_messages
from wabridge.core.office import Office
from wabridge.core.replies import Manner
from wabridge.core.template_messages import Once, Order, Recipient
from wabridge.errors import (
    AdvertisingRefused,
    KeyReused,
    NewerMessage,
    NotAllowed,
    NotFound,
    TemplateChanged,
    TemplateUnfit,
    TemplateWithdrawn,
    Unprocessable,
)
from wabridge.model.ids import MessageId
from wabridge.model.message import Message
from wabridge.model.template import TemplateId
from wabridge.model.template_message import TemplateMessage
from wabridge.storage import marketing, setbacks, templates
from wabridge.storage.database import Transaction

REQUEST = {"body.1": "Ibu Ada", "body.2": "KTP", "body.3": "Jumat"}
STRANGER = "0812-9999-0000"


@pytest.fixture
async def ids(busy: Office) -> dict[str, TemplateId]:
    """The pretend office's templates."""
    return await stock(busy)


@pytest.fixture
async def busy(office: Office) -> Office:
    """An office with people and a business account."""
    busy = with_account(office)
    await staff_up(busy)
    return busy


def order(name: str = "permintaan_dokumen", values: dict[str, str] | None = None, **more: object) -> Order:
    """Return an order for an Indonesian template."""
    return Order(REQUEST if values is None else values, name=name, language="id", **more)  # type: ignore[arg-type]


async def send(office: Office, wanted: Order, recipient: Recipient, **more: object) -> Message:
    """Queue a template and return its message."""
    queued = await template_messages.queue(office, LAWYER, wanted, recipient, **more)  # type: ignore[arg-type]
    return await get(office, queued.message_id)


def kept(message: Message) -> TemplateMessage:
    """Return what is kept of the template with a message."""
    body = message.content.body if message.content else None
    assert isinstance(body, TemplateMessage)
    return body


async def test_a_template_goes_outside_the_window(busy: Office, ids: dict[str, TemplateId]) -> None:
    """A day after somebody wrote, a template is queued like an answer; its words are the text the person reads."""
    conversation_id = await hear_from(busy, at=busy.clock.now() - timedelta(days=2))
    message = await send(busy, order(), Recipient(conversation_id=conversation_id))
    assert message.kind == "template"
    assert message.text is not None
    assert message.text.startswith("Yth. Ibu Ada, untuk melanjutkan")
    assert message.delivery is not None
    assert message.delivery.status == "pending"


async def test_what_was_approved_and_what_was_filled_in_are_kept(busy: Office, ids: dict[str, TemplateId]) -> None:
    """The message holds all components as Meta listed them, the wording's number, and every value with its place."""
    conversation_id = await hear_from(busy)
    body = kept(await send(busy, order(), Recipient(conversation_id=conversation_id)))
    template = await busy.database.read(lambda tx: templates.get(tx, ids["permintaan_dokumen id"]))
    assert template is not None
    assert [part["type"] for part in msgspec.json.decode(body.approved)] == ["BODY", "FOOTER", "BUTTONS"]
    assert (body.version_id, body.version, body.confirmed_at) == (template.version_id, 1, busy.clock.now())
    assert [each.value for each in body.filled if each.part == "body"] == ["Ibu Ada", "KTP", "Jumat"]
    assert [button.text for button in body.buttons] == ["Akan saya kirim", "Ada pertanyaan"]


async def test_each_reply_button_has_an_id_that_leads_back_to_it(busy: Office, ids: dict[str, TemplateId]) -> None:
    """What comes back is random, differs for each message, and is known with its message and place."""
    conversation_id = await hear_from(busy)
    messages = [await send(busy, order(), Recipient(conversation_id=conversation_id)) for _ in range(2)]
    payloads = [each.value for m in messages for each in kept(m).filled if each.part == "button"]
    assert len(set(payloads)) == 4
    assert all(len(payload) == 34 for payload in payloads)
    sql = "SELECT message_id || ' ' || position || ' ' || title FROM offered_choice ORDER BY message_id, position"
    first, second = (message.id for message in messages)
    assert await column(busy.database, sql) == [
        f"{first} 1 Akan saya kirim",
        f"{first} 2 Ada pertanyaan",
        f"{second} 1 Akan saya kirim",
        f"{second} 2 Ada pertanyaan",
    ]


async def test_whoever_has_never_written_becomes_a_lead_by_being_written_to(
    busy: Office, ids: dict[str, TemplateId]
) -> None:
    """The first word makes a contact and a conversation without a window; the second goes to the same one."""
    first = await send(busy, order(), Recipient(phone=STRANGER))
    second = await send(busy, order(), Recipient(phone="+62 812 9999 0000"))
    assert first.conversation_id == second.conversation_id
    assert await column(busy.database, "SELECT standing FROM contact") == ["lead"]
    assert await column(busy.database, "SELECT window_opened_at FROM conversation") == [None]
    assert await column(busy.database, "SELECT learned FROM identity") == ["hand"]


async def test_nobody_becomes_a_contact_by_what_is_refused(busy: Office, ids: dict[str, TemplateId]) -> None:
    """A form that does not fit leaves nothing behind."""
    with pytest.raises(TemplateUnfit):
        await send(busy, order(values={}), Recipient(phone=STRANGER))
    assert await column(busy.database, "SELECT count(*) FROM contact") == [0]


async def test_a_known_number_is_written_to_in_its_conversation(busy: Office, ids: dict[str, TemplateId]) -> None:
    """A number that has written before leads to whoever has it."""
    conversation_id = await hear_from(busy)
    assert (await send(busy, order(), Recipient(phone=ADA.phone))).conversation_id == conversation_id


async def test_one_click_is_one_message(busy: Office, ids: dict[str, TemplateId]) -> None:
    """The same key gives the first message again, also after the template was withdrawn; other words do not."""
    first = await send(busy, order(), Recipient(phone=STRANGER), once=Once("k"))
    now = busy.clock.now() + timedelta(seconds=1)
    await busy.database.write(lambda tx: templates.set_status(tx, ids["permintaan_dokumen id"], "paused", at=now))
    again = await template_messages.queue(busy, LAWYER, order(), Recipient(phone=STRANGER), once=Once("k"))
    assert (again.message_id, again.repeated) == (first.id, True)
    with pytest.raises(KeyReused):
        await send(busy, order(values={**REQUEST, "body.1": "x"}), Recipient(phone=STRANGER), once=Once("k"))
    assert await column(busy.database, "SELECT count(*) FROM message") == [1]


@pytest.mark.parametrize("name", ["promo_konsultasi", "survei_kepuasan", "perubahan_jadwal", "kode_masuk"])
async def test_only_what_meta_approved_and_we_can_fill_in_is_sent(
    busy: Office, ids: dict[str, TemplateId], name: str
) -> None:
    """Rejected, paused, pending, and one with a part nobody knows are refused with a reason."""
    with pytest.raises(TemplateWithdrawn):
        await send(busy, order(name), Recipient(phone=STRANGER))


async def test_a_template_that_is_not_there_is_not_found(busy: Office, ids: dict[str, TemplateId]) -> None:
    """A name in a language that Meta does not list leads nowhere."""
    with pytest.raises(NotFound):
        await send(busy, order("tidak_ada"), Recipient(phone=STRANGER))


async def test_a_wording_that_has_changed_since_the_form_was_opened_is_shown_first(
    busy: Office, ids: dict[str, TemplateId]
) -> None:
    """Nobody sends words they have not seen."""
    with pytest.raises(TemplateChanged):
        await send(busy, order(version=2), Recipient(phone=STRANGER))


async def test_each_slot_that_does_not_fit_is_named(busy: Office, ids: dict[str, TemplateId]) -> None:
    """The reasons come with the slots' keys; a header that is a file is one of them."""
    with pytest.raises(TemplateUnfit) as refused:
        await send(busy, order(values={"body.1": "a\nb"}), Recipient(phone=STRANGER))
    assert dict(refused.value.problems) == {"body.1": "line_break", "body.2": "missing", "body.3": "missing"}


async def test_who_wants_no_advertising_gets_none(busy: Office, ids: dict[str, TemplateId]) -> None:
    """A marketing template is refused to them; a utility one is not."""
    conversation_id = await hear_from(busy)
    now = busy.clock.now()
    (contact_id,) = await column(busy.database, "SELECT contact_id FROM conversation")
    await busy.database.write(
        lambda tx: marketing.set_choice(tx, contact_id, "stop", said_at=now, event_id=1)  # type: ignore[arg-type]
    )
    greeting = order("ucapan_hari_raya", {"body.1": "Ada", "button.0": "KODE1"})
    with pytest.raises(AdvertisingRefused):
        await send(busy, greeting, Recipient(conversation_id=conversation_id))
    assert (await send(busy, greeting, Recipient(phone=STRANGER))).kind == "template"
    assert (await send(busy, order(), Recipient(conversation_id=conversation_id))).kind == "template"


@pytest.mark.parametrize(("choice", "is_refused"), [(None, True), ("stop", True), ("resume", False)])
async def test_who_is_said_by_meta_to_want_none_gets_none(
    busy: Office, ids: dict[str, TemplateId], choice: str | None, is_refused: bool
) -> None:
    """A refusal of Meta's (131050) counts like the person's word, until they say otherwise after it."""
    conversation_id = await hear_from(busy)
    (contact_id,) = await column(busy.database, "SELECT contact_id FROM conversation")
    now = busy.clock.now()

    def say(tx: Transaction) -> None:
        setbacks.mark_contact(tx, contact_id, "opted_out", code=131050, now=now)  # type: ignore[arg-type]
        if choice is not None:
            later = now + timedelta(minutes=1)
            marketing.set_choice(tx, contact_id, choice, said_at=later, event_id=1)  # type: ignore[arg-type]

    await busy.database.write(say)
    greeting = order("ucapan_hari_raya", {"body.1": "Ada", "button.0": "KODE1"})
    sent = send(busy, greeting, Recipient(conversation_id=conversation_id))
    if is_refused:
        with pytest.raises(AdvertisingRefused):
            await sent
    else:
        assert (await sent).kind == "template"


async def test_a_newer_message_is_asked_about(busy: Office, ids: dict[str, TemplateId]) -> None:
    """Whoever has just written is not answered unseen, by a template either."""
    conversation_id = await hear_from(busy)
    with pytest.raises(NewerMessage):
        await send(busy, order(), Recipient(conversation_id=conversation_id), manner=Manner(seen=MessageId(0)))


async def test_a_program_may_send_and_an_ex_member_may_not(busy: Office, ids: dict[str, TemplateId]) -> None:
    """The right to reply is what it takes; and it goes to one person."""
    assert await template_messages.queue(busy, PROGRAM, order(), Recipient(phone=STRANGER))
    nobody = msgspec.structs.replace(LAWYER, role="none")
    with pytest.raises(NotAllowed):
        await template_messages.queue(busy, nobody, order(), Recipient(phone=STRANGER))
    with pytest.raises(Unprocessable):
        await send(busy, order(), Recipient())


async def test_another_accounts_templates_are_not_ours(busy: Office, ids: dict[str, TemplateId]) -> None:
    """By name only a template of the configured business account is found."""
    await busy.database.write(
        lambda tx: tx.run("UPDATE template SET account_id = 'other' WHERE account_id = ?", (ACCOUNT,))
    )
    with pytest.raises(NotFound):
        await send(busy, order(), Recipient(phone=STRANGER))
