"""Legal notices: their numbers, what they say, who approved it. What happened to them is in `notice_events`.

Nothing here changes once it is written, but two marks that repeat what the events say, so that lists and the follow-up
can ask for them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from wabridge.errors import NotFound
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, MessageId, NoticeId
from wabridge.model.notice import Approval, Document, Notice, Version, Wanted, Who, build_number
from wabridge.model.staff import Actor
from wabridge.storage import ledger, notice_events, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("notices")

NEWEST = 2**62


class Added(NamedTuple):
    """A notice that has its number."""

    id: NoticeId
    number: str


class VersionRow(NamedTuple):
    """What a version says, as it is stored."""

    title: str
    matter: str
    text: str
    document: Document | None
    language: str
    wanted: Wanted
    deadline_at: datetime | None
    content: bytes


def add(
    tx: Transaction, actor: Actor, conversation_id: ConversationId, contact_id: ContactId, *, year: int, now: datetime
) -> Added:
    """Begin a notice under the next number of the year."""
    row = tx.one(_sql["add__last"], {"year": year})
    sequence = (row["last"] if row else None) or 0
    number = build_number(year, sequence + 1)
    stored = tx.one(
        _sql["add"],
        {
            "year": year,
            "sequence": sequence + 1,
            "number": number,
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            **_author(actor),
            "now": to_micros(now),
        },
    )
    assert stored is not None, "an insert returns its row"
    return Added(NoticeId(stored["id"]), number)


def add_version(
    tx: Transaction, actor: Actor, notice_id: NoticeId, row: VersionRow, *, number: int, now: datetime
) -> int:
    """Store what a notice says from now on, and return the version's id."""
    stored = tx.one(
        _sql["add_version"],
        {
            **row._asdict(),
            "notice_id": notice_id,
            "number": number,
            "document": None if row.document is None else msgspec.json.encode(row.document),
            "deadline_at": maybe_to_micros(row.deadline_at),
            **_author(actor),
            "now": to_micros(now),
        },
    )
    assert stored is not None, "an insert returns its row"
    ledger.append(tx, Entry("notice.version", Subject("notice_version", stored["id"])))
    return int(stored["id"])


def add_approval(tx: Transaction, notice_id: NoticeId, approval: Approval) -> None:
    """Store that a version may go."""
    stored = tx.one(
        _sql["add_approval"],
        {
            "notice_id": notice_id,
            "version_id": approval.version_id,
            "now": to_micros(approval.at),
            "actor_kind": approval.by.kind,
            "actor_id": approval.by.id,
            "actor_name": approval.by.name,
            "sha256": approval.sha256,
            "recipient": msgspec.json.encode(approval.recipient),
            "recipient_name": approval.recipient_name,
            "key_hash": approval.key_hash,
            "alert_id": approval.alert_id,
        },
    )
    assert stored is not None, "an insert returns its row"
    ledger.append(tx, Entry("notice.approval", Subject("notice_approval", stored["id"])))


def mark(tx: Transaction, notice_id: NoticeId, *, is_over: bool, next_at: datetime | None) -> None:
    """Repeat what the events say: whether nothing more is awaited, and when to look at it next."""
    tx.run(_sql["mark"], {"notice_id": notice_id, "is_over": is_over, "next_at": maybe_to_micros(next_at)})


def want_look(tx: Transaction, message_ids: Iterable[MessageId], *, now: datetime) -> None:
    """Let the follow-up look at the notices that these messages carry: they may have come as far as was asked."""
    tx.run(_sql["want_look"], {"message_ids": json.dumps(list(message_ids)), "now": to_micros(now)})


def get(tx: Transaction, notice_id: NoticeId) -> Notice:
    """Return a notice with everything that happened to it; raises NotFound."""
    found = get_many(tx, [notice_id])
    if not found:
        raise NotFound("no such notice")
    return found[0]


def get_many(tx: Transaction, notice_ids: Iterable[NoticeId]) -> list[Notice]:
    """Return those of these notices that there are, in this order."""
    wanted = list(dict.fromkeys(notice_ids))
    binds = {"notice_ids": json.dumps(wanted)}
    rows = {NoticeId(row["id"]): row for row in tx.all(_sql["read_many"], binds)}
    versions: dict[int, tuple[Version, ...]] = defaultdict(tuple)
    for row in tx.all(_sql["read_many__versions"], binds):
        versions[row["notice_id"]] += (_version(row),)
    approvals: dict[int, tuple[Approval, ...]] = defaultdict(tuple)
    for row in tx.all(_sql["read_many__approvals"], binds):
        approvals[row["notice_id"]] += (_approval(row),)
    carriers, events = notice_events.carriers_of(tx, wanted), notice_events.list_for(tx, wanted)
    return [
        Notice(
            id=notice_id,
            number=rows[notice_id]["number"],
            conversation_id=ConversationId(rows[notice_id]["conversation_id"]),
            contact_id=ContactId(rows[notice_id]["contact_id"]),
            author=_who(rows[notice_id]),
            created_at=from_micros(rows[notice_id]["created_at"]),
            versions=versions[notice_id],
            approvals=approvals[notice_id],
            carriers=carriers.get(notice_id, ()),
            events=events.get(notice_id, ()),
        )
        for notice_id in wanted
        if notice_id in rows
    ]


def list_open(tx: Transaction, *, limit: int) -> list[Notice]:
    """Return notices of which something is awaited, newest first."""
    return get_many(tx, _ids(tx.all(_sql["list_open"], {"limit": limit})))


def count_over(tx: Transaction) -> int:
    """Return of how many notices nothing more is awaited."""
    row = tx.one(_sql["count_over"])
    return 0 if row is None else int(row["number"])


def list_over(tx: Transaction, *, before: int = NEWEST, limit: int) -> list[Notice]:
    """Return notices of which nothing more is awaited, newest first."""
    return get_many(tx, _ids(tx.all(_sql["list_over"], {"before": before, "limit": limit})))


def list_page(tx: Transaction, *, before: int = NEWEST, limit: int) -> list[Notice]:
    """Return all notices, newest first."""
    return get_many(tx, _ids(tx.all(_sql["list_page"], {"before": before, "limit": limit})))


def list_in(tx: Transaction, conversation_id: ConversationId) -> list[Notice]:
    """Return the notices of a conversation and of what was joined to it, newest first."""
    return get_many(tx, _ids(tx.all(_sql["list_in"], {"conversation_id": conversation_id})))


def list_of_matter(tx: Transaction, matter: str) -> list[Notice]:
    """Return the notices that named a matter as they went last, or name it if they never went, newest first."""
    found = get_many(tx, _ids(tx.all(_sql["list_of_matter"], {"matter": matter})))
    return [notice for notice in found if notice.told.matter == matter]


def list_matters(tx: Transaction) -> list[str]:
    """Return every matter for which `list_of_matter` has a notice."""
    return [row["matter"] for row in tx.all(_sql["list_matters"])]


def list_due(tx: Transaction, *, now: datetime, limit: int) -> list[NoticeId]:
    """Return the notices that the follow-up has to look at now."""
    return _ids(tx.all(_sql["list_due"], {"now": to_micros(now), "limit": limit}))


def _ids(rows: list[Row]) -> list[NoticeId]:
    return [NoticeId(row["id"]) for row in rows]


def _author(actor: Actor) -> dict[str, object]:
    return {"author_kind": actor.kind, "author_id": actor.id, "author_name": actor.name}


def _who(row: Row) -> Who:
    return Who(row["author_kind"], row["author_id"], row["author_name"])


def _version(row: Row) -> Version:
    return Version(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        matter=row["matter"],
        text=row["text"],
        document=None if row["document"] is None else msgspec.json.decode(row["document"], type=Document),
        language=row["language"],
        wanted=row["wanted"],
        deadline_at=maybe_from_micros(row["deadline_at"]),
        content=row["content"],
        author=_who(row),
        created_at=from_micros(row["created_at"]),
    )


def _approval(row: Row) -> Approval:
    return Approval(
        version_id=row["version_id"],
        at=from_micros(row["at"]),
        by=_who(row),
        sha256=row["sha256"],
        recipient=msgspec.json.decode(row["recipient"], type=Person),
        recipient_name=row["recipient_name"],
        key_hash=row["key_hash"],
        alert_id=row["alert_id"],
    )
