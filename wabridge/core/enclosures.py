"""Files that people and programs hand in to be sent: taken in piece by piece, looked into, kept for one person.

Rule: a file is meant for one conversation from its first byte on. It lies under that person's key, and it cannot go to
anybody else by mistake.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from functools import partial

from wabridge.core.office import Office
from wabridge.errors import ConversationReadOnly, EnclosureGone, FileTooLarge, FileUnfit, NotAllowed
from wabridge.model import sendable
from wabridge.model.enclosure import LIFETIME, Enclosure
from wabridge.model.ids import ConversationId, EnclosureId
from wabridge.model.media import Kept
from wabridge.model.staff import Actor
from wabridge.storage import conversations, enclosures
from wabridge.storage.conversations import Conversation
from wabridge.storage.database import Transaction
from wabridge.storage.enclosures import NewEnclosure

log = logging.getLogger(__name__)


async def hand_in(
    office: Office,
    actor: Actor,
    conversation_id: ConversationId,
    *,
    name: str | None,
    pieces: AsyncIterator[bytes],
    largest_bytes: int = sendable.LARGEST_BYTES,
) -> Enclosure:
    """Take a file in for one conversation; when this returns, it is on the disk and can be sent.

    pieces may raise; then nothing is left of the file. Raises NotAllowed, NotFound, ConversationReadOnly, FileUnfit,
    FileTooLarge or StorageUnavailable.
    """
    _require_reply(actor)
    thread = await office.database.read(lambda tx: _thread(tx, conversation_id))
    key = f"contact/{thread.contact_id}"
    kept, sha256 = await _keep(office, key, pieces, largest_bytes=largest_bytes, name=name)
    is_needed = False
    try:
        read = partial(office.vault.read_part, kept)
        found = await asyncio.to_thread(_examine, kept.size, read, name)
        new = NewEnclosure(thread.id, found, sendable.sent_name(name, found), kept, sha256)
        added, outdated = await office.database.write(lambda tx: _add(tx, office, actor, new))
        is_needed = True
    finally:
        if not is_needed:
            await asyncio.shield(asyncio.to_thread(office.vault.delete, [kept.name]))
    await asyncio.to_thread(office.vault.delete, outdated)
    return added


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


def get_own(tx: Transaction, actor: Actor, enclosure_id: EnclosureId) -> Enclosure:
    """Return a file that somebody has handed in and not sent yet; raises EnclosureGone, also if somebody else has."""
    found = enclosures.find(tx, enclosure_id)
    if found is None or (found.actor_kind, found.actor_id) != (actor.kind, actor.id):
        raise EnclosureGone("no such file: it was sent, taken back, or handed in more than a day ago")
    return found


async def _keep(
    office: Office, key: str, pieces: AsyncIterator[bytes], *, largest_bytes: int, name: str | None
) -> tuple[Kept, str]:
    async with office.vault.write(key) as writer:
        async for piece in pieces:
            if writer.size + len(piece) > largest_bytes:
                raise FileTooLarge("too_large", limit_bytes=largest_bytes, name=name or "")
            await writer.write(piece)
        kept = await writer.finish()
        return kept, writer.sha256


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


def _thread(tx: Transaction, conversation_id: ConversationId) -> Conversation:
    thread = conversations.get_whole(tx, conversation_id)
    if thread.contact_id is None:
        raise ConversationReadOnly("this is a group")
    return thread


def _require_reply(actor: Actor) -> None:
    if not actor.may("reply"):
        raise NotAllowed("replying is not among this actor's rights")
