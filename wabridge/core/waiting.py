"""Why a message on its way out does not go now, and until when: what the page says beside it."""

from datetime import datetime, timedelta

from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.model.pacing import LONGEST_REST, Wait
from wabridge.storage import numbers, pacing, standstills, waiting
from wabridge.storage.database import Transaction
from wabridge.storage.waiting import Waiting


def explain(
    tx: Transaction, conversation_id: ConversationId, *, ours: NumberId | None, settling: timedelta, now: datetime
) -> dict[MessageId, Wait]:
    """Return for each message of a conversation that waits what it waits for; nothing about what may go at once.

    ours: the number from which the office sends; what was written for another one waits for a person.
    """
    known: dict[MessageId, Wait] = {}
    before: Wait | None = None
    is_first = True
    for each in waiting.list_waiting(tx, conversation_id):
        if each.status == "unknown" and not each.resends:
            settled_at = None if each.opened_at is None else each.opened_at + settling
            if each.has_second_try:
                known[each.message_id] = Wait("second_try", max(settled_at or now, now), each.code)
            if settled_at is not None and (now < settled_at or each.has_second_try):
                before = Wait("behind_unknown", max(settled_at, now + timedelta(seconds=1)))
            continue
        if each.number_id != ours:
            known[each.message_id] = Wait("other_number")
            continue
        if not is_first:
            known[each.message_id] = Wait("turn")
            continue
        is_first = False
        reason = _reason(tx, conversation_id, each, before=before, now=now)
        if reason is not None:
            known[each.message_id] = reason
    return known


def _reason(
    tx: Transaction, conversation_id: ConversationId, first: Waiting, *, before: Wait | None, now: datetime
) -> Wait | None:
    """Return what the first message waits for; of several rests the one that lasts longest."""
    if numbers.get_pause(tx, first.number_id) is not None or standstills.find(tx, first.number_id) is not None:
        return Wait("paused")
    if first.upload == "open":
        return Wait("uploading")
    number, pair = pacing.get_number(tx, first.number_id), pacing.get_pair(tx, conversation_id)
    found = [
        Wait("resting", number.rests_until, number.code),
        Wait("pace" if pair.code is None else "too_fast", pair.rests_until, pair.code),
        *([before] if before else []),
    ]
    if first.not_before_at is not None and first.upload not in (None, "taken"):
        found.append(Wait("upload_failed", first.not_before_at, first.upload_code))
    elif first.not_before_at is not None and first.outcome in ("not_sent", "refused"):
        word = "not_sent" if first.outcome == "not_sent" else "refused"
        found.append(Wait(word, first.not_before_at, first.code))
    standing = [wait for wait in found if wait.until is not None and now < wait.until <= now + 3 * LONGEST_REST]
    # On a tie the first one counts: it is the cause, and the message only repeats it.
    return max(standing, key=lambda wait: wait.until or now, default=None)
