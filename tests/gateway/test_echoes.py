"""What was written in the office's name elsewhere, as it seemed, and turns out to be a message of ours."""

from tests.arrivals import ADA, arrive, column, text_message
from tests.clocks import NOON
from tests.conftest import PHONE_NUMBER_ID
from tests.gateway.test_statuses import answer, apply, hand_over, status
from tests.outbound import get
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.event import Echo
from wabridge.model.ids import MessageId
from wabridge.model.outcome import Accepted, Unknown
from wabridge.storage import messages


async def echo(office: Office, wamid: str, text: str = "Halo") -> None:
    """Let an echo be filed."""
    written = Echo(PHONE_NUMBER_ID, wamid, ADA, "text", text=text, sent_at=int(NOON.timestamp()), author="partner")
    await arrive(office.database, written, at=office.clock.now())
    while await Inbound(office).look():
        pass


async def lines(office: Office, message_id: MessageId) -> list[tuple[MessageId, str]]:
    """Return what the office wrote in a message's conversation, as the page and as programs get it."""
    conversation_id = (await get(office, message_id)).conversation_id
    shown = await office.database.read(lambda tx: messages.list_lines(tx, conversation_id, limit=9))
    contact_id = shown[0].contact_id
    assert contact_id is not None
    told = await office.database.read(lambda tx: messages.list_for_contact(tx, contact_id, limit=9))
    assert shown == told
    ours = [each for each in shown if each.direction == "outbound"]
    return [(each.id, each.delivery.status if each.delivery else "") for each in ours]


async def test_an_echo_that_was_faster_than_the_answer_is_no_second_line(busy_office: Office) -> None:
    """Once the answer names the wamid the echo stands behind our message, unchanged, and its statuses are ours, too."""
    message_id, opened, _ = await hand_over(busy_office, None)
    await echo(busy_office, "wamid.1")
    await apply(busy_office, status("delivered"))
    assert [word for _, word in await lines(busy_office, message_id)] == ["delivered", "pending"]
    await answer(busy_office, opened, Accepted("wamid.1"))
    assert await lines(busy_office, message_id) == [(message_id, "delivered")]
    behind = await column(busy_office.database, "SELECT wamid FROM message WHERE same_as = ?", message_id)
    assert behind == ["wamid.1"]
    await apply(busy_office, status("read"))
    assert await lines(busy_office, message_id) == [(message_id, "read")]
    assert len((await get(busy_office, message_id)).events) == 2
    preview = "SELECT last_message_id FROM conversation"
    assert await column(busy_office.database, preview) == [message_id]


async def test_an_echo_of_an_unknown_send_goes_behind_it_when_a_token_names_it(busy_office: Office) -> None:
    """A status with the token settles the send, and its echo goes behind it; another stays, and a late one is known."""
    message_id, _, token = await hand_over(busy_office, Unknown("timeout"))
    await echo(busy_office, "wamid.1")
    await echo(busy_office, "wamid.2", "Dari ponsel")
    await apply(busy_office, status("delivered"), status("sent", token=token))
    assert [word for _, word in await lines(busy_office, message_id)] == ["", "delivered"]
    await echo(busy_office, "wamid.1")
    assert len(await lines(busy_office, message_id)) == 2


async def test_an_answer_to_an_echo_is_one_to_our_message(busy_office: Office) -> None:
    """What quotes its wamid leads to the message of ours, not to the line behind it."""
    message_id, opened, _ = await hand_over(busy_office, None)
    await echo(busy_office, "wamid.1")
    await arrive(busy_office.database, text_message("Baik", quoted_wamid="wamid.1"), at=busy_office.clock.now())
    while await Inbound(busy_office).look():
        pass
    await answer(busy_office, opened, Accepted("wamid.1"))
    conversation_id = (await get(busy_office, message_id)).conversation_id
    shown = await busy_office.database.read(lambda tx: messages.list_lines(tx, conversation_id, limit=9))
    assert [each.quoted_id for each in shown if each.text == "Baik"] == [message_id]
