"""People outside, as they are stored."""

from datetime import timedelta
from functools import partial

import pytest

from tests.arrivals import ADA, BUDI
from tests.clocks import NOON
from wabridge.errors import NotFound
from wabridge.model.event import Person
from wabridge.model.ids import ContactId
from wabridge.storage import contacts
from wabridge.storage.database import Database

LATER = NOON + timedelta(hours=1)


async def test_a_contact_is_found_by_any_of_their_identities(database: Database) -> None:
    """Somebody known by phone and user id is found by either alone."""
    added = await database.write(lambda tx: contacts.add(tx, ADA, standing="lead", now=NOON))
    for person in (ADA, Person(phone=ADA.phone), Person(user_id=ADA.user_id)):
        found = await database.read(partial(contacts.find_by_identity, person=person))
        assert found is not None
        assert (found.id, found.name, found.standing) == (added, "Ada Example", "lead")
        assert (found.phone, found.user_id) == (ADA.phone, ADA.user_id)


async def test_nobody_is_found_by_nothing(database: Database) -> None:
    """An empty person is nobody, even when contacts exist."""
    await database.write(lambda tx: contacts.add(tx, ADA, standing="lead", now=NOON))
    assert await database.read(lambda tx: contacts.find_by_identity(tx, Person())) is None


async def test_the_user_id_speaks_before_the_phone_number(database: Database) -> None:
    """When user id and phone number belong to two contacts, the user id decides."""
    await database.write(lambda tx: contacts.add(tx, BUDI, standing="client", now=NOON))
    ada = await database.write(lambda tx: contacts.add(tx, Person(user_id="ID.1"), standing="lead", now=NOON))
    both = Person(user_id="ID.1", phone=BUDI.phone)
    found = await database.read(lambda tx: contacts.find_by_identity(tx, both))
    assert found is not None
    assert found.id == ada


async def test_an_identity_stays_with_whom_it_came_to_first(database: Database) -> None:
    """Seeing a contact under somebody else's number takes nothing away from that other contact."""
    budi = await database.write(lambda tx: contacts.add(tx, BUDI, standing="client", now=NOON))
    ada = await database.write(lambda tx: contacts.add(tx, Person(user_id="ID.1"), standing="lead", now=NOON))
    await database.write(lambda tx: contacts.see(tx, ada, Person(user_id="ID.1", phone=BUDI.phone), now=LATER))
    found = await database.read(lambda tx: contacts.find_by_identity(tx, Person(phone=BUDI.phone)))
    assert found is not None
    assert found.id == budi
    assert found.identities[0].last_seen_at == NOON


async def test_seeing_a_contact_refreshes_and_adds_identities(database: Database) -> None:
    """The last sighting is kept, a new identity joins the old ones, and the newest phone number is the one shown."""
    ada = await database.write(lambda tx: contacts.add(tx, ADA, standing="lead", now=NOON))
    moved = Person(user_id=ADA.user_id, phone="6285550001111")
    await database.write(lambda tx: contacts.see(tx, ada, moved, now=LATER))
    contact = await database.read(lambda tx: contacts.get(tx, ada))
    assert contact.phone == "6285550001111"
    seen = {identity.value: (identity.first_seen_at, identity.last_seen_at) for identity in contact.identities}
    assert seen == {ADA.phone: (NOON, NOON), ADA.user_id: (NOON, LATER), "6285550001111": (LATER, LATER)}


async def test_contacts_are_listed_newest_first(database: Database) -> None:
    """A page of contacts begins before the one it is asked for, and holds those without any identity too."""
    people = (ADA, BUDI, Person(profile_name="Citra"))
    ids = [await database.write(partial(contacts.add, person=p, standing="lead", now=NOON)) for p in people]
    listed = await database.read(lambda tx: contacts.list_page(tx, limit=2))
    assert [contact.id for contact in listed] == [ids[2], ids[1]]
    rest = await database.read(lambda tx: contacts.list_page(tx, before=ids[1], limit=2))
    assert [contact.id for contact in rest] == [ids[0]]


async def test_a_missing_contact_is_not_found(database: Database) -> None:
    """Asking for a contact that does not exist says so."""
    with pytest.raises(NotFound):
        await database.read(lambda tx: contacts.get(tx, ContactId(99)))
