"""Legal notices whose contact is joined with another one after the approval: the notice keeps its person."""

from tests.arrivals import ADA, BUDI
from tests.noticing import approved, hear, look, pressed, sent, told
from tests.outbound import LAWYER, hear_from, staff_up
from wabridge.core import identities, notice_sending
from wabridge.core.office import Office
from wabridge.model.event import Person
from wabridge.model.ids import ContactId
from wabridge.model.notice_level import stand
from wabridge.storage import notice_events


async def test_only_the_approved_account_confirms_after_a_joining(office: Office) -> None:
    """What the joined part presses is recorded with the reason; the approved account still confirms."""
    found = await sent(office)
    await hear_from(office, BUDI)
    await identities.join(office, LAWYER, ContactId(2), into=ContactId(1))
    await hear(office, pressed(found, sender=BUDI, wamid="wamid.BUDI"))
    assert told(await look(office, found.id), "answered") == [("not_counted", "other_identity")]
    assert stand(await look(office, found.id)).level == "unclear"
    await hear(office, pressed(found))
    assert told(await look(office, found.id), "answered")[-1] == ("confirmed", None)


async def test_a_notice_of_the_joined_part_is_confirmed_by_its_own_account(office: Office) -> None:
    """Joined into another contact, the notice still names whom it was approved for, and nobody else confirms it."""
    found = await sent(office)
    await hear_from(office, BUDI)
    await identities.join(office, LAWYER, ContactId(1), into=ContactId(2))
    await hear(office, pressed(found, sender=BUDI, wamid="wamid.BUDI"))
    assert told(await look(office, found.id), "answered") == [("not_counted", "other_identity")]
    await hear(office, pressed(found))
    whole = await look(office, found.id)
    assert told(whole, "answered")[-1] == ("confirmed", None)
    assert whole.approval is not None
    assert whole.approval.recipient == Person(phone=ADA.phone, user_id=ADA.user_id)


async def test_joined_after_the_approval_it_goes_to_nobody_else(office: Office) -> None:
    """Queued after the joining, the message is bound to the account that was approved."""
    await staff_up(office)
    found = await approved(office)
    await hear_from(office, BUDI)
    await identities.join(office, LAWYER, ContactId(1), into=ContactId(2))
    message_id = await notice_sending.send(office, LAWYER, found.id, version_id=found.version.id)
    handing = await office.database.read(lambda tx: notice_events.find_handing(tx, message_id))
    assert handing is not None
    assert handing.recipient == Person(phone=ADA.phone, user_id=ADA.user_id)
