"""Keeps what Meta says about the account: the news itself, what holds since, and what every page must say."""

from datetime import datetime

from wabridge.model import account, window
from wabridge.model.account import News, NewsKind, Told
from wabridge.model.banner import BannerKind
from wabridge.model.ids import EventId
from wabridge.storage import account as stored_account
from wabridge.storage import instants, notifications
from wabridge.storage.account import NewNews
from wabridge.storage.database import Transaction

_SETTLED_BY: dict[NewsKind, NewsKind] = {"payment_problem": "payment_settled"}
"""Troubles that raise no remark once newer news has said that they are over."""

_TAKES_DOWN: dict[NewsKind, BannerKind] = {"payment_settled": "payment_problem"}
"""What takes a remark down, as if somebody had seen it."""


def keep(
    tx: Transaction, event_id: EventId, news: News, *, reported_at: int | None, arrived_at: datetime, now: datetime
) -> bool:
    """Store news and say whether staff should know of it at once; the same event again changes nothing.

    reported_at: Unix seconds by Meta's clock.
    """
    said_at = instants.from_seconds(reported_at)
    at = window.message_time(sent_at=said_at, arrived_at=arrived_at).at
    remark = None if _is_settled(tx, news, at) else account.KINDS[news.kind].until_seen
    told = stored_account.add(tx, NewNews(event_id, news, remark, at, said_at, arrived_at))
    if told is None:
        return False
    is_newest = _set_present(tx, told)
    if remark is not None:
        notifications.add(tx, remark, event_id=event_id, now=now)
    if is_newest and news.kind in _TAKES_DOWN:
        notifications.set_seen(tx, _TAKES_DOWN[news.kind], staff_id=None, now=now)
    return remark is not None or account.KINDS[news.kind].severity != "info"


def _is_settled(tx: Transaction, news: News, at: datetime) -> bool:
    end = _SETTLED_BY.get(news.kind)
    known = stored_account.list_present(tx, account.topics(news)) if end else {}
    return any(told.news.kind == end and told.at > at for told in known.values())


def _set_present(tx: Transaction, told: Told) -> bool:
    """Let news hold where it is the newest, and say whether it is anywhere."""
    topics = account.topics(told.news)
    known = stored_account.list_present(tx, topics)
    won = [topic for topic in topics if topic not in known or account.newest([known[topic], told])[topic] is told]
    for topic in won:
        stored_account.set_present(tx, topic, told)
    return bool(won)
