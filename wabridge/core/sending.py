"""What people decide about messages that have not left: withdraw, let go; and about all of them: stop, resume."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from wabridge.broker import Change, Topic
from wabridge.core import identities
from wabridge.core.office import Office
from wabridge.errors import IdentityUnverified, NotAllowed, NoteUnfit, NotFound, NotPending, WindowClosed
from wabridge.model import sendable, window
from wabridge.model.ids import ConversationId, MessageId, NumberId
from wabridge.model.staff import Actor
from wabridge.storage import acts, alerts, conversations, delivery, messages, numbers, outbox, standstills
from wabridge.storage.database import Transaction
from wabridge.storage.outbox import State

REASON_CHARACTERS = 300

PauseKind = Literal["refused", "stopped"]
"""refused: Meta's answer, or the access token, asks for a person. stopped: a person stopped all sending."""


class TakenBack(NamedTuple):
    """What was withdrawn: its words, how many messages, how many of them files; and how many had left already."""

    text: str
    number: int
    has_left: int
    files: int


async def cancel(office: Office, actor: Actor, message_id: MessageId) -> None:
    """Withdraw a message that was not yet handed over; raises NotAllowed, NotFound or NotPending."""
    _require_reply(actor)
    now = office.clock.now()
    conversation_id = await office.database.write(lambda tx: _cancel(tx, actor, message_id, now))
    _tell(office, message_id, conversation_id)


async def take_back(office: Office, actor: Actor, message_id: MessageId) -> TakenBack:
    """Withdraw all that one click queued, as far as it has not left; raises NotAllowed, NotFound or NotPending.

    Half of what its writer wanted back must not leave. What is with Meta already stays there, and is counted.
    """
    _require_reply(actor)
    now = office.clock.now()

    def work(tx: Transaction) -> tuple[ConversationId, TakenBack]:
        conversation_id = _get_state(tx, message_id).conversation_id
        together = outbox.list_together(tx, message_id)
        withdrawn = []
        for each in together:
            with suppress(NotPending):
                _cancel(tx, actor, each.message_id, now)
                withdrawn.append(each)
        if not withdrawn:
            raise NotPending("nothing of it is still to be taken back")
        # What was to go once more is not sent again, but may be with the client already.
        back = [each for each in withdrawn if each.status == "pending"]
        has_left = sum(each.status not in ("cancelled", "failed") for each in together if each not in back)
        text = "\n\n".join(each.text for each in back if each.text)
        files = sum(each.kind in sendable.KINDS for each in back)
        return conversation_id, TakenBack(text, len(back), has_left, files)

    conversation_id, taken_back = await office.database.write(work)
    _tell(office, message_id, conversation_id)
    return taken_back


async def release(office: Office, actor: Actor, message_id: MessageId, *, through: int = 0) -> None:
    """Send a held message after all, of a text in parts all that waits because of a gap.

    Raises NotAllowed, NotFound, NotPending, WindowClosed or IdentityUnverified. through: the newest
    identity alert that whoever decides has seen; a newer one must be seen first.
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
    broken_id = outbox.find_broken(tx, message_id)
    if not is_waiting or (state.hold is None and newest is None and broken_id is None):
        raise NotPending("the message is not held")
    if newest is not None and newest > through:
        raise IdentityUnverified("it is not sure who this person is now", alert_id=newest)
    if newest is not None and state.hold == "restored" and messages.get_many(tx, [message_id])[0].hold == "identity":
        # Two questions, and only the first was on the page: that it may have been sent already is asked next.
        identities.let_go(tx, actor, message_id, through=newest, now=now)
        return state.conversation_id
    # It stays held: should the person write again, it can still go.
    if not window.allows(state.kind, conversations.get_whole(tx, state.conversation_id).window_opened_at, now=now):
        raise WindowClosed("the person has not written in the last 24 hours")
    for each in [message_id] if broken_id is None else _rest(tx, message_id, through=broken_id):
        outbox.release(tx, each, now=now)
        if broken_id is not None:
            outbox.let_part_go(tx, each, through=broken_id)
        if newest is not None:
            identities.let_go(tx, actor, each, through=newest, now=now)
        acts.add(tx, actor, "released", subject_kind="message", subject_id=each, now=now)
    return state.conversation_id


def _rest(tx: Transaction, message_id: MessageId, *, through: MessageId) -> list[MessageId]:
    """Return every part of a text that waits for these gaps alone: one let go by itself would leave another gap.

    What may have been sent before a restore is asked of each by itself.
    """
    waiting = {
        each.message_id: outbox.find_broken(tx, each.message_id) for each in outbox.list_together(tx, message_id)
    }
    rest = [each for each, broken_id in waiting.items() if broken_id is not None and broken_id <= through]
    return [each for each in rest if each == message_id or _get_state(tx, each).hold != "restored"]


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
