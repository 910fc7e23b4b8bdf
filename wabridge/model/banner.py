"""What every inbox page says on top until it is put right."""

from datetime import datetime
from typing import Literal

import msgspec

BannerKind = Literal[
    "sandbox",
    "signatures_refused",
    "sending_paused",
    "sending_stopped",
    "quarantined",
    "storage_failing",
    "held_messages",
    "failed",
    "own_failed",
    "notice_worry",
    "possible_match",
    "identity_changed",
    "history_declined",
    "webhooks_late",
    "foreign_messages",
    "account_restricted",
    "account_disabled",
    "account_deleted",
    "account_disconnected",
    "account_not_approved",
    "quality_low",
    "name_rejected",
    "payment_problem",
    "security_event",
    "delivery_lost",
    "account_error",
    "account_violation",
    "account_alert",
    "account_alert_grave",
    "limit_lowered",
    "template_rejected",
    "template_paused",
    "template_disabled",
    "template_trouble",
    "disk_nearly_full",
    "media_expiring",
    "media_failed",
]
Severity = Literal["info", "warning", "danger"]


class Banner(msgspec.Struct, frozen=True, kw_only=True):
    """One standing remark.

    kind chooses the words; count, since and name (of a person) fill them in; detail is Meta's or the system's own word.
    until: when it ends by itself, if that is known.
    """

    kind: BannerKind
    severity: Severity
    count: int = 0
    since: datetime | None = None
    until: datetime | None = None
    detail: str = ""
    conversation_id: int | None = None
    name: str = ""
