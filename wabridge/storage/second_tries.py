"""Messages of which Meta itself did not know whether it took them: at most one further attempt each, ever.

While one is open its message is `unknown` and goes first again when the settling time is over and no status has come.
A person's decision about the message closes it.
"""

from datetime import datetime

from wabridge.model.ids import MessageId
from wabridge.storage import queries
from wabridge.storage.database import Transaction
from wabridge.storage.instants import to_micros

_sql = queries.load("second_tries")


def plan(tx: Transaction, message_id: MessageId, *, now: datetime) -> bool:
    """Allow a message one further attempt; False if it ever had one, or a person has decided about it."""
    return tx.run(_sql["plan"], {"message_id": message_id, "now": to_micros(now)}) > 0


def close(tx: Transaction, message_id: MessageId, *, now: datetime) -> bool:
    """Use up or take back the further attempt; False if there is none."""
    return tx.run(_sql["close"], {"message_id": message_id, "now": to_micros(now)}) > 0


def close_all(tx: Transaction) -> None:
    """Take back every further attempt: after a restore nobody here knows what was sent meanwhile."""
    tx.run(_sql["close_all"])
