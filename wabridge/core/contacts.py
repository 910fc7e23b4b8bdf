"""People outside: looking them up, naming them, saying what they are to the office, saving them from a card."""

import builtins
from collections.abc import Callable
from contextlib import suppress

from wabridge.core import identities
from wabridge.core.office import Office
from wabridge.errors import NameTooLong, NotAllowed, NotFound, PhoneTaken, PhoneUnreadable
from wabridge.model import limits, phone
from wabridge.model.contact import Contact, Standing
from wabridge.model.content import Card, Cards
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.page import Page, build_cursor, parse_cursor
from wabridge.model.profile import Done, Profile
from wabridge.model.staff import Actor
from wabridge.storage import acts, alerts, contacts, conversations, joins, messages
from wabridge.storage.database import Transaction


# The name is the same in every room; inside this module the built-in list is not needed.
async def list(office: Office, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[Contact]:  # noqa: A001
    """Return contacts, newest first; raises NotAllowed or BadRequest."""
    _require_read(actor)
    before = contacts.NEWEST if cursor is None else parse_cursor(cursor, parts=1)[0]
    found = await office.database.read(lambda tx: contacts.list_page(tx, before=before, limit=limit + 1))
    shown = found[:limit]
    return Page(tuple(shown), build_cursor(shown[-1].id) if len(found) > limit else None)


async def get(office: Office, actor: Actor, contact_id: ContactId) -> Contact:
    """Return a contact; raises NotAllowed or NotFound."""
    _require_read(actor)
    return await office.database.read(lambda tx: contacts.get(tx, contact_id))


async def find_by_phone(office: Office, actor: Actor, spelled: str) -> Contact | None:
    """Return whom a phone number in any spelling belongs to, None if to nobody known; raises NotAllowed."""
    _require_read(actor)
    with suppress(PhoneUnreadable):
        digits = phone.parse(spelled, region=office.settings.office.region)
        return await office.database.read(lambda tx: contacts.find_by_identity(tx, Person(phone=digits)))
    return None


async def list_messages(
    office: Office, actor: Actor, contact_id: ContactId, *, limit: int = 50, cursor: str | None = None
) -> Page[Message]:
    """Return a contact's messages, newest first; raises NotAllowed, NotFound or BadRequest."""
    _require_read(actor)
    before = None if cursor is None else MessageId(parse_cursor(cursor, parts=1)[0])

    def look(tx: Transaction) -> tuple[Message, ...]:
        whole = contacts.get(tx, contact_id).id
        return tuple(messages.list_for_contact(tx, whole, before=before, limit=limit + 1))

    found = await office.database.read(look)
    shown = found[:limit]
    return Page(shown, build_cursor(shown[-1].id) if len(found) > limit else None)


async def get_profile(office: Office, actor: Actor, contact_id: ContactId) -> Profile:
    """Return everything the office knows of who somebody is; raises NotAllowed or NotFound."""
    _require_read(actor)
    return await office.database.read(lambda tx: _profile(tx, contacts.get(tx, contact_id)))


async def set_name(office: Office, actor: Actor, contact_id: ContactId, name: str) -> None:
    """Call a contact something from now on, "" for what they call themselves; raises NotAllowed, NotFound, NameTooLong.

    What they call themselves never replaces it.
    """
    chosen = " ".join(name.split())
    if len(chosen) > limits.NAME_CHARACTERS:
        raise NameTooLong(f"the name has more than {limits.NAME_CHARACTERS} characters")

    def change(tx: Transaction, contact: Contact) -> bool:
        return contacts.set_given_name(tx, contact.id, chosen)

    await _change(office, actor, contact_id, "named", chosen, change)


async def set_standing(office: Office, actor: Actor, contact_id: ContactId, standing: Standing) -> None:
    """Say what a contact is to the office; raises NotAllowed or NotFound."""

    def change(tx: Transaction, contact: Contact) -> bool:
        return contacts.set_standing(tx, contact.id, standing)

    await _change(office, actor, contact_id, f"made_{standing}", "", change)


async def add_phone(office: Office, actor: Actor, contact_id: ContactId, typed: str) -> None:
    """Note a phone number of a contact; raises NotAllowed, NotFound, PhoneUnreadable or PhoneTaken."""
    digits = phone.parse(typed, region=office.settings.office.region)
    now = office.clock.now()

    def change(tx: Transaction, contact: Contact) -> bool:
        holder = contacts.find_holders(tx, Person(phone=digits)).phone
        if holder is not None and holder.id != contact.id:
            raise PhoneTaken("another contact has this number", contact_id=holder.id)
        if holder is None:
            contacts.see(tx, contact.id, Person(phone=digits), now=now, learned="hand")
        return holder is None

    await _change(office, actor, contact_id, "added_phone", phone.show(digits), change)


async def save_card(office: Office, actor: Actor, message_id: MessageId, number: int) -> ContactId:
    """Make a contact of a card that somebody shared, and return it; raises NotAllowed, NotFound or PhoneUnreadable.

    number: which card of the message, from 0. A phone number that is known leads to whom it belongs, and nothing is
    added to them: whoever sent the card may be wrong about it, or want us to be.
    """
    identities.require_person(actor)
    now = office.clock.now()
    region = office.settings.office.region

    def work(tx: Transaction) -> ContactId:
        message = messages.get(tx, message_id)
        card = _card(message, number)
        phones = _phones(card, region)
        holders = [contacts.find_holders(tx, Person(phone=digits)).phone for digits in phones]
        known = next((holder for holder in holders if holder is not None), None)
        if known is not None:
            return known.id
        name = " ".join((card.name or "").split())[: limits.NAME_CHARACTERS]
        first = Person(phone=phones[0])
        contact_id = contacts.add(tx, first, standing="other", now=now, learned="card", given=name)
        for digits in phones[1:]:
            contacts.see(tx, contact_id, Person(phone=digits), now=now, learned="card")
        detail = f"message {message_id}"
        acts.add(tx, actor, "saved_card", subject_kind="contact", subject_id=contact_id, now=now, detail=detail)
        return contact_id

    return await office.database.write(work)


def _profile(tx: Transaction, contact: Contact) -> Profile:
    known = alerts.list_for(tx, contact.id)
    parts = joins.list_joined(tx, contact.id)
    others = {contacts.find_whole(tx, ContactId(a.other_contact_id)) for a in known if a.other_contact_id}
    people = contacts.get_many(tx, {*parts, *others} - {contact.id})
    return Profile(
        contact=contact,
        alerts=tuple(known),
        conversation_ids=tuple(conversations.list_for_contact(tx, contact.id)),
        joined=tuple(people[part] for part in parts),
        likely_same=tuple(people[other] for other in sorted(others - {contact.id, *parts})),
        acts=tuple(
            Done(act.at, act.actor_name, act.verb, act.detail) for act in acts.list_for(tx, "contact", contact.id)
        ),
    )


async def _change(
    office: Office,
    actor: Actor,
    contact_id: ContactId,
    verb: str,
    detail: str,
    change: Callable[[Transaction, Contact], bool],
) -> None:
    identities.require_person(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> builtins.list[ConversationId]:
        contact = contacts.get(tx, contact_id)
        if change(tx, contact):
            acts.add(tx, actor, verb, subject_kind="contact", subject_id=contact.id, now=now, detail=detail)
        return conversations.list_for_contact(tx, contact.id)

    identities.tell(office, await office.database.write(work))


def _card(message: Message, number: int) -> Card:
    body = message.content.body if message.content else None
    if not isinstance(body, Cards) or not 0 <= number < len(body.cards):
        raise NotFound("no such contact card")
    return body.cards[number]


def _phones(card: Card, region: str) -> builtins.list[str]:
    """Return the numbers of a card as WhatsApp writes them, each once; raises PhoneUnreadable if there is none."""
    found: builtins.list[str] = []
    for each in card.phones:
        if each.whatsapp and phone.is_whatsapp_phone(each.whatsapp):
            found.append(each.whatsapp.removeprefix("+"))
        elif each.number:
            with suppress(PhoneUnreadable):
                found.append(phone.parse(each.number, region=region))
    if not found:
        raise PhoneUnreadable("the card has no phone number")
    return [*dict.fromkeys(found)]


def _require_read(actor: Actor) -> None:
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
