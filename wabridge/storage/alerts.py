"""Identity alerts: what changed about who a person is, until somebody has made sure. What raised one never changes."""

from datetime import datetime, timedelta
from typing import NamedTuple

from wabridge.model.contact import Learned
from wabridge.model.identity import SAME_NEWS, Alert, AlertKind, ResolvedHow
from wabridge.model.ids import ContactId, EventId, MessageId
from wabridge.model.staff import Actor
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("alerts")


class Occasion(NamedTuple):
    """When and by what something about a person came to be known. at: Meta's time; now: ours.

    event_id: None for what came as the answer to a send.
    """

    at: datetime
    learned: Learned
    event_id: EventId | None
    now: datetime


class Open(NamedTuple):
    """How many people have open alerts, since when, and one of them."""

    people: int
    since: datetime | None
    contact_id: ContactId | None


def add(
    tx: Transaction,
    contact_id: ContactId,
    kind: AlertKind,
    occasion: Occasion,
    *,
    old_value: str | None = None,
    new_value: str | None = None,
    other: ContactId | None = None,
) -> bool:
    """Raise an alert, and say whether it is news."""
    binds = {
        "contact_id": contact_id,
        "kind": kind,
        "old_value": old_value,
        "new_value": new_value,
        "other": other,
        "event_id": occasion.event_id,
        "at": to_micros(occasion.at),
        "now": to_micros(occasion.now),
        "same_news": SAME_NEWS // timedelta(microseconds=1),
    }
    row = tx.one(_sql["add"], binds)
    if row is None:
        return False
    ledger.append(tx, Entry("identity.alert", Subject("alert", row["id"])))
    return True


def list_for(tx: Transaction, contact_id: ContactId) -> list[Alert]:
    """Return every alert about a contact, newest first."""
    return [_alert(row) for row in tx.all(_sql["list_for"], {"contact_id": contact_id})]


def find_newest_open(tx: Transaction, contact_id: ContactId) -> int | None:
    """Return the id of the newest alert about a contact that nobody has resolved."""
    row = tx.one(_sql["find_newest_open"], {"contact_id": contact_id})
    return None if row is None else row["id"]


def is_known(tx: Transaction, contact_id: ContactId, kind: AlertKind, at: datetime) -> bool:
    """Say whether an alert of a kind is open, or was resolved after a moment."""
    binds = {"contact_id": contact_id, "kind": kind, "at": to_micros(at)}
    return tx.one(_sql["is_known"], binds) is not None


def resolve(
    tx: Transaction, contact_id: ContactId, actor: Actor, *, through: int, how: ResolvedHow, note: str, now: datetime
) -> int:
    """Close the open alerts about a contact up to one of them, and return how many."""
    binds = {
        "contact_id": contact_id,
        "through": through,
        "how": how,
        "note": note or None,
        "now": to_micros(now),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
    }
    return tx.run(_sql["resolve"], binds)


def clear(tx: Transaction, message_id: MessageId, *, through: int) -> None:
    """Let a message go in spite of every alert up to this one."""
    tx.run(_sql["clear"], {"message_id": message_id, "alert_id": through})


def count_open(tx: Transaction) -> Open:
    """Return how many people have open alerts."""
    row = tx.one(_sql["count_open"])
    assert row is not None, "an aggregate has a row"
    return Open(row["people"], maybe_from_micros(row["since"]), row["contact_id"])


def _alert(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        contact_id=row["contact_id"],
        kind=row["kind"],
        old_value=row["old_value"],
        new_value=row["new_value"],
        other_contact_id=row["other_contact_id"],
        happened_at=from_micros(row["happened_at"]),
        raised_at=from_micros(row["raised_at"]),
        resolved_at=maybe_from_micros(row["resolved_at"]),
        resolution=row["resolution"],
        note=row["note"],
        actor_name=row["actor_name"],
    )
