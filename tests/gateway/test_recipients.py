"""Who got a message of ours, as delivery statuses tell it."""

import msgspec
import pytest

from tests.arrivals import ADA, column
from tests.outbound import LAWYER, hear_from, staff_up
from wabridge.core import contacts
from wabridge.core.office import Office
from wabridge.gateway import recipients
from wabridge.gateway.recipients import Receipt
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, EventId, MessageId
from wabridge.model.profile import Profile
from wabridge.storage import numbers

PHONE_ONLY = msgspec.structs.replace(ADA, user_id=None)


async def _receive(office: Office, writer: Person, named: Person) -> Profile:
    """Let somebody write, and a status name whom the office's message reached."""
    await staff_up(office)
    await office.database.write(lambda tx: numbers.ensure(tx, office.settings.whatsapp.phone_number_id))
    await hear_from(office, writer)
    (event,) = await column(office.database, "SELECT max(id) FROM event")
    (message,) = await column(office.database, "SELECT max(id) FROM message")
    now = office.clock.now()
    receipt = Receipt(MessageId(int(str(message))), named, EventId(int(str(event))), now)
    for _ in range(2):
        await office.database.write(lambda tx: recipients.learn(tx, [receipt], now=now))
    return await contacts.get_profile(office, LAWYER, ContactId(1))


def _known(profile: Profile) -> set[tuple[str, str, str]]:
    return {(i.kind, i.value, i.learned) for i in profile.contact.identities}


async def test_a_status_teaches_the_account_behind_a_number(office: Office) -> None:
    """Somebody known by number alone is known by account as well once a message has arrived."""
    profile = await _receive(office, PHONE_ONLY, ADA)
    assert ("user_id", ADA.user_id, "status") in _known(profile)
    assert profile.alerts == ()


async def test_a_status_that_names_another_account_is_an_alert(office: Office) -> None:
    """The message reached somebody else's account: somebody has to make sure."""
    profile = await _receive(office, ADA, Person(phone=ADA.phone, user_id="ID.4711"))
    assert [alert.kind for alert in profile.alerts] == ["other_account"]


@pytest.mark.parametrize("named", [ADA, Person(phone=ADA.phone), Person(user_id=ADA.user_id), Person()])
async def test_a_status_that_says_what_is_known_changes_nothing(office: Office, named: Person) -> None:
    """Most statuses teach nothing; a number alone does not either."""
    profile = await _receive(office, ADA, named)
    assert _known(profile) == {("phone", ADA.phone, "message"), ("user_id", ADA.user_id, "message")}
    assert profile.alerts == ()


async def test_a_number_spelled_otherwise_by_whatsapp_is_learned(office: Office) -> None:
    """WhatsApp's id may differ from the number that was dialled: both lead to the same person."""
    profile = await _receive(office, PHONE_ONLY, Person(phone="5511987654321", user_id="BR.1"))
    assert {i.value for i in profile.contact.identities} == {ADA.phone, "5511987654321", "BR.1"}


async def test_nobody_becomes_a_contact_by_a_status(office: Office) -> None:
    """A status about whoever never wrote leaves the list of contacts alone."""
    await _receive(office, ADA, Person(phone="628990001111", user_id="ID.4711"))
    assert await column(office.database, "SELECT count(*) FROM contact") == [1]
