"""Where each item that is done stands afterwards: what nobody can find anywhere is lost, whatever its state says.

Only these leave no line of their own in a conversation: what says again what a line says already, a further piece of a
call, a change of a group that has no conversation here, names of the address book, reports on the history.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wabridge.model.event import AccountEvent, Echo, HistoryReport, InboundMessage, KnownName, decode
from wabridge.storage.database import Transaction

_CALL = "call"
_GROUP_CHANGE = "group_change"

Line = tuple[str, str]
"""Our number and a wamid."""
Said = tuple[str, str | None]
"""A message's type and text."""


class _Kept(NamedTuple):
    """What is kept. lines: all that each message says or has said; in_*: the items that made a row there."""

    lines: dict[Line, set[Said]]
    in_conversations: set[int]
    in_news: set[int]
    in_reports: set[int]
    names: set[tuple[str, str]]


def list_homeless(tx: Transaction) -> list[str]:
    """Return the items that are done and stand nowhere."""
    kept = _read(tx)
    done = tx.all("SELECT id, payload FROM event WHERE state = 'done' AND kind IN ('message', 'account')")
    return [f"event {row['id']}: {wrong}" for row in done for wrong in _miss(row["id"], row["payload"], kept)]


def _read(tx: Transaction) -> _Kept:
    lines: dict[Line, set[Said]] = {}
    for row in tx.all(
        "SELECT n.phone_number_id, m.wamid, v.kind, v.text FROM message AS m JOIN number AS n ON n.id = m.number_id"
        " JOIN (SELECT id AS message_id, kind, text FROM message"
        " UNION ALL SELECT message_id, kind, text FROM message_version) AS v ON v.message_id = m.id"
        " WHERE m.wamid IS NOT NULL"
    ):
        lines.setdefault((row["phone_number_id"], row["wamid"]), set()).add((row["kind"], row["text"]))
    return _Kept(
        lines=lines,
        in_conversations=_event_ids(tx, "message", "message_version"),
        in_news=_event_ids(tx, "account_news"),
        in_reports=_event_ids(tx, "history_report"),
        names={(row["kind"], row["value"]) for row in tx.all("SELECT kind, value FROM address_book")},
    )


def _event_ids(tx: Transaction, *tables: str) -> set[int]:
    return {row["event_id"] for table in tables for row in tx.all(f"SELECT event_id FROM {table}")}  # noqa: S608


def _miss(event_id: int, payload: bytes, kept: _Kept) -> Iterator[str]:
    event = decode(payload)
    if isinstance(event, InboundMessage | Echo):
        if event_id not in kept.in_conversations and not _is_elsewhere(event_id, event, kept):
            yield f"a message ({event.type}) is done and stands in no conversation"
    elif isinstance(event, AccountEvent) and event_id not in kept.in_news:
        yield f"news ({event.field}) is done and stands nowhere"
    elif isinstance(event, HistoryReport) and event_id not in kept.in_reports:
        yield "a report on the history is done and stands nowhere"
    elif isinstance(event, KnownName):
        named: Sequence[tuple[str, str | None]] = (("phone", event.person.phone), ("user_id", event.person.user_id))
        if missing := [kind for kind, value in named if value and (kind, value) not in kept.names]:
            yield f"a name is done and not in the address book ({missing})"


def _is_elsewhere(event_id: int, event: InboundMessage | Echo, kept: _Kept) -> bool:
    if event.type == _GROUP_CHANGE and not event.wamid:
        return event_id in kept.in_news
    said = kept.lines.get((event.phone_number_id, event.wamid), set())
    if event.type == _CALL:
        return any(kind == _CALL for kind, _ in said)
    return (event.type, event.text) in said
