"""What an error of Meta's does to others than its message: to the contact, to our number, to the access token.

Rule: a code counts once for an attempt, whether it comes as the answer, as a status, or as both. What it does to the
message itself is decided where the answer or the status is stored.
"""

from datetime import datetime
from typing import NamedTuple

from wabridge.gateway import template_sends
from wabridge.model import codes
from wabridge.model import pacing as rules
from wabridge.model.codes import Rule, Step
from wabridge.model.ids import AttemptId, ConversationId, NumberId
from wabridge.model.outcome import IDENTITY_CHANGED, Pause
from wabridge.model.staff import Actor
from wabridge.storage import acts, alerts, conversations, numbers, pacing, setbacks, uploads
from wabridge.storage.alerts import Occasion
from wabridge.storage.database import Transaction
from wabridge.storage.setbacks import CameBy

SENDER = Actor(kind="rule", id=0, name="sender", role="")
"""Who acts when the program stops or resumes sending on its own account."""


class Setback(NamedTuple):
    """An error that Meta reports of an attempt.

    opened_at: when the attempt began. step: what the answer does to the message; of a status it is always "fail".
    asked_seconds: how long Meta asks us to wait. fingerprint: of the access token, if it is known. jitter: 0.0 to 1.0.
    """

    attempt_id: AttemptId
    number_id: NumberId
    conversation_id: ConversationId
    opened_at: datetime
    code: int
    step: Step
    came_by: CameBy
    jitter: float
    asked_seconds: int = 0
    fingerprint: str | None = None


class Consequence(NamedTuple):
    """What follows. rests_until: how long number or contact rest, None if they do not. has_paused: see pause."""

    rests_until: datetime | None = None
    has_paused: bool = False


def apply(tx: Transaction, setback: Setback, *, now: datetime) -> Consequence:
    """Let an error take effect, if it was not counted yet."""
    if not setbacks.add(tx, setback.attempt_id, setback.code, came_by=setback.came_by, now=now):
        return Consequence()
    rule = codes.rule(setback.code)
    if rule.reason == "media":
        uploads.forget_of(tx, setback.attempt_id, now=now)
    # What was joined to a conversation counts as part of it: one person, one window, one pace.
    setback = setback._replace(conversation_id=conversations.get_whole(tx, setback.conversation_id).id)
    template_sends.note(tx, setback.attempt_id, setback.code, now=now)
    number_rests = rest_number(
        tx,
        setback.number_id,
        setback.code,
        opened_at=setback.opened_at,
        jitter=setback.jitter,
        asked_seconds=setback.asked_seconds,
        now=now,
    )
    rests = [number_rests, _mark_contact(tx, setback, rule, now)]
    if setback.step == "pause" or (setback.came_by == "status" and rule.stops and _is_fresh(tx, setback)):
        paused = pause(tx, setback.number_id, Pause(now, "refused", setback.code, setback.fingerprint))
    else:
        paused = False
    return Consequence(max((rest for rest in rests if rest), default=None), paused)


def pause(tx: Transaction, number_id: NumberId, reason: Pause) -> bool:
    """Stop sending from a number until a person has acted; False if it is stopped already."""
    has_paused = numbers.set_pause(tx, number_id, reason)
    if has_paused:
        acts.add(
            tx,
            SENDER,
            "paused_sending",
            subject_kind="number",
            subject_id=number_id,
            now=reason.since,
            detail=reason.reason,
        )
    return has_paused


def rest_number(
    tx: Transaction,
    number_id: NumberId,
    code: int,
    *,
    opened_at: datetime,
    jitter: float,
    asked_seconds: int = 0,
    now: datetime,
) -> datetime | None:
    """Let a number rest if a code asks for it, and say until when; opened_at: when began what it came for."""
    rest_seconds = codes.rule(code).rest_seconds
    if not rest_seconds:
        return None
    pace = pacing.get_number(tx, number_id)
    if opened_at < pace.begun_at <= now:  # what began in the future is from before the clock was put back
        return pace.rests_until  # many were under way at once: they meet one limit, and it counts once
    rounds = pace.rounds + 1
    until = now + rules.number_rest(rest_seconds, rounds, jitter=jitter, asked_seconds=asked_seconds)
    pacing.set_number_rest(tx, number_id, until=until, rounds=rounds, code=code, now=now)
    return until


def _is_fresh(tx: Transaction, setback: Setback) -> bool:
    """Say whether this is about something sent since sending was resumed last: old reports stop nothing anew."""
    resumed_at = setbacks.find_resumed(tx, setback.number_id)
    return resumed_at is None or setback.opened_at > resumed_at


def _mark_contact(tx: Transaction, setback: Setback, rule: Rule, now: datetime) -> datetime | None:
    if rule.contact == "pace":
        return _rest_pair(tx, setback, now)
    if rule.contact == "window_closed":
        conversations.close_window(tx, setback.conversation_id, opened_before=setback.opened_at)
    elif rule.contact and setback.step == "fail":
        contact_id = conversations.get(tx, setback.conversation_id).contact_id
        if contact_id is not None:
            setbacks.mark_contact(tx, contact_id, rule.contact, code=setback.code, now=now)
        if contact_id is not None and setback.code == IDENTITY_CHANGED:
            alerts.add(tx, contact_id, "handover_refused", Occasion(setback.opened_at, "status", None, now))
    return None


def _rest_pair(tx: Transaction, setback: Setback, now: datetime) -> datetime:
    pace = pacing.get_pair(tx, setback.conversation_id)
    rounds = pace.rounds + 1
    until = now + rules.pair_backoff(rounds, jitter=setback.jitter)
    # Meta counts otherwise than we do, so nothing more is borrowed: from now on one message in six seconds.
    pacing.set_pair_rest(
        tx,
        setback.conversation_id,
        until=until,
        rounds=rounds,
        code=setback.code,
        borrowed_until=until + rules.PAIR_CREDIT,
    )
    return until
