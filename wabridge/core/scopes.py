"""What the scope of an export holds: which messages, which notices, and how much of it there is."""

from collections.abc import Iterable
from typing import NamedTuple

from wabridge.errors import NotFound
from wabridge.model.export import Extent, Scope
from wabridge.model.ids import ConversationId, MessageId, NoticeId
from wabridge.model.notice import Notice
from wabridge.storage import conversations, exhibits, extents, notices
from wabridge.storage.database import Transaction


class Contents(NamedTuple):
    """What a scope holds. main: the messages it is about; the others are shown around them.

    runs: the conversations whose numbers in the ledger are shown without a hole. unsent: how many notices are left out
    because nothing of them ever went; a draft is the office's own until it is asked for by its number. outside: how
    many notices of a matter lie outside the period.
    """

    message_ids: tuple[MessageId, ...]
    main: frozenset[MessageId]
    notices: tuple[Notice, ...]
    runs: tuple[ConversationId, ...]
    unsent: int = 0
    outside: int = 0


def read(tx: Transaction, scope: Scope) -> Contents:
    """Return what a scope holds; raises NotFound."""
    if scope.kind == "message" and scope.message_id is not None:
        own = extents.find_shown(tx, scope.message_id)
        if own is None:
            raise NotFound("no such message")
        about = tuple(notices.get_many(tx, _notices_of(tx, [own])))
        ids = {own, *(message_id for notice in about for message_id in _messages_of(notice))}
        ordered = tuple(row.id for row in exhibits.list_messages(tx, ids))  # half a notice would say something else
        return Contents(ordered, frozenset({own}), about, ())
    if scope.kind == "notice" and scope.notice_id is not None:
        return _of_notices(tx, [notices.get(tx, scope.notice_id)])
    if scope.kind == "conversation" and scope.conversation_id is not None:
        whole = conversations.get_whole(tx, scope.conversation_id).id
        return _of_conversation(tx, scope, whole)
    if scope.kind == "matter" and scope.matter:
        return _of_matter(tx, scope)
    raise NotFound("nothing to export")


def measure(tx: Transaction, scope: Scope) -> Extent:
    """Return how much a scope holds, before anybody has asked for it; raises NotFound."""
    held = read(tx, scope)
    rows = extents.count_messages(tx, held.message_ids)
    files = extents.count_files(tx, held.message_ids)
    shared = extents.count_shared(tx, held.message_ids)
    around = extents.count_around(tx, held.runs, from_at=scope.from_at, until_at=scope.until_at)
    beside = 0 if held.runs else extents.count_beside(tx, held.message_ids)
    return Extent(
        messages=len(held.message_ids),
        inbound=rows.inbound,
        outbound=rows.outbound,
        files=files.files,
        files_missing=files.missing,
        shared=shared,
        before=around.earlier,
        after=around.later,
        beside=beside,
        unsent=held.unsent,
        outside=held.outside,
    )


def _of_notices(tx: Transaction, about: Iterable[Notice]) -> Contents:
    """Return notices with the messages that carry, remind, thank and answer."""
    found = tuple(about)
    ids = {message_id for notice in found for message_id in _messages_of(notice)}
    ordered = tuple(row.id for row in exhibits.list_messages(tx, ids))
    main = frozenset(carrier.message_id for notice in found for carrier in notice.sent)
    return Contents(ordered, main, found, ())


def _of_matter(tx: Transaction, scope: Scope) -> Contents:
    """Return the notices of a matter with their messages: nothing else that was written is known to belong to it."""
    about = notices.list_of_matter(tx, scope.matter)
    if not about:
        raise NotFound("no notice of this matter")
    ids = {message_id for notice in about for message_id in _messages_of(notice)}
    inside = {row.id for row in exhibits.list_messages(tx, ids) if scope.holds(row.written_at)}
    # A notice that the period cuts through is told whole: half of it would say something else.
    told = _of_notices(tx, [each for each in about if inside & set(_messages_of(each))])
    unsent = sum(not _messages_of(each) for each in about)
    return told._replace(unsent=unsent, outside=len(about) - unsent - len(told.notices))


def _of_conversation(tx: Transaction, scope: Scope, conversation_id: ConversationId) -> Contents:
    whole = extents.list_conversations(tx, [conversation_id])
    inside = extents.list_in_period(tx, whole, from_at=scope.from_at, until_at=scope.until_at)
    held = set(inside)
    # A notice that the period cuts through is told whole, as above.
    found = notices.list_in(tx, conversation_id)
    shown = tuple(each for each in found if held & set(_messages_of(each)))
    more = {message_id for notice in shown for message_id in _messages_of(notice)} - held
    ordered = [row.id for row in exhibits.list_messages(tx, held | more)] if more else inside
    main = frozenset(carrier.message_id for notice in shown for carrier in notice.sent)
    return Contents(tuple(ordered), main, shown, tuple(whole), sum(not _messages_of(each) for each in found))


def _messages_of(notice: Notice) -> list[MessageId]:
    carried = [carrier.message_id for carrier in notice.carriers]
    return [*carried, *(event.message_id for event in notice.events if event.message_id is not None)]


def _notices_of(tx: Transaction, message_ids: Iterable[MessageId]) -> list[NoticeId]:
    return extents.list_notices(tx, message_ids)
