"""What people decide about messages that have not left: withdraw, let go; and about all of them: stop, resume."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from wabridge.broker import Change, Topic
from wabridge.core import identities
from wabridge.core.office import Office
from wabridge.errors import IdentityUnverified, NotAllowed, NoteUnfit, NotFound, NotPending, WindowClosed
from wabridge.model import window
from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.model.staff import Actor
from wabridge.storage import acts, alerts, conversations, delivery, numbers, outbox, standstills
from wabridge.storage.database import Transaction
from wabridge.storage.outbox import State

REASON_CHARACTERS = 300

PauseKind = Literal["refused", "stopped"]
"""refused: Meta's answer, or the access token, asks for a person. stopped: a person stopped all sending."""


async def cancel(office: Office, actor: Actor, message_id: MessageId) -> None:
    """Withdraw a message that was not yet handed over; raises NotAllowed, NotFound or NotPending."""
    _require_reply(actor)
    now = office.clock.now()
    conversation_id = await office.database.write(lambda tx: _cancel(tx, actor, message_id, now))
    _tell(office, message_id, conversation_id)


async def take_back(office: Office, actor: Actor, message_id: MessageId) -> str:
    """Withdraw a message on second thoughts, with every part of its text, and return that; raises what `cancel` raises.

    Half of a text that its writer wanted back must not leave. A part that is with Meta already stays there.
    """
    _require_reply(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> tuple[ConversationId, str]:
        conversation_id = _cancel(tx, actor, message_id, now)
        texts = []
        for part in outbox.list_whole(tx, message_id):
            with suppress(NotPending):
                if part.message_id != message_id:
                    _cancel(tx, actor, part.message_id, now)
                texts.append(part.text)
        return conversation_id, "\n\n".join(texts)

    conversation_id, text = await office.database.write(work)
    _tell(office, message_id, conversation_id)
    return text


async def release(office: Office, actor: Actor, message_id: MessageId, *, through: int = 0) -> None:
    """Send a held message after all; raises NotAllowed, NotFound, NotPending, WindowClosed or IdentityUnverified.

    through: the newest identity alert that whoever decides has seen; a newer one must be seen first.
    """
    _require_reply(actor)
    now = office.clock.now()
    conversation_id = await office.database.write(lambda tx: _release(tx, actor, message_id, through, now))
    _tell(office, message_id, conversation_id)


async def stop_sending(office: Office, actor: Actor, reason: str) -> None:
    """Let nothing leave until somebody resumes; raises NotAllowed or NoteUnfit. Whoever may write may stop."""
    if actor.kind != "staff" or not actor.may("reply"):
        raise NotAllowed("stopping all sending is for people of the office who may reply")
    said = " ".join(reason.split())
    if len(said) > REASON_CHARACTERS:
        raise NoteUnfit(f"a reason has at most {REASON_CHARACTERS} characters")
    now = office.clock.now()
    phone_number_id = office.settings.whatsapp.phone_number_id

    def stop(tx: Transaction) -> None:
        number_id = numbers.ensure(tx, phone_number_id)
        if standstills.begin(tx, number_id, by=actor.name, reason=said, now=now):
            acts.add(tx, actor, "stopped_sending", subject_kind="number", subject_id=number_id, now=now, detail=said)

    await office.database.write(stop)
    office.broker.announce(Change("notice", None))


async def resume_sending(office: Office, actor: Actor, *, what: PauseKind = "refused") -> None:
    """Let sending go on; what has waited too long is held for a decision. Raises NotAllowed.

    what: the pause that ends. Meta's refusal and a person's stop end each on its own.
    """
    if not actor.may("resume_sending"):
        raise NotAllowed("resuming is not among this actor's rights")
    now = office.clock.now()
    late_before = now - timedelta(minutes=office.settings.office.late_after_minutes)
    phone_number_id = office.settings.whatsapp.phone_number_id

    def resume(tx: Transaction) -> set[ConversationId]:
        number_id = numbers.find(tx, phone_number_id)
        if number_id is None or not _end(tx, actor, number_id, what, now):
            return set()
        return {held.conversation_id for held in outbox.hold_late(tx, number_id, waiting_since=late_before)}

    held = await office.database.write(resume)
    office.broker.ring(Topic.OUTGOING, 0)
    office.broker.announce(Change("notice", None))
    for conversation_id in held:
        office.broker.announce(Change("conversation", conversation_id))


def _cancel(tx: Transaction, actor: Actor, message_id: MessageId, now: datetime) -> ConversationId:
    state = _get_state(tx, message_id)
    if not outbox.cancel(tx, message_id) and not outbox.withdraw_resend(tx, message_id):
        raise NotPending("the message has been handed over or settled")
    delivery.refresh(tx, message_id)
    acts.add(tx, actor, "cancelled", subject_kind="message", subject_id=message_id, now=now)
    return state.conversation_id


def _release(tx: Transaction, actor: Actor, message_id: MessageId, through: int, now: datetime) -> ConversationId:
    state = _get_state(tx, message_id)
    newest = None if state.contact_id is None else alerts.find_newest_open(tx, state.contact_id)
    is_waiting = state.status == "pending" or state.resends
    if not is_waiting or (state.hold is None and newest is None):
        raise NotPending("the message is not held")
    if newest is not None and newest > through:
        raise IdentityUnverified("it is not sure who this person is now", alert_id=newest)
    # It stays held: should the person write again, it can still go.
    if not window.allows(state.kind, conversations.get_whole(tx, state.conversation_id).window_opened_at, now=now):
        raise WindowClosed("the person has not written in the last 24 hours")
    outbox.release(tx, message_id, now=now)
    if newest is not None:
        identities.let_go(tx, actor, message_id, through=newest, now=now)
    acts.add(tx, actor, "released", subject_kind="message", subject_id=message_id, now=now)
    return state.conversation_id


def _end(tx: Transaction, actor: Actor, number_id: NumberId, what: PauseKind, now: datetime) -> bool:
    if what == "stopped":
        has_ended = standstills.end(tx, number_id, by=actor.name, now=now)
    else:
        has_ended = numbers.clear_pause(tx, number_id)
    if has_ended:
        acts.add(tx, actor, "resumed_sending", subject_kind="number", subject_id=number_id, now=now, detail=what)
    return has_ended


def _get_state(tx: Transaction, message_id: MessageId) -> State:
    state = outbox.find_state(tx, message_id)
    if state is None:
        raise NotFound("no such message")
    return state


def _require_reply(actor: Actor) -> None:
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")


def _tell(office: Office, message_id: MessageId, conversation_id: ConversationId) -> None:
    office.broker.ring(Topic.OUTGOING, message_id)
    office.broker.announce(Change("conversation", conversation_id))
