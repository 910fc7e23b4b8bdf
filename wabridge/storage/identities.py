"""What follows from recognising somebody, written down: identities learned, replaced, passed on; joinings; alerts.

What is to follow is decided in `model.identity`; here it is only carried out. Old messages stay where they are.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model import identity
from wabridge.model.contact import Contact, IdentityKind
from wabridge.model.event import Person
from wabridge.model.identity import AlertKind, Change, Verdict
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.storage import alerts, contacts, joins, queries
from wabridge.storage.alerts import Occasion
from wabridge.storage.contacts import Holders
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("identities")

_SWAPPED: dict[AlertKind, AlertKind] = {
    "number_taken_over": "number_passed_on",
    "number_passed_on": "number_taken_over",
}


class Carried(NamedTuple):
    """Whose it is. is_plain: nothing else changed, nothing is doubtful; conversations: changed by a joining."""

    contact_id: ContactId
    is_plain: bool
    conversations: tuple[ConversationId, ...] = ()


def apply(tx: Transaction, verdict: Verdict, person: Person, holders: Holders, occasion: Occasion) -> Carried:
    """Carry out a verdict about somebody who was seen, and return whose the sighting is."""
    contact_id, changed = _place(tx, verdict, person, holders, occasion)
    former = holders.phone if verdict.phone_moves else None
    came_late = former is not None and person.phone is not None and _pass_on(tx, contact_id, former, person, occasion)
    contacts.see(tx, contact_id, person, now=occasion.at, learned=occasion.learned)
    if not came_late and verdict.alert in ("other_account", "other_number", "number_taken_over"):
        _replace_others(tx, contact_id, person, occasion.at)
    other_id = former.id if former else None
    told = _Told(contact_id, verdict.alert, other_id), _Told(other_id, verdict.other_alert, contact_id)
    for each in told:
        _raise(tx, each, person, holders, occasion, came_late=came_late)
    return Carried(contact_id, verdict in _PLAIN, changed)


def apply_change(tx: Transaction, old: Person, new: Person, occasion: Occasion, kind: AlertKind) -> Carried:
    """Carry out Meta's word that somebody's old identities became the new ones, and return whose they are."""
    had, has = contacts.find_holders(tx, old), contacts.find_holders(tx, new)
    holder, successor = had.account or had.phone, has.account or has.phone
    change = identity.follow(holder, successor, new, occasion.at)
    contact_id, changed = _place_change(tx, change, old, holder, successor, occasion)
    contacts.see(tx, contact_id, old, now=occasion.at, learned=occasion.learned)
    if change.contradicts and successor is not None:
        alerts.add(tx, contact_id, "contradiction", occasion, new_value=_said(new), other=successor.id)
        alerts.add(tx, successor.id, "contradiction", occasion, new_value=_said(new), other=contact_id)
        return Carried(contact_id, is_plain=False)
    third = has.phone if has.phone is not None and has.phone.id not in (contact_id, *_ids(holder, successor)) else None
    former = successor if change.phone_moves else third
    if former is not None and new.phone is not None and not _pass_on(tx, contact_id, former, new, occasion):
        alerts.add(tx, former.id, "number_passed_on", occasion, new_value=new.phone, other=contact_id)
    contacts.see(tx, contact_id, new, now=occasion.at, learned=occasion.learned)
    replaced = {kind for kind, _ in identity.values(new)}
    for each, value in identity.values(old):
        if each in replaced and (each, value) not in identity.values(new):
            binds = {"contact_id": contact_id, "kind": each, "value": value, "at": to_micros(occasion.at)}
            tx.run(_sql["replace"], binds)
    _replace_others(tx, contact_id, new, occasion.at)
    before = old.phone if kind == "number_changed" else old.user_id or old.parent_user_id
    now_called = new.phone if kind == "number_changed" else new.user_id or new.parent_user_id
    alerts.add(tx, contact_id, kind, occasion, old_value=before, new_value=now_called or _said(new))
    return Carried(contact_id, is_plain=False, conversations=changed)


def list_unknown(tx: Transaction, named: Iterable[tuple[MessageId, Person]]) -> dict[MessageId, ContactId]:
    """Return those of these messages of ours whose recipients are named otherwise than we know them, and whose."""
    pairs = [(m, person.user_id, person.parent_user_id, person.phone) for m, person in named]
    rows = tx.all(_sql["list_unknown"], {"pairs": json.dumps(pairs)}) if pairs else []
    return {MessageId(row["message_id"]): ContactId(row["contact_id"]) for row in rows}


class _Told(NamedTuple):
    contact_id: ContactId | None
    kind: AlertKind | None
    other_id: ContactId | None


_PLAIN = (identity.NEW, identity.OF_ACCOUNT, identity.OF_PHONE)


def _place(
    tx: Transaction, verdict: Verdict, person: Person, holders: Holders, occasion: Occasion
) -> tuple[ContactId, tuple[ConversationId, ...]]:
    if verdict.joins and holders.account is not None and holders.phone is not None:
        return joins.join_found(tx, holders.account, holders.phone)
    found = {"new": None, "account": holders.account, "phone": holders.phone}[verdict.whose]
    if found is not None:
        return found.id, ()
    return contacts.add(tx, person, standing="lead", now=occasion.at, learned=occasion.learned), ()


def _place_change(
    tx: Transaction,
    change: Change,
    old: Person,
    holder: Contact | None,
    successor: Contact | None,
    occasion: Occasion,
) -> tuple[ContactId, tuple[ConversationId, ...]]:
    if change.joins and holder is not None and successor is not None:
        return joins.join_found(tx, holder, successor)
    found = {"new": None, "old": holder, "successor": successor}[change.whose]
    if found is not None:
        return found.id, ()
    return contacts.add(tx, old, standing="lead", now=occasion.at, learned=occasion.learned), ()


def _pass_on(tx: Transaction, contact_id: ContactId, former: Contact, person: Person, occasion: Occasion) -> bool:
    """Let a phone number pass to a contact; True if the sighting came late and it had passed the other way."""
    held = next(i for i in former.identities if i.kind == "phone" and i.value == person.phone and i.is_here)
    if occasion.at < held.first_seen_at:
        binds = {"contact_id": contact_id, "phone": person.phone, "learned": occasion.learned}
        times = {"at": to_micros(occasion.at), "moved_at": to_micros(held.first_seen_at)}
        tx.run(_sql["add_passed"], {**binds, **times})
        return True
    tx.run(_sql["give_up"], {"contact_id": contact_id, "phone": person.phone, "at": to_micros(occasion.at)})
    return False


def _replace_others(tx: Transaction, contact_id: ContactId, person: Person, at: datetime) -> None:
    kinds: tuple[IdentityKind, ...] = ("phone", "user_id", "parent_user_id")
    for kind, value in identity.values(person):
        if kind in kinds:
            binds = {"contact_id": contact_id, "kind": kind, "value": value, "at": to_micros(at)}
            tx.run(_sql["replace_others"], binds)
            tx.run(_sql["replace_older"], {name: binds[name] for name in ("contact_id", "kind", "value")})


def _raise(
    tx: Transaction, told: _Told, person: Person, holders: Holders, occasion: Occasion, *, came_late: bool
) -> None:
    if told.contact_id is None or told.kind is None:
        return
    kind = _SWAPPED.get(told.kind, told.kind) if came_late else told.kind
    old_value, new_value = None, person.phone
    if kind == "other_account":
        old_value = holders.phone.account if holders.phone else None
        new_value = person.user_id or person.parent_user_id
    elif kind == "other_number":
        old_value = holders.account.phone if holders.account else None
    alerts.add(tx, told.contact_id, kind, occasion, old_value=old_value, new_value=new_value, other=told.other_id)


def _said(person: Person) -> str | None:
    return next((value for _, value in identity.values(person)), None)


def _ids(*known: Contact | None) -> list[ContactId]:
    return [contact.id for contact in known if contact is not None]
