"""How far the pace of our numbers and of single conversations is used up, so that it outlives a restart."""

from datetime import datetime
from typing import NamedTuple

from wabridge.model import limits
from wabridge.model.ids import ConversationId, NumberId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import from_micros, maybe_from_micros, to_micros

_sql = queries.load("pacing")
_LONG_AGO = from_micros(0)


class NumberPace(NamedTuple):
    """One of our numbers. begun_at, rounds: since when it rests, and after how many refusals in a row. code: Meta's."""

    per_second: int
    rests_until: datetime
    begun_at: datetime
    rounds: int
    code: int | None


class PairPace(NamedTuple):
    """One of our numbers and one person. borrowed_until: when everything that went is paid back."""

    borrowed_until: datetime
    rests_until: datetime
    rounds: int
    code: int | None


def get_number(tx: Transaction, number_id: NumberId) -> NumberPace:
    """Return the pace of a number; the usual one if nothing was said about it."""
    row = tx.one(_sql["get_number"], {"number_id": number_id})
    if row is None:
        return NumberPace(limits.MESSAGES_PER_SECOND["STANDARD"], _LONG_AGO, _LONG_AGO, 0, None)
    return NumberPace(
        row["per_second"], from_micros(row["rests_until"]), from_micros(row["begun_at"]), row["rounds"], row["code"]
    )


def set_throughput(tx: Transaction, number_id: NumberId, *, per_second: int) -> None:
    """Keep how much Meta lets a number send; `limits.MESSAGES_PER_SECOND` has it for each level."""
    tx.run(_sql["set_throughput"], {"number_id": number_id, "per_second": max(per_second, 1)})


def set_number_rest(
    tx: Transaction, number_id: NumberId, *, until: datetime, rounds: int, code: int, now: datetime
) -> None:
    """Let a number rest."""
    binds = {
        "number_id": number_id,
        "rests_until": to_micros(until),
        "rounds": rounds,
        "code": code,
        "now": to_micros(now),
    }
    tx.run(_sql["set_number_rest"], binds)


def get_pair(tx: Transaction, conversation_id: ConversationId) -> PairPace:
    """Return the pace towards the person of a conversation."""
    row = tx.one(_sql["get_pair"], {"conversation_id": conversation_id})
    if row is None:
        return PairPace(_LONG_AGO, _LONG_AGO, 0, None)
    return PairPace(from_micros(row["borrowed_until"]), from_micros(row["rests_until"]), row["rounds"], row["code"])


def set_borrowed(tx: Transaction, conversation_id: ConversationId, *, until: datetime) -> None:
    """Keep until when what went to a person is paid back."""
    tx.run(_sql["set_borrowed"], {"conversation_id": conversation_id, "borrowed_until": to_micros(until)})


def set_pair_rest(
    tx: Transaction,
    conversation_id: ConversationId,
    *,
    until: datetime,
    rounds: int,
    code: int | None,
    borrowed_until: datetime,
) -> None:
    """Leave the person of a conversation in peace for a while. code: None if it is by our own count."""
    binds = {
        "conversation_id": conversation_id,
        "rests_until": to_micros(until),
        "rounds": rounds,
        "code": code,
        "borrowed_until": to_micros(borrowed_until),
    }
    tx.run(_sql["set_pair_rest"], binds)


def forget_rounds(
    tx: Transaction, number_id: NumberId, conversation_id: ConversationId, *, opened_at: datetime
) -> None:
    """Begin anew with the shortest rests: something that went at that time was accepted."""
    tx.run(_sql["forget_pair_rounds"], {"conversation_id": conversation_id})
    tx.run(_sql["forget_number_rounds"], {"number_id": number_id, "opened_at": to_micros(opened_at)})


def find_due(tx: Transaction, number_id: NumberId, *, now: datetime) -> datetime | None:
    """Return when the next message that waits for nothing but time may go."""
    row = tx.one(_sql["find_due"], {"number_id": number_id, "now": to_micros(now)})
    return None if row is None else maybe_from_micros(row["at"])
