"""What happens between people and the office beside messages: calls, words about advertising, changes of groups.

Each is filed as a line of its conversation by `filing`; here stands what is special about it.
"""

from wabridge.model import account, call, content, window
from wabridge.model.account import News
from wabridge.model.content import Call, GroupChange, Preference
from wabridge.model.event import Echo, InboundMessage
from wabridge.model.ids import ContactId, NumberId
from wabridge.model.window import MessageTime
from wabridge.storage import account as stored_account
from wabridge.storage import calls, conversations, groups, marketing
from wabridge.storage.account import NewNews
from wabridge.storage.database import Transaction
from wabridge.storage.events import StoredEvent
from wabridge.storage.messages import Content, InboundRow, KnownMessage

_CALL = "call"
_SILENT = frozenset({"preference", "group_change"})


def opens_window(message: InboundMessage | Echo) -> bool:
    """Say whether what has come opens the customer service window."""
    if message.group_id is not None:
        return False
    if message.type == _CALL:
        return window.CALLS_OPEN and call.is_from_outside(message.content)
    return window.opens(message.type)


def is_silent(row: InboundRow) -> bool:
    """Say whether a happening asks for nobody's attention: words about advertising, and calls the office made."""
    course = _course(row.content)
    return row.content.kind in _SILENT or (course is not None and not call.is_from_outside(course))


def is_call(known: KnownMessage, row: InboundRow) -> bool:
    """Say whether both are pieces of one call."""
    return _course(known.content) is not None and _course(row.content) is not None


def merge_call(tx: Transaction, known: KnownMessage, row: InboundRow) -> bool | None:
    """Let a call say what came about it now as well; None if nothing is new, else whether it opens the window."""
    earlier, later = _course(known.content), _course(row.content)
    merged = call.merge(earlier, later) if earlier and later else None
    if merged is None or merged == earlier:
        return None
    calls.set_course(tx, known.id, merged, began_at=row.time.at)
    return window.CALLS_OPEN and call.is_from_outside(merged)


def _course(stored: Content) -> content.Content | None:
    """Return what is known of a call, None if it is no call."""
    if stored.kind != _CALL or stored.content is None:
        return None
    known = content.decode(stored.content)
    return known if isinstance(known.body, Call) else None


def keep_choice(
    tx: Transaction, contact_id: ContactId, message: InboundMessage | Echo, stored: StoredEvent, time: MessageTime
) -> None:
    """Keep what a person wants of advertising messages, if that is what has come."""
    body = None if message.content is None else message.content.body
    if isinstance(body, Preference):
        marketing.set_choice(tx, contact_id, body.word, said_at=time.at, event_id=stored.id)


def keep_group_news(
    tx: Transaction, number_id: NumberId, message: InboundMessage | Echo, stored: StoredEvent, time: MessageTime
) -> bool:
    """Keep a change of a group that has no conversation here as news about the account; False if it has one.

    What the group is called from now on is kept in either case.
    """
    body = None if message.content is None else message.content.body
    if message.group_id is None or not isinstance(body, GroupChange):
        return False
    if body.subject is not None:
        groups.set_subject(tx, number_id, message.group_id, body.subject, said_at=time.at, event_id=stored.id)
    if conversations.find_group(tx, number_id, message.group_id) is not None:
        return False
    fields = (*body.fields, *content.error_fields(message.content))
    news = News(kind="group", word=body.word or "", about=message.group_id, fields=fields)
    reported_at = None if time.is_doubtful else time.at
    remark = account.KINDS[news.kind].until_seen
    stored_account.add(tx, NewNews(stored.id, news, remark, time.at, reported_at, stored.arrived_at))
    return True
