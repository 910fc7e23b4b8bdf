"""Legal notices as people read them: one with everything that happened to it, lists by place, all of them."""

from typing import NamedTuple

from wabridge.core.notices import require
from wabridge.core.office import Office
from wabridge.model.ids import ConversationId, MessageId, NoticeId
from wabridge.model.notice import Notice
from wabridge.model.notice_level import BUCKETS, Bucket, stand
from wabridge.model.page import Page
from wabridge.model.staff import Actor
from wabridge.storage import notice_events, notices
from wabridge.storage.database import Transaction
from wabridge.storage.notice_events import About

_OPEN = 2_000
"""So many notices of which something is awaited are read at most; an office has a few dozen."""


class Overview(NamedTuple):
    """The notices of one place on the list, and how many there are in each."""

    counts: dict[Bucket, int]
    shown: tuple[Notice, ...]
    cursor: int | None = None


async def get(office: Office, actor: Actor, notice_id: NoticeId) -> Notice:
    """Return a notice with everything that happened to it; raises NotAllowed or NotFound."""
    require(actor, "read")
    return await office.database.read(lambda tx: notices.get(tx, notice_id))


async def list_in(office: Office, actor: Actor, conversation_id: ConversationId) -> list[Notice]:
    """Return the notices of a conversation, newest first; raises NotAllowed."""
    require(actor, "read")
    return await office.database.read(lambda tx: notices.list_in(tx, conversation_id))


async def overview(office: Office, actor: Actor, bucket: Bucket, *, before: int | None = None, limit: int) -> Overview:
    """Return the notices of one place on the list; raises NotAllowed. before: of those that are over, the last seen."""
    require(actor, "read")

    def look(tx: Transaction) -> Overview:
        waiting = notices.list_open(tx, limit=_OPEN)
        placed: dict[Bucket, list[Notice]] = {each: [] for each in BUCKETS}
        for found in waiting:
            placed[stand(found).bucket].append(found)
        counts = {each: len(there) for each, there in placed.items()} | {"done": notices.count_over(tx)}
        if bucket != "done":
            return Overview(counts, tuple(placed[bucket][:limit]))
        over = notices.list_over(tx, before=notices.NEWEST if before is None else before, limit=limit + 1)
        return Overview(counts, tuple(over[:limit]), over[limit - 1].id if len(over) > limit else None)

    return await office.database.read(look)


async def list_page(office: Office, actor: Actor, *, limit: int, cursor: str | None = None) -> Page[Notice]:
    """Return all notices, newest first; raises NotAllowed."""
    require(actor, "read")
    before = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 19 else notices.NEWEST
    found = await office.database.read(lambda tx: notices.list_page(tx, before=before, limit=limit + 1))
    return Page(tuple(found[:limit]), str(found[limit - 1].id) if len(found) > limit else None)


def list_needing(tx: Transaction) -> list[tuple[Notice, Bucket]]:
    """Return the notices about which somebody has to do something, as part of a larger look."""
    placed = [(found, stand(found).bucket) for found in notices.list_open(tx, limit=_OPEN)]
    return [(found, bucket) for found, bucket in placed if bucket in ("disputed", "overdue")]


async def list_about(office: Office, actor: Actor, message_ids: list[MessageId]) -> dict[MessageId, About]:
    """Return which of these messages have to do with a notice; raises NotAllowed."""
    require(actor, "read")
    return await office.database.read(lambda tx: notice_events.list_about(tx, message_ids))
