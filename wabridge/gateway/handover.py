"""One handing-over of one message to Meta, as two transactions with the call between them.

`open_next` checks everything again and writes the attempt down; when its transaction has committed, the call may be
made. `settle` stores what came of it. Killed between the two, the attempt is found open at the next start and becomes
unknown: it may have arrived, and is never repeated blindly.
"""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from wabridge.clock import Instant
from wabridge.gateway import consequences, naming, pacing, template_sends, uploads
from wabridge.gateway.consequences import SENDER, Consequence, Setback
from wabridge.gateway.uploads import Lost, Uploading, Way
from wabridge.model import codes, confirmation, window
from wabridge.model import outcome as outcomes
from wabridge.model.contact import Contact
from wabridge.model.delivery import Outcome as OutcomeWord
from wabridge.model.ids import AttemptId, ConversationId, MessageId, NumberId
from wabridge.model.outcome import Accepted, Exchange, NotSent, Outcome, Refused, Unknown
from wabridge.model.staff import RIGHTS
from wabridge.model.upload import FILE_LOST
from wabridge.storage import (
    acts,
    anchors,
    attempts,
    contacts,
    conversations,
    delivery,
    events,
    notice_events,
    notifications,
    numbers,
    outbox,
    second_tries,
    statuses,
)
from wabridge.storage import pacing as paces
from wabridge.storage.attempts import Answer, Opening, Settlement
from wabridge.storage.database import Transaction
from wabridge.storage.notice_events import Handing
from wabridge.storage.outbox import Ready
from wabridge.whatsapp import requests
from wabridge.whatsapp.requests import Recipient, Said

_OWN_REASONS = {
    outcomes.WINDOW_CLOSED: "not handed over: the customer service window was closed",
    outcomes.AUTHOR_NOT_ALLOWED: "not handed over: its author may no longer write",
    outcomes.UNDELIVERABLE: "not handed over: no address of the contact is known",
    outcomes.UNFIT: "not handed over: it lacks something that WhatsApp demands",
    outcomes.IDENTITY_CHANGED: "not handed over: the contact is another account than the one it was approved for",
    outcomes.TEMPLATE_NOT_APPROVED: "not handed over: the template was not approved any more",
    outcomes.TEMPLATE_CHANGED: "not handed over: the template had another wording by then",
    outcomes.OPTED_OUT: "not handed over: the person wanted no advertising by then",
    FILE_LOST: "not handed over: the file is damaged or gone",
}


_CAUGHT_UP = timedelta(seconds=1)
"""What arrived longer ago than this must have been applied before a second try."""


_LONGEST_ASKED = timedelta(minutes=10)
"""Longer than this one message does not wait because an answer asks for it."""


class Opened(NamedTuple):
    """A message that is about to be handed over. body: the exact bytes that were written down; at: when."""

    attempt_id: AttemptId
    message_id: MessageId
    conversation_id: ConversationId
    number_id: NumberId
    body: bytes
    at: datetime


class GivenUp(NamedTuple):
    """A message that was not even tried."""

    message_id: MessageId


class Late(NamedTuple):
    """A message that has waited too long to be sent unasked; it and what was queued behind it are held."""

    message_id: MessageId


class Waits(NamedTuple):
    """A message whose person has had enough for the moment."""

    message_id: MessageId


class Result(NamedTuple):
    """What the call brought, and when. fingerprint: of the access token that was used."""

    exchange: Exchange
    at: datetime
    fingerprint: str


class Settled(NamedTuple):
    """What came of it.

    has_paused: sending now stands still. waits: it is tried again after a while. has_more: something in its
    conversation is still to go.
    """

    outcome: OutcomeWord
    went_wrong: bool
    has_paused: bool
    waits: bool
    has_more: bool


def open_next(
    tx: Transaction,
    conversation_id: ConversationId,
    *,
    way: Way,
    instant: Instant,
    settled_before: datetime,
    late_before: datetime,
    may_try_again: bool = True,
) -> Opened | Uploading | GivenUp | Late | Waits | None:
    """Write down the next attempt of a conversation, or the upload of its file; None if nothing may go now.

    may_try_again: see list_ready.
    """
    conversation_id = conversations.get_whole(tx, conversation_id).id  # it may have been joined to another meanwhile
    ready = outbox.find_ready(
        tx, conversation_id, now=instant.at, settled_before=settled_before, may_try_again=may_try_again
    )
    if ready is None or (ready.status == "unknown" and _is_behind(tx, instant.at)):
        return None
    contact = contacts.get(tx, ready.contact_id)
    phone, user_id = contact.address
    recipient = phone or user_id
    handing = notice_events.find_handing(tx, ready.id)
    objection = _objection(ready, instant.at) or _objection_to(contact, handing) or template_sends.object_to(tx, ready)
    if _is_second_try(ready) and outbox.is_behind_gap(tx, ready.id):  # an earlier part failed since: a person decides
        second_tries.close(tx, ready.id, now=instant.at)
        return GivenUp(ready.id)
    if objection or recipient is None:
        return _give_up(tx, ready, objection or outcomes.UNDELIVERABLE, instant.at)
    if ready.waited_from_at < late_before:
        return _hold(tx, ready, late_before=late_before, now=instant.at)
    media_id = uploads.begin(tx, ready, way, instant=instant)
    if isinstance(media_id, Lost):
        return _give_up(tx, ready, FILE_LOST, instant.at)
    if isinstance(media_id, Uploading):
        return media_id
    if not pacing.may_go(tx, conversation_id, now=instant.at):
        return Waits(ready.id)
    token = "a:" + secrets.token_hex(16) + (f";c:{handing.commitment}" if handing else "")
    said = Said(ready.text, ready.content.body if ready.content else None, ready.quoted_wamid, media_id)
    try:
        body = requests.build(Recipient(phone, user_id, handing.key_hash if handing else None), said, token=token)
    except ValueError:  # nothing that is queued should be so; if it is, it must not stop everybody else's messages
        return _give_up(tx, ready, outcomes.UNFIT, instant.at)
    second_tries.close(tx, ready.id, now=instant.at)
    pacing.take(tx, conversation_id, now=instant.at)
    opening = Opening(ready.id, ready.number_id, token, recipient, way.messages_url, body)
    attempt_id = attempts.open_(tx, opening, instant=instant)
    return Opened(attempt_id, ready.id, conversation_id, ready.number_id, body, instant.at)


def settle(tx: Transaction, opened: Opened, result: Result, *, jitter: float) -> Settled:
    """Store what came of an attempt; doing it twice changes nothing.

    A delivery status may have been faster: then what it said stays, and the answer is kept beside it. jitter: see
    retry_pause.
    """
    now = result.at
    outcome = uploads.reconsider(tx, opened.message_id, result.exchange.outcome, now=now)
    result = result._replace(exchange=msgspec.structs.replace(result.exchange, outcome=outcome))
    is_first = attempts.settle(tx, opened.attempt_id, _settlement(outcome), now=now)
    attempts.record_answer(tx, opened.attempt_id, _answer(result))
    follows = _count(tx, opened, result, jitter=jitter)
    if isinstance(outcome, Accepted):
        _name(tx, opened, outcome.wamid)
        paces.forget_rounds(tx, opened.number_id, opened.conversation_id, opened_at=opened.at)
    if not is_first:
        _compare(tx, opened, outcome)
    elif isinstance(outcome, Unknown) and outcome.code in codes.SECOND_TRY:
        second_tries.plan(tx, opened.message_id, now=now)
    elif isinstance(outcome, NotSent) or (isinstance(outcome, Refused) and outcome.step in ("retry", "later")):
        _postpone(tx, opened, result, until=follows.rests_until, jitter=jitter)
    refreshed = delivery.refresh(tx, opened.message_id)
    anchors.want_for_notices(tx, [opened.message_id])
    if refreshed.went_wrong:
        _notify(tx, opened.conversation_id, opened.message_id, now)
    waits = refreshed.delivery.status == "pending" and not follows.has_paused
    has_more = outbox.is_waiting_in(tx, opened.conversation_id)
    return Settled(_WORDS[type(outcome)], refreshed.went_wrong, follows.has_paused, waits, has_more)


def settle_left_open(tx: Transaction, *, now: datetime) -> int:
    """Let attempts that the last run of the program left open count as unknown, and return how many."""
    left = [attempt for attempt in attempts.list_undecided(tx) if attempt.outcome == "open"]
    unknown = Settlement("unknown", "restart", "the program ended before the answer came")
    attempts.settle_many(tx, [attempt.id for attempt in left], unknown, now=now)
    delivery.refresh_many(tx, {attempt.message_id for attempt in left})
    return len(left)


def resume(tx: Transaction, number_id: NumberId, *, late_before: datetime, now: datetime) -> set[ConversationId]:
    """Let sending go on with another access token.

    What has waited since before late_before is held; returns the conversations in which something is.
    """
    if not numbers.clear_pause(tx, number_id):
        return set()
    _leave_trace(tx, "resumed_sending", number_id, now, detail="another access token")
    return {held.conversation_id for held in outbox.hold_late(tx, number_id, waiting_since=late_before)}


_WORDS: dict[type[Outcome], OutcomeWord] = {
    Accepted: "accepted",
    Refused: "refused",
    NotSent: "not_sent",
    Unknown: "unknown",
}


def _objection(ready: Ready, now: datetime) -> int | None:
    if not window.allows(ready.kind, ready.window_opened_at, now=now):
        return outcomes.WINDOW_CLOSED
    is_person = ready.author_kind in ("staff", "token")
    if is_person and "reply" not in RIGHTS.get(ready.author_role or "", frozenset()):
        return outcomes.AUTHOR_NOT_ALLOWED
    return None


def _objection_to(contact: Contact, handing: Handing | None) -> int | None:
    """A legal notice goes to the account it was approved for, and to no other that the contact has by now."""
    if handing is None or confirmation.is_same(handing.recipient, contact.person):
        return None
    return outcomes.IDENTITY_CHANGED


def _is_behind(tx: Transaction, now: datetime) -> bool:
    """Say whether reports that have arrived are not applied yet: one may say that Meta has this message after all."""
    oldest = events.find_oldest_new(tx)
    return oldest is not None and now - oldest > _CAUGHT_UP


def _is_second_try(ready: Ready) -> bool:
    return ready.status == "unknown" and not ready.resends


def _give_up(tx: Transaction, ready: Ready, code: int, now: datetime) -> GivenUp:
    if _is_second_try(ready):  # it may have arrived, so it has not failed: a person decides
        second_tries.close(tx, ready.id, now=now)
        return GivenUp(ready.id)
    outbox.set_failed(tx, ready.id, code=code, details=_OWN_REASONS[code])
    _notify(tx, ready.conversation_id, ready.id, now)
    return GivenUp(ready.id)


def _hold(tx: Transaction, ready: Ready, *, late_before: datetime, now: datetime) -> Late:
    if _is_second_try(ready):
        second_tries.close(tx, ready.id, now=now)
    else:
        outbox.hold_late(tx, ready.number_id, waiting_since=late_before, conversation_id=ready.conversation_id)
    return Late(ready.id)


def _settlement(outcome: Outcome) -> Settlement:
    word = _WORDS[type(outcome)]
    if isinstance(outcome, Refused):
        return Settlement(
            word, "answer", outcome.details or None, code=outcome.code, refusal_is_final=outcome.step == "fail"
        )
    if isinstance(outcome, Unknown):
        return Settlement(word, "answer", outcome.reason, code=outcome.code)
    return Settlement(word, "answer", None if isinstance(outcome, Accepted) else outcome.reason)


def _count(tx: Transaction, opened: Opened, result: Result, *, jitter: float) -> Consequence:
    """Let Meta's error, if the answer is one, take effect on others than the message."""
    outcome = result.exchange.outcome
    if not isinstance(outcome, Refused):
        return Consequence()
    setback = Setback(
        attempt_id=opened.attempt_id,
        number_id=opened.number_id,
        conversation_id=opened.conversation_id,
        opened_at=opened.at,
        code=outcome.code,
        step=outcome.step,
        came_by="answer",
        jitter=jitter,
        asked_seconds=result.exchange.retry_after_seconds,
        fingerprint=result.fingerprint,
    )
    return consequences.apply(tx, setback, now=result.at)


def _answer(result: Result) -> Answer:
    exchange = result.exchange
    accepted = exchange.outcome if isinstance(exchange.outcome, Accepted) else None
    return Answer(
        exchange.response_status,
        exchange.response_headers,
        exchange.response_body,
        accepted_at=result.at if accepted else None,
        held=accepted.held if accepted else "",
    )


def _name(tx: Transaction, opened: Opened, wamid: str) -> None:
    """Give the attempt its wamid and what was faster than the answer."""
    if naming.name(tx, opened.attempt_id, wamid, number_id=opened.number_id, message_id=opened.message_id):
        return
    if attempts.get(tx, opened.attempt_id).wamid != wamid:
        # Never seen, and never to be overlooked: the answer's bytes are kept, the first wamid stays.
        attempts.add_remark(tx, opened.attempt_id, "the answer names another wamid")
        if attempts.find_by_wamids(tx, opened.number_id, [wamid]):
            return
    statuses.adopt(tx, opened.attempt_id, number_id=opened.number_id, wamid=wamid)


def _compare(tx: Transaction, opened: Opened, outcome: Outcome) -> None:
    word = _WORDS[type(outcome)]
    if attempts.get(tx, opened.attempt_id).outcome != word:
        attempts.add_remark(tx, opened.attempt_id, f"the answer came later: {word}")


def _postpone(
    tx: Transaction,
    opened: Opened,
    result: Result,
    *,
    until: datetime | None,
    jitter: float,
) -> None:
    """Let the message wait as long as number or contact rest (until), else longer with each try.

    How long Meta asks us to wait is the least: asked for a second each time, we would be back each second.
    """
    now, outcome = result.at, result.exchange.outcome
    state = outbox.find_state(tx, opened.message_id)
    assert state is not None, "a message is never deleted"
    if isinstance(outcome, NotSent):
        pacing.give_back(tx, opened.conversation_id)
    is_long = isinstance(outcome, Refused) and outcome.step == "later"
    pause_after = outcomes.later_pause if is_long else outcomes.retry_pause
    own = now + pause_after(state.tries + 1, jitter=jitter)
    asked = now + min(timedelta(seconds=result.exchange.retry_after_seconds), _LONGEST_ASKED)
    wait = max(until, own) if until and is_long else until or own
    outbox.postpone(tx, opened.message_id, not_before=max(wait, asked))


def _notify(tx: Transaction, conversation_id: ConversationId, message_id: MessageId, now: datetime) -> None:
    notifications.add(tx, "failed", conversation_id=conversation_id, message_id=message_id, now=now)


def _leave_trace(tx: Transaction, verb: str, number_id: NumberId, now: datetime, *, detail: str) -> None:
    acts.add(tx, SENDER, verb, subject_kind="number", subject_id=number_id, now=now, detail=detail)
