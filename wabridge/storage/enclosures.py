"""Files that were handed in to be sent, until a message takes them.

Rule: a row is written after its file is whole and on the disk, and its file is removed after the row is gone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model.enclosure import Addressee, Enclosure
from wabridge.model.ids import ConversationId, EnclosureId, MediaId, MessageId
from wabridge.model.media import Kept
from wabridge.model.sendable import Sendable
from wabridge.model.staff import Actor
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("enclosures")


class NewEnclosure(NamedTuple):
    """A file in the vault as it is handed in. name: the one it is sent under."""

    addressee: Addressee
    found: Sendable
    name: str
    kept: Kept
    sha256: str


def add(tx: Transaction, actor: Actor, new: NewEnclosure, *, now: datetime) -> EnclosureId:
    """Keep a file for the message that will take it."""
    binds = {
        **new.addressee._asdict(),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "now": to_micros(now),
        "kind": new.found.kind,
        "mime_type": new.found.mime_type,
        "file_name": new.name,
        "is_voice": new.found.is_voice,
        "is_animated": new.found.is_animated,
        "vault_name": new.kept.name,
        "vault_key": new.kept.key,
        "size": new.kept.size,
        "sha256": new.sha256,
    }
    row = tx.one(_sql["add"], binds)
    assert row is not None, "an insert returns its row"
    return EnclosureId(row["id"])


def find(tx: Transaction, enclosure_id: EnclosureId) -> Enclosure | None:
    """Return a file that waits, None if there is none, or none any more."""
    row = tx.one(_sql["find"], {"enclosure_id": enclosure_id})
    return None if row is None else _enclosure(row)


def list_of(tx: Transaction, actor: Actor, conversation_ids: Iterable[ConversationId]) -> tuple[Enclosure, ...]:
    """Return what somebody handed in for these conversations and has not sent yet, oldest first."""
    return tuple(
        _enclosure(row)
        for conversation_id in conversation_ids
        for row in tx.all(
            _sql["list_of"],
            {"conversation_id": conversation_id, "actor_kind": actor.kind, "actor_id": actor.id},
        )
    )


def list_all(tx: Transaction, *, after: EnclosureId, limit: int) -> list[Enclosure]:
    """Return what waits, whoever handed it in, by id."""
    return [_enclosure(row) for row in tx.all(_sql["list_all"], {"after": after, "limit": limit})]


def is_there(tx: Transaction) -> bool:
    """Say whether this database is new enough to know of files that are sent."""
    return tx.one(_sql["is_there"]) is not None


def attach(tx: Transaction, enclosure: Enclosure, message_id: MessageId, *, now: datetime) -> MediaId:
    """Make a file that waits the file of a message; from then on it is a row of `media` and of nothing else."""
    row = tx.one(_sql["attach"], {"enclosure_id": enclosure.id, "message_id": message_id, "now": to_micros(now)})
    assert row is not None, "an insert returns its row"
    tx.run(_sql["delete"], {"enclosure_id": enclosure.id})
    ledger.append(tx, Entry("wa.media", Subject("media", row["id"]), revises=True))
    return MediaId(row["id"])


def delete(tx: Transaction, enclosure_id: EnclosureId) -> str | None:
    """Take a file back and return its name in the vault, where it is to be removed now; None if it is gone."""
    row = tx.one(_sql["delete"], {"enclosure_id": enclosure_id})
    return None if row is None else str(row["vault_name"])


def delete_old(tx: Transaction, *, before: datetime) -> list[str]:
    """Take back what was handed in before that time, and return the names in the vault."""
    return [str(row["vault_name"]) for row in tx.all(_sql["delete_old"], {"before": to_micros(before)})]


def _enclosure(row: Row) -> Enclosure:
    return Enclosure(
        id=EnclosureId(row["id"]),
        addressee=Addressee(row["conversation_id"], row["contact_id"], row["phone"]),
        actor_kind=row["actor_kind"],
        actor_id=row["actor_id"],
        handed_in_at=from_micros(row["handed_in_at"]),
        kind=row["kind"],
        mime_type=row["mime_type"],
        name=row["file_name"],
        is_voice=bool(row["is_voice"]),
        is_animated=bool(row["is_animated"]),
        kept=Kept(row["vault_name"], row["vault_key"], row["size"]),
        sha256=row["sha256"],
    )
