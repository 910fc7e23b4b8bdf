"""People outside, as the office and API programs look them up."""

from datetime import timedelta

import pytest

from tests.arrivals import ADA, arrive, text_message
from tests.clocks import NOON
from wabridge.core import contacts
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.errors import BadRequest, NotAllowed, NotFound
from wabridge.model.event import Person
from wabridge.model.ids import ContactId
from wabridge.model.staff import Actor

PROGRAM = Actor(kind="token", id=1, name="website", role="token")
NOBODY = Actor(kind="token", id=2, name="old", role="none")


@pytest.fixture
async def three_people(office: Office) -> None:
    """Three leads, the first with five messages."""
    people = [ADA, Person(phone="62812"), Person(user_id="ID.3")]
    arrived = [text_message(str(n), sent_at=NOON - timedelta(minutes=9 - n)) for n in range(4)]
    await arrive(office.database, *(text_message("Halo", sender=p) for p in people), *arrived, at=NOON)
    await Inbound(office).look()


@pytest.mark.usefixtures("three_people")
async def test_contacts_are_listed_in_pages(office: Office) -> None:
    """Contacts come newest first, also those without a phone number, and the last page has no next."""
    first = await contacts.list(office, PROGRAM, limit=2)
    assert [contact.id for contact in first.items] == [3, 2]
    last = await contacts.list(office, PROGRAM, limit=2, cursor=first.next)
    assert [(contact.id, contact.name) for contact in last.items] == [(1, ADA.profile_name)]
    assert last.next is None


@pytest.mark.usefixtures("three_people")
async def test_a_contacts_messages_are_listed_in_pages(office: Office) -> None:
    """Messages come newest first, each once."""
    shown: list[str | None] = []
    cursor: str | None = None
    while True:
        page = await contacts.list_messages(office, PROGRAM, ContactId(1), limit=2, cursor=cursor)
        shown += [message.text for message in page.items]
        if (cursor := page.next) is None:
            break
    assert shown == ["Halo", "3", "2", "1", "0"]


@pytest.mark.usefixtures("three_people")
async def test_a_contact_is_looked_up(office: Office) -> None:
    """One contact is returned with the identities it is known by."""
    assert (await contacts.get(office, PROGRAM, ContactId(1))).phone == ADA.phone


async def test_who_does_not_exist_is_not_found(office: Office) -> None:
    """An unknown contact has no messages, and says so."""
    with pytest.raises(NotFound):
        await contacts.get(office, PROGRAM, ContactId(1))
    with pytest.raises(NotFound):
        await contacts.list_messages(office, PROGRAM, ContactId(1))


@pytest.mark.usefixtures("three_people")
async def test_a_cursor_of_another_list_is_refused(office: Office) -> None:
    """A cursor that names nothing in this list is the asker's mistake."""
    with pytest.raises(BadRequest):
        await contacts.list(office, PROGRAM, cursor="1.2.3")
    with pytest.raises(NotFound):
        await contacts.list_messages(office, PROGRAM, ContactId(2), cursor="1")


async def test_only_who_may_read_reads(office: Office) -> None:
    """Without the right to read there is nothing to see, not even whether somebody exists."""
    with pytest.raises(NotAllowed):
        await contacts.list(office, NOBODY)
    with pytest.raises(NotAllowed):
        await contacts.get(office, NOBODY, ContactId(1))
    with pytest.raises(NotAllowed):
        await contacts.list_messages(office, NOBODY, ContactId(1))
