"""The same events in any order, said twice or not: the same people, identities and conversations."""

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest

from tests.arrivals import arrive, text_message
from tests.clocks import NOON
from tests.conftest import PHONE_NUMBER_ID
from wabridge.core.inbound import Inbound
from wabridge.core.office import Office
from wabridge.model.contact import Contact
from wabridge.model.content import Content, System
from wabridge.model.event import InboundMessage, Person
from wabridge.storage import contacts, conversations, messages
from wabridge.storage.database import Transaction

Story = Callable[[int], list[InboundMessage]]
"""Events about one person. The number makes them somebody else."""


def _at(minutes: int) -> datetime:
    return NOON - timedelta(days=2) + timedelta(minutes=minutes)


def _phone(person: int, which: int) -> str:
    return f"6281{person:04d}{which:05d}"


def _account(person: int, which: int) -> str:
    return f"ID.{person:04d}{which:05d}"


def _says(person: int, minutes: int, phone: int | None, account: int | None) -> InboundMessage:
    sender = Person(
        phone=None if phone is None else _phone(person, phone),
        user_id=None if account is None else _account(person, account),
        profile_name=f"Orang {person}",
    )
    return text_message(f"pesan {minutes}", wamid=f"wamid.{person}.{minutes}", sender=sender, sent_at=_at(minutes))


def _system(person: int, minutes: int, sender: Person, news: System) -> InboundMessage:
    return InboundMessage(
        phone_number_id=PHONE_NUMBER_ID,
        wamid=f"wamid.{person}.{minutes}",
        sender=sender,
        type="system",
        sent_at=int(_at(minutes).timestamp()),
        content=Content(body=news),
    )


def _number_changed(person: int, minutes: int) -> InboundMessage:
    old, new = (_account(person, 1),), (_phone(person, 2), _account(person, 2))
    news = System(news="number_changed", old_identities=old, new_identities=new)
    return _system(person, minutes, Person(phone=_phone(person, 1)), news)


def _user_id_changed(person: int, minutes: int) -> InboundMessage:
    news = System(news="user_id_changed", old_identities=(_account(person, 1),), new_identities=(_account(person, 2),))
    return _system(person, minutes, Person(user_id=_account(person, 1)), news)


def _with_another_number(person: int) -> list[InboundMessage]:
    return [
        _says(person, 0, 1, 1),
        _number_changed(person, 60),
        _says(person, 120, 2, 2),
        _says(person, 180, None, 2),
    ]


def _with_another_account(person: int) -> list[InboundMessage]:
    return [
        _says(person, 0, 1, 1),
        _user_id_changed(person, 60),
        _says(person, 120, 1, 2),
        _says(person, 180, None, 2),
    ]


def _without_a_word_from_meta(person: int) -> list[InboundMessage]:
    return [_says(person, 0, 1, 1), _says(person, 60, 1, 2), _says(person, 120, None, 2), _says(person, 180, None, 1)]


def _now_with_a_number_and_now_without(person: int) -> list[InboundMessage]:
    return [
        _says(person, 0, 1, None),
        _says(person, 60, None, 1),
        _says(person, 120, 1, 1),
        _says(person, 180, None, 1),
    ]


STORIES = [
    _with_another_number,
    _with_another_account,
    _without_a_word_from_meta,
    _now_with_a_number_and_now_without,
]


@pytest.mark.parametrize("story", STORIES)
async def test_the_order_of_arrival_changes_nothing(office: Office, story: Story) -> None:
    """Every order of a person's events, each event once or twice, leads to one contact with one conversation."""
    expected = None
    for person, order in enumerate(itertools.permutations(range(4))):
        events = [story(person)[n] for n in order]
        await _deliver(office, events + events[:1] + events[-1:], one_by_one=person % 2 == 0)
        found = _unnumbered(await office.database.read(partial(_found, person=person)), person)
        expected = expected or found
        assert found == expected, order
    assert expected is not None
    assert len(expected) == 1


async def test_without_metas_word_two_numbers_are_two_people(office: Office) -> None:
    """Nothing links a new number with a new account to whoever had the old ones, in any order."""
    for person, order in enumerate(itertools.permutations(range(3))):
        events = [event for event in _with_another_number(person) if event.type == "text"]
        await _deliver(office, [events[n] for n in order], one_by_one=True)
        assert len(await office.database.read(partial(_found, person=person))) == 2


async def _deliver(office: Office, events: Sequence[InboundMessage], *, one_by_one: bool) -> None:
    for batch in [[event] for event in events] if one_by_one else [list(events)]:
        await arrive(office.database, *batch, at=office.clock.now())
        while await Inbound(office).look():
            pass


def _found(tx: Transaction, person: int) -> list[object]:
    """Return the contacts of one story, each with identities, and with what its conversation shows."""
    holders = [contacts.find_holders(tx, Person(_phone(person, n), _account(person, n))) for n in (1, 2)]
    ids = {contact.id for pair in holders for contact in pair if contact is not None}
    return sorted((_shown(tx, contacts.get_many(tx, [i])[i]) for i in ids), key=str)


def _shown(tx: Transaction, contact: Contact) -> object:
    known = sorted(
        (i.kind, i.value, i.is_replaced, i.is_here, i.first_seen_at, i.last_seen_at) for i in contact.identities
    )
    threads = conversations.list_for_contact(tx, contact.id)
    lines = [[(m.kind, m.text) for m in messages.list_lines(tx, thread, limit=50)] for thread in threads]
    opened = [conversations.get(tx, thread)[4:6] for thread in threads]
    opened_at = [conversations.get(tx, thread).window_opened_at for thread in threads]
    return (contact.name, contact.standing, contact.address, known, lines, opened, opened_at)


def _unnumbered(found: list[object], person: int) -> list[object]:
    text = msgspec.json.encode(found).decode()
    for which in (1, 2):
        text = text.replace(_phone(person, which), f"phone {which}").replace(_account(person, which), f"id {which}")
    shown: list[object] = msgspec.json.decode(text.replace(f"Orang {person}", "Orang"))
    return shown
