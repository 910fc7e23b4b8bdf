"""What people decide about messages that may have gone out, or did not: send again, or close with a note.

Rule: nothing here happens on its own, and what is decided is decided about what the person saw. Inside the transaction
the message is read again; if anything has been heard of it meanwhile, the decision is refused with what happened.
"""

from datetime import datetime, timedelta

from wabridge.broker import Change, Topic
from wabridge.core import identities
from wabridge.core.office import Office
from wabridge.errors import (
    AlreadyAnswered,
    ConversationReadOnly,
    NotAllowed,
    NoteUnfit,
    NotFound,
    Pointless,
    RequestError,
    TooEarly,
    WindowClosed,
)
from wabridge.model import decision, offers, window
from wabridge.model.delivery import Status
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.offers import Objection, Offer
from wabridge.model.staff import Actor
from wabridge.storage import (
    acts,
    conversations,
    decisions,
    delivery,
    messages,
    notifications,
    numbers,
    second_tries,
)
from wabridge.storage.database import Transaction

_OBJECTIONS: dict[Objection, type[RequestError]] = {
    "too_early": TooEarly,
    "answered": AlreadyAnswered,
    "under_way": AlreadyAnswered,
    "window_closed": WindowClosed,
    "pointless": Pointless,
}


async def resend(
    office: Office,
    actor: Actor,
    message_id: MessageId,
    *,
    attempts: int,
    is_closed: bool = False,
    clearance: Clearance | None = None,
) -> ConversationId:
    """Let a message that is unknown or failed go once more, as a new attempt in its old place; return its conversation.

    attempts: how many the person saw; with another number something has happened that they have not seen. is_closed:
    whether they saw that somebody has closed it. The same decision twice is one. clearance: the answer of somebody who
    was asked about an identity alert. Raises NotAllowed, NotFound, AlreadyAnswered, TooEarly, Pointless, WindowClosed,
    ConversationReadOnly or IdentityUnverified.
    """
    _require_reply(actor)
    now = office.clock.now()

    def decide(tx: Transaction) -> ConversationId:
        message, status = _get_outbound(tx, message_id)
        if _is_repeated(tx, actor, message, attempts):
            return message.conversation_id
        contact_id = _require_ours(tx, office, message.conversation_id)
        made = _offer(office, tx, message, now)
        if made is None or len(message.handovers) != attempts:
            raise AlreadyAnswered(f"something has happened meanwhile: the message is {status}")
        if message.is_closed and not is_closed:
            raise AlreadyAnswered("somebody has closed it with a note meanwhile")
        if made.objection is not None:
            raise _OBJECTIONS[made.objection](f"not sent again: {made.objection.replace('_', ' ')}, it is {status}")
        through = identities.require_clear(tx, actor, contact_id, clearance, now)
        if through is not None:
            identities.let_go(tx, actor, message_id, through=through, now=now)
        second_tries.close(tx, message_id, now=now)
        decisions.resend(tx, actor, message_id, status=status, now=now)
        delivery.refresh(tx, message_id)
        _note(tx, actor, "resent", message_id, now)
        return message.conversation_id

    conversation_id = await office.database.write(decide)
    _tell(office, message_id, conversation_id)
    return conversation_id


async def close(office: Office, actor: Actor, message_id: MessageId, *, note: str, attempts: int) -> ConversationId:
    """Let the matter of a message rest, with a note; its status stays what Meta made of it. Return its conversation.

    What waited behind an unknown message is free. Raises NotAllowed, NotFound, NoteUnfit or AlreadyAnswered.
    """
    _require_reply(actor)
    said = note.replace("\0", "").strip()
    if not 0 < len(said) <= decision.NOTE_CHARACTERS:
        raise NoteUnfit(f"a note has 1 to {decision.NOTE_CHARACTERS} characters")
    now = office.clock.now()

    def decide(tx: Transaction) -> ConversationId:
        message, status = _get_outbound(tx, message_id)
        made = _offer(office, tx, message, now)
        if made is not None and made.objection == "too_early":
            raise TooEarly("Meta may still report what came of the message")
        if made is None or not made.may_close or len(message.handovers) != attempts:
            raise AlreadyAnswered(f"something has happened meanwhile: the message is {status}")
        second_tries.close(tx, message_id, now=now)
        decisions.close(tx, actor, message_id, status=status, note=said, now=now)
        delivery.refresh(tx, message_id)
        _note(tx, actor, "closed", message_id, now)
        return message.conversation_id

    conversation_id = await office.database.write(decide)
    _tell(office, message_id, conversation_id)
    return conversation_id


def offer(office: Office, message: Message, *, window_is_open: bool, now: datetime) -> Offer | None:
    """Return what may be decided about a message now, None where there is nothing to decide."""
    asking = timedelta(seconds=office.settings.whatsapp.asking_seconds)
    may_go = window_is_open or message.kind in window.OUTSIDE_TYPES
    return offers.offer(message, asking=asking, window_is_open=may_go, now=now)


def _offer(office: Office, tx: Transaction, message: Message, now: datetime) -> Offer | None:
    opened_at = conversations.get_whole(tx, message.conversation_id).window_opened_at
    return offer(office, message, window_is_open=window.is_open(opened_at, now=now), now=now)


def _get_outbound(tx: Transaction, message_id: MessageId) -> tuple[Message, Status]:
    message = messages.get(tx, message_id)
    if message.delivery is None:
        raise NotFound("no such outbound message")
    return message, message.delivery.status


def _is_repeated(tx: Transaction, actor: Actor, message: Message, attempts: int) -> bool:
    """Say whether this very decision has been made: a button pressed twice."""
    newest = decisions.find_newest(tx, message.id)
    if newest is None or newest.decision.kind != "resend":
        return False
    return (newest.actor_kind, newest.actor_id, newest.decision.after_attempts) == (
        actor.kind,
        actor.id,
        attempts,
    ) and (message.resends or len(message.handovers) > attempts)


def _require_ours(tx: Transaction, office: Office, conversation_id: ConversationId) -> ContactId:
    number_id = numbers.find(tx, office.settings.whatsapp.phone_number_id)
    conversation = conversations.get_whole(tx, conversation_id)
    if conversation.contact_id is None or conversation.number_id != number_id:
        raise ConversationReadOnly("this is a group, or a number that is no longer ours")
    return conversation.contact_id


def _note(tx: Transaction, actor: Actor, verb: str, message_id: MessageId, now: datetime) -> None:
    """Keep who decided, and take down the remarks that asked for it."""
    acts.add(tx, actor, verb, subject_kind="message", subject_id=message_id, now=now)
    notifications.set_decided(tx, message_id, actor=actor, now=now)


def _require_reply(actor: Actor) -> None:
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")


def _tell(office: Office, message_id: MessageId, conversation_id: ConversationId) -> None:
    office.broker.ring(Topic.OUTGOING, message_id)
    office.broker.announce(Change("conversation", conversation_id))
    office.broker.announce(Change("notice", None))
