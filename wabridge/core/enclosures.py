"""Files that people and programs hand in to be sent: taken in piece by piece, looked into, kept for one person.

Rule: a file is meant for one person from its first byte on. It lies under that person's key, and it cannot go to
anybody else by mistake. Nobody becomes a contact by it: for a number that nobody here knows it lies under a key of its
own.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import NamedTuple

from wabridge.core.office import Office
from wabridge.errors import ConversationReadOnly, EnclosureGone, FileTooLarge, FileUnfit, NotAllowed
from wabridge.model import phone, sendable
from wabridge.model.enclosure import LIFETIME, Addressee, Enclosure
from wabridge.model.event import Person
from wabridge.model.ids import ContactId, ConversationId, EnclosureId, MessageId
from wabridge.model.media import Kept
from wabridge.model.staff import Actor
from wabridge.model.upload import Upload
from wabridge.storage import contacts, conversations, enclosures, uploads
from wabridge.storage.database import Transaction
from wabridge.storage.enclosures import NewEnclosure

log = logging.getLogger(__name__)


class _Person(NamedTuple):
    """Whom a file is for. contact_id: None if nobody here knows the number."""

    addressee: Addressee
    contact_id: ContactId | None


async def hand_in(
    office: Office,
    actor: Actor,
    addressee: Addressee,
    *,
    name: str | None,
    pieces: AsyncIterator[bytes],
    largest_bytes: int = sendable.LARGEST_BYTES,
) -> Enclosure:
    """Take a file in for one person; when this returns, it is on the disk and can be sent.

    addressee: a phone number in any spelling. pieces may raise; then nothing is left of the file. Raises NotAllowed,
    NotFound, ConversationReadOnly, PhoneUnreadable, FileUnfit, FileTooLarge or StorageUnavailable.
    """
    _require_reply(actor)
    if addressee.phone is not None:
        digits = phone.parse(addressee.phone, region=office.settings.office.region)
        addressee = addressee._replace(phone=digits)
    found_person = await office.database.read(lambda tx: _find_person(tx, addressee))
    key = f"contact/{found_person.contact_id}" if found_person.contact_id else f"newcomer/{secrets.token_hex(16)}"
    kept, sha256 = await keep(office, key, pieces, largest_bytes=largest_bytes, name=name)
    is_needed = False
    try:
        read = partial(office.vault.read_part, kept)
        found = await asyncio.to_thread(_examine, kept.size, read, name)
        new = NewEnclosure(found_person.addressee, found, sendable.sent_name(name, found), kept, sha256)
        added, outdated = await office.database.write(lambda tx: _add(tx, office, actor, new))
        is_needed = True
    finally:
        if not is_needed:
            await asyncio.shield(asyncio.to_thread(office.vault.delete, [kept.name]))
    await asyncio.to_thread(office.vault.delete, outdated)
    return added


async def key_of(office: Office, conversation_id: ConversationId) -> str:
    """Return under whose key the files of a conversation lie; raises NotFound or ConversationReadOnly."""
    addressee = Addressee(conversation_id=conversation_id)
    return f"contact/{(await office.database.read(lambda tx: _find_person(tx, addressee))).contact_id}"


async def keep(
    office: Office,
    key: str,
    pieces: AsyncIterator[bytes],
    *,
    name: str | None,
    largest_bytes: int = sendable.LARGEST_BYTES,
) -> tuple[Kept, str]:
    """Bring a file into the vault as it comes, and return where it lies and its checksum; its row is the caller's."""
    async with office.vault.write(key) as writer:
        async for piece in pieces:
            if writer.size + len(piece) > largest_bytes:
                raise FileTooLarge("too_large", limit_bytes=largest_bytes, name=name or "")
            await writer.write(piece)
        kept = await writer.finish()
        return kept, writer.sha256


async def list_waiting(office: Office, actor: Actor, conversation_id: ConversationId) -> tuple[Enclosure, ...]:
    """Return what somebody handed in for a conversation and has not sent yet, oldest first."""
    return await office.database.read(
        lambda tx: enclosures.list_of(tx, actor, conversations.list_parts(tx, conversation_id))
    )


async def get(office: Office, actor: Actor, enclosure_id: EnclosureId) -> Enclosure:
    """Return a file that one has handed in and not sent yet; raises NotAllowed or EnclosureGone."""
    _require_reply(actor)
    return await office.database.read(lambda tx: get_own(tx, actor, enclosure_id))


async def take_back(office: Office, actor: Actor, enclosure_id: EnclosureId) -> Enclosure:
    """Remove a file that one has handed in and not sent yet; raises NotAllowed or EnclosureGone."""
    _require_reply(actor)

    def remove(tx: Transaction) -> Enclosure:
        found = get_own(tx, actor, enclosure_id)
        enclosures.delete(tx, found.id)
        return found

    removed = await office.database.write(remove)
    await asyncio.to_thread(office.vault.delete, [removed.kept.name])
    return removed


async def list_uploads(office: Office, actor: Actor, message_id: MessageId) -> tuple[Upload, ...]:
    """Return how the file of a message was handed over to WhatsApp, oldest first; raises NotAllowed."""
    if not actor.may("read"):
        raise NotAllowed("reading is not among this actor's rights")
    return await office.database.read(lambda tx: uploads.list_for(tx, [message_id]).get(message_id, ()))


def use_up(tx: Transaction, actor: Actor, enclosure_id: EnclosureId) -> str:
    """Take a file's row away because something else has its bytes now; return what to delete once that is stored."""
    found = get_own(tx, actor, enclosure_id)
    enclosures.delete(tx, found.id)
    return found.kept.name


def get_own(tx: Transaction, actor: Actor, enclosure_id: EnclosureId) -> Enclosure:
    """Return a file that somebody has handed in and not sent yet; raises EnclosureGone, also if somebody else has."""
    found = enclosures.find(tx, enclosure_id)
    if found is None or (found.actor_kind, found.actor_id) != (actor.kind, actor.id):
        raise EnclosureGone("no such file: it was sent, taken back, or handed in more than a day ago")
    return found


def get_for(tx: Transaction, actor: Actor, enclosure_id: EnclosureId, conversation_id: ConversationId) -> Enclosure:
    """Return what somebody has handed in for the person of a conversation; raises EnclosureGone, also for another."""
    found = get_own(tx, actor, enclosure_id)
    if found.addressee.conversation_id is not None:
        is_theirs = found.addressee.conversation_id in conversations.list_parts(tx, conversation_id)
    else:
        contact_id = _find_person(tx, found.addressee).contact_id
        is_theirs = contact_id is not None and contact_id == conversations.get_whole(tx, conversation_id).contact_id
    if not is_theirs:
        raise EnclosureGone("this file was handed in for another person")
    return found


def _examine(size: int, read: sendable.Read, name: str | None) -> sendable.Sendable:
    try:
        return sendable.examine(size, read, name=name)
    except FileUnfit as unfit:
        unfit.name = name or ""
        raise


def _add(tx: Transaction, office: Office, actor: Actor, new: NewEnclosure) -> tuple[Enclosure, Sequence[str]]:
    now = office.clock.now()
    outdated = enclosures.delete_old(tx, before=now - LIFETIME)
    added = enclosures.find(tx, enclosures.add(tx, actor, new, now=now))
    assert added is not None, "it was just added"
    return added, outdated


def _find_person(tx: Transaction, addressee: Addressee) -> _Person:
    """Return whom a file is for, as they are known here now."""
    if addressee.conversation_id is not None:
        thread = conversations.get_whole(tx, addressee.conversation_id)
        if thread.contact_id is None:
            raise ConversationReadOnly("this is a group")
        return _Person(Addressee(conversation_id=thread.id), thread.contact_id)
    if addressee.contact_id is not None:
        contact_id = contacts.get(tx, addressee.contact_id).id
    else:
        known = contacts.find_by_identity(tx, Person(phone=addressee.phone))
        if known is None:
            return _Person(addressee, None)
        contact_id = contacts.find_whole(tx, known.id)
    return _Person(Addressee(contact_id=contact_id), contact_id)


def _require_reply(actor: Actor) -> None:
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
