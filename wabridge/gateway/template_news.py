"""Lets a webhook about a template take effect at once, and has the list fetched: it alone shows the whole template."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from wabridge.model import window
from wabridge.model.template import paused_until
from wabridge.storage import instants, template_syncs, templates
from wabridge.storage.database import Transaction
from wabridge.whatsapp import template_news


class Told(NamedTuple):
    """An event about the account. reported_at: Unix seconds by Meta's clock."""

    field: str
    value: Any
    reported_at: int | None
    arrived_at: datetime


def apply(tx: Transaction, account_id: str, told: Told, *, now: datetime) -> bool:
    """Note what an event changes with a template; False if it is about none."""
    change = template_news.read(told.field, told.value)
    if change is None or not account_id:
        return False
    template_syncs.ask(tx, account_id, now=now)
    template_id = templates.find_named(
        tx, account_id, meta_id=change.meta_id, name=change.name, language=change.language
    )
    if template_id is None:
        return True
    if change.status:
        said_at = window.message_time(sent_at=instants.from_seconds(told.reported_at), arrived_at=told.arrived_at).at
        # Meta gives whole seconds: a list that was asked for in the same one may be older than this word.
        at = min(said_at + timedelta(seconds=1), told.arrived_at)
        templates.set_status(
            tx,
            template_id,
            change.status,
            reason=change.reason,
            said=change.said,
            paused_until=paused_until(change.title, at) if change.status == "paused" else None,
            at=at,
        )
    if change.category:
        templates.set_category(tx, template_id, change.category)
    if change.quality:
        templates.set_quality(tx, template_id, change.quality)
    return True
