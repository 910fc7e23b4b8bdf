"""Items about numbers and accounts that are not set up here: kept and counted, and ours as soon as they are.

Rule: that somebody mistyped an id costs no message.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from wabridge.model.event import InboundMessage, decode
from wabridge.storage import facts, notifications, queries
from wabridge.storage.database import Transaction
from wabridge.storage.events import NewEvent
from wabridge.storage.instants import to_micros

_sql = queries.load("foreign")

_OURS = "intake_ours"
_TOLD = "foreign_numbers_told"

NOTICE = "foreign_messages"
"""The kind of notification: messages have come to a number that is not set up."""


def adopt(
    tx: Transaction, phone_number_ids: Collection[str], business_account_ids: Collection[str], *, now: datetime
) -> int:
    """Let foreign items that are ours now wait for their workers, and return how many; looks once for each setting.

    No account ids: all accounts are ours.
    """
    numbers, accounts = json.dumps(sorted(phone_number_ids)), json.dumps(sorted(business_account_ids))
    if facts.find(tx, _OURS) == numbers + accounts:
        return 0
    facts.set_(tx, _OURS, numbers + accounts)
    binds = {"phone_number_ids": numbers, "business_account_ids": accounts, "now": to_micros(now)}
    return tx.run(_sql["adopt"], binds)


def note_messages(tx: Transaction, rows: Iterable[NewEvent]) -> bool:
    """Remark on numbers that are not set up and get messages, once for each; say whether one of them is new."""
    found = {number: row.arrived_at for row in rows if row.state == "foreign" for number in _numbers(row)}
    if not found:
        return False
    told = set(json.loads(facts.find(tx, _TOLD) or "[]"))
    if new := found.keys() - told:
        facts.set_(tx, _TOLD, json.dumps(sorted(told | new)))
        notifications.add(tx, NOTICE, now=min(found[number] for number in new))
    return bool(new)


def count(tx: Transaction) -> int:
    """Return how many items about others have come, without delivery statuses."""
    row = tx.one(_sql["count"])
    return int(row["items"]) if row else 0


def _numbers(row: NewEvent) -> Iterator[str]:
    event = decode(row.payload) if row.kind == "message" else None
    if isinstance(event, InboundMessage):
        yield event.phone_number_id
