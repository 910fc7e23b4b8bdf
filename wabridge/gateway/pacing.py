"""How fast we hand over: the number's share of each second, and each person's share of time.

Rule 1: what must outlive a restart is in the database, written in the attempt's own transaction. Rule 2: the number's
share of a second is only in memory; a program that has just started sends no faster than one that has not stopped.
"""

import asyncio
from datetime import datetime

from wabridge.model import pacing as rules
from wabridge.model.ids import ConversationId
from wabridge.model.limits import MESSAGES_PER_SECOND
from wabridge.storage import pacing
from wabridge.storage.database import Transaction

_BURST_SECONDS = 0.1
"""So much of a second's share may go at once, however long nothing went before."""


class Bucket:
    """A number's share of each second. per_second: may be set at any time."""

    def __init__(self, per_second: int = MESSAGES_PER_SECOND["STANDARD"]) -> None:
        self.per_second = per_second
        self._paid_until = 0.0

    async def wait(self) -> None:
        """Return when the next message may go; whoever came first goes first."""
        now = asyncio.get_running_loop().time()
        ready_at = max(self._paid_until, now - _BURST_SECONDS)
        self._paid_until = ready_at + 1 / self.per_second
        if ready_at > now:
            await asyncio.sleep(ready_at - now)

    def give_back(self) -> None:
        """Return a share that was not used."""
        self._paid_until -= 1 / self.per_second


def may_go(tx: Transaction, conversation_id: ConversationId, *, now: datetime) -> bool:
    """Say whether the person of a conversation may get a message now; if not, the conversation rests until then."""
    pace = pacing.get_pair(tx, conversation_id)
    ready_at = rules.pair_ready_at(pace.borrowed_until, now=now)
    if ready_at <= now:
        return True
    pacing.set_pair_rest(
        tx, conversation_id, until=ready_at, rounds=pace.rounds, code=None, borrowed_until=pace.borrowed_until
    )
    return False


def take(tx: Transaction, conversation_id: ConversationId, *, now: datetime) -> None:
    """Write down that a message goes to the person of a conversation."""
    borrowed = pacing.get_pair(tx, conversation_id).borrowed_until
    pacing.set_borrowed(tx, conversation_id, until=rules.pair_borrow(borrowed, now=now))


def give_back(tx: Transaction, conversation_id: ConversationId) -> None:
    """Write down that a message did not leave this machine."""
    borrowed = pacing.get_pair(tx, conversation_id).borrowed_until
    pacing.set_borrowed(tx, conversation_id, until=borrowed - rules.PAIR_SHARE)
