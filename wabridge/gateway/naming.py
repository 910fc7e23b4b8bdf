"""Gives an attempt its wamid, and with it all that came under that name before anybody knew whose it was.

Statuses may be faster than the answer, and so may an echo of the message: that was filed as written elsewhere and
stands behind our message from now on. Nothing that was filed is changed or lost.
"""

from wabridge.model.ids import AttemptId, MessageId, NumberId
from wabridge.storage import attempts, messages, statuses
from wabridge.storage.database import Transaction


def name(tx: Transaction, attempt_id: AttemptId, wamid: str, *, number_id: NumberId, message_id: MessageId) -> bool:
    """Name an attempt; False if it has a wamid, or another attempt has this one."""
    if not attempts.set_wamid(tx, attempt_id, wamid):
        return False
    statuses.adopt(tx, attempt_id, number_id=number_id, wamid=wamid)
    echo_id = messages.find_echoes(tx, number_id, [wamid]).get(wamid)
    if echo_id is not None:
        messages.put_behind(tx, echo_id, message_id)
        statuses.adopt_from_echo(tx, attempt_id, echo_id)
    return True
