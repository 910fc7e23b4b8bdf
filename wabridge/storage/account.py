"""What Meta has said about the account, and of each topic the newest of it.

Rule: news is only added. Which news is the newest of a topic is decided by `model.account`; here it is remembered.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wabridge.model import account
from wabridge.model.account import News, NewsLine, Section, Told
from wabridge.model.ids import EventId
from wabridge.storage import ledger, queries
from wabridge.storage.database import Row, Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from wabridge.storage.ledger import Entry, Subject

_sql = queries.load("account")

_NEWEST = 2**62


class NewNews(NamedTuple):
    """News as it is first stored. remark: the kind of notification that goes with it."""

    event_id: EventId
    news: News
    remark: str | None
    at: datetime
    reported_at: datetime | None
    arrived_at: datetime


def add(tx: Transaction, new: NewNews) -> Told | None:
    """Store news; None if that event has brought its news already."""
    manner = account.KINDS[new.news.kind]
    row = tx.one(
        _sql["add"],
        {
            "event_id": new.event_id,
            "kind": new.news.kind,
            "section": manner.section,
            "severity": manner.severity,
            "remark": new.remark,
            "at": to_micros(new.at),
            "reported_at": maybe_to_micros(new.reported_at),
            "arrived_at": to_micros(new.arrived_at),
            "details": account.encode(new.news),
        },
    )
    if row is None:
        return None
    ledger.append(tx, Entry("account.news", Subject("news", row["id"])))
    return Told(id=row["id"], news=new.news, at=new.at)


def list_present(tx: Transaction, topics: Iterable[str] | None = None) -> dict[str, Told]:
    """Return the newest news of each topic, or of these."""
    if topics is None:
        return {row["topic"]: _told(row) for row in tx.all(_sql["list_present"])}
    found = {topic: tx.one(_sql["find_present"], {"topic": topic}) for topic in topics}
    return {topic: _told(row) for topic, row in found.items() if row is not None}


def set_present(tx: Transaction, topic: str, told: Told) -> None:
    """Remember which news is the newest of a topic."""
    tx.run(_sql["set_present"], {"topic": topic, "news_id": told.id})


def list_page(
    tx: Transaction, *, section: Section | None = None, before: int | None = None, limit: int
) -> list[NewsLine]:
    """Return news of a section, or all, the newest first."""
    query = "list_page" if section is None else "list_page__section"
    binds: dict[str, object] = {"before": before or _NEWEST, "limit": limit}
    return [_line(row) for row in tx.all(_sql[query], binds if section is None else {**binds, "section": section})]


def count_by_section(tx: Transaction) -> dict[str, int]:
    """Return how much news each section has; a section without any is left out."""
    return {row["section"]: row["news"] for row in tx.all(_sql["count_by_section"])}


def _told(row: Row) -> Told:
    return Told(id=row["id"], news=account.decode(row["details"]), at=from_micros(row["at"]))


def _line(row: Row) -> NewsLine:
    return NewsLine(
        id=row["id"],
        event_id=EventId(row["event_id"]),
        news=account.decode(row["details"]),
        severity=row["severity"],
        section=row["section"],
        reported_at=maybe_from_micros(row["reported_at"]),
        arrived_at=from_micros(row["arrived_at"]),
        repeats=row["repeats"],
        needs_seeing=row["is_open"] == 1,
        seen_at=maybe_from_micros(row["seen_at"]),
        seen_by=row["seen_by"],
    )
