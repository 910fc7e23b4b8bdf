"""Replies: a message is queued here by a person or an API program, and handed over by the sender.

When `queue` returns, the message is on the disk as pending. What the rules forbid is refused here, in words a
person can act on; the sender checks again at the moment of handing over.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from wabridge.broker import Change, Topic
from wabridge.core import drafts, identities
from wabridge.core.office import Office
from wabridge.core.sending import cancel, release, resume_sending
from wabridge.errors import (
    ConversationReadOnly,
    KeyReused,
    NewerMessage,
    NotAllowed,
    NotFound,
    Unprocessable,
    WindowClosed,
)
from wabridge.model import phone, window
from wabridge.model.draft import Draft
from wabridge.model.event import Person
from wabridge.model.identity import Clearance
from wabridge.model.ids import ContactId, ConversationId, MessageId
from wabridge.model.message import Message
from wabridge.model.staff import Actor
from wabridge.storage import acts, contacts, conversations, enclosures, messages, numbers, outbox
from wabridge.storage.conversations import Conversation
from wabridge.storage.database import Transaction
from wabridge.storage.outbox import OutboundRow

__all__ = ["Queued", "cancel", "get_message", "queue", "queue_within", "release", "resume_sending", "tell"]

KEY_LIFETIME = timedelta(hours=24)


class Queued(NamedTuple):
    """A reply that is on the disk. repeated: the same request had already made it; further: more parts of its text."""

    message_id: MessageId
    conversation_id: ConversationId
    repeated: bool
    further: tuple[MessageId, ...] = ()


class Manner(NamedTuple):
    """How a reply leaves.

    seen: the newest message of the person that its writer had before their eyes. undo: so long it waits, so that its
    writer can take it back. in_parts: a text that is too long for one message may go in several.
    """

    seen: MessageId | None = None
    undo: timedelta = timedelta(0)
    in_parts: bool = False


AT_ONCE = Manner()


class Behind(NamedTuple):
    """What is queued behind the first message of the same request. is_part: it goes on with that one's text."""

    first: MessageId
    is_part: bool = False


class _Request(NamedTuple):
    parts: tuple[Draft, ...]
    more: tuple[Draft, ...]
    conversation_id: ConversationId | None
    contact_id: ContactId | None
    phone: str | None
    key: str | None
    body_hash: bytes
    manner: Manner
    clearance: Clearance | None


# Whom, what, under which key, in what manner and with whose answer: each is its caller's own to say.
async def queue(  # noqa: PLR0913
    office: Office,
    actor: Actor,
    *,
    draft: Draft,
    more: Sequence[Draft] = (),
    conversation_id: ConversationId | None = None,
    contact_id: ContactId | None = None,
    to: str | None = None,
    key: str | None = None,
    body_hash: bytes | None = None,
    manner: Manner = AT_ONCE,
    clearance: Clearance | None = None,
) -> Queued:
    """Queue a message to one person, named by exactly one of three.

    more: what is queued behind it, all or nothing. to: a phone number in any spelling. key: the same key of the same
    actor makes no second message for 24 hours; body_hash: what must be the same then, SHA-256 of the request's body, or
    of the arguments here if the caller has no body. clearance: the answer of somebody who was asked about an identity
    alert. Raises NotAllowed, NotFound, PhoneUnreadable, KeyReused, ConversationReadOnly, WindowClosed, NewerMessage,
    IdentityUnverified, NotReferable or what `drafts.prepare` and `drafts.enclose` raise.
    """
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
    if sum(target is not None for target in (conversation_id, contact_id, to)) != 1:
        raise Unprocessable("a message goes to exactly one of conversation, contact and phone number")
    digits = None if to is None else phone.parse(to, region=office.settings.office.region)
    parts = drafts.prepare_parts(draft) if manner.in_parts else (drafts.prepare(draft),)
    others = tuple(drafts.prepare(each) for each in more)
    arguments = msgspec.json.encode((conversation_id, contact_id, digits, parts, others))
    request = _Request(
        parts=parts,
        more=others,
        conversation_id=conversation_id,
        contact_id=contact_id,
        phone=digits,
        key=key,
        body_hash=body_hash or hashlib.sha256(arguments).digest(),
        manner=manner,
        clearance=clearance,
    )
    now = office.clock.now()
    queued = await office.database.write(lambda tx: _queue(tx, office, actor, request, now))
    tell(office, queued)
    return queued


# The same choices as above, less what only a request has.
def queue_within(
    tx: Transaction,
    office: Office,
    actor: Actor,
    draft: Draft,
    *,
    conversation_id: ConversationId,
    now: datetime,
    manner: Manner = AT_ONCE,
    clearance: Clearance | None = None,
) -> Queued:
    """Queue a message as part of a larger transaction; when that has committed, its caller calls `tell`.

    Nothing here is idempotent: the caller's own row is. Raises what `queue` raises, but KeyReused.
    """
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
    conversation = _open_for_writing(tx, office, conversation_id)
    return _add(tx, actor, conversation, drafts.prepare(draft), manner=manner, clearance=clearance, now=now)


def tell(office: Office, queued: Queued) -> None:
    """Wake the sender and the pages up, once a message is on the disk."""
    if not queued.repeated:
        office.broker.ring(Topic.OUTGOING, queued.message_id)
        office.broker.announce(Change("conversation", queued.conversation_id))


async def find_repeated(office: Office, actor: Actor, *, key: str, body_hash: bytes) -> Queued | None:
    """Return what the same request has made already, None if it is new; raises KeyReused."""
    since = office.clock.now() - KEY_LIFETIME
    return await office.database.read(lambda tx: _find_repeated(tx, actor, key, body_hash, since))


async def get_message(office: Office, actor: Actor, message_id: MessageId) -> Message:
    """Return a message with its status and every status event; raises NotAllowed or NotFound."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    return await office.database.read(lambda tx: messages.get(tx, message_id))


def _queue(tx: Transaction, office: Office, actor: Actor, request: _Request, now: datetime) -> Queued:
    # First of all: a repeated request gets the first answer, even if the window has closed since.
    if request.key is not None:
        repeated = _find_repeated(tx, actor, request.key, request.body_hash, now - KEY_LIFETIME)
        if repeated is not None:
            return repeated
    conversation = _conversation(tx, office, request)
    queued = _add_parts(tx, actor, conversation, request, now)
    if request.key is not None:
        outbox.forget_idempotent(tx, before=now - KEY_LIFETIME)
        outbox.add_idempotent(
            tx, _scope(actor), request.key, body_hash=request.body_hash, message_id=queued.message_id, now=now
        )
    return queued


def _find_repeated(tx: Transaction, actor: Actor, key: str, body_hash: bytes, since: datetime) -> Queued | None:
    known = outbox.find_idempotent(tx, _scope(actor), key, since=since)
    if known is None:
        return None
    if known.body_hash != body_hash:
        raise KeyReused("this key was used with another body")
    further = outbox.list_further(tx, known.message_id)
    return Queued(known.message_id, known.conversation_id, repeated=True, further=further)


def _scope(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"


def _add_parts(tx: Transaction, actor: Actor, conversation: Conversation, request: _Request, now: datetime) -> Queued:
    first, *others = request.parts
    manner, clearance = request.manner, request.clearance
    queued = _add(tx, actor, conversation, first, manner=manner, clearance=clearance, now=now)
    further = tuple(
        _add(
            tx,
            actor,
            conversation,
            part,
            manner=manner,
            clearance=clearance,
            now=now,
            behind=Behind(queued.message_id, is_part=True),
        ).message_id
        for part in others
    )
    besides = tuple(
        _add(
            tx,
            actor,
            conversation,
            draft,
            manner=manner,
            clearance=clearance,
            now=now,
            behind=Behind(queued.message_id),
        ).message_id
        for draft in request.more
    )
    return queued._replace(further=(*further, *besides))


def _add(
    tx: Transaction,
    actor: Actor,
    conversation: Conversation,
    draft: Draft,
    *,
    manner: Manner,
    clearance: Clearance | None,
    now: datetime,
    behind: Behind | None = None,
) -> Queued:
    draft, file = drafts.enclose(tx, actor, draft, conversation.id)
    if not window.allows(draft.kind, conversation.window_opened_at, now=now):
        raise WindowClosed("the person has not written in the last 24 hours")
    if manner.seen is not None and messages.has_newer(tx, conversation.id, seen=manner.seen):
        raise NewerMessage("the person has written something newer")
    assert conversation.contact_id is not None, "groups are read-only"
    through = identities.require_clear(tx, actor, conversation.contact_id, clearance, now)
    tied = drafts.tie(tx, draft, conversation.id, now=now)
    row = OutboundRow(
        conversation_id=conversation.id,
        number_id=conversation.number_id,
        text=draft.text,
        author=actor,
        quoted_wamid=tied.quoted_wamid,
        undo_until=now + manner.undo if manner.undo else None,
        kind=draft.kind,
        content=tied.content,
        part_of=behind.first if behind and behind.is_part else None,
        queued_with=behind.first if behind else None,
    )
    message_id = outbox.add_outbound(tx, row, now=now)
    conversations.record_outbound(tx, conversation.id, message_id=message_id, now=now)
    if file is not None:
        enclosures.attach(tx, file, message_id, now=now)
    acts.add(tx, actor, "replied", subject_kind="message", subject_id=message_id, now=now)
    if through is not None:
        identities.let_go(tx, actor, message_id, through=through, now=now)
    return Queued(message_id, conversation.id, repeated=False)


def _conversation(tx: Transaction, office: Office, request: _Request) -> Conversation:
    """Return the conversation that may be answered; nobody becomes a contact by being written to."""
    if request.conversation_id is not None:
        return _open_for_writing(tx, office, request.conversation_id)
    return _thread(tx, office, request.contact_id, request.phone)


def _thread(tx: Transaction, office: Office, contact_id: ContactId | None, digits: str | None) -> Conversation:
    number_id = numbers.find(tx, office.settings.whatsapp.phone_number_id)
    person_id = _contact(tx, contact_id, digits)
    known = number_id and outbox.find_conversation(tx, number_id, contact_id=person_id)
    if not known:
        raise WindowClosed("the person has never written to this number")
    return conversations.get(tx, known)


def _open_for_writing(tx: Transaction, office: Office, conversation_id: ConversationId) -> Conversation:
    conversation = conversations.get_whole(tx, conversation_id)
    number_id = numbers.find(tx, office.settings.whatsapp.phone_number_id)
    if conversation.group_id is not None or conversation.number_id != number_id:
        raise ConversationReadOnly("this is a group, or a number that is no longer ours")
    return conversation


def _contact(tx: Transaction, contact_id: ContactId | None, digits: str | None) -> ContactId:
    if digits is not None:
        person = contacts.find_by_identity(tx, Person(phone=digits))
        if person is None:
            raise WindowClosed("nobody with this number has ever written")
        return person.id
    if contact_id is None:
        raise NotFound("no such contact")
    return contacts.get(tx, contact_id).id
