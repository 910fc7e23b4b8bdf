"""Who got a message of ours, as delivery statuses tell it: one may name another account than the one that wrote.

Nobody becomes a contact by that. What is known of whom we wrote to grows, and a doubt is raised.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model import identity
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, EventId, MessageId
from wabridge.storage import alerts, contacts, conversations, identities, identity_keys, outbox
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction


class Receipt(NamedTuple):
    """Whom a status names as the one who got a message of ours. at: Meta's time."""

    message_id: MessageId
    person: Person
    event_id: EventId
    at: datetime


def learn(tx: Transaction, receipts: Iterable[Receipt], *, now: datetime) -> set[ConversationId]:
    """Take note of who got what, and return the conversations in which that changes something."""
    by_message = {receipt.message_id: receipt for receipt in receipts if _names_account(receipt.person)}
    unknown = identities.list_unknown(tx, [(each.message_id, each.person) for each in by_message.values()])
    changed: set[ConversationId] = set()
    for message_id, contact_id in unknown.items():
        receipt = by_message[message_id]
        occasion = Occasion(receipt.at, "status", receipt.event_id, now)
        changed |= _learn(tx, contact_id, receipt.person, occasion)
    for receipt in by_message.values():
        changed |= _note_keys(tx, receipt, now)
    return changed


def _note_keys(tx: Transaction, receipt: Receipt, now: datetime) -> set[ConversationId]:
    """Note the fingerprint of the recipient's keys, which comes only while the identity check is on."""
    state = outbox.find_state(tx, receipt.message_id) if receipt.person.key_hash else None
    if state is None or state.contact_id is None:
        return set()
    occasion = Occasion(receipt.at, "status", receipt.event_id, now)
    if not identity_keys.see(tx, state.contact_id, receipt.person.key_hash, occasion):
        return set()
    return set(conversations.list_for_contact(tx, state.contact_id))


def _learn(tx: Transaction, contact_id: ContactId, person: Person, occasion: Occasion) -> set[ConversationId]:
    written_to = contacts.get(tx, contact_id)
    holders = contacts.find_holders(tx, person)
    verdict = identity.recognise_recipient(person, holders.account, holders.phone, written_to, occasion.at)
    if verdict.whose == "new":
        account = person.user_id or person.parent_user_id
        alerts.add(tx, written_to.id, "other_account", occasion, old_value=written_to.account, new_value=account)
        return set(conversations.list_for_contact(tx, written_to.id))
    if verdict.whose == "phone" and holders.phone is None:
        holders = holders._replace(phone=written_to)
    carried = identities.apply(tx, verdict, person, holders, occasion)
    concerned = {carried.contact_id, written_to.id, *([holders.phone.id] if holders.phone else [])}
    threads = {thread for each in concerned for thread in conversations.list_for_contact(tx, each)}
    return threads | set(carried.conversations) if verdict != identity.OF_PHONE else set(carried.conversations)


def _names_account(person: Person) -> bool:
    return bool(person.user_id or person.parent_user_id or person.key_hash)
