import base64
from datetime import UTC, datetime

from tests.sandbox.conftest import PHONE
from tests.sandbox.office import Office, text_body
from wabridge.sandbox import payloads, wamids
from wabridge.sandbox.meta import PretendMeta
from wabridge.sandbox.payloads import Person

NOON = datetime(2026, 10, 1, 5, 0, tzinfo=UTC)


async def test_statuses_follow_the_switches(meta: PretendMeta, office: Office) -> None:
    """To a client nobody plays sent and delivered are reported, read only when it is switched on."""
    await office.send(text_body())
    await meta.drain()
    meta.behaviour.read = True
    await office.send(text_body())
    await meta.drain()
    meta.behaviour.deliver = False
    await office.send(text_body())
    await meta.drain()
    words = [sorted(office.words(message.wamid)) for message in meta.accepted]
    assert words == [["delivered", "sent"], ["delivered", "read", "sent"], ["sent"]]


async def test_a_status_carries_what_was_sent_along(meta: PretendMeta, office: Office) -> None:
    """Statuses have string times, the recipient in both forms, pricing, contacts and the callback data."""
    meta.behaviour.deliver = False
    await office.send(text_body(biz_opaque_callback_data="a:42"))
    await meta.drain()
    status = office.values("statuses")[0]
    user_id = meta.handset(PHONE).person.user_id
    assert status.pop("timestamp").isdigit()
    assert status.pop("pricing")["category"] == "service"
    assert status == {
        "id": meta.accepted[0].wamid,
        "status": "sent",
        "recipient_id": PHONE[1:],
        "recipient_user_id": user_id,
        "biz_opaque_callback_data": "a:42",
    }
    assert office.values("contacts") == [{"wa_id": PHONE[1:], "user_id": user_id}]


async def test_a_phone_that_is_off_gets_its_messages_later(meta: PretendMeta, office: Office) -> None:
    """A played phone that is off holds `delivered` back until it is turned on."""
    handset = meta.handset(PHONE)
    handset.is_played, handset.is_on = True, False
    await office.send(text_body())
    await meta.wait_until(lambda: meta.courier.acknowledged_count == 1)
    wamid = meta.accepted[0].wamid
    assert office.words(wamid) == ["sent"]
    assert handset.visible() == []
    handset.is_on = True
    meta.changes.announce()
    await meta.wait_until(lambda: "delivered" in office.words(wamid))
    assert [bubble.text for bubble in handset.visible()] == ["Selamat pagi"]


async def test_a_played_phone_reads_only_what_is_displayed_in_an_open_chat(meta: PretendMeta, office: Office) -> None:
    """`read` needs the page to have shown the message and the chat to count as open."""
    handset = meta.handset(PHONE)
    handset.is_played, handset.is_chat_open = True, False
    await office.send(text_body())
    wamid = meta.accepted[0].wamid
    await meta.wait_until(lambda: "delivered" in office.words(wamid))
    assert handset.unseen_count() == 1
    assert handset.display()
    meta.changes.announce()
    assert handset.unseen_count() == 0
    assert "read" not in office.words(wamid)
    handset.is_chat_open = True
    meta.changes.announce()
    await meta.wait_until(lambda: "read" in office.words(wamid))


def test_wamids_are_built_as_metas() -> None:
    """A wamid decodes to the phone's digits, the direction and a fresh id."""
    inbound = base64.b64decode(wamids.inbound("16505550123").removeprefix("wamid."))
    assert inbound.startswith(b"\x1c\x18\x0b16505550123\x15\x02\x00\x12\x18\x143A")
    outbound = base64.b64decode(wamids.outbound("16505550123").removeprefix("wamid."))
    assert outbound.startswith(b"\x1c\x18\x0b16505550123\x15\x02\x00\x11\x18\x12")
    assert wamids.outbound("16505550123") != wamids.outbound("16505550123")


def test_user_ids_are_stable_and_scoped() -> None:
    """The same phone has one id per business, with its country in front."""
    assert wamids.user_id("6281200001234", "1") == wamids.user_id("6281200001234", "1")
    assert wamids.user_id("6281200001234", "1") != wamids.user_id("6281200001234", "2")
    assert wamids.user_id("6281200001234", "1").startswith("ID.")
    assert wamids.user_id("16505550123", "1").startswith("US.")


def test_a_hidden_phone_is_absent_not_empty(meta: PretendMeta) -> None:
    """For a client who hides the phone `from`, `wa_id` and `recipient_id` are left out."""
    person = Person(phone="34600000000", name="Lin", user_id="ES.2", username="@lin", hides_phone=True)
    written = payloads.message_webhook(meta.account, person, payloads.text(person, "Hola", at=NOON))
    value = written["entry"][0]["changes"][0]["value"]
    assert value["contacts"] == [{"profile": {"name": "Lin", "username": "@lin"}, "user_id": "ES.2"}]
    assert "from" not in value["messages"][0]
    failed = payloads.status("wamid.1", "failed", at=NOON, person=person)
    assert "recipient_id" not in failed
    assert failed["recipient_user_id"] == "ES.2"


def test_batches_hold_many_values(meta: PretendMeta) -> None:
    """One envelope takes any number of values, each with messages, statuses or errors."""
    empty = payloads.value(meta.account)
    assert set(empty) == {"messaging_product", "metadata"}
    broken = payloads.value(meta.account, errors=[{"code": 130429}])
    changes = payloads.batch(meta.account, empty, broken, field="messages")["entry"][0]["changes"]
    assert [change["value"] for change in changes] == [empty, broken]
