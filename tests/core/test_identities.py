"""Whether the one who writes is still the one who wrote."""

import msgspec

from tests.arrivals import ADA, arrive, text_message
from wabridge.core import notifications
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.event import Person
from wabridge.storage import contacts

STRANGER = msgspec.structs.replace(ADA, user_id="ID.99887766554433221100", profile_name="Orang Lain")


async def _file(office: Office, *senders: Person) -> None:
    messages = [text_message(f"pesan {n}", sender=sender) for n, sender in enumerate(senders)]
    await arrive(office.database, *messages, at=office.clock.now())
    while await Inbound(office).look():
        pass


async def test_a_known_number_with_another_identity_is_pointed_out(office: Office) -> None:
    """When a number seems to have a new owner the history keeps its name, and staff are told to make sure."""
    await _file(office, ADA, STRANGER)
    known = await office.database.read(lambda tx: contacts.find_by_identity(tx, ADA))
    assert known is not None
    assert known.name == ADA.profile_name
    (banner,) = await notifications.list_banners(office)
    assert (banner.kind, banner.count, banner.conversation_id) == ("identity_changed", 1, 1)


async def test_it_is_pointed_out_once(office: Office) -> None:
    """Further messages of the same two say nothing new."""
    await _file(office, ADA, STRANGER, STRANGER)
    await _file(office, ADA, STRANGER)
    (banner,) = await notifications.list_banners(office)
    assert banner.count == 1


async def test_a_number_that_comes_with_its_first_identity_is_nothing_odd(office: Office) -> None:
    """Somebody known by number alone gets a user id without any remark."""
    await _file(office, msgspec.structs.replace(ADA, user_id=None), ADA)
    assert await notifications.list_banners(office) == ()
