"""People outside, and the phone numbers and user ids they are known by."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from wabridge.errors import NotFound
from wabridge.model.contact import Contact, Identity, Standing
from wabridge.model.event import Person
from wabridge.model.ids import ContactId
from wabridge.storage import queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, to_micros

_sql = queries.load("contacts")

NEWEST = 2**62
"""The cursor before the newest contact."""


def find_by_identity(tx: Transaction, person: Person) -> Contact | None:
    """Return who has this user id, or else this phone number."""
    rows = tx.all(_sql["find_by_identity"], {"user_id": person.user_id, "phone": person.phone})
    return _contact(rows) if rows else None


def get(tx: Transaction, contact_id: ContactId) -> Contact:
    """Return a contact; raises NotFound."""
    found = get_many(tx, [contact_id])
    if not found:
        raise NotFound("no such contact")
    return found[contact_id]


def get_many(tx: Transaction, contact_ids: Iterable[ContactId]) -> dict[ContactId, Contact]:
    """Return those of these contacts that exist, newest first."""
    rows = tx.all(_sql["get_many"], {"contact_ids": json.dumps(list(contact_ids))})
    contacts = (_contact(list(group)) for _, group in groupby(rows, key=lambda row: row["id"]))
    return {contact.id: contact for contact in contacts}


def list_page(tx: Transaction, *, before: int = NEWEST, limit: int) -> list[Contact]:
    """Return contacts created before one of them, newest first."""
    ids = [ContactId(row["id"]) for row in tx.all(_sql["list_page"], {"before": before, "limit": limit})]
    return list(get_many(tx, ids).values())


def add(tx: Transaction, person: Person, *, standing: Standing, now: datetime) -> ContactId:
    """Store a new contact with what is known of them, and return its id."""
    row = tx.one(_sql["add"], {"name": person.profile_name or "", "standing": standing, "now": to_micros(now)})
    assert row is not None, "an insert returns its row"
    contact_id = ContactId(row["id"])
    see(tx, contact_id, person, now=now)
    return contact_id


def see(tx: Transaction, contact_id: ContactId, person: Person, *, now: datetime) -> None:
    """Note that a contact was seen under these identities; new ones are added."""
    at = to_micros(now)
    for kind, value in (("user_id", person.user_id), ("phone", person.phone)):
        if value:
            tx.run(_sql["see"], {"contact_id": contact_id, "kind": kind, "value": value, "now": at})


def set_name(tx: Transaction, contact_id: ContactId, name: str) -> None:
    """Store what a contact calls themselves now."""
    tx.run(_sql["set_name"], {"contact_id": contact_id, "name": name})


def _contact(rows: list[Row]) -> Contact:
    first = rows[0]
    return Contact(
        id=ContactId(first["id"]),
        name=first["name"],
        standing=first["standing"],
        created_at=from_micros(first["created_at"]),
        identities=tuple(_identity(row) for row in rows if row["kind"] is not None),
        own_name=_own_name(rows),
    )


def _own_name(rows: list[Row]) -> str:
    """Return what the office's address book calls somebody: under the identity that was seen last of those it knows."""
    named = [row for row in rows if row["own_name"]]
    return str(max(named, key=lambda row: row["last_seen_at"])["own_name"]) if named else ""


def _identity(row: Row) -> Identity:
    return Identity(
        kind=row["kind"],
        value=row["value"],
        first_seen_at=from_micros(row["first_seen_at"]),
        last_seen_at=from_micros(row["last_seen_at"]),
    )
