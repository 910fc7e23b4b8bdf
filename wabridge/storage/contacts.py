"""People outside, and the phone numbers and user ids they are known by."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model import identity
from wabridge.model.contact import Contact, Identity, Learned, Standing
from wabridge.model.event import Person
from wabridge.model.ids import ContactId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("contacts")

NEWEST = 2**62
"""The cursor before the newest contact."""


class Holders(NamedTuple):
    """Whom identities lead to: the contact that has the user id, and the one that has the phone number."""

    account: Contact | None
    phone: Contact | None


def find_holders(tx: Transaction, person: Person) -> Holders:
    """Return whom these identities lead to. The user id speaks before that of a group of businesses."""
    binds = {"user_id": person.user_id, "parent_user_id": person.parent_user_id, "phone": person.phone}
    found = _contacts(tx.all(_sql["find_holders"], binds)).values()
    by_id = next((c for c in found if c.has("user_id", person.user_id)), None)
    by_parent = next((c for c in found if c.has("parent_user_id", person.parent_user_id)), None)
    by_phone = next((c for c in found if c.has("phone", person.phone)), None)
    return Holders(by_id or by_parent, by_phone)


def find_by_identity(tx: Transaction, person: Person) -> Contact | None:
    """Return who has this user id, or else this phone number."""
    holders = find_holders(tx, person)
    return holders.account or holders.phone


def get(tx: Transaction, contact_id: ContactId) -> Contact:
    """Return a contact, or the one it was joined to; raises NotFound."""
    whole = find_whole(tx, contact_id)
    found = get_many(tx, [whole])
    if not found:
        raise NotFound("no such contact")
    return found[whole]


def get_many(tx: Transaction, contact_ids: Iterable[ContactId]) -> dict[ContactId, Contact]:
    """Return those of these contacts that exist, newest first. Whoever was joined to another one stands alone here."""
    return _contacts(tx.all(_sql["get_many"], {"contact_ids": json.dumps(list(contact_ids))}))


def find_whole(tx: Transaction, contact_id: ContactId) -> ContactId:
    """Return the contact that this one was joined to, or itself."""
    row = tx.one(_sql["find_whole"], {"contact_id": contact_id})
    return contact_id if row is None else ContactId(row["id"])


def list_page(tx: Transaction, *, before: int = NEWEST, limit: int) -> list[Contact]:
    """Return contacts created before one of them, newest first."""
    ids = [ContactId(row["id"]) for row in tx.all(_sql["list_page"], {"before": before, "limit": limit})]
    return list(get_many(tx, ids).values())


def add(
    tx: Transaction, person: Person, *, standing: Standing, now: datetime, learned: Learned = "message", given: str = ""
) -> ContactId:
    """Store a new contact with what is known of them, and return its id. given: what the office calls them."""
    binds = {
        "name": person.profile_name or "",
        "standing": standing,
        "now": to_micros(now),
        "given_name": given or None,
    }
    row = tx.one(_sql["add"], binds)
    assert row is not None, "an insert returns its row"
    contact_id = ContactId(row["id"])
    see(tx, contact_id, person, now=now, learned=learned)
    return contact_id


def see(tx: Transaction, contact_id: ContactId, person: Person, *, now: datetime, learned: Learned = "message") -> None:
    """Note that a contact was seen under these identities; new ones are added, unless they lead to somebody else."""
    for kind, value in identity.values(person):
        binds = {
            "contact_id": contact_id,
            "kind": kind,
            "value": value,
            "at": to_micros(now),
            "learned": learned,
            "confirmed_at": None if learned in ("hand", "card") else to_micros(now),
        }
        if not tx.run(_sql["see"], binds):
            tx.run(_sql["see__add"], binds)


def set_name(tx: Transaction, contact_id: ContactId, name: str) -> None:
    """Store what a contact calls themselves now."""
    tx.run(_sql["set_name"], {"contact_id": contact_id, "name": name})


def set_given_name(tx: Transaction, contact_id: ContactId, name: str) -> bool:
    """Store what the office calls a contact, "" for nothing, and say whether that is new."""
    return tx.run(_sql["set_given_name"], {"contact_id": contact_id, "name": name or None}) > 0


def set_standing(tx: Transaction, contact_id: ContactId, standing: Standing) -> bool:
    """Store what a contact is to the office, and say whether that is new."""
    return tx.run(_sql["set_standing"], {"contact_id": contact_id, "standing": standing}) > 0


def _contacts(rows: list[Row]) -> dict[ContactId, Contact]:
    contacts = (_contact(list(group)) for _, group in groupby(rows, key=lambda row: row["id"]))
    return {contact.id: contact for contact in contacts}


def _contact(rows: list[Row]) -> Contact:
    first = rows[0]
    return Contact(
        id=ContactId(first["id"]),
        name=first["name"],
        standing=first["standing"],
        created_at=from_micros(first["created_at"]),
        identities=tuple(_identity(row) for row in rows if row["kind"] is not None),
        own_name=_own_name(rows),
        given_name=first["given_name"] or "",
    )


def _own_name(rows: list[Row]) -> str:
    """Return what the office's address book calls somebody: under the identity that was seen last of those it knows."""
    named = [row for row in rows if row["own_name"] and row["moved_at"] is None]
    return str(max(named, key=lambda row: row["last_seen_at"])["own_name"]) if named else ""


def _identity(row: Row) -> Identity:
    return Identity(
        kind=row["kind"],
        value=row["value"],
        first_seen_at=from_micros(row["first_seen_at"]),
        last_seen_at=from_micros(row["last_seen_at"]),
        learned=row["learned"],
        confirmed_at=maybe_from_micros(row["confirmed_at"]),
        replaced_at=maybe_from_micros(row["replaced_at"]),
        moved_at=maybe_from_micros(row["moved_at"]),
    )
