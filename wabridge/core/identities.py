"""Whose an item from outside is: recognising people while items are filed, and what is done about a doubt.

The rules are the tables in `model.identity`. This module asks them inside the inbound worker's transaction; people's
answers to an alert are here too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wabridge.broker import Change, Topic
from wabridge.core import windows
from wabridge.core.office import Office
from wabridge.errors import Conflict, IdentityUnverified, MalformedEvent, MessagesWaiting, NotAllowed
from wabridge.model import identity, phone
from wabridge.model.contact import Contact
from wabridge.model.content import System
from wabridge.model.event import Echo, InboundMessage, Person
from wabridge.model.identity import AlertKind, Clearance
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId
from wabridge.model.staff import Actor
from wabridge.storage import (
    acts,
    alerts,
    contacts,
    conversations,
    identities,
    identity_keys,
    joins,
    notice_events,
    outbox,
    setbacks,
)
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction
from wabridge.storage.identities import Carried

SIGHTING = timedelta(minutes=10)
"""So exact is the time an identity was last seen: a lively conversation does not write it with every message."""

CHANGES: dict[str, AlertKind] = {
    "number_changed": "number_changed",
    "user_id_changed": "user_id_changed",
    "security_code_changed": "security_code_changed",
}
"""News from WhatsApp after which somebody has to make sure who it is."""


@dataclass(slots=True)
class Recognition:
    """One transaction's recognising. conversations: those that changed because two contacts are one."""

    tx: Transaction
    now: datetime
    conversations: set[ConversationId] = field(default_factory=set)
    _seen: dict[Person, tuple[ContactId, datetime]] = field(default_factory=dict)

    def place(self, message: InboundMessage | Echo, at: datetime, event_id: EventId) -> ContactId:
        """Return whose a message is; somebody nobody knows becomes a temporary lead. at: Meta's time."""
        if not message.person.is_known:
            raise MalformedEvent("a message without a sender")
        news = message.content.body if message.content is not None else None
        if isinstance(news, System) and news.news in CHANGES:
            carried = self._follow(message.person, news, Occasion(at, "system", event_id, self.now))
        else:
            known, seen_at = self._seen.get(message.person, (None, at))
            if known is not None and abs(at - seen_at) < SIGHTING:
                return known
            occasion = Occasion(at, "message", event_id, self.now)
            carried = self._recognise(message.person, occasion)
            identity_keys.see(self.tx, carried.contact_id, message.person.key_hash, occasion)
        self.conversations |= set(carried.conversations)
        if not carried.is_plain:
            self._seen.clear()
        self._seen[message.person] = (carried.contact_id, at)
        return carried.contact_id

    def is_stranger(self, person: Person) -> bool:
        """Say whether nobody is known by any of these identities."""
        if person in self._seen:
            return False
        holders = contacts.find_holders(self.tx, person)
        return person.is_known and holders.account is None and holders.phone is None

    def _recognise(self, person: Person, occasion: Occasion) -> Carried:
        holders = contacts.find_holders(self.tx, person)
        verdict = identity.recognise(person, holders.account, holders.phone, occasion.at)
        known = {"account": holders.account, "phone": holders.phone, "new": None}[verdict.whose]
        if known is not None and verdict in (identity.OF_ACCOUNT, identity.OF_PHONE):
            self._rename(known, person)
            if _was_just_seen(known, person, at=occasion.at):
                return Carried(known.id, is_plain=True)
        return identities.apply(self.tx, verdict, person, holders, occasion)

    def _follow(self, sender: Person, news: System, occasion: Occasion) -> Carried:
        """Do what Meta's word about a change asks for."""
        if news.news == "security_code_changed":
            carried = self._recognise(sender, occasion)
            alerts.add(self.tx, carried.contact_id, "security_code_changed", occasion)
            return carried._replace(is_plain=False)
        new = classify(news.new_identities)
        return identities.apply_change(self.tx, _before(sender, news), new, occasion, CHANGES[news.news])

    def _rename(self, known: Contact, person: Person) -> None:
        """Take over what somebody calls themselves; while nobody is sure who it is a name that is known stays."""
        name = person.profile_name
        if name and name != known.name and (not known.name or alerts.find_newest_open(self.tx, known.id) is None):
            contacts.set_name(self.tx, known.id, name)


def classify(values: tuple[str, ...]) -> Person:
    """Return identities by their shape, whatever they were called."""
    number = user_id = parent_user_id = None
    for value in values:
        if phone.is_whatsapp_phone(value):
            number = number or value.removeprefix("+")
        elif phone.is_parent_user_id(value):
            parent_user_id = parent_user_id or value
        elif phone.is_user_id(value):
            user_id = user_id or value
    return Person(phone=number, user_id=user_id, parent_user_id=parent_user_id)


def require_clear(
    tx: Transaction, actor: Actor, contact_id: ContactId, clearance: Clearance | None, now: datetime
) -> int | None:
    """Return the newest alert that a message may ignore, None if there is none.

    Raises IdentityUnverified while there is an alert about which the writer was not asked.
    """
    newest = alerts.find_newest_open(tx, contact_id)
    if newest is None:
        return None
    if clearance is None or clearance.through < newest:
        raise IdentityUnverified("it is not sure who this person is now", alert_id=newest)
    if clearance.how is None:
        return newest
    require_person(actor)
    _resolve(tx, actor, contact_id, clearance, now)
    return None


def let_go(tx: Transaction, actor: Actor, message_id: MessageId, *, through: int, now: datetime) -> None:
    """Let a message go although nobody has made sure who gets it; somebody said that it is not confidential.

    Raises IdentityUnverified for what carries a legal notice: that is never sent into a doubt.
    """
    if notice_events.find_handing(tx, message_id) is not None:
        raise IdentityUnverified("a legal notice goes only to somebody who is certain", alert_id=through)
    alerts.clear(tx, message_id, through=through)
    acts.add(tx, actor, "sent_unverified", subject_kind="message", subject_id=message_id, now=now)


async def resolve_alerts(office: Office, actor: Actor, contact_id: ContactId, clearance: Clearance) -> None:
    """Close the alerts about a contact: somebody has made sure who it is; raises NotAllowed, NotFound or Conflict.

    What waited because of them goes out by itself then.
    """
    require_person(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> list[ConversationId]:
        contact = contacts.get(tx, contact_id)
        if clearance.how is None or not _resolve(tx, actor, contact.id, clearance, now):
            raise Conflict("there is no open alert any more")
        return conversations.list_for_contact(tx, contact.id)

    tell(office, await office.database.write(work))


async def join(office: Office, actor: Actor, contact_id: ContactId, *, into: ContactId) -> ContactId:
    """Let two contacts be one person, and return which; raises NotAllowed, NotFound or Conflict."""
    require_person(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> tuple[ContactId, tuple[ConversationId, ...]]:
        one, other = contacts.get(tx, contact_id), contacts.get(tx, into)
        if one.id == other.id:
            raise Conflict("they are one person already")
        whole, changed = joins.join_found(tx, other, one)
        part = one.id if whole == other.id else other.id
        acts.add(tx, actor, "joined_contacts", subject_kind="contact", subject_id=whole, now=now, detail=str(part))
        return whole, changed

    whole, changed = await office.database.write(work)
    tell(office, changed)
    return whole


async def separate(office: Office, actor: Actor, contact_id: ContactId, *, whole: ContactId) -> None:
    """Take a contact out of the one it was joined to; raises NotAllowed, Conflict or MessagesWaiting."""
    require_person(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> tuple[ConversationId, ...]:
        if contact_id == whole or contacts.find_whole(tx, contact_id) != whole:
            raise Conflict("these two are not joined")
        if outbox.is_waiting_for(tx, whole):
            raise MessagesWaiting("messages to them wait to be sent")
        changed = joins.separate(tx, contact_id)
        theirs = {known.value for known in contacts.get(tx, contact_id).identities}
        windows.find_anew(tx, conversations.list_for_contact(tx, whole), without=theirs)
        detail = str(contact_id)
        acts.add(tx, actor, "separated_contacts", subject_kind="contact", subject_id=whole, now=now, detail=detail)
        return changed

    tell(office, await office.database.write(work))


def require_person(actor: Actor) -> None:
    """Raise NotAllowed for programs, and for people without the right to reply."""
    if actor.kind != "staff" or not actor.may("reply"):
        raise NotAllowed("only people of the office who may reply can do this")


def tell(office: Office, changed: Iterable[ConversationId]) -> None:
    """Let pages and the sender look again."""
    for conversation_id in changed:
        office.broker.announce(Change("conversation", conversation_id))
    office.broker.announce(Change("notice", None))
    office.broker.ring(Topic.OUTGOING, 0)


def _resolve(tx: Transaction, actor: Actor, contact_id: ContactId, clearance: Clearance, now: datetime) -> int:
    assert clearance.how is not None, "somebody has made sure"
    note = clearance.note.strip()
    number = alerts.resolve(tx, contact_id, actor, through=clearance.through, how=clearance.how, note=note, now=now)
    if number and alerts.find_newest_open(tx, contact_id) is None:
        setbacks.forget_doubt(tx, contact_id)
    if number:
        detail = clearance.how if not note else f"{clearance.how}: {note}"
        acts.add(tx, actor, "made_sure", subject_kind="contact", subject_id=contact_id, now=now, detail=detail)
    return number


def _before(sender: Person, news: System) -> Person:
    """Return the identities that hold no more: the one who it is said of, without what is new."""
    said = classify(news.old_identities)
    new = set(news.new_identities)
    return Person(
        phone=said.phone or _unless_in(new, sender.phone),
        user_id=said.user_id or _unless_in(new, sender.user_id),
        parent_user_id=said.parent_user_id or _unless_in(new, sender.parent_user_id),
    )


def _unless_in(new: set[str], value: str | None) -> str | None:
    return None if value in new else value


def _was_just_seen(contact: Contact, person: Person, *, at: datetime) -> bool:
    """Say whether noting these identities again would tell nothing: they are the newest ones, and were seen lately."""
    named = identity.values(person)
    if any(contact.current(kind) != value for kind, value in named):
        return False
    seen = [i for i in contact.identities if i.is_here and (i.kind, i.value) in named]
    return all(i.confirmed_at is not None and abs(at - i.last_seen_at) < SIGHTING for i in seen)
